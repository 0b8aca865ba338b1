package problem

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize"

	"ravine/param"
)

// differentiable is a loss with its gradient.
type differentiable interface {
	Dim() int
	Loss(theta []float64) float64
	Evaluate(gradient, theta []float64) float64
}

// The search for minima.
const (
	searches     = 24   // points that it begins from, for a few parameters
	fewest       = 4    // for many
	manyToSearch = 50   // parameters
	newtonUpTo   = 200  // parameters of which a Hessian is factorized
	sameMinimum  = 1e-9 // of losses: the relative difference of minima that are equally good
	apart        = 1e-4 // of parameters: the least distance between two minima
)

// findMinima returns the lowest minima that quasi-Newton searches from start and from
// around it come to, polished by Newton steps; none where the loss falls on from each
// point that was found. That they are the lowest of all is not proven. Of minima that
// are not isolated, such as those of a valley, it is the one nearest to start.
func (p *own) findMinima(start []float64) []Optimum {
	random := rand.New(rand.NewPCG(1, 2))
	var found []Optimum
	for n := range max(fewest, searches*manyToSearch/max(manyToSearch, p.Dim()*p.Dim())) {
		theta := slices.Clone(start)
		if n > 0 {
			reach := math.Exp2(float64(n%8) - 2) // from a quarter to 32
			for i := range theta {
				theta[i] = theta[i]*float64(n%2) + reach*random.NormFloat64()
			}
		}
		if at, ok := descend(p, theta); ok {
			found = append(found, at)
		}
	}
	slices.SortStableFunc(found, func(a, b Optimum) int { return cmp.Compare(a.Loss, b.Loss) })
	gradient := make([]float64, p.Dim())
	unit := math.Abs(p.Evaluate(gradient, start))
	var minima []Optimum
	for _, at := range found {
		if len(minima) > 0 && at.Loss > minima[0].Loss+sameMinimum*max(unit, math.Abs(minima[0].Loss)) {
			break
		}
		if !slices.ContainsFunc(minima, func(other Optimum) bool { return near(at.Theta, other.Theta) }) && isLowest(p, at, unit) && !p.curvedDown(at.Theta) {
			minima = append(minima, at)
		}
	}
	if slices.ContainsFunc(minima, func(at Optimum) bool { return !p.isolated(at.Theta) }) {
		return []Optimum{slices.MinFunc(minima, func(a, b Optimum) int {
			return cmp.Compare(floats.Distance(a.Theta, start, 2), floats.Distance(b.Theta, start, 2))
		})}
	}
	return minima
}

// isolated reports whether J is curved upwards in every direction at theta: there are
// no other minima beside it.
func (p *own) isolated(theta []float64) bool {
	if p.Dim() > newtonUpTo {
		return true
	}
	hessian := mat.NewSymDense(p.Dim(), nil)
	p.hessian(hessian, theta)
	var cholesky mat.Cholesky
	return cholesky.Factorize(hessian) && cholesky.Cond() < 1e12
}

// curvedDown reports whether J is curved downwards in a direction at theta, as at a
// saddle.
func (p *own) curvedDown(theta []float64) bool {
	if p.Dim() > newtonUpTo {
		return false
	}
	const rounding = 1e-6 // of curvatures, beside the largest
	hessian := mat.NewSymDense(p.Dim(), nil)
	p.hessian(hessian, theta)
	var eigen mat.EigenSym
	if !isFinite(hessian.RawSymmetric().Data) || !eigen.Factorize(hessian, false) {
		return false
	}
	values := eigen.Values(nil)
	return values[0] < -rounding*math.Max(-values[0], values[len(values)-1])
}

// near reports whether two points are the same but for the search's error.
func near(a, b []float64) bool {
	for i, x := range a {
		if math.Abs(x-b[i]) > apart*(1+math.Abs(x)) {
			return false
		}
	}
	return true
}

// isLowest reports whether the loss falls no more than by rounding to either side of
// a point, along any parameter. It may have a kink there.
func isLowest(p differentiable, at Optimum, unit float64) bool {
	theta := slices.Clone(at.Theta)
	for i, x := range at.Theta {
		for _, side := range []float64{-1, 1} {
			theta[i] = x + side*apart*(1+math.Abs(x))
			if p.Loss(theta) < at.Loss-sameMinimum*max(unit, math.Abs(at.Loss)) {
				return false
			}
		}
		theta[i] = x
	}
	return true
}

// descend returns where a quasi-Newton search from theta ends.
func descend(p *own, theta []float64) (Optimum, bool) {
	gradient := make([]float64, p.Dim())
	if loss := p.Evaluate(gradient, theta); !param.Finite(loss) || !isFinite(gradient) {
		return Optimum{}, false
	}
	var method optimize.Method = &optimize.BFGS{}
	if p.Dim() > newtonUpTo {
		method = &optimize.LBFGS{}
	}
	result, _ := optimize.Minimize(optimize.Problem{Func: p.Loss, Grad: func(gradient, theta []float64) { p.Evaluate(gradient, theta) }},
		theta, &optimize.Settings{MajorIterations: 1000, FuncEvaluations: 20_000}, method) // an error is where a search ends: at a kink, at a minimum
	if result == nil || !param.Finite(result.F) || !isFinite(result.X) {
		return Optimum{}, false
	}
	best := result.X
	if p.Dim() <= newtonUpTo {
		best = polish(p, p.hessian, best)
	}
	return Optimum{Theta: best, Loss: p.Loss(best)}, true
}

// hessian stores the Hessian at theta.
func (p *own) hessian(hessian *mat.SymDense, theta []float64) {
	direction, product := make([]float64, p.Dim()), make([]float64, p.Dim())
	for i := range direction {
		direction[i] = 1
		p.HessianVector(product, theta, direction)
		direction[i] = 0
		for j := range i + 1 {
			hessian.SetSym(i, j, product[j])
		}
	}
}

// polish makes Newton steps from theta while they shrink the gradient, which is
// still accurate where the loss has lost its digits.
func polish(p differentiable, fill func(hessian *mat.SymDense, theta []float64), theta []float64) []float64 {
	gradient, step := mat.NewVecDense(p.Dim(), nil), mat.NewVecDense(p.Dim(), nil)
	p.Evaluate(gradient.RawVector().Data, theta)
	norm := mat.Norm(gradient, 2)
	hessian := mat.NewSymDense(p.Dim(), nil)
	for norm > 0 {
		fill(hessian, theta)
		var cholesky mat.Cholesky
		if !cholesky.Factorize(hessian) || cholesky.SolveVecTo(step, gradient) != nil {
			break
		}
		next := slices.Clone(theta)
		for i := range next {
			next[i] -= step.AtVec(i)
		}
		p.Evaluate(gradient.RawVector().Data, next)
		if !(mat.Norm(gradient, 2) < norm) {
			break
		}
		theta, norm = next, mat.Norm(gradient, 2)
	}
	return theta
}
