package optim

import "ravine/param"

var nag = Optimizer{
	Name:       "nag",
	Title:      "NAG",
	Summary:    "Momentum that takes the gradient where the velocity is about to carry it, and so brakes in time.",
	Source:     "Nesterov 1983, in the form of Botev et al. 2016 and Ruder 2016, section 4.2",
	Dynamics:   Nesterov,
	opening:    overCurvature(0.5),
	parameters: both(eta.at(""), gamma.at("0.9"), batch.at(param.All)),
	start: func(dim int, _ Convention) Rule {
		return &nagRule{v: Zeros(dim), ahead: Zeros(dim)}
	},
}

type nagRule struct {
	v     []float64 // velocity, with the η of each step inside
	ahead []float64 // θ − γv, where the gradient is taken
}

func (r *nagRule) Step(theta []float64, h *Hyperparameters, gradient *Gradient) {
	v, ahead := r.v[:len(theta)], r.ahead[:len(theta)]
	eta, gamma := h.Eta, h.Gamma
	for i := range theta {
		ahead[i] = theta[i] - gamma*v[i]
	}
	g := gradient.At(ahead)[:len(theta)]
	for i := range theta {
		v[i] = gamma*v[i] + eta*g[i]
		theta[i] -= v[i]
	}
}

func (r *nagRule) Clone() Rule {
	return &nagRule{v: clone(r.v), ahead: clone(r.ahead)}
}

func (r *nagRule) Lines() []Line {
	return []Line{
		{Symbol: "g", Formula: "∇J(θ − γ·v)"},
		stateLine("v", "γ·v + η·g", r.v),
		thetaLine("θ − v"),
	}
}
