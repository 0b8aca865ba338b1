package problem

func himmelblauKind() Kind {
	return Kind{
		Name:    "himmelblau",
		Summary: "Four equal minima (Himmelblau 1972): which one is found depends on start and rule.",
		Formula: "J = (x²+y−11)² + (x+y²−7)²",
		Typed:   "(x^2+y-11)^2+(x+y^2-7)^2",
		build: func(values, uint64) (Problem, error) {
			return &himmelblau{plane{
				names: []string{"x", "y"},
				start: []float64{0, 0},
				view:  []Interval{{-6, 6}, {-6, 6}},
				scale: Scale{Curvature: 150, Distance: 4},
				optima: []Optimum{ // roots of the two brackets, to the last bit of a float64
					{Theta: []float64{3, 2}},
					{Theta: []float64{-2.805118086952745, 3.131312518250573}},
					{Theta: []float64{-3.779310253377747, -3.2831859912861696}},
					{Theta: []float64{3.5844283403304917, -1.8481265269644036}},
				},
			}}, nil
		},
	}
}

// himmelblau is (x²+y−11)² + (x+y²−7)².
type himmelblau struct{ plane }

//go:noinline
func (p *himmelblau) Loss(theta []float64) float64 {
	x, y := theta[0], theta[1]
	first, second := x*x+y-11, x+y*y-7
	return first*first + second*second
}

func (p *himmelblau) Evaluate(gradient, theta []float64) float64 {
	x, y := theta[0], theta[1]
	first, second := x*x+y-11, x+y*y-7
	gradient[0] = 4*x*first + 2*second
	gradient[1] = 2*first + 4*y*second
	return p.Loss(theta)
}
