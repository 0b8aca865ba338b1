package tui

import (
	"math"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"ravine/keymap"
	"ravine/problem"
)

// has is a check that the screen shows all of these, and did not before.
func has(texts ...string) func(*testing.T, *Model, seen, tea.Cmd) {
	return func(t *testing.T, m *Model, before seen, _ tea.Cmd) {
		t.Helper()
		screen := textOf(m)
		for _, text := range texts {
			if !strings.Contains(screen, text) {
				t.Errorf("the screen has no %q:\n%s", text, screen)
			} else if strings.Contains(before.screen, text) {
				t.Errorf("the screen had %q before", text)
			}
		}
	}
}

// startMoved is a check that the start moved by so many parts of the window and
// that the race was replayed from there to the step on screen.
func startMoved(x, y float64) func(*testing.T, *Model, seen, tea.Cmd) {
	return func(t *testing.T, m *Model, before seen, _ tea.Cmd) {
		t.Helper()
		from, to := m.runner.Problem().Start(), m.runner.Start()
		dx, dy := (to[0]-from[0])/(before.window.X.Max-before.window.X.Min), (to[1]-from[1])/(before.window.Y.Max-before.window.Y.Min)
		if math.Abs(dx-x/40) > 0.003 || math.Abs(dy-y/40) > 0.003 {
			t.Errorf("the start moved by %.4f, %.4f of the window", dx, dy)
		}
		if m.runner.Step() != before.step {
			t.Errorf("at step %d, was at %d", m.runner.Step(), before.step)
		}
		fresh := openModel(t, m.runner.Race(), before.step)
		if stateOf(fresh.runner) != stateOf(m.runner) {
			t.Error("the race is not that of its start")
		}
	}
}

func problemKeys() []keyCase {
	raced := func(name string, running bool) func(*testing.T, *Model, seen, tea.Cmd) {
		return func(t *testing.T, m *Model, before seen, command tea.Cmd) {
			t.Helper()
			if got := m.runner.Race().Problem.Name; got != name || !strings.Contains(rowsOf(m)[0], name) {
				t.Errorf("the problem is %s, want %s", got, name)
			}
			wantStep(0, running)(t, m, before, command)
		}
	}
	kinds := problem.Kinds()
	first := sceneOf(kinds[0].Name)
	replayed := func(t *testing.T, m *Model, before seen, _ tea.Cmd) {
		t.Helper()
		if m.runner.Step() != before.step || stateOf(openModel(t, m.runner.Race(), before.step).runner) != stateOf(m.runner) {
			t.Error("the race was not replayed to the step on screen")
		}
	}
	return []keyCase{
		{action: keymap.NextProblem, scene: first, keys: "]", status: "regression: ", check: raced("regression", false)},
		{action: keymap.PreviousProblem, scene: first, keys: "[", status: kinds[len(kinds)-1].Name + ": ", check: raced(kinds[len(kinds)-1].Name, false)},
		{action: keymap.NextProblem, scene: first, keys: strings.Repeat("] ", len(kinds)), status: kinds[0].Name + ": ", check: raced(kinds[0].Name, false)},
		{action: keymap.NextProblem, scene: first, keys: "space ]", status: kinds[1].Name + ": ", check: raced(kinds[1].Name, true)},
		{action: keymap.MainUp, keys: "C", status: "κ: 25 → 32, replayed", check: has("κ=32")},
		{action: keymap.MainUp, keys: "C", check: replayed},
		{action: keymap.MainDown, keys: "c", status: "κ: 25 → 20, replayed", check: has("κ=20")},
		{action: keymap.MainDown, scene: sceneOf("regression:noise=0"), keys: "c", status: "stays 0", same: true},
		{action: keymap.MainUp, scene: sceneOf("beale"), keys: "C", status: "beale has no parameter to step", same: true},
		{action: keymap.Convention, keys: "u", status: "papers", check: has("papers · step 10")},
		{action: keymap.Convention, keys: "u", check: replayed},
		{action: keymap.Convention, keys: "u u", status: "slides", same: true},
		{action: keymap.StartLeft, keys: "shift+left", status: "start: x = ", check: startMoved(-1, 0)},
		{action: keymap.StartRight, keys: "shift+right", status: "start: x = ", check: startMoved(1, 0)},
		{action: keymap.StartUp, keys: "shift+up", status: "start: x = ", check: startMoved(0, 1)},
		{action: keymap.StartDown, keys: "shift+down", status: "start: x = ", check: startMoved(0, -1)},
	}
}

// widerBy is a check that the window's sides changed by that factor.
func widerBy(factor float64) func(*testing.T, *Model, seen, tea.Cmd) {
	return func(t *testing.T, m *Model, before seen, _ tea.Cmd) {
		t.Helper()
		was, is := before.window.X.Max-before.window.X.Min, m.Window.X.Max-m.Window.X.Min
		if math.Abs(is/was/factor-1) > 1e-9 {
			t.Errorf("the window is %v, was %v: times %v, want times %v", m.Window, before.window, is/was, factor)
		}
		if factor != 1 && textOf(m) == before.screen {
			t.Error("the screen is as it was")
		}
	}
}

func viewKeys() []keyCase {
	regression, wide := sceneOf("regression"), sceneOf("sparse:features=3")
	return []keyCase{
		{action: keymap.NextView, keys: "tab", same: true, check: lacks("loss over updates")},
		{action: keymap.NextView, keys: "tab tab", same: true, check: lacks("loss over x, y")},
		{action: keymap.NextView, keys: "tab tab tab", same: true, check: sameScreen},
		{action: keymap.NextView, scene: regression, keys: "tab tab tab", same: true, check: has("data: y over x", "best fit")},
		{action: keymap.PreviousView, keys: "shift+tab", same: true, check: lacks("loss over x, y")},
		{action: keymap.PreviousView, keys: "tab shift+tab", same: true, check: sameScreen},
		{action: keymap.ZoomIn, keys: "z", status: "zoomed in", same: true, check: widerBy(1 / zoomStep)},
		{action: keymap.ZoomOut, keys: "Z", status: "zoomed out", same: true, check: widerBy(zoomStep)},
		{action: keymap.ZoomOut, keys: "Z Z z z", same: true, check: widerBy(1)},
		{action: keymap.Fit, keys: "z z z 0", status: "fitted", same: true, check: func(t *testing.T, m *Model, _ seen, _ tea.Cmd) {
			if start := m.runner.Start(); !m.Window.Has(start[0], start[1]) || !m.Window.Has(0, 0) {
				t.Errorf("the window %v has not start and optimum", m.Window)
			}
		}},
		{action: keymap.NextAxis, keys: "A", status: "two parameters, both shown", same: true},
		{action: keymap.NextAxis, scene: wide, keys: "A", status: "the surface shows", same: true, check: func(t *testing.T, m *Model, _ seen, _ tea.Cmd) {
			if m.Axes != [2]int{0, 2} {
				t.Errorf("the axes are %v", m.Axes)
			}
			has("over "+m.runner.Problem().Names()[0]+", "+m.runner.Problem().Names()[2])(t, m, seen{}, nil)
		}},
		{action: keymap.NextStep, keys: "j j l", status: "shown", same: true, check: has("→ −η∇J", "→ velocity", "→ step", "◌ look-ahead")},
		{action: keymap.NextStep, keys: "l", status: "shown", same: true, check: lacks("velocity", "look-ahead")},
		{action: keymap.NextStep, keys: "l l", status: "from the θ and v of Momentum", same: true, check: has("look-ahead")},
		{action: keymap.NextStep, keys: "l l l", status: "hidden", same: true, check: sameScreen},
		{action: keymap.Inspector, keys: "i", status: "inspector open", same: true, check: has("GD · step 10 → 11", "θ ← θ − η·g", "Δx = ")},
		{action: keymap.Inspector, scene: func(t *testing.T) *Model { return openModel(t, playRace(t, "ravine", "gd:eta=1e300"), 5) }, keys: "i", status: "has diverged, no step follows", same: true, check: has("GD has diverged at step ")},
		{action: keymap.Inspector, keys: "i i", status: "inspector closed", same: true, check: sameScreen},
		{action: keymap.Cancel, keys: "i esc", status: "inspector closed", same: true, check: sameScreen},
		{action: keymap.Cancel, keys: "esc", status: "in the sweep (s)", same: true, check: sameScreen},
		{action: keymap.Keep, keys: "enter", status: "in the sweep (s)", same: true, check: sameScreen},
		{action: keymap.Epochs, scene: regression, keys: "t", status: "epochs", same: true, check: has("over epochs")},
		{action: keymap.Epochs, scene: regression, keys: "t t", status: "examples seen", same: true, check: has("over examples seen")},
		{action: keymap.Epochs, scene: regression, keys: "t t t", status: "log axis", same: true, check: has("over updates, log axis")},
		{action: keymap.Epochs, scene: regression, keys: "t t t t", status: "log axis", same: true, check: has("over epochs, log axis")},
		{action: keymap.Epochs, scene: regression, keys: "t t t t t", status: "log axis", same: true, check: has("over examples seen, log axis")},
		{action: keymap.Epochs, scene: regression, keys: "t t t t t t", status: "updates", same: true, check: sameScreen},
	}
}

// lacks is a check that the screen shows none of these any more.
func lacks(texts ...string) func(*testing.T, *Model, seen, tea.Cmd) {
	return func(t *testing.T, m *Model, _ seen, _ tea.Cmd) {
		t.Helper()
		for _, text := range texts {
			if screen := textOf(m); strings.Contains(screen, text) {
				t.Errorf("the screen has %q:\n%s", text, screen)
			}
		}
	}
}
