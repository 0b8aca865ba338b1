package chart

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"ravine/tui/screen"
)

// linear and decades are the two kinds of axis.
func linear(low, high float64) Axis  { return Axis{Range: Range{low, high}} }
func decades(low, high float64) Axis { return Axis{Range: Range{low, high}, Scale: Log} }

// label is what is written at an axis, and the cell where it begins or, for the
// y axis, its row.
type label struct {
	text  string
	cell  int
	value float64 // on the axis
}

// drawn is a pair of axes with their labels read off the screen.
type drawn struct {
	plot *Plot
	x, y []label
}

func drawAxes(t interface {
	Helper()
	Fatalf(string, ...any)
}, width, height int, x, y Axis) drawn {
	t.Helper()
	const left, top = 2, 1
	grid := screen.New(width+4, height+3)
	axes := &Axes{}
	d := drawn{plot: axes.Draw(grid, screen.Area{X: left, Y: top, Width: width, Height: height}, x, y, screen.Style{}, screen.Style{})}
	if d.plot.Area.Empty() {
		return d
	}
	row := func(y, from, to int) string {
		runes := make([]rune, to-from)
		for i := range runes {
			runes[i] = grid.Cell(from+i, y).Rune
		}
		return string(runes)
	}
	for y := range height {
		if text := strings.TrimSpace(row(top+y, left, d.plot.Area.X-1)); text != "" && y <= d.plot.Area.Height {
			d.y = append(d.y, label{text: text, cell: top + y})
		}
	}
	below := row(d.plot.Area.Y+d.plot.Area.Height+1, 0, width+4)
	for i := 0; i < len(below); i++ {
		if below[i] == ' ' {
			continue
		}
		text, _, _ := strings.Cut(below[i:], " ")
		d.x = append(d.x, label{text: text, cell: i})
		i += len(text)
	}
	for _, side := range []struct {
		labels []label
		axis   Axis
	}{{d.x, x}, {d.y, y}} {
		for i := range side.labels {
			side.labels[i].value = readLabel(t, side.labels[i].text, side.axis == decades(side.axis.Min, side.axis.Max))
		}
	}
	return d
}

func readLabel(t interface{ Fatalf(string, ...any) }, text string, log bool) float64 {
	number, factor := text, 1.0
	for suffix, f := range map[string]float64{"k": 1e3, "M": 1e6} {
		if cut, ok := strings.CutSuffix(text, suffix); ok {
			number, factor = cut, f
		}
	}
	value, err := strconv.ParseFloat(number, 64)
	if err != nil {
		t.Fatalf("the label %q is no number", text)
	}
	if log { // two digits of a whole number of quarters
		exact := math.Log10(value)
		if value = math.Round(4*exact) / 4; math.Abs(exact-value) > math.Log10(1.05) {
			t.Fatalf("the label %q is not at a quarter of a decade", text)
		}
	}
	return value * factor
}

// checkLabels checks that labels are at round values, equally far apart, and
// within so many cells of where the plot puts those values.
func checkLabels(t *rapid.T, d drawn, labels []label, scale Scale, within int, cell func(value float64) (int, bool)) {
	t.Helper()
	for i, l := range labels {
		if at, ok := cell(l.value); !ok || at < l.cell-within || at > l.cell+within {
			t.Errorf("%s is written at %d; the plot %v %v has it at %d, %v", l.text, l.cell, d.plot.X, d.plot.Y, at, ok)
		}
		// ntcharts leaves out a label for which the one before leaves no room.
		if i == 0 || slices.ContainsFunc(labels, func(l label) bool { return len(l.text) >= labelColumns.least-1 }) {
			continue
		}
		step := math.Abs(l.value - labels[i-1].value)
		unit := step
		if scale == Log { // 10, 0.1, 1e-3 is as good as 100, 1, 0.01
			unit = min(step, 1)
		}
		if multiple := l.value / unit; step == 0 || math.Abs(multiple-math.Round(multiple)) > 1e-6 {
			t.Errorf("%s is not a multiple of %v, the step from %s", l.text, unit, labels[i-1].text)
		}
		if mantissa := step / math.Pow(10, math.Floor(math.Log10(step)+1e-9)); !oneOf(mantissa, 1, 2, 2.5, 5) && math.Abs(step-math.Round(step)) > 1e-9 {
			t.Errorf("the step %v from %s to %s is not round", step, labels[i-1].text, l.text)
		}
		if i > 1 {
			if before := math.Abs(labels[i-1].value - labels[i-2].value); math.Abs(before-step) > 1e-6*step {
				t.Errorf("%s, %s and %s are not equally far apart", labels[i-2].text, labels[i-1].text, l.text)
			}
		}
	}
}

func oneOf(x float64, values ...float64) bool {
	for _, value := range values {
		if math.Abs(x-value) < 1e-6 {
			return true
		}
	}
	return false
}

// clamped is a value within a range: rounding may put a label a hair outside.
func clamped(x float64, r Range) float64 {
	slack := 1e-9 * (r.Max - r.Min)
	if x < r.Min && x > r.Min-slack {
		return r.Min
	}
	if x > r.Max && x < r.Max+slack {
		return r.Max
	}
	return x
}

// TestLabels draws axes of any size and range.
func TestLabels(t *testing.T) {
	count := 0
	rapid.Check(t, func(t *rapid.T) {
		width, height := rapid.IntRange(smallestWidth+8, 140).Draw(t, "width"), rapid.IntRange(smallestHeight+1, 50).Draw(t, "height")
		size := math.Pow(10, rapid.Float64Range(-6, 8).Draw(t, "log10 of the size"))
		low := size * rapid.Float64Range(-3, 3).Draw(t, "low in sizes")
		bottom := float64(rapid.IntRange(-120, 20).Draw(t, "bottom in quarters")) / 4
		x, y := linear(low, low+size), decades(bottom, bottom+float64(rapid.IntRange(1, 120).Draw(t, "quarters of a decade"))/4)
		if rapid.Bool().Draw(t, "linear y") {
			y = linear(low, low+size)
		}
		d := drawAxes(t, width, height, x, y)
		if d.plot.Area.Empty() {
			t.Fatalf("nothing was drawn")
		}
		for _, r := range [][2]Range{{d.plot.X, x.Range}, {d.plot.Y, y.Range}} {
			if slack := 1e-6 * (r[1].Max - r[1].Min); r[0].Min > r[1].Min+slack || r[0].Max < r[1].Max-slack {
				t.Errorf("the plot shows %v, asked for was %v", r[0], r[1])
			}
		}
		checkLabels(t, d, d.x, Linear, 1, func(value float64) (int, bool) {
			column, _, ok := d.plot.Cell(clamped(value, d.plot.X), d.plot.Y.Min)
			return column, ok
		})
		checkLabels(t, d, d.y, y.Scale, 0, func(value float64) (int, bool) {
			area, perRow := d.plot.Area, (d.plot.Y.Max-d.plot.Y.Min)/float64(d.plot.Area.Height)
			if below := (d.plot.Y.Min - value) / perRow; math.Abs(below-halfRow) < 1e-6 {
				return area.Y + area.Height, true // beside the axis
			}
			_, row, ok := d.plot.Cell(d.plot.X.Min, value)
			return row, ok
		})
		count += len(d.x) + len(d.y)
	})
	if count < 200 {
		t.Errorf("only %d labels were looked at", count)
	}
}

// TestEveryAxisHasLabels checks that an axis can be read: two labels at least.
func TestEveryAxisHasLabels(t *testing.T) {
	for _, height := range []int{10, 11, 12, 16, 20, 30, 45} {
		for _, width := range []int{34, 36, 50, 80, 140} {
			for _, x := range []Axis{linear(0, 50), linear(0, 200), linear(0, 1e6), linear(-2.5, 3), linear(1990, 2020), linear(0, 2.5e-5)} {
				for _, y := range []Axis{decades(-3, 2), decades(-14, 2), decades(-1, 1), decades(0.75, 1.75), decades(-19, 3), linear(-50, 75), linear(0, 1.5e9)} {
					d := drawAxes(t, width, height, x, y)
					if len(d.x) < 2 || len(d.y) < 2 {
						t.Errorf("%d×%d, %v, %v: labels %v and %v", width, height, x, y, d.x, d.y)
					}
				}
			}
		}
	}
}

// TestDecadesGrowDownwards lets a curve sink: its axis changes a few times only,
// and then neither its upper end nor the rows of its labels.
func TestDecadesGrowDownwards(t *testing.T) {
	for _, height := range []int{10, 13, 24, 45} {
		changes, before := 0, drawn{}
		for bottom := 0.5; bottom > -22; bottom -= 0.5 {
			d := drawAxes(t, 60, height, linear(0, 50), decades(bottom, 1.8))
			if bottom < 0.5 && d.plot.Y != before.plot.Y {
				changes++
			}
			if top := d.y[0]; bottom < -4 && (top.value != before.y[0].value || top.cell != before.y[0].cell) {
				t.Errorf("%d rows, down to %v: the top label goes from %v to %v", height, bottom, before.y[0], top)
			}
			before = d
		}
		if changes > 7 {
			t.Errorf("%d rows: the axis changes %d times", height, changes)
		}
	}
}

// TestNoRoomForAxes asks for axes where there is no room or no range.
func TestNoRoomForAxes(t *testing.T) {
	for _, size := range [][2]int{{0, 0}, {1, 1}, {15, 20}, {40, 4}, {-5, 10}} {
		if d := drawAxes(t, size[0], size[1], linear(0, 1), linear(0, 1)); !d.plot.Area.Empty() {
			t.Errorf("%v: the plot is %v", size, d.plot.Area)
		}
	}
	nan := math.NaN()
	for _, r := range []Axis{linear(1, 1), linear(2, 1), linear(nan, 1), linear(0, nan)} {
		for _, d := range []drawn{drawAxes(t, 40, 12, r, linear(0, 1)), drawAxes(t, 40, 12, linear(0, 1), r)} {
			if !d.plot.Area.Empty() {
				t.Errorf("%v: the plot is %v", r, d.plot.Area)
			}
		}
	}
	for width := smallestWidth; width < smallestWidth+12; width++ {
		for height := smallestHeight; height < smallestHeight+6; height++ {
			drawAxes(t, width, height, linear(0, 1e6), decades(-24, 3))
		}
	}
}

// TestAxesAreKept checks that what is kept between frames is drawn anew when the
// range or the size changes.
func TestAxesAreKept(t *testing.T) {
	axes := &Axes{}
	draw := func(width int, x, y Axis) string {
		grid := screen.New(60, 12)
		axes.Draw(grid, screen.Area{Width: width, Height: 12}, x, y, screen.Style{}, screen.Style{})
		return grid.String()
	}
	first := draw(60, linear(0, 50), decades(-3, 1))
	if draw(60, linear(0, 50), decades(-3, 1)) != first {
		t.Error("the same axes differ")
	}
	for _, other := range []string{draw(60, linear(0, 70), decades(-3, 1)), draw(60, linear(0, 50), decades(-9, 1)), draw(50, linear(0, 50), decades(-3, 1))} {
		if other == first {
			t.Error("other axes are drawn as the first")
		}
	}
	if draw(60, linear(0, 50), decades(-3, 1)) != first {
		t.Error("the first axes differ when drawn again")
	}
}

func TestRoundStep(t *testing.T) {
	tests := []struct{ step, plain, log, whole float64 }{
		{1, 1, 1, 1}, {1.0000000001, 1, 1, 1}, {1.1, 2, 2, 2}, {2, 2, 2, 2}, {2.1, 2.5, 3, 3}, {2.5, 2.5, 3, 3}, {3, 5, 3, 3}, {5, 5, 5, 5}, {5.1, 10, 6, 6}, {9.99, 10, 10, 10},
		{0.03, 0.05, 0.25, 1}, {1e-7, 1e-7, 0.25, 1}, {3e12, 5e12, 3e12, 3e12}, {0.2, 0.2, 0.25, 1}, {0.21, 0.25, 0.25, 1}, {0.26, 0.5, 0.5, 1}, {0.5, 0.5, 0.5, 1}, {0.51, 1, 1, 1},
	}
	for _, test := range tests {
		for scale, want := range map[Scale]float64{Linear: test.plain, Log: test.log, Log2: test.whole, LogComplement: test.whole} {
			if got := roundStep(test.step, scale); math.Abs(got-want) > 1e-9*want {
				t.Errorf("roundStep(%v, %d) = %v, want %v", test.step, scale, got, want)
			}
		}
	}
}

// TestFirstValueIsTheFirstLabel draws γ and batch sizes upright: there is nothing
// below 0 or 1.
func TestFirstValueIsTheFirstLabel(t *testing.T) {
	for scale, want := range map[Scale]string{LogComplement: "0", Log2: "1"} {
		for height := 8; height < 40; height++ {
			grid := screen.New(60, height)
			plot := (&Axes{}).Draw(grid, screen.Area{Width: 60, Height: height}, linear(0, 1), Axis{Range: Range{0, 3}, Scale: scale}, screen.Style{}, screen.Style{})
			label := ""
			for x := range plot.Area.X - 1 {
				label += string(grid.Cell(x, plot.Area.Y+plot.Area.Height).Rune)
			}
			if label = strings.TrimSpace(label); label != want || plot.Y.Min != 0 {
				t.Errorf("%d rows: the axis begins with %q, the plot at %v", height, label, plot.Y.Min)
			}
		}
	}
}

// TestSameLabelsCostNothing: as long as no label changes, a longer range costs nothing.
func TestSameLabelsCostNothing(t *testing.T) {
	grid, axes := screen.New(120, 40), &Axes{}
	x, y := linear(0, 100), decades(-2.9, 1)
	draw := func() { axes.Draw(grid, grid.Area(), x, y, screen.Style{}, screen.Style{}) }
	draw()
	allocations := testing.AllocsPerRun(20, func() {
		y.Min += 0.01
		draw()
	})
	if allocations > 5 {
		t.Errorf("%g allocations a picture", allocations)
	}
}
