package tui

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"pgregory.net/rapid"

	"ravine/keymap"
	"ravine/optim"
	"ravine/race"
)

func click(m *Model, x, y int, button tea.MouseButton) tea.Cmd {
	_, command := m.Update(tea.MouseClickMsg{X: x, Y: y, Button: button})
	m.View()
	return command
}

// TestClickSetsStart clicks on cells of the surface: the race starts there, or
// waits if it was paused, and the marker of the start is drawn in that cell.
func TestClickSetsStart(t *testing.T) {
	for i, cell := range [][2]int{{5, 5}, {30, 10}, {50, 20}} {
		m := openDefault(t, 10)
		runs := i > 0
		if runs {
			press(m, "space")
		}
		x, y := m.panels.Surface.Plot.Data(cell[0], cell[1])
		if command := click(m, cell[0], cell[1], tea.MouseLeft); (command != nil) != runs || m.Running != runs || m.runner.Step() != 0 || m.Furthest != 0 {
			t.Errorf("%v: at step %d of %d, running %v; want step 0, running %v", cell, m.runner.Step(), m.Furthest, m.Running, runs)
		}
		start := m.runner.Start()
		cellWidth, cellHeight := (m.Window.X.Max-m.Window.X.Min)/float64(m.panels.Surface.Plot.Area.Width), (m.Window.Y.Max-m.Window.Y.Min)/float64(m.panels.Surface.Plot.Area.Height)
		if math.Abs(start[0]-x) > cellWidth/2 || math.Abs(start[1]-y) > cellHeight/2 {
			t.Errorf("%v: the start is %v, want %v, %v", cell, start, x, y)
		}
		for _, lane := range m.runner.Lanes() {
			if theta := lane.Theta(); theta[0] != start[0] || theta[1] != start[1] {
				t.Errorf("%v: %s is at %v, want %v", cell, lane.Spec(), theta, start)
			}
		}
		press(m, "n", "n", "n", "n", "n", "n", "n", "n")
		if got := string([]rune(rowsOf(m)[cell[1]])[cell[0]]); !strings.ContainsAny(got, "+●■▲◆▼★") {
			t.Errorf("%v: the cell shows %q, want the start", cell, got)
		}
	}
}

// TestMouseElsewhere clicks where a click does nothing, or something else.
func TestMouseElsewhere(t *testing.T) {
	lanes := func(m *Model) (int, int) { return 20, m.panels.Layout.Lanes.Y + 3 }
	surface := func(*Model) (int, int) { return 30, 10 }
	tests := []struct {
		name     string
		at       func(*Model) (int, int)
		button   tea.MouseButton
		keys     string
		selected int
		status   string
	}{
		{"head", func(*Model) (int, int) { return 3, 0 }, tea.MouseLeft, "", 0, ""},
		{"border", func(*Model) (int, int) { return 0, 5 }, tea.MouseLeft, "", 0, ""},
		{"curves", func(*Model) (int, int) { return 100, 10 }, tea.MouseLeft, "", 0, ""},
		{"footer", func(m *Model) (int, int) { return 3, m.Height - 1 }, tea.MouseLeft, "", 0, ""},
		{"outside", func(*Model) (int, int) { return -5, 1000 }, tea.MouseLeft, "", 0, ""},
		{"right button", surface, tea.MouseRight, "", 0, ""},
		{"middle button", surface, tea.MouseMiddle, "", 0, ""},
		{"surface under the help", surface, tea.MouseLeft, "?", 0, ""},
		{"surface in the curves' view", surface, tea.MouseLeft, "shift+tab", 0, ""},
		{"lane", lanes, tea.MouseLeft, "", 2, "NAG selected"},
		{"lanes' header", func(m *Model) (int, int) { return 20, m.panels.Layout.Lanes.Y }, tea.MouseLeft, "", 0, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m := openDefault(t, 10)
			if test.keys != "" {
				press(m, test.keys)
			}
			before := stateOf(m.runner)
			x, y := test.at(m)
			if command := click(m, x, y, test.button); command != nil || m.Running || stateOf(m.runner) != before {
				t.Error("the click changed the race")
			}
			if m.Selected != test.selected || !strings.Contains(statusOf(m), test.status) {
				t.Errorf("lane %d is selected and the status line says %q", m.Selected, statusOf(m))
			}
		})
	}
}

// TestWheel zooms: what is under the pointer stays there.
func TestWheel(t *testing.T) {
	for _, test := range []struct {
		button tea.MouseButton
		factor float64
	}{{tea.MouseWheelUp, 1 / zoomStep}, {tea.MouseWheelDown, zoomStep}} {
		m := openDefault(t, 10)
		before := m.Window
		x, y := m.panels.Surface.Plot.Data(40, 7)
		m.Update(tea.MouseWheelMsg{X: 40, Y: 7, Button: test.button})
		m.View()
		if factor := (m.Window.X.Max - m.Window.X.Min) / (before.X.Max - before.X.Min); math.Abs(factor-test.factor) > 1e-9 {
			t.Errorf("%v: the window is %v times as wide, want %v", test.button, factor, test.factor)
		}
		if column, row, ok := m.panels.Surface.Plot.Cell(x, y); !ok || column != 40 || row != 7 {
			t.Errorf("%v: what was under the pointer is at %d, %d", test.button, column, row)
		}
	}
}

// copied returns the text that y puts on the clipboard. The message's type is
// Bubble Tea's own, a string.
func copied(t *testing.T, m *Model) string {
	t.Helper()
	command := press(m, "y")
	if command == nil {
		t.Fatal("nothing is copied")
	}
	msg := command()
	if batch, ok := msg.(tea.BatchMsg); ok { // a hint is to follow
		msg = batch[0]()
	}
	if name := fmt.Sprintf("%T", msg); name != "tea.setClipboardMsg" {
		t.Fatalf("y makes a %s", name)
	}
	return fmt.Sprint(msg)
}

// shellWords splits a command as a shell does, as far as quotes go.
func shellWords(t *testing.T, command string) []string {
	t.Helper()
	var words []string
	var word strings.Builder
	quoted, begun := false, false
	for i := 0; i < len(command); i++ {
		switch c := command[i]; {
		case c == '\'':
			quoted, begun = !quoted, true
		case quoted:
			word.WriteByte(c)
		case c == ' ':
			if begun {
				words = append(words, word.String())
			}
			word.Reset()
			begun = false
		case c == '\\':
			i++
			word.WriteByte(command[i])
		default:
			word.WriteByte(c)
			begun = true
		}
	}
	if quoted {
		t.Fatalf("a quote is open in %s", command)
	}
	return append(words, word.String())
}

// opened opens what a copied command does.
func opened(t *testing.T, command string) *Model {
	t.Helper()
	words := shellWords(t, command)
	if words[0] != "ravine" {
		t.Fatalf("the command is %s", command)
	}
	r, at := race.Default(), 0
	r.Steps, r.Lanes = 0, nil
	view := ""
	for i := 1; i+1 < len(words); i += 2 {
		if words[i] == "--view" {
			view = words[i+1]
			continue
		}
		if err := readFlag(t, &r, &at, words[i], words[i+1]); err != nil {
			t.Fatalf("%s: %s %s: %v", command, words[i], words[i+1], err)
		}
	}
	m, err := New(Options{Race: r, At: at, View: view, Wait: true, Keys: keymap.Default(), Background: "dark"})
	if err != nil {
		t.Fatalf("%s: %v", command, err)
	}
	m.catching.slice = time.Hour
	resize(m, 120, 36)
	return m
}

func readFlag(t *testing.T, r *race.Race, at *int, name, value string) error {
	switch name {
	case "--problem":
		r.Problem = readSpec(t, value)
	case "--opt":
		r.Lanes = append(r.Lanes, laneSpec(t, value))
	case "--start":
		return r.SetStart(value)
	case "--rules":
		rules, err := optim.ParseConvention(value)
		r.Rules = rules
		return err
	case "--pace":
		pace, err := race.ParsePace(value)
		r.Pace = pace
		return err
	case "--at":
		_, err := fmt.Sscan(value, at)
		return err
	case "--seed":
		_, err := fmt.Sscan(value, &r.Seed)
		return err
	case "--steps":
		_, err := fmt.Sscan(value, &r.Steps)
		return err
	case "--tol":
		_, err := fmt.Sscan(value, &r.Tol)
		return err
	default:
		return fmt.Errorf("no such flag")
	}
	return nil
}

// TestCopy opens the copied command: every lane shown is where it was, to the bit.
func TestCopy(t *testing.T) {
	tests := []struct{ problem, keys string }{
		{"ravine", ""},
		{"ravine", "r space"},
		{"ravine:kappa=100,angle=30", "E n n e n n e n"},
		{"ravine", "a E n n E E n b j j b n"},
		{"ravine", "w a E n n E E n b j j b n e n p"},
		{"ravine", "} } n E n { w E n n"},
		{"ravine", "u n C shift+left"},
		{"ravine", "j x j x j"},
		{"ravine", "d E n d E n D"},
		{"ravine", "R space n n n n n"},
		{"ravine", "] ] space n n n n n"},
		{"regression:n=40,noise=2", "w a M n n n M n m m n n"},
		{"regression", "j n n m n M M n u"},
		{"sparse:features=3", "A j E n n n"},
	}
	for _, test := range tests {
		t.Run(test.problem+" "+test.keys, func(t *testing.T) {
			m := openModel(t, playRace(t, test.problem), 20)
			press(m, strings.Fields(test.keys)...)
			command := copied(t, m)
			again := opened(t, command)
			shown := m.runner.Lanes()
			if again.runner.Step() != m.runner.Step() || len(again.runner.Lanes()) != len(shown) {
				t.Fatalf("%s: step %d with %d lanes, want %d with %d", command, again.runner.Step(), len(again.runner.Lanes()), m.runner.Step(), len(shown))
			}
			for i, lane := range again.runner.Lanes() {
				got, want := fmt.Sprintf("%x %x", lane.Theta(), lane.Loss()), fmt.Sprintf("%x %x", shown[i].Theta(), shown[i].Loss())
				if got != want {
					t.Errorf("%s: %s is at %s, was at %s", command, lane.Spec(), got, want)
				}
			}
		})
	}
}

// TestCopyIsTheScene: whatever keys were pressed, the copied command opens the same
// scene.
func TestCopyIsTheScene(t *testing.T) {
	keys := slices.DeleteFunc(monkeyKeys(keymap.Default()), func(key string) bool { return key == "+" || key == "]" || key == "[" })
	rapid.Check(t, func(r *rapid.T) {
		problem := rapid.SampledFrom([]string{"ravine", "regression:n=20", "sparse:n=20,features=3", "himmelblau"}).Draw(r, "problem")
		m := openModel(t, playRace(t, problem), rapid.IntRange(0, 9).Draw(r, "at"))
		press(m, rapid.SliceOfN(rapid.SampledFrom(keys), 0, 12).Draw(r, "keys")...)
		press(m, "esc", "esc", "esc") // out of sweep, help and entry
		command := copied(t, m)
		again, want := opened(t, command).Scene(), m.Scene()
		again.problem, want.View.Detour = want.problem, [2]int{}
		if fault := differ(again, want); fault != "" || again.View.Furthest != want.View.Furthest {
			r.Fatalf("%s differs in %s (furthest %d, %d)", command, fault, again.View.Furthest, want.View.Furthest)
		}
	})
}

func TestWrongView(t *testing.T) {
	for view, want := range map[string]string{
		"surfaces":            `want one of race surface curves data (did you mean "surface"?)`,
		"race:lan=2":          `unknown key of the view "lan" (did you mean "lane"?)`,
		"race:lane=7":         "lane=7: want one of 1 2 3 4 5 6",
		"race:hidden=1+x":     "hidden=1+x: want one of 1 2",
		"race:x=5..1":         "x=5..1: want LOW..HIGH",
		"race:x=1..NaN":       "x=1..NaN: want LOW..HIGH",
		"race:x=1e300..2e300": "too far away",
		"race:axes=1+1":       "want two parameters",
		"race:axes=0+2":       "axes=0+2: want one of 0 1",
		"race:speed=3":        "speed=3: want one of 1 2 5",
		"race:trial=0":        "trial=0: want a whole number from 1",
		"race:hints=maybe":    "hints=maybe: want one of off on",
		"race:variants=0":     "want 6, one for each lane",
		"race:over":           "is not key=value",
	} {
		_, err := New(Options{Race: playRace(t, "ravine"), View: view, Keys: keymap.Default()})
		if err == nil || !strings.HasPrefix(err.Error(), "--view: ") || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", view, err, want)
		}
	}
}

// TestRandomStartIsInSight presses R: wherever the start is drawn, it is shown.
func TestRandomStartIsInSight(t *testing.T) {
	m := openDefault(t, 500)
	for range 30 {
		press(m, "R")
		if start := m.runner.Start(); !m.Window.Has(start[0], start[1]) || m.runner.Step() != 0 || m.Furthest != 0 {
			t.Errorf("start %v, window %v, step %d of %d", start, m.Window, m.runner.Step(), m.Furthest)
		}
	}
}
