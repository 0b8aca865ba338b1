package tui

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"ravine/keymap"
)

// differ says in what two scenes differ, but for what the race itself changes.
func differ(a, b Scene) string {
	switch {
	case !a.Race.Same(b.Race):
		return fmt.Sprintf("the race:\n%q\n%q", a.Race.Args(), b.Race.Args())
	case a.problem != b.problem:
		return "the problem"
	case a.Step != b.Step:
		return fmt.Sprintf("the step: %d, %d", a.Step, b.Step)
	case !reflect.DeepEqual(a.View.Lasting(), b.View.Lasting()):
		return fmt.Sprintf("the view:\n%+v\n%+v", a.View.Lasting(), b.View.Lasting())
	}
	return ""
}

// TestUndoEverything: whatever keys were pressed, as many undos lead to the first
// scene, and as many redos to the last.
func TestUndoEverything(t *testing.T) {
	keys := slices.DeleteFunc(monkeyKeys(keymap.Default()), func(key string) bool {
		action, _ := keymap.Default().Action(keyPress(key))
		return action == keymap.Undo || action == keymap.Redo
	})
	try := func(t rapid.TB, m *Model, pressed []string) {
		first := m.Scene()
		pressed = append(pressed, "esc") // out of a sweep
		press(m, pressed...)
		last := m.Scene()
		for range pressed {
			press(m, "U")
		}
		if fault := differ(m.Scene(), first); fault != "" {
			t.Fatalf("%q are not undone in %s", pressed, fault)
		}
		for range pressed {
			press(m, "ctrl+r")
		}
		if fault := differ(m.Scene(), last); fault != "" {
			t.Fatalf("%q are not done again in %s", pressed, fault)
		}
	}
	t.Run("1000 keys", func(t *testing.T) {
		random := rand.New(rand.NewPCG(1, 2))
		pressed := make([]string, 1000)
		for i := range pressed {
			pressed[i] = keys[random.IntN(len(keys))]
		}
		try(t, openDefault(t, 7), pressed)
	})
	rapid.Check(t, func(r *rapid.T) {
		try(r, openModel(t, playRace(t, "regression:n=20"), 3), rapid.SliceOfN(rapid.SampledFrom(keys), 1, 12).Draw(r, "keys"))
	})
}

func TestUndo(t *testing.T) {
	for _, test := range []struct{ keys, said string }{
		{"E U", "undone: η of GD: 0.075 → 0.08"},
		{"E j U U", "undone: η of GD: 0.075 → 0.08"},
		{"E U ctrl+r", "done again: η of GD: 0.075 → 0.08"},
		{"E U ctrl+r ctrl+r", "nothing more can be done again"},
		{"U", "nothing more can be undone"},
		{"n n n U", "undone: step 8 of 8"},
		{"n n n U U", "nothing more can be undone"},
		{"E U e ctrl+r", "nothing more can be done again"},
		{"s right right enter U", "undone: the sweep of GD"},
		{"s right right U", "undone: the sweep of GD"},
		{"E U s right ctrl+r U", "undone: the sweep of GD"},
		{"] U", "undone: regression"},
		{"D U", "undone: GD removed"},
		{"space space U", "nothing more can be undone"},
	} {
		m := openDefault(t, 5)
		first := m.Scene()
		press(m, strings.Fields(test.keys)...)
		if !strings.Contains(m.Status.Text, test.said) {
			t.Errorf("%s: %q, want %q", test.keys, m.Status.Text, test.said)
		}
		if again := strings.Contains(test.keys, "ctrl+r"); !again {
			if fault := differ(m.Scene(), first); fault != "" {
				t.Errorf("%s: differs in %s", test.keys, fault)
			}
		}
	}
}

// TestSweepIsAChange: what was done in an open sweep leaves nothing to do again, and
// a scene that is shown in its place is what a later undo comes back to.
func TestSweepIsAChange(t *testing.T) {
	m := openDefault(t, 5)
	press(m, "E", "U", "s", "right", "ctrl+r")
	if want := "nothing more can be done again"; m.Status.Text != want {
		t.Errorf("said %q, want %q", m.Status.Text, want)
	}
	leader := openDefault(t, 9)
	press(m, "s", "right")
	follow(t, m, leader)
	press(m, "E", "U")
	if fault := differ(m.Scene(), leader.Scene()); fault != "" {
		t.Errorf("undo after following leads elsewhere: %s", fault)
	}
}
