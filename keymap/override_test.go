package keymap

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"ravine/optim"
)

func TestOverride(t *testing.T) {
	tests := []struct {
		overrides string
		want      map[Action][]string
	}{
		{` {} `, map[Action][]string{Up(optim.Eta): {"E"}, Slower: {"-", "_"}}},
		{`{"eta-up": "ctrl+e"}`, map[Action][]string{Up(optim.Eta): {"ctrl+e"}, Down(optim.Eta): {"e"}}},
		{`{"eta-up": ["E", "up"], "quit": "q"}`, map[Action][]string{Up(optim.Eta): {"E", "up"}, PreviousLane: {"k"}, Quit: {"q", "ctrl+c"}}},
		{`{"eta-up": "e", "eta-down": "E"}`, map[Action][]string{Up(optim.Eta): {"e"}, Down(optim.Eta): {"E"}}},
		{`{"eta-up": []}`, map[Action][]string{Up(optim.Eta): nil, Down(optim.Eta): {"e"}}},
		{`{"eta-up": [], "suspend": "E"}`, map[Action][]string{Up(optim.Eta): nil, Suspend: {"E"}}},
		{`{"fit": "_"}`, map[Action][]string{Fit: {"_"}, Slower: {"-"}}},
		{`{"fit": "-"}`, map[Action][]string{Fit: {"-"}, Slower: {"_"}}},
		{`{"faster": "."}`, map[Action][]string{Faster: {"."}}},
		{`{"quit": "ctrl+c"}`, map[Action][]string{Quit: {"ctrl+c"}}},
		{`{"fit": ["\u0057", "ctrl++", "É", "alt+shift+e", "f12"]}`, map[Action][]string{Fit: {"W", "ctrl++", "É", "alt+shift+e", "f12"}}},
	}
	for _, test := range tests {
		m, err := Override(Default(), strings.NewReader(test.overrides), "keys.json")
		if err != nil {
			t.Errorf("%s: %v", test.overrides, err)
			continue
		}
		for action, want := range test.want {
			binding := m.Binding(action)
			if !slices.Equal(binding.Keys(), want) || binding.Enabled() != (len(want) > 0) {
				t.Errorf("%s: %v has %q (%t), want %q", test.overrides, action, binding.Keys(), binding.Enabled(), want)
			}
		}
		checkMap(t, m)
	}
}

func TestOverrideErrors(t *testing.T) {
	const object = `; want an object such as {"eta-up": ["E", "up"], "quit": "q"}`
	tests := []struct{ overrides, want string }{
		// Not an object.
		{"", "1: not JSON: unexpected end of JSON input" + object},
		{"{\n  \"eta-up\": \"E\",\n}\n", "3: not JSON: invalid character '}' looking for beginning of object key string" + object},
		{"{\"eta-up\": \"E\n\"}", "1: not JSON: invalid character '\\n' in string literal" + object},
		{"{\n\n\"eta-up\"", "3: not JSON: unexpected end of JSON input" + object},
		{"{}\n{}", "2: not JSON: invalid character '{' after top-level value" + object},
		{"\n[]", `1: want an object such as {"eta-up": ["E", "up"], "quit": "q"}`},
		{"null", `1: want an object such as {"eta-up": ["E", "up"], "quit": "q"}`},

		// Not an action.
		{"{\n\"eta_up\": \"E\"}", `2: unknown action "eta_up" (did you mean "eta-up"?); there are ` + allActions},
		{`{"": "E"}`, `1: unknown action ""; there are ` + allActions},
		{"{\"eta-up\": \"E\",\n\"eta-up\": \"up\"}", `2: eta-up is there twice; list its keys in one place`},

		// Not a keystroke.
		{`{"eta-up": null}`, `1: eta-up: want a keystroke or a list of them, as in "E" or ["E", "up"]`},
		{`{"eta-up": 1e999}`, `1: eta-up: want a keystroke or a list of them, as in "E" or ["E", "up"]`},
		{`{"eta-up": {"E": 1}}`, `1: eta-up: want a keystroke or a list of them, as in "E" or ["E", "up"]`},
		{"{\"eta-up\": [\n\"E\",\n[\"F\"]]}", `3: eta-up: want a keystroke or a list of them, as in "E" or ["E", "up"]`},
		{`{"eta-up": ""}`, `1: eta-up: a key is empty; want a keystroke such as "e", "space" or "ctrl+e"`},
		{`{"eta-up": "\n"}`, `1: eta-up: a key is empty; want a keystroke such as "e", "space" or "ctrl+e"`},
		{`{"eta-up": " "}`, `1: eta-up: " " is never reported by a terminal; write "space"`},
		{`{"eta-up": "shift + up"}`, `1: eta-up: "shift + up" is never reported by a terminal; write "shift+up"`},
		{`{"eta-up": "Ctrl+E"}`, `1: eta-up: "Ctrl+E" is never reported by a terminal; write "ctrl+e"`},
		{`{"eta-up": "shift+ctrl+up"}`, `1: eta-up: "shift+ctrl+up" is never reported by a terminal; write "ctrl+shift+up"`},
		{`{"eta-up": "ctrl+ctrl+up"}`, `1: eta-up: "ctrl+ctrl+up" is never reported by a terminal; write "ctrl+up"`},
		{`{"eta-up": "shift+e"}`, `1: eta-up: "shift+e" is never reported by a terminal; write "E"`},
		{`{"eta-up": "shift+1"}`, `1: eta-up: "shift+1" is never reported by a terminal; write the character that it types, as in "?"`},
		{`{"eta-up": "Space"}`, `1: eta-up: "Space" is never reported by a terminal; write "space"`},
		{`{"eta-up": "UP"}`, `1: eta-up: "UP" is never reported by a terminal; write "up"`},
		{`{"eta-up": "cmd+e"}`, `1: eta-up: "cmd+e": unknown modifier "cmd"; there are ctrl alt shift meta hyper super`},
		{`{"eta-up": "control+e"}`, `1: eta-up: "control+e": unknown modifier "control" (did you mean "ctrl"?); there are ctrl alt shift meta hyper super`},
		{`{"eta-up": "pageup"}`, `1: eta-up: "pageup": there is no key "pageup" (did you mean "pgup"?); want one character, or a name such as space, tab, enter, esc, up or f1`},
		{`{"eta-up": "ctrl+"}`, `1: eta-up: "ctrl+": there is no key "ctrl+"; want one character, or a name such as space, tab, enter, esc, up or f1`},
		{`{"eta-up": "\u0000"}`, `1: eta-up: "\x00": there is no key "\x00"; want one character, or a name such as space, tab, enter, esc, up or f1`},

		// Not that action's.
		{"{\"eta-up\": \"f1\",\n\"eta-down\": [\"e\",\n\"f1\"]}", `3: "f1" is bound to two actions: eta-up and eta-down`},
		{`{"eta-up": ["f1", "f1"]}`, `1: "f1" is given twice to eta-up`},
		{"{\n\"eta-up\": \"g\"}", `2: "g" is bound to two actions: eta-up, and gamma-down, which has no other key; give gamma-down another, or [] for none`},
		{`{"next-lane": ["k", "up"]}`, `1: "k" is bound to two actions: next-lane, and previous-lane, which has no other key; give previous-lane another, or [] for none`},
		{`{"eta-up": "ctrl+c"}`, `1: "ctrl+c" always quits; give eta-up another key`},
		{`{"quit": []}`, `1: quit cannot be unbound; give it a key, such as "q"`},
	}
	for _, test := range tests {
		_, err := Override(Default(), strings.NewReader(test.overrides), "keys.json")
		if err == nil {
			t.Errorf("%s: no error, want %s", test.overrides, test.want)
		} else if want := "keys.json:" + test.want; err.Error() != want {
			t.Errorf("%s:\n got %s\nwant %s", test.overrides, err, want)
		}
	}
}

const allActions = "run-pause step-on step-back ten-on ten-back to-start to-furthest scrub-back scrub-on faster slower restart restart-random pace " +
	"next-lane previous-lane toggle-lane duplicate-lane remove-lane previous-rule next-rule " +
	"eta-down eta-up gamma-down gamma-up beta1-down beta1-up beta2-down beta2-up batch-down batch-up type-value tune-all what-if theory tune-race sweep trial-steps best keep cancel hints " +
	"previous-problem next-problem main-down main-up start-left start-right start-up start-down convention " +
	"next-view previous-view zoom-in zoom-out fit next-axis next-step inspector epochs prompt formula " +
	"undo redo copy follow help quit suspend"

func TestOverrideLeavesTheOriginalAlone(t *testing.T) {
	before := Default()
	if _, err := Override(before, strings.NewReader(`{"eta-up": ["up", "f1"], "fit": []}`), "keys.json"); err != nil {
		t.Fatal(err)
	}
	if Table(before) != Table(Default()) {
		t.Error("the map given has changed")
	}
	checkMap(t, before)
}

func TestLoad(t *testing.T) {
	home := t.TempDir()
	// Between them, what os.UserConfigDir looks at.
	for _, name := range []string{"HOME", "XDG_CONFIG_HOME", "AppData"} {
		t.Setenv(name, home)
	}
	usual := DefaultPath()
	if filepath.Base(usual) != "keys.json" || filepath.Base(filepath.Dir(usual)) != "ravine" {
		t.Errorf("default path %q", usual)
	}
	for _, path := range []string{"", usual} {
		m, err := Load(path)
		if err != nil || Table(m) != Table(Default()) {
			t.Errorf("%q, without a file: %v", path, err)
		}
	}
	if _, err := Load(filepath.Join(home, "other.json")); err == nil || strings.Contains(err.Error(), "\n") {
		t.Errorf("a file that is named must be there: %v", err)
	}

	if err := os.MkdirAll(filepath.Dir(usual), 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(filepath.Dir(usual)); err == nil || strings.Contains(err.Error(), "\n") {
		t.Errorf("a directory is no file: %v", err)
	}
	if err := os.WriteFile(usual, []byte(`{"eta-up": "f1"}`), 0o644); err != nil {
		t.Fatal(err)
	}
	m, err := Load("")
	if action, ok := m.Action(tea.KeyPressMsg{Code: tea.KeyF1}); err != nil || !ok || action != Up(optim.Eta) {
		t.Errorf("f1 does %v (%t), error %v", action, ok, err)
	}
	if err := os.WriteFile(usual, []byte(`{"quit": []}`), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(""); err == nil || !strings.HasPrefix(err.Error(), usual+":1: ") {
		t.Errorf("error %v, want it to name the file and the line", err)
	}
}

func FuzzOverride(f *testing.F) {
	for _, seed := range []string{
		`{"eta-up": ["E", "up"], "quit": "q"}`,
		`{"eta-up": [], "suspend": "Ctrl + Shift+É"}`,
		"{\n\"eta-up\": \"g\",\n}",
		`{"quit": [], "nothing": {"a": [1e999, null]}}`,
		"[[[[", "\xff", "{\"\xff\u2028\": \"\\ud800\"}",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, overrides string) {
		m, err := Override(Default(), strings.NewReader(overrides), "keys.json")
		if err == nil {
			checkMap(t, m)
			return
		}
		if !strings.HasPrefix(err.Error(), "keys.json:") || strings.ContainsAny(err.Error(), "\n\r") {
			t.Errorf("error %q, want one line that begins with the file", err)
		}
	})
}

// FuzzKeystroke checks that what is suggested for a wrong keystroke is right.
func FuzzKeystroke(f *testing.F) {
	for _, seed := range []string{"Ctrl + E", "shift+é", "alt+shift+Up", "ctrl++", "++", "shift+ſ", "shift+ß"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, keystroke string) {
		reported, err := asReported(keystroke)
		if err != nil {
			return
		}
		if again, err := asReported(reported); again != reported || err != nil {
			t.Errorf("%q is reported as %q, and that as %q (%v)", keystroke, reported, again, err)
		}
	})
}

// checkMap checks what is true of every map: ctrl+c quits, and the bindings
// agree with what is looked up.
func checkMap(t *testing.T, m Map) {
	t.Helper()
	if action, ok := m.Action(tea.KeyPressMsg{Code: 'c', Mod: tea.ModCtrl}); !ok || action != Quit {
		t.Errorf("ctrl+c does %v (%t)", action, ok)
	}
	count := 0
	for _, d := range definitions {
		action := d.action
		binding := m.Binding(action)
		for _, keystroke := range binding.Keys() {
			count++
			if m.actions[keystroke] != action || !binding.Enabled() {
				t.Errorf("%q is bound to %v, but does %v", keystroke, action, m.actions[keystroke])
			}
		}
		if _, ok := m.Entry(action); ok != binding.Enabled() {
			t.Errorf("%v: in the help %t, enabled %t", action, ok, binding.Enabled())
		}
	}
	if count != len(m.actions) {
		t.Errorf("%d keys are bound, %d do something", count, len(m.actions))
	}
}
