package tui

import (
	"errors"
	"reflect"
	"time"

	tea "charm.land/bubbletea/v2"

	"ravine/problem"
	"ravine/race"
	"ravine/tui/chart"
)

// Shared is what one playground shows, as values: whoever has them draws the same
// numbers, to the bit, at their own size and in their own colours.
type Shared struct {
	Race           race.Race
	Step, Furthest int
	Running        bool
	Speed          int // index into the paces
	Selected       int
	Lanes          []SharedLane // one for each of Race.Lanes

	View            int // a view, whichever place it has at this size
	Help, Inspector bool
	Axes            [2]int
	Window          [2]chart.Range // x, y
	Over            int
	Arrows          int // what of the next step is drawn
	TuneAll, WhatIf bool
	Hints           bool
	Status          string

	problem problem.Problem // built already; safe for concurrent use
}

// SharedLane is how a lane looks beside the others of its rule.
type SharedLane struct {
	Variant int
	Hidden  bool
}

// Same reports whether two show the same.
func (s Shared) Same(other Shared) bool {
	s.problem, other.problem = nil, nil
	return reflect.DeepEqual(s, other)
}

// The methods below are for whoever serves the model, on the goroutine that calls
// Update.

// Shared returns what the playground shows. The value is not changed any more.
func (m *Model) Shared() Shared {
	s := Shared{
		Race: m.runner.Race(), Step: m.runner.Step(), Furthest: m.furthest,
		Running: m.running, Speed: m.speed, Selected: m.selected,
		View: int(m.view), Help: m.help, Inspector: m.inspector,
		Axes: m.axes, Window: [2]chart.Range{m.window.x, m.window.y}, Over: int(m.over),
		Arrows: int(m.arrows), TuneAll: m.tuneAll, WhatIf: m.whatIf, Hints: m.hints,
		Status:  m.status.text,
		problem: m.runner.Problem(),
	}
	for _, lane := range m.lanes {
		s.Lanes = append(s.Lanes, SharedLane{lane.variant, lane.hidden})
	}
	return s
}

// Show shows what another playground does. The race stands until Show is called
// again, or Resume; CatchUp goes on with what there is to replay.
func (m *Model) Show(s Shared) error {
	if err := m.raceAs(s); err != nil {
		return err
	}
	m.runner.Aim(s.Step)
	m.lanes = m.lanes[:0:0]
	for _, lane := range s.Lanes {
		m.lanes = append(m.lanes, laneView{lane.Variant, lane.Hidden})
	}
	m.clock++ // ticks of the own race are stale
	m.furthest, m.running, m.speed, m.selected = s.Furthest, s.Running, s.Speed, s.Selected
	m.view = view(s.View)
	m.help, m.inspector = s.Help, s.Inspector
	m.axes, m.window, m.over = s.Axes, window{s.Window[0], s.Window[1]}, over(s.Over)
	m.arrows, m.tuneAll, m.whatIf, m.hints = nextStep(s.Arrows), s.TuneAll, s.WhatIf, s.Hints
	if s.Status != m.status.text {
		m.say("%s", s.Status)
	}
	m.entry, m.dragging, m.card = entry{}, false, false
	m.sweep.close()
	m.tuned.stop()
	m.dirty = true
	return nil
}

// CatchUp goes on with a replay.
func (m *Model) CatchUp() tea.Cmd { return m.catchUp(false) }

// raceAs makes the race the shared one, with as little work as that takes.
func (m *Model) raceAs(s Shared) error {
	now := m.runner.Race()
	lanes := now.Lanes
	now.Lanes = s.Race.Lanes
	if reflect.DeepEqual(now, s.Race) && len(lanes) == len(s.Race.Lanes) && m.runner.Problem() == s.problem {
		for i, lane := range s.Race.Lanes {
			if reflect.DeepEqual(lane, lanes[i]) {
				continue
			}
			if err := m.runner.SetLane(i, lane); err != nil {
				return err
			}
		}
		return nil
	}
	runner, err := race.On(s.problem, s.Race)
	if err != nil {
		return err
	}
	m.runner = runner
	return nil
}

// Resume lets the race go on from what is on screen, if it runs.
func (m *Model) Resume() tea.Cmd {
	m.dirty = true
	return m.start()
}

// Notice shows a sentence in the status line, marked.
func (m *Model) Notice(text string) {
	m.warn(errors.New(text))
	m.dirty = true
}

// Moves reports whether the race runs.
func (m *Model) Moves() bool { return m.running }

// SetNote writes who leads, or nothing, into the head line.
func (m *Model) SetNote(note string) {
	m.dirty = m.dirty || note != m.note
	m.note = note
}

// SetStepTime bounds how long the race is stepped for one picture; it starts out
// as what one playground alone may take.
func (m *Model) SetStepTime(duration time.Duration) { m.stepTime = min(duration, frameBudget) }
