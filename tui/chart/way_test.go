package chart

import (
	"bytes"
	"math"
	"testing"

	"pgregory.net/rapid"

	"ravine/tui/screen"
)

// TestWay draws ways of small and large steps, now and then out of the plot and
// not a number. Where all are in the plot, its dots are those of a line between
// any two neighbours.
func TestWay(t *testing.T) {
	inside, moved := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		area := screen.Area{Width: rapid.IntRange(1, 60).Draw(t, "width"), Height: rapid.IntRange(1, 20).Draw(t, "height")}
		plot := NewPlot(area, Range{-3, 5}, Range{10, 11})
		lines, ways := plot.Series(screen.Style{}, 0), plot.Series(screen.Style{}, 0)
		way := NewWay(ways, math.Inf(1))
		size := math.Pow(10, rapid.Float64Range(-4, 0).Draw(t, "log10 of a step"))
		x, y, all := 1.0, 10.5, true
		lastX, lastY := x, y
		for range rapid.IntRange(1, 100).Draw(t, "points") {
			way.Add(x, y)
			lines.Line(x, y, lastX, lastY)
			all = all && plot.shows(x, y)
			lastX, lastY = x, y
			x += 8 * size * rapid.Float64Range(-1, 1).Draw(t, "dx")
			y += size * rapid.Float64Range(-1, 1).Draw(t, "dy")
		}
		if all {
			inside++
			if !bytes.Equal(lines.dots, ways.dots) {
				t.Fatalf("the way has the dots\n%v\nwhere lines have\n%v", ways.dots, lines.dots)
			}
			if bytes.ContainsFunc(ways.dots, func(r rune) bool { return r != 0 }) {
				moved++
			}
		}
		way.Add(math.NaN(), y)
		way.Add(math.Inf(1), math.Inf(-1))
		way.Add(x, y)
	})
	if inside < 20 || moved < 20 {
		t.Errorf("%d ways were inside of the plot, %d of them seen", inside, moved)
	}
}

// TestWayEndsInDots draws to and fro: after so many sides there are no lines.
func TestWayEndsInDots(t *testing.T) {
	for _, test := range []struct {
		joined float64
		want   string
	}{
		{0.5, "⡋⠉⠉⠉⠉⠉⠉⠉⠉⢉"}, // a line, and three dots
		{1.5, "⡋⠉⠉⠉⠉⠉⠉⠉⠉⢹"},
		{2.5, "⣋⣉⣉⣉⣉⣉⣉⣉⣉⣹"},
		{3.5, "⣏⣉⣉⣉⣉⣉⣉⣉⣉⣹"},
	} {
		plot := NewPlot(screen.Area{Width: 10, Height: 1}, Range{0, 1}, Range{0, 1})
		way := NewWay(plot.Series(screen.Style{}, 0), test.joined)
		for _, point := range [][2]float64{{0, 1}, {1, 1}, {1, 0}, {0, 0}, {0, 0.6}} {
			way.Add(point[0], point[1])
		}
		grid := screen.New(10, 1)
		plot.Paint(grid)
		got := ""
		for column := range 10 {
			got += string(grid.Cell(column, 0).Rune)
		}
		if got != test.want {
			t.Errorf("joined for %v sides: %q, want %q", test.joined, got, test.want)
		}
	}
}

// TestWayLeavesFarLinesOut crosses the plot between points near it and far from it.
func TestWayLeavesFarLinesOut(t *testing.T) {
	for _, test := range []struct {
		from, to float64 // y
		drawn    bool
	}{{0.5, 9, true}, {-0.5, 1.5, true}, {-9, 1.5, true}, {-9, 9, false}} {
		plot := NewPlot(screen.Area{Width: 10, Height: 3}, Range{0, 1}, Range{0, 1})
		way := NewWay(plot.Series(screen.Style{}, 0), 8)
		way.Add(0.5, test.from)
		way.Add(0.5, test.to)
		if inside, _ := dotsOf(plot); (inside > 0) != test.drawn {
			t.Errorf("from %v to %v: drawn is %v", test.from, test.to, inside > 0)
		}
	}
}

// TestWayCountsWhatIsSeen goes far out of the plot and back between its points:
// that does not use up the length of the line.
func TestWayCountsWhatIsSeen(t *testing.T) {
	plot := NewPlot(screen.Area{Width: 10, Height: 2}, Range{0, 1}, Range{0, 1})
	way := NewWay(plot.Series(screen.Style{}, 0), 3)
	for range 20 {
		way.Add(50, 60)
		way.Add(-40, 70)
	}
	way.Add(0, 0)
	way.Add(1, 0)
	grid := screen.New(10, 2)
	plot.Paint(grid)
	if got := grid.Cell(5, 1).Rune; got == ' ' {
		t.Error("the line along the lower side is missing")
	}
}
