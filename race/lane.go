package race

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/floats"

	"ravine/optim"
	"ravine/param"
	"ravine/problem"
)

// Lane is one optimizer in the race. Its methods are for reading; a Runner steps it.
type Lane struct {
	spec    LaneSpec
	values  laneValues
	problem problem.Problem
	sampled problem.Sampled // nil where the problem has no data
	count   int             // examples of an update over all data; 1 where there are none
	perStep int             // examples of a step of the race; 0 where it is an update
	start   []float64
	rules   optim.Convention
	limits  limits
	region  []problem.Interval // whether it was left is noted; nil for nowhere

	place
	rule     optim.Rule
	gradient optim.Gradient
	sampler  *sampler // nil where there are no data

	theta, previous []float64
	full            []float64 // ∇J over all data at theta, if fullAt is the step
	fullAt          int
	probe           []float64 // ∇J where else the rule looked
	rows            []int32   // of the update under way
	batchLoss       float64   // of that update, scaled to the whole data

	goal    int  // the step to which the lane is to go, if it does not stop before
	taken   bool // by who steps it
	history *History
	marks   marks
}

// newLane puts a lane at the start. A nil history keeps nothing of its path.
func newLane(spec LaneSpec, p problem.Problem, race Race, start []float64, limits limits, history *History) (*Lane, error) {
	l := &Lane{problem: p, count: 1, start: start, rules: race.Rules, limits: limits, history: history}
	if l.sampled, _ = p.(problem.Sampled); l.sampled != nil {
		l.count = l.sampled.Examples()
		l.sampler = newSampler(l.count, race.Seed)
	}
	l.perStep = race.Pace.examplesPerStep(p)
	dim := p.Dim()
	l.theta, l.previous = optim.Zeros(dim), optim.Zeros(dim)
	l.full, l.probe = optim.Zeros(dim), optim.Zeros(dim)
	l.gradient = optim.Gradient{Of: l.gradientAt, Known: l.full, Loss: l.lossAt}
	return l, l.become(spec)
}

// become gives the lane another spec and puts it at the start. After an error
// the lane is of no use.
func (l *Lane) become(spec LaneSpec) error {
	values, err := spec.read(l.rules)
	if err != nil {
		return err
	}
	l.spec, l.values = spec, values
	if err := l.resolveBatch(); err != nil {
		return err
	}
	if _, given := spec.Value(optim.Eta); !given && values.hyper.Eta == 0 && values.optimizer.Opens() {
		l.values.hyper.Eta = l.defaultEta()
	}
	l.reset()
	return nil
}

// resolveBatch checks the batch sizes against the data and gives a batch that
// covers it all its name, 0. A default that the data cannot fill is all of it.
func (l *Lane) resolveBatch() error {
	examples := l.Examples()
	for _, s := range l.spec.Settings {
		switch {
		case s.Key != optim.Batch || s.Value <= float64(examples):
		case examples == 0:
			return fmt.Errorf("%s: %s: the problem has no data to sample; want batch=%s", l.spec.Rule, s, param.All)
		default:
			return fmt.Errorf("%s: %s is out of range: 1 ≤ batch ≤ %d, or %s", l.spec.Rule, s, examples, param.All)
		}
	}
	if l.values.hyper.Batch >= examples {
		l.values.hyper.Batch = 0
	}
	for i := range l.values.edits {
		if e := &l.values.edits[i]; e.Key == optim.Batch && e.Value >= float64(examples) {
			e.Value = 0
		}
	}
	return nil
}

// reset puts the lane at the start.
func (l *Lane) reset() {
	l.rule = l.values.optimizer.Start(len(l.start), l.rules)
	copy(l.theta, l.start)
	l.place = place{hyper: l.values.hyper, loss: l.problem.Evaluate(l.full, l.theta)}
	l.fullAt = 0
	if l.sampler != nil {
		l.sampler.reset()
	}
	l.history.reset()
	l.history.add(-1, 0, 0, l.loss, l.loss, l.loss, math.NaN(), l.theta)
	l.clearMarks()
	l.test()
}

// startAs gives the lane the start and the batches of a race with a Start; a reset
// puts the lane there.
func (l *Lane) startAs(race Race) {
	l.start = race.Start
	if l.sampler != nil {
		l.sampler.seed = race.Seed
	}
}

// advance makes updates until the lane is at that step or stops.
func (l *Lane) advance(to int) {
	for l.step < to && l.status == Running {
		if l.step == l.marks.next {
			l.mark()
		}
		l.nextEdit = l.takeEdits(&l.hyper)
		if l.hyper.Batch != 0 {
			l.stepSampled()
			continue
		}
		until := min(to, l.marks.next)
		if l.nextEdit < len(l.values.edits) {
			until = min(until, l.values.edits[l.nextEdit].From)
		}
		if len(l.values.courses) > 0 {
			until = l.step + 1
		}
		l.stepFull(until)
	}
}

// takeEdits gives hyperparameters, the lane's or a copy of them, the values that the
// next update has, and returns which edit comes then.
func (l *Lane) takeEdits(hyper *optim.Hyperparameters) (next int) {
	for next = l.nextEdit; next < len(l.values.edits) && l.values.edits[next].From <= l.step; next++ {
		hyper.Set(l.values.edits[next].Key, l.values.edits[next].Value)
	}
	for _, c := range l.values.courses {
		if c.from <= l.step && l.step < c.until {
			hyper.Set(c.key, c.schedule.At(l.step+1))
		}
	}
	return next
}

// stepFull makes updates over all data until a step, or until one comes to where the
// lane may stop. The gradient at the new θ serves the stopping test now and the next
// update later. Here the time of a race goes: what a point of the history says of its
// steps is gathered in local variables.
func (l *Lane) stepFull(until int) {
	if l.fullAt != l.step {
		l.problem.Evaluate(l.full, l.theta)
	}
	l.gradient.Theta = &l.theta[0]
	theta, full, previous := l.theta, l.full[:len(l.theta)], l.previous[:len(l.theta)]
	inside, reverted := true, false // the limits; from outside the finite numbers
	limit := l.limits.gradientNorm
	for inside && !reverted && l.step < until {
		step, loss, low, high := l.step, l.loss, math.Inf(1), math.Inf(-1)
		for end := min(until, l.history.completes(step+1)); inside && step < end; step++ {
			//lint:ignore S1001 copy is what this is faster than
			for i, x := range theta {
				previous[i] = x
			}
			l.rule.Step(theta, &l.hyper, &l.gradient)
			next := l.problem.Evaluate(full, theta)
			// A sum that is finite is one of finite numbers, and a norm is no smaller than
			// the largest of them: squares would underflow, which takes time.
			steep, all := false, next
			for i, g := range full {
				all += theta[i] + g
				steep = steep || g > limit || -g > limit
			}
			if !param.Finite(all) && !allFinite(next, theta, full) {
				reverted = true
				break
			}
			loss = next
			if loss < low {
				low = loss
			}
			if loss > high {
				high = loss
			}
			if l.region != nil {
				l.watch()
			}
			inside = steep && math.Abs(loss) <= l.limits.loss
		}
		if step > l.step {
			l.evaluations += (step - l.step) * l.values.optimizer.Gradients()
			l.examples += (step - l.step) * l.count
			l.arrive(step, loss, low, high, math.NaN())
		}
	}
	if reverted {
		l.revert()
		l.evaluations++
		l.examples += l.count
		l.problem.Evaluate(full, theta)
	}
	l.fullAt = l.step
	if !inside {
		l.test()
	}
}

// stepSampled makes one update from the next batch. Convergence is tested once an epoch.
func (l *Lane) stepSampled() {
	assign(l.previous, l.theta)
	l.rows = l.sampler.next(l.hyper.Batch)
	l.gradient.Theta = nil
	l.rule.Step(l.theta, &l.hyper, &l.gradient)
	l.evaluations += l.values.optimizer.Gradients()
	l.examples += len(l.rows)
	loss := l.problem.Loss(l.theta)
	if !allFinite(loss, l.theta, nil) {
		l.revert()
		return
	}
	l.watch()
	l.arrive(l.step+1, loss, loss, loss, l.batchLoss)
	if l.sampler.epochEnds() {
		l.problem.Evaluate(l.full, l.theta)
		l.fullAt = l.step
		l.test()
	}
}

// revert takes back an update that became non-finite.
func (l *Lane) revert() {
	assign(l.theta, l.previous)
	l.status = Diverged
}

// watch notes whether θ is outside the region.
func (l *Lane) watch() {
	for i := range l.region[:min(len(l.region), len(l.theta))] {
		if side := &l.region[i]; l.theta[i] < side.Low || l.theta[i] > side.High {
			l.outside = true
		}
	}
}

// arrive takes the updates until a step as made, with the loss after the last of them,
// the least and the largest.
func (l *Lane) arrive(step int, loss, low, high, batchLoss float64) {
	l.history.add(l.step, step, l.examples, loss, low, high, batchLoss, l.theta)
	l.step, l.loss = step, loss
	if math.Abs(loss) > l.limits.loss {
		l.status = Diverged
	}
}

// test stops a lane whose full gradient, which is at hand, has become small.
func (l *Lane) test() {
	if l.status != Running || !(norm(l.full) <= l.limits.gradientNorm) {
		return
	}
	l.status = elsewhere
	if l.loss <= l.limits.best {
		l.status = Converged
	}
}

// gradientAt is what the lane's rule asks where the answer is not at hand: on a
// batch, or at Nesterov's look-ahead.
func (l *Lane) gradientAt(at []float64) []float64 {
	if l.hyper.Batch != 0 {
		loss := l.sampled.EvaluateBatch(l.probe, at, l.rows)
		l.batchLoss = loss * l.batchScale(len(l.rows))
		return l.probe
	}
	l.problem.Evaluate(l.probe, at)
	return l.probe
}

// lossAt is what the lane's rule asks: the loss of the batch, where there is one.
func (l *Lane) lossAt(at []float64) float64 {
	if l.hyper.Batch != 0 {
		return l.sampled.EvaluateBatch(l.probe, at, l.rows)
	}
	return l.problem.Loss(at)
}

// batchScale makes the loss of a batch comparable with that over all data.
func (l *Lane) batchScale(batch int) float64 {
	if l.sampled.Mean() {
		return 1
	}
	return float64(l.sampled.Examples()) / float64(batch)
}

// norm is the Euclidean norm; where squares would leave the range of float64 it
// takes the slower way that scales.
func norm(xs []float64) float64 {
	sum := sumOfSquares(xs)
	if sum > 1e-280 && sum < 1e280 {
		return math.Sqrt(sum)
	}
	return floats.Norm(xs, 2)
}

func sumOfSquares(xs []float64) float64 {
	sum := 0.0
	for _, x := range xs {
		sum += x * x
	}
	return sum
}
