package problem

import "ravine/param"

func rosenbrockKind() Kind {
	return Kind{
		Name:    "rosenbrock",
		Summary: "A curved valley with a nearly flat floor (Rosenbrock 1960): easy to enter, slow to follow.",
		Formula: "J = (1−x)² + b(y−x²)²",
		Typed:   "(a-x)^2+b*(y-x^2)^2,a=1,b=100",
		Parameters: []param.Parameter{
			{Key: "b", Help: "steepness of the valley's walls",
				Kind: param.Float, Default: "100", Range: param.Positive, Scale: param.Log},
		},
		Main: "b",
		build: func(v values, _ uint64) (Problem, error) {
			return &rosenbrock{
				plane: plane{
					names:  []string{"x", "y"},
					start:  []float64{-1.2, 1},
					view:   []Interval{{-2, 2}, {-1, 3}},
					scale:  Scale{Curvature: 1500, Distance: 1},
					optima: []Optimum{{Theta: []float64{1, 1}}},
				},
				b: v.number["b"],
			}, nil
		},
	}
}

// rosenbrock is (1−x)² + b(y−x²)².
type rosenbrock struct {
	plane
	b float64
}

//go:noinline
func (r *rosenbrock) Loss(theta []float64) float64 {
	x, y := theta[0], theta[1]
	along, across := 1-x, y-x*x
	return along*along + r.b*across*across
}

func (r *rosenbrock) Evaluate(gradient, theta []float64) float64 {
	x, y := theta[0], theta[1]
	along, across := 1-x, y-x*x
	gradient[0] = -2*along - 4*r.b*x*across
	gradient[1] = 2 * r.b * across
	return r.Loss(theta)
}
