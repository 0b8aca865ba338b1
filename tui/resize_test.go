package tui

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"ravine/tui/panel"

	"github.com/charmbracelet/x/ansi"
)

// TestResizeKeepsTheRace goes through any sizes: the race is untouched, and the
// picture is that of a model that has never had another size.
func TestResizeKeepsTheRace(t *testing.T) {
	for _, keys := range []string{"", "i", "?", "tab", "shift+tab", "l", "j j j x"} {
		t.Run(keys, func(t *testing.T) {
			m := openDefault(t, 60)
			press(m, strings.Fields(keys)...)
			before := stateOf(m.runner)
			random := rand.New(rand.NewPCG(1, 2))
			for range 12 {
				for range 1 + random.IntN(4) {
					resize(m, random.IntN(220)-1, random.IntN(60)-1)
					if after := stateOf(m.runner); after != before {
						t.Fatalf("the race changed:\n%s\nwas\n%s", after, before)
					}
				}
				// In a narrow window there are fewer views, and the one chosen may
				// not be among them, so compare where all of them fit.
				width, height := panel.TwoPanels+random.IntN(120), panel.MinHeight+random.IntN(40)
				resize(m, width, height)
				if strings.HasSuffix(keys, "tab") {
					continue
				}
				fresh := sameModel(t, m, width, height, keys)
				if got, want := m.View().Content, fresh.View().Content; got != want {
					t.Fatalf("%d×%d: the picture differs from a fresh one:\n%s\nwant\n%s", width, height,
						strings.Join(emulate(got, width, height), "\n"), strings.Join(emulate(want, width, height), "\n"))
				}
			}
		})
	}
}

// sameModel opens the race of a model anew at a size and presses the same keys.
func sameModel(t *testing.T, m *Model, width, height int, keys string) *Model {
	fresh, err := New(Options{Race: m.runner.Race(), At: m.runner.Step(), Keys: m.Keys, Background: "dark"})
	if err != nil {
		t.Fatal(err)
	}
	resize(fresh, width, height)
	press(fresh, strings.Fields(keys)...)
	return fresh
}

// TestEverySize draws every view at many sizes: never more than there is room
// for, and where the playground fits, all of it is used.
func TestEverySize(t *testing.T) {
	m := openModel(t, playRace(t, "regression"), 30)
	for _, keys := range []string{"", "tab", "tab", "tab", "i", "?"} {
		press(m, strings.Fields(keys)...)
		for width := 1; width <= 300; width += 1 + width/5 {
			for height := 1; height <= 100; height += 1 + height/3 {
				resize(m, width, height)
				if fault := misfit(m); fault != "" {
					t.Fatalf("%q at %d×%d: %s", keys, width, height, fault)
				}
			}
		}
	}
}

// misfit says what is wrong with a picture's size or its bytes, or nothing.
func misfit(m *Model) string {
	content := m.View().Content
	lines := strings.Split(content, "\n")
	if len(lines) > max(1, m.Height) {
		return fmt.Sprintf("%d lines", len(lines))
	}
	for y, line := range lines {
		width := ansi.StringWidth(line)
		if width > m.Width {
			return fmt.Sprintf("line %d is %d wide: %q", y, width, line)
		}
		if m.Width >= panel.MinWidth && m.Height >= panel.MinHeight && (width != m.Width || len(lines) != m.Height) {
			return fmt.Sprintf("line %d of %d is %d wide", y, len(lines), width)
		}
	}
	if rest := strings.Map(controls, sgr.ReplaceAllString(content, "")); rest != "" {
		return fmt.Sprintf("control bytes %q", rest)
	}
	for _, word := range []string{"NaN", "Inf"} {
		if at := strings.Index(content, word); at >= 0 {
			return fmt.Sprintf("%s on screen: %q", word, ansi.Strip(content[max(0, at-80):min(len(content), at+80)]))
		}
	}
	return ""
}

// controls keeps the characters that a picture must not have.
func controls(r rune) rune {
	if r == '\n' || r >= 0x20 && r != 0x7f && (r < 0x80 || r > 0x9f) {
		return -1
	}
	return r
}
