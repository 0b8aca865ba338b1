package problem

func saddleKind() Kind {
	return Kind{
		Name:    "saddle",
		Summary: "A saddle at (0,0) on the way to two minima: the gradient almost vanishes there.",
		Formula: "J = ½x² + ¼y⁴ − ½y²",
		build: func(values, uint64) (Problem, error) {
			return &saddle{plane{
				names: []string{"x", "y"},
				start: []float64{1.5, 0.001},
				view:  []Interval{{-2, 2}, {-2, 2}},
				scale: Scale{Curvature: 4, Distance: 1.5},
				optima: []Optimum{
					{Theta: []float64{0, 1}, Loss: -0.25},
					{Theta: []float64{0, -1}, Loss: -0.25},
				},
			}}, nil
		},
	}
}

// saddle is ½x² + ¼y⁴ − ½y².
type saddle struct{ plane }

//go:noinline
func (p *saddle) Loss(theta []float64) float64 {
	x, y := theta[0], theta[1]
	return x*x/2 + y*y*y*y/4 - y*y/2
}

func (p *saddle) Evaluate(gradient, theta []float64) float64 {
	x, y := theta[0], theta[1]
	gradient[0] = x
	gradient[1] = y*y*y - y
	return p.Loss(theta)
}
