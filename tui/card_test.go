package tui

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"ravine/problem"
	"ravine/tui/panel"
)

// TestCard: at every size and in every kind of terminal the card says what is what,
// whole, and leaves most of the surface free.
func TestCard(t *testing.T) {
	for _, size := range [][2]int{{panel.MinWidth, panel.MinHeight}, {80, 24}, {120, 36}, {200, 50}} {
		for _, kind := range problem.Kinds() {
			m := openModel(t, playRace(t, kind.Name), 0)
			resize(m, size[0], size[1])
			plain := rowsOf(m)
			m.Welcome()
			rows := rowsOf(m)
			text := strings.Join(rows, "\n")
			for _, want := range []string{"+ start", "× optimum", "● ", "dark is low", "high: the loss", " over ", "E up, e down", "next lane", "space run, pause", "? all keys", "any key closes this"} {
				if !strings.Contains(text, want) {
					t.Fatalf("%s, %v: no %q:\n%s", kind.Name, size, want, text)
				}
			}
			area, free := m.panels.Layout.Surface, 0
			for row := area.Y; row < area.Y+area.Height; row++ {
				if rows[row] == plain[row] {
					free++
				}
			}
			if 2*free < area.Height {
				t.Errorf("%s, %v: %d of %d rows of the surface are free:\n%s", kind.Name, size, free, area.Height, text)
			}
			if fault := misfit(m); fault != "" {
				t.Error(fault)
			}
		}
	}
	for _, test := range []struct {
		profile colorprofile.Profile
		dark    bool
		want    string
	}{
		{colorprofile.TrueColor, true, "dark is low"}, {colorprofile.TrueColor, false, "pale is low"},
		{colorprofile.ANSI256, true, "dark is low"}, {colorprofile.ANSI256, false, "pale is low"},
		{colorprofile.ANSI, true, "the denser the higher"}, {colorprofile.ANSI, false, "edges of stripes"},
		{colorprofile.ASCII, true, "the denser the higher"},
	} {
		m := openDefault(t, 0)
		m.dark = test.dark
		m.Update(tea.ColorProfileMsg{Profile: test.profile})
		if m.Welcome(); !strings.Contains(textOf(m), test.want) {
			t.Errorf("%v: no %q:\n%s", test, test.want, textOf(m))
		}
	}
}

// TestCardCloses with the first key, which does its job, or click; ticks and sizes
// leave it open.
func TestCardCloses(t *testing.T) {
	welcome := func() *Model {
		m := openDefault(t, 0)
		m.Welcome()
		m.Update(currentTick(m))
		resize(m, 100, 30)
		if !m.Welcomes() {
			t.Fatal("the card has closed by itself")
		}
		return m
	}
	m := welcome()
	if press(m, "space"); m.Welcomes() || m.Running || strings.Contains(textOf(m), "any key") {
		t.Errorf("after space the card is open: %v, the race runs: %v", m.Welcomes(), m.Running)
	}
	m = welcome()
	if press(m, "?"); m.Welcomes() || !m.Help {
		t.Error("? closes the card and opens the help")
	}
	m = welcome()
	if click(m, 20, m.panels.Layout.Lanes.Y+2, tea.MouseLeft); m.Welcomes() || m.Selected != 1 {
		t.Errorf("after a click on a lane the card is open: %v, lane %d is selected", m.Welcomes(), m.Selected)
	}
	m = welcome()
	if err := m.Show(openDefault(t, 5).Scene()); err != nil || m.Welcomes() {
		t.Error("a follower has the card before the picture")
	}
}
