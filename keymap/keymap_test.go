package keymap

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"ravine/optim"
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
	"e": Down(optim.Eta), "E": Up(optim.Eta),
	"g": Down(optim.Gamma), "G": Up(optim.Gamma),
	"b": Down(optim.Beta1), "B": Up(optim.Beta1),
	"v": Down(optim.Beta2), "V": Up(optim.Beta2),
	"m": Down(optim.Batch), "M": Up(optim.Batch),
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
		if !slices.Contains(strings.Fields(m.Name(want)), Label(keystroke)) {
			t.Errorf("%q is promised, but not shown", keystroke)
		}
	}
}

func TestTableHasEveryActionOnce(t *testing.T) {
	seen := map[Action]bool{}
	owners := map[string]Action{}
	for _, section := range table {
		for _, row := range section.rows {
			if row.help == "" || row.short == "" || utf8.RuneCountInString(row.short) > 24 {
				t.Errorf("%v: help %q, short %q", row.actions[0].action, row.help, row.short)
			}
			for _, d := range row.actions {
				if d.help == "" || len(d.keys) == 0 || seen[d.action] {
					t.Errorf("%+v: want help and a key, once", d)
				}
				seen[d.action] = true
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
}

// TestRealKeys has the messages that Bubble Tea's decoder makes: plain, and
// those of the Kitty keyboard protocol.
func TestRealKeys(t *testing.T) {
	tests := []struct {
		message tea.KeyPressMsg
		want    Action
	}{
		{tea.KeyPressMsg{Code: 'e', Text: "e"}, Down(optim.Eta)},
		{tea.KeyPressMsg{Code: 'e', ShiftedCode: 'E', Text: "E", Mod: tea.ModShift}, Up(optim.Eta)},
		{tea.KeyPressMsg{Code: 'e', Text: "E", Mod: tea.ModCapsLock}, Up(optim.Eta)},
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
		{tea.KeyPressMsg{Code: '=', Text: "="}, Formula},
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
