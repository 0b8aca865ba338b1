package panel

import (
	"math"
	"slices"

	"ravine/optim"
	"ravine/race"
	"ravine/tui/chart"
	"ravine/tui/screen"
)

// drawMap draws what two hyperparameters do: a heat map, half a cell a point.
func (p *sweepPanel) drawMap(grid *screen.Grid, inside screen.Area, w *Swept, s *State) {
	plot := p.axes.Draw(grid, inside, w.axisOf(0), w.axisOf(1), s.Theme.Border, s.Theme.Dim)
	p.Plot = plot
	if plot.Area.Empty() {
		return
	}
	best := s.BestLoss()
	_, high, least := w.bounds(best)
	spread := w.spread(best)
	columns := w.Places(0, plot.Area.Width, plot.X)
	rows := w.Places(1, 2*plot.Area.Height, plot.Y)
	for row := range plot.Area.Height {
		for column := range plot.Area.Width {
			top := p.heat(w, s, columns[column], rows[len(rows)-1-2*row], best, spread)
			bottom := p.heat(w, s, columns[column], rows[len(rows)-2-2*row], best, spread)
			p.drawHeat(grid, plot.Area.X+column, plot.Area.Y+row, top, bottom, w, s)
		}
	}
	p.drawBoundLine(grid, plot, w, s)
	if !w.hasBest() {
		grid.Text(inside.X+1, inside.Y+inside.Height, inside.Width-2, w.outcome(s, inside.Width-2), s.Theme.Dim)
	} else {
		p.drawKey(grid, inside, w, least, high, s)
		values := w.Grid.Values(w.Best.Index)
		p.markBest(grid, plot, w.Axes[0].Position(values[0]), w.Axes[1].Position(values[1]), w, s)
	}
	p.mark(grid, plot, w.lanePosition(s, 0), w.lanePosition(s, 1), s)
}

// spread returns, for what the known cells that count measure, the part of them
// that is lower: so a map uses all of its colours, whatever the values.
func (w *Swept) spread(best float64) func(y float64) float64 {
	var sorted []float64
	for i, cell := range w.Cells {
		if w.Known[i] && w.counts(cell) {
			sorted = append(sorted, w.Measure(cell, best))
		}
	}
	slices.Sort(sorted)
	return func(y float64) float64 {
		place, _ := slices.BinarySearch(sorted, y)
		return float64(place) / math.Max(1, float64(len(sorted)-1))
	}
}

// drawBoundLine draws, over η × γ, the η from which theory has the lane diverge.
func (p *sweepPanel) drawBoundLine(grid *screen.Grid, plot *chart.Plot, w *Swept, s *State) {
	theory, ok := race.TheoryThroughout(s.Lane())
	if !ok || theory.Bound == 0 || w.Axes[0].Key != optim.Eta || w.Axes[1].Key != optim.Gamma {
		return
	}
	hyper := s.Lane().Hyper()
	for row := range plot.Area.Height {
		_, y := plot.Data(plot.Area.X, plot.Area.Y+row)
		hyper.Gamma = 1 - math.Pow(10, -y)
		if at, ok := race.TheoryWith(s.Lane(), hyper); ok && hyper.Gamma >= 0 {
			if column, _, ok := plot.Cell(math.Log10(at.Bound), y); ok {
				grid.SetForeground(column, plot.Area.Y+row, '┊', s.Theme.Warn.Foreground)
			}
		}
	}
}

// Places returns for each of that many cells along an axis the grid point that
// it shows, −1 beyond the ends.
func (w *Swept) Places(axis, cells int, shown chart.Range) []int {
	places := make([]int, cells)
	last := len(w.Values[axis]) - 1
	middle := func(i int) float64 { return (w.Position(axis, i) + w.Position(axis, i+1)) / 2 }
	low, high := 2*w.Position(axis, 0)-middle(0), 2*w.Position(axis, last)-middle(last-1)
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
func (p *sweepPanel) heat(w *Swept, s *State, i, j int, best float64, spread func(float64) float64) float64 {
	if i < 0 || j < 0 {
		return heatUnknown
	}
	for coarse := 1; coarse <= 8; coarse *= 2 {
		index := w.Grid.Index(i-i%coarse, j-j%coarse)
		if !w.Known[index] {
			continue
		}
		if w.Cells[index].Status == race.Diverged {
			return heatDiverged
		}
		if w.Cells[index].Outside {
			return heatOutside
		}
		if w.Cells[index].Status == race.Converged && !w.BySteps {
			return heatConverged
		}
		if !w.counts(w.Cells[index]) {
			return 1
		}
		return spread(w.Measure(w.Cells[index], best))
	}
	return heatUnknown
}

// shade is the glyph of a heat where there are no colours: the denser, the worse.
func shade(heat float64) rune {
	shades := []rune(" ░▒▓█")
	return shades[int(heat*float64(len(shades)-1)+0.5)]
}

func (p *sweepPanel) drawHeat(grid *screen.Grid, x, y int, top, bottom float64, w *Swept, s *State) {
	color := func(heat float64) screen.Color {
		switch heat {
		case heatUnknown, heatDiverged, heatOutside:
			return screen.Default
		case heatConverged:
			return s.Theme.Heat(0)
		}
		return s.Theme.Heat(heat)
	}
	switch {
	case top == heatConverged && bottom == heatConverged && !w.BySteps:
		style := s.Theme.Good
		style.Background = color(top)
		grid.Set(x, y, '·', style)
	case top == heatDiverged || bottom == heatDiverged:
		grid.Set(x, y, '×', s.Theme.Faint)
	case top == heatOutside || bottom == heatOutside:
		grid.Set(x, y, '/', s.Theme.Faint)
	case s.Theme.Colorless:
		if top >= 0 {
			grid.Set(x, y, shade(top), s.Theme.Text)
		}
	default:
		setHalves(grid, x, y, color(top), color(bottom))
	}
}
