package race

import (
	"context"
	"fmt"
	"math"
	"slices"

	"ravine/optim"
	"ravine/param"
	"ravine/problem"
)

// TuningMethod says what a Tuning does, for the screen.
const TuningMethod = "coarse grid over six decades of η (× γ or β₁), then ever finer around the best; the middle of several starts counts"

const (
	tuningDigits = 3    // of what is found, so that it can be typed
	coarseLimit  = 4096 // settings of the coarse grid at most
	finestRatio  = 1.01 // of neighbours: as soon as they are nearer, tuning ends
)

// Tuning finds good values for one lane with a budget of gradient evaluations:
// η, and with it γ or β₁ where the lane's rule has one. A coarse grid, equally
// spaced on the keys' own scales, takes about half the budget. Then come the
// neighbours of the best, at a spacing that is halved whenever none of them is
// better, until it is below one percent or the budget is spent. The lane's own
// values are the first that are tried.
//
// A setting counts as a Trial says. One that diverged is the worst; then comes one
// that left the Region, then one with a higher loss; of those that reached the
// tolerance at one minimum, one that took more steps. A fragile one, beside which
// others are much worse, counts as the worst of these.
//
// What is found does not depend on the number of cores or on how Advance is
// called. A Tuning is not safe for concurrent use.
type Tuning struct {
	trials *batchRuns
	lane   LaneSpec
	starts int
	keys   []param.Parameter // that are tuned
	bounds [][2]float64      // positions beyond which a key is not taken
	apart  []float64         // spacing of positions, in the latest round
	budget int
	spent  int

	queue     []LaneSpec      // of the round under way
	queued    map[string]bool // specs that were queued at any time
	settings  []candidate     // that were tried
	checks    bool            // whether the round is of neighbours
	neighbors []candidate     // that were
	best      candidate
	center    string // spec around which the latest round was; empty in the first
	done      bool
}

// NewTuning prepares the tuning of a lane for runs as the trial says, whatever
// the race's own limit is; the race's lanes do not matter. budget is in gradient
// evaluations and at least one setting's. What is found takes the place of the
// lane's own values and of its edits of them in mid-run. p is the race's problem.
func NewTuning(p problem.Problem, race Race, lane LaneSpec, trial Trial, budget int) (*Tuning, error) {
	if trial.Steps < 1 {
		return nil, fmt.Errorf("tuning for %d steps; want steps ≥ 1", trial.Steps)
	}
	trials, err := newBatchRuns(p, race, lane, trial)
	if err != nil {
		return nil, err
	}
	if budget/trial.Steps < trial.Starts {
		return nil, fmt.Errorf("%d gradient evaluations are too few to tune with: %d of %d steps take %d",
			budget, trial.Starts, trial.Steps, trial.Starts*trial.Steps)
	}
	own, err := trials.lane(lane)
	if err != nil {
		return nil, err
	}
	if own.MainKey() == optim.Batch {
		return nil, fmt.Errorf("%s has no hyperparameter to tune", own.Optimizer().Title)
	}
	t := &Tuning{trials: trials, lane: lane, starts: trial.Starts, budget: budget, queued: map[string]bool{}}
	t.best = candidate{spec: lane}
	coarse := t.coarse(own)
	t.queue, t.queued[lane.String()] = []LaneSpec{lane}, true
	t.enqueue(coarse)
	return t, nil
}

// cost is what a setting takes at most.
func (t *Tuning) cost() int { return t.trials.steps * t.starts }

// coarse chooses the keys and returns the positions of the coarse grid.
func (t *Tuning) coarse(lane *Lane) [][]float64 {
	keys := []string{lane.MainKey()}
	for _, second := range []string{optim.Gamma, optim.Beta1} {
		if _, ok := param.Find(lane.Parameters(), second); ok && len(keys) == 1 && keys[0] != second {
			keys = append(keys, second)
		}
	}
	// The range of eta is twice as many decades as that of the second.
	settings := float64(min(t.budget/t.cost()/2, coarseLimit))
	counts := []int{max(3, int(settings))}
	if len(keys) == 2 {
		second := max(3, int(math.Sqrt(settings/2)))
		counts = []int{max(5, int(settings)/second), second}
	}
	positions := make([][]float64, len(keys))
	for i, key := range keys {
		parameter, _ := param.Find(lane.Parameters(), key)
		around := DefaultAxis(lane, key, counts[i])
		if key == optim.Eta { // what suits the rule, however far off the lane's own is
			around.From, around.To = decadesAround(lane.defaultEta())
		}
		low, high := position(parameter.Scale, around.From), position(parameter.Scale, around.To)
		bounds := [2]float64{-300, 300} // decades of η
		if parameter.Scale == param.LogComplement {
			high = min(high, math.Log10(float64(t.trials.steps))) // no memory is longer than the run
			bounds = [2]float64{0, high}
		}
		spacing := (high - low) / float64(counts[i]-1)
		for n := range counts[i] {
			positions[i] = append(positions[i], low+float64(n)*spacing)
		}
		t.keys, t.bounds, t.apart = append(t.keys, parameter), append(t.bounds, bounds), append(t.apart, spacing)
	}
	return positions
}

// enqueue makes settings of a grid of positions, from coarse to fine, but for
// those that were there before.
func (t *Tuning) enqueue(positions [][]float64) {
	columns := 1
	if len(positions) == 2 {
		columns = len(positions[1])
	}
	for _, index := range coarseToFine(len(positions[0]), columns) {
		places := []int{index / columns, index % columns}
		next := t.lane
		for i, key := range t.keys {
			at := min(max(t.bounds[i][0], positions[i][places[i]]), t.bounds[i][1])
			next = next.retuned(Setting{Key: key.Key, Value: valueAt(key.Scale, at, tuningDigits)})
		}
		if name := next.String(); !t.queued[name] {
			t.queued[name] = true
			t.queue = append(t.queue, next)
		}
	}
}

// look looks for the best so far; missing are neighbours that tell whether it is
// fragile and were not tried.
func (t *Tuning) look() (missing []LaneSpec) {
	slices.SortStableFunc(t.settings, func(a, b candidate) int { return t.trials.compare(a.cell, b.cell) })
	t.best, missing = t.trials.choose(t.settings, t.neighbors, t.keys)
	return missing
}

// next begins the next round: what is around the best, or when that is to be
// looked at more closely, and at last, whether it is fragile.
func (t *Tuning) next() {
	missing := t.look()
	last := t.affordable() <= t.reserve()
	closer := t.center == "" || t.center == t.best.spec.String()
	t.checks = len(missing) > 0 && (closer || last)
	switch {
	case t.checks:
		t.queue = missing
	case last:
		t.done = true
	default:
		t.refine(closer)
	}
}

// affordable is how many settings the rest of the budget is enough for.
func (t *Tuning) affordable() int { return (t.budget - t.spent) / t.cost() }

// reserve is how many are kept to see at last whether the best is fragile.
func (t *Tuning) reserve() int { return min(2*len(t.keys), t.budget/t.cost()/8) }

// refine queues what is around the best, at half the spacing if closer, and around
// what would be the best if it were not fragile: beside it may be what is not.
func (t *Tuning) refine(closer bool) {
	t.center, t.done = t.best.spec.String(), true
	for i := range t.apart {
		if closer {
			t.apart[i] /= 2
		}
		t.done = t.done && t.apart[i] < math.Log10(finestRatio)
	}
	if t.done {
		return
	}
	for _, center := range []candidate{t.best, t.settings[0]} {
		positions := make([][]float64, len(t.keys))
		for i, at := range center.at {
			positions[i] = []float64{at - t.apart[i], at, at + t.apart[i]}
		}
		t.enqueue(positions)
	}
}

// Advance spends about that many more evaluations, on all cores: whole settings,
// at least one, and never more than the budget. Settings that ctx cuts short are
// tried again by the next call.
func (t *Tuning) Advance(ctx context.Context, evaluations int) {
	until := t.spent + min(evaluations, t.budget-t.spent)
	for !t.done && t.spent < until && ctx.Err() == nil {
		affordable := t.affordable()
		if !t.checks {
			affordable -= t.reserve()
		}
		switch {
		case t.affordable() == 0:
			t.done = true
		case len(t.queue) == 0 || affordable <= 0:
			t.next()
		default:
			wanted := (until-t.spent-1)/t.cost() + 1
			t.try(ctx, min(wanted, affordable, len(t.queue)))
		}
	}
	t.done = t.done || t.spent == t.budget
	if t.done {
		t.look()
	}
}

// try tries the first n of the queue.
func (t *Tuning) try(ctx context.Context, n int) {
	cells, evaluations := make([]Cell, n), make([]int, n)
	trials := t.trials
	if t.checks {
		trials = trials.checks
	}
	done := trials.run(ctx, n,
		func(k int) LaneSpec { return t.queue[k] },
		func(k int, cell Cell, spent int) { cells[k], evaluations[k] = cell, spent })
	for k := range done {
		t.spent += evaluations[k]
		if s := t.trials.candidate(t.queue[k], t.keys, cells[k]); t.checks {
			t.neighbors = append(t.neighbors, s)
		} else {
			t.settings = append(t.settings, s)
		}
	}
	t.queue = t.queue[done:]
}

// Done reports whether the budget is spent or the spacing fine enough.
func (t *Tuning) Done() bool { return t.done }

// Spent returns the gradient evaluations spent and the budget.
func (t *Tuning) Spent() (evaluations, budget int) { return t.spent, t.budget }

// Best returns the lane with the best values so far: as it was given where none
// are better.
func (t *Tuning) Best() LaneSpec { return t.best.spec }

// Fragile reports whether settings beside Best are much worse.
func (t *Tuning) Fragile() bool { return t.best.fragile }
