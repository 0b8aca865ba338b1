package problem

import (
	"errors"
	"math"
	"slices"

	"ravine/param"
)

// leastSquares is J(θ) = ½Σ(yᵢ − θ·xᵢ)² over examples, or its mean. With an
// intercept, xᵢ ends with a 1 and θ with the intercept.
//
// The data are read once, on construction: with the triangle R of the QR
// factorization of the rows xᵢ, H = RᵀR and
//
//	J = J* + ½‖R(θ−θ*)‖²,  ∇J = RᵀR(θ−θ*),
//
// which costs O(Dim²) whatever n is, is never below J*, and keeps its digits
// near the optimum.
type leastSquares struct {
	examples
	intercept   bool
	mean        bool      // whether losses and gradients are divided by the number of examples
	triangle    []float64 // R, Dim × Dim, row after row
	optima      []Optimum // the one
	eigenvalues []float64
	longest     float64 // max ‖xᵢ‖²
	names       []string
	start       []float64
	view        []Interval
}

// newLeastSquares makes the loss of data. start and names are θ's.
func newLeastSquares(data examples, intercept, mean bool, start []float64, names []string) (*leastSquares, error) {
	l := &leastSquares{examples: data, intercept: intercept, mean: mean, start: start, names: names}
	dim := len(start)
	augmented := triangulate(data.count(), dim+1, func(row []float64, i int) {
		copy(row, data.row(i))
		if intercept {
			row[data.width] = 1
		}
		squares := 0.0
		for _, x := range row[:dim] {
			squares += x * x
		}
		l.longest = max(l.longest, squares)
		row[dim] = data.targets[i]
	})
	found, err := solve(augmented)
	if err != nil {
		return nil, err
	}
	weight := 1.0
	if mean {
		weight = 1 / float64(data.count())
	}
	found.triangle.Scale(math.Sqrt(weight), found.triangle)
	for i := range found.eigenvalues {
		found.eigenvalues[i] *= weight
	}
	l.triangle = found.triangle.RawMatrix().Data
	l.eigenvalues = found.eigenvalues
	l.optima = []Optimum{{Theta: found.theta, Loss: found.squares * weight / 2}}
	l.view = l.frame()
	return l, l.checkFinite()
}

// checkFinite returns an error if the data's magnitudes make the fit overflow.
func (l *leastSquares) checkFinite() error {
	for j, frame := range l.view {
		if !param.Finite(frame.High-frame.Low) || !param.Finite(l.eigenvalues[j]) {
			return errors.New("the numbers are too far apart in magnitude to be fitted")
		}
	}
	return nil
}

// frame returns a box around the optimum with the start well inside. Where a
// parameter starts close to its optimum, the loss decides the width of the box: a
// quarter of the distance at which it reaches the start's loss, but no wider than
// for the parameter that has farthest to go.
func (l *leastSquares) frame() []Interval {
	best, dim := l.optima[0], l.Dim()
	distance := make([]float64, dim)
	for j := range distance {
		distance[j] = math.Abs(l.start[j] - best.Theta[j])
	}
	rise := l.Loss(l.start) - best.Loss
	view := make([]Interval, dim)
	for j := range view {
		curvature := 0.0 // H's entry j,j
		for i := range dim {
			entry := l.triangle[i*dim+j]
			curvature += entry * entry
		}
		half := 1.7 * distance[j]
		if reach := math.Sqrt(2*rise/curvature) / 4; reach > half {
			half = min(reach, 1.7*slices.Max(distance))
		}
		if half <= 1e-9*math.Abs(best.Theta[j]) {
			half = max(1, math.Abs(best.Theta[j]))
		}
		view[j] = Interval{best.Theta[j] - half, best.Theta[j] + half}
	}
	return view
}

func (l *leastSquares) Dim() int               { return len(l.start) }
func (l *leastSquares) Start() []float64       { return slices.Clone(l.start) }
func (l *leastSquares) Optima() []Optimum      { return l.optima }
func (l *leastSquares) Names() []string        { return l.names }
func (l *leastSquares) View() []Interval       { return slices.Clone(l.view) }
func (l *leastSquares) Examples() int          { return l.count() }
func (l *leastSquares) Eigenvalues() []float64 { return slices.Clone(l.eigenvalues) }

// A product in float64() is rounded by itself on every machine, also on those
// with a fused multiply-add, so that Loss and Evaluate agree to the bit.

func (l *leastSquares) Loss(theta []float64) float64 {
	best := &l.optima[0]
	dim := len(best.Theta)
	squares := 0.0
	for i := range dim {
		row := l.triangle[i*dim : (i+1)*dim]
		sum := 0.0
		for j := i; j < dim; j++ {
			sum += float64(row[j] * (theta[j] - best.Theta[j]))
		}
		squares += float64(sum * sum)
	}
	return best.Loss + squares/2
}

func (l *leastSquares) Evaluate(gradient, theta []float64) float64 {
	best := &l.optima[0]
	dim := len(best.Theta)
	clear(gradient)
	squares := 0.0
	for i := range dim {
		row := l.triangle[i*dim : (i+1)*dim]
		sum := 0.0
		for j := i; j < dim; j++ {
			sum += float64(row[j] * (theta[j] - best.Theta[j]))
		}
		squares += float64(sum * sum)
		for j := i; j < dim; j++ {
			gradient[j] += row[j] * sum
		}
	}
	return best.Loss + squares/2
}

func (l *leastSquares) EvaluateBatch(gradient, theta []float64, rows []int32) float64 {
	clear(gradient)
	constant := 0.0
	if l.intercept {
		constant = theta[l.width]
	}
	sum, squares := 0.0, 0.0
	for _, i := range rows {
		row := l.row(int(i))
		predicted := constant
		for j, x := range row {
			predicted += theta[j] * x
		}
		residual := predicted - l.targets[i]
		for j, x := range row {
			gradient[j] += residual * x
		}
		sum += residual
		squares += residual * residual
	}
	if l.intercept {
		gradient[l.width] = sum
	}
	if l.mean {
		weight := 1 / float64(len(rows))
		for j := range gradient {
			gradient[j] *= weight
		}
		squares *= weight
	}
	return squares / 2
}

// BatchCurvature returns a bound on the largest eigenvalue of any batch's
// Hessian, Σxᵢxᵢᵀ or its mean. Two hold for the sum over m of the examples: the
// whole sum's λmax, as the rest only adds to it, and m·max‖xᵢ‖². The mean's are
// these ÷ m: λmax·n/m and max‖xᵢ‖².
func (l *leastSquares) BatchCurvature(batch int) float64 {
	largest := l.eigenvalues[len(l.eigenvalues)-1]
	if batch <= 0 || batch >= l.count() {
		return largest
	}
	if l.mean {
		return min(largest*float64(l.count())/float64(batch), l.longest)
	}
	return min(largest, float64(batch)*l.longest)
}

func (l *leastSquares) Scale(start []float64, batch int) Scale {
	return quadraticScale(l, start, batch)
}

// Mean reports whether reduce=mean.
func (l *leastSquares) Mean() bool { return l.mean }
