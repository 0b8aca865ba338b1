package race_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"ravine/race"
)

// drawRavine draws a ravine and the η at which gd on it begins to diverge.
func drawRavine(t *rapid.T) (problem string, bound float64) {
	kappa := rapid.Float64Range(0.01, 1000).Draw(t, "kappa")
	angle := rapid.Float64Range(-360, 360).Draw(t, "angle")
	return fmt.Sprintf("ravine:kappa=%g,angle=%g", kappa, angle), 2 / max(1, kappa)
}

func TestGDBelowTheBoundDescends(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		problem, bound := drawRavine(rt)
		eta := bound * rapid.Float64Range(0.001, 0.999).Draw(rt, "share")
		r := raceOn(t, problem, fmt.Sprintf("gd:eta=%g", eta))
		r.RandomStart, r.Seed = true, rapid.Uint64().Draw(rt, "seed")
		runner := newRunner(t, r)
		lane := runner.Lanes()[0]
		for range 500 {
			before := lane.Loss()
			runner.Advance(1)
			if lane.Loss() > before*(1+1e-14) || lane.Status() != race.Running {
				rt.Fatalf("step %d: loss %g after %g, %s", lane.Step(), lane.Loss(), before, lane.Status())
			}
		}
	})
}

func TestGDAboveTheBoundDiverges(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		problem, bound := drawRavine(rt)
		eta := bound * rapid.Float64Range(1.05, 5).Draw(rt, "share")
		r := raceOn(t, problem, fmt.Sprintf("gd:eta=%g", eta))
		r.RandomStart, r.Seed = true, rapid.Uint64().Draw(rt, "seed")
		runner := newRunner(t, r)
		runner.Advance(1000)
		if lane := runner.Lanes()[0]; lane.Status() != race.Diverged {
			rt.Fatalf("%s with loss %g after %d steps", lane.Status(), lane.Loss(), lane.Step())
		}
	})
}

// TestTheTalksBound: on the talk's data gd diverges above η = 2/λmax ≈ 1.875e-5.
func TestTheTalksBound(t *testing.T) {
	runner := newRunner(t, raceOn(t, "regression", "gd:eta=1.87e-5", "gd:eta=1.88e-5"))
	runner.Advance(100_000)
	below, above := runner.Lanes()[0], runner.Lanes()[1]
	if below.Status() != race.Running || above.Status() != race.Diverged {
		t.Errorf("below the bound %s, above %s", below.Status(), above.Status())
	}
}

func TestEtaZeroFreezes(t *testing.T) {
	runner := newRunner(t, raceOn(t, "regression:n=40", append(allLanes(":eta=0"), allLanes(":eta=0,batch=3")...)...))
	runner.Advance(200)
	for _, lane := range runner.Lanes() {
		if !slices.Equal(lane.Theta(), runner.Start()) || lane.Step() != 200 {
			t.Errorf("%s is at %v after %d steps", lane.Spec(), lane.Theta(), lane.Step())
		}
	}
}

// TestStepsAllocateNothing but, every few hundred, a mark to go back to: neither
// the updates nor the halving of the histories, which the runs pass several times.
func TestStepsAllocateNothing(t *testing.T) {
	ten := []string{"gd", "momentum", "nag", "adagrad", "adadelta", "rmsprop", "adam", "adamax", "amsgrad", "lion"}
	sampled := []string{"sgd", "minibatch", "adam:batch=8", "nadam", "adamw:batch=3,batch@4000=all", "nag:eta=1e-7,batch=5",
		"lion", "adagrad:batch=1", "rmsprop", "gd"}
	for _, test := range []struct {
		problem string
		lanes   []string
	}{{"ravine", ten}, {"rosenbrock", ten}, {"regression:n=100", sampled}, {"neuron:n=10", sampled}} {
		runner := newRunner(t, raceOn(t, test.problem, test.lanes...))
		runner.Advance(2000)
		marks := len(test.lanes) * (1500/256 + 1)
		if allocations := testing.AllocsPerRun(5, func() { runner.Advance(1500) }); allocations > float64(10*marks) {
			t.Errorf("%s: %g allocations in 1500 steps and %d marks", test.problem, allocations, marks)
		}
	}
}
