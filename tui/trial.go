package tui

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"ravine/keymap"
	"ravine/param"
	"ravine/race"
	"ravine/tui/panel"
)

// openingTrial is the number of steps that the runs of a sweep or a tuning have
// where the race has no limit, and longestTrial bounds it, so that a map takes
// seconds at most.
const openingTrial, longestTrial = 300, 10_000

// openingTrialOf returns the number of steps for a race that has just been opened.
func openingTrialOf(r race.Race) int {
	if r.Steps > 0 {
		return min(r.Steps, longestTrial)
	}
	return openingTrial
}

// trial says how a sweep or a tuning tries a setting.
func (m *Model) trial() race.Trial {
	return race.Trial{Steps: m.TrialSteps, Starts: race.DefaultStarts}
}

// nextTrial goes to the next number of steps: the last is the race's own limit or,
// where it has none, as far as the race has gone by now.
func (m *Model) nextTrial() tea.Cmd {
	lengths := []int{100, openingTrial, 1000}
	own := m.own().Race.Steps
	if own == 0 {
		own = m.Furthest
	}
	own = min(own, longestTrial)
	if own > 0 && !slices.Contains(lengths, own) {
		lengths = append(lengths, own)
	}
	m.TrialSteps = lengths[(slices.Index(lengths, m.TrialSteps)+1)%len(lengths)]
	what := panel.Pick(m.TrialSteps == own, ", as many as this race's own", "")
	m.say("%s and %s compare runs of %s%s", m.KeyOf(keymap.TuneRace), m.KeyOf(keymap.Sweep), param.Plural(m.TrialSteps, "step"), what)
	if m.tuned.tunings == nil {
		return nil
	}
	m.tuned.stop()
	return m.toggleTuned()
}
