package race

import (
	"fmt"
	"slices"

	"ravine/optim"
	"ravine/param"
	"ravine/problem"
)

// HintKind says what a hint has seen.
type HintKind int

// The kinds.
const (
	HintRising    HintKind = iota // the loss grows
	HintSlow                      // the loss hardly falls from the first step on
	HintRare                      // features that are mostly 0, under one η for all
	HintZigzag                    // across the ravine and back, creeping along it
	HintOvershoot                 // the velocity passes the optimum
	HintBouncing                  // to and fro, and the loss no lower
	HintNoisy                     // the same, where batches are drawn
	HintShrunk                    // Adagrad's steps are used up
	HintElsewhere                 // no gradient is left, above the best optimum
)

// Hint is one line of advice on a lane, in the manner of the talk.
type Hint struct {
	Kind HintKind
	Text string // "try a larger η: the loss hardly falls", at most 60 columns
	Key  string // what to change: "eta", "gamma", "batch", or "start"; empty where the advice is another rule
	Up   bool   // which way
	Rule string // the optimizer to try, where the advice is another rule: "momentum"
}

// What a hint rests on. Numbers of steps are points of the history, which stand
// for more than one step each when a lane has made more than it remembers.
const (
	// firstSteps are awaited before anything is said: one or two steps look like
	// anything.
	firstSteps = 10
	// hintWindow is long enough to see a few periods of a bounce and short enough
	// that what is over is forgotten.
	hintWindow = 64
	// longWindow is for what takes longer: the mean of noise to settle, the
	// velocity to swing.
	longWindow = 400
	// enough is the share of the starting loss from which nobody needs advice.
	enough = 1e-6
	// progress is the factor by which the loss falls over half a window at least,
	// or over the first steps, unless the lane gets nowhere.
	progress = 0.9
	// noisyProgress is the same where noise moves the means themselves.
	noisyProgress = 0.75
	// risen is the growth over the start, beyond rounding, that is a rise.
	risen = 1.05
	// noisyRise is the same for the mean of losses that jump with every batch.
	noisyRise = 2
	// restless is the share of steps at which a loss that bounces turns. Two
	// thirds do in pure noise, none where descent is smooth, few where it swings.
	restless = 0.25
	// farBelow is how many times η is below its best where it is plainly too small,
	// and halfLeft the part of the loss of which more is left then.
	farBelow = 5.0
	halfLeft = 0.5
	// creep is the part of the loss that half a window leaves where a lane creeps.
	creep = 0.8
	// settles is the factor by which a bounce shrinks over half a window at least,
	// if it settles by itself.
	settles = 0.5
	// visible is the length of a step, relative to the way gone so far, that is
	// more than rounding.
	visible = 1e-4
	// noise is the height, relative to the loss, of the jumps that small batches
	// make when they are what keeps it from falling.
	noise = 0.25
	// smallBatch is the size up to which noise is put down to it, and above which
	// to η.
	smallBatch = 8
)

// Advise returns the most useful hint on a lane as it stands, and whether there
// is any. A lane that has converged, or almost, gets none, and none is said in
// the first steps after the start or a change of the lane's values, except that
// it has diverged.
func Advise(l *Lane) (Hint, bool) {
	hint, ok := advise(l)
	if hint.Key == optim.Eta && !param.Has(l.Parameters(), optim.Eta) {
		return Hint{}, false
	}
	return hint, ok
}

func advise(l *Lane) (Hint, bool) {
	switch {
	case l.status == Diverged:
		above, _ := aboveBound(l)
		return lowerEta(HintRising, "diverged"+above), true
	case l.status == Converged || len(l.problem.Optima()) == 0: // what is slow depends on how far there is to go
		return Hint{}, false
	case l.status != Running:
		seen := fmt.Sprintf("%s, %s above best", l.Status().place(), param.Pretty(l.AboveBest(), 3))
		return Hint{Kind: HintElsewhere, Text: try("another start", seen), Key: "start"}, true
	}
	t := recentStepsOf(l)
	if t.count <= firstSteps || !(t.span(t.recent(hintWindow)).mean > enough*t.begin) {
		return Hint{}, false
	}
	for _, look := range [...]func(*recentSteps) (Hint, bool){
		(*recentSteps).rising, (*recentSteps).slow, (*recentSteps).rare, (*recentSteps).swinging,
		(*recentSteps).overshooting, (*recentSteps).bouncing, (*recentSteps).noisy, (*recentSteps).shrunk,
	} {
		if hint, ok := look(t); ok {
			return hint, true
		}
	}
	return Hint{}, false
}

// try begins with the advice, which is to be left where the line is cut.
func try(advice, seen string) string { return "try " + advice + ": " + seen }

func lowerEta(kind HintKind, seen string) Hint {
	return Hint{Kind: kind, Text: try("a smaller η", seen), Key: optim.Eta}
}

func otherRule(kind HintKind, seen, title, name string) Hint {
	return Hint{Kind: kind, Text: try(title, seen), Rule: name}
}

// aboveBound names the bound that η is above, if it is and one is known.
func aboveBound(l *Lane) (text string, known bool) {
	theory, ok := TheoryOf(l)
	known = ok && theory.Bound > 0
	if known && l.Hyper().Eta > theory.Bound {
		text = ", η > " + theory.BoundText
	}
	return text, known
}

// rising: the loss is above where it began, and does not come down. Below the
// bound it does in the end, though momentum may lift it at first.
func (t *recentSteps) rising() (Hint, bool) {
	begin := t.excess(t.opening)
	older, newer := t.halves(hintWindow)
	rises := newer.mean > progress*older.mean && t.excess(t.last()) > risen*begin
	if t.hyper.Batch != 0 {
		rises = newer.mean > noisyRise*older.mean && newer.mean > noisyRise*begin
	}
	above, known := aboveBound(t.Lane)
	return lowerEta(HintRising, "the loss rises"+above), rises && (above != "" || !known)
}

// bouncing: over all data, the loss goes up and down as much as before, and no
// lower: the steps are too long to settle.
func (t *recentSteps) bouncing() (Hint, bool) {
	if t.hyper.Batch != 0 || t.count < hintWindow {
		return Hint{}, false
	}
	older, newer := t.halves(2 * hintWindow)
	s := t.swing()
	restlessLoss := newer.height >= settles*older.height && turns(t.recent(2*hintWindow)) > restless
	bounces := newer.mean > progress*older.mean &&
		(restlessLoss || s.flips && s.flipRate > lastingSwing) && t.moves()
	return lowerEta(HintBouncing, "to and fro, and the loss no lower"), bounces
}

// noisy: every batch leads elsewhere, and their mean no lower.
func (t *recentSteps) noisy() (Hint, bool) {
	if t.hyper.Batch == 0 || t.count < longWindow {
		return Hint{}, false
	}
	older, newer := t.halves(longWindow)
	if newer.mean < noisyProgress*older.mean || newer.height < noise*newer.mean || turns(t.recent(longWindow)) < restless {
		return Hint{}, false
	}
	const seen = "noisy, and no lower"
	if t.hyper.Batch > smallBatch {
		return lowerEta(HintNoisy, seen), true
	}
	advice := "a larger batch"
	if !t.sampled.Mean() {
		advice += ", and η down with it" // the gradient of a sum grows with the batch
	}
	return Hint{Kind: HintNoisy, Text: try(advice, seen), Key: optim.Batch, Up: true}, true
}

// slow: the steps have hardly brought the loss down, and not because they go too
// far. Where theory knows a far larger η, less patience is needed.
func (t *recentSteps) slow() (Hint, bool) {
	fallen := t.excess(t.last()) / t.excess(t.opening)
	left := progress
	theory, known := TheoryOf(t.Lane)
	if known && t.Hyper().Eta < theory.BestEta/farBelow {
		left = halfLeft
	}
	if t.etaIsLarge() {
		return t.creeping()
	}
	if fallen < left || fallen > risen {
		return Hint{}, false
	}
	_, newer := t.halves(hintWindow)
	smooth := newer.height == 0 || turns(t.recent(hintWindow)) < restless
	if t.hyper.Batch != 0 {
		smooth = newer.height < noise*newer.mean
	}
	return Hint{Kind: HintSlow, Text: try("a larger η", "the loss hardly falls"), Key: optim.Eta, Up: true}, smooth
}

// creeping: η can hardly be larger, and yet the loss falls slowly: it is the
// ravine, along which plain descent creeps even where it swings no more.
func (t *recentSteps) creeping() (Hint, bool) {
	older, newer := t.halves(hintWindow)
	creeps := t.descends() && t.hyper.Batch == 0 && newer.mean > creep*older.mean && newer.mean < older.mean
	return otherRule(HintZigzag, "creeping along the ravine", "momentum", "momentum"), creeps
}

// etaIsLarge reports whether η is known to be near its best or above: where the
// lane is slow all the same, it is the ravine.
func (t *recentSteps) etaIsLarge() bool {
	theory, known := TheoryOf(t.Lane)
	return known && t.Hyper().Eta > theory.BestEta/2
}

// rare: most of some feature's gradients are 0, and the one η that the common
// features allow is too small for it.
func (t *recentSteps) rare() (Hint, bool) {
	if t.sampled == nil || !t.descends() && !t.values.optimizer.Dynamics.HasVelocity() || !rareFeatures(t.sampled, t.theta) {
		return Hint{}, false
	}
	return otherRule(HintRare, "rare features hardly move", "Adagrad or the like", "adagrad"), true
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
