package race

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"ravine/param"
	"ravine/problem"
)

// divergedAt is the growth of the loss at which a lane counts as diverged: over
// its value at the race's start or at the reference, whichever is larger.
const divergedAt = 1e12

// Status says whether a lane goes on and, where it does not, what has stopped it.
type Status int

// The statuses. A lane that is not Running stays where it is. Between Converged
// and Diverged are those of a lane whose gradient has vanished elsewhere than at
// the best optimum that is known, by the curvature there.
const (
	Running      Status = iota
	Converged           // as low as the best optimum, as far as the tolerance tells
	LocalMinimum        // curved upwards in every direction
	Saddle              // upwards and downwards
	Maximum             // downwards
	Plateau             // hardly curved, upwards or not at all
	Diverged

	elsewhere // one of those between, not yet looked at which
)

// String returns the word for the output.
func (s Status) String() string {
	return [...]string{"running", "converged", "local-min", "saddle", "maximum", "plateau", "diverged"}[s]
}

// Predicate returns what is said of a lane with that status: "has converged".
func (s Status) Predicate() string {
	if s.IsElsewhere() {
		return "has stopped " + s.place()
	}
	return [...]string{Running: "is running", Converged: "has converged", Diverged: "has diverged"}[s]
}

// place says where a lane is whose gradient has vanished elsewhere than at the
// best optimum.
func (s Status) place() string {
	return [...]string{LocalMinimum: "at a local minimum", Saddle: "at a saddle", Maximum: "at a maximum", Plateau: "on a plateau"}[s]
}

// IsElsewhere reports whether a lane's gradient has vanished above the best optimum.
func (s Status) IsElsewhere() bool { return s > Converged && s < Diverged }

// flattest bounds what the tolerance may hide where the loss is flat: with a
// gradient at the tolerance, about tol times so many of the distance from the
// reference to the best optimum are still to go.
const flattest = 1000

// limits are the bounds that decide every lane's status. But for loss, they are
// the problem's own: where a lane comes from has no part in them.
type limits struct {
	gradientNorm float64 // stationary at or below; negative for never
	best         float64 // loss at or below which a stationary point is as good as the best optimum
	curvature    float64 // of a direction that counts as flat, at most
	ownLoss      float64 // that at the reference, above the best
	distance     float64 // from the reference to the best optimum
	loss         float64 // diverged above, or below its negative
}

// limitsOn returns the limits of a race on p that begins with that loss.
//
// A gradient is small as measured by the problem's own, at its reference, so
// that the verdict is the same in whatever unit the data or the loss are; and
// also where it is no larger than rounding θ makes it at an optimum.
func limitsOn(p problem.Problem, tol, startLoss float64) limits {
	point, own := reference(p)
	best, distance, known := problem.Optimum{Loss: math.Inf(-1)}, p.Scale(point, 0).Distance, len(p.Optima()) > 0
	if known {
		best = p.Optima()[0]
		distance = floats.Distance(point, best.Theta, 2)
	}
	least := leastCurvature(p)
	scale := own
	if flat := flattest * least * distance; flat > 0 {
		scale = min(own, flat)
	}
	rounding := roundingAt(p)
	if rounding > kink*own {
		rounding = 0
	}
	l := limits{gradientNorm: max(tol*scale, rounding), curvature: flatness * own / distance, ownLoss: p.Loss(point) - best.Loss,
		distance: distance}
	if !param.Finite(l.ownLoss) || l.ownLoss <= 0 {
		l.ownLoss = 1
	}
	l.loss = divergedAt * max(l.ownLoss, math.Abs(startLoss))

	// What a gradient at the limit leaves of the loss to gain is half of its square
	// over the curvature, or less than it times the distance.
	left := 4 * l.gradientNorm / 2 * (l.gradientNorm / least)
	if least <= 0 {
		left = l.gradientNorm * distance
	}
	if l.best = best.Loss; known {
		l.best += left + lossError*math.Abs(best.Loss)
	}
	if tol == 0 {
		l.gradientNorm = -1
	}
	return l
}

const (
	// kink is the gradient beside an optimum, relative to the problem's own, from which
	// on no rounding is the cause: the loss has a kink there.
	kink = 0.1
	// lossError is the error of a loss, relative to its size.
	lossError = 1e-12
	// flatness is the curvature, relative to that on the way from the reference to
	// the best optimum, up to which a direction is as good as flat.
	flatness = 1e-6
)

// reference returns the point at which the problem's own gradient is taken, and
// its norm there: the problem's start or, for a linear fit, whose start knows
// nothing of the data's scale, θ = 0. Where the gradient is 0 or not finite it is
// the next of these, and then the corner of the problem's view; and the norm is 0
// where that has none either.
func reference(p problem.Problem) (point []float64, own float64) {
	corner, origin := make([]float64, p.Dim()), make([]float64, p.Dim())
	for i, side := range p.View() {
		corner[i] = side.Low
	}
	candidates := [][]float64{p.Start(), corner}
	if _, linear := p.(linearFit); linear {
		candidates = slices.Insert(candidates, 0, origin)
	}
	gradient := make([]float64, p.Dim())
	for _, point = range candidates {
		p.Evaluate(gradient, point)
		if own = norm(gradient); param.Finite(own) && own > 0 {
			return point, own
		}
	}
	return point, 0
}

// linearFit is what a linear model fitted to data is.
type linearFit interface {
	problem.Sampled
	problem.Quadratic
}

// leastCurvature returns the least curvature at the best optimum, of those that
// can be told from 0; or 0 where there is none.
func leastCurvature(p problem.Problem) float64 {
	if quadratic, ok := p.(problem.Quadratic); ok {
		for _, lambda := range quadratic.Eigenvalues() {
			if lambda > 0 {
				return lambda
			}
		}
		return 0
	}
	if len(p.Optima()) == 0 {
		return 0
	}
	eigenvalues := curvatures(p, p.Optima()[0].Theta)
	if len(eigenvalues) == 0 {
		return 0
	}
	return max(eigenvalues[0], curvatureError*eigenvalues[len(eigenvalues)-1])
}

// curvatureError is the error of curvatures, relative to the largest.
const curvatureError = 1e-9

// curvatures returns the eigenvalues of the Hessian at θ, ascending, from central
// differences of the gradient; none where they are not finite.
func curvatures(p problem.Problem, theta []float64) []float64 {
	dim := p.Dim()
	view := p.View()
	at := slices.Clone(theta)
	above, below := make([]float64, dim), make([]float64, dim)
	differences := mat.NewDense(dim, dim, nil)
	for i, x := range theta {
		h := math.Cbrt(epsilon) * max(math.Abs(x), view[i].High-view[i].Low)
		at[i] = x + h
		p.Evaluate(above, at)
		at[i] = x - h
		p.Evaluate(below, at)
		at[i] = x
		for j := range dim {
			differences.Set(i, j, (above[j]-below[j])/(2*h))
		}
	}
	hessian := mat.NewSymDense(dim, nil)
	for i := range dim {
		for j := range i + 1 {
			entry := (differences.At(i, j) + differences.At(j, i)) / 2
			if !param.Finite(entry) {
				return nil
			}
			hessian.SetSym(i, j, entry)
		}
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(hessian, false) {
		return nil
	}
	return eigen.Values(nil)
}

// settle finds out where a lane has stopped whose gradient has vanished.
func (l *Lane) settle() Status {
	eigenvalues := curvatures(l.problem, l.theta)
	if len(eigenvalues) == 0 {
		return Plateau
	}
	least, most := eigenvalues[0], eigenvalues[len(eigenvalues)-1]
	flat := max(l.limits.curvature, curvatureError*max(-least, most))
	switch {
	case most < -flat:
		return Maximum
	case least < -flat:
		return Saddle
	case least > flat:
		return LocalMinimum
	}
	return Plateau
}

// AboveBest returns how far the loss is above that of the best optimum known; 0
// where it is not, NaN where none is known.
func (l *Lane) AboveBest() float64 {
	if len(l.problem.Optima()) == 0 {
		return math.NaN()
	}
	return max(0, l.loss-l.problem.Optima()[0].Loss)
}

// Reason says by what the lane was stopped, and nothing while it goes on.
func (l *Lane) Reason() string {
	status := l.Status()
	switch {
	case status == Running:
		return ""
	case status == Diverged && l.loss > l.limits.loss:
		return "the loss is more than 10¹² times what it was"
	case status == Diverged && l.loss < -l.limits.loss:
		return "the loss falls without end"
	case status == Diverged:
		return "the next step would be non-finite"
	}
	reason := fmt.Sprintf("‖∇J‖ = %s is within the tolerance, %s", param.Pretty(l.GradientNorm(), 2), param.Pretty(l.limits.gradientNorm, 2))
	if above := l.AboveBest(); status != Converged && above == above {
		reason += fmt.Sprintf(", and the loss %s above the best", param.Pretty(l.AboveBest(), 3))
	}
	return reason
}

// epsilon is the distance from 1 to the next number.
const epsilon = 0x1p-52

// roundingAt returns the norm that the gradient may have at one of the optima
// because θ is rounded: what it is there, and what the last digit of each
// parameter makes of it.
func roundingAt(p problem.Problem) float64 {
	gradient, near := make([]float64, p.Dim()), make([]float64, p.Dim())
	largest := 0.0
	for _, optimum := range p.Optima() {
		at := slices.Clone(optimum.Theta)
		p.Evaluate(gradient, at)
		limit := norm(gradient)
		for i, x := range optimum.Theta {
			change := 0.0
			for _, to := range []float64{math.Inf(-1), math.Inf(1)} {
				at[i] = math.Nextafter(x, to)
				p.Evaluate(near, at)
				change = max(change, floats.Distance(near, gradient, 2))
			}
			at[i] = x
			limit += change
		}
		if param.Finite(limit) {
			largest = max(largest, limit)
		}
	}
	return largest
}
