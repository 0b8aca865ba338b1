package tui

import (
	tea "charm.land/bubbletea/v2"

	"ravine/keymap"
	"ravine/optim"
)

// press does what a key stands for.
func (m *Model) press(msg tea.KeyPressMsg) tea.Cmd {
	switch {
	case m.Prompt.Open:
		return m.pressPrompt(msg)
	case m.Entry.Open:
		return m.pressEntry(msg)
	}
	action, ok := m.Keys.Action(msg)
	if m.sweep.Open && m.pressSweep(action, msg.String()) || !ok {
		return nil
	}
	return m.handlers[action](m, msg)
}

// handler does what an action stands for.
type handler func(*Model, tea.KeyPressMsg) tea.Cmd

// does is a handler that has no command.
func does(act func(*Model)) handler {
	return func(m *Model, _ tea.KeyPressMsg) tea.Cmd {
		act(m)
		return nil
	}
}

// asks is a handler that needs no more than the model.
func asks(act func(*Model) tea.Cmd) handler {
	return func(m *Model, _ tea.KeyPressMsg) tea.Cmd { return act(m) }
}

// with is a handler that one number tells from its opposite.
func with[T any](act func(*Model, T), value T) handler {
	return does(func(m *Model) { act(m, value) })
}

// handlers returns what each action does. In the sweep some mean something else.
func handlers() map[keymap.Action]handler {
	all := map[keymap.Action]handler{
		keymap.RunPause:      asks((*Model).runPause),
		keymap.StepOn:        with((*Model).stepBy, 1),
		keymap.StepBack:      with((*Model).stepBy, -1),
		keymap.TenOn:         with((*Model).stepBy, 10),
		keymap.TenBack:       with((*Model).stepBy, -10),
		keymap.ToStart:       does(func(m *Model) { m.stepTo(0) }),
		keymap.ToFurthest:    does(func(m *Model) { m.stepTo(m.Furthest) }),
		keymap.ScrubBack:     with((*Model).scrubBy, -1),
		keymap.ScrubOn:       with((*Model).scrubBy, 1),
		keymap.Faster:        with((*Model).changeSpeed, 1),
		keymap.Slower:        with((*Model).changeSpeed, -1),
		keymap.Restart:       asks((*Model).restartAsked),
		keymap.RestartRandom: asks((*Model).restartRandom),
		keymap.Pace:          asks((*Model).switchPace),

		keymap.NextLane:      with((*Model).selectBy, 1),
		keymap.PreviousLane:  with((*Model).selectBy, -1),
		keymap.ToggleLane:    does((*Model).toggleLane),
		keymap.DuplicateLane: does((*Model).duplicate),
		keymap.RemoveLane:    does((*Model).removeLane),
		keymap.PreviousRule:  with((*Model).changeRule, -1),
		keymap.NextRule:      with((*Model).changeRule, 1),

		keymap.TypeValue: func(m *Model, msg tea.KeyPressMsg) tea.Cmd {
			m.openEntry(msg)
			return nil
		},
		keymap.TuneAll:    does((*Model).toggleTuneAll),
		keymap.WhatIf:     does((*Model).toggleWhatIf),
		keymap.Theory:     does((*Model).setTheoryBest),
		keymap.TuneRace:   asks((*Model).toggleTuned),
		keymap.Sweep:      asks((*Model).openSweep),
		keymap.TrialSteps: asks((*Model).nextTrial),
		keymap.Best:       inSweep(keymap.Best, "goes to the best"),
		keymap.Keep:       inSweep(keymap.Keep, "keeps the value"),
		keymap.Cancel:     asks((*Model).cancel),
		keymap.Hints:      does((*Model).toggleHints),

		keymap.PreviousProblem: func(m *Model, _ tea.KeyPressMsg) tea.Cmd { return m.switchProblem(-1) },
		keymap.NextProblem:     func(m *Model, _ tea.KeyPressMsg) tea.Cmd { return m.switchProblem(1) },
		keymap.MainDown:        with((*Model).stepMain, false),
		keymap.MainUp:          with((*Model).stepMain, true),
		keymap.StartLeft:       does(func(m *Model) { m.nudgeStart(-1, 0) }),
		keymap.StartRight:      does(func(m *Model) { m.nudgeStart(1, 0) }),
		keymap.StartUp:         does(func(m *Model) { m.nudgeStart(0, 1) }),
		keymap.StartDown:       does(func(m *Model) { m.nudgeStart(0, -1) }),
		keymap.Convention:      does((*Model).switchConvention),

		keymap.NextView:     with((*Model).viewBy, 1),
		keymap.PreviousView: with((*Model).viewBy, -1),
		keymap.ZoomIn:       with((*Model).zoom, 1/zoomStep),
		keymap.ZoomOut:      with((*Model).zoom, zoomStep),
		keymap.Fit:          does((*Model).fit),
		keymap.NextAxis:     does((*Model).nextAxes),
		keymap.NextStep:     does((*Model).nextArrows),
		keymap.Inspector:    does((*Model).toggleInspector),
		keymap.Epochs:       does((*Model).nextOver),

		keymap.Prompt:  asks((*Model).openPrompt),
		keymap.Formula: asks((*Model).openFormula),
		keymap.Undo:    asks((*Model).undo),
		keymap.Redo:    asks((*Model).redo),
		keymap.Copy:    asks((*Model).copyCommand),
		keymap.Follow:  does(func(m *Model) { m.say("nobody presents here") }),
		keymap.Help:    does((*Model).turnHelp),
		keymap.Quit:    func(*Model, tea.KeyPressMsg) tea.Cmd { return tea.Quit },
		keymap.Suspend: func(*Model, tea.KeyPressMsg) tea.Cmd { return tea.Suspend },
	}
	for _, h := range optim.Tunable() {
		all[keymap.Down(h.Key)] = asks(func(m *Model) tea.Cmd { return m.tuneBy(h.Key, false) })
		all[keymap.Up(h.Key)] = asks(func(m *Model) tea.Cmd { return m.tuneBy(h.Key, true) })
	}
	return all
}

// inSweep says what an action does there.
func inSweep(action keymap.Action, what string) handler {
	return does(func(m *Model) { m.say("%s %s in the sweep (%s)", m.KeyOf(action), what, m.KeyOf(keymap.Sweep)) })
}
