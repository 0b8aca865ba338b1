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
	Running  bool
	Speed    int // index into speeds
	Furthest int // the furthest step reached

	Lanes    []LaneView // one for each of the race's lanes
	Selected int

	Arrangement Arrangement // the one asked for, whether it fits or not
	Help        bool
	HelpPage    int
	Inspector   bool

	Axes     [2]int // parameters on the surface's x and y
	Detour   [2]int // the axes that were left for where a lane is farthest off, if they were
	Window   Window
	Over     Over // what the curves are over
	NextStep NextStep

	TuneAll    bool
	WhatIf     bool // tuning holds from the start and replays the lane
	Hints      bool
	TrialSteps int // of each run that a sweep or a tuning compares
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
	s.View.Running = false
	return s
}

// Scene returns what the playground shows. The value is not changed any more.
func (m *Model) Scene() Scene {
	s := Scene{Race: m.runner.Race(), Step: m.runner.Step(), View: m.scene.View, Status: m.status.text, problem: m.runner.Problem()}
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
	m.entry, m.dragging, m.card = entry{}, false, false
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
	m.runner = runner
	m.scene.View = s.View
	m.Lanes = slices.Clone(s.View.Lanes)
	return nil
}
