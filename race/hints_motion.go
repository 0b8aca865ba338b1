package race

import (
	"math"

	"ravine/optim"
)

// What the hints on motion rest on.
const (
	// swingWindow is the number of steps that must swing before it is said.
	swingWindow = 12
	// mostly is the share of them that must.
	mostly = 0.8
	// swingWidth is the width of the swing, relative to the creeping, that can be
	// seen on the surface.
	swingWidth = 0.2
	// lastingSwing is the factor a step by which a swing that lasts shrinks: to
	// half in a dozen steps.
	lastingSwing = 0.95
	// hump is the rise from a trough of the loss that is no ripple.
	hump = 1.5
	// humpSteps is how long it lasts at least: a loss that is up in one step and
	// down in the next bounces.
	humpSteps = 2
	// worthwhile is the share of the loss that the gradient promises over the
	// distance gone so far, from which on it is worth going on.
	worthwhile = 0.1
)

// swing is what the last steps of a lane have in common. Of two steps in a row,
// half the difference is what changes its sign from step to step, half the sum
// what does not; that holds whichever way the ravine is turned.
type swing struct {
	flips, creeps bool    // whether each part is there throughout
	width         float64 // size of the part that flips, relative to the other
	flipRate      float64 // factor by which a step shrinks it
	creepRate     float64 // factor by which a step shrinks the other
}

func (t *recentSteps) swing() swing {
	n := t.count
	if !t.single() || n < swingWindow+4 {
		return swing{}
	}
	var s swing
	var flips, creeps int
	var across, along [swingWindow + 1]float64 // sizes of the two parts
	lastAcross, lastAlong := make([]float64, len(t.theta)), make([]float64, len(t.theta))
	for i := range across {
		at := t.first + n - len(across) + i
		a, b, c := t.history.Theta(at-2), t.history.Theta(at-1), t.history.Theta(at)
		var turnAcross, turnAlong float64
		for j := range c {
			before, now := b[j]-a[j], c[j]-b[j]
			x, y := (now-before)/2, (now+before)/2
			turnAcross += x * lastAcross[j]
			turnAlong += y * lastAlong[j]
			across[i] += x * x
			along[i] += y * y
			lastAcross[j], lastAlong[j] = x, y
		}
		if i > 0 && turnAcross < 0 {
			flips++
		}
		if i > 0 && turnAlong > 0 {
			creeps++
		}
	}
	s.flips, s.creeps = float64(flips) >= mostly*swingWindow, float64(creeps) >= mostly*swingWindow
	s.width = math.Sqrt(across[swingWindow] / along[swingWindow])
	s.flipRate = math.Pow(across[swingWindow]/across[0], 0.5/swingWindow)
	s.creepRate = math.Pow(along[swingWindow]/along[0], 0.5/swingWindow)
	return s
}

// swinging: plain descent on all data goes across the ravine and back. Where
// that dies away, or η is known to be right, the ravine is what is slow; else η
// is too large.
func (t *recentSteps) swinging() (Hint, bool) {
	if t.hyper.Batch != 0 || !t.descends() || !t.moves() {
		return Hint{}, false
	}
	s := t.swing()
	theory, known := TheoryOf(t.Lane)
	lasts := s.flipRate > lastingSwing
	if known {
		lasts = lasts && t.Hyper().Eta > theory.BestEta
	}
	switch {
	case s.flips && lasts && (!s.creeps || s.flipRate > s.creepRate):
		return lowerEta(HintBouncing, "every step goes too far, and back"), true
	case s.flips && s.creeps && s.width > swingWidth:
		return otherRule(HintZigzag, "across the ravine and back, creeping along", "momentum", "momentum"), true
	}
	return Hint{}, false
}

// overshooting: the velocity carries a lane past the optimum and back. On a
// quadratic loss once is enough to know, elsewhere it may have been a bend.
func (t *recentSteps) overshooting() (Hint, bool) {
	dynamics, hyper := t.values.optimizer.Dynamics, t.Hyper()
	if hyper.Batch != 0 || !dynamics.HasVelocity() {
		return Hint{}, false
	}
	humps := t.humps()
	theory, known := TheoryOf(t.Lane)
	switch {
	case humps == 0, !known && humps == 1, known && !lessGammaHelps(dynamics, theory, hyper.Eta, hyper.Gamma):
		return Hint{}, false
	case dynamics == optim.Nesterov, known && rate(optim.Nesterov, hyper.Eta*theory.LambdaMax, hyper.Gamma) >= 1: // NAG bears less η
		return Hint{Kind: HintOvershoot, Text: try("a smaller γ", "the velocity overshoots"), Key: optim.Gamma}, true
	}
	return otherRule(HintOvershoot, "the velocity overshoots", "NAG, or a smaller γ", "nag"), true
}

// humps returns how often the loss has come back up of late.
func (t *recentSteps) humps() int {
	points := t.recent(longWindow)
	trough, run, count := t.excess(points[0]), 0, 0
	counted := false
	for i := 1; i < len(points); i++ {
		loss := t.excess(points[i])
		if loss < t.excess(points[i-1]) {
			trough, run, counted = loss, 0, false
			continue
		}
		run++
		if !counted && run >= humpSteps && loss > hump*trough {
			count++
			counted = true
		}
	}
	return count
}

// lessGammaHelps reports whether the rate gets better with a smaller γ: not so
// where what swings is across the ravine, and along it the velocity is wanted.
func lessGammaHelps(dynamics optim.Dynamics, t Theory, eta, gamma float64) bool {
	worst := func(gamma float64) float64 {
		return max(rate(dynamics, eta*t.LambdaMin, gamma), rate(dynamics, eta*t.LambdaMax, gamma))
	}
	return worst(0.95*gamma) < worst(gamma)
}

// shrunk: the rule divides by a sum that only grows, so the steps end before the
// path does.
func (t *recentSteps) shrunk() (Hint, bool) {
	if t.values.optimizer.Dynamics != optim.Shrinking || t.hyper.Batch != 0 || t.count < hintWindow {
		return Hint{}, false
	}
	older, newer := t.halves(hintWindow)
	promised := norm(t.full) * length(t.theta, t.start)
	if newer.mean < progress*older.mean || promised < worthwhile*newer.mean {
		return Hint{}, false
	}
	return otherRule(HintShrunk, t.values.optimizer.Title+"'s steps have shrunk to nothing", "RMSprop", "rmsprop"), true
}

// moves reports whether the last step was more than rounding.
func (t *recentSteps) moves() bool {
	return length(t.theta, t.previous) > visible*min(length(t.theta, t.start), t.limits.distance)
}

// length returns that of a − b.
func length(a, b []float64) float64 {
	sum := 0.0
	for i := range a {
		sum += square(a[i] - b[i])
	}
	return math.Sqrt(sum)
}
