package tui

import (
	"slices"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"ravine/problem"
	"ravine/tui/chart"
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
func TestTerrainIsKept(t *testing.T) {
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

func TestValley(t *testing.T) {
	for _, test := range []struct {
		levels []int
		want   bool
	}{
		{nil, true}, {[]int{3}, true}, {[]int{2, 2, 2}, true}, {[]int{3, 1, 0, 0, 2}, true}, {[]int{0, 1, 2}, true}, {[]int{2, 1}, true},
		{[]int{0, 1, 0}, false}, {[]int{3, 1, 2, 2, 1}, false},
	} {
		if got := panel.Valley(test.levels, 1, len(test.levels)); got != test.want {
			t.Errorf("%v: %v", test.levels, got)
		}
		var apart []int // the same, every second one
		for _, level := range test.levels {
			apart = append(apart, level, 9-level)
		}
		if got := panel.Valley(apart, 2, len(test.levels)); got != test.want {
			t.Errorf("%v, two apart: %v", test.levels, got)
		}
	}
}

func TestBowl(t *testing.T) {
	for _, test := range []struct {
		name   string
		levels []int // of 3×3 cells; the lower half-cells do not count
		want   bool
	}{
		{"bowl", []int{2, 1, 2, 9, 0, 9, 1, 0, 1, 9, 0, 9, 2, 1, 2, 0, 9, 0}, true},
		{"ridge across", []int{0, 0, 0, 9, 9, 9, 1, 1, 1, 9, 9, 9, 0, 0, 0, 9, 9, 9}, false},
		{"ridge upright", []int{0, 1, 0, 9, 9, 9, 0, 1, 0, 9, 9, 9, 0, 1, 0, 9, 9, 9}, false},
	} {
		key := panel.LossBandsKey{Width: 3, Height: 3}
		if got := key.Bowl(test.levels); got != test.want {
			t.Errorf("%s: %v", test.name, got)
		}
	}
}

// chessboard is a loss that no number of levels helps.
type chessboard struct{ problem.Problem }

func (chessboard) Dim() int                  { return 2 }
func (chessboard) Optima() []problem.Optimum { return nil }
func (chessboard) Loss(theta []float64) float64 {
	return float64(1 + (int(theta[0])+int(theta[1]))%2)
}

// Where nothing helps there are still two levels.
func TestTwoLevelsAreLeft(t *testing.T) {
	board := chart.Range{Min: 0, Max: 8}
	key := panel.LossBandsKey{Problem: chessboard{}, Window: panel.Window{X: board, Y: board}, Axes: [2]int{0, 1}, Width: 8, Height: 8, Bands: 7, Lines: true}
	levels := panel.NewLossBands(key, 0).Levels
	if !key.Crowded(levels) || slices.Max(levels) != 1 || slices.Min(levels) != 0 {
		t.Errorf("levels %v", levels)
	}
}
