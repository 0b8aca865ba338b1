package race_test

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"ravine/race"
)

// drawTheorized draws a ravine and a lane on it with η at that share of its
// bound. With κ near 1 the rate can be near 0, and then the steps are too
// few to measure it.
func drawTheorized(t *rapid.T, rule string, share float64) (problem, lane string) {
	kappa := rapid.Float64Range(2, 100).Draw(t, "kappa")
	angle := rapid.Float64Range(-180, 180).Draw(t, "angle")
	bound, gamma := 2/kappa, 0.0
	lane = rule + ":"
	if rule != "gd" {
		gamma = rapid.Float64Range(0, 0.99).Draw(t, "gamma")
		lane += fmt.Sprintf("gamma=%g,", gamma)
	}
	switch rule {
	case "momentum":
		bound = 2 * (1 + gamma) / kappa
	case "nag":
		bound = (2 + 2*gamma) / ((1 + 2*gamma) * kappa)
	}
	return fmt.Sprintf("ravine:kappa=%g,angle=%g", kappa, angle), lane + fmt.Sprintf("eta=%g", share*bound)
}

// measure returns the mean factor by which distance shrinks a step between two
// of its values, relative to the start. An oscillating distance is there when it
// is so large for the last time.
func measure(runner *race.Runner, distance func() float64, from, to float64, limit int) float64 {
	start := distance()
	var first, last struct {
		step     int
		distance float64
	}
	for step := 0; step < limit; step++ {
		d := distance() / start
		if d >= from {
			first.step, first.distance = step, d
		}
		if d >= to {
			last.step, last.distance = step, d
		}
		if d < to*1e-6 { // below what an oscillation comes back from
			break
		}
		runner.Advance(1)
	}
	return math.Pow(last.distance/first.distance, 1/float64(last.step-first.step))
}

// The optimum of the ravine is 0, where float64 has digits down to 1e-308, so
// the window can be wide enough to drown both the phase of an oscillation and
// the polynomial factor of a double root: the logarithm of the rate, which is
// the more demanding, is measured to 1 % too.
const windowFrom, windowTo = 1e-20, 1e-290

func measureOnRavine(t testing.TB, problem, lane string) (measured float64, theory race.Theory) {
	r := raceOn(t, problem, lane)
	r.Start = []float64{-7, 3}
	runner := newRunner(t, r)
	theory, _ = race.TheoryOf(runner.Lanes()[0])
	theta := runner.Lanes()[0].Theta()
	distance := func() float64 { return max(math.Abs(theta[0]), math.Abs(theta[1])) }
	return measure(runner, distance, windowFrom, windowTo, 2_000_000), theory
}

func checkRate(t interface{ Errorf(string, ...any) }, name string, measured, rate float64) {
	if !near(measured, rate, 0.01) || !near(math.Log(measured), math.Log(rate), 0.015) {
		t.Errorf("%s: measured rate %.6g, theory %.6g; logarithms %.4g and %.4g", name, measured, rate, math.Log(measured), math.Log(rate))
	}
}

func TestMeasuredRate(t *testing.T) {
	for _, rule := range []string{"gd", "momentum", "nag"} {
		t.Run(rule, func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) {
				problem, lane := drawTheorized(rt, rule, rapid.Float64Range(0.1, 0.98).Draw(rt, "share"))
				measured, theory := measureOnRavine(t, problem, lane)
				checkRate(rt, lane+" on "+problem, measured, theory.Rate)
			})
		})
	}
}

// TestMeasuredBestRate: with the best values the roots are double.
func TestMeasuredBestRate(t *testing.T) {
	for _, rule := range []string{"gd", "momentum", "nag"} {
		for _, kappa := range []float64{2, 25, 133, 1000} {
			problem := fmt.Sprintf("ravine:kappa=%g,angle=30", kappa)
			best := theoryOf(t, problem, rule)
			lane := fmt.Sprintf("%s:eta=%.17g", rule, best.BestEta)
			if rule != "gd" {
				lane += fmt.Sprintf(",gamma=%.17g", best.BestGamma)
			}
			measured, theory := measureOnRavine(t, problem, lane)
			checkRate(t, lane+" on "+problem, measured, best.BestRate)
			t.Logf("%-8s κ %4g: best rate %.6f, measured %.6f (Rate %.6f)", rule, kappa, best.BestRate, measured, theory.Rate)
		}
	}
}

// TestMeasuredRateOnData: elsewhere than at 0 digits end near the optimum, and
// the window is what is left.
func TestMeasuredRateOnData(t *testing.T) {
	tests := []struct{ problem, lane string }{
		{"regression", "gd:eta=1.8e-5"},
		{"regression", "gd:eta=1.873e-5"},
		{"regression", "momentum:eta=1.2e-5,gamma=0.8"},
		{"regression", "nag:eta=8e-6,gamma=0.9"},
		{"regression:reduce=mean", "gd:eta=0.01"},
		{"regression:standardize=true", "gd:eta=0.001"},
		{"sparse", "gd:eta=0.003"},
		{"sparse:n=3", "gd:eta=0.3"}, // leaves directions open
		{"sparse:n=3", "nag:eta=0.3,gamma=0.2"},
	}
	for _, test := range tests {
		runner, lane := onlyLane(t, test.problem, test.lane)
		theory, _ := race.TheoryOf(lane)
		// The gradient shrinks as the distance does, and not at all where the
		// data leave θ open.
		measured := measure(runner, lane.GradientNorm, 1e-3, 1e-11, 200_000)
		if !near(measured, theory.Rate, 0.01) {
			t.Errorf("%s on %s: measured rate %.6g, theory %.6g", test.lane, test.problem, measured, theory.Rate)
		}
		t.Logf("%s on %s: measured %.6f, theory %.6f, κ %.4g", test.lane, test.problem, measured, theory.Rate, theory.Kappa)
	}
}

// TestBoundParts a lane that converges from one that diverges.
func TestBoundParts(t *testing.T) {
	for _, rule := range []string{"gd", "momentum", "nag"} {
		t.Run(rule, func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) {
				share, want := 0.99, race.Converged
				if rapid.Bool().Draw(rt, "above") {
					share, want = 1.01, race.Diverged
				}
				problem, lane := drawTheorized(rt, rule, share)
				r := raceOn(t, problem, lane)
				r.Start, r.Tol = []float64{-7, 3}, 1e-9
				runner := newRunner(t, r)
				for runner.Running() && runner.Step() < 100_000 {
					runner.Advance(100)
				}
				if l := runner.Lanes()[0]; l.Status() != want {
					rt.Fatalf("%s on %s at %g × bound: %s at step %d", lane, problem, share, l.Status(), l.Step())
				}
			})
		})
	}
}
