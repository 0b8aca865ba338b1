package race

import (
	"math"
	"slices"
	"sort"

	"ravine/problem"
)

// HintKind says what a hint has seen.
type HintKind int

// The kinds, the most urgent first.
const (
	HintRising    HintKind = iota // the loss grows
	HintBouncing                  // it goes up and down and gets nowhere
	HintNoisy                     // the same, for small batches
	HintRare                      // features that are mostly 0, under one η for all
	HintSlow                      // the loss hardly falls from the first step on
	HintZigzag                    // across the ravine and back, creeping along it
	HintOvershoot                 // the velocity passes the optimum
	HintShrunk                    // Adagrad's steps are used up
)

// Hint is one line of advice on a lane, in the manner of the talk.
type Hint struct {
	Kind HintKind
	Text string // "the loss hardly falls: a larger η", at most 60 columns
	Key  string // the hyperparameter to change: "eta", "gamma", "batch"; empty where the advice is another rule
	Up   bool   // which way
	Rule string // the optimizer to try, where the advice is another rule: "momentum"
}

// What a hint rests on. Numbers of steps are points of the history, which stand
// for more than one step each when a lane has made more than it remembers.
const (
	// firstSteps are awaited before anything is said: one or two steps look like
	// anything.
	firstSteps = 10
	// hintWindow is long enough to see a few periods of an oscillation and short
	// enough that what is over is forgotten.
	hintWindow = 64
	// noisyWindow is longer, as the mean of noise must settle.
	noisyWindow = 256
	// enough is the share of the starting loss from which nobody needs advice.
	enough = 1e-6
	// progress is the factor by which the loss falls over a window at least, or
	// over the first steps, unless the lane gets nowhere.
	progress = 0.9
	// risen is the growth over the start, beyond rounding, that is a rise.
	risen = 1.05
	// noisyRise is the same for the mean of losses that jump with every batch.
	noisyRise = 2
	// restless is the share of upward steps in a loss that bounces. Half of them
	// lead up in pure noise, none where descent is smooth.
	restless = 0.25
	// smallBatch is the size up to which the noise is put down to it, and above
	// which to η.
	smallBatch = 8
)

// Advise returns the most useful hint on a lane as it stands, and whether there
// is any. A lane that has converged, or almost, gets none.
func Advise(r *Runner, lane int) (Hint, bool) {
	l := r.lanes[lane]
	switch {
	case l.status == Diverged:
		return lowerEta(HintRising, "the loss has grown without end"+aboveBound(l)), true
	case l.status == Converged:
		return Hint{}, false
	}
	t := trailOf(l)
	if len(t.points) <= firstSteps || !(t.excess(t.last()) > enough*t.begin) {
		return Hint{}, false
	}
	for _, look := range [...]func(*trail) (Hint, bool){
		(*trail).rising, (*trail).swinging, (*trail).overshooting, (*trail).restless,
		(*trail).rare, (*trail).slow, (*trail).shrunk,
	} {
		if hint, ok := look(t); ok {
			return hint, true
		}
	}
	return Hint{}, false
}

func lowerEta(kind HintKind, seen string) Hint {
	return Hint{Kind: kind, Text: seen + ": a smaller η", Key: "eta"}
}

func otherRule(kind HintKind, seen, title, name string) Hint {
	return Hint{Kind: kind, Text: seen + ": " + title, Rule: name}
}

// aboveBound names the bound that η is above, where there is one.
func aboveBound(l *Lane) string {
	if theory, ok := TheoryOf(l); ok && theory.Bound > 0 && nextHyper(l).Eta > theory.Bound {
		return ", η > " + theory.BoundText
	}
	return ""
}

// trail is the way of a lane since its values were last changed: a change is a
// new beginning.
type trail struct {
	*Lane
	first   int     // index of its first point in the history
	points  []Point // from there on
	optimum float64 // the least loss that is known
	begin   float64 // excess at the lane's start
}

func trailOf(l *Lane) *trail {
	from := 0
	for _, e := range l.values.edits {
		if e.step <= l.step {
			from = e.step
		}
	}
	points := l.history.points
	t := &trail{Lane: l, optimum: l.problem.Optima()[0].Loss}
	t.first = sort.Search(len(points), func(i int) bool { return points[i].Step >= from })
	t.points = points[t.first:]
	t.begin = t.excess(points[0])
	return t
}

// excess is how far above the optimum the loss of a point is at most.
func (t *trail) excess(p Point) float64 { return max(0, p.Max-t.optimum) }

func (t *trail) last() Point { return t.points[len(t.points)-1] }

// full reports whether the points are single steps over all data.
func (t *trail) single() bool { return t.history.stride == 1 }

func (t *trail) named(names ...string) bool {
	return slices.Contains(names, t.values.optimizer.Name)
}

// descends reports whether the rule is plain gradient descent, of whatever batch.
func (t *trail) descends() bool { return t.named("gd", "sgd", "minibatch") }

// halves returns the last points, at most that many, in two halves.
func (t *trail) halves(window int) (older, newer []Point) {
	recent := t.points[max(0, len(t.points)-window):]
	return recent[:len(recent)/2], recent[len(recent)/2:]
}

func (t *trail) mean(points []Point) float64 {
	sum := 0.0
	for _, p := range points {
		sum += t.excess(p)
	}
	return sum / float64(len(points))
}

func (t *trail) least(points []Point) float64 {
	least := math.Inf(1)
	for _, p := range points {
		least = min(least, t.excess(p))
	}
	return least
}

// upward returns the share of points whose loss is not below that before.
func upward(points []Point) float64 {
	ups := 0
	for i := 1; i < len(points); i++ {
		if points[i].Max >= points[i-1].Max {
			ups++
		}
	}
	return float64(ups) / float64(len(points)-1)
}

// rising: the loss is above where it began, and higher of late than before.
func (t *trail) rising() (Hint, bool) {
	begin := t.excess(t.points[0])
	older, newer := t.halves(hintWindow)
	was, is := t.mean(older), t.mean(newer)
	rises := is > was && t.excess(t.last()) > risen*begin
	if t.hyper.Batch != 0 {
		rises = is > noisyRise*was && is > noisyRise*begin
	}
	return lowerEta(HintRising, "the loss rises"+aboveBound(t.Lane)), rises
}

// restless: the loss goes up and down and no lower. Small batches are noise; all
// data, or many, are steps too long to settle.
func (t *trail) restless() (Hint, bool) {
	window := hintWindow
	if t.hyper.Batch != 0 {
		window = noisyWindow
	}
	older, newer := t.halves(window)
	stays := t.mean(newer) > progress*t.mean(older)
	if t.hyper.Batch == 0 {
		stays = t.least(newer) > progress*t.least(older)
	}
	if !stays || len(newer) < hintWindow/4 || upward(newer) < restless {
		return Hint{}, false
	}
	if t.hyper.Batch == 0 || t.hyper.Batch > smallBatch {
		return lowerEta(HintBouncing, "the loss goes up and down, and no lower"), true
	}
	hint := Hint{Kind: HintNoisy, Text: "noisy, and no lower: a larger batch", Key: "batch", Up: true}
	if !t.sampled.Mean() {
		hint.Text += ", and η down with it" // the gradient of a sum grows with the batch
	}
	return hint, true
}

// slow: the first steps have hardly brought the loss down, and not because they
// go too far.
func (t *trail) slow() (Hint, bool) {
	if t.excess(t.last()) < progress*t.excess(t.points[0]) || upward(t.points[max(0, len(t.points)-hintWindow):]) > restless {
		return Hint{}, false
	}
	if theory, ok := TheoryOf(t.Lane); ok && theory.Bound > 0 && 2*nextHyper(t.Lane).Eta > theory.BestEta {
		return Hint{}, false // that is as fast as one η goes on this ravine
	}
	return Hint{Kind: HintSlow, Text: "the loss hardly falls: a larger η", Key: "eta", Up: true}, true
}

// rare: most of some feature's gradients are 0, and the one η that the common
// features allow is too small for it.
func (t *trail) rare() (Hint, bool) {
	if t.sampled == nil || !t.descends() && !t.named("momentum", "nag") || !rareFeatures(t.sampled, t.theta) {
		return Hint{}, false
	}
	return otherRule(HintRare, "rare features hardly move", "an adaptive rule such as Adagrad", "adagrad"), true
}

const (
	// rareRows are looked at to find the rare features.
	rareRows = 32
	// rareShare is the share of rows in which a rare feature is 0 at least: one
	// that is there every eighth time gets steps eight times smaller.
	rareShare = 7.0 / 8
)

// rareFeatures reports whether some coordinate of most examples' gradients is 0.
func rareFeatures(p problem.Sampled, theta []float64) bool {
	rows := min(rareRows, p.Examples())
	gradient, row := make([]float64, len(theta)), make([]int32, 1)
	zeros := make([]int, len(theta))
	for i := range rows {
		row[0] = int32(i * p.Examples() / rows)
		p.EvaluateBatch(gradient, theta, row)
		for j, g := range gradient {
			if g == 0 {
				zeros[j]++
			}
		}
	}
	return float64(slices.Max(zeros)) >= rareShare*float64(rows) && slices.Min(zeros) < rows/2
}
