package chart

import (
	"math"
	"strconv"
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/NimbleMarkets/ntcharts/v2/canvas"
	"github.com/NimbleMarkets/ntcharts/v2/linechart"

	"ravine/tui/screen"
)

// The size below which an area gets no axes: ntcharts does not take it.
const smallestWidth, smallestHeight = 16, 5

// Axis says how an axis is labelled.
type Axis struct {
	Range
	Scale Scale
}

// Scale is the scale of an axis.
type Scale int

// Log numbers are log10 of what is labelled, and so are LogCount's, of what is
// counted; LogComplement are −log10(1−x), so that 1, 2, 3 are 0.9, 0.99, 0.999, and
// Log2 are log2. On all of them labels stand at whole numbers; on a short Log axis
// at halves or quarters too.
const (
	Linear Scale = iota
	Log
	LogCount
	LogComplement
	Log2
)

// Axes draws a pair of axes with labels and returns the plot inside them. The
// ranges are widened so that the labels fall on round values: at their upper
// ends, a vertical Log axis at its lower end. A y label stands in the row whose
// middle is its value, but for a scale that has a first value: there it is the
// row's upper edge. Axes keeps what it drew until the size or a label changes.
type Axes struct {
	layout
	origin canvas.Point // where the two axes meet
	across Range        // to which x is widened
	marks  []mark
}

// layout is what axes look like.
type layout struct {
	width, height int
	x             Axis
	down          division // of the vertical axis
	scale         Scale    // and its numbers'
}

// mark is a cell of the axes or of a label.
type mark struct {
	canvas.Point
	rune rune
}

// The cells from one label to the next, along y and along x.
var (
	labelRows    = spacing{3, 7}
	labelColumns = spacing{9, 16}
)

type spacing struct{ least, most int }

// Draw draws the axes into area. The plot is empty if the area is too small.
func (a *Axes) Draw(grid *screen.Grid, area screen.Area, x, y Axis, axis, label screen.Style) *Plot {
	if area.Width < smallestWidth || area.Height < smallestHeight || !(x.Min < x.Max) || !(y.Min < y.Max) {
		return NewPlot(screen.Area{}, Range{}, Range{})
	}
	down := divide(y, area.Height-2, labelRows, y.rise())
	if y.Scale == Log {
		down = divideDecades(y, area.Height-2)
	}
	if wanted := (layout{area.Width, area.Height, x, down, y.Scale}); wanted != a.layout {
		a.layout = wanted
		a.layOut()
	}
	for _, m := range a.marks {
		style := label
		if m.X == a.origin.X && m.Y <= a.origin.Y || m.Y == a.origin.Y && m.X > a.origin.X {
			style = axis
		}
		grid.Set(area.X+m.X, area.Y+m.Y, m.rune, style)
	}
	inside := screen.Area{X: area.X + a.origin.X + 1, Y: area.Y, Width: area.Width - a.origin.X - 1, Height: a.origin.Y}
	// The lowest label stands beside the axis, below the plot's last row.
	rise := (down.Max - down.Min) / float64(inside.Height) * y.rise()
	return NewPlot(inside, a.across, Range{down.Min + rise, down.Max + rise})
}

const halfRow = 0.5

// rise returns by how many rows a plot begins above the lower end of its y axis:
// not at all where the values begin there, as γ does at 0.
func (a Axis) rise() float64 {
	if a.Scale == LogComplement || a.Scale == Log2 {
		return 0
	}
	return halfRow
}

// layOut has ntcharts draw axes and labels. ntcharts puts a label at every n-th
// cell; the range is stretched so that those cells are round values. A cell of
// its canvas takes half a kilobyte, so the vertical axis is drawn on a narrow
// canvas and the other one on a low one, and neither is kept.
func (a *Axes) layOut() {
	plain := lipgloss.NewStyle()
	style := linechart.WithStyles(plain, plain, plain)
	x, down := a.x, a.down
	upright := linechart.New(1, a.height, x.Min, x.Max, down.Min, down.Max,
		linechart.WithXYSteps(labelColumns.least, down.every), linechart.WithYLabelFormatter(down.label(a.scale)), style)
	a.origin = upright.Origin()
	upright.Resize(a.origin.X+2, a.height)
	upright.DrawXYAxisAndLabel()

	across := divide(x, a.width-a.origin.X-1, labelColumns, 0)
	const low = 3
	room := strings.Repeat(" ", a.origin.X) // for the labels of the vertical axis
	level := linechart.New(a.width, low, across.Min, across.Max, down.Min, down.Max,
		linechart.WithXYSteps(across.every, 1), linechart.WithYLabelFormatter(func(int, float64) string { return room }), style,
		linechart.WithXLabelFormatter(across.label(x.Scale)))
	level.DrawXYAxisAndLabel()

	a.across, a.marks = across.Range, a.marks[:0]
	for row := range a.origin.Y {
		a.keep(&upright, row, a.origin.X+1, 0)
	}
	for row := a.origin.Y; row < a.height; row++ {
		a.keep(&level, row, a.width, a.height-low)
	}
	a.keep(&upright, a.origin.Y, a.origin.X+1, 0)
}

// keep copies a row of a chart, which stands at its own row plus below.
func (a *Axes) keep(chart *linechart.Model, row, columns, below int) {
	for column := range columns {
		if r := chart.Canvas.Cell(canvas.Point{X: column, Y: row - below}).Rune; r != 0 && r != ' ' {
			a.marks = append(a.marks, mark{canvas.Point{X: column, Y: row}, r})
		}
	}
}

// division is an axis with a label at every so many of its cells, each step
// from the one before.
type division struct {
	Range
	cells, every int
	step         float64
}

// By how much an axis may be lengthened at no cost, and by how much before labels
// are put further apart than they should be.
const (
	littleStretch = 1.12
	someStretch   = 1.4
)

// divide returns the division of an axis that stretches it least, or little
// with labels close together. The part of a cell that is rise stays free at the
// lower end.
func divide(axis Axis, cells int, spacing spacing, rise float64) division {
	best := division{}
	most := spacing.most
	if axis.Scale != Linear { // steps are whole, so that few of them must be able to fill the axis
		most = max(most, cells)
	}
	for every := spacing.least; every <= most; every++ {
		labels := float64(cells) / float64(every)
		step := roundStep((axis.Max-axis.Min)/labels, axis.Scale)
		free := rise / float64(every) // in steps
		low := math.Floor(axis.Min/step-free+1e-9) * step
		// A longer step may move the lower end down, and that the upper one.
		for tries := 0; low+step*labels < axis.Max && tries < 20; tries++ {
			step = roundStep((axis.Max-low)/labels, axis.Scale)
			low = math.Floor(axis.Min/step-free+1e-9) * step
		}
		candidate := division{Range{low, low + step*labels}, cells, every, step}
		if candidate.Max >= axis.Max && (best.Max < axis.Max || candidate.Max-candidate.Min < 0.999*(best.Max-best.Min)) || best.step == 0 {
			best = candidate
		}
		stretch := littleStretch
		if every >= spacing.most {
			stretch = someStretch
		}
		if best.Max >= axis.Max && best.Max-best.Min <= stretch*(axis.Max-axis.Min) {
			break // labels further apart would gain nothing
		}
	}
	return best
}

// decadeSteps are the decades from one label to the next.
var decadeSteps = [...]float64{0.25, 0.5, 1, 2, 3, 4, 6, 8, 12, 16, 32, 64}

// divideDecades returns the division of a vertical Log axis. As the lower end
// sinks, the upper one and the rows of the labels stay where they are, and the
// step grows: so a curve that goes on downwards moves the picture a few times
// only, and hardly its own beginning.
func divideDecades(axis Axis, cells int) division {
	every := labelRows.least
	for candidate := every; candidate <= labelRows.most && cells >= 3*candidate; candidate++ {
		if cells%candidate < cells%every {
			every = candidate // fewer rows above the topmost label
		}
	}
	var d division
	for _, step := range decadeSteps {
		top := math.Ceil(axis.Max/min(step, 1)-1e-9) * min(step, 1)
		low := top - step*float64(cells/every)
		d = division{Range{low, low + step*float64(cells)/float64(every)}, cells, every, step}
		if low+step/float64(every)*halfRow <= axis.Min {
			break
		}
	}
	return d
}

// label formats the values at the labelled cells. At the last cell ntcharts asks
// for a label whether or not it is one of them.
func (d division) label(scale Scale) linechart.LabelFormatter {
	return func(i int, value float64) string {
		if i%d.every != 0 {
			return ""
		}
		value = d.Min + math.Round((value-d.Min)/d.step)*d.step
		switch whole := int(math.Round(value)); scale {
		case Log:
			return power(value, d.step)
		case LogCount:
			return compact(math.Pow10(whole))
		case LogComplement:
			return strconv.FormatFloat(1-math.Pow10(-whole), 'f', max(0, whole), 64)
		case Log2:
			return strconv.Itoa(1 << max(0, whole))
		}
		if math.Abs(value) < d.step/2 {
			return "0"
		}
		return compact(value)
	}
}

// power writes 10 to the power of value: 1e-3. Where labels are less than a
// decade apart, they are written out: 0.32, 1, 3.2, 10.
func power(value, step float64) string {
	exponent := math.Floor(value + 1e-9)
	mantissa := strconv.FormatFloat(math.Pow(10, value-exponent), 'g', 2, 64)
	written := mantissa + "e" + strconv.Itoa(int(exponent))
	if step < 1 && -3 <= exponent && exponent <= 4 {
		if x, err := strconv.ParseFloat(written, 64); err == nil {
			return strconv.FormatFloat(x, 'f', -1, 64)
		}
	}
	return written
}

// exponentSign shortens 1e-06 to 1e-6.
var exponentSign = strings.NewReplacer("e-0", "e-", "e+0", "e", "e+", "e")

// compact writes a round value in few characters.
func compact(x float64) string {
	switch magnitude := math.Abs(x); {
	case magnitude >= 1e9 || magnitude < 1e-4:
		return exponentSign.Replace(strconv.FormatFloat(x, 'g', 4, 64))
	case magnitude >= 1e6:
		return strconv.FormatFloat(x/1e6, 'g', 4, 64) + "M"
	case magnitude >= 1e4:
		return strconv.FormatFloat(x/1e3, 'g', 4, 64) + "k"
	}
	return strconv.FormatFloat(x, 'g', 6, 64)
}

// roundStep returns the smallest of 1, 2, 2.5, 5, 10 × 10ⁿ that is at least
// step. On scales other than Linear, it is the smallest whole number; a Log axis
// may have half and quarter decades.
func roundStep(step float64, scale Scale) float64 {
	if scale == Log && step <= 0.5 {
		return math.Max(0.25, math.Ceil(4*step-1e-9)/4)
	}
	if scale != Linear {
		return math.Max(1, math.Ceil(step-1e-9))
	}
	power := math.Pow(10, math.Floor(math.Log10(step)))
	for _, factor := range []float64{1, 2, 2.5, 5} {
		if factor*power >= step*(1-1e-9) {
			return factor * power
		}
	}
	return 10 * power
}
