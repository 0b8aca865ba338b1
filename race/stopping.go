package race

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"ravine/problem"
)

// divergedAt is the growth of the loss at which a lane counts as diverged: over
// its value at the race's start or at the yardstick, whichever is larger.
const divergedAt = 1e12

// flattest bounds what the tolerance may hide where the loss is flat: with a
// gradient at the tolerance, about tol times so many of the distance from the
// yardstick to the best optimum are still to go.
const flattest = 1000

// limits are the bounds that decide every lane's status. But for loss, they are
// the problem's own: where a lane comes from has no part in them.
type limits struct {
	gradientNorm float64 // stationary at or below; negative for never
	square       float64 // of the gradient's norm; above, it is clearly too large
	loss         float64 // diverged above
}

// limitsOn returns the limits of a race on p that begins with that loss.
//
// A gradient is small as measured by the problem's own, at its yardstick, so
// that the verdict is the same in whatever unit the data or the loss are; and
// also where it is no larger than rounding θ makes it at an optimum.
func limitsOn(p problem.Problem, tol, startLoss float64) limits {
	stick, scale := yardstick(p)
	l := limits{gradientNorm: max(tol*scale, roundingAt(p.Optima(), p)), loss: max(math.Abs(startLoss), math.Abs(p.Loss(stick)))}
	if !finite(l.loss) || l.loss == 0 {
		l.loss = max(1, math.Abs(startLoss))
	}
	l.loss *= divergedAt
	l.square = 1.001 * l.gradientNorm * l.gradientNorm
	if tol == 0 {
		l.gradientNorm, l.square = -1, -1
	}
	return l
}

// yardstick returns the point at which the problem's own gradient is taken, and
// its norm there: the problem's start or, for a linear fit, whose start knows
// nothing of the data's scale, θ = 0. Where the gradient is 0 or not finite it is
// the next of these, and then the corner of the problem's view; and the norm is 0
// where that has none either.
func yardstick(p problem.Problem) (stick []float64, scale float64) {
	corner, origin := make([]float64, p.Dim()), make([]float64, p.Dim())
	for i, side := range p.View() {
		corner[i] = side.Low
	}
	sticks := [][]float64{p.Start(), corner}
	if _, linear := p.(linearFit); linear {
		sticks = slices.Insert(sticks, 0, origin)
	}
	gradient := make([]float64, p.Dim())
	for _, stick = range sticks {
		p.Evaluate(gradient, stick)
		if scale = norm(gradient); finite(scale) && scale > 0 {
			if flat := flattest * leastCurvature(p) * floats.Distance(stick, p.Optima()[0].Theta, 2); flat > 0 {
				scale = min(scale, flat)
			}
			return stick, scale
		}
	}
	return stick, 0
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
			if !finite(entry) {
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

// epsilon is the distance from 1 to the next number.
const epsilon = 0x1p-52

// roundingAt returns the norm that the gradient may have at one of the optima
// because θ is rounded: what it is there, and what the last digit of each
// parameter makes of it.
func roundingAt(optima []problem.Optimum, p problem.Problem) float64 {
	gradient, near := make([]float64, p.Dim()), make([]float64, p.Dim())
	largest := 0.0
	for _, optimum := range optima {
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
		if finite(limit) {
			largest = max(largest, limit)
		}
	}
	return largest
}
