package tui

import (
	"reflect"
	"slices"

	"ravine/problem"
	"ravine/race"
	"ravine/tui/panel"
)

// Scene is what a playground shows, as a value: whoever has it draws the same
// numbers, to the bit, at their own size and in their own colours.
type Scene struct {
	Race   race.Race
	Step   int
	View   panel.View
	Status string // what was done last

	problem problem.Problem // the race's, built already; safe for concurrent use
}

// Same reports whether two show the same.
func (s Scene) Same(other Scene) bool {
	return s.Step == other.Step && s.Status == other.Status && s.problem == other.problem &&
		s.Race.Same(other.Race) && reflect.DeepEqual(s.View, other.View)
}

// Paused returns the scene with the race standing.
func (s Scene) Paused() Scene {
	s.View.Running = false
	return s
}

// Scene returns what the playground shows. The value is not changed any more.
func (m *Model) Scene() Scene {
	s := Scene{Race: m.runner.Race(), Step: m.runner.Step(), View: m.State.View, Status: m.Status.Text, problem: m.runner.Problem()}
	s.View.Lanes = slices.Clone(m.Lanes)
	return s
}

// become makes the playground show a scene, and ends what was under way. On an error
// nothing is changed.
func (m *Model) become(s Scene) error {
	if err := m.assign(s); err != nil {
		return err
	}
	m.clock++ // ticks of the race before are stale
	m.Entry, m.Prompt, m.dragging, m.Card = panel.Entry{}, panel.Prompt{}, false, false
	m.prompt.preview.open = false
	m.overlay = nil
	m.sweep.close()
	m.tuned.stop()
	m.dirty = true
	return nil
}

// assign puts a scene in the place of the one shown, with as little work as that
// takes. On an error nothing is changed.
func (m *Model) assign(s Scene) error {
	runner, err := m.runner.Become(s.problem, s.Race, s.Step)
	if err != nil {
		return err
	}
	m.setRunner(runner)
	m.State.View = s.View
	m.Lanes = slices.Clone(s.View.Lanes)
	return nil
}
