package tui

import (
	"strconv"

	tea "charm.land/bubbletea/v2"

	"ravine/race"
)

// switchPace races from the start by equal examples instead of equal updates, or
// the other way, and lets the curves go over what is equal.
func (m *Model) switchPace() tea.Cmd {
	r := m.runner.Race()
	if !m.lane().Samples() {
		m.say("%s has no data: every update is of the whole loss", r.Problem.Name)
		return nil
	}
	r.Pace = pick(r.Pace == race.ByUpdates, race.ByExamples, race.ByUpdates)
	paused := m.paused()
	if !m.raceAs(r, 0) {
		return nil
	}
	m.Furthest, m.Over = 0, overOpening(m.runner)
	if r.Pace == race.ByUpdates {
		m.say("by updates: a step is an update of every lane")
	} else {
		m.say("by examples: in a step every lane sees %d of %d, in however many updates", m.runner.ExamplesPerStep(), m.lane().Examples())
	}
	return m.runUnless(paused)
}

// overOpening returns what the curves are over at first: what is equal for all lanes.
func overOpening(runner *race.Runner) Over {
	return pick(runner.ExamplesPerStep() > 0, OverEpochs, OverUpdates)
}

// lastStep is where the race waits: no lane has made more than mostSteps updates.
func (m *Model) lastStep() int { return m.mostSteps / max(1, m.runner.ExamplesPerStep()) }

// epochAt writes how many passes over the data a race by examples has made at a step.
func (s *scene) epochAt(step int) string {
	return strconv.FormatFloat(s.lane().Epoch(step*s.runner.ExamplesPerStep()), 'f', 2, 64)
}

// stepWord names a lane's update: by examples, a step of the race is another thing.
func (s *scene) stepWord() string { return pick(s.runner.ExamplesPerStep() > 0, "update", "step") }
