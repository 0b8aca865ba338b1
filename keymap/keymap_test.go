package keymap

import (
	"slices"
	"testing"
	"unicode/utf8"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// promises are the keys of the interface that users and lessons lean on.
var promises = map[string]Action{
	"w": WhatIf, "o": Theory, "T": TuneRace, "s": Sweep, "h": Hints, "enter": Keep, "esc": Cancel,
	"N": TenOn, "P": TenBack, "<": ToStart, ">": ToFurthest, "ctrl+left": ScrubBack, "ctrl+right": ScrubOn,
	"space": RunPause,
	"n":     StepOn, "p": StepBack,
	"+": Faster, "-": Slower,
	"r": Restart, "R": RestartRandom,
	"j": NextLane, "k": PreviousLane,
	"down": NextLane, "up": PreviousLane,
	"x": ToggleLane,
	"d": DuplicateLane, "D": RemoveLane,
	"e": EtaDown, "E": EtaUp,
	"g": GammaDown, "G": GammaUp,
	"b": Beta1Down, "B": Beta1Up,
	"v": Beta2Down, "V": Beta2Up,
	"m": BatchDown, "M": BatchUp,
	"a": TuneAll,
	"[": PreviousProblem, "]": NextProblem,
	"c": MainDown, "C": MainUp,
	"tab": NextView, "shift+tab": PreviousView,
	"z": ZoomIn, "Z": ZoomOut, "0": Fit,
	"shift+left": StartLeft, "shift+right": StartRight,
	"shift+up": StartUp, "shift+down": StartDown,
	"l": NextStep,
	"i": Inspector,
	"u": Convention,
	"t": Epochs,
	"y": Copy,
	"?": Help,
	"q": Quit, "ctrl+c": Quit,
}

func TestDefaultKeepsThePromises(t *testing.T) {
	m := Default()
	for keystroke, want := range promises {
		if got, ok := m.actions[keystroke]; !ok || got != want {
			t.Errorf("%q does %v (%t), want %v", keystroke, got, ok, want)
		}
		if visible := shown(want, m.Binding(want).Keys()); !slices.Contains(visible, keystroke) {
			t.Errorf("%q is promised, but not shown", keystroke)
		}
	}
}

func TestTableHasEveryActionOnce(t *testing.T) {
	var order []Action
	ids := map[string]Action{}
	owners := map[string]Action{}
	for _, section := range table {
		for _, row := range section.rows {
			if row.help == "" || row.short == "" || utf8.RuneCountInString(row.short) > 24 {
				t.Errorf("%v: help %q, short %q", row.actions[0].action, row.help, row.short)
			}
			for _, d := range row.actions {
				order = append(order, d.action)
				if d.id == "" || d.help == "" || len(d.keys) == 0 {
					t.Errorf("%+v: want an id, help and a key", d)
				}
				if other, taken := ids[d.id]; taken {
					t.Errorf("id %q is of %d and %d", d.id, other, d.action)
				}
				ids[d.id] = d.action
				for _, keystroke := range slices.Concat(d.keys, d.silent) {
					if other, taken := owners[keystroke]; taken {
						t.Errorf("%q is bound to %v and %v", keystroke, other, d.action)
					}
					owners[keystroke] = d.action
					if err := checkKeystroke(keystroke); err != nil {
						t.Error(err)
					}
				}
			}
		}
	}
	var want []Action
	for action := range actionCount {
		want = append(want, action)
	}
	if !slices.Equal(order, want) {
		t.Errorf("the table has %v, want every action once, in order: %v", order, want)
	}
}

// TestRealKeys has the messages that Bubble Tea's decoder makes: plain, and
// those of the Kitty keyboard protocol.
func TestRealKeys(t *testing.T) {
	tests := []struct {
		message tea.KeyPressMsg
		want    Action
	}{
		{tea.KeyPressMsg{Code: 'e', Text: "e"}, EtaDown},
		{tea.KeyPressMsg{Code: 'e', ShiftedCode: 'E', Text: "E", Mod: tea.ModShift}, EtaUp},
		{tea.KeyPressMsg{Code: 'e', Text: "E", Mod: tea.ModCapsLock}, EtaUp},
		{tea.KeyPressMsg{Code: tea.KeySpace, Text: " "}, RunPause},
		{tea.KeyPressMsg{Code: tea.KeyTab}, NextView},
		{tea.KeyPressMsg{Code: tea.KeyTab, Mod: tea.ModShift}, PreviousView},
		{tea.KeyPressMsg{Code: tea.KeyLeft, Mod: tea.ModShift}, StartLeft},
		{tea.KeyPressMsg{Code: tea.KeyDown}, NextLane},
		{tea.KeyPressMsg{Code: tea.KeyKpDown}, NextLane},
		{tea.KeyPressMsg{Code: 'c', Mod: tea.ModCtrl}, Quit},
		{tea.KeyPressMsg{Code: 'z', Mod: tea.ModCtrl}, Suspend},
		{tea.KeyPressMsg{Code: '+', Text: "+"}, Faster},
		{tea.KeyPressMsg{Code: '=', ShiftedCode: '+', Text: "+", Mod: tea.ModShift}, Faster},
		{tea.KeyPressMsg{Code: tea.KeyKpPlus, Text: "+"}, Faster},
		{tea.KeyPressMsg{Code: '=', Text: "="}, Faster},
		{tea.KeyPressMsg{Code: '-', Text: "-"}, Slower},
		{tea.KeyPressMsg{Code: '_', Text: "_"}, Slower},
		{tea.KeyPressMsg{Code: '?', Text: "?"}, Help},
		{tea.KeyPressMsg{Code: '/', ShiftedCode: '?', Text: "?", Mod: tea.ModShift}, Help},
		{tea.KeyPressMsg{Code: tea.KeyKp0, Text: "0"}, Fit},
	}
	m := Default()
	for _, test := range tests {
		got, ok := m.Action(test.message)
		if !ok || got != test.want {
			t.Errorf("%q does %v (%t), want %v", test.message, got, ok, test.want)
		}
		if !key.Matches(test.message, m.Binding(test.want)) {
			t.Errorf("%q does not match the binding of %v", test.message, test.want)
		}
	}
	for _, message := range []tea.KeyPressMsg{
		{Code: 'e', Mod: tea.ModAlt},
		{Code: 'e', Mod: tea.ModCtrl},
		{Code: tea.KeyInsert},
		{Code: tea.KeyExtended, Text: "ee"},
	} {
		if action, ok := m.Action(message); ok {
			t.Errorf("%q does %v", message, action)
		}
	}
}

func TestZeroMapHasNoKeys(t *testing.T) {
	var m Map
	if action, ok := m.Action(tea.KeyPressMsg{Code: 'q', Text: "q"}); ok {
		t.Errorf("q does %v", action)
	}
	if groups := m.Groups(); len(groups) > 0 {
		t.Errorf("groups %v", groups)
	}
}

func BenchmarkAction(b *testing.B) {
	m := Default()
	message := tea.KeyPressMsg{Code: 'z', Mod: tea.ModCtrl}
	b.ReportAllocs()
	for b.Loop() {
		m.Action(message)
	}
}
