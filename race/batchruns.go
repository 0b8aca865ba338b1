package race

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync/atomic"

	"ravine/problem"
)

// batchRuns tries settings of a lane: other hyperparameters each time, on all cores,
// and keeping no history. It does not change.
type batchRuns struct {
	problem problem.Problem
	steps   int    // of the race, a run at most
	races   []Race // one for each run of a setting, with its start
	limits  limits
	region  []problem.Interval

	checks    *batchRuns // from other starts, but for the race's own
	startLoss float64
	best      float64 // loss at the best known optimum
	unit      float64 // losses as near as this are of one minimum
}

// newBatchRuns prepares runs of that many steps, whatever the race's own limit is,
// for settings that are tried from so many starts. lane is one of those that
// will run.
func newBatchRuns(p problem.Problem, race Race, lane LaneSpec, trial Trial) (*batchRuns, error) {
	if trial.Steps < 0 {
		return nil, fmt.Errorf("steps=%d is out of range: steps ≥ 0", trial.Steps)
	}
	if trial.Starts < 1 || trial.Starts > MaxStarts {
		return nil, fmt.Errorf("starts=%d is out of range: 1 ≤ starts ≤ %d", trial.Starts, MaxStarts)
	}
	race.Lanes = []LaneSpec{lane}
	runner, err := NewOn(p, race)
	if err != nil {
		return nil, err
	}
	races := race.nearby(p, runner.start, 2*trial.Starts-1)
	t := &batchRuns{
		problem: p, steps: trial.Steps, races: races[:trial.Starts], limits: runner.limits, region: Region(p, runner.start),
		startLoss: p.Loss(runner.start), best: math.Inf(-1), unit: runner.limits.ownLoss * max(sameLoss, race.Tol),
	}
	if optima := p.Optima(); len(optima) > 0 {
		t.best = optima[0].Loss
	}
	checks := *t
	checks.races = append(races[:1:1], races[trial.Starts:]...)
	t.checks = &checks
	return t, nil
}

// lane returns a lane at the race's own start, which keeps no history.
func (t *batchRuns) lane(spec LaneSpec) (*Lane, error) {
	lane, err := newLane(spec, t.problem, t.races[0], t.races[0].Start, t.limits, nil)
	if err == nil {
		lane.region = t.region
	}
	return lane, err
}

// single returns trials from the race's own start alone, wherever paths lead.
func (t *batchRuns) single() *batchRuns {
	single := *t
	single.races, single.region = t.races[:1], nil
	return &single
}

// try runs a setting and returns what becomes of it and what it took of a budget;
// false if ctx ends first. cells has room for its runs.
func (t *batchRuns) try(ctx context.Context, lane *Lane, spec LaneSpec, cells []Cell) (cell Cell, cost int, ok bool) {
	// An η that is not given is the one that suits the race's own start.
	lane.startAs(t.races[0])
	if err := lane.become(spec); err != nil {
		panic("race: a trial that was not checked: " + err.Error())
	}
	for k := range cells {
		if k > 0 {
			lane.startAs(t.races[k])
			lane.reset()
		}
		if !t.finish(ctx, lane) {
			return Cell{}, 0, false
		}
		cells[k] = Cell{Loss: lane.loss, Status: lane.Status(), Steps: t.length(lane), Outside: lane.outside}
		cost += t.cost(lane)
	}
	return t.middle(cells), cost, true
}

// run tries n settings, the k-th being spec(k), and hands what becomes of them to
// store. Both are called from several goroutines at once. It returns how many,
// from the first on without a gap, were complete when ctx ended; n if it did not.
//
// Every spec must be known to be valid.
func (t *batchRuns) run(ctx context.Context, n int, spec func(k int) LaneSpec, store func(k int, cell Cell, cost int)) int {
	if n == 0 {
		return 0
	}
	var next atomic.Int64
	work := func() (cutShort int) {
		lane, err := t.lane(spec(0))
		if err != nil {
			panic("race: a trial that was not checked: " + err.Error())
		}
		cells := make([]Cell, len(t.races))
		for {
			k := int(next.Add(1)) - 1
			if k >= n {
				return n
			}
			cell, cost, ok := t.try(ctx, lane, spec(k), cells)
			if !ok {
				return k
			}
			store(k, cell, cost)
		}
	}
	ends := make([]int, min(runtime.GOMAXPROCS(0), n))
	onCores(len(ends), func(i int) { ends[i] = work() })
	return slices.Min(ends)
}

// finish steps the lane to its end; false if ctx ends first. Now and then it lets
// others have the processor.
func (t *batchRuns) finish(ctx context.Context, lane *Lane) bool {
	for lane.goal = t.steps; lane.behind(); lane.approach(lane.patience()) {
		if ctx.Err() != nil {
			return false
		}
		runtime.Gosched()
	}
	return true
}

// length returns how many steps of the race a run took.
func (t *batchRuns) length(lane *Lane) int {
	if lane.status == Running {
		return t.steps
	}
	return lane.RaceStep()
}

// cost returns what a run takes of a budget: the gradients it asked for or, by
// examples, where one of them may be of any size, the steps of the race.
func (t *batchRuns) cost(lane *Lane) int {
	if lane.perStep == 0 {
		return lane.evaluations
	}
	return t.length(lane)
}
