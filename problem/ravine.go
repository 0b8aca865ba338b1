package problem

import (
	"math"

	"ravine/param"
)

func ravineKind() Kind {
	return Kind{
		Name:    "ravine",
		Summary: "A quadratic bowl stretched to a ravine: κ times as steep across as along, turned by an angle.",
		Formula: "J = ½(u² + κv²), u = x cos φ + y sin φ, v = −x sin φ + y cos φ",
		Parameters: []param.Parameter{
			{Key: "kappa", Symbol: "κ", Help: "condition number: curvature across over curvature along",
				Kind: param.Float, Default: "25", Range: param.Positive, Scale: param.Log},
			{Key: "angle", Symbol: "φ", Help: "degrees by which the ravine is turned",
				Kind: param.Float, Default: "0", Scale: param.Linear},
		},
		Main: "kappa",
		build: func(v values, _ uint64) (Problem, error) {
			sin, cos := math.Sincos(math.Mod(v.number["angle"], 360) * math.Pi / 180)
			return &ravine{
				plane: plane{
					names:  []string{"x", "y"},
					start:  []float64{-10, 1},
					view:   []Interval{{-12, 12}, {-8, 8}},
					optima: []Optimum{{Theta: []float64{0, 0}}},
				},
				kappa: v.number["kappa"], sin: sin, cos: cos,
			}, nil
		},
	}
}

// ravine is ½(u² + κv²) in coordinates u, v turned by an angle.
type ravine struct {
	plane
	kappa    float64
	sin, cos float64
}

//go:noinline
func (r *ravine) Loss(theta []float64) float64 {
	u := theta[0]*r.cos + theta[1]*r.sin
	v := -theta[0]*r.sin + theta[1]*r.cos
	return (u*u + r.kappa*v*v) / 2
}

func (r *ravine) Evaluate(gradient, theta []float64) float64 {
	u := theta[0]*r.cos + theta[1]*r.sin
	v := -theta[0]*r.sin + theta[1]*r.cos
	gradient[0] = u*r.cos - r.kappa*v*r.sin
	gradient[1] = u*r.sin + r.kappa*v*r.cos
	return r.Loss(theta)
}

func (r *ravine) Eigenvalues() []float64 {
	return []float64{min(1, r.kappa), max(1, r.kappa)}
}

func (r *ravine) BatchCurvature(int) float64 { return max(1, r.kappa) }
