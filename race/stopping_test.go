package race_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/floats"

	"ravine/problem"
	"ravine/race"
)

// On a round bowl, gd with η = ½ halves θ and the gradient, which is θ, at each
// step, without rounding. At the problem's own start, (−10, 1), it is √101.
func TestConverged(t *testing.T) {
	tests := []struct {
		name  string
		start []float64
		tol   float64
		step  int
		want  race.Status
	}{
		{"just above it", []float64{-8, 6}, 0.2488, 2, race.Converged},
		{"just below it", []float64{-8, 6}, 0.2487, 3, race.Converged},
		{"from afar", []float64{-8192, 6144}, 0.2488, 12, race.Converged},
		{"from nearby", []float64{0.5, 0}, 0.02488, 1, race.Converged},
		{"at the start", []float64{0.5, 0}, 0.2488, 0, race.Converged},
		{"start at the optimum", []float64{0, 0}, 1e-9, 0, race.Converged},
		{"start at the optimum, never to stop", []float64{0, 0}, 0, 5000, race.Running},
		{"never to stop", []float64{-8, 6}, 0, 5000, race.Running},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := raceOn(t, "ravine:kappa=1", "gd:eta=0.5", "adam")
			r.Start, r.Tol = test.start, test.tol
			runner := newRunner(t, r)
			runner.Advance(5000)
			lane := runner.Lanes()[0]
			if lane.Step() != test.step || lane.Status() != test.want {
				t.Errorf("%s at step %d, want %s at %d", lane.Status(), lane.Step(), test.want, test.step)
			}
			if runner.Step() != 5000 {
				t.Errorf("the race is at step %d", runner.Step())
			}
		})
	}
}

// TestVerdictIsOfThePointAlone starts from points near and far, and then a race
// at the point where a lane has stopped, and one at the point before: the first
// is over before it begins, and the other is not.
func TestVerdictIsOfThePointAlone(t *testing.T) {
	problems := []string{"ravine:kappa=100,angle=30", "regression", "sparse:n=50,features=3,reduce=mean", "rosenbrock", "beale",
		"himmelblau", "saddle", "rastrigin", "neuron"}
	random := rand.New(rand.NewPCG(3, 3))
	stopped := map[string]int{}
	for k := range 6 * len(problems) {
		problem := problems[k%len(problems)]
		r := raceOn(t, problem, "adam", "adam:eta=0.5", "adagrad:eta=10")
		r.Tol, r.RandomStart, r.Seed = 1e-4, true, uint64(k+1)
		runner := newRunner(t, r)
		r.Start, r.RandomStart, r.Seed = slices.Clone(runner.Start()), false, race.DefaultSeed
		for i := range r.Start {
			r.Start[i] *= math.Pow(10, 3*random.Float64()-1)
		}
		runner = newRunner(t, r)
		for i := range runner.Lanes() {
			runner.Seek(6000)
			lane := runner.Lanes()[i]
			if lane.Status() == race.Running || lane.Status() == race.Diverged || lane.Step() == 0 {
				continue
			}
			stopped[problem]++
			end, status := slices.Clone(lane.Theta()), lane.Status()
			runner.Seek(lane.Step() - 1)
			before := slices.Clone(lane.Theta())
			there := r
			there.Start = end
			if again := newRunner(t, there).Lanes()[0]; again.Status() != status {
				t.Errorf("%s from %v: %s at %v, and %s for who starts there", problem, r.Start, status, end, again.Status())
			}
			there.Start = before
			if again := newRunner(t, there).Lanes()[0]; again.Status() != race.Running {
				t.Errorf("%s from %v: went on from %v, where a start is %s", problem, r.Start, before, again.Status())
			}
		}
	}
	for _, problem := range problems {
		if stopped[problem] < 2 {
			t.Errorf("%s: only %d lanes stopped", problem, stopped[problem])
		}
	}
}

// TestFarStartsEndAtAnOptimum are races that ended far from any minimum when the
// tolerance was relative to their start.
func TestFarStartsEndAtAnOptimum(t *testing.T) {
	for _, test := range []struct {
		problem, lane string
		start         []float64
	}{
		{"himmelblau", "adam:eta=10", []float64{1e4, 1e4}},
		{"rosenbrock", "adam:eta=0.5", []float64{100, 100}},
		{"himmelblau", "adam", []float64{1000, 1000}},
		{"ravine:kappa=1e12", "adam", nil}, // gradients across that hide those along
		{"regression:slope=2e-6,intercept=2.5e-5,noise=1e-7", "gd", nil},
	} {
		r := raceOn(t, test.problem, test.lane)
		r.Start, r.Tol = test.start, race.DefaultTol
		runner := newRunner(t, r)
		runner.Advance(100_000)
		lane, optima := runner.Lanes()[0], runner.Problem().Optima()
		nearest := math.Inf(1)
		for _, optimum := range optima {
			nearest = min(nearest, distance(lane.Theta(), optimum.Theta)/max(1e-6, floats.Norm(optimum.Theta, 2)))
		}
		if lane.Status() != race.Converged || nearest > 1e-5 {
			t.Errorf("%s from %v: %s at %v with loss %g", test.problem, test.start, lane.Status(), lane.Theta(), lane.Loss())
		}
	}
}

// TestWhereALaneStops is on points without a slope, of which only some are optima.
func TestWhereALaneStops(t *testing.T) {
	tests := []struct {
		problem, lane string
		start         []float64
		tol           float64
		want          race.Status
		above         float64
	}{
		{"saddle", "gd", []float64{1, 0}, 1e-9, race.Saddle, 0.25},
		{"saddle", "adam", []float64{1, 0}, 1e-3, race.Saddle, 0.25},
		{"saddle", "gd", []float64{1, 1e-3}, 1e-9, race.Converged, 0},
		{"saddle", "gd", []float64{1, -1e-3}, 1e-9, race.Converged, 0},
		{"saddle", "gd", []float64{1, -1e-3}, 1e-300, race.Converged, 0}, // as far as rounding
		{"rastrigin", "gd", []float64{4, 1}, 1e-9, race.LocalMinimum, 16.914},
		{"rastrigin", "gd", []float64{0.1, -0.2}, 1e-9, race.Converged, 0},
		{"himmelblau", "gd", []float64{-4, 4}, 1e-9, race.Converged, 0},
		{"himmelblau", "gd", []float64{-4, -4}, 1e-9, race.Converged, 0},
		{"himmelblau", "gd", []float64{4, -4}, 1e-9, race.Converged, 0},
		{"himmelblau", "gd", []float64{-4, -4}, 1e-300, race.Converged, 0},
		{"himmelblau", "gd", []float64{-0.270844590667, -0.923038522063}, 1e-6, race.Maximum, 181.617},
		{"himmelblau", "gd", []float64{0.0866775, 2.8842547}, 1e-6, race.Saddle, 67.719},
		{"beale", "gd", []float64{0, 1}, 1e-9, race.Saddle, 14.203},
		{"neuron", "gd", []float64{-1000, 1e5}, 1e-9, race.Plateau, 101.101},
		{"neuron", "adam", []float64{-30, 30}, 1e-9, race.Plateau, 101.101},
		{"neuron", "adam", []float64{1, 0}, 1e-9, race.Converged, 0},
		{"neuron:n=39", "adam", nil, 1e-300, race.Converged, 0},                        // as far as the loss has digits
		{"regression:slope=0,intercept=0,noise=0", "gd", nil, 1e-9, race.Converged, 0}, // no gradient at θ = 0
		{"regression:slope=21e-165,intercept=25e-164,noise=1e-165", "gd", []float64{0, 0}, 1e-9, race.Converged, 0},
		{"sparse:n=4", "gd", nil, 1e-9, race.Converged, 0}, // flat along what the data leave open
		{"ravine:kappa=1e-9", "gd", []float64{0, 1}, 0.1, race.Converged, 0},
	}
	for _, test := range tests {
		r := raceOn(t, test.problem, test.lane)
		r.Start, r.Tol = test.start, test.tol
		runner := newRunner(t, r)
		runner.Advance(20_000)
		lane := runner.Lanes()[0]
		if lane.Status() != test.want || math.Abs(lane.AboveBest()-test.above) > 1e-3*max(1, test.above) {
			t.Errorf("%s on %s from %v: %s, %g above the best; want %s, %g", test.lane, test.problem, test.start,
				lane.Status(), lane.AboveBest(), test.want, test.above)
		}
	}
}

// TestNoGradientOfItsOwn: targets of 0 are fitted at the problem's own start, so it
// has no gradient there; from elsewhere it is a race like others.
func TestNoGradientOfItsOwn(t *testing.T) {
	file := filepath.Join(t.TempDir(), "zeros.csv")
	if err := os.WriteFile(file, []byte("a,b,y\n1,2,0\n2,-1,0\n-3,1,0\n0,4,0\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	r := raceOn(t, "regression:file="+file, "gd")
	r.Start, r.Tol = []float64{5, 6, 7}, race.DefaultTol
	runner := newRunner(t, r)
	runner.Advance(200)
	if lane := runner.Lanes()[0]; lane.Status() != race.Converged || floats.Norm(lane.Theta(), 2) > 1e-6 || lane.Loss() == 0 {
		t.Errorf("%s at step %d with loss %g", lane.Status(), lane.Step(), lane.Loss())
	}
}

// TestASaddleIsNoSuccess: for tuning, stopping there in one step is no better
// than reaching the optimum in many. The first start is so far away that its loss
// makes all others look alike.
func TestASaddleIsNoSuccess(t *testing.T) {
	r := raceOn(t, "saddle", "momentum")
	r.Start, r.Tol = []float64{1e4, 1e-10}, race.DefaultTol
	p := built(t, r)
	best := tuned(t, p, r, 300, 30_000).Best()
	if got := outcome(t, p, r, best, 300); got.Status != race.Converged || got.Loss > -0.2499 {
		t.Errorf("momentum is tuned to %s: %+v", best, got)
	}
	sweep, err := race.NewSweep(p, r, laneSpec(t, "gd"), []race.Axis{{Key: "eta", From: 0.6, To: 1, Count: 2}}, race.Trial{Steps: 300, Starts: 1})
	if err != nil {
		t.Fatal(err)
	}
	cells := make([]race.Cell, 2)
	sweep.Compute(context.Background(), []int{0, 1}, cells)
	if cells[0].Status != race.Converged || cells[1].Status != race.Saddle || cells[1].Steps != 1 {
		t.Errorf("the sweep has %+v", cells)
	}
}

// TestKinkIsNoRounding: beside the minimum of |x − 0.3| + |y − 7| the gradient is as large as
// anywhere, which is no limit of rounding, and no lane has converged there.
func TestKinkIsNoRounding(t *testing.T) {
	r := raceOn(t, "formula:J=|x-0.3|+|y-7|", "gd", "adam")
	r.Tol = race.DefaultTol
	runner := newRunner(t, r)
	runner.Advance(2000)
	for _, lane := range runner.Lanes() {
		if lane.Status() != race.Running {
			t.Errorf("%s: %s at step %d", lane.Spec(), lane.Status(), lane.Step())
		}
	}
}

// TestVerdictInEveryUnit: a straight line through data in another unit is the
// same race in that unit, so it ends the same way at the same step.
func TestVerdictInEveryUnit(t *testing.T) {
	for _, lane := range []string{"gd:eta=1.8e-5", "nag:eta=1e-5", "gd:eta=3e-5"} {
		want := ""
		for _, exponent := range []int{0, -20, 20, -25, 25} {
			unit := math.Ldexp(1, exponent)
			r := raceOn(t, fmt.Sprintf("regression:slope=%v,intercept=%v,noise=%v", 2*unit, 25*unit, unit/2), lane)
			r.Tol, r.Start = race.DefaultTol, []float64{0, 100 * unit}
			runner := newRunner(t, r)
			runner.Advance(5000)
			l := runner.Lanes()[0]
			got := fmt.Sprint(l.Status(), " at step ", l.Step())
			if want == "" {
				want = got
			}
			if got != want || l.Status() == race.Running {
				t.Errorf("%s, data in units of %g: %s, want %s", lane, 1/unit, got, want)
			}
		}
	}
}

// TestDivergedByLoss: η = 3 doubles θ at each step, so the loss grows by 4.
func TestDivergedByLoss(t *testing.T) {
	tests := []struct {
		start []float64
		step  int
	}{
		{[]float64{-80, 60}, 20}, // 4¹⁹ < 1e12 < 4²⁰
		{[]float64{0.5, 0}, 25},  // 4²⁴/8 < 1e12·50.5 < 4²⁵/8: the problem's own start is the farther
	}
	for _, test := range tests {
		r := raceOn(t, "ravine:kappa=1", "gd:eta=3", "gd:eta=0.1")
		r.Start = test.start
		runner := newRunner(t, r)
		runner.Advance(100)
		lane := runner.Lanes()[0]
		start := (test.start[0]*test.start[0] + test.start[1]*test.start[1]) / 2
		if want := math.Ldexp(start, 2*test.step); lane.Status() != race.Diverged || lane.Step() != test.step || lane.Loss() != want {
			t.Errorf("from %v: %s at step %d with loss %g; want diverged at %d with %g",
				test.start, lane.Status(), lane.Step(), lane.Loss(), test.step, want)
		}
		if other := runner.Lanes()[1]; other.Step() != 100 || other.Status() != race.Running {
			t.Errorf("the other lane is %s at step %d", other.Status(), other.Step())
		}
	}
}

// TestDivergedReverts: where an update would be non-finite, the lane
// stays where it was before.
func TestDivergedReverts(t *testing.T) {
	tests := []struct{ name, problem, lane string }{
		{"loss", "rosenbrock", "gd:eta=1e100"},
		{"theta", "ravine", "gd:eta=1.7e308"},
		{"momentum", "beale", "momentum:eta=1e40"},
		{"look-ahead", "himmelblau", "nag:eta=1e100"},
		{"sampled", "regression:n=50", "sgd:eta=1e160"},
		{"retuned", "saddle", "gd:eta=0.1,eta@7=1e150"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			runner := newRunner(t, raceOn(t, test.problem, test.lane))
			lane := runner.Lanes()[0]
			before := slices.Clone(lane.Theta())
			for range 50 {
				runner.Advance(1)
				if lane.Status() == race.Diverged {
					break
				}
				copy(before, lane.Theta())
			}
			if lane.Status() != race.Diverged {
				t.Fatalf("%s at step %d", lane.Status(), lane.Step())
			}
			if lane.Step() != runner.Step()-1 || !slices.Equal(lane.Theta(), before) {
				t.Errorf("diverged at step %d of %d, θ %v; want the one before, %v", lane.Step(), runner.Step(), lane.Theta(), before)
			}
			if loss := runner.Problem().Loss(lane.Theta()); lane.Loss() != loss || math.IsInf(loss, 0) || math.IsNaN(loss) {
				t.Errorf("loss %g, at θ it is %g", lane.Loss(), loss)
			}
			if last := lane.History().Point(lane.History().Len() - 1); last.Step != lane.Step() {
				t.Errorf("the history ends at step %d, the lane at %d", last.Step, lane.Step())
			}
		})
	}
}

// TestSampledLanesAreTestedOnceAnEpoch finds seeds for which the gradient is
// small enough in mid-epoch; the lane must go on to the end of an epoch where
// it is.
func TestSampledLanesAreTestedOnceAnEpoch(t *testing.T) {
	const perEpoch = 4 // updates, of 10 examples by 3
	told := 0
	for seed := range uint64(20) {
		r := raceOn(t, "regression:n=10,noise=2", "adam:batch=3,eta=0.5")
		r.Seed = seed
		free := newRunner(t, r)
		limit := 0.002 * ownGradient(t, free.Problem())
		early, want := 0, 0
		for want == 0 && free.Step() < 2000 {
			free.Advance(1)
			if free.Lanes()[0].GradientNorm() > limit {
				continue
			}
			if early == 0 {
				early = free.Step()
			}
			if free.Step()%perEpoch == 0 {
				want = free.Step()
			}
		}
		r.Tol = 0.002
		runner := newRunner(t, r)
		runner.Advance(2000)
		lane := runner.Lanes()[0]
		if want > 0 && (lane.Status() != race.Converged || lane.Step() != want) {
			t.Errorf("seed %d: %s at step %d, want converged at %d", seed, lane.Status(), lane.Step(), want)
		}
		if want > 0 && early < want {
			told++
		}
	}
	if told < 5 {
		t.Errorf("only %d seeds tell a test an epoch from a test a step", told)
	}
}

// ownGradient is the gradient of a linear fit that predicts 0.
func ownGradient(t *testing.T, p problem.Problem) float64 {
	t.Helper()
	gradient := make([]float64, p.Dim())
	p.Evaluate(gradient, make([]float64, p.Dim()))
	return floats.Norm(gradient, 2)
}

func TestRunningAndLimit(t *testing.T) {
	r := raceOn(t, "ravine:kappa=1", "gd:eta=0.5", "gd:eta=3")
	r.Tol, r.Steps = 1e-3, 30
	runner := newRunner(t, r)
	for _, test := range []struct {
		step             int
		running, atLimit bool
	}{{0, true, false}, {10, true, false}, {19, true, false}, {20, false, false}, {30, false, true}} {
		runner.Seek(test.step)
		if runner.Running() != test.running || runner.AtLimit() != test.atLimit {
			t.Errorf("step %d: running %t, at the limit %t", test.step, runner.Running(), runner.AtLimit())
		}
	}
}

// TestGradientWhereALaneStopped checks that a lane whose update would be
// non-finite shows the gradient of the point where it stays.
func TestGradientWhereALaneStopped(t *testing.T) {
	for _, name := range []string{"ravine", "rosenbrock", "himmelblau"} {
		runner := newRunner(t, raceOn(t, name, "gd:eta=1e300"))
		runner.Seek(5)
		lane := runner.Lanes()[0]
		gradient := make([]float64, 2)
		runner.Problem().Evaluate(gradient, lane.Theta())
		if want := math.Hypot(gradient[0], gradient[1]); lane.Status() != race.Diverged || math.Abs(lane.GradientNorm()-want) > 1e-9*want {
			t.Errorf("%s: %v, ‖∇J‖ = %v, want %v", name, lane.Status(), lane.GradientNorm(), want)
		}
	}
}

// TestGradientTooLongForANumber starts where every part of ∇J is finite and its
// norm is not: no tolerance could be measured by it.
func TestGradientTooLongForANumber(t *testing.T) {
	r := raceOn(t, "rosenbrock:b=4e307", "gd:eta=1e-310")
	r.Start = []float64{1, 2.07}
	if _, err := race.New(r); err == nil || !strings.Contains(err.Error(), "not finite there") {
		t.Errorf("starts with %v", err)
	}
}

// Without a known minimum a lane goes on until its loss has fallen without end, is
// non-finite or stationary, and nothing is said of how far above the best it is.
func TestWithoutMinimum(t *testing.T) {
	for _, test := range []struct {
		problem, lane string
		want          race.Status
		reason        string
	}{
		{"formula:J=x*y,start=[1,2]", "gd:eta=0.5", race.Diverged, "the loss falls without end"},
		{"formula:J=x*y,start=[1,1]", "gd:eta=0.5", race.Saddle, "is within the tolerance"},
		{"formula:J=x-exp(y),start=[1,1]", "gd:eta=0.5", race.Diverged, "the next step would be non-finite"},
		{"formula:J=x-y,start=[1,1]", "adam:eta=0.01", race.Running, ""},
	} {
		value := raceOn(t, test.problem, test.lane)
		value.Tol = 1e-9
		runner := newRunner(t, value)
		runner.Advance(500)
		lane := runner.Lanes()[0]
		if lane.Status() != test.want || !strings.Contains(lane.Reason(), test.reason) || !math.IsNaN(lane.AboveBest()) {
			t.Errorf("%s, %s: %v, %q, %v above the best; want %v, %q", test.problem, test.lane, lane.Status(), lane.Reason(), lane.AboveBest(), test.want, test.reason)
		}
		if hint, ok := race.Advise(lane); ok && lane.Status() != race.Diverged {
			t.Errorf("%s, %s: %q is advised", test.problem, test.lane, hint.Text)
		}
	}
}
