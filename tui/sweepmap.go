package tui

import (
	"math"
	"slices"

	"ravine/optim"
	"ravine/race"
	"ravine/tui/chart"
	"ravine/tui/screen"
)

// drawMap draws what two hyperparameters do: a heat map, half a cell a point.
func (p *sweepPanel) drawMap(grid *screen.Grid, inside screen.Area, w *sweep, s *scene) {
	plot := p.axes.Draw(grid, inside, w.axisOf(0), w.axisOf(1), s.theme.Border, s.theme.Dim)
	p.plot = plot
	if plot.Area.Empty() {
		return
	}
	best := s.bestLoss()
	_, high, least := w.bounds(best)
	spread := w.spread(best)
	columns := w.places(0, plot.Area.Width, plot.X)
	rows := w.places(1, 2*plot.Area.Height, plot.Y)
	for row := range plot.Area.Height {
		for column := range plot.Area.Width {
			top := p.heat(w, s, columns[column], rows[len(rows)-1-2*row], best, spread)
			bottom := p.heat(w, s, columns[column], rows[len(rows)-2-2*row], best, spread)
			p.drawHeat(grid, plot.Area.X+column, plot.Area.Y+row, top, bottom, w, s)
		}
	}
	p.drawBoundLine(grid, plot, w, s)
	if !w.hasBest() {
		grid.Text(inside.X+1, inside.Y+inside.Height, inside.Width-2, w.outcome(s, inside.Width-2), s.theme.Dim)
	} else {
		p.drawKey(grid, inside, w, least, high, s)
		values := w.grid.Values(w.best.Index)
		p.markBest(grid, plot, w.axes[0].Position(values[0]), w.axes[1].Position(values[1]), w, s)
	}
	p.mark(grid, plot, w.lanePosition(s, 0), w.lanePosition(s, 1), s)
}

// spread returns, for what the known cells that count measure, the part of them
// that is lower: so a map uses all of its colours, whatever the values.
func (w *sweep) spread(best float64) func(y float64) float64 {
	var sorted []float64
	for i, cell := range w.cells {
		if w.known[i] && w.counts(cell) {
			sorted = append(sorted, w.measure(cell, best))
		}
	}
	slices.Sort(sorted)
	return func(y float64) float64 {
		place, _ := slices.BinarySearch(sorted, y)
		return float64(place) / math.Max(1, float64(len(sorted)-1))
	}
}

// drawBoundLine draws, over η × γ, the η from which theory has the lane diverge.
func (p *sweepPanel) drawBoundLine(grid *screen.Grid, plot *chart.Plot, w *sweep, s *scene) {
	theory, ok := race.TheoryThroughout(s.lane())
	if !ok || theory.Bound == 0 || w.axes[0].Key != optim.Eta || w.axes[1].Key != optim.Gamma {
		return
	}
	hyper := s.lane().Hyper()
	for row := range plot.Area.Height {
		_, y := plot.Data(plot.Area.X, plot.Area.Y+row)
		hyper.Gamma = 1 - math.Pow(10, -y)
		if at, ok := race.TheoryWith(s.lane(), hyper); ok && hyper.Gamma >= 0 {
			if column, _, ok := plot.Cell(math.Log10(at.Bound), y); ok {
				grid.SetForeground(column, plot.Area.Y+row, '┊', s.theme.Warn.Foreground)
			}
		}
	}
}

// places returns for each of that many cells along an axis the grid point that
// it shows, −1 beyond the ends.
func (w *sweep) places(axis, cells int, shown chart.Range) []int {
	places := make([]int, cells)
	last := len(w.values[axis]) - 1
	middle := func(i int) float64 { return (w.position(axis, i) + w.position(axis, i+1)) / 2 }
	low, high := 2*w.position(axis, 0)-middle(0), 2*w.position(axis, last)-middle(last-1)
	place := 0
	for i := range places {
		at := shown.Min + (float64(i)+0.5)/float64(cells)*(shown.Max-shown.Min)
		for place < last && at > middle(place) {
			place++
		}
		places[i] = place
		if at < low || at > high {
			places[i] = -1
		}
	}
	return places
}

// The heat of a cell: from 0, the best, to 1, or one of these.
const (
	heatUnknown   = -1.0
	heatDiverged  = -2.0
	heatConverged = -3.0
	heatOutside   = -4.0
)

// heat returns the heat of a grid point. While the map fills in, a point that is
// not known yet has the heat of the coarser one it belongs to.
func (p *sweepPanel) heat(w *sweep, s *scene, i, j int, best float64, spread func(float64) float64) float64 {
	if i < 0 || j < 0 {
		return heatUnknown
	}
	for coarse := 1; coarse <= 8; coarse *= 2 {
		index := w.grid.Index(i-i%coarse, j-j%coarse)
		if !w.known[index] {
			continue
		}
		if w.cells[index].Status == race.Diverged {
			return heatDiverged
		}
		if w.cells[index].Outside {
			return heatOutside
		}
		if w.cells[index].Status == race.Converged && !w.bySteps {
			return heatConverged
		}
		if !w.counts(w.cells[index]) {
			return 1
		}
		return spread(w.measure(w.cells[index], best))
	}
	return heatUnknown
}

// shade is the glyph of a heat where there are no colours: the denser, the worse.
func shade(heat float64) rune {
	shades := []rune(" ░▒▓█")
	return shades[int(heat*float64(len(shades)-1)+0.5)]
}

func (p *sweepPanel) drawHeat(grid *screen.Grid, x, y int, top, bottom float64, w *sweep, s *scene) {
	color := func(heat float64) screen.Color {
		switch heat {
		case heatUnknown, heatDiverged, heatOutside:
			return screen.Default
		case heatConverged:
			return s.theme.Heat(0)
		}
		return s.theme.Heat(heat)
	}
	switch {
	case top == heatConverged && bottom == heatConverged && !w.bySteps:
		style := s.theme.Good
		style.Background = color(top)
		grid.Set(x, y, '·', style)
	case top == heatDiverged || bottom == heatDiverged:
		grid.Set(x, y, '×', s.theme.Faint)
	case top == heatOutside || bottom == heatOutside:
		grid.Set(x, y, '/', s.theme.Faint)
	case s.theme.Colorless:
		if top >= 0 {
			grid.Set(x, y, shade(top), s.theme.Text)
		}
	default:
		setHalves(grid, x, y, color(top), color(bottom))
	}
}
