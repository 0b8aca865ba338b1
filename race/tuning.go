package race

import (
	"cmp"
	"context"
	"fmt"
	"math"

	"ravine/param"
	"ravine/problem"
)

// TuningMethod says what a Tuning does, for the screen.
const TuningMethod = "coarse grid over six decades of η (× γ or β₁), then ever finer around the best"

const (
	tuningDigits = 3    // of what is found, so that it can be typed
	coarseLimit  = 4096 // runs of the coarse grid at most
	finestRatio  = 1.01 // of neighbours: as soon as they are nearer, tuning ends
	sameLoss     = 1e-6 // relative to the problem's own: losses as near as this are of one minimum
)

// Tuning finds good values for one lane with a budget of gradient evaluations:
// η, and with it γ or β₁ where the lane's rule has one. A coarse grid, equally
// spaced on the keys' own scales, takes about half the budget. Then come the
// neighbours of the best, at a spacing that is halved whenever none of them is
// better, until it is below one percent or the budget is spent. The lane's own
// values are the first that are tried, so tuning does not make it worse.
//
// Of two runs, one that diverged is worse; then one with a higher loss; of those
// that reached the tolerance at one minimum, the one that took more steps.
//
// What is found does not depend on the number of cores or on how Advance is
// called. A Tuning is not safe for concurrent use.
type Tuning struct {
	trials    *trials
	lane      param.Spec
	axes      []tunedAxis
	budget    int
	spent     int
	queue     []candidate     // of the round under way
	tried     map[string]bool // specs that were queued at any time
	best      candidate
	bestScore score
	center    string // spec around which the latest round was; empty in the first
	done      bool
}

// tunedAxis is a hyperparameter that is tuned.
type tunedAxis struct {
	parameter param.Parameter
	scale     param.Scale
	low, high float64 // positions beyond which it is not taken
	spacing   float64 // of positions, in the latest round
}

// candidate is a lane that is tried.
type candidate struct {
	spec   param.Spec
	values []float64 // of the axes
}

// NewTuning prepares the tuning of a lane for runs of that many steps, whatever
// the race's own limit is; the race's lanes do not matter. budget is in gradient
// evaluations and at least one run's. What is found takes the place of the
// lane's own values and of its edits of them in mid-run. p is the race's problem.
func NewTuning(p problem.Problem, race Race, lane param.Spec, steps, budget int) (*Tuning, error) {
	if steps < 1 {
		return nil, fmt.Errorf("tuning for %d steps; want steps ≥ 1", steps)
	}
	if budget < steps {
		return nil, fmt.Errorf("%d gradient evaluations are too few to tune with: one run of %d steps takes %d", budget, steps, steps)
	}
	trials, err := newTrials(p, race, lane, steps)
	if err != nil {
		return nil, err
	}
	own, err := trials.lane(lane)
	if err != nil {
		return nil, err
	}
	t := &Tuning{trials: trials, lane: lane, budget: budget, tried: map[string]bool{}}
	t.best = candidate{spec: lane}
	coarse := t.coarse(own)
	for _, axis := range t.axes {
		t.best.values = append(t.best.values, own.values.hyper.Get(axis.parameter.Key))
	}
	t.bestScore.diverged = true
	t.queue, t.tried[lane.String()] = []candidate{t.best}, true
	t.enqueue(coarse)
	return t, nil
}

// coarse chooses the axes and returns the positions of the coarse grid.
func (t *Tuning) coarse(lane *Lane) [][]float64 {
	keys := []string{"eta"}
	for _, second := range []string{"gamma", "beta1"} {
		if _, ok := param.Find(lane.Parameters(), second); ok && len(keys) == 1 {
			keys = append(keys, second)
		}
	}
	// The range of eta is twice as many decades as that of the second.
	runs := float64(min(t.budget/t.trials.steps/2, coarseLimit))
	counts := []int{max(3, int(runs))}
	if len(keys) == 2 {
		second := max(3, int(math.Sqrt(runs/2)))
		counts = []int{max(5, int(runs)/second), second}
	}
	positions := make([][]float64, len(keys))
	for i, key := range keys {
		parameter, _ := param.Find(lane.Parameters(), key)
		around := DefaultAxis(lane, key, counts[i])
		axis := tunedAxis{parameter: parameter, scale: parameter.Scale}
		low, high := position(axis.scale, around.From), position(axis.scale, around.To)
		axis.low, axis.high = -300, 300 // decades of η
		if axis.scale == param.LogComplement {
			axis.low, axis.high = 0, 3 // decades of 1−γ: a mean over a thousand steps
		}
		axis.spacing = (high - low) / float64(counts[i]-1)
		for n := range counts[i] {
			positions[i] = append(positions[i], low+float64(n)*axis.spacing)
		}
		t.axes = append(t.axes, axis)
	}
	return positions
}

// enqueue makes candidates of a grid of positions, from coarse to fine, but for
// those that were there before.
func (t *Tuning) enqueue(positions [][]float64) {
	columns := 1
	if len(positions) == 2 {
		columns = len(positions[1])
	}
	for _, index := range coarseToFine(len(positions[0]), columns) {
		places := []int{index / columns, index % columns}
		next := candidate{spec: t.lane}
		for i, axis := range t.axes {
			at := min(max(axis.low, positions[i][places[i]]), axis.high)
			value := valueAt(axis.scale, at, tuningDigits)
			next.values = append(next.values, value)
			next.spec = retuned(next.spec, axis.parameter.Key, axis.parameter.Text(value), 0, true)
		}
		if name := next.spec.String(); !t.tried[name] {
			t.tried[name] = true
			t.queue = append(t.queue, next)
		}
	}
}

// refine begins the next round, around the best: at half the spacing, unless the
// latest refinement has found a better one.
func (t *Tuning) refine() {
	best := t.best.spec.String()
	closer := t.center == "" || t.center == best
	t.center, t.done = best, true
	positions := make([][]float64, len(t.axes))
	for i := range t.axes {
		axis := &t.axes[i]
		if closer {
			axis.spacing /= 2
		}
		if axis.spacing >= math.Log10(finestRatio) {
			t.done = false
		}
		center := position(axis.scale, t.best.values[i])
		positions[i] = []float64{center - axis.spacing, center, center + axis.spacing}
	}
	if !t.done {
		t.enqueue(positions)
	}
}

// Advance spends about that many more evaluations, on all cores: whole runs, at
// least one, and never more than the budget. Runs that ctx cuts short are made
// again by the next call.
func (t *Tuning) Advance(ctx context.Context, evaluations int) {
	until := t.spent + min(evaluations, t.budget-t.spent)
	for !t.done && t.spent < until && ctx.Err() == nil {
		affordable := (t.budget - t.spent) / t.trials.steps
		switch {
		case affordable == 0:
			t.done = true
		case len(t.queue) == 0:
			t.refine()
		default:
			wanted := (until-t.spent-1)/t.trials.steps + 1
			t.try(ctx, min(wanted, affordable, len(t.queue)))
		}
	}
	t.done = t.done || t.spent == t.budget
}

// try runs the first n of the queue.
func (t *Tuning) try(ctx context.Context, n int) {
	scores, evaluations := make([]score, n), make([]int, n)
	done := t.trials.run(ctx, n,
		func(k int) param.Spec { return t.queue[k].spec },
		func(k int, lane *Lane) { scores[k], evaluations[k] = t.trials.score(lane), t.trials.cost(lane) })
	for k := range done {
		t.spent += evaluations[k]
		if scores[k].compare(t.bestScore) < 0 {
			t.best, t.bestScore = t.queue[k], scores[k]
		}
	}
	t.queue = t.queue[done:]
}

// Done reports whether the budget is spent or the spacing fine enough.
func (t *Tuning) Done() bool { return t.done }

// Spent returns the gradient evaluations spent and the budget.
func (t *Tuning) Spent() (evaluations, budget int) { return t.spent, t.budget }

// Best returns the lane with the best values so far; as it was given where none
// are better.
func (t *Tuning) Best() param.Spec { return t.best.spec }

// score orders runs: the less, the better.
type score struct {
	diverged bool
	loss     float64 // coarse, so that it is equal near one minimum
	steps    int     // to the tolerance; all of them where it was not reached
	exact    float64 // the loss
}

func (t *trials) score(lane *Lane) score {
	// A lane stops at a gradient of tol times the problem's own, so losses of lanes
	// that stopped at one minimum differ by no more than about that.
	unit := t.limits.ownLoss * max(sameLoss, t.race.Tol)
	return score{
		diverged: lane.status == Diverged,
		loss:     math.Round(lane.loss / unit),
		steps:    t.length(lane),
		exact:    lane.loss,
	}
}

// compare is negative where s is better. No run that diverged is better than
// another that did.
func (s score) compare(other score) int {
	switch {
	case s.diverged && other.diverged:
		return 0
	case s.diverged:
		return 1
	case other.diverged:
		return -1
	}
	return cmp.Or(
		cmp.Compare(s.loss, other.loss),
		cmp.Compare(s.steps, other.steps),
		cmp.Compare(s.exact, other.exact),
	)
}
