package tui

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode"

	tea "charm.land/bubbletea/v2"
	"github.com/hinshun/vt10x"

	"ravine/keymap"
	"ravine/optim"
	"ravine/param"
	"ravine/race"
)

// playRace is the race of `ravine play` with those words for --problem and --opt;
// no lanes are the default ones.
func playRace(t testing.TB, problem string, lanes ...string) race.Race {
	t.Helper()
	r := race.Default()
	r.Steps = 0
	r.Problem = readSpec(t, problem)
	r.Lanes = race.DefaultLanes(r.Problem.Name)
	if len(lanes) > 0 {
		r.Lanes = nil
	}
	for _, lane := range lanes {
		r.Lanes = append(r.Lanes, laneSpec(t, lane))
	}
	return r
}

func readSpec(t testing.TB, text string) param.Spec {
	t.Helper()
	spec, err := param.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return spec
}

// laneSpec reads NAME:key=value,key@step=value,….
func laneSpec(t testing.TB, text string) race.LaneSpec {
	t.Helper()
	lane, err := race.ReadLane(readSpec(t, text), optim.Slides)
	if err != nil {
		t.Fatal(err)
	}
	return lane
}

// openModel opens the playground at 120×36; it waits at that step, or runs from
// 0. The background is set to dark, so that no answer of a terminal is needed, and
// lanes catch up in one slice.
func openModel(t testing.TB, r race.Race, at int) *Model {
	t.Helper()
	m, err := New(Options{Race: r, At: at, Keys: keymap.Default(), Background: "dark"})
	if err != nil {
		t.Fatal(err)
	}
	m.catching.slice = time.Hour
	resize(m, 120, 36)
	return m
}

// openDefault opens the default scene and waits at that step.
func openDefault(t testing.TB, at int) *Model {
	t.Helper()
	return openModel(t, playRace(t, "ravine"), at)
}

func resize(m *Model, width, height int) {
	m.Update(tea.WindowSizeMsg{Width: width, Height: height})
	arrive(m)
	m.View()
}

// keyPress is the message of a terminal for a key by its name.
func keyPress(name string) tea.KeyPressMsg {
	codes := map[string]rune{"space": tea.KeySpace, "tab": tea.KeyTab, "esc": tea.KeyEscape, "backspace": tea.KeyBackspace, "enter": tea.KeyEnter, "f1": tea.KeyF1,
		"up": tea.KeyUp, "down": tea.KeyDown, "left": tea.KeyLeft, "right": tea.KeyRight}
	var key tea.Key
	modifiers := map[string]tea.KeyMod{"shift": tea.ModShift, "ctrl": tea.ModCtrl, "alt": tea.ModAlt}
	rest := name
	for {
		before, after, found := strings.Cut(rest, "+")
		if !found || before == "" || after == "" {
			break
		}
		key.Mod |= modifiers[before]
		rest = after
	}
	if code, ok := codes[rest]; ok {
		key.Code = code
	} else {
		key.Code = []rune(rest)[0]
	}
	if key.Mod == 0 && key.Code == tea.KeySpace {
		key.Text = " "
	}
	if key.Mod == 0 && len([]rune(rest)) == 1 {
		key.Text = rest
		if upper := key.Code; unicode.IsUpper(upper) {
			key.Code, key.ShiftedCode, key.Mod = unicode.ToLower(upper), upper, tea.ModShift
		}
	}
	msg := tea.KeyPressMsg(key)
	if msg.String() != name {
		panic(fmt.Sprintf("key %q reads as %q", name, msg.String()))
	}
	return msg
}

// press presses keys as Bubble Tea would: a View after each, when the lanes have
// caught up. It returns the last one's command.
func press(m *Model, names ...string) tea.Cmd {
	var command tea.Cmd
	for _, name := range names {
		_, command = m.Update(keyPress(name))
		arrive(m)
		m.View()
	}
	return command
}

// follow shows on one playground what another does.
func follow(t testing.TB, follower, leader *Model) {
	t.Helper()
	if err := follower.Show(leader.Scene()); err != nil {
		t.Fatal(err)
	}
	arrive(follower)
}

// arrive lets the lanes catch up.
func arrive(m *Model) {
	for {
		if _, behind := m.runner.Behind(); !behind {
			return
		}
		m.Update(turnMsg{})
	}
}

// emulate returns the rows of text that a terminal of that size shows for a
// picture. vt10x gives a combining mark a cell of its own, which no terminal
// does, so marks are left out: m̂ reads as m.
func emulate(content string, width, height int) []string {
	terminal := vt10x.New(vt10x.WithSize(width, height))
	content = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, content)
	fmt.Fprint(terminal, strings.ReplaceAll(content, "\n", "\r\n"))
	rows := make([]string, height)
	for y := range rows {
		row := make([]rune, width)
		for x := range row {
			if row[x] = terminal.Cell(x, y).Char; row[x] == 0 {
				row[x] = ' '
			}
		}
		rows[y] = strings.TrimRight(string(row), " ")
	}
	return rows
}

// rowsOf returns the rows of text on the model's screen.
func rowsOf(m *Model) []string {
	return emulate(m.View().Content, m.Width, m.Height)
}

func textOf(m *Model) string { return strings.Join(rowsOf(m), "\n") }

// statusOf returns the line that says what a key just did: the last but one.
func statusOf(m *Model) string {
	return strings.TrimSpace(rowsOf(m)[m.Height-2])
}

// stateOf is all that a race's numbers are, to the bit.
func stateOf(r *race.Runner) string {
	var text strings.Builder
	fmt.Fprintf(&text, "%v step %d start %x\n", r.Race().Args(), r.Step(), r.Start())
	for _, lane := range r.Lanes() {
		fmt.Fprintf(&text, "%s %s %d %x %x %x\n", lane.Spec(), lane.Status(), lane.Step(), lane.Loss(), lane.Theta(), lane.Hyper())
	}
	return text.String()
}

// currentTick is the message of the tick that counts.
func currentTick(m *Model) tea.Msg { return tickMsg{m.clock} }

// isBraille reports whether r is one of the patterns that lines are drawn with.
func isBraille(r rune) bool { return r > '\u2800' && r < '\u2900' }
