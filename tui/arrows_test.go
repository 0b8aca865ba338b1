package tui

import (
	"slices"
	"strings"
	"testing"

	"ravine/tui/screen"
)

// headsOf counts the arrow heads on the surface, by their colour.
func headsOf(m *Model) map[screen.Color]int {
	heads := map[screen.Color]int{}
	area := m.panels.Surface.Plot.Area
	for row := area.Y; row < area.Y+area.Height-1; row++ { // the last row is the legend's
		for column := area.X; column < area.X+area.Width; column++ {
			if cell := m.grid.Cell(column, row); strings.ContainsRune("→↗↑↖←↙↓↘", cell.Rune) {
				heads[cell.Style.Foreground]++
			}
		}
	}
	return heads
}

// legendOf returns the surface's last row, from where the legend begins.
func legendOf(m *Model) string {
	area := m.panels.Surface.Plot.Area
	row := []rune(rowsOf(m)[area.Y+area.Height-1])
	return string(row[area.X+1 : area.X+area.Width])
}

// TestArrowHeads looks for the heads on the screen.
func TestArrowHeads(t *testing.T) {
	for _, c := range []struct {
		problem, lane string
		step          int
		before        string // keys
		legend        string
		gradients     int
	}{
		{"ravine", "gd:eta=0.075", 0, "", "×1: → step = −η∇J", 0},
		{"ravine", "momentum:eta=0.02", 3, "", "×1: → step → velocity → −η∇J", 1},
		{"ravine", "nag:eta=0.02", 3, "", "×5: → step → velocity → −η∇J ◌ look-ahead", 0}, // it ends where the step does
		{"ravine", "adagrad:eta=2", 1, "", "×1: → step → direction of −η∇J", 1},
		{"regression", "adam", 5, "", "×1: → step → moment → direction of −η∇J", 1},
		{"ravine", "rmsprop:eta=0.2", 1, "", "×1: → step → direction of −η∇J", 1},
		{"rosenbrock", "", 30, "k", "×100: → step → moment → direction of −η∇J", 1}, // which is cut at the edge
		{"ravine", "momentum:eta=0.02", 3, "Z Z Z Z Z Z", "×20: → step → velocity → −η∇J", 1},
	} {
		t.Run(c.lane+" "+c.before, func(t *testing.T) {
			m := openModel(t, playRace(t, c.problem, strings.Fields(c.lane)...), c.step)
			press(m, strings.Fields(c.before)...)
			press(m, "l")
			heads := headsOf(m)
			if heads[m.Theme.Step.Foreground] != 1 || heads[m.Theme.Gradient.Foreground] != c.gradients {
				t.Errorf("heads by colour: %v, want 1 of the step and %d of the gradient\n%s", heads, c.gradients, textOf(m))
			}
			if legend := legendOf(m); !strings.HasPrefix(legend, c.legend) {
				t.Errorf("the legend is %q, want %q", legend, c.legend)
			}
		})
	}
}

// TestFactorIsSteady runs lanes that converge smoothly: the factor seldom changes,
// and no head hides the marker.
func TestFactorIsSteady(t *testing.T) {
	for lane, most := range map[string]int{"gd:eta=0.075": 11, "momentum:eta=0.02": 7, "nag:eta=0.02": 16, "adam:eta=0.4": 9} {
		t.Run(lane, func(t *testing.T) {
			m := openModel(t, playRace(t, "ravine", lane), 0)
			press(m, "l")
			var factors []float64
			for range 120 {
				press(m, "n")
				factors = append(factors, m.panels.Surface.Factor)
				theta := m.Lane().Theta()
				if column, row, _ := m.panels.Surface.Plot.Cell(theta[0], theta[1]); m.grid.Cell(column, row).Rune != m.LaneStyle(0).Marker {
					t.Errorf("step %d: %c hides the marker", m.runner.Step(), m.grid.Cell(column, row).Rune)
				}
			}
			if lane == "nag:eta=0.02" && factors[46] != factors[47] {
				t.Errorf("×%v at step 47 and ×%v at step 48", factors[46], factors[47])
			}
			if changes := slices.Compact(factors); len(changes) > most {
				t.Errorf("in 120 steps the factor takes the values %v, want at most %d", changes, most)
			}
		})
	}
}

// In a narrow surface, the inspector beside it, the legend is short and whole.
func TestNarrowLegend(t *testing.T) {
	m := openDefault(t, 30)
	resize(m, 80, 24)
	press(m, "l", "i")
	if legend := legendOf(m); !strings.Contains(legend, "too short") || strings.Contains(legend, "…") {
		t.Errorf("the legend is %q", legend)
	}
}

// TestTheTalksScale: the lanes of the talk's comparison, each with its next step.
func TestTheTalksScale(t *testing.T) {
	m := openModel(t, playRace(t, "ravine:kappa=12", "gd:eta=0.05", "momentum:eta=0.03", "nag:eta=0.03"), 4)
	press(m, "j", "j", "l")
	for range 3 {
		if !strings.HasPrefix(legendOf(m), "×5: → step") {
			t.Errorf("%s: %s", m.Lane().Spec(), legendOf(m))
		}
		press(m, "k")
	}
}

// TestNoArrows has a selected lane whose next step cannot be drawn. The picture
// is that without arrows, but for the legend, which says why.
func TestNoArrows(t *testing.T) {
	for _, c := range []struct {
		lanes  string
		step   int
		before string // keys
		why    string
	}{
		{"nag:eta=0.02", 10, "d x", "no arrows: NAG is off"},
		{"gd:eta=0.001 adam:eta=1", 10, "z z z z z z j", "no arrows: Adam is out of view"},
		{"gd:eta=1", 1000, "", "no next step: GD has diverged"},
		{"gd:eta=0.02", 100000, "", "no next step: GD has converged"},
		{"adam:eta=0", 10, "", "the next step in x, y is 0"},
	} {
		t.Run(c.why, func(t *testing.T) {
			m := openModel(t, playRace(t, "ravine", strings.Fields(c.lanes)...), c.step)
			press(m, strings.Fields(c.before)...)
			plain := rowsOf(m)
			press(m, "l")
			if !strings.HasPrefix(legendOf(m), c.why) {
				t.Errorf("the legend is %q, want %q", legendOf(m), c.why)
			}
			if strings.HasPrefix(c.why, "no ") && !strings.HasPrefix(statusOf(m), c.why) {
				t.Errorf("the status line says %q, want %q", statusOf(m), c.why)
			}
			last := m.panels.Surface.Plot.Area.Y + m.panels.Surface.Plot.Area.Height - 1
			for y, row := range rowsOf(m)[:last] {
				if row != plain[y] {
					t.Errorf("row %d is\n%s\nwas\n%s", y, row, plain[y])
				}
			}
		})
	}
}
