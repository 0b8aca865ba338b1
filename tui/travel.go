package tui

import (
	"strconv"
	"time"

	"ravine/keymap"
	"ravine/tui/screen"
)

// travel goes along the race's time. The race waits where it is left.
func (m *Model) travel(action keymap.Action) {
	m.running = false
	step := m.runner.Step()
	switch action {
	case keymap.StepOn:
		step++
	case keymap.StepBack:
		step--
	case keymap.TenOn:
		step += 10
	case keymap.TenBack:
		step -= 10
	case keymap.ToStart:
		step = 0
	case keymap.ToFurthest:
		step = m.furthest
	case keymap.ScrubBack, keymap.ScrubOn:
		step = m.scrubbed(action)
	}
	if step > m.runner.Step() && (!m.runner.Running() || m.runner.Step() >= m.lastStep()) {
		m.sayEnd()
		return
	}
	m.runner.Seek(min(step, m.lastStep()))
	m.reach()
	m.say("step %d of %d reached", m.runner.Step(), m.furthest)
}

// reach notes how far the race has come.
func (m *Model) reach() { m.furthest = max(m.furthest, m.runner.Step()) }

// scrub is a run of presses of one scrubbing key.
type scrub struct {
	action keymap.Action
	last   time.Time
	count  int
}

// scrubPause ends a run of presses.
const scrubPause = 300 * time.Millisecond

// scrubbed returns the step to go to. A key that is held goes faster and
// faster, as far as the race has been: at full speed through all of it in
// about two seconds.
func (m *Model) scrubbed(action keymap.Action) int {
	now := time.Now()
	if action != m.scrub.action || now.Sub(m.scrub.last) > scrubPause {
		m.scrub.count = 0
	}
	m.scrub = scrub{action, now, m.scrub.count + 1}
	fastest := max(1, m.furthest/60)
	by := min(1<<min(m.scrub.count/4, 30), fastest)
	if action == keymap.ScrubBack {
		return max(0, m.runner.Step()-by)
	}
	return max(m.runner.Step(), min(m.runner.Step()+by, m.furthest))
}

// drawTimeline draws where the step shown stands between the start and the
// furthest step reached.
func drawTimeline(grid *screen.Grid, area screen.Area, s *scene) {
	label := " " + strconv.Itoa(s.runner.Step()) + "/" + strconv.Itoa(s.furthest)
	track := area.Width - screen.Width(label)
	if track < 8 {
		return
	}
	at := 0
	if s.furthest > 0 {
		at = s.runner.Step() * (track - 1) / s.furthest
	}
	for x := range track {
		switch {
		case x == at:
			grid.Set(area.X+x, area.Y, '●', s.theme.Key)
		case x < at:
			grid.Set(area.X+x, area.Y, '━', s.theme.Dim)
		default:
			grid.Set(area.X+x, area.Y, '─', s.theme.Faint)
		}
	}
	grid.Text(area.X+track, area.Y, screen.Width(label), label, s.theme.Dim)
}
