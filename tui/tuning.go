package tui

import (
	"fmt"
	"math"
	"time"

	tea "charm.land/bubbletea/v2"

	"ravine/formula"
	"ravine/keymap"
	"ravine/optim"
	"ravine/param"
	"ravine/race"
	"ravine/tui/panel"
)

// tuneBy steps a hyperparameter up or down.
func (m *Model) tuneBy(key string, up bool) tea.Cmd {
	if !m.tune(key, stepped(up)) {
		return nil
	}
	return unflash()
}

// change is what a hyperparameter is to become.
type change struct {
	value func(parameter param.Parameter, old float64, lane *race.Lane) float64
	did   string // "raised"
	same  string // said where it leaves the value as it is
	steps bool   // whether it steps the value: a function of t is multiplied
}

func stepped(up bool) change {
	return change{func(parameter param.Parameter, old float64, lane *race.Lane) float64 {
		return parameter.Scale.Step(old, panel.Pick(up, 1, -1), lane.Examples())
	}, panel.Pick(up, "raised", "lowered"), ", the end of its scale", true}
}

// tune changes a hyperparameter of the selected lane, or of all that have it, and
// reports whether it could.
func (m *Model) tune(key string, to change) bool {
	m.lastTuned = key
	if !m.TuneAll {
		return m.tuneLane(m.Selected, key, to)
	}
	tuned := m.tuneLanes(key, to)
	if tuned > 0 {
		m.Flash.Lane = -1
		m.say("%s %s on %s, %s", panel.SymbolOf(key), to.did, param.Plural(tuned, "lane"), m.since())
	}
	return tuned > 0
}

// unflash asks for the picture in which a changed value is not marked any more.
func unflash() tea.Cmd {
	return tea.Tick(flashTime, func(time.Time) tea.Msg { return wakeMsg{} })
}

// tuneLanes changes a hyperparameter of all lanes that have it, and returns of how
// many it could. Where it could of none, the last one's reason is shown.
func (m *Model) tuneLanes(key string, to change) (tuned int) {
	m.warn(fmt.Errorf("no lane has %s", panel.SymbolOf(key)))
	for i, lane := range m.runner.Lanes() {
		if _, ok := param.Find(lane.Parameters(), key); ok && m.tuneLane(i, key, to) {
			tuned++
		}
	}
	return tuned
}

// tuneLane changes a hyperparameter of one lane, and reports whether it could.
func (m *Model) tuneLane(i int, key string, to change) bool {
	lane := m.runner.Lanes()[i]
	title := lane.Optimizer().Title
	parameter, ok := param.Find(lane.Parameters(), key)
	if !ok {
		m.warn(fmt.Errorf("%s has no %s", title, panel.SymbolOf(key)))
		return false
	}
	if key == optim.Batch && !lane.Samples() {
		m.warn(fmt.Errorf("%s has no data to take batches from", m.runner.Race().Problem.Name))
		return false
	}
	if !m.WhatIf && lane.Status() != race.Running {
		m.warn(fmt.Errorf("%s has stopped; with what-if on (%s) it can be tuned from the start", title, m.KeyOf(keymap.WhatIf)))
		return false
	}
	if _, behind := m.runner.Behind(); behind && !m.WhatIf {
		m.warn(fmt.Errorf("the race is being replayed; tuning holds from the step shown, once it is there"))
		return false
	}
	if course, ok := lane.Course(key); ok && to.steps {
		return m.scaleCourse(i, key, course, to)
	}
	hyper := lane.Hyper()
	old := hyper.Get(key)
	value := to.value(parameter, old, lane)
	if value == old {
		m.say("%s of %s stays %s%s", panel.SymbolOf(key), title, parameter.Text(old), to.same)
		return false
	}
	if err := m.runner.Tune(i, key, value, m.WhatIf); err != nil {
		m.warn(err)
		return false
	}
	m.say("%s of %s: %s → %s, %s", panel.SymbolOf(key), title, panel.PrettyValue(parameter, old), panel.PrettyValue(parameter, value), m.since())
	m.Flash = panel.Flash{Lane: i, Key: key, Until: time.Now().Add(flashTime)}
	return true
}

// scaleCourse is tuneLane for a hyperparameter that is a function of t.
func (m *Model) scaleCourse(i int, key, course string, to change) bool {
	old, inner := formula.Factor(course)
	factor := to.value(param.Parameter{Scale: param.Log}, old, m.runner.Lanes()[i])
	if err := m.setCourse(i, key, formula.Scaled(factor, inner)); err != nil {
		m.warn(err)
		return false
	}
	m.Flash = panel.Flash{Lane: i, Key: key, Until: time.Now().Add(flashTime)}
	return true
}

// setCourse makes a hyperparameter of a lane a function of t.
func (m *Model) setCourse(i int, key, course string) error {
	if err := m.runner.SetCourse(i, key, course, m.WhatIf); err != nil {
		return err
	}
	m.say("%s of %s: %s, %s", panel.SymbolOf(key), m.runner.Lanes()[i].Optimizer().Title, course, m.since())
	return nil
}

// since says from when a tuned value holds.
func (m *Model) since() string {
	if m.WhatIf || m.runner.Step() == 0 {
		return "from the start"
	}
	if m.runner.ExamplesPerStep() > 0 {
		return "from here on"
	}
	return fmt.Sprintf("from step %d on", m.runner.Step())
}

func (m *Model) toggleTuneAll() {
	m.TuneAll = !m.TuneAll
	m.say("tuning keys act on %s", panel.Pick(m.TuneAll, "all lanes", "the selected lane"))
}

func (m *Model) toggleHints() {
	m.Hints = !m.Hints
	m.say("hints %s", panel.Pick(m.Hints, "on", "off"))
}

func (m *Model) toggleWhatIf() {
	m.WhatIf = !m.WhatIf
	m.say("%s", panel.Pick(m.WhatIf, "what-if: tuning replays the lane from the start", "tuning holds from the step shown; the curve marks where"))
}

// setTheoryBest gives the selected lane the best values that theory knows.
func (m *Model) setTheoryBest() {
	title := m.Lane().Optimizer().Title
	theory, ok := race.TheoryThroughout(m.Lane())
	if !ok || theory.Bound == 0 {
		m.warn(fmt.Errorf("theory knows no best values for %s on %s", title, m.runner.Race().Problem.Name))
		return
	}
	if err := m.runner.Tune(m.Selected, optim.Eta, panel.Typeable(theory.BestEta), true); err != nil {
		m.warn(err)
		return
	}
	if !math.IsNaN(theory.BestGamma) {
		gamma := panel.Typeable(theory.BestGamma)
		if gamma >= 1 { // rounded up
			gamma = theory.BestGamma
		}
		if err := m.runner.Tune(m.Selected, optim.Gamma, gamma, true); err != nil {
			m.warn(err)
			return
		}
	}
	m.say("%s at the theory's best: %s (%s)", title, theory.BestText, theory.Source)
}
