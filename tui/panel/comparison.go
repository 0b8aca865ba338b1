package panel

import (
	"math"
	"slices"

	"github.com/charmbracelet/x/ansi"

	"ravine/race"
	"ravine/tui/chart"
	"ravine/tui/screen"
)

// comparison draws the next step of Momentum and of NAG side by side, both from one
// lane's θ and v and in one scale: the talk's picture of the two, on the surface.
type comparison struct{ Halves [2]Surface }

// Compared returns the lane from which Momentum and NAG are compared: the selected
// one if it is of either rule, or else another on screen. Or it says why there is
// none.
func (s *State) Compared() (lane int, why string) {
	for _, k := range append([]int{s.Selected}, s.DrawingOrder()...) {
		lane := s.Race.Lanes()[k]
		if _, ok := race.MomentaOf(lane); ok && !s.Lanes[k].Hidden && lane.Status() == race.Running {
			return k, ""
		}
	}
	return 0, "no Momentum or NAG runs here, to compare the two from"
}

// draw draws both halves, and reports whether it could.
func (c *comparison) draw(grid *screen.Grid, area screen.Area, s *State) bool {
	k, why := s.Compared()
	if why != "" || area.Empty() {
		return false
	}
	steps := momentaArrows(s, s.Race.Lanes()[k])
	areas := [2]screen.Area{}
	areas[0], areas[1] = area.SplitLeft(area.Width / 2)
	local := *s
	local.Window = s.around(steps[0].arrows, steps[1].arrows).at(steps[0].X, steps[0].Y)
	if !local.Window.Drawable() {
		return false
	}
	across, up := local.Window.X.Max-local.Window.X.Min, local.Window.Y.Max-local.Window.Y.Min
	legends := [2]string{"θ and v of " + s.Race.Lanes()[k].Optimizer().Title + " ", tick(across) + " × " + tick(up) + " "}
	titles := [2]string{"Momentum, ∇J(θ)", "NAG, ∇J(θ − γv)"}
	if areas[0].Width < screen.Width(titles[0])+titleRoom {
		titles = [2]string{"Momentum", "NAG"}
	}
	for n, title := range titles {
		inside := s.boxed(grid, areas[n], title)
		c.drawHalf(grid, inside, &local, n, k, &steps[n])
		overBands(grid, inside.X, inside.Y+inside.Height-1, inside.Width, legends[n], s.Theme.Text)
	}
	return true
}

// momentaArrows returns the arrows of both, without their plots.
func momentaArrows(s *State, lane *race.Lane) (steps [2]arrows) {
	momenta, _ := race.MomentaOf(lane)
	i, j := s.Axes[0], s.Axes[1]
	velocity := displacement{momenta.Velocity[i], momenta.Velocity[j]}
	for n, gradient := range [][]float64{momenta.Momentum, momenta.NAG} {
		a := &steps[n]
		a.X, a.Y, a.Factor = lane.Theta()[i], lane.Theta()[j], 1
		if n == 1 {
			a.Probe = velocity
		}
		downhill := displacement{gradient[i], gradient[j]}
		a.arrows = []arrow{
			{"step", displacement{}, velocity.plus(1, downhill), s.Theme.Step},
			{"−γv", displacement{}, velocity, s.Theme.Velocity},
			{"−η∇J", a.Probe, a.Probe.plus(1, downhill), s.Theme.Gradient},
		}
	}
	return steps
}

// around returns the window around arrows, from where they begin, with room for their
// names. Directions are about those on the surface.
func (s *State) around(both ...[]arrow) Window {
	const part = 0.55 // of the window's sides, for what is drawn
	var box Framing
	box.Add(0, 0)
	for _, a := range slices.Concat(both...) {
		box.Add(a.To[0], a.To[1])
	}
	w := s.Unstretched(box.Window)
	larger := func(r chart.Range) chart.Range {
		middle, half := (r.Min+r.Max)/2, (r.Max-r.Min)/2/part
		return chart.Range{Min: middle - half, Max: middle + half}
	}
	return Window{larger(w.X), larger(w.Y)}
}

// at returns the window with that point as its origin.
func (w Window) at(x, y float64) Window {
	return Window{chart.Range{Min: x + w.X.Min, Max: x + w.X.Max}, chart.Range{Min: y + w.Y.Min, Max: y + w.Y.Max}}
}

// drawHalf draws one of the two, over its part of the surface.
func (c *comparison) drawHalf(grid *screen.Grid, inside screen.Area, s *State, n, k int, a *arrows) {
	v := &c.Halves[n]
	v.Plot = chart.NewPlot(inside, s.Window.X, s.Window.Y)
	if inside.Empty() {
		return
	}
	v.drawLossBands(grid, s)
	a.Plot = v.Plot
	a.lines()
	v.Plot.Paint(grid)
	for _, optimum := range s.Race.Problem().Optima() {
		v.mark(grid, optimum.Theta, s, optimumMark, s.Theme.Optimum)
	}
	v.mark(grid, s.Race.Lanes()[k].Theta(), s, s.LaneStyle(k).Marker, s.mark(k))
	a.heads(grid, s)
	for _, arrow := range a.arrows {
		middle := arrow.From.plus(0.5, arrow.To.plus(-1, arrow.From))
		x, y := a.place(middle)
		a.label(grid, x, y, arrow.Name, arrow.style)
	}
	if a.looksAhead() {
		x, y := a.place(a.Probe)
		a.label(grid, x, y, "look-ahead", s.Theme.LookAhead)
	}
}

// label writes a name beside a point, where it covers the least.
func (a *arrows) label(grid *screen.Grid, x, y float64, name string, style screen.Style) {
	column, row, ok := a.Plot.Cell(x, y)
	if !ok {
		return
	}
	width := screen.Width(name)
	best, least := [2]int{}, math.MaxInt
	for _, away := range []int{1, 0, 2, 3} { // rows
		for _, down := range []int{-away, away} {
			for _, right := range []int{2, -1 - width, -width / 2} {
				at := [2]int{column + right, row + down}
				if covered, ok := a.covered(grid, at[0], at[1], width); ok && covered+away < least {
					best, least = at, covered+away
				}
			}
		}
	}
	if least < math.MaxInt {
		overBands(grid, best[0], best[1], width, name, style)
	}
}

// covered returns how much a text of that width would cover there, if it is inside.
func (a *arrows) covered(grid *screen.Grid, column, row, width int) (covered int, inside bool) {
	const aDot, aSign = 2, 20
	area := a.Plot.Area
	if column < area.X || column+width > area.X+area.Width || row < area.Y || row >= area.Y+area.Height-1 { // the last row is the legend's
		return 0, false
	}
	for x := column; x < column+width; x++ {
		switch r := grid.Cell(x, row).Rune; {
		case isBraille(r):
			covered += aDot
		case r != ' ' && r != '▀' && r != '▄' && r != '·' && r != ':' && r != '=':
			covered += aSign
		}
	}
	return covered, true
}

// overBands writes text on the backgrounds that are there.
func overBands(grid *screen.Grid, x, y, width int, text string, style screen.Style) {
	for _, r := range ansi.Truncate(text, width, "…") {
		style.Background = grid.Cell(x, y).Style.Background
		grid.Set(x, y, r, style)
		x++
	}
}
