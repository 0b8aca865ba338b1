package tui

import (
	"math"
	"slices"
	"strconv"

	"ravine/optim"
	"ravine/tui/chart"
	"ravine/tui/screen"
)

// arrow is one vector at the selected lane's marker, in data coordinates.
type arrow struct {
	name   string
	dx, dy float64
	style  screen.Style
}

// arrows are the selected lane's next step and what it is made of.
type arrows struct {
	x, y    float64
	arrows  []arrow
	probe   [2]float64 // where the rule looks, if elsewhere
	looks   bool
	enlarge float64 // how much longer than true they are drawn
}

const probeMark = '◌'

func newArrows(s *scene, plot *chart.Plot) arrows {
	lane := s.lane()
	i, j := s.axes[0], s.axes[1]
	next := lane.Explain()
	a := arrows{x: lane.Theta()[i], y: lane.Theta()[j], enlarge: 1}
	add := func(name string, vector []float64, factor float64, style screen.Style) {
		if vector != nil && (vector[i] != 0 || vector[j] != 0) {
			a.arrows = append(a.arrows, arrow{name, factor * vector[i], factor * vector[j], style})
		}
	}
	add("−η∇J", next.Lines[0].Value, -lane.Hyper().Eta, s.theme.Gradient)
	add(memoryName(next), next.Velocity, 1, s.theme.Velocity)
	add("step", next.Step, 1, s.theme.Step)
	if next.Probe != nil && (next.Probe[i] != a.x || next.Probe[j] != a.y) {
		a.looks, a.probe = true, [2]float64{next.Probe[i] - a.x, next.Probe[j] - a.y}
	}
	a.enlargeToSee(next.Step[i], next.Step[j], plot)
	return a
}

// memoryName names the part of the step that comes from the steps before.
func memoryName(next optim.Explanation) string {
	if slices.ContainsFunc(next.Lines, func(l optim.ExplainedLine) bool { return l.Symbol == "m" }) {
		return "moment"
	}
	return "velocity"
}

// enlargeToSee chooses the power of ten that makes the step at least a few cells
// long, so that a small one can be seen too.
func (a *arrows) enlargeToSee(dx, dy float64, plot *chart.Plot) {
	const cells = 3
	length := math.Hypot(dx/(plot.X.Max-plot.X.Min)*float64(plot.Area.Width),
		dy/(plot.Y.Max-plot.Y.Min)*float64(2*plot.Area.Height))
	for length > 0 && length < cells && a.enlarge < 1e9 {
		a.enlarge *= 10
		length *= 10
	}
}

func (a arrows) lines(plot *chart.Plot, s *scene) {
	const above = 10 // all lanes
	for n, arrow := range a.arrows {
		series := plot.Series(arrow.style, above+n)
		series.Line(a.x, a.y, a.x+a.enlarge*arrow.dx, a.y+a.enlarge*arrow.dy)
	}
}

// heads draws the arrows' tips. One that points out of the window has none.
func (a arrows) heads(grid *screen.Grid, plot *chart.Plot, s *scene) {
	draw := func(dx, dy float64, r rune, style screen.Style) {
		if column, row, ok := plot.Cell(a.x+a.enlarge*dx, a.y+a.enlarge*dy); ok {
			style.Background = grid.Cell(column, row).Style.Background
			grid.Set(column, row, r, style)
		}
	}
	for _, arrow := range a.arrows {
		width := arrow.dx / (plot.X.Max - plot.X.Min) * float64(plot.Area.Width)
		height := arrow.dy / (plot.Y.Max - plot.Y.Min) * float64(2*plot.Area.Height)
		draw(arrow.dx, arrow.dy, arrowHead(width, height), arrow.style)
	}
	if a.looks {
		draw(a.probe[0], a.probe[1], probeMark, s.theme.LookAhead)
	}
}

// arrowHead returns the arrow that points most nearly that way.
func arrowHead(dx, dy float64) rune {
	heads := []rune("→↗↑↖←↙↓↘")
	eighth := int(math.Round(math.Atan2(dy, dx) / (math.Pi / 4)))
	return heads[(eighth+8)%8]
}

// legend names the arrows in the panel's last row.
func (a arrows) legend(grid *screen.Grid, inside screen.Area, s *scene) {
	column, row := inside.X+1, inside.Y+inside.Height-1
	right := inside.X + inside.Width - 1
	write := func(text string, style screen.Style) {
		column += grid.Text(column, row, right-column, text, style)
	}
	plain := s.theme.Text
	for _, arrow := range a.arrows {
		write("→ "+arrow.name+" ", arrow.style)
	}
	if a.looks {
		write(string(probeMark)+" look-ahead ", s.theme.LookAhead)
	}
	if a.enlarge > 1 {
		write("×"+strconv.FormatFloat(a.enlarge, 'g', -1, 64), plain)
	}
}
