package chart

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"ravine/tui/screen"
)

func identity(y float64) float64 { return y }

// dotAt reports whether a picture has the dot of a data point.
func dotAt(plot *Plot, grid *screen.Grid, x, y float64) bool {
	column, row, ok := plot.Cell(x, y)
	if !ok {
		return false
	}
	alone := NewPlot(plot.Area, plot.X, plot.Y)
	alone.Series(screen.Style{}, 0).Dot(x, y)
	single := screen.New(grid.Area().Width, grid.Area().Height)
	alone.Paint(single)
	mask := single.Cell(column, row).Rune - emptyBraille
	return mask != 0 && grid.Cell(column, row).Rune >= emptyBraille && (grid.Cell(column, row).Rune-emptyBraille)&mask == mask
}

// newCurve returns a curve whose line and shade are in plots of their own.
func newCurve(area screen.Area, x, y Range, scale func(float64) float64) (curve *Curve, line, shade *Plot) {
	line, shade = NewPlot(area, x, y), NewPlot(area, x, y)
	curve = NewCurve(line.Series(screen.Style{}, 0), screen.Style{}, scale)
	curve.shade = shade.Series(screen.Style{}, 0)
	return curve, line, shade
}

func painted(plot *Plot) *screen.Grid {
	grid := screen.New(plot.Area.Width, plot.Area.Height)
	plot.Paint(grid)
	return grid
}

// dotsAt returns how many dots of a column of dots are set, and the rows of the
// first and the last one, counted from the top.
func dotsAt(plot *Plot, column int) (count, first, last int) {
	first = -1
	for row := range 4 * plot.Area.Height {
		if plot.series[0].dots[row/4*plot.Area.Width+column/2]&brailleBits[row%4][column%2] == 0 {
			continue
		}
		if count++; first < 0 {
			first = row
		}
		last = row
	}
	return count, first, last
}

// TestNoiseIsOneThing draws noise with thousands of points a column: one line
// through its middle, on which the curve ends, and a shade from the lowest point
// to the highest, a spike of one point among them.
func TestNoiseIsOneThing(t *testing.T) {
	const points = 400000
	random := rand.New(rand.NewPCG(1, 2))
	curve, line, shade := newCurve(screen.Area{Width: 40, Height: 12}, Range{0, points}, Range{0, 10}, identity)
	for n := range points {
		y := 2 + 6*random.Float64()
		if n == points/3 {
			y = 9.9
		}
		curve.Add(float64(n), y, y, y)
	}
	curve.Flush()
	_, middle := line.dot(0, 5)
	_, top := line.dot(0, 8)
	_, bottom := line.dot(0, 2)
	for column := 1; column < 79; column++ {
		if count, first, last := dotsAt(line, column); count > 2 || first < middle-1 || last > middle+1 {
			t.Errorf("column %d: the line has %d dots from %d to %d, want one near %d", column, count, first, last, middle)
		}
		count, first, last := dotsAt(shade, column)
		spike := first < top-3
		if count < (bottom-top)/3 || first > top+1 || last < bottom-1 || last > bottom {
			t.Errorf("column %d: the shade has %d dots from %d to %d, want %d to %d", column, count, first, last, top, bottom)
		}
		if x := float64(points) * float64(column) / 79; spike != (math.Abs(x-points/3) < points/160) {
			t.Errorf("column %d: a spike is shown: %v", column, spike)
		}
	}
	if end := curve.End(); math.Abs(end-5) > 0.3 {
		t.Errorf("the curve ends at %v, its line at 5", end)
	}
}

// TestShadeOfPoints draws points that stand for a range themselves.
func TestShadeOfPoints(t *testing.T) {
	curve, line, shade := newCurve(screen.Area{Width: 30, Height: 10}, Range{0, 29}, Range{-3, 3}, math.Log10)
	for n := range 30 {
		curve.Add(float64(n), 1, 0.01, 100)
	}
	curve.Flush()
	grid := painted(line)
	for n := range 30 {
		x := float64(n)
		if !dotAt(line, grid, x, 0) {
			t.Errorf("at %v the line is missing", x)
		}
		column, low := shade.dot(x, -2)
		_, high := shade.dot(x, 2)
		if _, first, last := dotsAt(shade, column); first > high+1 || first < high || last < low-1 || last > low {
			t.Errorf("at %v the shade goes from %d to %d, want %d to %d", x, first, last, high, low)
		}
	}
}

// TestSteepIsNoNoise: a line that falls far within each column, and points that
// stand for the fall, have no shade.
func TestSteepIsNoNoise(t *testing.T) {
	curve, _, shade := newCurve(screen.Area{Width: 20, Height: 20}, Range{0, 399}, Range{0, 400}, identity)
	for n := range 400 {
		curve.Add(float64(n), 399-float64(n), 399-float64(n), 400-float64(n))
	}
	curve.Flush()
	dots := 0
	for column := range 40 {
		count, _, _ := dotsAt(shade, column)
		dots += count
	}
	if dots > 4 { // at its ends
		t.Errorf("a line without noise has a shade of %d dots", dots)
	}
}

func TestMedian(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.OneOf(rapid.Float64Range(-5, 5), rapid.SampledFrom([]float64{0, 1, math.Inf(1), math.Inf(-1)})), 1, 40).Draw(t, "values")
		sorted := slices.Sorted(slices.Values(values))
		if got := median(values); got != sorted[len(sorted)/2] {
			t.Fatalf("the median of %v is %v", sorted, got)
		}
	})
}

// TestTrace draws single dots.
func TestTrace(t *testing.T) {
	plot := NewPlot(screen.Area{Width: 10, Height: 10}, Range{0, 19}, Range{0, 39})
	trace := NewTrace(plot.Series(screen.Style{}, 0), identity)
	for n := range 20 {
		y := float64(n % 2 * 39)
		trace.Add(float64(n), y, y, y)
	}
	trace.Flush()
	for column := range 20 {
		if count, first, _ := dotsAt(plot, column); count != 1 || first != 39-column%2*39 {
			t.Errorf("column %d has %d dots, the first in row %d", column, count, first)
		}
	}
}

// TestCurveIsALine checks that a curve that does not oscillate is that of its
// points, whatever NaN there is between them.
func TestCurveIsALine(t *testing.T) {
	area := screen.Area{Width: 30, Height: 10}
	drawn, want := NewPlot(area, Range{0, 59}, Range{0, 59}), NewPlot(area, Range{0, 59}, Range{0, 59})
	curve := NewCurve(drawn.Series(screen.Style{}, -1), screen.Style{}, identity) // a shade would be over it
	line := want.Series(screen.Style{}, 0)
	for n := range 60 {
		x := float64(n)
		curve.Add(x, x, x, x)
		curve.Add(x, math.NaN(), 5, 5)
		curve.Add(x, 5, math.NaN(), 5)
		curve.Add(x, 5, 5, math.NaN())
		line.Line(max(0, x-1), max(0, x-1), x, x)
	}
	curve.Flush()
	curve.Flush()
	got, expected := screen.New(30, 10), screen.New(30, 10)
	drawn.Paint(got)
	want.Paint(expected)
	if got.String() != expected.String() {
		t.Errorf("drawn\n%s\nwant\n%s", got.String(), expected.String())
	}
}

// TestCurveComesBack reaches a loss of zero, which no log axis has, and leaves it.
func TestCurveComesBack(t *testing.T) {
	curve, plot, _ := newCurve(screen.Area{Width: 30, Height: 10}, Range{0, 59}, Range{-3, 3}, math.Log10)
	for n := 0; n < 60; n += 4 {
		loss := 10.0
		if n >= 20 && n < 32 {
			loss = 0
		}
		curve.Add(float64(n), loss, loss, loss)
	}
	curve.Flush()
	grid := painted(plot)
	for n, want := range map[float64]bool{10: true, 26: false, 34: true, 46: true, 54: true} {
		if dotAt(plot, grid, n, 1) != want {
			t.Errorf("at %v the curve is drawn: %v, want %v", n, !want, want)
		}
	}
}

// TestCurveCost counts the lines that a curve draws, by what it asks of its
// axis: that of the columns, however many points.
func TestCurveCost(t *testing.T) {
	calls := func(points int) int {
		count := 0
		curve, _, _ := newCurve(screen.Area{Width: 50, Height: 10}, Range{0, float64(points)}, Range{-1, 1}, func(y float64) float64 { count++; return y })
		for n := range points {
			y := math.Sin(float64(n))
			curve.Add(float64(n), y, y, y)
		}
		curve.Flush()
		return count
	}
	if few, many := calls(2000), calls(200000); few != many || many > 3*2*50 {
		t.Errorf("2,000 points cost %d, 200,000 cost %d", few, many)
	}
}
