package tui

import (
	"slices"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"ravine/tui/panel"
)

// Where the loss goes up and down, contour lines stay apart; a bowl keeps all of
// its levels, however close they are.
func TestContoursStayApart(t *testing.T) {
	for _, test := range []struct {
		problem string
		levels  int // as many as there can be, 0 for fewer
	}{{"ravine", 7}, {"ravine:kappa=1000", 7}, {"rastrigin", 0}, {"rosenbrock", 0}, {"himmelblau", 0}} {
		for _, size := range [][2]int{{panel.MinWidth, panel.MinHeight}, {80, 24}, {120, 36}, {200, 50}} {
			m := openModel(t, playRace(t, test.problem), 0)
			m.Update(tea.ColorProfileMsg{Profile: colorprofile.ASCII})
			resize(m, size[0], size[1])
			v := &m.panels.Surface
			levels := slices.Max(v.Bands.Levels) + 1
			if test.levels > 0 && levels != test.levels || levels < 2 {
				t.Errorf("%s %v: %d levels", test.problem, size, levels)
			}
			if test.levels == 0 && lineShare(v) > 1.0/3 {
				t.Errorf("%s %v: lines take %.2f of the cells at %d levels", test.problem, size, lineShare(v), levels)
			}
		}
	}
}

// lineShare is the part of a surface's cells that are on contour lines.
func lineShare(v *panel.Surface) float64 {
	lines := 0
	for row := range v.Key.Height {
		for column := range v.Key.Width {
			if _, ok := v.Key.Contour(v.Bands.Levels, column, row); ok {
				lines++
			}
		}
	}
	return float64(lines) / float64(v.Key.Width*v.Key.Height)
}

// The loss bands are computed when it changes, not when the race does.
func TestLossBandsAreKept(t *testing.T) {
	m := openModel(t, playRace(t, "rastrigin"), 20)
	for _, test := range []struct {
		name    string
		change  func()
		another bool
	}{
		{"no colours", func() { m.Update(tea.ColorProfileMsg{Profile: colorprofile.ASCII}) }, true},
		{"a step", func() { press(m, "n") }, false},
		{"another η", func() { press(m, "e") }, false},
		{"another window", func() { press(m, "z") }, true},
		{"stripes", func() { m.dark = false; m.Update(tea.ColorProfileMsg{Profile: colorprofile.ANSI}) }, true},
	} {
		before := &m.panels.Surface.Bands.Levels[0]
		test.change()
		m.View()
		if another := &m.panels.Surface.Bands.Levels[0] != before; another != test.another {
			t.Errorf("%s: computed again: %v, want %v", test.name, another, test.another)
		}
	}
}
