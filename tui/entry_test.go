package tui

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"ravine/keymap"
)

// TestTypedValues types values into the lanes of a regression at step 10.
func TestTypedValues(t *testing.T) {
	for _, test := range []struct {
		keys   string
		specs  string // of the lanes afterwards
		status string
	}{
		{"2 . 5 e - 6 enter", "gd:eta=2.5e-06 adam:eta=0.1 momentum:eta=1e-06", "η of GD: 1e-5 → 2.5e-6, from the start"},
		{". 0 5 backspace 1 enter", "gd:eta=0.01 adam:eta=0.1 momentum:eta=1e-06", "η of GD: 1e-5 → 0.01"},
		{". 0 . 0 5 enter", "gd:eta=0.05 adam:eta=0.1 momentum:eta=1e-06", "η of GD: 1e-5 → 0.05"},
		{"j g . e 5 enter", "gd:eta=1e-05 adam:eta=0.5 momentum:eta=1e-06", "η of Adam: 0.1 → 0.5"},
		{"M . a l l enter", "gd:eta=1e-05 adam:eta=0.1 momentum:eta=1e-06", "batch size of GD stays all"},
		{"j 5 esc", "gd:eta=1e-05 adam:eta=0.1 momentum:eta=1e-06", "nothing typed, nothing changed"},
		{"j . 5 tab enter", "gd:eta=1e-05 adam:eta=0.1,beta1=0.5 momentum:eta=1e-06", "β₁ of Adam: 0.9 → 0.5"},
		{"j . 9 9 b enter", "gd:eta=1e-05 adam:eta=0.1,beta1=0.99 momentum:eta=1e-06", "β₁ of Adam: 0.9 → 0.99"},
		{"j . 9 v 9 enter", "gd:eta=1e-05 adam:eta=0.1,beta2=0.99 momentum:eta=1e-06", "β₂ of Adam"},
		{"j v V . 9 enter", "gd:eta=1e-05 adam:eta=0.1,beta2=0.9 momentum:eta=1e-06", "β₂ of Adam"},
		{"j m backspace M j 8 enter", "gd:eta=1e-05 adam:eta=0.1,batch=all momentum:eta=1e-06,batch=8", "batch size of Momentum: all → 8"},
		{"j g . 2 E enter", "gd:eta=1e-05 adam:eta=0.2 momentum:eta=1e-06", "η of Adam: 0.1 → 0.2"},
		{"j j . 9 g e - 3 enter", "gd:eta=1e-05 adam:eta=0.1 momentum:eta=1e-06,gamma=0.0009", "γ of Momentum: 0.9 → 0.0009"},
		{"a 1 e - 6 enter", "gd:eta=1e-06 adam:eta=1e-06 momentum:eta=1e-06", "η set to 1e-6 on 2 lanes, from the start"},
		{"w 1 e - 6 enter", "gd:eta=1e-05,eta@10=1e-06 adam:eta=0.1 momentum:eta=1e-06", "from step 10 on"},
		{"1 e - 5 enter", "gd:eta=1e-05 adam:eta=0.1 momentum:eta=1e-06", "η of GD stays 1e-05"},
		{"0", "gd:eta=1e-05 adam:eta=0.1 momentum:eta=1e-06", "fitted"},
		{"1 0 enter", "gd:eta=10 adam:eta=0.1 momentum:eta=1e-06", "η of GD: 1e-5 → 10"},
	} {
		t.Run(test.keys, func(t *testing.T) {
			m := openModel(t, playRace(t, "regression:n=40", "gd:eta=1e-5", "adam:eta=0.1", "momentum:eta=1e-6"), 10)
			press(m, strings.Fields(test.keys)...)
			var specs []string
			for _, lane := range m.runner.Lanes() {
				specs = append(specs, lane.Spec().String())
			}
			if got := strings.Join(specs, " "); got != test.specs || m.Entry.Open {
				t.Errorf("the lanes are %s\nwant          %s; typing goes on: %v", got, test.specs, m.Entry.Open)
			}
			if !strings.Contains(statusOf(m), test.status) {
				t.Errorf("the status line says %q, want %q", statusOf(m), test.status)
			}
			sameRace(t, m.runner, afresh(t, m))
		})
	}
}

// TestTypingGoesOn: what cannot be set is said in the line, at every size, and
// changes nothing; the line says what is typed, and for what.
func TestTypingGoesOn(t *testing.T) {
	for _, test := range []struct{ keys, line string }{
		{"5", "η of GD = 5▏ enter sets it, esc does not"},
		{".", "η of GD = .▏"},
		{"j j 9 g", "γ of Momentum = 9▏"},
		{"j j 9 g enter", "γ = 9▏ gamma=9 is out of range: 0 ≤ gamma < 1"},
		{"j j 9 g enter backspace", "γ of Momentum = ▏"},
		{"5 e enter", "η = 5e▏ eta=5e: not a number; want 0 < eta, finite, or 0"},
		{"5 - 5 enter", "η = 5-5▏ eta=5-5: not a number; want 0 < eta, finite, or 0"},
		{"5 backspace enter", "η of GD = ▏ type a number"},
		{"5 backspace backspace backspace", "η of GD = ▏"},
		{"5 g", "η of GD = 5▏ GD has no γ"},
		{"9 9 m enter", "batch size = 99▏ gd: batch=99 is out of range: 1 ≤ batch ≤ 40, or all"},
		{"5 space q j i ? s T [ 0 0", "η of GD = 500▏"},
		{"w x 7", "η of GD = 7▏"},
		{"1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6", "η of GD = 123456789012345678901234▏"},
	} {
		for _, size := range [][2]int{{60, 20}, {80, 24}, {120, 36}} {
			t.Run(fmt.Sprint(test.keys, size), func(t *testing.T) {
				m := openModel(t, playRace(t, "regression:n=40", "gd:eta=1e-5", "adam:eta=0.1", "momentum:eta=1e-6"), 10)
				resize(m, size[0], size[1])
				before := stateOf(m.runner)
				press(m, strings.Fields(test.keys)...)
				row, want := strings.TrimSpace(rowsOf(m)[size[1]-2]), test.line
				if size[0] == 60 && len([]rune(want)) > 58 { // the fault alone
					_, want, _ = strings.Cut(want, "▏ ")
				}
				if short := strings.NewReplacer(" of Momentum", "", " of GD", "").Replace(row); !strings.HasPrefix(row, want) && !strings.HasPrefix(short, want) {
					t.Errorf("the line is %q, want %q", row, want)
				}
				if !m.Entry.Open || stateOf(m.runner) != before {
					t.Error("typing is over, or the race has changed")
				}
				if command := press(m, "ctrl+c"); command == nil {
					t.Error("ctrl+c does not quit")
				}
			})
		}
	}
}

// TestTypedCell: the table marks the value that is being typed.
func TestTypedCell(t *testing.T) {
	m := openModel(t, playRace(t, "ravine", "momentum"), 10)
	marked := func() (texts []string) {
		area := m.panels.Layout.Lanes
		text := ""
		for x := area.X; x < area.X+area.Width; x++ {
			if cell := m.grid.Cell(x, area.Y+1); cell.Style.Background == m.Theme.Changed.Background {
				text += string(cell.Rune)
			}
		}
		return strings.Fields(text)
	}
	for _, test := range []struct{ key, want string }{{"5", "[0.02]"}, {"g", "[0.9]"}, {"esc", "[]"}} {
		if press(m, test.key); fmt.Sprint(marked()) != test.want {
			t.Errorf("after %s, %v is marked, want %s", test.key, marked(), test.want)
		}
	}
}

// TestClickOnAValue: a click on a value in the table chooses it.
func TestClickOnAValue(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 36}} {
		m := openModel(t, playRace(t, "ravine", "gd", "momentum", "adam"), 10)
		resize(m, size[0], size[1])
		row := m.panels.Layout.Lanes.Y + 2
		x := strings.Index(rowsOf(m)[row], "0.9 ") // in bytes: the marker and the rest take more
		x = len([]rune(rowsOf(m)[row][:x]))
		click(m, x+1, row, tea.MouseLeft)
		if press(m, ".", "7", "enter"); !strings.Contains(statusOf(m), "γ of Momentum: 0.9 → 0.7") {
			t.Errorf("%v: %s", size, statusOf(m))
		}
	}
}

// TestTypingEnds where the lane it was for may be another.
func TestTypingEnds(t *testing.T) {
	m := openDefault(t, 10)
	press(m, "5")
	click(m, m.panels.Layout.Lanes.X+4, m.panels.Layout.Lanes.Y+3, tea.MouseLeft)
	if m.Entry.Open || m.Selected != 2 {
		t.Errorf("after a click on lane %d, typing goes on: %v", m.Selected, m.Entry.Open)
	}
	press(m, "5")
	if err := m.Show(openDefault(t, 3).Scene()); err != nil || m.Entry.Open {
		t.Errorf("%v; what another playground shows leaves typing open: %v", err, m.Entry.Open)
	}
}

func typeKeys() []keyCase {
	return []keyCase{
		{action: keymap.TypeValue, keys: ".", same: true, check: has("η of GD = .▏")},
		{action: keymap.TypeValue, keys: ". 0 5 enter", status: "η of GD: 0.075 → 0.05"},
	}
}
