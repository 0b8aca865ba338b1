package tui

import (
	"regexp"
	"strings"
	"testing"

	"ravine/optim"
)

// Every rule's whole step is there for both parameters, and the table under it,
// at the sizes that people have.
func TestInspectorShowsBothParameters(t *testing.T) {
	row := regexp.MustCompile(`(?m) \d+ +(paused|converged)\b`)
	for _, optimizer := range optim.All() {
		for _, rules := range []optim.Convention{optim.Slides, optim.Papers} {
			r := playRace(t, "ravine", optimizer.Name, "gd", "gd", "gd", "gd", "gd")
			r.Rules = rules
			m := openModel(t, r, 150)
			press(m, "i")
			for _, size := range [][2]int{{60, 20}, {80, 24}, {96, 24}, {60, 40}, {100, 30}, {120, 36}, {200, 50}} {
				resize(m, size[0], size[1])
				text := textOf(m)
				for _, want := range []string{"g ← ", "Δx = ", "Δy = "} {
					if !strings.Contains(text, want) {
						t.Errorf("%s, %v, %v: no %s in\n%s", optimizer.Name, rules, size, want, text)
					}
				}
				if strings.Contains(text, "more parameter") {
					t.Errorf("%s, %v, %v: a parameter is left out", optimizer.Name, rules, size)
				}
				if m.panels.Layout.Surface.Width < 20 || m.panels.Layout.Surface.Height < 14 {
					t.Errorf("%s, %v: the surface has %v", optimizer.Name, size, m.panels.Layout.Surface)
				}
				least := map[int]int{20: 0, 24: 0, 30: 1, 36: 1, 40: 0, 50: 6}[size[1]]
				if size[1] == 36 && optimizer.Name == "gd" { // whose step takes few
					least = 6
				}
				if rows := len(row.FindAllString(text, -1)); rows < least || least == 0 && rows > 0 {
					t.Errorf("%s, %v: %d rows of the table are shown in\n%s", optimizer.Name, size, rows, text)
				}
				// What a pocket calculator needs: each line's old value, in numbers.
				if m := regexp.MustCompile(`m ← .*\n.* x: `); size[1] > 20 && strings.Contains(text, "m ← ") && !m.MatchString(text) {
					t.Errorf("%s, %v, %v: m is not in numbers in\n%s", optimizer.Name, rules, size, text)
				}
			}
		}
	}
}

// Where not all parameters fit, those of the surface do, in their own order, and
// a step that is small beside θ still shows.
func TestInspectorOfManyParameters(t *testing.T) {
	row := regexp.MustCompile(`(w\d): (\S+) − .* = (\S+)`)
	for _, test := range []struct {
		rule          string
		width, height int
		names         string
		more          string
	}{
		{"gd", 160, 40, "w1 w2 w3 w4 w5 w6 w7 w8", ""},
		{"gd", 90, 30, "w1 w2 w3 w4 w5 w6 w7 w8", ""},
		{"gd", 100, 20, "w1 w2 w3 w4 w5 w6 w7", "… and 1 more parameter (A puts others first)"},
		{"adam", 120, 24, "w1", "… and 6 more parameters (A puts others first)"},
	} {
		m := openModel(t, playRace(t, "sparse", test.rule), 150)
		m.Axes = [2]int{0, 2}
		press(m, "i")
		resize(m, test.width, test.height)
		text := textOf(m)
		var names []string
		for _, found := range row.FindAllStringSubmatch(text, -1) {
			names = append(names, found[1])
			if found[2] == found[3] {
				t.Errorf("%s does not show the step", found[0])
			}
		}
		if strings.Join(names, " ") != test.names || !strings.Contains(text, test.more) {
			t.Errorf("%s, %d×%d: rows of %v, want %s, and %q in\n%s", test.rule, test.width, test.height, names, test.names, test.more, text)
		}
		if split := regexp.MustCompile(`=\s*│`).FindString(text); split != "" {
			t.Errorf("a value is split from its name in\n%s", text)
		}
	}
}
