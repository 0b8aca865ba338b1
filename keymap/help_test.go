package keymap

import (
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"charm.land/bubbles/v2/key"

	"ravine/optim"
)

func TestReadmeHasTheKeys(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("there is no README.md yet")
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := ReadmeStale(string(readme)); err != nil {
		t.Error(err)
	}
}

func TestUpdateReadme(t *testing.T) {
	readme := "# ravine\n\n<!-- keys -->\nold\n<!-- /keys -->\n\nMore.\n"
	if ReadmeStale(readme) == nil {
		t.Error("an old table is not noticed")
	}
	updated, err := UpdateReadme(readme)
	if err != nil {
		t.Fatal(err)
	}
	if want := strings.Replace(readme, "old\n", Table(Default()), 1); updated != want {
		t.Errorf("got\n%s\nwant\n%s", updated, want)
	}
	if err := ReadmeStale(updated); err != nil {
		t.Error(err)
	}
	for _, without := range []string{"", "<!-- keys -->\n", "<!-- /keys -->\n<!-- keys -->\n"} {
		if err := ReadmeStale(without); err == nil {
			t.Errorf("%q: no error", without)
		}
	}
}

func TestTable(t *testing.T) {
	got := Table(Default())
	for _, line := range []string{
		"| key | does |",
		"|---|---|",
		"| `space` | run / pause |",
		"| `n` `p` | one step on · one step back |",
		"| `+` `-` | faster · slower (steps a second: 1 2 5 10 … up to as fast as it goes) |",
		"| `j` `k` or `↓` `↑` | select the next · previous lane |",
		"| `e` `E` | η down · up |",
		"| `z` `Z` `0` | zoom in · out on the surface · fit |",
		"| `shift+arrows` | move the start point; a click on the surface sets it |",
		"| `q` or `ctrl+c` | quit |",
	} {
		if !slices.Contains(strings.Split(got, "\n"), line) {
			t.Errorf("no line %s in\n%s", line, got)
		}
	}
}

func TestGroups(t *testing.T) {
	var titles []string
	actions := 0
	for _, group := range Default().Groups() {
		titles = append(titles, group.Title)
		for _, entry := range group.Entries {
			actions += len(entry.Actions)
		}
	}
	if want := []string{"Race", "Lanes", "Tuning", "Problem", "View", "Program"}; !slices.Equal(titles, want) {
		t.Errorf("groups %q, want %q", titles, want)
	}
	if actions != len(definitions) {
		t.Errorf("%d actions, want %d", actions, len(definitions))
	}
}

func TestEntryFollowsOverrides(t *testing.T) {
	tests := []struct {
		overrides string
		action    Action
		keys      string
		help      string
	}{
		{`{}`, Faster, "+ -", "faster · slower (steps a second: 1 2 5 10 … up to as fast as it goes)"},
		{`{"faster": "K"}`, Faster, "K -", "faster · slower (steps a second: 1 2 5 10 … up to as fast as it goes)"},
		{`{"eta-up": ["E", "up"]}`, Up(optim.Eta), "e · E or ↑", "η down · up"},
		{`{"eta-up": ["E", "up"]}`, NextLane, "j or ↓ · k", "select the next · previous lane"},
		{`{"eta-up": []}`, Down(optim.Eta), "e", "η down"},
		{`{"eta-up": []}`, Up(optim.Eta), "", ""},
		{`{"start-left": "alt+left", "start-right": "alt+right", "start-up": "alt+up", "start-down": "alt+down"}`,
			StartUp, "alt+arrows", "move the start point; a click on the surface sets it"},
		{`{"start-left": "alt+left"}`, StartUp, "alt+← shift+→ shift+↑ shift+↓", "move the start point; a click on the surface sets it"},
	}
	for _, test := range tests {
		m, err := Override(Default(), strings.NewReader(test.overrides), "keys.json")
		if err != nil {
			t.Errorf("%s: %v", test.overrides, err)
			continue
		}
		entry, ok := m.Entry(test.action)
		if ok != (test.keys != "") || entry.Keys != test.keys || entry.Help != test.help {
			t.Errorf("%s: %v is %q, %q (%t), want %q, %q", test.overrides, test.action, entry.Keys, entry.Help, ok, test.keys, test.help)
		}
	}
}

func TestBindingHelp(t *testing.T) {
	if got, want := Default().Binding(PreviousLane).Help(), (key.Help{Key: "k or ↑", Desc: "previous lane"}); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestLabel(t *testing.T) {
	for keystroke, want := range map[string]string{
		"space": "space", "E": "E", "down": "↓", "shift+left": "shift+←",
		"ctrl+c": "ctrl+c", "+": "+", "ctrl++": "ctrl++", "pgup": "pgup",
	} {
		if got := Label(keystroke); got != want {
			t.Errorf("%q is %q, want %q", keystroke, got, want)
		}
	}
}

func TestCodeIsSafeInATable(t *testing.T) {
	for label, want := range map[string]string{"e": "`e`", "|": "`\\|`", "`": "`` ` ``"} {
		if got := code(label); got != want {
			t.Errorf("%q is %s, want %s", label, got, want)
		}
	}
}
