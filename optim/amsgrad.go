package optim

import "ravine/param"

var amsgrad = Optimizer{
	Name:       "amsgrad",
	Title:      "AMSGrad",
	Summary:    "Adam that never forgets the largest mean square, so that a coordinate's rate never grows back.",
	Source:     "Reddi, Kale & Kumar 2018, algorithm 2",
	opening:    ofDistance(0.003),
	parameters: both(eta.at(""), beta1.at("0.9"), beta2.of("the mean of g²", "0.999"), epsilon.at("1e-8"), batch.at(param.All)),
	start: func(dim int, c Convention) Rule {
		return &amsgradRule{
			convention: c,
			m:          Zeros(dim), v: Zeros(dim), largest: Zeros(dim),
		}
	},
}

type amsgradRule struct {
	convention Convention
	m, v       []float64 // running means of g and g²
	largest    []float64 // V, the largest v so far
}

func (r *amsgradRule) Step(theta []float64, h *Hyperparameters, gradient *Gradient) {
	g, m := gradient.At(theta)[:len(theta)], r.m[:len(theta)]
	v, V := r.v[:len(theta)], r.largest[:len(theta)]
	eta, beta1, beta2, epsilon := h.Eta, h.Beta1, h.Beta2, h.Epsilon
	for i := range theta {
		m[i] = beta1*m[i] + (1-beta1)*g[i]
		v[i] = beta2*v[i] + (1-beta2)*(g[i]*g[i])
		V[i] = max(V[i], v[i])
		theta[i] -= eta * m[i] / r.convention.root(V[i], epsilon)
	}
}

func (r *amsgradRule) Clone() Rule {
	return &amsgradRule{
		convention: r.convention,
		m:          clone(r.m), v: clone(r.v), largest: clone(r.largest),
	}
}

func (r *amsgradRule) Lines() []Line {
	return []Line{
		gradientLine,
		firstMomentLine(r.m),
		secondMomentLine(r.v),
		stateLine("V", "max(V, v)", r.largest),
		thetaLine("θ − η·m / " + r.convention.rootFormula("V")),
	}
}
