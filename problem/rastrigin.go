package problem

import "math"

func rastriginKind() Kind {
	return Kind{
		Name:    "rastrigin",
		Summary: "A bowl full of dents (Rastrigin 1974): a local minimum near every pair of whole numbers.",
		Formula: "J = 20 + Σ(xᵢ² − 10 cos 2πxᵢ)",
		Typed:   "20+x^2+y^2-10*(cos(2*pi*x)+cos(2*pi*y))",
		build: func(values, uint64) (Problem, error) {
			return &rastrigin{plane{
				names:  []string{"x₁", "x₂"},
				start:  []float64{-2, 3.5},
				view:   []Interval{{-5.12, 5.12}, {-5.12, 5.12}},
				scale:  Scale{Curvature: 800, Distance: 3},
				optima: []Optimum{{Theta: []float64{0, 0}}},
			}}, nil
		},
	}
}

// rastrigin is 20 + Σ(xᵢ² − 10 cos 2πxᵢ).
type rastrigin struct{ plane }

//go:noinline
func (p *rastrigin) Loss(theta []float64) float64 {
	loss := 0.0
	for _, x := range theta[:2] {
		// 10 − 10 cos 2πx = 20 sin² πx, which keeps its digits near the optimum.
		sin := math.Sin(math.Pi * x)
		loss += x*x + 20*sin*sin
	}
	return loss
}

func (p *rastrigin) Evaluate(gradient, theta []float64) float64 {
	for i, x := range theta[:2] {
		gradient[i] = 2*x + 20*math.Pi*math.Sin(2*math.Pi*x)
	}
	return p.Loss(theta)
}
