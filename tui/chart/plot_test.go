package chart

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"ravine/tui/screen"
)

var (
	unit    = Range{0, 1}
	strange = []float64{0, 1, -1, 0.5, 1e-300, 1e12, -1e12, 1e13, 1e300, -1e300, math.MaxFloat64, math.Inf(1), math.Inf(-1), math.NaN(), math.SmallestNonzeroFloat64}
)

// dotsOf counts the dots of what was drawn into an area, and cells outside of it
// that were drawn on.
func dotsOf(plot *Plot) (inside, outside int) {
	grid := screen.New(plot.Area.X+plot.Area.Width+3, plot.Area.Y+plot.Area.Height+3)
	plot.Paint(grid)
	for y := range grid.Area().Height {
		for x := range grid.Area().Width {
			r := grid.Cell(x, y).Rune
			switch {
			case plot.Area.Contains(x, y) && r > emptyBraille:
				inside++
			case r != ' ':
				outside++
			}
		}
	}
	return inside, outside
}

// TestGate draws lines and dots between all strange values, in areas down to
// none: nothing hangs or panics, and nothing is drawn outside.
func TestGate(t *testing.T) {
	for _, area := range []screen.Area{{}, {X: 2, Y: 2, Width: 1, Height: 1}, {Width: 0, Height: 5}, {Width: -3, Height: -1}, {X: 1, Y: 1, Width: 40, Height: 10}} {
		for _, ranges := range [][2]Range{{unit, unit}, {{-1e300, 1e300}, {-1e300, 1e300}}, {{0, 0}, unit}, {{1, 0}, unit}, {unit, {math.NaN(), 1}}, {{0, math.Inf(1)}, unit}, {{0, 5e-324}, unit}} {
			plot := NewPlot(area, ranges[0], ranges[1])
			series := plot.Series(screen.Style{}, 0)
			curve := NewCurve(series, screen.Style{}, func(y float64) float64 { return y })
			for _, x1 := range strange {
				for _, y1 := range strange {
					series.Dot(x1, y1)
					curve.Add(x1, y1, y1, y1)
					curve.Add(x1, y1, -1e300, math.Inf(1))
					for _, x2 := range strange {
						series.Line(x1, y1, x2, 0.5)
						series.Line(x1, 0.5, x2, y1)
					}
				}
			}
			curve.Flush()
			if plot.empty() {
				continue
			}
			if _, outside := dotsOf(plot); outside > 0 {
				t.Errorf("%v %v: %d cells outside the area", area, ranges, outside)
			}
		}
	}
}

// TestNotFiniteIsNotDrawn checks single lines: what has a NaN is left out, what
// is too large is clipped to the part in sight.
func TestNotFiniteIsNotDrawn(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	tests := []struct {
		name           string
		x1, y1, x2, y2 float64
		drawn          bool
	}{
		{"inside", 0.1, 0.1, 0.9, 0.9, true},
		{"point", 0.5, 0.5, 0.5, 0.5, true},
		{"NaN", 0.1, 0.1, nan, 0.9, false},
		{"NaN y", 0.1, nan, 0.5, 0.9, false},
		{"up to 1e300", 0.5, 0.5, 0.5, 1e300, true},
		{"up to Inf", 0.5, 0.5, 0.5, inf, true},
		{"across, from −Inf to Inf", -inf, 0.5, inf, 0.5, true},
		{"outside", 2, 2, 3, 3, false},
		{"past the corner", -1, 0.5, 0.4, 2, false},
		{"across the corner", -0.2, 0.5, 0.5, 1.2, true},
		{"both at Inf", inf, inf, inf, inf, false},
		{"at 1e300", 1e300, 0, 1e300, 1, false},
	}
	for _, test := range tests {
		plot := NewPlot(screen.Area{X: 1, Y: 1, Width: 20, Height: 8}, unit, unit)
		plot.Series(screen.Style{}, 0).Line(test.x1, test.y1, test.x2, test.y2)
		if inside, outside := dotsOf(plot); (inside > 0) != test.drawn || outside > 0 {
			t.Errorf("%s: %d cells inside, %d outside; want drawn: %v", test.name, inside, outside, test.drawn)
		}
	}
}

// TestClip compares Liang and Barsky's clipping with many points on the line.
func TestClip(t *testing.T) {
	x, y := Range{-1, 2}, Range{0, 1}
	coordinate := rapid.OneOf(rapid.Float64Range(-4, 4), rapid.SampledFrom([]float64{-1, 2, 0, 1, 0.5}))
	seen := map[bool]int{}
	rapid.Check(t, func(t *rapid.T) {
		x1, y1, x2, y2 := coordinate.Draw(t, "x1"), coordinate.Draw(t, "y1"), coordinate.Draw(t, "x2"), coordinate.Draw(t, "y2")
		first, last := -1, -1
		const pieces = 4000
		at := func(n int) (float64, float64) {
			f := float64(n) / pieces
			return x1 + f*(x2-x1), y1 + f*(y2-y1)
		}
		for n := range pieces + 1 {
			px, py := at(n)
			if px >= x.Min && px <= x.Max && py >= y.Min && py <= y.Max {
				if first < 0 {
					first = n
				}
				last = n
			}
		}
		cx1, cy1, cx2, cy2, visible := clip(x, y, x1, y1, x2, y2)
		seen[visible]++
		// A corner may be cut between two of the points.
		if first >= 0 && !visible || visible && first < 0 && math.Hypot(cx2-cx1, cy2-cy1) > 2*math.Hypot(x2-x1, y2-y1)/pieces {
			t.Fatalf("visible: %v, by brute force from %d to %d", visible, first, last)
		}
		if first < 0 {
			return
		}
		near := 2*math.Hypot(x2-x1, y2-y1)/pieces + 1e-12
		fx, fy := at(first)
		lx, ly := at(last)
		if math.Hypot(cx1-fx, cy1-fy) > near || math.Hypot(cx2-lx, cy2-ly) > near {
			t.Fatalf("clipped to %v, %v – %v, %v; want %v, %v – %v, %v", cx1, cy1, cx2, cy2, fx, fy, lx, ly)
		}
	})
	if seen[true] == 0 || seen[false] == 0 {
		t.Errorf("lines in sight and not: %v", seen)
	}
}

// TestLine draws lines of every slope: each dot lies within one of the straight
// line, and no row or column between the ends is left out.
func TestLine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		plot := NewPlot(screen.Area{Width: 20, Height: 10}, unit, unit)
		column, row := rapid.IntRange(0, 39), rapid.IntRange(0, 39)
		x, y, toX, toY := column.Draw(t, "x"), row.Draw(t, "y"), column.Draw(t, "to x"), row.Draw(t, "to y")
		series := plot.Series(screen.Style{}, 0)
		series.join(x, y, toX, toY)
		isSet := func(column, row int) bool {
			return series.dots[row/4*20+column/2]&brailleBits[row%4][column%2] != 0
		}
		if !isSet(x, y) || !isSet(toX, toY) {
			t.Fatal("an end is missing")
		}
		length := math.Hypot(float64(toX-x), float64(toY-y))
		columns, rows := map[int]bool{}, map[int]bool{}
		for column := range 40 {
			for row := range 40 {
				if !isSet(column, row) {
					continue
				}
				columns[column], rows[row] = true, true
				off := math.Abs(float64((toX-x)*(row-y) - (toY-y)*(column-x)))
				if column < min(x, toX) || column > max(x, toX) || row < min(y, toY) || row > max(y, toY) || off > length {
					t.Fatalf("dot %d, %d is not on the line", column, row)
				}
			}
		}
		if len(columns) != max(x, toX)-min(x, toX)+1 || len(rows) != max(y, toY)-min(y, toY)+1 {
			t.Fatalf("%d columns and %d rows have dots", len(columns), len(rows))
		}
	})
}

// TestCellAndData checks that Data and Cell are each other's inverse, and that a
// marker sits on the cell of its dot.
func TestCellAndData(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		area := screen.Area{X: rapid.IntRange(0, 3).Draw(t, "left"), Y: rapid.IntRange(0, 3).Draw(t, "top"),
			Width: rapid.IntRange(2, 120).Draw(t, "width"), Height: rapid.IntRange(2, 50).Draw(t, "height")}
		low, size := rapid.Float64Range(-1e6, 1e6).Draw(t, "low"), rapid.Float64Range(1e-3, 1e6).Draw(t, "size")
		plot := NewPlot(area, Range{low, low + size}, Range{-size, low + 2e6})
		column := area.X + rapid.IntRange(0, area.Width-1).Draw(t, "column")
		row := area.Y + rapid.IntRange(0, area.Height-1).Draw(t, "row")
		x, y := plot.Data(column, row)
		gotColumn, gotRow, ok := plot.Cell(x, y)
		if !ok || gotColumn != column || gotRow != row {
			t.Fatalf("cell %d, %d is at %v, %v, which is in cell %d, %d, %v", column, row, x, y, gotColumn, gotRow, ok)
		}
		plot.Series(screen.Style{}, 0).Dot(x, y)
		grid := screen.New(area.X+area.Width, area.Y+area.Height)
		plot.Paint(grid)
		if grid.Cell(column, row).Rune <= emptyBraille {
			t.Fatalf("the dot of %v, %v is not in cell %d, %d", x, y, column, row)
		}
	})
}

// TestPriority draws two series through a cell: the one of the higher priority
// has it, among equals the one with more dots, and the background stays.
func TestPriority(t *testing.T) {
	red, blue, ground := screen.Style{Foreground: screen.Indexed(1)}, screen.Style{Foreground: screen.Indexed(4)}, screen.Style{Background: screen.Indexed(7)}
	for _, test := range []struct {
		name      string
		low, high int // priorities of red, which has one dot, and of blue, which has a line
		want      screen.Style
	}{{"equal", 0, 0, blue}, {"red above", 1, 0, red}, {"blue above", 0, 1, blue}} {
		plot := NewPlot(screen.Area{Width: 3, Height: 3}, unit, unit)
		plot.Series(red, test.low).Dot(0.5, 0.5)
		plot.Series(blue, test.high).Line(0, 0.5, 1, 0.5)
		grid := screen.New(3, 3)
		grid.Fill(grid.Area(), ' ', ground)
		plot.Paint(grid)
		column, row, _ := plot.Cell(0.5, 0.5)
		if got := grid.Cell(column, row).Style; got.Foreground != test.want.Foreground || got.Background != ground.Background {
			t.Errorf("%s: the cell has %+v", test.name, got)
		}
	}
}
