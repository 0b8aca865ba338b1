package tui

import (
	"fmt"
	"math"
	"slices"

	tea "charm.land/bubbletea/v2"

	"ravine/race"
	"ravine/tui/chart"
)

// clickTimeline goes to the step under the pointer, and so does a drag from there.
func (m *Model) clickTimeline(x, y int) bool {
	track, _, ok := m.timeline(m.layout.status)
	if !ok || !track.Contains(x, y) {
		return false
	}
	m.dragging = true
	m.scrubTo(x)
	return true
}

// drag goes on to the step under the pointer, however far up or down that is.
func (m *Model) drag(msg tea.MouseMotionMsg) {
	if m.dragging && msg.Mouse().Button == tea.MouseLeft {
		m.scrubTo(msg.Mouse().X)
	}
}

// scrubTo goes to the step that a column of the timeline stands for. The race
// waits there.
func (m *Model) scrubTo(x int) {
	track, _, ok := m.timeline(m.layout.status)
	if !ok {
		return
	}
	at := float64(min(max(x-track.X, 0), track.Width-1)) / float64(track.Width-1)
	m.Running = false
	if step := int(math.Round(at * float64(m.Furthest))); step != m.runner.Step() {
		m.runner.Aim(step)
	}
	m.sayStep()
}

// clickCurve selects the lane whose curve is under the pointer, or the marker or name
// at its end, and says what its loss is there.
func (m *Model) clickCurve(column, row int) bool {
	d := &m.curves.drawing
	if d.plot == nil || !m.layout.curves.Contains(column, row) || !d.plot.Area.Contains(column, row) {
		return false
	}
	var point race.Point
	k, ok := d.ends.at(column, row)
	if ok {
		history := m.runner.Lanes()[k].History()
		point = history.Point(history.Len() - 1)
	} else if k, point, ok = d.nearest(column, row); !ok {
		return false
	}
	m.Selected = k
	loss := number(point.Loss)
	if best := m.bestLoss(); best != 0 {
		loss += fmt.Sprintf(", %s above the optimum", number(point.Loss-best))
	}
	m.say("%s at %s %d: loss %s", m.lane().Optimizer().Title, m.stepWord(), point.Step, loss)
	return true
}

// nearest returns the lane whose curve is in a cell or beside it, and its point that
// is nearest to the cell. Of several, it is the one whose colour is seen there, or
// the one that fills the fewest rows.
func (d *drawing) nearest(column, row int) (lane int, at race.Point, ok bool) {
	const beside = 1 // rows
	shown := d.grid.Cell(column, row)
	best := [3]int{1, beside, math.MaxInt}
	for _, k := range d.scene.drawingOrder() {
		crossing := d.across(k, column, row)
		if crossing.low > crossing.high {
			continue
		}
		hidden := pick(isBraille(shown.Rune) && shown.Style.Foreground == d.scene.dots(k).Foreground, 0, 1)
		rank := [3]int{hidden, max(0, crossing.low-row, row-crossing.high), crossing.high - crossing.low}
		if rank[1] <= beside && slices.Compare(rank[:], best[:]) <= 0 {
			lane, at, ok, best = k, crossing.point, true, rank
		}
	}
	return lane, at, ok
}

func isBraille(r rune) bool { return r > 0x2800 && r < 0x2900 }

// crossing is the rows that a curve takes in one column.
type crossing struct {
	low, high int // none where low is above high
	point     race.Point
	away      int // cells from the point to the one asked for
}

func (c *crossing) add(row int) { c.low, c.high = min(c.low, row), max(c.high, row) }

// across follows lane k's curve through a column.
func (d *drawing) across(k, column, row int) crossing {
	found := crossing{low: math.MaxInt, high: math.MinInt, away: math.MaxInt}
	lastColumn, lastRow := math.MinInt, 0
	for _, point := range d.scene.runner.Lanes()[k].History().Points() {
		x, top := d.cell(point, point.Max)
		_, bottom := d.cell(point, point.Min)
		_, middle := d.cell(point, point.Loss)
		if x == column {
			found.add(top)
			found.add(bottom)
		} else if lastColumn < column && column < x && lastColumn != math.MinInt {
			found.add(lastRow + (middle-lastRow)*(column-lastColumn)/(x-lastColumn))
		}
		if away := max(abs(x-column), abs(middle-row)); away < found.away {
			found.point, found.away = point, away
		}
		lastColumn, lastRow = x, middle
	}
	return found
}

// cell returns the cell of a point's loss, at the edge where the plot does not show it.
func (d *drawing) cell(point race.Point, loss float64) (column, row int) {
	within := func(x float64, r chart.Range) float64 { return min(max(x, r.Min), r.Max) }
	column, row, _ = d.plot.Cell(within(d.along(point), d.plot.X), within(d.above(loss), d.plot.Y))
	return column, row
}
