package tui

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"ravine/keymap"
	"ravine/optim"
	"ravine/tui/panel"
)

// hyperIs is a check of one value of a lane: that it shows in the lane's row, and
// that it holds from when it should. With what-if, the lane is replayed with it
// from the start; without, θ is untouched and the next step is made with it.
func hyperIs(lane int, key string, value float64) func(*testing.T, *Model, seen, tea.Cmd) {
	return func(t *testing.T, m *Model, before seen, command tea.Cmd) {
		t.Helper()
		of := m.runner.Lanes()[lane]
		hyper := of.Hyper()
		if got := hyper.Get(key); math.Abs(got-value) > 1e-12*value {
			t.Errorf("%s of lane %d is %v, want %v", key, lane, got, value)
		}
		if command == nil {
			t.Error("nothing ends the flash of the changed value")
		}
		if shown := panel.LaneValue(of, key); !strings.Contains(textOf(m), " "+shown+" ") {
			t.Errorf("the screen has no %s:\n%s", shown, textOf(m))
		}
		edit := fmt.Sprintf("%s@10=", key)
		switch {
		case m.WhatIf && strings.Contains(of.Spec().String(), "@"):
			t.Errorf("the lane is %s, want no edit", of.Spec())
		case m.WhatIf && stateOf(openModel(t, m.runner.Race(), before.step).runner) != stateOf(m.runner):
			t.Errorf("the lane is not where %s leads", of.Spec())
		case !m.WhatIf && !slices.Equal(of.Theta(), before.thetas[lane]):
			t.Errorf("θ is %v, was %v: the change reached back", of.Theta(), before.thetas[lane])
		case !m.WhatIf && !strings.Contains(of.Spec().String(), edit):
			t.Errorf("the lane is %s, want an edit %s…", of.Spec(), edit)
		}
	}
}

func tuneKeys() []keyCase {
	adam := sceneOf("ravine", "adam:eta=0.1,beta1=0.9,beta2=0.99", "gd:eta=0.01")
	momentum := sceneOf("ravine", "momentum:eta=0.01,gamma=0.9")
	sampled := sceneOf("regression:n=50", "minibatch:batch=8")
	full := sceneOf("regression:n=50", "minibatch:batch=32")
	cases := []keyCase{
		{action: keymap.Down(optim.Eta), scene: adam, keys: "e", status: "η of Adam: 0.1 → 0.08", check: hyperIs(0, "eta", 0.08)},
		{action: keymap.Up(optim.Eta), scene: adam, keys: "E", status: "η of Adam: 0.1 → 0.125", check: hyperIs(0, "eta", 0.125)},
		{action: keymap.Up(optim.Eta), scene: adam, keys: "E E", status: "η of Adam: 0.125 → 0.16", check: hyperIs(0, "eta", 0.16)},
		{action: keymap.Up(optim.Eta), scene: adam, keys: "E e", status: "η of Adam: 0.125 → 0.1", check: hyperIs(0, "eta", 0.1)},
		{action: keymap.Up(optim.Eta), scene: adam, keys: "w E", status: "from step 10 on", check: hyperIs(0, "eta", 0.125)},
		{action: keymap.Up(optim.Eta), scene: adam, keys: "w E E", status: "η of Adam: 0.125 → 0.16", check: hyperIs(0, "eta", 0.16)},
		{action: keymap.Up(optim.Eta), scene: adam, keys: "w E e", status: "η of Adam: 0.125 → 0.1", check: hyperIs(0, "eta", 0.1)},
		{action: keymap.Up(optim.Eta), scene: adam, keys: "j E", status: "η of GD: 0.01 → 0.0125", check: hyperIs(1, "eta", 0.0125)},
		{action: keymap.Down(optim.Gamma), scene: momentum, keys: "g", status: "γ of Momentum: 0.9 → 0.84", check: hyperIs(0, "gamma", 0.84)},
		{action: keymap.Up(optim.Gamma), scene: momentum, keys: "G", status: "γ of Momentum: 0.9 → 0.937", check: hyperIs(0, "gamma", 0.937)},
		{action: keymap.Down(optim.Beta1), scene: adam, keys: "b", status: "β₁ of Adam: 0.9 → 0.84", check: hyperIs(0, "beta1", 0.84)},
		{action: keymap.Up(optim.Beta1), scene: adam, keys: "B", status: "β₁ of Adam: 0.9 → 0.937", check: hyperIs(0, "beta1", 0.937)},
		{action: keymap.Down(optim.Beta2), scene: adam, keys: "v", status: "β₂ of Adam: 0.99 → 0.984", check: hyperIs(0, "beta2", 0.984)},
		{action: keymap.Up(optim.Beta2), scene: adam, keys: "V", status: "β₂ of Adam: 0.99 → 0.9937", check: hyperIs(0, "beta2", 0.9937)},
		{action: keymap.Down(optim.Batch), scene: sampled, keys: "m", status: "batch size of Mini-batch: 8 → 4", check: hyperIs(0, "batch", 4)},
		{action: keymap.Up(optim.Batch), scene: sampled, keys: "M", status: "batch size of Mini-batch: 8 → 16", check: hyperIs(0, "batch", 16)},
		{action: keymap.Up(optim.Batch), scene: full, keys: "M", status: "batch size of Mini-batch: 32 → all", check: hyperIs(0, "batch", 0)},
		{action: keymap.Up(optim.Batch), scene: full, keys: "M M", status: "stays all"},
		{action: keymap.Up(optim.Batch), scene: sampled, keys: "w M", check: hyperIs(0, "batch", 16)},
		{action: keymap.TrialSteps, keys: "S", status: "T and s compare runs of 1000 steps", same: true},
		{action: keymap.Best, keys: "*", status: "* goes to the best in the sweep (s)", same: true, check: sameScreen},
		{action: keymap.WhatIf, keys: "w", status: "from the step shown", same: true},
		{action: keymap.WhatIf, keys: "w w", status: "from the start", same: true},
		{action: keymap.Down(optim.Batch), keys: "m", status: "no data to take batches from", same: true},
		{action: keymap.Up(optim.Batch), keys: "M", status: "no data to take batches from", same: true},
	}
	return append(append(cases, absentKeys()...), allKeys()...)
}

// absentKeys press the keys of values that the selected rule does not have:
// they say so and change nothing.
func absentKeys() []keyCase {
	var cases []keyCase
	for _, c := range []struct {
		lane, keys, status string
		actions            []keymap.Action
	}{
		{"gd", "g G", "GD has no γ", []keymap.Action{keymap.Down(optim.Gamma), keymap.Up(optim.Gamma)}},
		{"gd", "b B", "GD has no β₁", []keymap.Action{keymap.Down(optim.Beta1), keymap.Up(optim.Beta1)}},
		{"gd", "v V", "GD has no β₂", []keymap.Action{keymap.Down(optim.Beta2), keymap.Up(optim.Beta2)}},
		{"adam", "g G", "Adam has no γ", []keymap.Action{keymap.Down(optim.Gamma), keymap.Up(optim.Gamma)}},
		{"momentum", "b B", "Momentum has no β₁", []keymap.Action{keymap.Down(optim.Beta1), keymap.Up(optim.Beta1)}},
		{"rmsprop", "v V", "RMSprop has no β₂", []keymap.Action{keymap.Down(optim.Beta2), keymap.Up(optim.Beta2)}},
	} {
		for i, key := range strings.Fields(c.keys) {
			cases = append(cases, keyCase{
				action: c.actions[i], scene: sceneOf("ravine", c.lane), keys: key, status: c.status, same: true,
				check: func(t *testing.T, m *Model, before seen, command tea.Cmd) {
					if command != nil {
						t.Error("a key that changes nothing has a command")
					}
					sameScreen(t, m, before, command)
				},
			})
		}
	}
	return cases
}

// allKeys tune all lanes at once.
func allKeys() []keyCase {
	three := sceneOf("ravine", "gd:eta=0.01", "momentum:eta=0.01,gamma=0.9", "nag:eta=0.1,gamma=0.5")
	return []keyCase{
		{action: keymap.TuneAll, scene: three, keys: "a", status: "all lanes", same: true},
		{action: keymap.TuneAll, scene: three, keys: "a a", status: "the selected lane", same: true},
		{action: keymap.TuneAll, scene: three, keys: "a E", status: "η raised on 3 lanes", check: func(t *testing.T, m *Model, before seen, command tea.Cmd) {
			for lane, want := range []float64{0.0125, 0.0125, 0.125} {
				hyperIs(lane, "eta", want)(t, m, before, command)
			}
		}},
		{action: keymap.TuneAll, scene: three, keys: "a G", status: "γ raised on 2 lanes", check: func(t *testing.T, m *Model, _ seen, _ tea.Cmd) {
			if spec := m.runner.Lanes()[0].Spec().String(); spec != "gd:eta=0.01" {
				t.Errorf("GD became %s", spec)
			}
		}},
		{action: keymap.TuneAll, scene: three, keys: "a b", status: "no lane has β₁", same: true},
		{action: keymap.TuneAll, scene: three, keys: "a a E", check: func(t *testing.T, m *Model, _ seen, _ tea.Cmd) {
			if spec := m.runner.Lanes()[1].Spec().String(); strings.Contains(spec, "@") {
				t.Errorf("Momentum became %s", spec)
			}
		}},
	}
}
