package optim

import (
	"math"
	"reflect"
	"slices"
	"testing"

	"ravine/param"
)

// terrain has a coupled pair, a coordinate of tiny and one of huge gradients,
// and one whose gradient is always 0.
func terrain(at []float64) []float64 {
	return []float64{at[0] + 0.3*at[1], 25*at[1] + 0.3*at[0], 1e-7 * (at[2] - 2), 3e6 * at[3], 0}
}

func terrainStart() []float64 { return []float64{1.2345678, -0.87654321, 5, -0.3, 7} }

// retunes are what a person at the keys may do before a step.
var retunes = map[int]func(h *Hyperparameters){
	3: func(h *Hyperparameters) { h.Eta = 0.004 },
	4: func(h *Hyperparameters) { h.Gamma = 0.5 },
	5: func(h *Hyperparameters) { h.Beta1, h.Beta2 = 0.37, 0.99999 },
	6: func(h *Hyperparameters) { h.Epsilon, h.Decay = 1e-9, 0.0125 },
	7: func(h *Hyperparameters) { h.Eta = 0 },
}

func TestExplanationIsTrue(t *testing.T) {
	forEachRule(t, func(t *testing.T, o Optimizer, c Convention) {
		h := Hyperparameters{Eta: 0.025, Gamma: 0.9, Beta1: 0.9, Beta2: 0.999, Epsilon: 0.16, Decay: 0.01}
		rule, theta := o.Start(5, c), terrainStart()
		for step := range 10 {
			if retune := retunes[step]; retune != nil {
				retune(&h)
			}
			explanation := Explain(rule, theta, &h, terrain, nil)
			before := slices.Clone(theta)
			rule.Step(theta, &h, &Gradient{Of: terrain})
			checkLines(t, explanation, &h)
			checkStep(t, explanation, before, theta)
			if t.Failed() {
				t.Fatalf("at step %d with %+v", step, h)
			}
		}
	})
}

// checkLines evaluates every line but g's as it is displayed.
func checkLines(t *testing.T, e Explanation, h *Hyperparameters) {
	t.Helper()
	exact := []string{"1"}
	for _, p := range Table() {
		exact = append(exact, param.Pretty(h.Get(p.Key), -1))
	}
	for n, line := range e.Lines {
		if len(line.Numbers) != 5 || len(line.Value) != 5 || len(line.Written) != 5 {
			t.Errorf("%s has %d texts, %d values and %d of them written, want 5", line.Symbol, len(line.Numbers), len(line.Value), len(line.Written))
			return
		}
		if n == 0 {
			if line.Symbol != "g" || !slices.Equal(line.Value, terrain(e.Probe)) {
				t.Errorf("the first line is %s = %v, want g = %v", line.Symbol, line.Value, terrain(e.Probe))
			}
			continue
		}
		for i, numbers := range line.Numbers {
			said, err := evaluate(numbers, exact)
			if err != nil {
				t.Errorf("%s ← %s: %v", line.Symbol, line.Formula, err)
			} else if written, err := evaluate(line.Written[i], nil); err != nil || !written.holds(line.Value[i]) {
				t.Errorf("%s = %v is written %s, %v", line.Symbol, line.Value[i], line.Written[i], err)
			} else if !said.holds(line.Value[i]) {
				t.Errorf("%s ← %s: %s is in %v, but %s = %v", line.Symbol, line.Formula, numbers, said, line.Symbol, line.Value[i])
			}
		}
	}
}

// checkStep holds the explanation against the step that was then made.
func checkStep(t *testing.T, e Explanation, before, after []float64) {
	t.Helper()
	last := e.Lines[len(e.Lines)-1]
	if last.Symbol != "θ" || !slices.Equal(last.Value, after) {
		t.Errorf("the last line is %s = %v, want θ = %v", last.Symbol, last.Value, after)
	}
	for i := range before {
		if e.Step[i] != after[i]-before[i] {
			t.Errorf("Step[%d] = %v, the step made is %v", i, e.Step[i], after[i]-before[i])
		}
	}
}

func TestLinesAreWhatStepUsed(t *testing.T) {
	forEachRule(t, func(t *testing.T, o Optimizer, c Convention) {
		h := plain()
		rule, theta := o.Start(2, c), bowlStart()
		for range 3 {
			explained := Explain(rule, theta, &h, bowl, nil).Lines
			rule.Step(theta, &h, &Gradient{Of: bowl})
			for n, line := range rule.Lines() {
				if line.Value != nil && !slices.Equal(line.Value, explained[n].Value) {
					t.Errorf("%s = %v, explained as %v", line.Symbol, line.Value, explained[n].Value)
				}
			}
		}
	})
}

func TestLinesAreCopies(t *testing.T) {
	forEachRule(t, func(t *testing.T, o Optimizer, c Convention) {
		h := plain()
		rule, theta := o.Start(2, c), bowlStart()
		rule.Step(theta, &h, &Gradient{Of: bowl})
		untouched := rule.Clone()
		for _, line := range rule.Lines() {
			for i := range line.Value {
				line.Value[i] = 999
			}
		}
		if !reflect.DeepEqual(rule, untouched) {
			t.Errorf("writing into Lines changed the rule from %+v to %+v", untouched, rule)
		}
	})
}

func TestExplainChangesNothing(t *testing.T) {
	forEachRule(t, func(t *testing.T, o Optimizer, c Convention) {
		h := plain()
		rule, theta := o.Start(2, c), bowlStart()
		rule.Step(theta, &h, &Gradient{Of: bowl})
		beforeRule, beforeTheta, beforeHyper := rule.Clone(), slices.Clone(theta), h
		calls := 0
		Explain(rule, theta, &h, func(at []float64) []float64 { calls++; return bowl(at) }, nil)
		if calls != 1 {
			t.Errorf("%d gradients were taken, want 1", calls)
		}
		if !reflect.DeepEqual(rule, beforeRule) || !slices.Equal(theta, beforeTheta) || h != beforeHyper {
			t.Errorf("Explain changed the rule, θ or the hyperparameters")
		}
	})
}

func TestExplanationText(t *testing.T) {
	h := Hyperparameters{Eta: 0.1, Gamma: 0.9, Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8, Decay: 0.01}
	for _, row := range []struct {
		optimizer  Optimizer
		convention Convention
		want       [][2]string // symbol and numbers, of the second coordinate
	}{
		{nag, Slides, [][2]string{
			{"g", "∇J(0.81, 3.75)"},
			{"v", "0.9·(−2.5) + 0.1·93.75"},
			{"θ", "1.5 − 7.125"},
		}},
		{adam, Papers, [][2]string{
			{"g", "∇J(0.9, −0.9)"},
			{"m", "0.9·(−2.5) + (1 − 0.9)·(−22.5)"},
			{"v", "0.999·0.625 + (1 − 0.999)·(−22.5)²"},
			{"β₁ᵗ", "0.9·0.9"},
			{"β₂ᵗ", "0.999·0.999"},
			{"m̂", "−4.5 / (1 − 0.81)"},
			{"v̂", "1.1306 / (1 − 0.998001)"},
			{"θ", "−0.9 − 0.1·(−23.684) / (√565.6 + 1e-8)"},
		}},
		{adamax, Slides, [][2]string{
			{"g", "∇J(0.99, −0.99)"},
			{"m", "0.9·(−2.5) + (1 − 0.9)·(−24.75)"},
			{"u", "max(0.999·25, |−24.75|)"},
			{"θ", "−0.99 − 0.1·(−4.725 / 24.975)"},
		}},
		{lion, Slides, [][2]string{
			{"g", "∇J(0.899, −0.899)"},
			{"c", "0.9·(−0.025) + (1 − 0.9)·(−22.475)"},
			{"m", "0.999·(−0.025) + (1 − 0.999)·(−22.475)"},
			{"θ", "−0.899 − 0.1·(sign(−2.27) + 0.01·(−0.899))"},
		}},
	} {
		rule, theta := row.optimizer.Start(2, row.convention), bowlStart()
		rule.Step(theta, &h, &Gradient{Of: bowl})
		var got [][2]string
		for _, line := range Explain(rule, theta, &h, bowl, nil).Lines {
			got = append(got, [2]string{line.Symbol, line.Numbers[1]})
		}
		if !slices.Equal(got, row.want) {
			t.Errorf("%s:\n got %q\nwant %q", row.optimizer.Name, got, row.want)
		}
	}
}

func TestParenthesize(t *testing.T) {
	for _, row := range []struct{ number, before, after, want string }{
		{"2.5", "0.9·", " + ", "2.5"},
		{"−2.5", "0.9·", " + ", "(−2.5)"},
		{"−2.5", "", " − ", "−2.5"},
		{"−2.5", "", "²", "(−2.5)"},
		{"−2.5", "sign(", ")", "−2.5"},
		{"−2.5", "|", "|", "−2.5"},
		{"2.5", "0.1·", "²", "2.5"},
		{"3e-7", "0.1·", "²", "(3e-7)"},
		{"3e-7", "0.1·", "", "3e-7"},
		{"−3e-7", "0.1·", "²", "(−3e-7)"},
	} {
		if got := parenthesize(row.number, row.before, row.after); got != row.want {
			t.Errorf("%s between %q and %q is written %s, want %s", row.number, row.before, row.after, got, row.want)
		}
	}
}

func TestVelocity(t *testing.T) {
	withMemory := []string{"momentum", "nag", "adam", "adamax", "nadam", "amsgrad", "adamw", "lion"}
	forEachRule(t, func(t *testing.T, o Optimizer, c Convention) {
		h := plain()
		rule, theta := o.Start(2, c), bowlStart()
		rule.Step(theta, &h, &Gradient{Of: bowl})
		rule.Step(theta, &h, &Gradient{Of: bowl})
		explanation := Explain(rule, theta, &h, bowl, nil)
		if got, want := explanation.Velocity != nil, slices.Contains(withMemory, o.Name); got != want {
			t.Fatalf("Velocity = %v, want one: %v", explanation.Velocity, want)
		}
		if o.Name != "momentum" && o.Name != "nag" {
			return
		}
		v, g := rule.Lines()[1].Value, explanation.Lines[0].Value
		for i := range theta {
			if explanation.Velocity[i] != -h.Gamma*v[i] {
				t.Errorf("Velocity[%d] = %v, want −γ·v = %v", i, explanation.Velocity[i], -h.Gamma*v[i])
			}
			rest := explanation.Step[i] - explanation.Velocity[i]
			if math.Abs(rest+h.Eta*g[i]) > 1e-12*math.Abs(h.Eta*g[i]) {
				t.Errorf("Step − Velocity = %v, want −η·g = %v", rest, -h.Eta*g[i])
			}
		}
	})
}

// AdamW coasts as Adam does from anywhere: the pull of the decay is no memory.
func TestVelocityIsWithoutDecay(t *testing.T) {
	h := plain()
	velocities := [2][]float64{}
	for i, o := range []Optimizer{adam, adamw} {
		rule, theta := o.Start(2, Slides), bowlStart()
		rule.Step(theta, &h, &Gradient{Of: bowl})
		velocities[i] = Explain(rule, bowlStart(), &h, bowl, nil).Velocity
	}
	if !slices.Equal(velocities[0], velocities[1]) {
		t.Errorf("adam coasts by %v, adamw by %v", velocities[0], velocities[1])
	}
}
