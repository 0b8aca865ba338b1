package tui

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"ravine/optim"
	"ravine/param"
	"ravine/race"
	"ravine/tui/chart"
	"ravine/tui/screen"
)

// chartScales has the charts' scale for each of the hyperparameters'.
var chartScales = map[param.Scale]chart.Scale{param.Log: chart.Log, param.PowersOfTwo: chart.Log2, param.LogComplement: chart.LogComplement}

// position returns where the i-th value of an axis stands; where that is
// infinite, as for a batch of all, it counts on from the one before.
func (w *sweep) position(axis, i int) float64 {
	p := w.axes[axis].Position(w.values[axis][i])
	if math.IsInf(p, 0) {
		return float64(i)
	}
	return p
}

func (w *sweep) axisOf(axis int) chart.Axis {
	return chart.Axis{
		Range: chart.Range{Min: w.position(axis, 0), Max: w.position(axis, len(w.values[axis])-1)},
		Scale: chartScales[w.axes[axis].Scale()],
	}
}

// measure returns what the sweep shows of a cell, as log10: the loss above the
// optimum, or the steps.
func (w *sweep) measure(cell race.Cell, best float64) float64 {
	if w.bySteps {
		steps := cell.Steps
		if cell.Status.IsElsewhere() { // it never gets there
			steps = w.trial.Steps
		}
		return math.Log10(math.Max(float64(steps), 1))
	}
	return math.Max(math.Log10(math.Max(cell.Loss-best, 0)), leastMeasured)
}

// leastMeasured is what is measured of a loss that is the optimum's.
const leastMeasured = -300

// sweepPanel draws the sweep.
type sweepPanel struct {
	axes chart.Axes
	plot *chart.Plot // of the last picture
}

func (p *sweepPanel) draw(grid *screen.Grid, area screen.Area, w *sweep, s *scene) {
	const frame = 6 // around a title
	title := w.title(s.lane().Optimizer().Title)
	full := fmt.Sprintf("%s, middle of %d starts", title, w.trial.Starts)
	switch room := area.Width - frame; {
	case w.settled && screen.Width(full) <= room:
		title = full
	case screen.Width(title) > room:
		title = strings.Replace(title, " over ", ", ", 1)
	}
	inside := s.boxed(grid, area, title)
	if w.grid == nil {
		grid.Text(inside.X+1, inside.Y, inside.Width-2, w.refused, s.theme.Warn)
		return
	}
	if len(w.axes) == 1 {
		p.drawCurve(grid, inside, w, s)
	} else {
		p.drawMap(grid, inside, w, s)
	}
	if !w.settled {
		const bar = 12
		done := bar * w.next / (2 * len(w.order))
		for x := range bar {
			grid.Set(area.X+area.Width-bar-2+x, area.Y, pick(x < done, '━', '─'), s.theme.Key)
		}
	}
}

// bounds returns the range of what the known, not diverged cells measure, and the
// least that counts: a run that does not reach the tolerance has no steps to it.
func (w *sweep) bounds(best float64) (low, high, least float64) {
	low, high, least = math.Inf(1), math.Inf(-1), math.Inf(1)
	for i, cell := range w.cells {
		if !w.known[i] || cell.Status == race.Diverged {
			continue
		}
		y := w.measure(cell, best)
		low, high = math.Min(low, y), math.Max(high, y)
		if w.counts(cell) && !cell.Outside {
			least = math.Min(least, y)
		}
	}
	if low > high {
		return 0, 1, least
	}
	return math.Max(low, high-16), high, least
}

// hasBest reports whether there is a best value to mark.
func (w *sweep) hasBest() bool { return w.found && w.counts(w.cells[w.best.Index]) }

// counts reports whether what a cell measures is what is asked for: the steps to
// the tolerance of a run that does not reach it are only the limit.
func (w *sweep) counts(cell race.Cell) bool {
	return cell.Status == race.Converged || !w.bySteps && cell.Status != race.Diverged
}

// drawCurve draws what one hyperparameter does: a curve, whose colour says
// whether a run converged, was slow, left the picture, or diverged.
func (p *sweepPanel) drawCurve(grid *screen.Grid, inside screen.Area, w *sweep, s *scene) {
	best := s.bestLoss()
	low, high, _ := w.bounds(best)
	y := chart.Axis{Range: chart.Range{Min: math.Floor(low), Max: math.Ceil(high + 0.1)}, Scale: chart.Log}
	plot := p.axes.Draw(grid, inside, w.axisOf(0), y, s.theme.Border, s.theme.Dim)
	p.plot = plot
	if plot.Area.Empty() {
		return
	}
	uprights := p.uprights(w, s)
	for n, u := range uprights {
		u.draw(grid, plot, n)
	}
	drawOutcomes(plot, w, s)
	plot.Paint(grid)
	if text := w.outcome(s, inside.Width-2); text != "" {
		grid.Text(inside.X+1, inside.Y+inside.Height, inside.Width-2, text, s.theme.Dim)
	}
	if w.hasBest() {
		p.markBest(grid, plot, w.position(0, w.best.Index), w.measure(w.cells[w.best.Index], best), w, s)
	}
	if cell, ok := w.cellAt(w.cursor); ok { // the lane itself may be at another step
		at := math.Min(math.Max(w.measure(cell, best), plot.Y.Min), plot.Y.Max)
		p.mark(grid, plot, w.lanePosition(s, 0), pick(cell.Status == race.Diverged, plot.Y.Max, at), s)
	}
	for _, u := range uprights {
		u.drawName(grid, plot)
	}
}

// drawOutcomes draws the curve through the outcomes that are known, each in the
// colour of how its run ended.
func drawOutcomes(plot *chart.Plot, w *sweep, s *scene) {
	best := s.bestLoss()
	diverged := s.theme.Bad
	diverged.Attributes &^= screen.Reverse      // dots would be blocks
	above := plot.Series(s.dots(s.Selected), 1) // of the best optimum, wherever the run has stopped
	converged, left := plot.Series(s.theme.Good, 2), plot.Series(diverged, 3)
	outside := plot.Series(s.theme.Warn, 2)
	series := func(cell race.Cell) *chart.Series {
		switch {
		case cell.Status == race.Diverged:
			return left
		case cell.Outside:
			return outside
		case cell.Status == race.Converged:
			return converged
		}
		return above
	}
	last := -1
	for i := range w.values[0] {
		if !w.known[i] {
			continue
		}
		cell := w.cells[i]
		x, y := w.position(0, i), w.measure(cell, best)
		if cell.Status == race.Diverged {
			y = plot.Y.Max
		}
		series(cell).Dot(x, y)
		if last >= 0 {
			before := w.cells[last]
			if before.Status != race.Diverged && cell.Status != race.Diverged {
				series(cell).Line(w.position(0, last), w.measure(before, best), x, y)
			}
		}
		last = i
	}
}

// lanePosition returns where the lane's own value stands along an axis. It need
// not be one of the grid's until the cursor is moved.
func (w *sweep) lanePosition(s *scene, axis int) float64 {
	hyper := s.lane().Hyper()
	last := w.position(axis, len(w.values[axis])-1)
	return math.Max(w.position(axis, 0), math.Min(w.axes[axis].Position(hyper.Get(w.axes[axis].Key)), last))
}

// mark draws the cursor: the lane's marker.
func (p *sweepPanel) mark(grid *screen.Grid, plot *chart.Plot, x, y float64, s *scene) {
	if column, row, ok := plot.Cell(x, y); ok {
		style := s.theme.Changed
		grid.Set(column, row, s.look(s.Selected).Marker, style)
		if column > plot.Area.X {
			grid.Set(column-1, row, '▸', s.theme.Key)
		}
		if column+1 < plot.Area.X+plot.Area.Width {
			grid.Set(column+1, row, '◂', s.theme.Key)
		}
	}
}

// upright is a line at an η that theory knows, with its name on one side of it.
type upright struct {
	eta   float64
	name  string
	left  bool // is the side where its name is best
	style screen.Style
}

// uprights returns the theory's bound and best η, where there is a theory.
func (p *sweepPanel) uprights(w *sweep, s *scene) []upright {
	theory, ok := race.TheoryThroughout(s.lane())
	if !ok || theory.Bound == 0 || w.axes[0].Key != optim.Eta || s.lane().Changes(optim.Gamma) {
		return nil
	}
	uprights := []upright{{theory.Bound, theory.BoundText, false, s.theme.Warn}}
	// The best η goes with the best γ, and the lane's may be another.
	if gamma := s.lane().Hyper().Gamma; math.IsNaN(theory.BestGamma) || math.Abs(gamma-theory.BestGamma) < 0.01 {
		uprights = append(uprights, upright{theory.BestEta, "theory's best", true, s.theme.Good})
	}
	return uprights
}

// draw draws the n-th line. Lines that share a column, as the best η and the bound
// mostly do, share its cells.
func (u upright) draw(grid *screen.Grid, plot *chart.Plot, n int) {
	column, _, ok := plot.Cell(math.Log10(u.eta), plot.Y.Min)
	if !ok {
		return
	}
	for row := range plot.Area.Height {
		if y := plot.Area.Y + row; row%2 == n%2 || grid.Cell(column, y).Rune == ' ' {
			grid.Set(column, y, '┊', u.style)
		}
	}
}

// drawName writes a line's name beside it, with its η where there is room, and on
// the other side where there is none on its own: near the middle, where nothing
// else stands. So it is drawn last.
func (u upright) drawName(grid *screen.Grid, plot *chart.Plot) {
	column, _, ok := plot.Cell(math.Log10(u.eta), plot.Y.Min)
	if !ok {
		return
	}
	for _, left := range []bool{u.left, !u.left} {
		for _, name := range []string{u.name + " = " + setting(u.eta), u.name} {
			width, middle := screen.Width(name), plot.Area.Y+plot.Area.Height/2-2
			x := pick(left, column-2-width, column+3)
			for away := range plot.Area.Height {
				for _, row := range []int{middle + away, middle - away} {
					if isFree(grid, plot.Area, x, row, width) {
						grid.Text(x, row, width, name, u.style)
						return
					}
				}
			}
		}
	}
}

// isFree reports whether that many cells from x on are in the area and empty.
func isFree(grid *screen.Grid, area screen.Area, x, row, width int) bool {
	for column := x; column < x+width; column++ {
		if !area.Contains(column, row) || grid.Cell(column, row).Rune != ' ' {
			return false
		}
	}
	return true
}

// drawKey writes into the lower border what the ends of the ramp stand for, as
// far as the title does not say it, and what the signs do.
func (p *sweepPanel) drawKey(grid *screen.Grid, inside screen.Area, w *sweep, low, high float64, s *scene) {
	x, y := inside.X+1, inside.Y+inside.Height
	write := func(text string, style screen.Style) {
		if screen.Width(text) <= inside.X+inside.Width-1-x {
			x += grid.Text(x, y, screen.Width(text), text, style)
		}
	}
	text := number
	switch {
	case w.bySteps:
		write(" steps", s.theme.Dim)
		text = func(x float64) string { return strconv.Itoa(int(math.Round(x))) }
	case s.bestLoss() != 0:
		write(" loss − optimum", s.theme.Dim)
	}
	write(" "+text(pick(low <= leastMeasured, 0, math.Pow(10, low)))+" ", s.theme.Dim)
	const steps = 8
	for n := range steps {
		heat := float64(n) / (steps - 1)
		if s.theme.Colorless {
			write(string(shade(heat)), s.theme.Text)
		} else {
			write(" ", screen.Style{Background: s.theme.Heat(heat)})
		}
	}
	write(" "+text(math.Pow(10, high)), s.theme.Dim)
	write(pick(w.best.Fragile, " + best, fragile", " + best"), s.theme.Dim)
	if slices.ContainsFunc(w.cells, func(c race.Cell) bool { return c.Status == race.Diverged }) {
		write(" × diverged", s.theme.Dim)
	}
	if !w.bySteps && slices.ContainsFunc(w.cells, func(c race.Cell) bool { return c.Status == race.Converged }) {
		write(" · converged", s.theme.Dim)
	}
	if slices.ContainsFunc(w.cells, func(c race.Cell) bool { return c.Outside && c.Status != race.Diverged }) {
		write(" / outside", s.theme.Dim)
	}
	write(", shaded by rank", s.theme.Dim)
	write(" ", s.theme.Dim)
}

// outcome says, in so many columns, which of the known values is best, or once all are known that
// none is: that none reaches the tolerance, where the steps to it are asked for.
func (w *sweep) outcome(s *scene, width int) string {
	switch {
	case !w.hasBest() && w.next < len(w.order):
		return ""
	case w.bySteps && !slices.ContainsFunc(w.cells, w.counts):
		return fmt.Sprintf(" none of these converges within %s ", plural(w.trial.Steps, "step"))
	case !w.found:
		return " all of these diverge "
	}
	cell := w.cells[w.best.Index]
	what := "loss " + number(cell.Loss)
	if w.bySteps {
		what = pick(w.counts(cell), plural(cell.Steps, "step"), "does not converge")
	}
	text := fmt.Sprintf(" + %s: %s, %s ", pick(w.best.Fragile, "fragile", "best"), w.describe(w.grid.Values(w.best.Index), s.lane()), what)
	passedOver := fmt.Sprintf("(%s is fragile) ", w.describe(w.grid.Values(w.best.Lowest), s.lane()))
	if w.best.Lowest != w.best.Index && screen.Width(text+passedOver) <= width {
		text += passedOver
	}
	return text
}

// describe names values of the axes.
func (w *sweep) describe(values []float64, lane *race.Lane) string {
	var said []string
	for n, axis := range w.axes {
		parameter, _ := param.Find(lane.Parameters(), axis.Key)
		said = append(said, parameter.Symbol+" = "+prettyValue(parameter, values[n]))
	}
	return strings.Join(said, ", ")
}

// markBest marks the best of what is known.
func (p *sweepPanel) markBest(grid *screen.Grid, plot *chart.Plot, x, y float64, w *sweep, s *scene) {
	if column, row, ok := plot.Cell(x, y); ok {
		style := pick(w.best.Fragile, s.theme.Warn, s.theme.Good)
		style.Background = grid.Cell(column, row).Style.Background
		grid.Set(column, row, '+', style)
	}
}
