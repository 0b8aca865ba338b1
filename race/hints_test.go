package race_test

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"unicode/utf8"

	"ravine/optim"
	"ravine/param"
	"ravine/problem"
	"ravine/race"
)

// silent is the kind of no hint.
const silent race.HintKind = -1

// advised runs a lane to a step and returns the hint there, of kind silent for none.
func advised(t testing.TB, problem, lane string, step int) (race.Hint, *race.Runner) {
	t.Helper()
	r := raceOn(t, problem, lane)
	r.Tol = race.DefaultTol
	runner := newRunner(t, r)
	runner.Seek(step)
	hint, ok := race.Advise(runner.Lanes()[0])
	if !ok {
		if hint != (race.Hint{}) {
			t.Errorf("%s on %s: no hint, but %+v", lane, problem, hint)
		}
		hint.Kind = silent
	}
	return hint, runner
}

// TestAdvise has for every kind races on which it is said and races, near those,
// on which it is not.
func TestAdvise(t *testing.T) {
	lower := race.Hint{Key: "eta"}
	raise := race.Hint{Key: "eta", Up: true}
	batch := race.Hint{Key: "batch", Up: true}
	gamma := race.Hint{Key: "gamma"}
	try := func(rule string) race.Hint { return race.Hint{Rule: rule} }
	none := race.Hint{}
	tests := []struct {
		name, problem, lane string
		step                int
		kind                race.HintKind
		want                race.Hint // without Kind and Text
	}{
		{"gd above its bound", "ravine", "gd:eta=0.085", 40, race.HintRising, lower},
		{"diverged", "ravine", "gd:eta=0.2", 100, race.HintRising, lower},
		{"diverged at once", "ravine", "gd:eta=1e200", 5, race.HintRising, lower},
		{"rmsprop that goes too far", "saddle", "rmsprop:eta=5", 200, race.HintRising, lower},
		{"batches above their bound", "regression", "minibatch:eta=0.0008", 12, race.HintRising, lower},
		{"gd below its bound", "ravine", "gd:eta=0.06", 40, silent, none},

		{"gd, η far too small", "ravine", "gd:eta=0.0001", 20, race.HintSlow, raise},
		{"adam, η far too small", "rosenbrock", "adam:eta=0.00001", 50, race.HintSlow, raise},
		{"frozen", "saddle", "adamax:eta=0", 15, race.HintSlow, raise},
		{"sgd, η far too small", "neuron", "sgd:eta=0.001", 100, race.HintSlow, raise},
		{"gd, η a little small", "ravine", "gd:eta=0.02", 20, silent, none},
		{"flat, η large all the same", "ravine:kappa=1000", "gd", 40, race.HintZigzag, try("momentum")},

		{"sparse data, gd", "sparse", "gd", 30, race.HintRare, try("adagrad")},
		{"sparse data, sgd", "sparse", "sgd", 300, race.HintRare, try("adagrad")},
		{"sparse data, momentum", "sparse", "momentum", 30, race.HintRare, try("adagrad")},
		{"sparse data, adagrad", "sparse", "adagrad", 30, silent, none},
		{"two features, both frequent", "sparse:features=2", "momentum:gamma=0", 30, silent, none},
		{"no rare features", "regression", "sgd", 300, silent, none},

		{"across the ravine", "ravine", "gd", 30, race.HintZigzag, try("momentum")},
		{"across a turned one", "ravine:angle=30", "gd", 30, race.HintZigzag, try("momentum")},
		{"the talk's data", "regression", "gd", 30, race.HintZigzag, try("momentum")},
		{"gd, the swing has died away", "ravine", "gd", 70, silent, none},
		{"too small an η to swing", "ravine", "gd:eta=0.03", 30, silent, none},
		{"adam swings by itself", "ravine", "adam", 30, silent, none},

		{"momentum", "ravine", "momentum", 60, race.HintOvershoot, try("nag")},
		{"momentum, not quadratic", "himmelblau", "momentum", 60, race.HintOvershoot, try("nag")},
		{"nag", "ravine:kappa=5", "nag:gamma=0.97", 60, race.HintOvershoot, gamma},
		{"momentum, η too large for nag", "ravine", "momentum:eta=0.06,gamma=0.95", 40, race.HintOvershoot, gamma},
		{"momentum, little γ", "ravine", "momentum:gamma=0.5", 60, silent, none},
		{"one bend", "beale", "momentum", 40, silent, none},
		{"ripples", "rastrigin", "momentum", 100, silent, none},
		{"every other step", "saddle", "momentum:gamma=0.01,eta=1.2", 200, race.HintBouncing, lower},
		{"gd has no velocity", "ravine:kappa=1", "gd:eta=0.3", 12, silent, none},

		{"to and fro for ever", "ravine", "rmsprop", 300, race.HintBouncing, lower},
		{"long after", "ravine", "rmsprop", 20000, race.HintBouncing, lower},
		{"in a minimum", "rastrigin", "rmsprop", 100, race.HintBouncing, lower},
		{"lion", "himmelblau", "lion", 500, race.HintBouncing, lower},
		{"just below the bound", "ravine:kappa=1", "gd:eta=1.98", 30, race.HintBouncing, lower},
		{"swings out in a minimum", "rastrigin", "adam", 135, silent, none},
		{"settles fast", "ravine:kappa=1", "gd:eta=1.8", 18, silent, none},
		{"settles in a minimum", "rastrigin", "gd:eta=0.0048", 70, silent, none},
		{"rmsprop on its way", "ravine", "rmsprop", 30, silent, none},
		{"adam settles", "ravine", "adam", 80, silent, none},

		{"batch of one", "regression:noise=5", "sgd:eta=0.004", 3000, race.HintNoisy, batch},
		{"a larger batch", "regression:noise=9,standardize=true", "minibatch:eta=0.02,batch=16", 1000, race.HintNoisy, lower},
		{"on its way down", "regression", "sgd", 1000, silent, none},
		{"all data", "regression:noise=5", "gd:eta=1e-5", 100, silent, none},

		{"adagrad, steps used up", "rosenbrock", "adagrad", 100, race.HintShrunk, try("rmsprop")},
		{"adagrad, far to go", "ravine", "adagrad:eta=0.2", 800, race.HintShrunk, try("rmsprop")},
		{"adagrad on its way", "ravine", "adagrad", 100, silent, none},
		{"adagrad, there", "rastrigin", "adagrad", 100, silent, none},

		{"first steps", "ravine", "gd:eta=0.0001", 9, silent, none},
		{"first steps, up", "ravine", "gd:eta=0.081", 9, silent, none},
		{"converged", "ravine", "momentum", 400, silent, none},
		{"almost converged", "ravine", "momentum", 300, silent, none},
		{"at the optimum", "ravine", "gd:eta=0", 0, silent, none},
		{"in another minimum", "rastrigin", "gd:eta=0.002", 70, race.HintElsewhere, race.Hint{Key: "start"}},
	}
	said := map[race.HintKind]bool{}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			hint, runner := advised(t, test.problem, test.lane, test.step)
			said[hint.Kind] = true
			test.want.Kind, test.want.Text = test.kind, hint.Text
			if hint != test.want {
				t.Errorf("%s on %s at step %d: %+v, want %+v", test.lane, test.problem, test.step, hint, test.want)
			}
			checkHint(t, hint, runner.Lanes()[0])
		})
	}
	for kind := race.HintRising; kind <= race.HintElsewhere; kind++ {
		if !said[kind] {
			t.Errorf("kind %d is never said", kind)
		}
	}
}

// TestAdviceAfterAFarStart: a loss that is little beside the start's may be much
// on the problem.
func TestAdviceAfterAFarStart(t *testing.T) {
	for _, test := range []struct {
		lane  string
		start []float64
		step  int
		kind  race.HintKind
	}{
		{"gd:eta=0.07,eta@200=0.00001", []float64{1e8, 1e8}, 400, race.HintSlow},
		{"rmsprop:eta=2", []float64{100001.3, 1}, 60_000, race.HintBouncing},
	} {
		r := raceOn(t, "ravine", test.lane)
		r.Start, r.Tol = test.start, race.DefaultTol
		runner := newRunner(t, r)
		runner.Seek(test.step)
		if hint, ok := race.Advise(runner.Lanes()[0]); !ok || hint.Kind != test.kind {
			t.Errorf("%s: %+v at loss %g, want kind %d", test.lane, hint, runner.Lanes()[0].Loss(), test.kind)
		}
	}
}

// checkHint checks what holds for every hint.
func checkHint(t *testing.T, hint race.Hint, lane *race.Lane) {
	t.Helper()
	if hint.Kind == silent {
		return
	}
	if width := utf8.RuneCountInString(hint.Text); width == 0 || width > 60 {
		t.Errorf("%q is %d columns wide", hint.Text, width)
	}
	if (hint.Key == "") == (hint.Rule == "") {
		t.Errorf("%+v names both a key and a rule, or neither", hint)
	}
	if hint.Key != "" && hint.Key != "start" {
		if _, ok := param.Find(lane.Parameters(), hint.Key); !ok {
			t.Errorf("%+v: %s has no such key", hint, lane.Optimizer().Name)
		}
	}
	if hint.Rule != "" {
		if _, err := optim.Find(hint.Rule); err != nil || hint.Rule == lane.Optimizer().Name {
			t.Errorf("%+v for %s: %v", hint, lane.Optimizer().Name, err)
		}
	}
}

// TestAdviceWhereDigitsEnd: rounding is no bounce.
func TestAdviceWhereDigitsEnd(t *testing.T) {
	for _, lane := range []string{"gd", "momentum", "adam", "adamax"} {
		runner, _ := onlyLane(t, "rastrigin", lane)
		runner.Advance(1500)
		if hint, ok := race.Advise(runner.Lanes()[0]); ok {
			t.Errorf("%s: %q", lane, hint.Text)
		}
	}
}

// TestHintAboveBound: where the theory has a bound, the hint names it.
func TestHintAboveBound(t *testing.T) {
	for lane, want := range map[string]string{
		"gd:eta=0.085":           "try a smaller η: the loss rises, η > 2/λmax",
		"gd:eta=0.2":             "try a smaller η: diverged, η > 2/λmax",
		"momentum:eta=0.2":       "try a smaller η: diverged, η > 2(1+γ)/λmax",
		"nag:eta=0.07,gamma=0.9": "try a smaller η: diverged, η > (2+2γ)/((1+2γ)λmax)",
		"adam:eta=1e160":         "try a smaller η: diverged",
	} {
		if hint, _ := advised(t, "ravine", lane, 60); hint.Text != want {
			t.Errorf("%s: %q, want %q", lane, hint.Text, want)
		}
	}
}

// TestAdviceAfterEdit: a change of values is a new beginning.
func TestAdviceAfterEdit(t *testing.T) {
	const lane = "gd:eta=0.0001,eta@30=0.03"
	for step, want := range map[int]race.HintKind{
		29: race.HintSlow, 30: silent, 35: silent, 60: silent,
	} {
		if hint, _ := advised(t, "ravine", lane, step); hint.Kind != want {
			t.Errorf("step %d: %+v", step, hint)
		}
	}
	if hint, _ := advised(t, "ravine", "gd:eta=0.03,eta@20=0.00001", 40); hint.Kind != race.HintSlow {
		t.Errorf("slowed down: %+v", hint)
	}
}

// TestAdviceHelps follows the advice: the loss is lower then.
func TestAdviceHelps(t *testing.T) {
	tests := []struct {
		problem, lane string
		step          int
		followed      string
	}{
		{"ravine", "gd:eta=0.085", 40, "gd:eta=0.06"},
		{"ravine", "gd:eta=0.0001", 20, "gd:eta=0.001"},
		{"sparse", "gd", 100, "adagrad"},
		{"sparse", "sgd", 1000, "adagrad:batch=1"},
		{"ravine", "gd", 20, "momentum:eta=0.06,gamma=0.5"},
		{"regression", "gd", 50, "momentum"},
		{"ravine", "momentum", 60, "nag"},
		{"ravine", "momentum", 60, "momentum:gamma=0.8"},
		{"ravine", "nag", 40, "nag:gamma=0.8"},
		{"ravine", "rmsprop", 300, "rmsprop:eta=0.1"},
		{"himmelblau", "lion", 1000, "lion:eta=0.01"},
		{"regression:noise=5", "sgd:eta=0.004", 3000, "sgd:eta=0.0005,batch=8"},
		{"rosenbrock", "adagrad", 100, "rmsprop"},
	}
	for _, test := range tests {
		hint, runner := advised(t, test.problem, test.lane, test.step)
		_, followed := advised(t, test.problem, test.followed, test.step)
		before, after := meanLoss(runner, test.step/3), meanLoss(followed, test.step/3)
		if hint.Kind == silent || !(after < before) {
			t.Errorf("%s on %s: %q; %s has loss %g instead of %g", test.lane, test.problem, hint.Text, test.followed, after, before)
		}
	}
}

// meanLoss is that of the last steps, so that no phase of a bounce decides; a
// lane that has converged before has none.
func meanLoss(r *race.Runner, steps int) float64 {
	sum := 0.0
	for _, p := range r.Lanes()[0].History().Points() {
		if p.Step > r.Step()-steps {
			sum += p.Max
		}
	}
	return sum / float64(steps)
}

// TestAdviceOnDefaults looks at every rule on every problem with the values it
// opens with: none is told to change η by much.
func TestAdviceOnDefaults(t *testing.T) {
	steps := []int{10, 15, 25, 50, 100, 200, 400, 800}
	looked := 0
	for _, kind := range problem.Kinds() {
		r := raceOn(t, kind.Name, allLanes("")...)
		r.Tol = race.DefaultTol
		runner := newRunner(t, r)
		for _, step := range steps {
			runner.Seek(step)
			for i, lane := range runner.Lanes() {
				looked++
				hint, ok := race.Advise(runner.Lanes()[i])
				if !ok {
					continue
				}
				checkHint(t, hint, lane)
				name := fmt.Sprintf("%s on %s at step %d: %q", lane.Spec(), kind.Name, step, hint.Text)
				switch hint.Kind {
				case race.HintRising:
					t.Error(name)
				case race.HintSlow: // the neuron starts where tanh is flat, the formula where log is
					halfEta := lane.Hyper().Batch != 0 || kind.Name == "formula" && slices.Contains([]string{"sgd", "minibatch"}, lane.Optimizer().Name)
					if !slices.Contains([]string{"neuron", "formula"}, kind.Name) || !halfEta || step > 30 {
						t.Error(name)
					}
				case race.HintBouncing: // what divides by the gradient's size never settles
					restless := []string{"rmsprop", "adadelta", "lion"}
					if kind.Name == "formula" { // its log is a narrow funnel
						restless = append(restless, "nadam")
					}
					if !slices.Contains(restless, lane.Optimizer().Name) || step < 100 {
						t.Error(name)
					}
				}
			}
		}
	}
	if want := len(problem.Kinds()) * len(steps) * len(optim.All()); looked != want || looked < 1000 {
		t.Errorf("%d looks, want %d", looked, want)
	}
}

// TestAdviceOnTheBest: nothing better is known for a lane with the theory's best
// values than, for gd, a velocity.
func TestAdviceOnTheBest(t *testing.T) {
	for _, name := range []string{"gd", "momentum", "nag"} {
		for _, on := range []string{"ravine", "ravine:kappa=1", "ravine:kappa=2", "ravine:kappa=400,angle=20", "regression"} {
			best := theoryOf(t, on, name)
			lane := fmt.Sprintf("%s:eta=%.17g", name, best.BestEta)
			if name != "gd" {
				lane += fmt.Sprintf(",gamma=%.17g", best.BestGamma)
			}
			r := raceOn(t, on, lane)
			r.Tol = race.DefaultTol
			runner := newRunner(t, r)
			for range 300 {
				runner.Advance(1)
				hint, ok := race.Advise(runner.Lanes()[0])
				if ok && !(name == "gd" && hint.Kind == race.HintZigzag) {
					t.Fatalf("%s on %s at step %d: %q", lane, on, runner.Step(), hint.Text)
				}
			}
		}
	}
}

// TestAdviseChangesNothing: it is asked for at every frame.
func TestAdviseChangesNothing(t *testing.T) {
	for _, on := range []string{"ravine", "sparse", "neuron"} {
		quiet, asked := newRunner(t, raceOn(t, on, allLanes("")...)), newRunner(t, raceOn(t, on, allLanes("")...))
		for range 40 {
			quiet.Advance(7)
			asked.Advance(7)
			for i := range asked.Lanes() {
				race.Advise(asked.Lanes()[i])
			}
		}
		if got, want := states(asked), states(quiet); got != want {
			t.Errorf("%s: %s, want %s", on, firstLine(got), firstLine(want))
		}
	}
}

func TestAdviseOnOddLanes(t *testing.T) {
	for _, on := range []string{"sparse:n=1", "regression:n=1", "regression:noise=0,n=2", "ravine:kappa=1e300"} {
		r := raceOn(t, on, allLanes("")...)
		runner := newRunner(t, r)
		for range 30 {
			runner.Advance(20)
			for i, lane := range runner.Lanes() {
				if hint, ok := race.Advise(runner.Lanes()[i]); ok {
					checkHint(t, hint, lane)
				}
				if theory, ok := race.TheoryOf(lane); ok && !(theory.LambdaMax < math.Inf(1)) {
					t.Errorf("%s: %+v", on, theory)
				}
			}
		}
	}
}

func BenchmarkAdvise(b *testing.B) {
	for _, test := range []struct{ problem, lane string }{
		{"ravine", "gd"}, {"ravine", "momentum"}, {"ravine", "rmsprop"}, {"rosenbrock", "adagrad"},
		{"neuron:n=2000", "sgd"}, {"sparse:features=64", "sgd"}, {"sparse:features=64", "nag"},
	} {
		b.Run(test.problem+" "+test.lane, func(b *testing.B) {
			runner, _ := onlyLane(b, test.problem, test.lane)
			runner.Advance(1500)
			b.ReportAllocs()
			for b.Loop() {
				race.Advise(runner.Lanes()[0])
			}
		})
	}
}

// TestHintAfterALongWay changes a value after the history has begun to merge its
// points: the hint comes as it does after an early change.
func TestHintAfterALongWay(t *testing.T) {
	for _, edit := range []int{500, 1600, 4000, 20_000} {
		value := race.Default()
		value.Steps, value.Tol = 0, 0
		value.Lanes = []race.LaneSpec{{Rule: "gd", Settings: []race.Setting{{Key: "eta", Value: 0.00001}, {Key: "eta", From: edit, Value: 0.00002}}}}
		runner, err := race.New(value)
		if err != nil {
			t.Fatal(err)
		}
		runner.Seek(edit + 400)
		if _, ok := race.Advise(runner.Lanes()[0]); !ok {
			t.Errorf("no hint 400 steps after an edit at step %d", edit)
		}
	}
}
