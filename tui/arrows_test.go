package tui

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"ravine/optim"
	"ravine/param"
	"ravine/problem"
	"ravine/tui/panel"
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

// TestArrowsFit follows every lane of every problem, alone: the factor is 1, 2 or 5 × 10ⁿ,
// no arrow is too long or too short for the panel, and none is without its head.
func TestArrowsFit(t *testing.T) {
	drawn := 0
	for _, kind := range problem.Kinds() {
		for _, size := range [][2]int{{120, 36}, {80, 24}} {
			m := openModel(t, playRace(t, kind.Name), 0)
			resize(m, size[0], size[1])
			for _, step := range []int{0, 1, 3, 10, 47, 48, 150} {
				m.runner.Seek(step)
				for m.Selected = range m.Lanes {
					for k := range m.Lanes {
						m.Lanes[k].Hidden = k != m.Selected
					}
					for _, before := range []float64{0, 1, 50, 1e6} {
						a := panel.NewArrows(&m.State, m.panels.Surface.Plot, m.Selected)
						a.Factor = panel.CommonFactor(&m.State, m.panels.Surface.Plot, before)
						if a.None == "" {
							drawn++
							checkFit(t, &a)
						}
						if t.Failed() {
							t.Fatalf("%s of %s at step %d, %v, after ×%v", m.Lane().Optimizer().Title, kind.Name, step, size, before)
						}
					}
				}
			}
		}
	}
	if drawn < 1000 {
		t.Errorf("only %d pictures have arrows", drawn)
	}
}

func checkFit(t *testing.T, a *panel.Arrows) {
	t.Helper()
	if digits := strconv.FormatFloat(a.Factor, 'e', -1, 64); !strings.Contains("1e 2e 5e", digits[:2]) {
		t.Errorf("the factor is %s", digits)
	}
	side, columns, inside, truly := 0.0, 0.0, true, true
	window := panel.Window{X: a.Plot.X, Y: a.Plot.Y}.Zoomed(1+1e-9, a.X, a.Y) // rounding may put a tip a hair outside
	for _, arrow := range a.Arrows {
		across, up := a.Parts(arrow.To)
		side = max(side, math.Abs(across), math.Abs(up))
		columns = max(columns, a.Columns(arrow.To))
		if arrow.Name != panel.Direction {
			inside = inside && window.Has(a.X+a.Factor*arrow.To[0], a.Y+a.Factor*arrow.To[1])
			truly = truly && window.Has(a.X+arrow.To[0], a.Y+arrow.To[1])
		}
		if x, y, ok := a.Tip(arrow); ok {
			if _, _, shown := a.Plot.Cell(x, y); !shown {
				t.Errorf("the head of %s is at %v, %v", arrow.Name, x, y)
			}
			fromX, fromY := a.Place(arrow.From)
			across, up := a.Parts(arrow.To.Plus(-1, arrow.From))
			acrossTip, upTip := a.Parts(panel.Displacement{x - fromX, y - fromY})
			if math.Abs(across*upTip-up*acrossTip)*a.Factor > 1e-6 {
				t.Errorf("%s goes %v, %v sides, its head is at %v, %v", arrow.Name, across, up, acrossTip, upTip)
			}
		} else if arrow.From == (panel.Displacement{}) {
			t.Errorf("%s has no head", arrow.Name)
		}
	}
	if columns >= 4 && truly != (a.Factor == 1) {
		t.Errorf("×%v, with true arrows of %.3g columns that fit: %v", a.Factor, columns, truly)
	}
	if a.Factor*columns < 2.999 {
		t.Errorf("×%v makes %.3g columns", a.Factor, a.Factor*columns)
	}
	if a.Factor*columns <= 7.5 {
		return // short enough even if it leaves the picture
	}
	if !inside || a.Factor*side > 0.4 && a.Factor != 1 {
		t.Errorf("×%v makes %.3g of a side, in the picture: %v", a.Factor, a.Factor*side, inside)
	}
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

// TestOneScale selects every lane in turn: the factor stays, and where the selected
// lane's arrows are too short for it, the legend says so.
func TestOneScale(t *testing.T) {
	unseen := 0
	for _, kind := range problem.Kinds() {
		for _, size := range [][2]int{{120, 36}, {80, 24}} {
			m := openModel(t, playRace(t, kind.Name), 0)
			resize(m, size[0], size[1])
			press(m, "l")
			for _, step := range []int{1, 4, 12, 40, 150} {
				m.runner.Seek(step)
				press(m, "j")
				factor := m.panels.Surface.Factor
				for range m.Lanes {
					press(m, "j")
					legend := legendOf(m)
					if strings.HasPrefix(legend, "no ") {
						continue
					}
					if m.panels.Surface.Factor != factor || !strings.HasPrefix(legend, "×"+param.Pretty(factor, -1)+":") {
						t.Fatalf("%s at step %d: %s is drawn ×%v, the lane before ×%v: %s", kind.Name, m.runner.Step(), m.Lane().Spec(), m.panels.Surface.Factor, factor, legend)
					}
					a := panel.NewArrows(&m.State, m.panels.Surface.Plot, m.Selected)
					if short := factor*a.Longest(a.Columns) < panel.LeastSeen; short {
						unseen++
						if !strings.Contains(legend, "too short") {
							t.Errorf("%s at step %d: nothing is seen of %s: %s", kind.Name, m.runner.Step(), m.Lane().Spec(), legend)
						}
					}
				}
			}
		}
	}
	if unseen == 0 {
		t.Error("all arrows are seen everywhere")
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

// TestLookAhead holds Nesterov's arrows together: the velocity ends where the
// gradient is taken, −η∇J begins there and ends where the step does; and the mark
// is where the velocity ends in the picture.
func TestLookAhead(t *testing.T) {
	for _, step := range []int{3, 8, 30, 47} {
		m := openModel(t, playRace(t, "ravine", "nag:eta=0.02"), step)
		press(m, "l")
		a := panel.NewArrows(&m.State, m.panels.Surface.Plot, m.Selected)
		a.Factor = m.panels.Surface.Factor
		if len(a.Arrows) != 3 {
			t.Fatalf("step %d: %d arrows", step, len(a.Arrows))
		}
		near := func(d, e panel.Displacement) bool { return a.Columns(d.Plus(-1, e)) < 1e-6*a.Columns(a.Arrows[0].To) }
		toStep, velocity, gradient := a.Arrows[0], a.Arrows[1], a.Arrows[2]
		if !near(velocity.To, gradient.From) || !near(gradient.To, toStep.To) || velocity.To == (panel.Displacement{}) {
			t.Errorf("step %d: the step ends at %v, the velocity at %v; −η∇J goes from %v to %v", step, toStep.To, velocity.To, gradient.From, gradient.To)
		}
		column, row, _ := m.panels.Surface.Plot.Cell(a.X+a.Factor*velocity.To[0], a.Y+a.Factor*velocity.To[1])
		if r := m.grid.Cell(column, row).Rune; r != panel.ProbeMark {
			t.Errorf("step %d, ×%v: %c stands at the velocity's end, want %c", step, a.Factor, r, panel.ProbeMark)
		}
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

// TestAddsGradient checks by the numbers for which rules −η∇J is a part of the step.
func TestAddsGradient(t *testing.T) {
	adding := 0
	for _, o := range optim.All() {
		for _, rules := range []string{"slides", "papers"} {
			r := playRace(t, "ravine", o.Name+":eta=0.013")
			m := openModel(t, r, 3)
			if rules == "papers" {
				press(m, "u")
			}
			next := m.Lane().Explain()
			sum := true
			for i, step := range next.Step {
				rest := step + 0.013*next.Lines[0].Value[i]
				if next.Velocity != nil {
					rest -= next.Velocity[i]
				}
				sum = sum && math.Abs(rest) < 1e-9
			}
			if panel.AddsGradient(next) != sum {
				t.Errorf("%s, %s: the step is velocity − η∇J: %v, addsGradient says %v", o.Name, rules, sum, panel.AddsGradient(next))
			}
			if sum {
				adding++
			}
		}
	}
	if adding != 10 {
		t.Errorf("%d rules add the gradient, want GD, SGD, mini-batch, momentum and NAG in two conventions", adding)
	}
}

func TestRoundedDown(t *testing.T) {
	for _, c := range [][2]float64{{1, 1}, {1.99, 1}, {2, 2}, {4.9, 2}, {5, 5}, {9.99, 5}, {1000, 1000}, {999, 500}, {1e15, 1e15},
		{0.3, 0.2}, {0.02, 0.02}, {0.0199, 0.01}, {6e-7, 5e-7}, {3e120, 2e120}} {
		if got := panel.RoundedDown(c[0]); got != c[1] {
			t.Errorf("roundedDown(%v) = %v, want %v", c[0], got, c[1])
		}
	}
}
