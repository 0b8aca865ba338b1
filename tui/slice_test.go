package tui

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"ravine/problem"
	"ravine/race"
	"ravine/tui/panel"
)

// TestAllOptimaAreInSight: a race opens with every optimum on screen that its
// problem has in its view, and fits to that.
func TestAllOptimaAreInSight(t *testing.T) {
	for _, kind := range problem.Kinds() {
		for _, size := range [][2]int{{60, 20}, {80, 24}, {200, 50}} {
			m := openModel(t, playRace(t, kind.Name), 150)
			resize(m, size[0], size[1])
			for _, keys := range [][]string{nil, {"z", "z", "0"}} {
				press(m, keys...)
				seen := 0
				for _, optimum := range m.runner.Problem().Optima() {
					if _, _, ok := m.panels.Surface.Plot.Cell(optimum.Theta[0], optimum.Theta[1]); ok {
						seen++
					}
				}
				if want := len(m.runner.Problem().Optima()); seen != want {
					t.Errorf("%s %v %v: %d of %d optima are in sight", kind.Name, size, keys, seen, want)
				}
			}
		}
	}
}

// TestBesideTheSlice: a lane that is off where the surface does not show it is said
// to be, and A leads to where that shows.
func TestBesideTheSlice(t *testing.T) {
	for _, size := range [][2]int{{60, 20}, {80, 24}, {120, 36}} {
		m := openModel(t, playRace(t, "sparse"), 100)
		resize(m, size[0], size[1])
		w8 := math.Abs(m.Lane().Theta()[7] - m.runner.Problem().Optima()[0].Theta[7])
		if text, want := textOf(m), fmt.Sprintf("w8 is %s ", panel.Number(w8)); !strings.Contains(text, want) || !strings.Contains(text, " A ") {
			t.Errorf("%v: %q is not said in\n%s", size, want, text)
		}
		press(m, "A")
		if m.Axes != [2]int{6, 7} {
			t.Errorf("A shows the axes %v", m.Axes)
		}
		if text := textOf(m); strings.Contains(text, "from the optimum: A") {
			t.Errorf("something is still beside the slice:\n%s", text)
		}
	}
}

// TestEveryPlaneIsReached: however far a lane is, A comes by every pair of axes.
func TestEveryPlaneIsReached(t *testing.T) {
	for _, at := range []int{0, 100} {
		m := openModel(t, playRace(t, "sparse"), at)
		planes := map[[2]int]bool{m.Axes: true}
		for range 2 * 28 {
			press(m, "A")
			planes[m.Axes] = true
		}
		if len(planes) != 28 {
			t.Errorf("at step %d: %d pairs of 28 are shown", at, len(planes))
		}
	}
}

// TestNotBesideTheSlice: a lane that has arrived is not said to be anywhere else,
// and neither is one on a problem of two parameters.
func TestNotBesideTheSlice(t *testing.T) {
	m := openModel(t, playRace(t, "sparse", "adagrad"), 1000)
	if _, beside := m.BesidePlane(); beside || m.Lane().Status() != race.Converged {
		t.Errorf("a lane that has %s is beside the slice: %v", m.Lane().Status(), beside)
	}
	m = openDefault(t, 0)
	if _, beside := m.BesidePlane(); beside {
		t.Error("two parameters have a third")
	}
}
