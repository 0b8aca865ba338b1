package optim

import "ravine/param"

var rmsprop = Optimizer{
	Name:       "rmsprop",
	Title:      "RMSprop",
	Summary:    "Divides each coordinate's step by the root of a running mean of its squared gradients, which forgets.",
	Source:     "Hinton, Neural Networks for Machine Learning, lecture 6e; Ruder 2016, section 4.5",
	opening:    ofDistance(0.02),
	parameters: both(eta.at(""), gamma.at("0.9"), epsilon.at("1e-8"), batch.at(param.All)),
	start:      startRMSprop,
}

type rmspropRule struct {
	convention Convention
	mean       []float64 // E, the running mean of g²
}

func startRMSprop(dim int, c Convention) Rule {
	return &rmspropRule{convention: c, mean: Zeros(dim)}
}

func (r *rmspropRule) Step(theta []float64, h *Hyperparameters, gradient *Gradient) {
	g, E := gradient.At(theta)[:len(theta)], r.mean[:len(theta)]
	eta, gamma, epsilon := h.Eta, h.Gamma, h.Epsilon
	for i := range theta {
		E[i] = gamma*E[i] + (1-gamma)*(g[i]*g[i])
		theta[i] -= eta * g[i] / r.convention.root(E[i], epsilon)
	}
}

func (r *rmspropRule) Clone() Rule {
	return &rmspropRule{convention: r.convention, mean: clone(r.mean)}
}

func (r *rmspropRule) Lines() []Line {
	return []Line{
		gradientLine,
		stateLine("E", "γ·E + (1 − γ)·g²", r.mean),
		thetaLine("θ − η·g / " + r.convention.rootFormula("E")),
	}
}
