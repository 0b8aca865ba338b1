package problem

import (
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"ravine/param"
)

// mostFitted bounds the examples that the search for a fit's minimum goes through.
const mostFitted = 30_000_000

// findBest returns the lowest minimum that is found from start and around it.
func (p *fit) findBest(start []float64) []Optimum {
	if p.loss.name != "square" {
		return p.findMinima(start)
	}
	var best []Optimum
	random := rand.New(rand.NewPCG(1, 2))
	for n := range max(1, min(12, mostFitted/100/p.count())) {
		theta := slices.Clone(start)
		for i := range theta {
			if n > 0 {
				theta[i] *= math.Exp(random.NormFloat64())
			}
		}
		found, ok := p.gaussNewton(theta)
		if ok && (best == nil || found.Loss < best[0].Loss*(1-sameLoss)) {
			best = []Optimum{found}
		}
	}
	return best
}

// gaussNewton minimizes a sum of squares from theta by Gauss–Newton steps, damped where
// they lead upwards (Marquardt 1963).
func (p *fit) gaussNewton(theta []float64) (Optimum, bool) {
	dim := p.fitLoss.Dim()
	loss := p.Loss(theta)
	if !param.Finite(loss) {
		return Optimum{}, false
	}
	const least, most = 1e-15, 1e15
	damping := 1e-3
	for range 1000 {
		augmented, ok := p.linearize(theta)
		if !ok {
			return Optimum{}, false
		}
		moved := false
		for ; damping <= most; damping *= 8 {
			step, ok := dampedStep(augmented, damping)
			if !ok {
				continue
			}
			next := slices.Clone(theta)
			floats.Add(next, step)
			nextLoss := p.Loss(next)
			if !(nextLoss < loss) {
				continue
			}
			small := true
			for i := range dim {
				small = small && math.Abs(step[i]) <= 1e-14*math.Abs(next[i])
			}
			theta, loss, moved = next, nextLoss, !small
			damping = max(least, damping/10)
			break
		}
		if !moved {
			break
		}
	}
	theta = polish(&p.own, p.hessian, theta)
	return Optimum{Theta: theta, Loss: p.Loss(theta)}, true
}

// linearize returns R of the QR factorization of the model's derivatives and its
// residuals y − f, side by side; not where these are not finite.
func (p *fit) linearize(theta []float64) (augmented *mat.Dense, ok bool) {
	dim := p.fitLoss.Dim()
	variables, gradient := make([]float64, dim+len(p.values)), make([]float64, dim+len(p.values))
	ok = true
	augmented = triangulate(p.count(), dim+1, func(row []float64, i int) {
		p.at(variables, theta, i)
		value := p.model.Gradient(gradient, variables)
		copy(row, gradient[:dim])
		row[dim] = p.targets[i] - value
		ok = ok && param.Finite(floats.Sum(row))
	})
	return augmented, ok
}

// dampedStep returns the δ that minimizes ‖Rδ − r‖² + damping·‖Dδ‖², where D has the
// lengths of R's columns: so the unit of a parameter does not matter.
func dampedStep(augmented *mat.Dense, damping float64) ([]float64, bool) {
	_, width := augmented.Dims()
	dim := width - 1
	lengths := make([]float64, dim)
	stacked, target := mat.NewDense(2*dim, dim, nil), mat.NewVecDense(2*dim, nil)
	for j := range dim {
		if lengths[j] = mat.Norm(augmented.Slice(0, dim, j, j+1), 2); lengths[j] == 0 {
			lengths[j] = 1
		}
		for i := range dim {
			stacked.Set(i, j, augmented.At(i, j)/lengths[j])
		}
		stacked.Set(dim+j, j, math.Sqrt(damping))
		target.SetVec(j, augmented.At(j, dim))
	}
	var qr mat.QR
	qr.Factorize(stacked)
	var solved mat.VecDense
	if err := qr.SolveVecTo(&solved, false, target); err != nil {
		if _, conditioned := err.(mat.Condition); !conditioned {
			return nil, false
		}
	}
	step := make([]float64, dim)
	for j := range step {
		step[j] = solved.AtVec(j) / lengths[j]
	}
	return step, param.Finite(floats.Sum(step))
}
