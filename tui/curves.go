package tui

import (
	"cmp"
	"math"
	"slices"

	"ravine/race"
	"ravine/tui/chart"
	"ravine/tui/screen"
)

// curves draws the loss of every lane on a log axis, over what the scene says.
type curves struct {
	axes chart.Axes

	runner   *race.Runner
	furthest int     // step of that race
	lowest   float64 // end of the y axis until then
}

// The y axis follows the loss down to what it has settled to, not to the bottom
// of a single spike, and shows this much above the start's loss before a lane
// leaves through the top.
const headroom = 0.15 // decades

// What stands beyond the marker of a lane whose curve has left through the top,
// or through the bottom as one does whose loss is the optimum's.
const leftMark, sunkMark = '↑', '↓'

func (c *curves) draw(grid *screen.Grid, area screen.Area, s *scene) {
	inside := s.boxed(grid, area, c.title(s))
	best := s.bestLoss()
	x := chart.Axis{Range: chart.Range{Max: s.horizon()}}
	if s.over.log() {
		x = chart.Axis{Range: chart.Range{Min: math.Log10(s.firstUpdate()), Max: math.Log10(s.horizon())}, Scale: chart.LogCount}
	}
	y := chart.Axis{Range: c.steady(s, s.lossRange(best)), Scale: chart.Log}
	plot := c.axes.Draw(grid, inside, x, y, s.theme.Border, s.theme.Dim)
	if plot.Area.Empty() {
		return
	}
	above := func(loss float64) float64 { return math.Log10(math.Max(loss-best, 0)) }
	order := s.drawingOrder()
	for _, k := range order {
		c.drawBatches(plot, s, k, above)
	}
	for rank, k := range order {
		curve := chart.NewCurve(plot.Series(s.dots(k), 1+rank/max(1, len(order)-1)), above)
		for _, point := range s.runner.Lanes()[k].History().Points() {
			curve.Add(s.along(point), point.Min, point.Max)
		}
		curve.Flush()
	}
	plot.Paint(grid)
	if s.theme.Colorless {
		for n, k := range order {
			c.markCurve(grid, plot, s, k, 4*n, above)
		}
	}
	ends := ends{}
	for _, k := range slices.Backward(order) {
		c.markEnd(grid, plot, s, k, above, ends)
	}
}

// title says what is drawn.
func (c *curves) title(s *scene) string { return s.lossName() + " over " + s.over.String() }

// lossName names what is drawn of the loss: that above the optimum's, if it has any.
func (s *scene) lossName() string { return pick(s.bestLoss() != 0, "loss − optimum", "loss") }

// along returns a point's place on the x axis. A log axis has none for the start,
// which shares that of the first update of all lanes.
func (s *scene) along(point race.Point) float64 {
	if s.over.log() {
		return math.Log10(max(s.firstUpdate(), s.counted(point)))
	}
	return s.counted(point)
}

// counted returns what a lane has made or seen until a point.
func (s *scene) counted(point race.Point) float64 {
	switch s.over.counted() {
	case overEpochs:
		return s.lane().Epoch(point.Examples)
	case overExamples:
		return float64(point.Examples)
	}
	return float64(point.Step)
}

// firstUpdate returns where the first update of any lane shown stands.
func (s *scene) firstUpdate() float64 {
	first := race.Point{Step: 1, Examples: math.MaxInt}
	for _, k := range s.drawingOrder() {
		lane := s.runner.Lanes()[k]
		examples := cmp.Or(lane.Hyper().Batch, lane.Examples(), 1)
		if history := lane.History(); history.Len() > 1 {
			examples = history.Point(1).Examples
		}
		first.Examples = min(first.Examples, examples)
	}
	return s.counted(first)
}

// horizon returns what stands at the right end of the x axis. It grows in few,
// large steps, so that the picture is not always on the move.
func (s *scene) horizon() float64 {
	reached := float64(max(s.furthest, s.runner.Step()))
	if perStep := s.runner.ExamplesPerStep(); s.over.counted() != overUpdates || perStep > 0 {
		reached = s.counted(race.Point{Examples: s.furthest * perStep})
		for _, k := range s.drawingOrder() {
			history := s.runner.Lanes()[k].History()
			reached = math.Max(reached, s.counted(history.Point(history.Len()-1)))
		}
	}
	if s.over.log() {
		reached = math.Max(reached, 10*s.firstUpdate())
	}
	const least = 50
	power := least / 10.0
	if s.over.counted() == overEpochs {
		power = 0.1
	}
	for ; ; power *= 10 {
		for _, factor := range []float64{1, 2, 4} {
			if horizon := factor * power * 10; horizon > reached*1.02 {
				return horizon
			}
		}
	}
}

// lossRange returns the y axis in decades.
func (s *scene) lossRange(best float64) chart.Range {
	top, bottom := math.Inf(-1), math.Inf(1)
	for _, k := range s.drawingOrder() {
		history := s.runner.Lanes()[k].History()
		start := math.Log10(history.Point(0).Max - best)
		if !math.IsInf(start, 0) && !math.IsNaN(start) {
			top = math.Max(top, start)
		}
		bottom = math.Min(bottom, settled(history, best))
	}
	if math.IsInf(top, 0) {
		top = 0
	}
	bottom = math.Max(math.Min(bottom, top-1), top-24)
	if best != 0 { // what is less than a digit of the optimum's loss is none
		bottom = math.Max(bottom, math.Min(math.Log10(math.Abs(best)*0x1p-52), top-1))
	}
	return chart.Range{Min: bottom, Max: top + headroom}
}

// steady keeps the lower end where it has been once in a race: what is tuned or
// looked at again then keeps its place.
func (c *curves) steady(s *scene, r chart.Range) chart.Range {
	if c.runner == s.runner && c.furthest <= s.furthest {
		r.Min = math.Min(r.Min, c.lowest)
	}
	c.runner, c.furthest, c.lowest = s.runner, s.furthest, r.Min
	return r
}

// settled returns the lowest level, as log10 above best, under which the curve
// stayed for more than a moment: the lowest maximum over a stretch of its points.
func settled(history *race.History, best float64) float64 {
	stretch := max(1, history.Len()/24)
	lowest, highest := math.Inf(1), math.Inf(-1)
	for i, point := range history.Points() {
		highest = max(highest, point.Max)
		if (i+1)%stretch != 0 && i+1 != history.Len() {
			continue
		}
		if level := math.Log10(highest - best); !math.IsInf(level, 0) && !math.IsNaN(level) {
			lowest = math.Min(lowest, level)
		}
		highest = math.Inf(-1)
	}
	return lowest
}

// drawBatches draws the losses of a lane's batches as dots under the curves, if
// there is room to see them as such.
func (c *curves) drawBatches(plot *chart.Plot, s *scene, k int, above func(float64) float64) {
	const roomy = 40
	if plot.Area.Width < roomy || !s.runner.Lanes()[k].Samples() {
		return
	}
	style := s.dots(k)
	style.Attributes = screen.Faint
	series := plot.Series(style, 0)
	for _, point := range s.runner.Lanes()[k].History().Points() {
		if !math.IsNaN(point.BatchMin) {
			series.Dot(s.along(point), above(point.BatchMin))
			series.Dot(s.along(point), above(point.BatchMax))
		}
	}
}

// ends are the cells that the markers of curves' ends have taken.
type ends map[[2]int]bool

// free returns the first free column from that one on, as far as the plot goes,
// and takes it: markers of curves that end together stand side by side.
func (e ends) free(plot *chart.Plot, column, row int) (free int, ok bool) {
	for ; column < plot.Area.X+plot.Area.Width; column++ {
		if at := [2]int{column, row}; !e[at] {
			e[at] = true
			return column, true
		}
	}
	return 0, false
}

// markEnd puts a lane's marker where its curve ends, or where it has left the
// panel for good, with a sign.
func (c *curves) markEnd(grid *screen.Grid, plot *chart.Plot, s *scene, k int, above func(float64) float64, taken ends) {
	lane := s.runner.Lanes()[k]
	history := lane.History()
	last := history.Len() - 1
	x, y := s.along(history.Point(last)), above(lane.Loss())
	left := lane.Status() == race.Diverged || y > plot.Y.Max
	sunk := !left && y < plot.Y.Min
	if left {
		for y = plot.Y.Max; last > 0 && above(history.Point(last).Max) > plot.Y.Max; last-- {
			x = s.along(history.Point(last))
		}
	}
	y = math.Min(math.Max(y, plot.Y.Min), plot.Y.Max)
	column, row, ok := plot.Cell(math.Min(x, plot.X.Max), y)
	if ok {
		column, ok = taken.free(plot, column, row)
	}
	if ok {
		switch {
		case left:
			grid.Set(column, row, leftMark, s.mark(k))
			row++
		case sunk:
			grid.Set(column, row, sunkMark, s.mark(k))
			row--
		}
		grid.Set(column, row, s.look(k).Marker, s.mark(k))
	}
	for _, step := range lane.Edits() {
		c.markEdit(grid, plot, s, k, step)
	}
}

// markCurve puts a lane's marker on its curve a few times, from a column on that
// is the lane's own.
func (c *curves) markCurve(grid *screen.Grid, plot *chart.Plot, s *scene, k, from int, above func(float64) float64) {
	const apart = 24
	next := plot.Area.X + from
	for _, point := range s.runner.Lanes()[k].History().Points() {
		if column, row, ok := plot.Cell(s.along(point), above(point.Max)); ok && column >= next {
			grid.Set(column, row, s.look(k).Marker, s.mark(k))
			next = column + apart
		}
	}
}

// markEdit marks on the x axis the step from which a value of the lane holds.
func (c *curves) markEdit(grid *screen.Grid, plot *chart.Plot, s *scene, k, step int) {
	if step > s.runner.Lanes()[k].Step() {
		return
	}
	for _, point := range s.runner.Lanes()[k].History().Points() {
		if point.Step < step {
			continue
		}
		if column, _, ok := plot.Cell(s.along(point), plot.Y.Min); ok {
			grid.Set(column, plot.Area.Y+plot.Area.Height, '┴', s.mark(k))
		}
		return
	}
}
