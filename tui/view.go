package tui

import (
	"reflect"
	"slices"

	"ravine/problem"
	"ravine/race"
)

// View is how a race is looked at. It is copied whole: what is added to it is
// presented and undone without being named anywhere else.
type View struct {
	running  bool
	speed    int // index into speeds
	furthest int // the furthest step reached

	lanes    []laneView // one for each of the race's lanes
	selected int

	view      view // the one asked for, whether it fits or not
	help      bool
	helpPage  int
	inspector bool

	axes   [2]int // parameters on the surface's x and y
	detour [2]int // the axes that were left for where a lane is farthest off, if they were
	window window
	over   over // what the curves are over
	arrows nextStep

	tuneAll    bool
	whatIf     bool // tuning holds from the start and replays the lane
	hints      bool
	trialSteps int // of each run that a sweep or a tuning compares
}

// Scene is what a playground shows, as a value: whoever has it draws the same
// numbers, to the bit, at their own size and in their own colours.
type Scene struct {
	Race   race.Race
	Step   int
	View   View
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
	s.View.running = false
	return s
}

// Scene returns what the playground shows. The value is not changed any more.
func (m *Model) Scene() Scene {
	s := Scene{Race: m.runner.Race(), Step: m.runner.Step(), View: m.scene.View, Status: m.status.text, problem: m.runner.Problem()}
	s.View.lanes = slices.Clone(m.lanes)
	return s
}

// become makes the playground show a scene, with as little work as that takes.
// What was under way ends. On an error nothing is changed.
func (m *Model) become(s Scene) error {
	runner, err := m.runner.Become(s.problem, s.Race, s.Step)
	if err != nil {
		return err
	}
	m.runner = runner
	m.scene.View = s.View
	m.lanes = slices.Clone(s.View.lanes)
	m.clock++ // ticks of the race before are stale
	m.entry, m.dragging, m.card = entry{}, false, false
	m.sweep.close()
	m.past.open = nil
	m.tuned.stop()
	m.dirty = true
	return nil
}
