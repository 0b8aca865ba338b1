package race_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"ravine/optim"
	"ravine/param"
	"ravine/race"
)

// Every rule's lines, as they are printed, are a rule that walks the same path with the
// same states.
func TestPrintedLinesAreTheRule(t *testing.T) {
	problems := []string{"ravine:angle=30", "regression:n=100", "rosenbrock", "sparse:n=100", "saddle", "neuron"}
	for _, rules := range []optim.Convention{optim.Slides, optim.Papers} {
		for _, optimizer := range optim.All() {
			for _, text := range problems {
				t.Run(fmt.Sprintf("%v/%s/%s", rules, optimizer.Name, text), func(t *testing.T) {
					value := race.Race{Problem: spec(t, text), Lanes: []race.LaneSpec{{Rule: optimizer.Name}}, Rules: rules, Seed: 3}
					builtIn := newRunner(t, value).Lanes()[0]
					typed := race.LaneSpec{Rule: optim.TypedName, Lines: optim.WriteLines(builtIn.Rule())}
					again, err := typed.Optimizer()
					if err != nil {
						t.Fatalf("%s: %v", typed.Lines, err)
					}
					if printed := optim.WriteLines(again.Start(1, rules).Lines()); printed != typed.Lines {
						t.Errorf("%s is printed as %s", typed.Lines, printed)
					}
					hyper := builtIn.Hyper()
					for _, key := range param.Keys(again.Parameters(rules)) {
						typed = typed.With(race.Setting{Key: key, Value: hyper.Get(key)})
					}
					value.Lanes = append(value.Lanes, typed)
					runner := newRunner(t, value)
					for range 200 {
						runner.Advance(1)
						compareLanes(t, runner.Lanes()[0], runner.Lanes()[1])
						if t.Failed() {
							break
						}
					}
				})
			}
		}
	}
}

// compareLanes compares the positions and the states of two lanes.
func compareLanes(t *testing.T, want, got *race.Lane) {
	t.Helper()
	if want.Step() != got.Step() || want.Evaluations() != got.Evaluations() || want.Status() != got.Status() {
		t.Errorf("at step %d the typed rule is at %d, %d evaluations, %v", want.Step(), got.Step(), got.Evaluations(), got.Status())
	}
	compare := func(what string, values, typed []float64) {
		for i, x := range values {
			if !(math.Abs(typed[i]-x) <= 1e-12*(1+math.Abs(x))) {
				t.Errorf("step %d: %s is %v, want %v", want.Step(), what, typed, values)
				return
			}
		}
	}
	compare("θ", want.Theta(), got.Theta())
	lines := got.Rule()
	for _, line := range want.Rule() {
		if i := slices.IndexFunc(lines, func(l optim.Line) bool { return l.Symbol == line.Symbol }); i >= 0 && line.Value != nil {
			compare(line.Symbol, line.Value, lines[i].Value)
		}
	}
}
