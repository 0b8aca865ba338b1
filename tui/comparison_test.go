package tui

import (
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"ravine/race"
	"ravine/tui/panel"
)

// TestComparison: both halves have their names, at every size, and the gradient of
// NAG begins where the velocity ends.
func TestComparison(t *testing.T) {
	for _, problem := range []string{"ravine", "ravine:kappa=12", "rosenbrock", "regression", "saddle"} {
		for _, size := range [][2]int{{panel.MinWidth, panel.MinHeight}, {80, 24}, {120, 36}, {201, 50}} {
			m := openModel(t, playRace(t, problem, "gd", "momentum", "nag"), 0)
			resize(m, size[0], size[1])
			press(m, "j", "l", "l")
			for _, step := range []int{1, 2, 4, 10, 40, 90} {
				m.runner.Seek(step)
				if m.Lane().Status() != race.Running {
					break
				}
				m.dirty = true
				text := textOf(m)
				for name, times := range map[string]int{"Momentum, ∇J(θ)": 1, "NAG, ∇J(θ − γv)": 1, "step": 3, "−γv": 2, "−η∇J": 2, "look-ahead": 1, "θ and v of Momentum": 1} {
					if got := strings.Count(text, name); got < times {
						t.Errorf("%s at step %d, %v: %q is there %d times, want %d\n%s", problem, step, size, name, got, times, text)
					}
				}
				momenta, _ := race.MomentaOf(m.Lane())
				theta, velocity, gradient := m.Lane().Theta(), momenta.Velocity, momenta.NAG
				plot := m.panels.Comparison.Halves[1].Plot
				column, row, ok := plot.Cell(theta[0]+velocity[0], theta[1]+velocity[1])
				x, y, _ := plot.Cell(theta[0]+velocity[0]+gradient[0], theta[1]+velocity[1]+gradient[1])
				if r := m.grid.Cell(column, row).Rune; !ok || r != '◌' && (x != column || y != row) {
					t.Errorf("%s at step %d, %v: %c stands at the look-ahead", problem, step, size, r)
				}
				if t.Failed() {
					return
				}
			}
		}
	}
}

// TestComparisonComesAndGoes: the third l shows what was there before the first, and
// nothing in between but the screen has changed.
func TestComparisonComesAndGoes(t *testing.T) {
	m := openDefault(t, 10)
	before := rowsOf(m)
	press(m, "l")
	shown := textOf(m)
	press(m, "l")
	if text := textOf(m); text == shown || !strings.Contains(text, "θ and v of Momentum") {
		t.Errorf("the first of both rules is not compared from:\n%s", text)
	}
	follower := openDefault(t, 0)
	if follow(t, follower, m); textOf(follower) != textOf(m) {
		t.Errorf("a follower sees\n%s", textOf(follower))
	}
	state := stateOf(m.runner)
	inside := m.panels.Layout.Surface
	click(m, inside.X+20, inside.Y+8, tea.MouseLeft)
	m.Update(tea.MouseWheelMsg{X: inside.X + 20, Y: inside.Y + 8, Button: tea.MouseWheelUp})
	if stateOf(m.runner) != state {
		t.Error("a click on the comparison moves the start")
	}
	press(m, "l")
	if after := rowsOf(m); !slices.Equal(after[:len(after)-2], before[:len(before)-2]) {
		t.Errorf("after the third l:\n%s", textOf(m))
	}
}

// TestNothingToCompare says why, whether it is so at once or later.
func TestNothingToCompare(t *testing.T) {
	m := openModel(t, playRace(t, "ravine", "gd", "adam"), 10)
	press(m, "l", "l")
	if m.NextStep != panel.StepHidden || !strings.Contains(statusOf(m), "no Momentum or NAG runs here") {
		t.Errorf("arrows %v: %s", m.NextStep, statusOf(m))
	}
	m = openModel(t, playRace(t, "ravine", "nag", "adam"), 10)
	press(m, "l", "l", "x")
	if !strings.Contains(legendOf(m), "no Momentum or NAG runs here") {
		t.Errorf("the legend is %q", legendOf(m))
	}
}
