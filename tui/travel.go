package tui

import (
	"time"
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
