package race

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"ravine/param"
	"ravine/problem"
)

// trials runs the lane of a race many times over, with other hyperparameters
// each time: on all cores, and keeping nothing of the way. It does not change.
type trials struct {
	problem problem.Problem
	race    Race
	start   []float64
	limits  limits
	steps   int // of the race, a run at most
}

// newTrials prepares runs of that many steps, whatever the race's own limit is.
// lane is one of those that will run.
func newTrials(p problem.Problem, race Race, lane param.Spec, steps int) (*trials, error) {
	if steps < 0 {
		return nil, fmt.Errorf("steps=%d is out of range: steps ≥ 0", steps)
	}
	race.Lanes = []param.Spec{lane}
	runner, err := On(p, race)
	if err != nil {
		return nil, err
	}
	return &trials{p, runner.race, runner.start, runner.limits, steps}, nil
}

// lane returns a lane at the start, which keeps no history.
func (t *trials) lane(spec param.Spec) (*Lane, error) {
	return newLane(spec, t.problem, t.race, t.start, t.limits, nil)
}

// run makes n runs, the k-th of the lane spec(k), and hands each lane at its end
// to store, for reading until store returns. Both are called from several
// goroutines at once. It returns how many runs, from the first on without a gap,
// were complete when ctx ended; n if it did not.
//
// Every spec must be known to be valid.
func (t *trials) run(ctx context.Context, n int, spec func(k int) param.Spec, store func(k int, lane *Lane)) int {
	if n == 0 {
		return 0
	}
	var next atomic.Int64
	work := func() (cutShort int) {
		lane, err := t.lane(spec(0))
		for {
			k := int(next.Add(1)) - 1
			if k >= n {
				return n
			}
			if err == nil {
				err = lane.become(spec(k))
			}
			if err != nil {
				panic("race: a trial that was not checked: " + err.Error())
			}
			if !t.finish(ctx, lane) {
				return k
			}
			store(k, lane)
		}
	}
	workers := min(runtime.GOMAXPROCS(0), n)
	ends := make([]int, workers)
	var group sync.WaitGroup
	var panicked atomic.Value // of a worker; it goes on in the caller, who may recover
	for i := range ends {
		group.Go(func() {
			defer func() {
				if value := recover(); value != nil {
					panicked.CompareAndSwap(nil, fmt.Sprintf("%v\n%s", value, debug.Stack()))
				}
			}()
			ends[i] = work()
		})
	}
	group.Wait()
	if value := panicked.Load(); value != nil {
		panic(value)
	}
	done := n
	for _, end := range ends {
		done = min(done, end)
	}
	return done
}

// finish steps the lane to its end; false if ctx ends first. Now and then it lets
// others have the processor.
func (t *trials) finish(ctx context.Context, lane *Lane) bool {
	for lane.goal = t.steps; lane.behind(); lane.approach(lane.patience()) {
		if ctx.Err() != nil {
			return false
		}
		runtime.Gosched()
	}
	return true
}

// length returns how many steps of the race a run took.
func (t *trials) length(lane *Lane) int {
	if lane.status == Running {
		return t.steps
	}
	return lane.RaceStep()
}

// cost returns what a run takes of a budget: the gradients it asked for or, by
// examples, where one of them may be of any size, the steps of the race.
func (t *trials) cost(lane *Lane) int {
	if lane.perStep == 0 {
		return lane.evaluations
	}
	return t.length(lane)
}
