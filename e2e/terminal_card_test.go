//go:build linux

package e2e_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const cardText = "any key closes this"

// opensCard starts the program with that directory for its configuration, and
// reports whether the card comes. It then closes it, if asked to, and quits.
func opensCard(t *testing.T, config string, closes bool, args ...string) bool {
	t.Helper()
	x := open(t, session{args: args, env: []string{"XDG_CONFIG_HOME=" + config}})
	x.await("the first picture, to its last row", func() bool { return strings.Contains(x.text(), "run / pause") })
	shown := strings.Contains(x.text(), cardText)
	if closes {
		x.press("+")
		x.await("the key does its job", func() bool { return strings.Contains(x.text(), "steps a second") })
		if strings.Contains(x.text(), cardText) {
			t.Errorf("the card is still open:\n%s", x.text())
		}
		x.press("q")
		x.status()
	} else {
		x.close()
	}
	return shown
}

// TestCardIsRemembered: the card comes until it was closed once, and nothing that is
// the matter with the directory keeps the program from opening.
func TestCardIsRemembered(t *testing.T) {
	home := t.TempDir()
	config := filepath.Join(home, "missing")
	settings := filepath.Join(config, "ravine", "settings.json")
	for n, test := range []struct {
		closes bool
		args   []string
		want   bool
	}{
		{false, nil, true}, {true, []string{"--at", "3"}, false}, {true, []string{"--problem", "beale"}, true}, {true, nil, false}, {false, []string{"play"}, false},
	} {
		if got := opensCard(t, config, test.closes, test.args...); got != test.want {
			t.Errorf("start %d, %v: the card comes: %v, want %v", n+1, test.args, got, test.want)
		}
	}
	if text, err := os.ReadFile(settings); err != nil || string(text) != "{\n \"card_seen\": true\n}\n" {
		t.Errorf("the settings are %q, %v", text, err)
	}
	if entries, _ := os.ReadDir(filepath.Dir(settings)); len(entries) != 1 {
		t.Errorf("beside the settings there are %v", entries)
	}
}

func TestCardWithoutSettings(t *testing.T) {
	inside := func(name, text string) string {
		config := filepath.Join(t.TempDir(), "config")
		if err := os.MkdirAll(filepath.Join(config, "ravine"), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(config, "ravine", name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return config
	}
	directory := t.TempDir()
	if err := os.MkdirAll(filepath.Join(directory, "ravine", "settings.json"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, config := range map[string]string{
		"a directory":    directory,
		"no JSON":        inside("settings.json", "{"),
		"another's JSON": inside("settings.json", "[1]"),
	} {
		t.Run(name, func(t *testing.T) {
			for range 2 {
				if !opensCard(t, config, true) {
					t.Error("no card")
				}
			}
		})
	}
	kept := inside("settings.json", `{"other": [1, 2]}`)
	if !opensCard(t, kept, true) || opensCard(t, kept, true) {
		t.Error("beside other settings, the card does not come once")
	}
	if text, _ := os.ReadFile(filepath.Join(kept, "ravine", "settings.json")); !strings.Contains(string(text), `"other": [`) {
		t.Errorf("the other settings are gone: %s", text)
	}
}
