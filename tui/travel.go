package tui

import (
	"fmt"
	"strconv"
	"time"

	"ravine/tui/screen"
)

func (m *Model) stepBy(steps int) { m.stepTo(m.runner.Step() + steps) }

// stepTo goes along the race's time. The race waits where it is left.
func (m *Model) stepTo(step int) {
	m.Running = false
	if step > m.runner.Step() && (!m.runner.Running() || m.runner.Step() >= m.lastStep()) {
		m.sayEnd()
		return
	}
	m.runner.Aim(min(step, m.lastStep()))
	m.reach()
	m.sayStep()
}

func (m *Model) sayStep() { m.say("step %d of %d reached", m.runner.Step(), m.Furthest) }

// reach notes how far the race has come.
func (m *Model) reach() { m.Furthest = max(m.Furthest, m.runner.Step()) }

// scrub is a run of presses of one scrubbing key.
type scrub struct {
	direction int
	last      time.Time
	count     int
}

// scrubPause ends a run of presses.
const scrubPause = 300 * time.Millisecond

// scrubBy goes on or back. A key that is held goes faster and faster, as far as
// the race has been: at full speed through all of it in about two seconds.
func (m *Model) scrubBy(direction int) {
	now := time.Now()
	if direction != m.scrub.direction || now.Sub(m.scrub.last) > scrubPause {
		m.scrub.count = 0
	}
	m.scrub = scrub{direction, now, m.scrub.count + 1}
	fastest := max(1, m.Furthest/60)
	by := min(1<<min(m.scrub.count/4, 30), fastest)
	step := m.runner.Step()
	m.stepTo(max(0, min(step+direction*by, max(step, m.Furthest))))
}

// timeline returns where the race's time is drawn and the numbers behind it, if
// there is room for it in the status line.
func (s *scene) timeline(status screen.Area) (track, label screen.Area, ok bool) {
	area, beside := status.SplitRight(status.Width / 4)
	if text, _ := s.statusText(); s.entry.open || status.Width < twoPanels || screen.Width(text)+2 > beside.Width { // words come first
		return screen.Area{}, screen.Area{}, false
	}
	label, track = area.Inset(1, 0).SplitRight(screen.Width(s.timelineLabel()))
	return track, label, track.Width >= 8
}

// timelineLabel is as wide at every step.
func (s *scene) timelineLabel() string {
	furthest := strconv.Itoa(s.Furthest)
	return fmt.Sprintf(" %*d/%s", len(furthest), s.runner.Step(), furthest)
}

// drawTimeline draws where the step shown stands between the start and the
// furthest step reached.
func drawTimeline(grid *screen.Grid, track, label screen.Area, s *scene) {
	at := 0
	if s.Furthest > 0 {
		at = s.runner.Step() * (track.Width - 1) / s.Furthest
	}
	for x := range track.Width {
		switch {
		case x == at:
			grid.Set(track.X+x, track.Y, '●', s.theme.Key)
		case x < at:
			grid.Set(track.X+x, track.Y, '━', s.theme.Dim)
		default:
			grid.Set(track.X+x, track.Y, '─', s.theme.Faint)
		}
	}
	grid.Text(label.X, label.Y, label.Width, s.timelineLabel(), s.theme.Dim)
}
