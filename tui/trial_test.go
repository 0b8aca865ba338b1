package tui

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
)

// S goes through the numbers of steps, the race's own among them: its limit or, as
// it is by now, how far it has come. T and s compare runs of the one that is chosen.
func TestTrialSteps(t *testing.T) {
	for _, test := range []struct {
		limit, at int
		want      []int
	}{
		{0, 0, []int{300, 1000, 100, 300}},
		{0, 23, []int{300, 1000, 23, 100, 300}},
		{0, 100, []int{300, 1000, 100}},
		{50, 0, []int{50, 100, 300, 1000, 50}},
		{1000, 20, []int{1000, 100, 300, 1000}},
		{1_000_000, 20, []int{10_000, 100}},
		{0, 12_000, []int{300, 1000, 10_000, 100}},
	} {
		r := playRace(t, "ravine", "gd:eta=0.001")
		r.Steps = test.limit
		m := openModel(t, r, test.at)
		m.Hints = false
		for i, want := range test.want {
			if i > 0 {
				press(m, "S")
				if status := fmt.Sprintf("T and s compare runs of %d steps", want); !strings.Contains(statusOf(m), status) {
					t.Errorf("%+v: %q, want %q", test, statusOf(m), status)
				}
			}
			press(m, "s")
			if title := fmt.Sprintf("loss of GD after %d steps over η", want); !strings.Contains(textOf(m), title) {
				t.Errorf("%+v: the sweep does not say %q", test, title)
			}
			press(m, "esc")
		}
	}
}

// The number stays: T begins the race again, and what s shows is not the few steps
// that it has made since. In the open sweep, and while tuning, S counts at once.
func TestTrialStepsStay(t *testing.T) {
	m := openModel(t, playRace(t, "ravine", "gd:eta=0.001", "momentum"), 23)
	m.Hints = false
	command := press(m, "T")
	settle(t, m, press(m, "S"))
	settle(t, m, command)
	if steps := m.runner.Race().Steps; steps != 1000 || !strings.Contains(statusOf(m), "each at its best for 1000 steps") {
		t.Errorf("tuned for %d steps: %q", steps, statusOf(m))
	}
	m.Update(tickMsg{m.clock})
	settle(t, m, press(m, "s"))
	if !strings.Contains(textOf(m), "after 1000 steps") {
		t.Errorf("the sweep is of another number of steps:\n%s", textOf(m))
	}
	settle(t, m, press(m, "S"))
	if w := &m.sweep; !strings.Contains(textOf(m), "after 100 steps") || !w.Settled || w.Cells[0].Steps != 100 {
		t.Errorf("the open sweep has not changed:\n%s", textOf(m))
	}
	press(m, "esc", "]", "T")
	if steps := m.tuned.of.View.TrialSteps; steps != 100 {
		t.Errorf("on another problem T tunes for %d steps", steps)
	}
}

// What y copies after T stops where the tuned lanes do.
func TestCopyOfTunedLanes(t *testing.T) {
	m := openModel(t, playRace(t, "ravine", "gd:eta=0.001"), 23)
	settle(t, m, press(m, "T"))
	if command := copied(t, m); !strings.Contains(command, "--steps 300") || opened(t, command).TrialSteps != 300 {
		t.Errorf("copied %s", command)
	}
}

// T gives every lane of the opening scene values whose ways are in the picture.
func TestTunedWaysAreInThePicture(t *testing.T) {
	for _, problem := range []string{"ravine", "ravine:kappa=100,angle=30", "rosenbrock", "regression"} {
		m := openModel(t, playRace(t, problem), 23)
		settle(t, m, press(m, "T"))
		m.runner.Seek(300)
		for _, lane := range m.runner.Lanes() {
			for n := range lane.History().Len() {
				if theta := lane.History().Theta(n); !m.Window.Has(theta[0], theta[1]) {
					t.Errorf("%s: %s leaves the picture at %v", problem, lane.Spec(), theta)
					break
				}
			}
		}
	}
}

// * goes to the best of the sweep, and the lane with it.
func TestSweepToTheBest(t *testing.T) {
	for _, over := range []string{"eta", "eta gamma"} {
		m := openModel(t, playRace(t, "ravine", "momentum"), 23)
		press(m, "*")
		if !strings.Contains(statusOf(m), "the best in the sweep (s)") {
			t.Errorf("outside of a sweep: %q", statusOf(m))
		}
		press(m, "s", "*")
		if !strings.Contains(statusOf(m), "no best value is known yet") {
			t.Errorf("before anything is known: %q", statusOf(m))
		}
		press(m, "esc")
		settleSweep(t, m, over)
		settle(t, m, press(m, "*"))
		w := &m.sweep
		place := m.sweep.Grid.Places(w.Best.Index)
		if !slices.Equal(w.Cursor[:], place[:]) || m.Lane().Hyper().Eta != w.Values[0][place[0]] || !strings.Contains(statusOf(m), "best: η = ") {
			t.Errorf("%s: the cursor is at %v, the lane is %s, the best at %v: %q", over, w.Cursor, m.Lane().Spec(), place, statusOf(m))
		}
		for i, cell := range w.Cells {
			if w.Grid.Compare(cell, w.Cells[w.Best.Lowest]) < 0 {
				t.Errorf("%s: cell %d, %+v, is better than the best", over, i, cell)
			}
		}
	}
	m := openModel(t, playRace(t, "ravine", "momentum:eta=5"), 23)
	settleSweep(t, m, "gamma")
	if press(m, "*"); !strings.Contains(statusOf(m), "all of these diverge") {
		t.Errorf("where all diverge: %q", statusOf(m))
	}
}

// A click in the sweep goes to what it is on.
func TestClickInSweep(t *testing.T) {
	for _, over := range []string{"eta", "eta gamma", "gamma", "eta batch"} {
		problem := "ravine"
		if over == "eta batch" {
			problem = "regression:n=50"
		}
		m := openModel(t, playRace(t, problem, "momentum"), 23)
		settleSweep(t, m, over)
		w, plot := &m.sweep, m.panels.Sweep.Plot
		cellOf := func(cursor [2]int) [2]int {
			x, y := w.Position(0, cursor[0]), plot.Y.Min
			if len(w.Axes) == 2 {
				y = w.Position(1, cursor[1])
			}
			column, row, _ := plot.Cell(x, y)
			return [2]int{column, row}
		}
		for _, part := range []int{0, 1, 2, 3} {
			var want [2]int
			for axis := range w.Axes {
				want[axis] = part * (len(w.Values[axis]) - 1) / 3
			}
			cell := cellOf(want)
			settle(t, m, click(m, cell[0], cell[1], tea.MouseLeft))
			if got := cellOf(w.Cursor); got != cell {
				t.Errorf("%s: a click on %v leads to %v", over, cell, got)
			}
			hyper := m.Lane().Hyper()
			if got, want := hyper.Get(w.Axes[0].Key), w.Values[0][w.Cursor[0]]; got != want {
				t.Errorf("%s: the cursor is on %v, the lane has %v", over, want, got)
			}
		}
		before := w.Cursor
		click(m, plot.Area.X-1, plot.Area.Y, tea.MouseLeft)
		click(m, plot.Area.X+3, plot.Area.Y, tea.MouseRight)
		if w.Cursor != before {
			t.Errorf("%s: a click elsewhere moved the cursor", over)
		}
	}
}
