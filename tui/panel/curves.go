package panel

import (
	"cmp"
	"math"
	"slices"

	"ravine/race"
	"ravine/tui/chart"
	"ravine/tui/screen"
)

// Curves draws the loss of every lane on a log axis, over updates, epochs or examples.
type curves struct {
	axes chart.Axes

	race     Race
	furthest int     // step of that race
	Lowest   float64 // end of the y axis until then

	Drawing drawing // the latest
}

// The y axis follows the loss down to what it has settled to, not to the bottom
// of a single spike, and shows this much above the start's loss before a lane
// leaves through the top.
const headroom = 0.15 // decades

func (c *curves) draw(grid *screen.Grid, area screen.Area, s *State) {
	inside := s.boxed(grid, area, c.title(s))
	best := s.BestLoss()
	x := chart.Axis{Range: chart.Range{Max: s.horizon()}}
	if s.Over.Log() {
		x = chart.Axis{Range: chart.Range{Min: math.Log10(s.firstUpdate()), Max: math.Log10(s.horizon())}, Scale: chart.LogCount}
	}
	y := chart.Axis{Range: c.steady(s, s.lossRange(best)), Scale: chart.Log}
	plot := c.axes.Draw(grid, inside, x, y, s.Theme.Border, s.Theme.Dim)
	c.Drawing = drawing{Grid: grid, Plot: plot, state: s, along: s.along(),
		above: func(loss float64) float64 { return math.Log10(math.Max(loss-best, 0)) }}
	if !plot.Area.Empty() {
		c.Drawing.draw(s.DrawingOrder())
	}
}

// drawing is one picture of the curves, with where points stand on its axes.
type drawing struct {
	Grid  *screen.Grid
	Plot  *chart.Plot
	state *State
	along func(race.Point) float64
	above func(loss float64) float64
	Ends  ends
}

func (d *drawing) draw(order []int) {
	s := d.state
	for _, k := range order {
		d.drawBatches(k)
	}
	curves := make([]*chart.Curve, len(order))
	var marks []end
	for rank, k := range order {
		line := d.Plot.Series(s.Dots(k), chart.ShadePriority+1+rank/max(1, len(order)-1))
		curves[rank] = chart.NewCurve(line, s.Faint(k), d.above)
		if s.Theme.Colorless {
			curves[rank].Each = d.markLine(k, 4*rank, &marks)
		}
		for _, point := range s.Race.Lanes()[k].History().Points() {
			curves[rank].Add(d.along(point), point.Loss, point.Min, point.Max)
		}
		curves[rank].Flush()
	}
	d.Plot.Paint(d.Grid)
	for _, mark := range marks {
		d.Grid.Set(mark.column, mark.row, s.LaneStyle(mark.lane).Marker, s.mark(mark.lane))
	}
	d.Ends = ends{plot: d.Plot}
	for rank, k := range slices.Backward(order) {
		x, y := d.end(k, curves[rank].End())
		d.Ends.mark(d.Grid, s, k, x, y)
		for _, step := range s.Race.Lanes()[k].Edits() {
			d.markEdit(k, step)
		}
	}
	d.Ends.name(d.Grid, s)
}

// title says what is drawn.
func (c *curves) title(s *State) string { return s.lossName() + " over " + s.Over.String() }

// lossName names what is drawn of the loss: that above the optimum's, if it has any.
func (s *State) lossName() string {
	if len(s.Race.Problem().Optima()) == 0 {
		return "loss − lowest"
	}
	return Pick(s.BestLoss() != 0, "loss − optimum", "loss")
}

// along returns what places points on the x axis. A log axis has no place for the
// start, which shares that of the first update of all lanes.
func (s *State) along() func(race.Point) float64 {
	if s.Over == OverUpdates { // as mostly, and for every point
		return func(point race.Point) float64 { return float64(point.Step) }
	}
	if !s.Over.Log() {
		return s.counted
	}
	first := s.firstUpdate()
	return func(point race.Point) float64 { return math.Log10(max(first, s.counted(point))) }
}

// counted returns what a lane has made or seen until a point.
func (s *State) counted(point race.Point) float64 {
	switch s.Over.Counted() {
	case OverEpochs:
		return s.Lane().Epoch(point.Examples)
	case OverExamples:
		return float64(point.Examples)
	}
	return float64(point.Step)
}

// firstUpdate returns where the first update of any lane shown stands.
func (s *State) firstUpdate() float64 {
	first := race.Point{Step: 1, Examples: math.MaxInt}
	for _, k := range s.DrawingOrder() {
		lane := s.Race.Lanes()[k]
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
func (s *State) horizon() float64 {
	reached := float64(max(s.Furthest, s.Race.Step()))
	if perStep := s.Race.ExamplesPerStep(); s.Over.Counted() != OverUpdates || perStep > 0 {
		reached = s.counted(race.Point{Examples: s.Furthest * perStep})
		for _, k := range s.DrawingOrder() {
			history := s.Race.Lanes()[k].History()
			reached = math.Max(reached, s.counted(history.Point(history.Len()-1)))
		}
	}
	if s.Over.Log() {
		reached = math.Max(reached, 10*s.firstUpdate())
	}
	const least = 50
	power := least / 10.0
	if s.Over.Counted() == OverEpochs {
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
func (s *State) lossRange(best float64) chart.Range {
	top, bottom := math.Inf(-1), math.Inf(1)
	for _, k := range s.DrawingOrder() {
		history := s.Race.Lanes()[k].History()
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
func (c *curves) steady(s *State, r chart.Range) chart.Range {
	if c.race == s.Race && c.furthest <= s.Furthest {
		r.Min = math.Min(r.Min, c.Lowest)
	}
	c.race, c.furthest, c.Lowest = s.Race, s.Furthest, r.Min
	return r
}

// settled returns the lowest level, as log10 above best, under which a curve was
// for more than a moment: a quarter of a stretch of it. A few of its points stand
// for the stretch.
func settled(history *race.History, best float64) float64 {
	const stretches, most = 24, 9
	length := max(1, history.Len()/stretches)
	apart := max(1, length/most)
	lowest := math.Inf(1)
	losses := make([]float64, 0, 2*most)
	for from := 0; from < history.Len(); from += length {
		losses = losses[:0]
		for i := min(from+length, history.Len()) - 1; i >= from; i -= apart {
			losses = append(losses, history.Point(i).Loss)
		}
		slices.Sort(losses)
		if level := math.Log10(losses[(len(losses)+2)/4] - best); !math.IsInf(level, 0) && !math.IsNaN(level) {
			lowest = math.Min(lowest, level)
		}
	}
	return lowest
}

// drawBatches draws the losses of a lane's batches as dots under the curves, if
// there is room to see them as such.
func (d *drawing) drawBatches(k int) {
	const roomy = 40
	if d.Plot.Area.Width < roomy || !d.state.Race.Lanes()[k].Samples() {
		return
	}
	trace := chart.NewTrace(d.Plot.Series(d.state.Faint(k), chart.ShadePriority), d.above)
	for _, point := range d.state.Race.Lanes()[k].History().Points() {
		trace.Add(d.along(point), point.Batch, point.Batch, point.Batch)
	}
	trace.Flush()
}

// end returns where a lane's curve ends: where its line does, or where that has
// left through the top for good.
func (d *drawing) end(k int, y float64) (x, _ float64) {
	lane := d.state.Race.Lanes()[k]
	history := lane.History()
	last := history.Len() - 1
	x = d.along(history.Point(last))
	if lane.Status() != race.Diverged && y <= d.Plot.Y.Max {
		return x, y
	}
	for ; last > 0 && d.above(history.Point(last).Loss) > d.Plot.Y.Max; last-- {
		x = d.along(history.Point(last))
	}
	return x, math.Inf(1)
}

// markLine returns what notes a few places for a lane's marker on its line, from
// a column on that is the lane's own.
func (d *drawing) markLine(k, from int, marks *[]end) func(x, y float64) {
	const apart = 24
	next := d.Plot.Area.X + from
	return func(x, y float64) {
		if column, row, ok := d.Plot.Cell(x, y); ok && column >= next {
			*marks = append(*marks, end{k, column, row})
			next = column + apart
		}
	}
}

// markEdit marks on the x axis the step from which a value of the lane holds.
func (d *drawing) markEdit(k, step int) {
	lane := d.state.Race.Lanes()[k]
	if step > lane.Step() {
		return
	}
	for _, point := range lane.History().Points() {
		if point.Step < step {
			continue
		}
		if column, _, ok := d.Plot.Cell(d.along(point), d.Plot.Y.Min); ok {
			d.Grid.Set(column, d.Plot.Area.Y+d.Plot.Area.Height, '┴', d.state.mark(k))
		}
		return
	}
}
