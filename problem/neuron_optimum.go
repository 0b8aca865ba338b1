package problem

import (
	"cmp"
	"math"
	"slices"
	"sort"

	"gonum.org/v1/gonum/mat"
)

// The grid of units on which neuron's minimum is searched.
const (
	searched    = 1000 // examples at most: with more, noise cannot outweigh the true unit
	flattest    = 0.1  // |w| of the first level
	levelRatio  = 1.5  // of |w| from level to level
	biasSpacing = 0.75 // of b in a level
	saturated   = 4.0  // |wx+b| from where on the grid takes tanh for ±1
	descents    = 32   // from the grid's best units
	steepest    = 10   // |w| an example: neighbours are saturated to the last digit
)

// sameLoss is the relative difference from which on one loss is lower than another.
const sameLoss = 1e-12

// far is the size of θ above which the unit is hardly more than a step.
const far = 20

// findOptimum returns the lowest point of the descents from the unit that the
// data are made from and from the best of a grid. With noise there may be no
// minimum, but a unit that fits better the steeper it is: then the point is one
// from where the loss falls by less than sameLoss.
func (p *neuron) findOptimum() Optimum {
	best := p.descend([]float64{trueWeight, trueBias})
	for _, unit := range p.promising() {
		if found := p.descend(unit.Theta); found.Loss < best.Loss*(1-sameLoss) {
			best = found
		}
	}
	if math.Hypot(best.Theta[0], best.Theta[1]) > far {
		return best
	}
	theta := polish(p, func(h *mat.SymDense, theta []float64) { p.hessian(h, theta) }, best.Theta)
	return Optimum{Theta: theta, Loss: p.Loss(theta)}
}

// promising returns the best units of a grid from nearly flat ones to steps
// between two examples, rising and falling. It is of about n·log n units.
func (p *neuron) promising() []Optimum {
	n := len(p.inputs)
	if n > searched {
		return nil
	}
	steps := newStepLosses(p)
	var units []Optimum
	last := levelRatio * 2 * saturated * float64(n) / (inputHigh - inputLow) // a step between neighbours
	for steepness := flattest; steepness < last; steepness *= levelRatio {
		for _, w := range []float64{steepness, -steepness} {
			before, here := math.Inf(1), math.Inf(1)
			reach := steepness*inputHigh + saturated
			for b := -reach; b <= reach+2*biasSpacing; b += biasSpacing {
				next := steps.loss(w, b)
				if here < before && here <= next {
					units = append(units, Optimum{Theta: []float64{w, b - biasSpacing}, Loss: here})
				}
				before, here = here, next
			}
		}
	}
	slices.SortStableFunc(units, func(a, b Optimum) int { return cmp.Compare(a.Loss, b.Loss) })
	return units[:min(len(units), descents)]
}

// stepLosses are prefix sums of the examples' squared errors, for a unit that is
// saturated on them.
type stepLosses struct {
	*neuron
	high, low []float64 // where its output is 1, and −1
}

func newStepLosses(p *neuron) stepLosses {
	n := len(p.inputs)
	s := stepLosses{p, make([]float64, n+1), make([]float64, n+1)}
	for i, y := range p.targets {
		s.high[i+1] = s.high[i] + (1-y)*(1-y)
		s.low[i+1] = s.low[i] + (1+y)*(1+y)
	}
	return s
}

// loss approximates J(w, b): only the examples where the unit is not saturated are
// evaluated.
func (s stepLosses) loss(w, b float64) float64 {
	left, right := s.low, s.high
	if w < 0 {
		left, right = right, left
	}
	middle, half := -b/w, saturated/math.Abs(w)
	from := sort.SearchFloat64s(s.inputs, middle-half)
	to := sort.SearchFloat64s(s.inputs, middle+half)
	squares := left[from] + right[len(s.inputs)] - right[to]
	for i := from; i < to; i++ {
		residual := s.Predict([]float64{w, b}, s.inputs[i]) - s.targets[i]
		squares += residual * residual
	}
	return squares / 2
}

// descend makes Newton steps from theta, damped so that each lowers the loss, and
// ends where none lowers it by more than sameLoss.
func (p *neuron) descend(theta []float64) Optimum {
	at := Optimum{Theta: theta, Loss: p.Loss(theta)}
	gradient, step := mat.NewVecDense(2, nil), mat.NewVecDense(2, nil)
	hessian := mat.NewSymDense(2, nil)
	const least, most = 1e-12, 1e6
	for damping := least; damping < most; {
		p.Evaluate(gradient.RawVector().Data, at.Theta)
		slopes := p.hessian(hessian, at.Theta)
		for j, slope := range slopes {
			hessian.SetSym(j, j, hessian.At(j, j)+damping*slope)
		}
		damping *= 10
		var cholesky mat.Cholesky
		if !cholesky.Factorize(hessian) || cholesky.SolveVecTo(step, gradient) != nil {
			continue
		}
		next := []float64{at.Theta[0] - step.AtVec(0), at.Theta[1] - step.AtVec(1)}
		if math.Abs(next[0]) > steepest*float64(len(p.inputs)) {
			continue
		}
		if loss := p.Loss(next); loss < at.Loss*(1-sameLoss) {
			at = Optimum{Theta: next, Loss: loss}
			damping = max(least, damping/1000)
		}
	}
	return at
}

// hessian stores the Hessian of J at theta, and returns the diagonal of the part
// that is due to the slopes alone (Gauss and Newton's).
func (p *neuron) hessian(hessian *mat.SymDense, theta []float64) [2]float64 {
	var ww, wb, bb float64
	var slopes [2]float64
	for i, x := range p.inputs {
		output := math.Tanh(theta[0]*x + theta[1])
		slope := 1 - output*output
		slopes[0] += slope * slope * x * x
		slopes[1] += slope * slope
		curvature := slope*slope - 2*(output-p.targets[i])*output*slope
		ww += curvature * x * x
		wb += curvature * x
		bb += curvature
	}
	hessian.SetSym(0, 0, ww)
	hessian.SetSym(0, 1, wb)
	hessian.SetSym(1, 1, bb)
	return slopes
}
