package tui

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"ravine/race"
	"ravine/tui/panel"
)

// trackOf returns the first and last column of the timeline and its row, as they are
// on screen.
func trackOf(t *testing.T, m *Model) (first, last, row int) {
	t.Helper()
	row = m.Height - 2
	text := []rune(rowsOf(m)[row])
	first, last = -1, -1
	for x, r := range text {
		if strings.ContainsRune("●━─", r) {
			if first < 0 {
				first = x
			}
			last = x
		}
	}
	if first < 0 {
		t.Fatalf("there is no timeline: %s", string(text))
	}
	return first, last, row
}

// TestTimeline clicks and drags: the ends are the start and the furthest step, the
// step under the pointer is gone to, and the race waits there.
func TestTimeline(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 36}} {
		m := openDefault(t, 200)
		resize(m, size[0], size[1])
		press(m, "space", "space")
		first, last, row := trackOf(t, m)
		drag := func(x, y int) {
			m.Update(tea.MouseMotionMsg{X: x, Y: y, Button: tea.MouseLeft})
			m.View()
		}
		at := func(what string, step int) {
			t.Helper()
			if m.runner.Step() != step || m.Running || m.Furthest != 200 {
				t.Errorf("%v, %s: at step %d of %d, running %v; want %d of 200", size, what, m.runner.Step(), m.Furthest, m.Running, step)
			}
			if _, end, _ := trackOf(t, m); end != last {
				t.Errorf("%v, %s: the timeline ends at %d, was %d", size, what, end, last)
			}
		}
		drag(first, row)
		at("moved without a click", 200)
		click(m, first, row, tea.MouseLeft)
		at("click at the start", 0)
		m.Running = true
		click(m, (first+last)/2, row, tea.MouseLeft)
		middle := m.runner.Step()
		if middle < 80 || middle > 120 || m.Running {
			t.Errorf("%v: the middle is step %d, running %v", size, middle, m.Running)
		}
		drag(last, row-7)
		at("dragged to the end, off the line", 200)
		drag(first-30, row)
		at("dragged beyond the start", 0)
		m.Update(tea.MouseReleaseMsg{X: first, Y: row, Button: tea.MouseLeft})
		drag(last, row)
		at("moved after the button is up", 0)
		click(m, last, row, tea.MouseRight)
		at("right button", 0)
		sameRace(t, m.runner, afresh(t, m))
	}
}

// TestClickOnCurves clicks on every cell of the curves: on a lane's dots or marker it
// selects that lane, and the value said is one of the lane's own at about that place.
func TestClickOnCurves(t *testing.T) {
	for _, scene := range []struct{ problem, keys string }{
		{"ravine", ""}, {"ravine", "t t t"}, {"regression", "t t t t"}, {"rosenbrock", ""},
	} {
		m := openModel(t, playRace(t, scene.problem), 120)
		press(m, strings.Fields(scene.keys)...)
		before := stateOf(m.runner)
		selected := map[int]int{}
		area := m.panels.Curves.Drawing.Plot.Area
		for row := area.Y; row < area.Y+area.Height; row++ {
			for column := area.X; column < area.X+area.Width; column++ {
				m.Selected, m.Status = 0, panel.Status{}
				cell := m.grid.Cell(column, row)
				m.click(tea.MouseClickMsg{X: column, Y: row, Button: tea.MouseLeft})
				if m.Status.Text == "" {
					if isBraille(cell.Rune) && scene.problem != "regression" {
						t.Errorf("%v: nothing is at %d, %d, which shows %c", scene, column, row, cell.Rune)
					}
					continue
				}
				for k := range m.Lanes {
					if isBraille(cell.Rune) && cell.Style.Foreground == m.Dots(k).Foreground && m.Selected != k {
						t.Errorf("%v: %d, %d is lane %d's, a click there selects %d", scene, column, row, k, m.Selected)
					}
				}
				selected[m.Selected]++
				checkValue(t, m)
			}
		}
		if len(selected) != len(m.Lanes) || stateOf(m.runner) != before {
			t.Errorf("%v: clicks select %v, of %d lanes", scene, selected, len(m.Lanes))
		}
	}
}

// checkValue finds the value that the status line says among the lane's points.
func checkValue(t *testing.T, m *Model) {
	t.Helper()
	lane := m.Lane()
	var step int
	said := strings.TrimPrefix(m.Status.Text, lane.Optimizer().Title+" at step ")
	if _, err := fmt.Sscanf(said, "%d", &step); err != nil {
		t.Fatalf("%q: %v", m.Status.Text, err)
	}
	for _, point := range lane.History().Points() {
		if point.Step != step {
			continue
		}
		if want := fmt.Sprintf("%d: loss %s", step, panel.Number(point.Loss)); !strings.HasPrefix(said, want) {
			t.Errorf("%q, want %s", m.Status.Text, want)
		}
		return
	}
	t.Errorf("%q: %s has no such step", m.Status.Text, lane.Spec())
}

// TestClickOnEnds: a click on a marker selects its lane, wherever it was put.
func TestClickOnEnds(t *testing.T) {
	for _, at := range []int{0, 3, 150} {
		m := openDefault(t, at)
		if at == 0 {
			press(m, "space")
		}
		for k := range m.Lanes {
			m.Selected = (k + 1) % len(m.Lanes)
			m.dirty = true
			m.View()
			found := false
			area := m.panels.Curves.Drawing.Plot.Area
			for row := area.Y; row < area.Y+area.Height && !found; row++ {
				for column := area.X; column < area.X+area.Width && !found; column++ {
					if m.grid.Cell(column, row).Rune == m.LaneStyle(k).Marker {
						found = true
						click(m, column, row, tea.MouseLeft)
					}
				}
			}
			lane := m.runner.Lanes()[k]
			if want := fmt.Sprintf("%s at step %d: loss %s", lane.Optimizer().Title, lane.Step(), panel.Number(lane.Loss())); found && (m.Selected != k || statusOf(m)[:len(want)] != want) {
				t.Errorf("step %d: lane %d is selected, want %d: %s", at, m.Selected, k, statusOf(m))
			}
			if !found && lane.Status() == race.Running {
				t.Errorf("step %d: no marker of lane %d", at, k)
			}
		}
	}
}

// TestCurvesElsewhere: where the curves are not on screen, nobody clicks on them.
func TestCurvesElsewhere(t *testing.T) {
	m := openDefault(t, 50)
	area := m.panels.Curves.Drawing.Plot.Area
	press(m, "?")
	for row := range area.Height {
		for column := range area.Width {
			m.click(tea.MouseClickMsg{X: area.X + column, Y: area.Y + row, Button: tea.MouseLeft})
		}
	}
	if m.Selected != 0 || m.runner.Step() != 50 {
		t.Errorf("under the help, a click selects lane %d at step %d", m.Selected, m.runner.Step())
	}
}
