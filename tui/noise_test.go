package tui

import (
	"math"
	"testing"

	"ravine/race"
	"ravine/tui/screen"
)

// noisy opens lanes that take batches, after so many steps that they are nothing
// but noise about the optimum.
func noisy(t *testing.T, keys ...string) *Model {
	t.Helper()
	m := openModel(t, playRace(t, "regression", "minibatch", "gd"), 20000)
	press(m, keys...)
	m.View()
	return m
}

// lineCells returns the cells of a panel that have a lane's line, without its
// shade, and where the lane's marker is.
func lineCells(t *testing.T, m *Model, panel screen.Area, lane int) (cells map[[2]int]bool, marker [2]int) {
	t.Helper()
	cells, found := map[[2]int]bool{}, 0
	inside := panel.Inset(1, 1)
	for y := inside.Y; y < inside.Y+inside.Height; y++ {
		for x := inside.X; x < inside.X+inside.Width; x++ {
			cell := m.grid.Cell(x, y)
			switch at := [2]int{x, y}; {
			case cell.Style.Foreground != m.LaneStyle(lane).Color:
			case cell.Rune == m.LaneStyle(lane).Marker:
				marker = at
				found++
			case isBraille(cell.Rune) && cell.Style.Attributes&screen.Faint == 0:
				cells[at] = true
			}
		}
	}
	if found != 1 {
		t.Fatalf("%d markers in\n%s", found, textOf(m))
	}
	return cells, marker
}

// TestNoiseHasOneCurve: a noisy lane has one line, its marker is on it, and the
// noise is a shade about it.
func TestNoiseHasOneCurve(t *testing.T) {
	for _, keys := range [][]string{{"tab", "tab"}, {"tab", "tab", "t"}, {"tab", "tab", "t", "t", "t"}} {
		m := noisy(t, keys...)
		cells, marker := lineCells(t, m, m.panels.Layout.Curves, 0)
		for back := 1; back <= 12; back++ {
			low, high := math.MaxInt, 0
			for at := range cells {
				if at[0] == marker[0]-back {
					low, high = min(low, at[1]), max(high, at[1])
				}
			}
			if high > 0 && (high-low > 3 || back == 1 && (marker[1] < low-2 || marker[1] > high+2)) {
				t.Errorf("%s: %d columns before the marker in row %d the line is in rows %d to %d:\n%s", m.Over, back, marker[1], low, high, textOf(m))
			}
		}
		faint := 0
		for y := range m.Height {
			for x := range m.Width {
				if m.grid.Cell(x, y).Style == m.Faint(0) {
					faint++
				}
			}
		}
		if faint < 20 {
			t.Errorf("%s: the noise has %d cells", m.Over, faint)
		}
	}
}

// TestNoisyWay: on the surface a noisy lane's way leads to its marker, and does
// not scatter about it.
func TestNoisyWay(t *testing.T) {
	m := openModel(t, playRace(t, "regression", "sgd", "gd"), 20000)
	press(m, "tab", "z", "z", "z", "z", "z", "z", "z")
	if m.Lane().Status() != race.Running {
		t.Fatal("the lane has stopped")
	}
	cells, marker := lineCells(t, m, m.panels.Layout.Surface, 0)
	reached, next := map[[2]int]bool{}, [][2]int{marker}
	for len(next) > 0 {
		at := next[0]
		next = next[1:]
		for dx := -1; dx <= 1; dx++ {
			for dy := -1; dy <= 1; dy++ {
				if to := [2]int{at[0] + dx, at[1] + dy}; cells[to] && !reached[to] {
					reached[to] = true
					next = append(next, to)
				}
			}
		}
	}
	if len(reached) < 8 || len(reached) < len(cells)*3/4 {
		t.Errorf("%d of the way's %d cells lead to the marker:\n%s", len(reached), len(cells), textOf(m))
	}
}
