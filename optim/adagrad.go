package optim

import "ravine/param"

var adagrad = Optimizer{
	Name:       "adagrad",
	Title:      "Adagrad",
	Summary:    "Divides each coordinate's step by the root of the sum of its squared gradients, which only grows.",
	Source:     "Duchi, Hazan & Singer 2011, section 1.1; in the form of Ruder 2016, section 4.3",
	Dynamics:   Shrinking,
	opening:    ofDistance(0.2),
	parameters: both(eta.at(""), epsilon.at("1e-8"), batch.at(param.All)),
	start: func(dim int, c Convention) Rule {
		return &adagradRule{convention: c, sum: Zeros(dim)}
	},
}

type adagradRule struct {
	convention Convention
	sum        []float64 // G, the sum of g²
}

func (r *adagradRule) Step(theta []float64, h *Hyperparameters, gradient *Gradient) {
	g, G := gradient.At(theta)[:len(theta)], r.sum[:len(theta)]
	eta, epsilon := h.Eta, h.Epsilon
	for i := range theta {
		G[i] += g[i] * g[i]
		theta[i] -= eta * g[i] / r.convention.root(G[i], epsilon)
	}
}

func (r *adagradRule) Clone() Rule {
	return &adagradRule{convention: r.convention, sum: clone(r.sum)}
}

func (r *adagradRule) Lines() []Line {
	return []Line{
		gradientLine,
		stateLine("G", "G + g²", r.sum),
		thetaLine("θ − η·g / " + r.convention.rootFormula("G")),
	}
}
