package panel

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

// Position returns where the i-th value of an axis stands; where that is
// infinite, as for a batch of all, it counts on from the one before.
func (w *Swept) Position(axis, i int) float64 {
	p := w.Axes[axis].Position(w.Values[axis][i])
	if math.IsInf(p, 0) {
		return float64(i)
	}
	return p
}

// axisOf returns an axis of the sweep's plot.
func (w *Swept) axisOf(axis int) chart.Axis {
	return chart.Axis{
		Range: chart.Range{Min: w.Position(axis, 0), Max: w.Position(axis, len(w.Values[axis])-1)},
		Scale: chartScales[w.Axes[axis].Scale()],
	}
}

// Measure returns what the sweep shows of a cell, as log10: the loss above the
// optimum, or the steps.
func (w *Swept) Measure(cell race.Cell, best float64) float64 {
	if w.BySteps {
		steps := cell.Steps
		if cell.Status.IsElsewhere() { // it never gets there
			steps = w.Trial.Steps
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
	Plot *chart.Plot // of the last picture
}

func (p *sweepPanel) draw(grid *screen.Grid, area screen.Area, w *Swept, s *State) {
	const frame = 6 // around a title
	title := w.Title(s.Lane().Optimizer().Title)
	full := fmt.Sprintf("%s, middle of %d starts", title, w.Trial.Starts)
	switch room := area.Width - frame; {
	case w.Settled && screen.Width(full) <= room:
		title = full
	case screen.Width(title) > room:
		title = strings.Replace(title, " over ", ", ", 1)
	}
	inside := s.boxed(grid, area, title)
	if w.Grid == nil {
		grid.Text(inside.X+1, inside.Y, inside.Width-2, w.Refused, s.Theme.Warn)
		return
	}
	if len(w.Axes) == 1 {
		p.drawCurve(grid, inside, w, s)
	} else {
		p.drawMap(grid, inside, w, s)
	}
	if !w.Settled {
		const bar = 12
		done := bar * w.Next / (2 * len(w.Order))
		for x := range bar {
			grid.Set(area.X+area.Width-bar-2+x, area.Y, Pick(x < done, '━', '─'), s.Theme.Key)
		}
	}
}

// bounds returns the range of what the known, not diverged cells measure, and the
// least that counts: a run that does not reach the tolerance has no steps to it.
func (w *Swept) bounds(best float64) (low, high, least float64) {
	low, high, least = math.Inf(1), math.Inf(-1), math.Inf(1)
	for i, cell := range w.Cells {
		if !w.Known[i] || cell.Status == race.Diverged {
			continue
		}
		y := w.Measure(cell, best)
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
func (w *Swept) hasBest() bool { return w.Found && w.counts(w.Cells[w.Best.Index]) }

// counts reports whether what a cell measures is what is asked for: the steps to
// the tolerance of a run that does not reach it are only the limit.
func (w *Swept) counts(cell race.Cell) bool {
	return cell.Status == race.Converged || !w.BySteps && cell.Status != race.Diverged
}

// drawCurve draws what one hyperparameter does: a curve, whose colour says
// whether a run converged, was slow, left the picture, or diverged.
func (p *sweepPanel) drawCurve(grid *screen.Grid, inside screen.Area, w *Swept, s *State) {
	best := s.BestLoss()
	low, high, _ := w.bounds(best)
	y := chart.Axis{Range: chart.Range{Min: math.Floor(low), Max: math.Ceil(high + 0.1)}, Scale: chart.Log}
	plot := p.axes.Draw(grid, inside, w.axisOf(0), y, s.Theme.Border, s.Theme.Dim)
	p.Plot = plot
	if plot.Area.Empty() {
		return
	}
	lines := p.verticalLines(w, s)
	for n, line := range lines {
		line.draw(grid, plot, n)
	}
	drawOutcomes(plot, w, s)
	plot.Paint(grid)
	if text := w.outcome(s, inside.Width-2); text != "" {
		grid.Text(inside.X+1, inside.Y+inside.Height, inside.Width-2, text, s.Theme.Dim)
	}
	if w.hasBest() {
		p.markBest(grid, plot, w.Position(0, w.Best.Index), w.Measure(w.Cells[w.Best.Index], best), w, s)
	}
	if cell, ok := w.CellAt(w.Cursor); ok { // the lane itself may be at another step
		at := math.Min(math.Max(w.Measure(cell, best), plot.Y.Min), plot.Y.Max)
		p.mark(grid, plot, w.lanePosition(s, 0), Pick(cell.Status == race.Diverged, plot.Y.Max, at), s)
	}
	for _, line := range lines {
		line.drawName(grid, plot)
	}
}

// drawOutcomes draws the curve through the outcomes that are known, each in the
// colour of how its run ended.
func drawOutcomes(plot *chart.Plot, w *Swept, s *State) {
	best := s.BestLoss()
	diverged := s.Theme.Bad
	diverged.Attributes &^= screen.Reverse      // dots would be blocks
	above := plot.Series(s.Dots(s.Selected), 1) // of the best optimum, wherever the run has stopped
	converged, left := plot.Series(s.Theme.Good, 2), plot.Series(diverged, 3)
	outside := plot.Series(s.Theme.Warn, 2)
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
	for i := range w.Values[0] {
		if !w.Known[i] {
			continue
		}
		cell := w.Cells[i]
		x, y := w.Position(0, i), w.Measure(cell, best)
		if cell.Status == race.Diverged {
			y = plot.Y.Max
		}
		series(cell).Dot(x, y)
		if last >= 0 {
			before := w.Cells[last]
			if before.Status != race.Diverged && cell.Status != race.Diverged {
				series(cell).Line(w.Position(0, last), w.Measure(before, best), x, y)
			}
		}
		last = i
	}
}

// lanePosition returns where the lane's own value stands along an axis. It need
// not be one of the grid's until the cursor is moved.
func (w *Swept) lanePosition(s *State, axis int) float64 {
	hyper := s.Lane().Hyper()
	last := w.Position(axis, len(w.Values[axis])-1)
	return math.Max(w.Position(axis, 0), math.Min(w.Axes[axis].Position(hyper.Get(w.Axes[axis].Key)), last))
}

// mark draws the cursor: the lane's marker.
func (p *sweepPanel) mark(grid *screen.Grid, plot *chart.Plot, x, y float64, s *State) {
	if column, row, ok := plot.Cell(x, y); ok {
		style := s.Theme.Changed
		grid.Set(column, row, s.LaneStyle(s.Selected).Marker, style)
		if column > plot.Area.X {
			grid.Set(column-1, row, '▸', s.Theme.Key)
		}
		if column+1 < plot.Area.X+plot.Area.Width {
			grid.Set(column+1, row, '◂', s.Theme.Key)
		}
	}
}

// verticalLine is a line at an η that theory knows, with its name on one side of it.
type verticalLine struct {
	eta   float64
	name  string
	left  bool // is the side where its name is best
	style screen.Style
}

// verticalLines returns the theory's bound and best η, where there is a theory.
func (p *sweepPanel) verticalLines(w *Swept, s *State) []verticalLine {
	theory, ok := race.TheoryThroughout(s.Lane())
	if !ok || theory.Bound == 0 || w.Axes[0].Key != optim.Eta || s.Lane().Changes(optim.Gamma) {
		return nil
	}
	lines := []verticalLine{{theory.Bound, theory.BoundText, false, s.Theme.Warn}}
	// The best η goes with the best γ, and the lane's may be another.
	if gamma := s.Lane().Hyper().Gamma; math.IsNaN(theory.BestGamma) || math.Abs(gamma-theory.BestGamma) < 0.01 {
		lines = append(lines, verticalLine{theory.BestEta, "theory's best", true, s.Theme.Good})
	}
	return lines
}

// draw draws the n-th line. Lines that share a column, as the best η and the bound
// mostly do, share its cells.
func (l verticalLine) draw(grid *screen.Grid, plot *chart.Plot, n int) {
	column, _, ok := plot.Cell(math.Log10(l.eta), plot.Y.Min)
	if !ok {
		return
	}
	for row := range plot.Area.Height {
		if y := plot.Area.Y + row; row%2 == n%2 || grid.Cell(column, y).Rune == ' ' {
			grid.Set(column, y, '┊', l.style)
		}
	}
}

// drawName writes a line's name beside it, with its η where there is room, and on
// the other side where there is none on its own: near the middle, where nothing
// else stands. So it is drawn last.
func (l verticalLine) drawName(grid *screen.Grid, plot *chart.Plot) {
	column, _, ok := plot.Cell(math.Log10(l.eta), plot.Y.Min)
	if !ok {
		return
	}
	for _, left := range []bool{l.left, !l.left} {
		for _, name := range []string{l.name + " = " + setting(l.eta), l.name} {
			width, middle := screen.Width(name), plot.Area.Y+plot.Area.Height/2-2
			x := Pick(left, column-2-width, column+3)
			for away := range plot.Area.Height {
				for _, row := range []int{middle + away, middle - away} {
					if isFree(grid, plot.Area, x, row, width) {
						grid.Text(x, row, width, name, l.style)
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
func (p *sweepPanel) drawKey(grid *screen.Grid, inside screen.Area, w *Swept, low, high float64, s *State) {
	x, y := inside.X+1, inside.Y+inside.Height
	write := func(text string, style screen.Style) {
		if screen.Width(text) <= inside.X+inside.Width-1-x {
			x += grid.Text(x, y, screen.Width(text), text, style)
		}
	}
	text := Number
	switch {
	case w.BySteps:
		write(" steps", s.Theme.Dim)
		text = func(x float64) string { return strconv.Itoa(int(math.Round(x))) }
	case s.BestLoss() != 0:
		write(" loss − optimum", s.Theme.Dim)
	}
	write(" "+text(Pick(low <= leastMeasured, 0, math.Pow(10, low)))+" ", s.Theme.Dim)
	const steps = 8
	for n := range steps {
		heat := float64(n) / (steps - 1)
		if s.Theme.Colorless {
			write(string(shade(heat)), s.Theme.Text)
		} else {
			write(" ", screen.Style{Background: s.Theme.Heat(heat)})
		}
	}
	write(" "+text(math.Pow(10, high)), s.Theme.Dim)
	write(Pick(w.Best.Fragile, " + best, fragile", " + best"), s.Theme.Dim)
	if slices.ContainsFunc(w.Cells, func(c race.Cell) bool { return c.Status == race.Diverged }) {
		write(" × diverged", s.Theme.Dim)
	}
	if !w.BySteps && slices.ContainsFunc(w.Cells, func(c race.Cell) bool { return c.Status == race.Converged }) {
		write(" · converged", s.Theme.Dim)
	}
	if slices.ContainsFunc(w.Cells, func(c race.Cell) bool { return c.Outside && c.Status != race.Diverged }) {
		write(" / outside", s.Theme.Dim)
	}
	write(", shaded by rank", s.Theme.Dim)
	write(" ", s.Theme.Dim)
}

// outcome says, in so many columns, which of the known values is best, or once all are known that
// none is: that none reaches the tolerance, where the steps to it are asked for.
func (w *Swept) outcome(s *State, width int) string {
	switch {
	case !w.hasBest() && w.Next < len(w.Order):
		return ""
	case w.BySteps && !slices.ContainsFunc(w.Cells, w.counts):
		return fmt.Sprintf(" none of these converges within %s ", param.Plural(w.Trial.Steps, "step"))
	case !w.Found:
		return " all of these diverge "
	}
	cell := w.Cells[w.Best.Index]
	what := "loss " + Number(cell.Loss)
	if w.BySteps {
		what = Pick(w.counts(cell), param.Plural(cell.Steps, "step"), "does not converge")
	}
	text := fmt.Sprintf(" + %s: %s, %s ", Pick(w.Best.Fragile, "fragile", "best"), w.Describe(w.Grid.Values(w.Best.Index), s.Lane()), what)
	passedOver := fmt.Sprintf("(%s is fragile) ", w.Describe(w.Grid.Values(w.Best.Lowest), s.Lane()))
	if w.Best.Lowest != w.Best.Index && screen.Width(text+passedOver) <= width {
		text += passedOver
	}
	return text
}

// Describe names values of the axes.
func (w *Swept) Describe(values []float64, lane *race.Lane) string {
	var named []string
	for n, axis := range w.Axes {
		parameter, _ := param.Find(lane.Parameters(), axis.Key)
		named = append(named, parameter.Symbol+" = "+PrettyValue(parameter, values[n]))
	}
	return strings.Join(named, ", ")
}

// markBest marks the best of what is known.
func (p *sweepPanel) markBest(grid *screen.Grid, plot *chart.Plot, x, y float64, w *Swept, s *State) {
	if column, row, ok := plot.Cell(x, y); ok {
		style := Pick(w.Best.Fragile, s.Theme.Warn, s.Theme.Good)
		style.Background = grid.Cell(column, row).Style.Background
		grid.Set(column, row, '+', style)
	}
}
