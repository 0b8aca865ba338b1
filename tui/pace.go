package tui

import (
	tea "charm.land/bubbletea/v2"

	"ravine/race"
	"ravine/tui/panel"
)

// switchPace races from the start by equal examples instead of equal updates, or
// the other way, and lets the curves go over what is equal.
func (m *Model) switchPace() tea.Cmd {
	r := m.runner.Race()
	if !m.Lane().Samples() {
		m.say("%s has no data: every update is of the whole loss", r.Problem.Name)
		return nil
	}
	r.Pace = panel.Pick(r.Pace == race.ByUpdates, race.ByExamples, race.ByUpdates)
	paused := m.paused()
	if !m.raceAs(r, 0) {
		return nil
	}
	m.Furthest, m.Over = 0, overOpening(m.runner)
	if r.Pace == race.ByUpdates {
		m.say("by updates: a step is an update of every lane")
	} else {
		m.say("by examples: in a step every lane sees %d of %d, in however many updates", m.runner.ExamplesPerStep(), m.Lane().Examples())
	}
	return m.runUnless(paused)
}

// overOpening returns what the curves are over at first: what is equal for all lanes.
func overOpening(runner *race.Runner) panel.Over {
	return panel.Pick(runner.ExamplesPerStep() > 0, panel.OverEpochs, panel.OverUpdates)
}

// lastStep is where the race waits: no lane has made more than mostSteps updates.
func (m *Model) lastStep() int { return m.mostSteps / max(1, m.runner.ExamplesPerStep()) }
