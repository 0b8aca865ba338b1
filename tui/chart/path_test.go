package chart

import (
	"bytes"
	"math"
	"math/bits"
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
		way := NewPath(ways, false)
		size := math.Pow(10, rapid.Float64Range(-4, 0).Draw(t, "log10 of a step"))
		x, y, all := 1.0, 10.5, true
		lastX, lastY := x, y
		for range rapid.IntRange(1, 100).Draw(t, "points") {
			way.Add(x, y, true)
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
		way.Add(math.NaN(), y, true)
		way.Add(math.Inf(1), math.Inf(-1), true)
		way.Add(x, y, true)
	})
	if inside < 20 || moved < 20 {
		t.Errorf("%d ways were inside of the plot, %d of them seen", inside, moved)
	}
}

// TestSparseWay draws to and fro, ever nearer to itself: where most cells are
// taken there are no lines, but every point has its dot.
func TestSparseWay(t *testing.T) {
	const rows = 20
	draw := func(sparse bool) (dots int, series *Series) {
		series = NewPlot(screen.Area{Width: 40, Height: rows}, Range{0, 1}, Range{0, 1}).Series(screen.Style{}, 0)
		way := NewPath(series, sparse)
		for i := range 400 {
			way.Add(float64(i)/400, float64(i%2), true)
		}
		return dotsIn(series), series
	}
	all, _ := draw(false)
	some, series := draw(true)
	if most := 2 * 40 * 4 * rows; all < most*9/10 || some < most/10 || some > most*6/10 {
		t.Errorf("%d dots, and sparsely %d, of %d", all, some, most)
	}
	for column := range 40 {
		for _, row := range []int{0, rows - 1} {
			if series.dots[row*40+column] == 0 {
				t.Errorf("no point at column %d, row %d", column, row)
			}
		}
	}
}

func dotsIn(series *Series) (count int) {
	for _, pattern := range series.dots {
		count += bits.OnesCount8(pattern)
	}
	return count
}

// TestWayOfUnknownSteps joins only points that are said to follow each other.
func TestWayOfUnknownSteps(t *testing.T) {
	for _, joined := range []bool{false, true} {
		plot := NewPlot(screen.Area{Width: 10, Height: 1}, Range{0, 1}, Range{0, 1})
		series := plot.Series(screen.Style{}, 0)
		way := NewPath(series, true)
		way.Add(0, 0, true)
		way.Add(1, 0, joined)
		if dots := dotsIn(series); joined != (dots == 20) || !joined && dots != 2 {
			t.Errorf("joined %v: %d dots", joined, dots)
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
		way := NewPath(plot.Series(screen.Style{}, 0), true)
		way.Add(0.5, test.from, true)
		way.Add(0.5, test.to, true)
		if inside, _ := dotsOf(plot); (inside > 0) != test.drawn {
			t.Errorf("from %v to %v: drawn is %v", test.from, test.to, inside > 0)
		}
	}
}
