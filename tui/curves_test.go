package tui

import (
	"strings"
	"testing"
)

// TestLossAxisIsSteady scrubs back and tunes: the axis stays, until the race is
// another one.
func TestLossAxisIsSteady(t *testing.T) {
	m := openModel(t, playRace(t, "ravine"), 150)
	resize(m, 120, 36)
	deep := m.panels.Curves.Lowest
	press(m, "P", "P", "P", "P", "P", "e", "e")
	textOf(m)
	if m.panels.Curves.Lowest != deep {
		t.Errorf("the axis ends at %v, and ended at %v before", m.panels.Curves.Lowest, deep)
	}
	press(m, "r")
	textOf(m)
	if m.panels.Curves.Lowest <= deep {
		t.Errorf("the axis of a race that begins ends at %v", m.panels.Curves.Lowest)
	}
}

// TestLogUpdates: on the log axis, steps that are equal in ratio are equally far
// apart, and the start stands with the first.
func TestLogUpdates(t *testing.T) {
	m := openModel(t, playRace(t, "ravine", "rmsprop"), 150)
	press(m, "t", "t", "t")
	column := func(step int) int {
		m.runner.Seek(step)
		m.dirty = true
		inside := m.panels.Layout.Curves
		for _, row := range rowsOf(m)[inside.Y : inside.Y+inside.Height] {
			for x, r := range []rune(row) {
				if x >= inside.X && r == m.LaneStyle(0).Marker {
					return x
				}
			}
		}
		t.Fatalf("no marker at step %d:\n%s", step, textOf(m))
		return 0
	}
	start, first, tenth, hundredth := column(0), column(1), column(10), column(100)
	if start != first || tenth-first < 10 || hundredth-tenth < tenth-first-1 || hundredth-tenth > tenth-first+1 {
		t.Errorf("the steps 0, 1, 10, 100 stand in the columns %d, %d, %d, %d", start, first, tenth, hundredth)
	}
}

// TestEndsSideBySide: curves that end together show all their markers, the
// selected lane's in its place.
func TestEndsSideBySide(t *testing.T) {
	m := openDefault(t, 0)
	press(m, "space", "j", "j")
	inside := m.panels.Layout.Curves.Inset(1, 1)
	markers := ""
	for _, row := range rowsOf(m)[inside.Y : inside.Y+inside.Height] {
		for _, r := range []rune(row)[inside.X:] {
			if strings.ContainsRune("●■▲◆▼★", r) {
				markers += string(r)
			}
		}
	}
	if !strings.HasPrefix(markers, "▲") || len([]rune(markers)) != 6 {
		t.Errorf("the markers are %q in\n%s", markers, textOf(m))
	}
}

// TestMarksBeyondTheAxis looks for the sign of a lane that has left through the
// top, where it did, and of one that is at the optimum.
func TestMarksBeyondTheAxis(t *testing.T) {
	r := playRace(t, "ravine", "gd:eta=0.125", "adagrad", "rmsprop")
	r.Tol = 0
	m := openModel(t, r, 4000)
	resize(m, 120, 36)
	press(m, "tab", "tab") // the curves alone
	rows, area := rowsOf(m), m.panels.Layout.Curves
	find := func(mark rune) (column, row int) {
		for row := area.Y; row < area.Y+area.Height; row++ {
			for column, r := range []rune(rows[row]) {
				if r == mark {
					return column, row
				}
			}
		}
		t.Fatalf("no %c in\n%s", mark, textOf(m))
		return 0, 0
	}
	if column, row := find('↑'); row != area.Y+1 || column > area.X+area.Width/5 {
		t.Errorf("%c stands in column %d and row %d of %v", '↑', column, row, area)
	}
	if column, row := find('↓'); row < area.Y+area.Height-5 || column < area.X+area.Width/3 {
		t.Errorf("%c stands in column %d and row %d of %v", '↓', column, row, area)
	}
}
