package race

import (
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"
	"time"

	"ravine/optim"
	"ravine/param"
	"ravine/problem"
)

// Runner steps the lanes of a race. It is not safe for concurrent use, but its
// problem is: several Runners may share one.
type Runner struct {
	race    Race // without lanes
	problem problem.Problem
	kind    problem.Kind
	start   []float64
	limits  limits
	lanes   []*Lane
	step    int
}

// New builds the problem of the race and puts every lane at the start.
func New(race Race) (*Runner, error) {
	if err := race.Check(); err != nil {
		return nil, err
	}
	p, err := problem.Build(race.Problem, race.Seed)
	if err != nil {
		return nil, err
	}
	return NewOn(p, race)
}

// NewOn is New for a problem that is built already, from the race's spec and seed.
func NewOn(p problem.Problem, race Race) (*Runner, error) {
	start, err := race.startOf(p)
	if err != nil {
		return nil, err
	}
	lanes := race.Lanes
	race.Lanes = nil
	kind, err := problem.KindOf(race.Problem)
	if err != nil {
		return nil, err
	}
	r := &Runner{race: race, problem: p, kind: kind, start: start}
	r.limits = limitsOn(p, race.Tol, p.Loss(start))
	for _, spec := range lanes {
		lane, err := r.newLane(spec)
		if err != nil {
			return nil, err
		}
		r.lanes = append(r.lanes, lane)
	}
	return r, nil
}

func (r *Runner) newLane(spec LaneSpec) (*Lane, error) {
	lane, err := newLane(spec, r.problem, r.race, r.start, r.limits, newHistory(r.problem.Dim()))
	if err != nil {
		return nil, err
	}
	lane.goal = r.step
	return lane, nil
}

// Race returns the race as it is now, with all edits.
func (r *Runner) Race() Race {
	race := r.race
	for _, lane := range r.lanes {
		race.Lanes = append(race.Lanes, lane.spec)
	}
	return race
}

// Problem returns what is raced on.
func (r *Runner) Problem() problem.Problem { return r.problem }

// Kind returns what is known of the problem by its spec.
func (r *Runner) Kind() problem.Kind { return r.kind }

// Start returns the point where every lane starts; callers do not change it.
func (r *Runner) Start() []float64 { return r.start }

// Step returns the step of the race: the number of updates that running lanes
// have made, or by Pace the share of the data that they have seen; or will have,
// when they have caught up.
func (r *Runner) Step() int { return r.step }

// Lanes returns the lanes in order; callers do not change the slice.
func (r *Runner) Lanes() []*Lane { return r.lanes }

// Twin returns another lane that has made the same steps as lane i to the bit, so
// that one hides the other: with their values the two are one rule.
func (r *Runner) Twin(i int) (twin int, ok bool) {
	twin = slices.IndexFunc(r.lanes, func(l *Lane) bool { return l != r.lanes[i] && l.coincides(r.lanes[i]) })
	return twin, twin >= 0
}

// Running reports whether any lane goes on.
func (r *Runner) Running() bool {
	return slices.ContainsFunc(r.lanes, func(l *Lane) bool { return l.status == Running })
}

// AtLimit reports whether the race's number of steps is reached.
func (r *Runner) AtLimit() bool { return r.race.Steps > 0 && r.step >= r.race.Steps }

// SetSteps changes the limit, 0 for none.
func (r *Runner) SetSteps(steps int) { r.race.Steps = steps }

// Advance goes that many steps on with every lane that runs, to the race's limit at most.
func (r *Runner) Advance(steps int) { r.Seek(r.step + steps) }

// Seek goes to a step, on or back, and all of the way at once.
func (r *Runner) Seek(step int) {
	r.Aim(step)
	r.CatchUp(math.MaxInt64, runtime.GOMAXPROCS(0))
}

// Aim goes to a step, on or back, but leaves the lanes behind: CatchUp takes them
// there.
func (r *Runner) Aim(step int) {
	if r.race.Steps > 0 {
		step = min(step, r.race.Steps)
	}
	r.step = max(step, 0)
	for _, lane := range r.lanes {
		lane.goal = r.step
		// Whether a lane stops where it stands shows when it tries to go on.
		if lane.goal < lane.RaceStep() || lane.status != Running && !lane.due() {
			lane.rewind(lane.goal)
		}
	}
}

// CatchUp takes lanes that are behind to the runner's step, the last one first, on
// that many cores at most and for about that long. It reports whether all are there.
func (r *Runner) CatchUp(within time.Duration, cores int) bool {
	// A lane that goes from core to core with every look at the clock costs more than
	// the second core gains.
	const turn = 16 // looks at the clock before another lane may be the last
	end := time.Now().Add(within)
	var mu sync.Mutex // of what is taken
	take := func(done *Lane) *Lane {
		mu.Lock()
		defer mu.Unlock()
		if done != nil {
			done.taken = false
		}
		if done != nil && !time.Now().Before(end) {
			return nil
		}
		last := r.last()
		if last != nil {
			last.taken = true
		}
		return last
	}
	onCores(r.worthwhile(cores), func(int) {
		for lane := take(nil); lane != nil; lane = take(lane) {
			for range turn {
				lane.approach(lane.patience())
				if !lane.behind() || !time.Now().Before(end) {
					break
				}
			}
		}
	})
	return r.last() == nil
}

// worthwhile returns on how many of so many cores the lanes should catch up: a few
// steps are made before another core has heard of them.
func (r *Runner) worthwhile(cores int) int {
	const enough = 8192 // updates
	lanes, updates := 0, 0
	for _, lane := range r.lanes {
		if lane.behind() {
			lanes++
			updates += min(enough, lane.goal-lane.RaceStep()) * max(1, lane.perStep)
		}
	}
	if updates < enough {
		return 1
	}
	return max(1, min(cores, lanes))
}

// Behind reports whether lanes have to catch up, and the step at which the last of
// them is.
func (r *Runner) Behind() (at int, behind bool) {
	if last := r.last(); last != nil {
		return last.RaceStep(), true
	}
	return r.step, false
}

// last returns the lane that is furthest behind, of those that nobody steps; nil if
// none is.
func (r *Runner) last() *Lane {
	var last *Lane
	for _, lane := range r.lanes {
		if !lane.taken && lane.behind() && (last == nil || lane.RaceStep() < last.RaceStep()) {
			last = lane
		}
	}
	return last
}

// SetLane gives lane i another spec and puts it at the start, behind the others:
// see CatchUp. They are not touched. On an error nothing is changed.
func (r *Runner) SetLane(i int, spec LaneSpec) error {
	lane, err := r.newLane(spec)
	if err != nil {
		return err
	}
	r.lanes[i] = lane
	return nil
}

// InsertLane puts a new lane at place i, behind the others.
func (r *Runner) InsertLane(i int, spec LaneSpec) error {
	lane, err := r.newLane(spec)
	if err != nil {
		return err
	}
	r.lanes = slices.Insert(r.lanes, i, lane)
	return nil
}

// RemoveLane takes lane i out of the race.
func (r *Runner) RemoveLane(i int) { r.lanes = slices.Delete(r.lanes, i, i+1) }

// Tune sets a hyperparameter of lane i: from the start, or as an edit that holds
// from the step shown on. With an edit, a lane that has not stopped stays where it is.
func (r *Runner) Tune(i int, key string, value float64, fromStart bool) error {
	lane := r.lanes[i]
	if _, ok := param.Find(lane.Parameters(), key); !ok {
		return fmt.Errorf("%s has no %s", lane.values.optimizer.Title, key)
	}
	return r.tune(i, Setting{Key: key, Value: value}, fromStart)
}

// SetCourse makes lane i's hyperparameter a function of t, in the way of Tune.
func (r *Runner) SetCourse(i int, key, course string, fromStart bool) error {
	return r.tune(i, Setting{Key: key, Course: course}, fromStart)
}

func (r *Runner) tune(i int, setting Setting, fromStart bool) error {
	lane := r.lanes[i]
	if !fromStart {
		setting.From = r.editStep(lane)
	}
	if err := r.SetLane(i, lane.spec.retuned(setting)); err != nil {
		return err
	}
	if tuned := r.lanes[i]; setting.From > 0 && lane.status == Running {
		lane.spec, lane.values = tuned.spec, tuned.values // until here the two are one
		r.lanes[i] = lane
	}
	return nil
}

// KeepEtas writes into every lane's spec the η with which it opened, so that a later
// change of the problem or the start does not change it.
func (r *Runner) KeepEtas() {
	for _, lane := range r.lanes {
		if _, given := lane.spec.Value(optim.Eta); !given && lane.values.optimizer.Opens() {
			lane.spec = lane.spec.With(Setting{Key: optim.Eta, Value: lane.values.hyper.Eta})
		}
	}
}
