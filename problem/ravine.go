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
		Typed:   "(x^2+kappa*y^2)/2,kappa=25",
		Parameters: []param.Parameter{
			{Key: "kappa", Symbol: "κ", Help: "condition number: curvature across over curvature along",
				Kind: param.Float, Default: "25", Range: param.Positive, Scale: param.Log},
			{Key: "angle", Symbol: "φ", Help: "degrees by which the ravine is turned",
				Kind: param.Float, Default: "0", Scale: param.Linear},
		},
		Main: "kappa",
		build: func(v values, _ uint64) (Problem, error) {
			sin, cos := turn(v.number["angle"])
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

// turn returns sine and cosine of an angle in degrees, exact at quarter turns: a
// coordinate along which a turned ravine is flat has no gradient at all.
func turn(degrees float64) (sin, cos float64) {
	degrees = math.Mod(degrees, 360)
	quarters := math.Round(degrees / 90)
	sin, cos = math.Sincos((degrees - 90*quarters) * math.Pi / 180)
	for range (int(quarters)%4 + 4) % 4 {
		sin, cos = cos, -sin
	}
	return sin, cos
}

// ravine is ½(u² + κv²) in coordinates u, v turned by an angle.
type ravine struct {
	plane
	kappa    float64
	sin, cos float64
}

// along returns the coordinates u and v, and value J there. The conversions keep
// a processor from fusing a product and a sum, so that Loss and Evaluate agree
// to the bit wherever they are inlined.
func (r *ravine) along(theta []float64) (u, v float64) {
	_ = theta[1] // one check of the bounds
	u = float64(theta[0]*r.cos) + float64(theta[1]*r.sin)
	v = float64(theta[1]*r.cos) - float64(theta[0]*r.sin)
	return u, v
}

func (r *ravine) value(u, v float64) float64 {
	return (float64(u*u) + float64(r.kappa*float64(v*v))) / 2
}

func (r *ravine) Loss(theta []float64) float64 { return r.value(r.along(theta)) }

func (r *ravine) Evaluate(gradient, theta []float64) float64 {
	u, v := r.along(theta)
	_ = gradient[1] // one check of the bounds
	gradient[0] = u*r.cos - r.kappa*v*r.sin
	gradient[1] = u*r.sin + r.kappa*v*r.cos
	return r.value(u, v)
}

func (r *ravine) Eigenvalues() []float64 {
	return []float64{min(1, r.kappa), max(1, r.kappa)}
}

func (r *ravine) BatchCurvature(int) float64 { return max(1, r.kappa) }

func (r *ravine) Scale(start []float64, batch int) Scale { return quadraticScale(r, start, batch) }
