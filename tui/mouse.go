package tui

import (
	"fmt"
	"math"

	tea "charm.land/bubbletea/v2"

	"ravine/race"
	"ravine/tui/panel"
)

// clickTimeline goes to the step under the pointer, and so does a drag from there.
func (m *Model) clickTimeline(x, y int) bool {
	track, _, ok := m.Timeline(m.panels.Layout.Status)
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
	track, _, ok := m.Timeline(m.panels.Layout.Status)
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
	d := &m.panels.Curves.Drawing
	if d.Plot == nil || !m.panels.Layout.Curves.Contains(column, row) || !d.Plot.Area.Contains(column, row) {
		return false
	}
	var point race.Point
	k, ok := d.Ends.At(column, row)
	if ok {
		history := m.runner.Lanes()[k].History()
		point = history.Point(history.Len() - 1)
	} else if k, point, ok = d.Nearest(column, row); !ok {
		return false
	}
	m.Selected = k
	loss := panel.Number(point.Loss)
	if best := m.BestLoss(); best != 0 {
		loss += fmt.Sprintf(", %s above the optimum", panel.Number(point.Loss-best))
	}
	m.say("%s at %s %d: loss %s", m.Lane().Optimizer().Title, m.StepWord(), point.Step, loss)
	return true
}
