package race

import (
	"math"

	"ravine/param"
	"ravine/problem"
)

// Pace says what the lanes of a race have in equal numbers at every step of it.
type Pace int

// The paces. By updates, a step of the race is an update of every lane. By
// examples, it is an equal share of the data for every lane: in an epoch one of
// full batches makes a single update, and one of single examples as many as there
// are. Without data the two are the same.
const (
	ByUpdates Pace = iota
	ByExamples
)

// StepsPerEpoch is how many steps of a race by examples make an epoch, where there
// are as many examples.
const StepsPerEpoch = 25

// String returns the word of the flag.
func (p Pace) String() string { return paces()[p] }

func paces() []string { return []string{"updates", "examples"} }

// ParsePace reads the word of the flag.
func ParsePace(text string) (Pace, error) {
	for pace, word := range paces() {
		if text == word {
			return Pace(pace), nil
		}
	}
	return 0, param.Unknown("pace", text, paces())
}

// examplesPerStep returns how many examples a lane sees in a step of the race, 0
// where steps are updates.
func (p Pace) examplesPerStep(on problem.Problem) int {
	sampled, ok := on.(problem.Sampled)
	if p == ByUpdates || !ok {
		return 0
	}
	return (sampled.Examples() + StepsPerEpoch - 1) / StepsPerEpoch
}

// approach makes updates, that many at most, until the lane is at its goal or
// stops.
func (l *Lane) approach(updates int) {
	if l.perStep == 0 {
		l.advance(l.step + min(updates, l.goal-l.step))
		return
	}
	for ; updates > 0 && l.behind(); updates-- {
		l.advance(l.step + 1)
	}
}

// behind reports whether the lane has still to go where the race is.
func (l *Lane) behind() bool { return l.status == Running && l.due() }

// due reports whether the race is where the lane's next update has been tried. By
// examples, an update waits until the lane's share has all of its batch, so none is
// ever ahead of its share.
func (l *Lane) due() bool {
	if l.perStep == 0 {
		return l.step < l.goal
	}
	share := math.MaxInt
	if l.goal < math.MaxInt/l.perStep {
		share = l.goal * l.perStep
	}
	return l.nextBatch() <= share-l.examples
}

// nextBatch returns how many examples the next update takes.
func (l *Lane) nextBatch() int {
	batch := l.hyper.Batch
	if l.nextEdit < len(l.values.edits) {
		batch = l.Hyper().Batch
	}
	if batch == 0 {
		return l.count
	}
	return l.sampler.left(batch)
}

// RaceStep returns the step of the race at which the lane made its last update.
func (l *Lane) RaceStep() int { return l.raceStep(l.place) }

func (l *Lane) raceStep(p place) int {
	if l.perStep == 0 {
		return p.step
	}
	return (p.examples + l.perStep - 1) / l.perStep
}

// ExamplesPerStep returns how many examples every lane sees in a step of the
// race, 0 where steps are updates.
func (r *Runner) ExamplesPerStep() int { return r.race.Pace.examplesPerStep(r.problem) }

// editStep returns the step of a lane from which an edit now would hold.
func (r *Runner) editStep(lane *Lane) int {
	if lane.perStep > 0 {
		return lane.step
	}
	return r.step
}
