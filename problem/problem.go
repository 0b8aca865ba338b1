// Package problem holds the losses that are raced on: value, gradient, start,
// view, optimum, and where there is data, the data and its sampling.
package problem

import (
	"math"

	"ravine/param"
)

// Problem is a loss J over parameters θ ∈ ℝ^Dim. Its methods may be called from
// several goroutines at once and allocate nothing unless they say so. At a θ
// that is not finite or too large, loss and gradient may be Inf or NaN.
type Problem interface {
	// Dim returns the number of parameters.
	Dim() int
	// Loss returns J(theta).
	Loss(theta []float64) float64
	// Evaluate returns J(theta) and stores ∇J(theta) in gradient, which has
	// Dim numbers and does not overlap theta. Its loss is Loss's to the bit.
	Evaluate(gradient, theta []float64) float64
	// Start returns a new slice with the point where a race starts by default.
	Start() []float64
	// Optima returns the minima that are known, the best first; of a loss of someone's
	// own there may be none. For a loss that only nears its least value it is a point
	// from where it falls by no more than rounding. Callers do not change them.
	Optima() []Optimum
	// Names returns the parameters' names, for axes and tables: "a", "b". They
	// are printable. Callers do not change them.
	Names() []string
	// Scale says how far steps from start may go, with gradients of batches of that
	// many examples, or of the whole for batch 0.
	Scale(start []float64, batch int) Scale
	// View returns a new slice with the box that shows the problem's shape,
	// start and, unless it is very far, best optimum: low and high of each parameter.
	View() []Interval
}

// Optimum is a known minimum.
type Optimum struct {
	Theta []float64
	Loss  float64
}

// Scale is the scale of a problem around its start. Both numbers are positive.
type Scale struct {
	Curvature float64 // the largest on the way to the optimum
	Distance  float64 // to the optimum, along one parameter
}

// Interval is a range of one parameter, Low < High.
type Interval struct{ Low, High float64 }

// Sampled is a Problem whose loss is a sum (or mean) over examples.
type Sampled interface {
	Problem
	// Examples returns their number n.
	Examples() int
	// Mean reports whether the loss is the examples' mean instead of their sum.
	Mean() bool
	// EvaluateBatch is Evaluate on those rows alone, the slides' J_batch: a sum
	// over the batch, or with reduce=mean its mean. There is at least one row,
	// and each is from 0 to n−1.
	EvaluateBatch(gradient, theta []float64, rows []int32) float64
}

// Quadratic is a Problem whose Hessian is the same everywhere.
type Quadratic interface {
	Problem
	// Eigenvalues returns those of the Hessian, ascending, in a new slice. It is
	// 0 in a direction that the data do not determine.
	Eigenvalues() []float64
	// BatchCurvature returns a bound on the largest eigenvalue of the Hessian of
	// any batch of that many examples; of the whole for batch 0 or no data.
	BatchCurvature(batch int) float64
}

// quadraticScale is the Scale of a quadratic problem.
func quadraticScale(p Quadratic, start []float64, batch int) Scale {
	scale := Scale{Curvature: p.BatchCurvature(batch)}
	for i, x := range p.Optima()[0].Theta {
		scale.Distance = max(scale.Distance, math.Abs(x-start[i]))
	}
	if scale.Distance == 0 {
		scale.Distance = 1
	}
	return scale
}

// Plotted is a Problem with data that can be drawn in a plane: x against y.
type Plotted interface {
	Sampled
	// Points calls yield with x and y of at most limit examples, spread evenly,
	// in the data's own scale.
	Points(limit int, yield func(x, y float64))
	// Predict returns what θ predicts at x, in the data's own scale. On more
	// features than one, x is the first, the one named by Axes, and the others
	// stand at their means.
	Predict(theta []float64, x float64) float64
	// Axes returns the names of x and y. They are printable.
	Axes() (x, y string)
}

// Rough is a Problem whose loss takes long where there are very many examples.
type Rough interface {
	// RoughLoss returns about J(theta), fast enough for a picture of the surface.
	RoughLoss(theta []float64) float64
}

// Classified is a Plotted whose examples are of two classes, 0 and 1.
type Classified interface {
	Plotted
	// ClassPoints is Points for the examples of one class.
	ClassPoints(class, limit int, yield func(x, y float64))
}

// Rescaled is a Problem raced in scaled coordinates. Only such problems have
// the method, so a type assertion tells.
type Rescaled interface {
	// Unscaled returns theta in the data's own scale, in a new slice.
	Unscaled(theta []float64) []float64
}

// Unscaled returns theta in the data's own scale, or nil where p is not Rescaled.
func Unscaled(p Problem, theta []float64) []float64 {
	if rescaled, ok := p.(Rescaled); ok {
		return rescaled.Unscaled(theta)
	}
	return nil
}

// Note says what a person would want to know of how p's data were read, or "".
func Note(p Problem) string {
	if noted, ok := p.(interface{ Note() string }); ok {
		return noted.Note()
	}
	return ""
}

// Kind is a problem that can be named on the command line.
type Kind struct {
	Name    string // "ravine"
	Summary string // one sentence, for list and the status line
	Formula string // "J = ½(u² + κv²)"
	// Typed is the formula as a typed loss has it, where it has been written down so.
	Typed string
	// ManyFormula is the formula for more than two parameters, where it is another.
	ManyFormula string
	Parameters  []param.Parameter
	Sampled     bool   // has data to sample
	Main        string // key of the parameter that the keys c and C step; empty for none

	// of returns the kind for a spec on which its parameters depend; nil where they
	// are always the same.
	of    func(Kind, param.Spec) (Kind, error)
	check func(values) error // constraints between parameters; nil for none
	build func(v values, seed uint64) (Problem, error)
}
