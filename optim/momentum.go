package optim

import "ravine/param"

var momentum = Optimizer{
	Name:       "momentum",
	Title:      "Momentum",
	Summary:    "Adds up past steps in a velocity v, as a ball rolls: faster along the valley, calmer across it.",
	Source:     "Polyak 1964, the heavy-ball method; in the form of Ruder 2016, section 4.1",
	Dynamics:   HeavyBall,
	opening:    overCurvature(0.5),
	parameters: both(eta.at(""), gamma.at("0.9"), batch.at(param.All)),
	start:      func(dim int, _ Convention) Rule { return &momentumRule{v: Zeros(dim)} },
}

type momentumRule struct {
	v []float64 // velocity, with the η of each step inside
}

func (r *momentumRule) Step(theta []float64, h *Hyperparameters, gradient *Gradient) {
	g, v := gradient.At(theta)[:len(theta)], r.v[:len(theta)]
	eta, gamma := h.Eta, h.Gamma
	for i := range theta {
		v[i] = gamma*v[i] + eta*g[i]
		theta[i] -= v[i]
	}
}

func (r *momentumRule) Clone() Rule { return &momentumRule{v: clone(r.v)} }

func (r *momentumRule) Lines() []Line {
	return []Line{
		gradientLine,
		stateLine("v", "γ·v + η·g", r.v),
		thetaLine("θ − v"),
	}
}
