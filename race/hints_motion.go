package race

import "math"

// What the hints on motion rest on.
const (
	// swingWindow is the number of steps that must swing before it is said.
	swingWindow = 12
	// mostly is the share of them that must.
	mostly = 0.8
	// swingWidth is the width of the swing, relative to the creeping, that can be
	// seen on the surface.
	swingWidth = 0.2
	// lastingSwing is the factor a step by which a swing shrinks that lasts.
	lastingSwing = 0.8
	// hump is the rise from a trough of the loss that is no ripple.
	hump = 1.5
	// humpSteps is how long it lasts at least: a loss that is up in one step and
	// down in the next bounces.
	humpSteps = 3
	// usedUp is the share of the first step that is left of Adagrad's, where as
	// much of the gradient is not used up.
	usedUp = 0.05
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

func (t *trail) swing() swing {
	n := len(t.points)
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
// that dies away no later than the creeping does, η is right and the ravine is
// what is slow; where it outlasts it, η is too large.
func (t *trail) swinging() (Hint, bool) {
	if t.hyper.Batch != 0 || !t.descends() {
		return Hint{}, false
	}
	s := t.swing()
	switch {
	case !s.flips:
		return Hint{}, false
	case !s.creeps && s.flipRate > lastingSwing, s.creeps && s.width > swingWidth && 1-s.flipRate < (1-s.creepRate)/2:
		return lowerEta(HintBouncing, "every step goes too far, and back"), true
	case s.creeps && s.width > swingWidth:
		return otherRule(HintZigzag, "across the ravine and back, creeping along", "momentum", "momentum"), true
	}
	return Hint{}, false
}

// overshooting: the loss of a lane with velocity comes back up from a trough.
func (t *trail) overshooting() (Hint, bool) {
	nag := t.named("nag")
	if t.hyper.Batch != 0 || !nag && !t.named("momentum") || !t.humped() {
		return Hint{}, false
	}
	theory, known := TheoryOf(t.Lane)
	if known && !lessGammaHelps(t.values.optimizer.Name, theory, nextHyper(t.Lane).Eta, nextHyper(t.Lane).Gamma) {
		return Hint{}, false
	}
	if nag {
		return Hint{Kind: HintOvershoot, Text: "the velocity overshoots: a smaller γ", Key: "gamma"}, true
	}
	return otherRule(HintOvershoot, "the velocity overshoots", "NAG, or a smaller γ", "nag"), true
}

// humped reports whether the loss has come back up of late.
func (t *trail) humped() bool {
	points := t.points[max(0, len(t.points)-hintWindow):]
	trough, run := t.excess(points[0]), 0
	for i := 1; i < len(points); i++ {
		loss := t.excess(points[i])
		if loss < t.excess(points[i-1]) {
			trough, run = loss, 0
			continue
		}
		run++
		if run >= humpSteps && loss > hump*trough {
			return true
		}
	}
	return false
}

// lessGammaHelps reports whether the rate gets better with a smaller γ: not so
// where what swings is across the ravine, and along it the velocity is wanted.
func lessGammaHelps(optimizer string, t Theory, eta, gamma float64) bool {
	worst := func(gamma float64) float64 {
		return max(rate(optimizer, eta*t.LambdaMin, gamma), rate(optimizer, eta*t.LambdaMax, gamma))
	}
	return worst(0.95*gamma) < worst(gamma)
}

// shrunk: Adagrad divides by a sum that only grows, so the steps end before the
// way does.
func (t *trail) shrunk() (Hint, bool) {
	if !t.named("adagrad") || len(t.points) < hintWindow {
		return Hint{}, false
	}
	older, newer := t.halves(hintWindow)
	if t.mean(newer) < progress*t.mean(older) || t.speed(t.history.Len()-1) > usedUp*t.speed(1) {
		return Hint{}, false
	}
	return otherRule(HintShrunk, "Adagrad's steps have shrunk to nothing", "RMSprop", "rmsprop"), true
}

// speed returns the length of a step that led to a point of the history.
func (t *trail) speed(i int) float64 {
	sum := 0.0
	for j, x := range t.history.Theta(i) {
		sum += square(x - t.history.Theta(i - 1)[j])
	}
	return math.Sqrt(sum) / float64(t.history.Point(i).Step-t.history.Point(i-1).Step)
}
