package chart

import (
	"math"
	"testing"

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

// TestEnvelope draws an oscillation with thousands of points a column: the
// extremes of every column are there, a spike of one point too, and the middle
// is not filled.
func TestEnvelope(t *testing.T) {
	const points = 400000
	plot := NewPlot(screen.Area{Width: 40, Height: 12}, Range{0, points}, Range{0, 10})
	curve := NewCurve(plot.Series(screen.Style{}, 0), identity)
	for n := range points {
		y := 5 + 3*float64(1-2*(n%2))
		if n == points/3 {
			y = 9.9
		}
		curve.Add(float64(n), y, y)
	}
	curve.Flush()
	grid := screen.New(40, 12)
	plot.Paint(grid)
	if !dotAt(plot, grid, points/3, 9.9) {
		t.Error("the spike of one point is lost")
	}
	filled := 0
	for column := 1; column < 39; column++ {
		x, _ := plot.Data(column, 0)
		if !dotAt(plot, grid, x, 2) {
			t.Errorf("column %d lost its minimum", column)
		}
		if math.Abs(x-points/3) > 0.03*points && !dotAt(plot, grid, x, 8) {
			t.Errorf("column %d lost its maximum", column)
		}
		if dotAt(plot, grid, x, 5) {
			filled++
		}
	}
	if filled > 4 {
		t.Errorf("%d columns are filled between minimum and maximum", filled)
	}
}

// TestEnvelopeOfPoints draws points that stand for a range themselves.
func TestEnvelopeOfPoints(t *testing.T) {
	plot := NewPlot(screen.Area{Width: 30, Height: 10}, Range{0, 29}, Range{-3, 3})
	curve := NewCurve(plot.Series(screen.Style{}, 0), math.Log10)
	for n := range 30 {
		curve.Add(float64(n), 0.01, 100)
	}
	curve.Flush()
	grid := screen.New(30, 10)
	plot.Paint(grid)
	for n := range 30 {
		if x := float64(n); !dotAt(plot, grid, x, -2) || !dotAt(plot, grid, x, 2) {
			t.Errorf("at %v an end of the range is missing", x)
		}
	}
}

// TestCurveIsALine checks that a curve that does not oscillate is that of its
// points, whatever NaN there is between them.
func TestCurveIsALine(t *testing.T) {
	area := screen.Area{Width: 30, Height: 10}
	drawn, want := NewPlot(area, Range{0, 59}, Range{0, 59}), NewPlot(area, Range{0, 59}, Range{0, 59})
	curve := NewCurve(drawn.Series(screen.Style{}, 0), identity)
	line := want.Series(screen.Style{}, 0)
	for n := range 60 {
		x := float64(n)
		curve.Add(x, x, x)
		curve.Add(x, math.NaN(), 5)
		curve.Add(x, 5, math.NaN())
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
	plot := NewPlot(screen.Area{Width: 30, Height: 10}, Range{0, 59}, Range{-3, 3})
	curve := NewCurve(plot.Series(screen.Style{}, 0), math.Log10)
	for n := 0; n < 60; n += 4 {
		loss := 10.0
		if n >= 20 && n < 32 {
			loss = 0
		}
		curve.Add(float64(n), loss, loss)
	}
	curve.Flush()
	grid := screen.New(30, 10)
	plot.Paint(grid)
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
		plot := NewPlot(screen.Area{Width: 50, Height: 10}, Range{0, float64(points)}, Range{-1, 1})
		curve := NewCurve(plot.Series(screen.Style{}, 0), func(y float64) float64 { count++; return y })
		for n := range points {
			curve.Add(float64(n), math.Sin(float64(n)), math.Sin(float64(n)))
		}
		curve.Flush()
		return count
	}
	if few, many := calls(2000), calls(200000); few != many || many > 2*2*50 {
		t.Errorf("2,000 points cost %d, 200,000 cost %d", few, many)
	}
}
