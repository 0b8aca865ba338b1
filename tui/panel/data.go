package panel

import (
	"fmt"
	"math"
	"strings"

	"ravine/problem"
	"ravine/tui/chart"
	"ravine/tui/screen"
)

// data draws the examples of a problem and every lane's fitted line.
type data struct {
	axes chart.Axes
	key  problem.Plotted
	x, y chart.Range
}

// examplesShown bounds the points drawn, however many there are.
const examplesShown = 800

func (d *data) draw(grid *screen.Grid, area screen.Area, s *State) {
	plotted, ok := s.Race.Problem().(problem.Plotted)
	if !ok {
		inside := s.boxed(grid, area, "data")
		grid.Text(inside.X+1, inside.Y, inside.Width-2, "this problem has no data to draw in a plane", s.Theme.Dim)
		return
	}
	singled := examplesSingled(plotted, area.Width)
	inside := s.boxed(grid, area, dataTitle(plotted, singled))
	d.measure(plotted)
	plot := d.axes.Draw(grid, inside, chart.Axis{Range: d.x}, chart.Axis{Range: d.y}, s.Theme.Border, s.Theme.Dim)
	if plot.Area.Empty() {
		return
	}
	points := plot.Series(s.Theme.Dim, pointsOverLanes)
	classified, classes := plotted.(problem.Classified)
	if classes {
		classified.ClassPoints(0, examplesShown, points.Dot)
	} else {
		plotted.Points(examplesShown, points.Dot)
	}
	if optima := plotted.Optima(); len(optima) > 0 {
		d.drawFit(plot.Series(s.Theme.Optimum, bestOverPoints), plotted, optima[0].Theta, plot.Area.Width, true)
	}
	order := s.DrawingOrder()
	for _, k := range order {
		series := plot.Series(s.Dots(k), Pick(k == s.Selected, selectedOverAll, 0))
		d.drawFit(series, plotted, s.Race.Lanes()[k].Theta(), plot.Area.Width, false)
	}
	plot.Paint(grid)
	mark := func(mark rune) func(x, y float64) {
		return func(x, y float64) {
			if column, row, ok := plot.Cell(x, y); ok {
				grid.Set(column, row, mark, s.Theme.Text)
			}
		}
	}
	if classes {
		classified.ClassPoints(0, examplesShown, mark(class0Mark))
		classified.ClassPoints(1, examplesShown, mark(exampleMark))
	} else {
		plotted.Points(singled, mark(exampleMark))
	}
	for n, k := range order {
		d.markFit(grid, plot, plotted, s, k, n)
	}
	d.drawFits(grid, area, s)
}

// drawFits writes into the lower border which line is the best fit and, where
// there is room, what it and the selected lane's are, in the data's own scale.
func (d *data) drawFits(grid *screen.Grid, area screen.Area, s *State) {
	best, lane := " ╌ best fit ", ""
	p := s.Race.Problem()
	if optima := p.Optima(); len(optima) > 0 {
		longer := " ╌ best fit: " + named(p.Names(), ownScale(p, optima[0].Theta)) + " "
		own := fmt.Sprintf(" %c %s: %s ", s.LaneStyle(s.Selected).Marker, s.Lane().Optimizer().Title, named(p.Names(), ownScale(p, s.Lane().Theta())))
		if screen.Width(longer)+4 <= area.Width {
			best = longer
		}
		if screen.Width(longer)+screen.Width(own)+8 <= area.Width {
			lane = own
		}
	}
	bottom := area.Y + area.Height - 1
	grid.Text(area.X+2, bottom, screen.Width(lane), lane, s.Theme.Text)
	grid.TextRight(area.X+2, bottom, area.Width-4, best, s.Theme.Optimum)
}

// ownScale returns θ in the data's own scale, where that is another.
func ownScale(p problem.Problem, theta []float64) []float64 {
	if own := problem.Unscaled(p, theta); own != nil {
		return own
	}
	return theta
}

// named writes parameters: "a = 2.001, b = 24.99".
func named(names []string, theta []float64) string {
	texts := make([]string, len(theta))
	for i, x := range theta {
		texts[i] = names[i] + " = " + Number(x)
	}
	return strings.Join(texts, ", ")
}

// dataTitle names the axes, and says of how many examples some are singled out, and
// where the features are that have no axis.
func dataTitle(plotted problem.Plotted, singled int) string {
	x, y := plotted.Axes()
	title := "data: " + y + " over " + x
	if _, ok := plotted.(problem.Classified); ok {
		return fmt.Sprintf("%s · class %c 0 %c 1", title, class0Mark, exampleMark)
	}
	if singled < plotted.Examples() {
		title += fmt.Sprintf(" (%c %d of %d examples)", exampleMark, singled, plotted.Examples())
	}
	if of, ok := plotted.(interface{ Features() int }); ok && of.Features() > 1 {
		title += " · others at their means"
	}
	return title
}

// measure finds the range of the data, once a problem.
func (d *data) measure(plotted problem.Plotted) {
	if d.key == plotted {
		return
	}
	var f Framing
	plotted.Points(examplesShown, f.Add)
	shown := f.Framed()
	d.key, d.x, d.y = plotted, shown.X, shown.Y
}

// exampleMark is an example of the data, class0Mark one of class 0.
const (
	exampleMark = '•'
	class0Mark  = '◦'
)

// examplesSingled returns how many examples are drawn as points over everything:
// all, where they are few, and otherwise so many that the lines still show. Without
// them, lines that have arrived would hide examples of little noise.
func examplesSingled(plotted problem.Plotted, width int) int {
	const few, apart = 60, 4
	if plotted.Examples() <= few {
		return plotted.Examples()
	}
	return width / apart
}

// What is drawn over what: lanes that have arrived would hide the examples' dots,
// and those the best fit, which is dashed to let them through.
const (
	pointsOverLanes = 1 + iota
	bestOverPoints
	selectedOverAll
)

// drawFit draws what θ predicts, in pieces of two cells each; dashed, every other
// one.
func (d *data) drawFit(series *chart.Series, plotted problem.Plotted, theta []float64, width int, dashed bool) {
	pieces := max(2, width/2)
	lastX, lastY := d.x.Min, plotted.Predict(theta, d.x.Min)
	for n := 1; n <= pieces; n++ {
		x := d.x.Min + float64(n)/float64(pieces)*(d.x.Max-d.x.Min)
		y := plotted.Predict(theta, x)
		if !dashed || n%2 == 0 {
			series.Line(lastX, lastY, x, y)
		}
		lastX, lastY = x, y
	}
}

// markFit puts a lane's marker on its line; lanes stand side by side, so that
// lines that have come together still show whose they are.
func (d *data) markFit(grid *screen.Grid, plot *chart.Plot, plotted problem.Plotted, s *State, k, n int) {
	x := d.x.Min + (d.x.Max-d.x.Min)*(0.1+0.06*float64(n%13))
	y := plotted.Predict(s.Race.Lanes()[k].Theta(), x)
	if math.IsNaN(y) {
		return
	}
	if column, row, ok := plot.Cell(x, y); ok {
		grid.Set(column, row, s.LaneStyle(k).Marker, s.mark(k))
	}
}
