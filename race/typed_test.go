package race_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
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

// A rule that asks for the loss and for several gradients is explained as it steps, in
// batches too.
func TestExplainTypedRules(t *testing.T) {
	for _, problem := range []string{"ravine", "regression:n=20"} {
		for _, lane := range []string{"rule:step=theta<-theta-J/dot(g,g)*g/2", "rule:step=v<-gamma*v+grad(theta-grad(theta)/1e4);theta<-theta-v/1e4-J*0,gamma=0.5",
			"rule:step=theta<-theta-J/dot(g,g)*g/50,batch=7"} {
			if problem == "ravine" && strings.Contains(lane, "batch") {
				continue
			}
			runner := newRunner(t, raceOn(t, problem, lane))
			for range 5 {
				before := slices.Clone(runner.Lanes()[0].Theta())
				explained := runner.Lanes()[0].Explain()
				runner.Advance(1)
				for i, x := range runner.Lanes()[0].Theta() {
					if math.Abs(before[i]+explained.Step[i]-x) > 1e-12*(1+math.Abs(x)) {
						t.Fatalf("%s on %s: the step is explained as %v from %v and leads to %v", lane, problem, explained.Step, before, runner.Lanes()[0].Theta())
					}
				}
			}
		}
	}
}

// What is tuned of a typed rule is η, or the first hyperparameter that it has; a hint of
// η is for those that have one.
func TestTuneTypedRules(t *testing.T) {
	for lane, key := range map[string]string{
		"rule:step=theta<-theta-nu*eta*g,nu=1,eta=1e-5": "eta",
		"rule:step=theta<-theta-nu*g,nu=-1e-3":          "nu",
		"rule:step=theta<-theta-nu*g,nu=0":              "nu",
		"gd:eta=exponential(1e-3,0.9)":                  "eta",
	} {
		value := raceOn(t, "ravine", lane)
		runner := newRunner(t, value)
		tuning, err := race.NewTuning(runner.Problem(), value, value.Lanes[0], race.Trial{Steps: 100, Starts: 1}, 10_000)
		if err != nil {
			t.Fatalf("%s: %v", lane, err)
		}
		for !tuning.Done() {
			tuning.Advance(context.Background(), 10_000)
		}
		best := tuning.Best()
		if found, given := best.Value(key); !given || found < 0.03 || found > 0.09 {
			t.Errorf("%s is tuned to %s", lane, best)
		}
	}
	value := raceOn(t, "ravine", "rule:step=theta<-theta-g/100")
	runner := newRunner(t, value)
	if _, err := race.NewTuning(runner.Problem(), value, value.Lanes[0], race.Trial{Steps: 100, Starts: 1}, 10_000); err == nil || err.Error() != "Own rule has no hyperparameter to tune" {
		t.Errorf("a rule without hyperparameters: %v", err)
	}
	runner = newRunner(t, raceOn(t, "ravine", "rule:step=theta<-theta-g"))
	runner.Advance(100)
	if hint, ok := race.Advise(runner.Lanes()[0]); ok {
		t.Errorf("a rule without η is advised %q", hint.Text)
	}
}
