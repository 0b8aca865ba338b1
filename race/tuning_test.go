package race_test

import (
	"context"
	"math"
	"runtime"
	"strings"
	"testing"

	"ravine/optim"
	"ravine/param"
	"ravine/problem"
	"ravine/race"
)

// tuned tunes the race's first lane to the end.
func tuned(t testing.TB, p problem.Problem, r race.Race, steps, budget int) *race.Tuning {
	t.Helper()
	tuning, err := race.NewTuning(p, r, r.Lanes[0], race.Trial{Steps: steps, Starts: 1}, budget)
	if err != nil {
		t.Fatal(err)
	}
	tuning.Advance(context.Background(), budget)
	if spent, of := tuning.Spent(); !tuning.Done() || spent > budget || of != budget {
		t.Fatalf("done %t, spent %d of %d; the budget was %d", tuning.Done(), spent, of, budget)
	}
	return tuning
}

// outcome runs one lane alone. A run that leaves the region has gained nothing.
func outcome(t testing.TB, p problem.Problem, r race.Race, lane race.LaneSpec, steps int) race.Cell {
	t.Helper()
	r.Lanes, r.Steps = []race.LaneSpec{lane}, 0
	runner, err := race.NewOn(p, r)
	if err != nil {
		t.Fatal(err)
	}
	runner.Seek(steps)
	l := runner.Lanes()[0]
	cell := race.Cell{Loss: l.Loss(), Status: l.Status(), Steps: l.Step()}
	for n := range l.History().Len() {
		for i, side := range race.Region(p, runner.Start()) {
			x := l.History().Theta(n)[i]
			cell.Outside = cell.Outside || x < side.Low || x > side.High
		}
	}
	if cell.Outside {
		cell.Loss, cell.Status = math.Max(cell.Loss, p.Loss(runner.Start())), race.Running
	}
	return cell
}

// fragile reports whether a twentieth more or less of a value is much worse.
func fragile(t testing.TB, p problem.Problem, r race.Race, lane race.LaneSpec, steps int) bool {
	t.Helper()
	r.Lanes = []race.LaneSpec{lane}
	runner, err := race.NewOn(p, r)
	if err != nil {
		t.Fatal(err)
	}
	hyper, cell := runner.Lanes()[0].Hyper(), outcome(t, p, r, lane, steps)
	best, start := p.Optima()[0].Loss, p.Loss(runner.Start())
	for _, by := range []float64{1 / 1.05, 1.05} {
		neighbors := []race.LaneSpec{lane.With(race.Setting{Key: "eta", Value: hyper.Eta * by})}
		for key, value := range map[string]float64{"gamma": hyper.Gamma, "beta1": hyper.Beta1} {
			if _, ok := param.Find(runner.Lanes()[0].Parameters(), key); ok {
				neighbors = append(neighbors, lane.With(race.Setting{Key: key, Value: math.Max(0, 1-(1-value)*by)}))
			}
		}
		for _, neighbor := range neighbors {
			beside := outcome(t, p, r, neighbor, steps)
			if beside.Status == race.Diverged || beside.Loss-best > 5*(cell.Loss-best)+5e-4*(start-best) {
				return true
			}
		}
	}
	return false
}

// TestTuningNeverMakesWorse: on problems of every kind, with rules of every kind,
// from values of every kind, but for such as are fragile.
func TestTuningNeverMakesWorse(t *testing.T) {
	const steps = 120
	better := 0
	for _, name := range []string{"ravine:angle=30", "rosenbrock", "rastrigin", "saddle", "regression:n=60", "neuron:n=20", "sparse:n=30,features=3"} {
		lanes := append(allLanes(""), allLanes(":eta=0")...)
		lanes = append(lanes, allLanes(":eta=1e5")...)
		lanes = append(lanes, "gd:eta=1e-9,eta@10=0.002", "nag:gamma=0", "adam:eta@5=1e300", "lion:beta1=0.9999,eta=3")
		r := raceOn(t, name, lanes...)
		p := built(t, r)
		r.Tol = 1e-6
		for _, lane := range r.Lanes {
			r.Lanes = []race.LaneSpec{lane}
			for _, budget := range []int{steps, 7 * steps, 60*steps + 1} {
				before := outcome(t, p, r, lane, steps)
				best := tuned(t, p, r, steps, budget).Best()
				after := outcome(t, p, r, best, steps)
				if worse(before, after, p.Loss(p.Start())) && !fragile(t, p, r, lane, steps) {
					t.Errorf("%s: %s %+v is tuned to %s %+v", name, lane, before, best, after)
				}
				if after.Loss < before.Loss/2 || before.Status == race.Diverged && after.Status != race.Diverged {
					better++
				}
				if budget == steps && best.String() != lane.String() {
					t.Errorf("%s: one run has tuned %s to %s", name, lane, best)
				}
			}
		}
	}
	if better < 200 {
		t.Errorf("only %d lanes are better", better)
	}
}

// worse says what may not be: diverged where it did not, a higher loss, or more
// steps to the tolerance at the same minimum.
func worse(before, after race.Cell, start float64) bool {
	same := math.Abs(after.Loss-before.Loss) <= 2e-6*math.Max(1, math.Abs(start))
	switch {
	case before.Status == race.Diverged:
		return false
	case after.Status == race.Diverged:
		return true
	case before.Status == race.Converged && same:
		return after.Status != race.Converged || after.Steps > before.Steps
	case after.Status == race.Converged && same:
		return false
	}
	return after.Loss > before.Loss
}

// TestTuningFindsTheBestEta: in the long run gd's loss shrinks by
// max(|1−ηλmin|, |1−ηλmax|)² a step, which is least at η = 2/(λmin+λmax).
func TestTuningFindsTheBestEta(t *testing.T) {
	for _, kappa := range []float64{4, 25, 100} {
		for _, tol := range []float64{0, 1e-9} {
			r := raceOn(t, "ravine:angle=20,kappa="+param.Format(kappa), "gd:eta=1e-4")
			r.Tol = tol
			const steps = 60
			want := 2 / (1 + kappa)
			best := tuned(t, built(t, r), r, steps*int(kappa), 100*steps*int(kappa)).Best()
			got, _ := best.Value("eta")
			t.Logf("κ = %g, tol = %g: η = %g, theory %.3g", kappa, tol, got, want)
			if math.Abs(got-want) > 0.1*want {
				t.Errorf("κ = %g, tol = %g: η = %g, want %.3g", kappa, tol, got, want)
			}
		}
	}
}

// TestTuningKeys: η alone, or with the weight that the rule has; the rest of the
// lane stays, and edits of what is tuned go.
func TestTuningKeys(t *testing.T) {
	for lane, keys := range map[string]string{
		"gd:eta=1e-3":                             "eta",
		"adagrad:eta=1e-3,eps=1e-4,eta@5=1e-5":    "eta eps",
		"momentum:eta=1e-3":                       "eta gamma",
		"nag:eta=1e-3,gamma=0.1,gamma@3=0.2":      "eta gamma",
		"rmsprop:eta=1e-3":                        "eta gamma",
		"adadelta:eta=1e-3":                       "eta gamma",
		"adam:eta=1e-3,beta2=0.99,beta2@7=0.9":    "eta beta2 beta2@7 beta1",
		"lion:eta=1e-3":                           "eta beta1",
		"adamw:eta=1e-3,decay=0.001,beta1@3=0.99": "eta decay beta1",
	} {
		r := raceOn(t, "ravine", lane)
		best := tuned(t, built(t, r), r, 100, 30_000).Best()
		var got []string
		for _, setting := range best.Settings {
			name, _, _ := strings.Cut(setting.String(), "=")
			got = append(got, name)
			if setting.Key == "eta" {
				checkDigits(t, lane, setting, setting.Value)
			} else if setting.Key == "gamma" || setting.Key == "beta1" {
				checkDigits(t, lane, setting, 1-setting.Value)
			}
		}
		if strings.Join(got, " ") != keys {
			t.Errorf("%s is tuned to %s; want values of %s", lane, best, keys)
		}
	}
}

// checkDigits: at most three significant ones.
func checkDigits(t *testing.T, lane string, setting race.Setting, x float64) {
	t.Helper()
	power := math.Pow(10, 2-math.Floor(math.Log10(x)+1e-9))
	if off := math.Abs(x*power - math.Round(x*power)); off > 1e-6 {
		t.Errorf("%s: %s has more than three digits", lane, setting)
	}
}

// TestTuningIsTheSame on any number of cores, in whatever portions it is
// advanced, and when a portion is cut short.
func TestTuningIsTheSame(t *testing.T) {
	const steps, budget = 50, 6021
	r := raceOn(t, "regression:n=40", "momentum:batch=8")
	p := built(t, r)
	procs(t, 1)
	want := tuned(t, p, r, steps, budget)
	wantSpent, _ := want.Spent()
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	for _, cores := range []int{1, 2, 5} {
		for _, portion := range []int{1, 333, budget, math.MaxInt} {
			runtime.GOMAXPROCS(cores)
			tuning, err := race.NewTuning(p, r, r.Lanes[0], race.Trial{Steps: steps, Starts: 1}, budget)
			if err != nil {
				t.Fatal(err)
			}
			for calls := 0; !tuning.Done() && calls <= budget; calls++ {
				before, _ := tuning.Spent()
				tuning.Advance(cancelled, portion)
				if after, _ := tuning.Spent(); after != before {
					t.Fatalf("%d evaluations spent after the end", after-before)
				}
				tuning.Advance(context.Background(), portion)
				if after, _ := tuning.Spent(); portion < budget && after-before >= portion+steps {
					t.Fatalf("%d evaluations spent; wanted about %d", after-before, portion)
				}
			}
			if spent, _ := tuning.Spent(); !tuning.Done() || spent != wantSpent || tuning.Best().String() != want.Best().String() {
				t.Errorf("%d cores, %d at a time: %s after %d evaluations; want %s after %d",
					cores, portion, tuning.Best(), spent, want.Best(), wantSpent)
			}
		}
	}
}

// counting counts a problem's evaluations.
type counting struct {
	problem.Problem
	count int
}

func (c *counting) Evaluate(gradient, theta []float64) float64 {
	c.count++
	return c.Problem.Evaluate(gradient, theta)
}

// TestTuningBudget: what is said to be spent is, and it is not more than the
// budget, and not much less while there is something to refine.
func TestTuningBudget(t *testing.T) {
	procs(t, 1) // for the counter
	for _, test := range []struct {
		lane          string
		steps, budget int
	}{
		{"gd", 100, 100}, {"gd", 100, 199}, {"gd", 100, 200}, {"gd", 100, 1050}, {"adam", 100, 950}, {"adam", 30, 5000},
		{"nag", 1, 1}, {"nag", 1, 40}, {"lion", 7, 500},
	} {
		r := raceOn(t, "ravine", test.lane)
		p := &counting{Problem: built(t, r)}
		tuning := tuned(t, p, r, test.steps, test.budget)
		spent, _ := tuning.Spent()
		if spent > test.budget || spent > p.count {
			t.Errorf("%+v: spent %d, evaluated %d times", test, spent, p.count)
		}
		if test.budget-spent >= 2*test.steps && test.budget < 40*test.steps { // a run is kept for a neighbour of the last best

			t.Errorf("%+v: stopped after %d", test, spent)
		}
	}
	// A budget that it cannot use up: the spacing becomes fine enough.
	r := raceOn(t, "ravine", "gd")
	if spent, _ := tuned(t, built(t, r), r, 10, 10_000_000).Spent(); spent > 100_000 {
		t.Errorf("%d evaluations spent", spent)
	}
}

// withGamma is a lane that cannot be: gradient descent has no γ.
var withGamma = race.LaneSpec{Rule: "gd", Settings: []race.Setting{{Key: "gamma", Value: 1}}}

func TestTuningErrors(t *testing.T) {
	r := raceOn(t, "ravine")
	if _, err := race.NewTuning(built(t, r), r, withGamma, race.Trial{Steps: 10, Starts: 1}, 100); err == nil || !strings.Contains(err.Error(), "gamma") {
		t.Errorf("γ of GD: %v", err)
	}
	tests := []struct {
		lane          string
		steps, budget int
		says          string
	}{
		{"gd", 0, 100, "0 steps; want steps ≥ 1"},
		{"gd", 100, 99, "99 gradient evaluations are too few"},
		{"gd", 100, -1, "-1 gradient evaluations are too few"},
		{"gd:batch=5", 10, 100, "no data"},
	}
	for _, test := range tests {
		r := raceOn(t, "ravine")
		_, err := race.NewTuning(built(t, r), r, laneSpec(t, test.lane), race.Trial{Steps: test.steps, Starts: 1}, test.budget)
		if err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%+v: %v", test, err)
		}
	}
}

// TestTunedIsSensible: with every rule, in both conventions, what tuning finds
// stays in the picture from the race's own start, is not fragile, and remembers no
// longer than the runs are. In 23 steps RMSprop once was at η = 68300.
func TestTunedIsSensible(t *testing.T) {
	for _, name := range []string{"ravine", "rosenbrock", "himmelblau", "saddle", "regression:n=40", "sparse:n=30,features=3"} {
		for _, rules := range []optim.Convention{optim.Slides, optim.Papers} {
			for _, steps := range []int{23, 100} {
				r := raceOn(t, name, allLanes("")...)
				r.Rules = rules
				p := built(t, r)
				for _, lane := range r.Lanes {
					r.Lanes = []race.LaneSpec{lane}
					tuning, err := race.NewTuning(p, r, lane, race.Trial{Steps: steps, Starts: race.DefaultStarts}, 150*steps*race.DefaultStarts)
					if err != nil {
						t.Fatal(err)
					}
					tuning.Advance(t.Context(), math.MaxInt)
					best := tuning.Best()
					if got := outcome(t, p, r, best, steps); got.Outside || got.Status == race.Diverged {
						t.Errorf("%s, %s, %d steps: %s: %+v", name, rules, steps, best, got)
					}
					if gamma, _ := best.Value("gamma"); gamma > 1-0.99/float64(steps) {
						t.Errorf("%s, %s, %d steps: %s remembers longer than it runs", name, rules, steps, best)
					}
					if tuning.Fragile() {
						t.Errorf("%s, %s, %d steps: %s is fragile", name, rules, steps, best)
					}
				}
			}
		}
	}
}

// TestTuningChecksTheLastBest: where the budget ends, a part of it has been kept to
// see whether the best is fragile.
func TestTuningChecksTheLastBest(t *testing.T) {
	r := raceOn(t, "ravine:kappa=100", "gd:eta=1e-4")
	p := built(t, r)
	const steps = 60
	for settings := 16; settings < 60; settings++ {
		best := tuned(t, p, r, steps, settings*steps).Best()
		if eta, _ := best.Value("eta"); 1.05*eta >= 2.0/100 {
			t.Errorf("of %d settings %s is the best; beside it gd diverges", settings, best)
		}
	}
}

// TestTuningBesideFragile: the best of the coarse grid is fragile, and beside it is
// one that is not and nearly as good.
func TestTuningBesideFragile(t *testing.T) {
	r := raceOn(t, "rosenbrock", "rmsprop")
	const steps = 300
	trial := race.Trial{Steps: steps, Starts: race.DefaultStarts}
	tuning, err := race.NewTuning(built(t, r), r, r.Lanes[0], trial, 500*steps*trial.Starts)
	if err != nil {
		t.Fatal(err)
	}
	tuning.Advance(t.Context(), math.MaxInt)
	if got := outcome(t, built(t, r), r, tuning.Best(), steps); got.Loss > 1e-2 || tuning.Fragile() {
		t.Errorf("tuned to %s: %+v, fragile %t", tuning.Best(), got, tuning.Fragile())
	}
}
