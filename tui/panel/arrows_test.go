package panel

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"ravine/optim"
	"ravine/param"
	"ravine/problem"
)

// TestArrowsFit follows every lane of every problem, alone: the factor is 1, 2 or 5 × 10ⁿ,
// no arrow is too long or too short for the panel, and none is without its head.
func TestArrowsFit(t *testing.T) {
	drawn := 0
	for _, kind := range problem.Kinds() {
		s := openScene(t, raceOf(t, kind.Name), 0)
		for _, size := range [][2]int{{120, 36}, {80, 24}} {
			s.draw(size[0], size[1])
			for _, step := range []int{0, 1, 3, 10, 47, 48, 150} {
				s.runner.Seek(step)
				for s.Selected = range s.Lanes {
					for k := range s.Lanes {
						s.Lanes[k].Hidden = k != s.Selected
					}
					for _, before := range []float64{0, 1, 50, 1e6} {
						a := newArrows(&s.State, s.panels.Surface.Plot, s.Selected)
						a.Factor = commonFactor(&s.State, s.panels.Surface.Plot, before)
						if a.None == "" {
							drawn++
							checkFit(t, &a)
						}
						if t.Failed() {
							t.Fatalf("%s of %s at step %d, %v, after ×%v", s.Lane().Optimizer().Title, kind.Name, step, size, before)
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

func checkFit(t *testing.T, a *arrows) {
	t.Helper()
	if digits := strconv.FormatFloat(a.Factor, 'e', -1, 64); !strings.Contains("1e 2e 5e", digits[:2]) {
		t.Errorf("the factor is %s", digits)
	}
	side, columns, inside, truly := 0.0, 0.0, true, true
	window := Window{X: a.Plot.X, Y: a.Plot.Y}.Zoomed(1+1e-9, a.X, a.Y) // rounding may put a tip a hair outside
	for _, arrow := range a.arrows {
		across, up := a.parts(arrow.To)
		side = max(side, math.Abs(across), math.Abs(up))
		columns = max(columns, a.columns(arrow.To))
		if arrow.Name != direction {
			inside = inside && window.Has(a.X+a.Factor*arrow.To[0], a.Y+a.Factor*arrow.To[1])
			truly = truly && window.Has(a.X+arrow.To[0], a.Y+arrow.To[1])
		}
		if x, y, ok := a.tip(arrow); ok {
			if _, _, shown := a.Plot.Cell(x, y); !shown {
				t.Errorf("the head of %s is at %v, %v", arrow.Name, x, y)
			}
			fromX, fromY := a.place(arrow.From)
			across, up := a.parts(arrow.To.plus(-1, arrow.From))
			acrossTip, upTip := a.parts(displacement{x - fromX, y - fromY})
			if math.Abs(across*upTip-up*acrossTip)*a.Factor > 1e-6 {
				t.Errorf("%s goes %v, %v sides, its head is at %v, %v", arrow.Name, across, up, acrossTip, upTip)
			}
		} else if arrow.From == (displacement{}) {
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

// TestOneScale selects every lane in turn: the factor stays, and where the selected
// lane's arrows are too short for it, the legend says so.
func TestOneScale(t *testing.T) {
	unseen := 0
	for _, kind := range problem.Kinds() {
		s := openScene(t, raceOf(t, kind.Name), 0)
		s.NextStep = StepShown
		for _, size := range [][2]int{{120, 36}, {80, 24}} {
			for _, step := range []int{1, 4, 12, 40, 150} {
				s.runner.Seek(step)
				s.draw(size[0], size[1])
				factor := s.panels.Surface.Factor
				for s.Selected = range s.Lanes {
					s.draw(size[0], size[1])
					legend := s.legend()
					if strings.HasPrefix(legend, "no ") {
						continue
					}
					if s.panels.Surface.Factor != factor || !strings.HasPrefix(legend, "×"+param.Pretty(factor, -1)+":") {
						t.Fatalf("%s at step %d: %s is drawn ×%v, the lane before ×%v: %s", kind.Name, step, s.Lane().Spec(), s.panels.Surface.Factor, factor, legend)
					}
					a := newArrows(&s.State, s.panels.Surface.Plot, s.Selected)
					if factor*a.longest(a.columns) < leastSeen {
						unseen++
						if !strings.Contains(legend, "too short") {
							t.Errorf("%s at step %d: nothing is seen of %s: %s", kind.Name, step, s.Lane().Spec(), legend)
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

// TestLookAhead holds Nesterov's arrows together: the velocity ends where the
// gradient is taken, −η∇J begins there and ends where the step does; and the mark
// is where the velocity ends in the picture.
func TestLookAhead(t *testing.T) {
	for _, step := range []int{3, 8, 30, 47} {
		s := openScene(t, raceOf(t, "ravine", "nag:eta=0.02"), step)
		s.NextStep = StepShown
		s.draw(120, 36)
		a := newArrows(&s.State, s.panels.Surface.Plot, 0)
		a.Factor = s.panels.Surface.Factor
		if len(a.arrows) != 3 {
			t.Fatalf("step %d: %d arrows", step, len(a.arrows))
		}
		near := func(d, e displacement) bool { return a.columns(d.plus(-1, e)) < 1e-6*a.columns(a.arrows[0].To) }
		toStep, velocity, gradient := a.arrows[0], a.arrows[1], a.arrows[2]
		if !near(velocity.To, gradient.From) || !near(gradient.To, toStep.To) || velocity.To == (displacement{}) {
			t.Errorf("step %d: the step ends at %v, the velocity at %v; −η∇J goes from %v to %v", step, toStep.To, velocity.To, gradient.From, gradient.To)
		}
		column, row, _ := s.panels.Surface.Plot.Cell(a.X+a.Factor*velocity.To[0], a.Y+a.Factor*velocity.To[1])
		if r := s.grid.Cell(column, row).Rune; r != '◌' {
			t.Errorf("step %d, ×%v: %c stands at the velocity's end, want ◌", step, a.Factor, r)
		}
	}
}

// TestAddsGradient checks by the numbers for which rules −η∇J is a part of the step.
func TestAddsGradient(t *testing.T) {
	adding := 0
	for _, o := range optim.All() {
		for _, convention := range []optim.Convention{optim.Slides, optim.Papers} {
			r := raceOf(t, "ravine", o.Name+":eta=0.013")
			r.Rules = convention
			next := openScene(t, r, 3).Lane().Explain()
			sum := true
			for i, step := range next.Step {
				rest := step + 0.013*next.Lines[0].Value[i]
				if next.Velocity != nil {
					rest -= next.Velocity[i]
				}
				sum = sum && math.Abs(rest) < 1e-9
			}
			if addsGradient(next) != sum {
				t.Errorf("%s, %s: the step is velocity − η∇J: %v, addsGradient says %v", o.Name, convention, sum, addsGradient(next))
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
		if got := roundedDown(c[0]); got != c[1] {
			t.Errorf("roundedDown(%v) = %v, want %v", c[0], got, c[1])
		}
	}
}
