package problem

func bealeKind() Kind {
	return Kind{
		Name:    "beale",
		Summary: "Flat plateaus and steep corners around one minimum (Beale 1958).",
		Formula: "J = (1.5−x+xy)² + (2.25−x+xy²)² + (2.625−x+xy³)²",
		Typed:   "(1.5-x+x*y)^2+(2.25-x+x*y^2)^2+(2.625-x+x*y^3)^2",
		build: func(values, uint64) (Problem, error) {
			return &beale{plane{
				names:  []string{"x", "y"},
				start:  []float64{1, 1.5},
				view:   []Interval{{-4.5, 4.5}, {-4.5, 4.5}},
				scale:  Scale{Curvature: 150, Distance: 2},
				optima: []Optimum{{Theta: []float64{3, 0.5}}},
			}}, nil
		},
	}
}

// beale is (1.5−x+xy)² + (2.25−x+xy²)² + (2.625−x+xy³)².
type beale struct{ plane }

//go:noinline
func (p *beale) Loss(theta []float64) float64 {
	first, second, third := p.terms(theta[0], theta[1])
	return first*first + second*second + third*third
}

func (p *beale) Evaluate(gradient, theta []float64) float64 {
	x, y := theta[0], theta[1]
	first, second, third := p.terms(x, y)
	gradient[0] = 2 * (first*(y-1) + second*(y*y-1) + third*(y*y*y-1))
	gradient[1] = 2 * x * (first + 2*second*y + 3*third*y*y)
	return p.Loss(theta)
}

// terms are the squared terms, with x factored out: for large x, −x + xy would
// cancel the 1.5.
func (p *beale) terms(x, y float64) (first, second, third float64) {
	return 1.5 - x*(1-y), 2.25 - x*(1-y*y), 2.625 - x*(1-y*y*y)
}
