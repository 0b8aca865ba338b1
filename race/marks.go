package race

import (
	"math"
	"slices"

	"ravine/optim"
)

// marks are places on a lane's path to go back to, so that a step back is no
// replay of all of it. Each is where a point of the history is complete, and
// holds until the points become longer: there are a few dozen, however long
// the path is, and together they are small beside the history.
type marks struct {
	kept []mark
	next int // the step at which the next one is made
}

// place is where a lane is on its way, but for θ and what its rule remembers.
type place struct {
	step        int
	loss        float64
	hyper       optim.Hyperparameters
	nextEdit    int
	examples    int // seen by all updates together
	evaluations int
	status      Status
	outside     bool // whether the path has left the region
}

// mark is all of a lane at one step that further steps change.
type mark struct {
	place
	stride   int // of the history
	theta    []float64
	rule     optim.Rule
	epoch    uint64 // of the sampler
	position int
}

// From one mark to the next there are this many steps, and points, at least.
const markSteps, markPoints = 256, 16

// clearMarks begins a way without any. A lane that keeps no history makes none.
func (l *Lane) clearMarks() {
	l.marks.kept, l.marks.next = l.marks.kept[:0], firstPoints-1
	if l.history == nil {
		l.marks.next = math.MaxInt
	}
}

// mark makes one, before the lane's next update.
func (l *Lane) mark() {
	stride := l.history.stride
	if kept := l.marks.kept; len(kept) > 0 && kept[0].stride != stride {
		l.marks.kept = kept[:0]
	}
	m := mark{place: l.place, stride: stride, theta: slices.Clone(l.theta), rule: l.rule.Clone()}
	if l.sampler != nil {
		m.epoch, m.position = l.sampler.epoch, l.sampler.position
	}
	l.marks.kept = append(l.marks.kept, m)
	l.marks.next = l.step + max(markSteps, markPoints*stride)
}

// rewind goes back to the latest mark that is not after a step of the race, or to
// the start.
func (l *Lane) rewind(step int) {
	kept := l.marks.kept
	for len(kept) > 0 && (l.raceStep(kept[len(kept)-1].place) > step || kept[len(kept)-1].stride != l.history.stride) {
		kept = kept[:len(kept)-1]
	}
	l.marks.kept = kept
	if len(kept) == 0 {
		l.reset()
		return
	}
	m := &kept[len(kept)-1]
	l.place, l.fullAt, l.rule = m.place, -1, m.rule.Clone()
	copy(l.theta, m.theta)
	if l.sampler != nil {
		l.sampler.resume(m.epoch, m.position)
	}
	l.history.forget(l.step)
	l.marks.next = l.step + max(markSteps, markPoints*m.stride)
}

// patience returns the number of updates after which to look at the clock, or at who
// else waits: fewer where there are many examples.
func (l *Lane) patience() int {
	const updates, examples = 128, 50_000
	return max(1, min(updates, examples/l.count))
}
