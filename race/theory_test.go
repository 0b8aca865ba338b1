package race_test

import (
	"fmt"
	"math"
	"math/cmplx"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"ravine/race"
)

// radius is the rate of a rule by the definition: the eigenvalues of the matrix
// that takes (θ, v) along one eigenvector from one step to the next.
func radius(rule string, eta, gamma float64, lambdas ...float64) float64 {
	largest := 0.0
	for _, lambda := range lambdas {
		// v ← γv + ηλ(θ − aheadγv); θ ← θ − v
		ahead := 0.0
		if rule == "nag" {
			ahead = gamma
		}
		if rule == "gd" {
			gamma = 0
		}
		vv, vt := gamma-eta*lambda*ahead, eta*lambda
		tv, tt := -vv, 1-vt
		trace, determinant := complex(vv+tt, 0), complex(vv*tt-vt*tv, 0)
		root := cmplx.Sqrt(trace*trace - 4*determinant)
		largest = max(largest, cmplx.Abs(trace+root)/2, cmplx.Abs(trace-root)/2)
	}
	return largest
}

// onlyLane makes the race of one lane, never to stop.
func onlyLane(t testing.TB, problem, lane string) (*race.Runner, *race.Lane) {
	t.Helper()
	runner := newRunner(t, raceOn(t, problem, lane))
	return runner, runner.Lanes()[0]
}

func theoryOf(t testing.TB, problem, lane string) race.Theory {
	t.Helper()
	_, l := onlyLane(t, problem, lane)
	theory, ok := race.TheoryOf(l)
	if !ok {
		t.Fatalf("%s on %s: no theory", lane, problem)
	}
	return theory
}

func near(got, want, tolerance float64) bool {
	return math.Abs(got-want) <= tolerance*math.Abs(want)
}

func TestTheoryOfWhat(t *testing.T) {
	tests := []struct {
		problem, lane string
		known, rate   bool
	}{
		{"ravine", "gd", true, true},
		{"ravine", "momentum", true, true},
		{"ravine", "nag", true, true},
		{"ravine", "adam", true, false},
		{"ravine", "adagrad", true, false},
		{"ravine", "lion", true, false},
		{"regression", "gd", true, true},
		{"regression", "sgd", false, false},
		{"regression", "sgd:batch=all", true, true},
		{"regression:n=32", "minibatch", true, true}, // 32 of 32
		{"regression:n=33", "minibatch", false, false},
		{"regression", "momentum:batch=8", false, false},
		{"regression:standardize=true,reduce=mean", "nag", true, true},
		{"sparse", "gd", true, true},
		{"rosenbrock", "gd", false, false},
		{"ravine", "adamw", false, false},
		{"ravine", "adamw:decay=0", true, false},
		{"ravine", "lion:decay=0.01", false, false},
		{"ravine", "lion:decay=0.01,decay@0=0", true, false},
		{"neuron", "gd", false, false},
	}
	for _, test := range tests {
		_, lane := onlyLane(t, test.problem, test.lane)
		theory, known := race.TheoryOf(lane)
		if known != test.known {
			t.Errorf("%s on %s: theory %t, want %t", test.lane, test.problem, known, test.known)
			continue
		}
		if !known {
			if theory != (race.Theory{}) {
				t.Errorf("%s on %s: no theory, but %+v", test.lane, test.problem, theory)
			}
			continue
		}
		if !(theory.LambdaMin > 0 && theory.Kappa >= 1 && theory.Kappa == theory.LambdaMax/theory.LambdaMin) {
			t.Errorf("%s on %s: %+v", test.lane, test.problem, theory)
		}
		texts := theory.BoundText != "" && theory.BestText != "" && theory.Source != ""
		numbers := theory.Bound > 0 && theory.Rate >= 0 && theory.BestEta > 0 && theory.BestRate >= 0
		none := theory.Bound == 0 && math.IsNaN(theory.Rate) && math.IsNaN(theory.BestEta) && math.IsNaN(theory.BestRate)
		if texts != test.rate || numbers != test.rate || none == test.rate {
			t.Errorf("%s on %s: %+v", test.lane, test.problem, theory)
		}
		gamma := strings.HasPrefix(test.lane, "momentum") || strings.HasPrefix(test.lane, "nag")
		if math.IsNaN(theory.BestGamma) == gamma {
			t.Errorf("%s on %s: best γ %g", test.lane, test.problem, theory.BestGamma)
		}
	}
}

// TestTheoryInFigures are cases that can be worked out by hand.
func TestTheoryInFigures(t *testing.T) {
	tests := []struct {
		problem, lane string
		field         func(race.Theory) float64
		want          float64
		tolerance     float64
	}{
		{"ravine", "gd", func(t race.Theory) float64 { return t.Kappa }, 25, 0},
		{"ravine", "gd", func(t race.Theory) float64 { return t.Bound }, 0.08, 1e-15},
		{"ravine", "gd", func(t race.Theory) float64 { return t.BestEta }, 2.0 / 26, 1e-15},
		{"ravine", "gd", func(t race.Theory) float64 { return t.BestRate }, 24.0 / 26, 1e-15},
		{"ravine", "gd:eta=0.04", func(t race.Theory) float64 { return t.Rate }, 0.96, 1e-15},
		{"ravine", "gd:eta=0.08", func(t race.Theory) float64 { return t.Rate }, 1, 1e-15},
		{"ravine", "gd:eta=0", func(t race.Theory) float64 { return t.Rate }, 1, 0},
		{"ravine", "momentum:gamma=0.5", func(t race.Theory) float64 { return t.Bound }, 0.12, 1e-15},
		{"ravine", "momentum", func(t race.Theory) float64 { return t.BestEta }, 1.0 / 9, 1e-15},
		{"ravine", "momentum", func(t race.Theory) float64 { return t.BestGamma }, 4.0 / 9, 1e-15},
		{"ravine", "momentum", func(t race.Theory) float64 { return t.BestRate }, 2.0 / 3, 1e-15},
		{"ravine", "momentum:eta=0", func(t race.Theory) float64 { return t.Rate }, 1, 1e-15},
		{"ravine", "nag:gamma=0.5", func(t race.Theory) float64 { return t.Bound }, 0.06, 1e-15},
		{"ravine:kappa=16", "nag", func(t race.Theory) float64 { return t.BestEta }, 4.0 / 49, 1e-15},
		{"ravine:kappa=16", "nag", func(t race.Theory) float64 { return t.BestGamma }, 5.0 / 9, 1e-15},
		{"ravine:kappa=16", "nag", func(t race.Theory) float64 { return t.BestRate }, 5.0 / 7, 1e-15},
		{"ravine:kappa=1", "gd", func(t race.Theory) float64 { return t.BestEta }, 1, 0},
		{"ravine:kappa=1", "gd", func(t race.Theory) float64 { return t.BestRate }, 0, 0},
		{"ravine:kappa=1", "gd:eta=1", func(t race.Theory) float64 { return t.Rate }, 0, 0},
		{"ravine:kappa=1", "momentum", func(t race.Theory) float64 { return t.BestGamma }, 0, 0},
		{"ravine:kappa=1", "momentum", func(t race.Theory) float64 { return t.BestEta }, 1, 0},
		{"ravine:kappa=1", "nag", func(t race.Theory) float64 { return t.BestGamma }, 0, 0},
		{"ravine:kappa=1", "nag", func(t race.Theory) float64 { return t.BestEta }, 1, 0},
		{"ravine:kappa=0.04", "momentum", func(t race.Theory) float64 { return t.Kappa }, 25, 1e-15},
		// One example of eight features leaves seven directions open.
		{"sparse:n=1", "momentum", func(t race.Theory) float64 { return t.Kappa }, 1, 0},
		{"sparse:n=1", "nag", func(t race.Theory) float64 { return t.BestGamma }, 0, 0},
		// The talk's data.
		{"regression", "gd", func(t race.Theory) float64 { return t.Bound }, 1.875e-5, 1e-4},
		{"regression", "gd", func(t race.Theory) float64 { return t.LambdaMin }, 800, 1e-3},
		{"regression", "gd", func(t race.Theory) float64 { return t.Kappa }, 133, 0.01},
		// Too large for float64 to tell κ from ∞.
		{"ravine:kappa=1e-320", "momentum", func(t race.Theory) float64 { return t.BestGamma }, math.Nextafter(1, 0), 0},
		{"ravine:kappa=1e308", "nag", func(t race.Theory) float64 { return t.BestGamma }, math.Nextafter(1, 0), 0},
		{"ravine:kappa=1e308", "nag:eta=1e30,gamma=0", func(t race.Theory) float64 { return t.Rate }, math.Inf(1), 0},
		{"ravine:kappa=1e308", "nag:eta=1e30", func(t race.Theory) float64 { return t.Rate }, math.Inf(1), 0},
	}
	for i, test := range tests {
		theory := theoryOf(t, test.problem, test.lane)
		if got := test.field(theory); got != test.want && !near(got, test.want, test.tolerance) {
			t.Errorf("%d: %s on %s: %.17g, want %.17g in %+v", i, test.lane, test.problem, got, test.want, theory)
		}
	}
}

// TestTheoryFollowsEdits: a value that holds from the step shown on counts
// before the step is made, one for later does not.
func TestTheoryFollowsEdits(t *testing.T) {
	runner, lane := onlyLane(t, "ravine", "gd:eta=0.04,eta@5=0.01,eta@9=0.02")
	for _, test := range []struct {
		step int
		rate float64
	}{{4, 0.96}, {5, 0.99}, {8, 0.99}, {9, 0.98}, {10, 0.98}} {
		runner.Seek(test.step)
		if theory, ok := race.TheoryOf(lane); !ok || !near(theory.Rate, test.rate, 1e-12) {
			t.Errorf("step %d: rate %g, want %g", test.step, theory.Rate, test.rate)
		}
	}
	for _, lane := range []string{"gd:batch@5=8", "adamw:decay=0,decay@5=0.1"} {
		runner, lane := onlyLane(t, "regression", lane)
		for step, want := range map[int]bool{4: true, 5: false} {
			runner.Seek(step)
			if _, ok := race.TheoryOf(lane); ok != want {
				t.Errorf("step %d: theory %t, want %t", step, ok, want)
			}
			if _, ok := race.TheoryThroughout(lane); ok {
				t.Errorf("%s: theory throughout, at step %d", lane.Spec(), step)
			}
		}
	}
	_, lane = onlyLane(t, "regression", "gd:eta=1e-6,eta@5=1e-7")
	if _, ok := race.TheoryThroughout(lane); !ok {
		t.Error("no theory throughout for another η")
	}
}

// TestBestValues: no constant values of a fine grid do better than the theory's
// best, whose rate is what the theory says.
func TestBestValues(t *testing.T) {
	for _, kappa := range []float64{1, 1.1, 2, 25, 133, 1000} {
		problem := fmt.Sprintf("ravine:kappa=%g", kappa)
		for _, rule := range []string{"gd", "momentum", "nag"} {
			theory := theoryOf(t, problem, rule)
			gamma := theory.BestGamma
			if rule == "gd" {
				gamma = 0
			}
			// At a double root the rate moves with the square root of a rounding error.
			if got := radius(rule, theory.BestEta, gamma, 1, kappa); math.Abs(got-theory.BestRate) > 1e-7 {
				t.Errorf("%s, κ = %g: rate %g, want %g", rule, kappa, got, theory.BestRate)
			}
			if eta, gamma, best := bestOfGrid(rule, kappa, theory.BestEta, gamma); best < theory.BestRate-1e-9 {
				t.Errorf("%s, κ = %g: η = %g, γ = %g has rate %.9g, the theory's best %.9g", rule, kappa, eta, gamma, best, theory.BestRate)
			}
		}
	}
}

// bestOfGrid looks over the whole plane of values, and closely around a point.
func bestOfGrid(rule string, kappa, nearEta, nearGamma float64) (eta, gamma, best float64) {
	best = math.Inf(1)
	try := func(e, g float64) {
		if g < 0 || g >= 1 {
			return
		}
		if r := radius(rule, e, g, 1, (1+kappa)/2, kappa); r < best {
			eta, gamma, best = e, g, r
		}
	}
	const cells = 300
	for i := range cells {
		for j := range cells {
			x, y := float64(i)/cells, float64(j)/cells
			try(4*x/kappa, y)
			try(nearEta*(0.9+0.2*x), nearGamma+0.1*(y-0.5)*(1-nearGamma))
			try(nearEta*(0.999+0.002*x), nearGamma+0.001*(y-0.5)*(1-nearGamma))
		}
	}
	return eta, gamma, best
}

func TestBoundIsWhereTheRateIsOne(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		rule := rapid.SampledFrom([]string{"gd", "momentum", "nag"}).Draw(rt, "rule")
		problem, lane := drawTheorized(rt, rule, 1)
		theory := theoryOf(t, problem, lane)
		if theory.Bound == 0 || !near(theory.Rate, 1, 1e-9) {
			rt.Fatalf("%s on %s: rate %g at the bound %s", lane, problem, theory.Rate, theory.BoundText)
		}
	})
}

func BenchmarkTheoryOf(b *testing.B) {
	_, lane := onlyLane(b, "ravine", "nag")
	b.ReportAllocs()
	for b.Loop() {
		race.TheoryOf(lane)
	}
}
