package optim

import "ravine/param"

var adam = Optimizer{
	Name:       "adam",
	Title:      "Adam",
	Summary:    "Steps along a running mean of gradients, divided by the root of a running mean of their squares.",
	Source:     "Kingma & Ba 2014, algorithm 1; Ruder 2016, section 4.6",
	opening:    ofDistance(0.04),
	parameters: both(eta.at(""), beta1.at("0.9"), beta2.of("the mean of g²", "0.999"), epsilon.at("1e-8"), batch.at(param.All)),
	start: func(dim int, c Convention) Rule {
		return &adamRule{convention: c, moments: startMoments(dim)}
	},
}

type adamRule struct {
	convention Convention
	moments    moments
}

func (r *adamRule) Step(theta []float64, h *Hyperparameters, gradient *Gradient) {
	r.moments.update(gradient.At(theta)[:len(theta)], h)
	mHat, vHat := r.moments.mHat[:len(theta)], r.moments.vHat[:len(theta)]
	eta, epsilon := h.Eta, h.Epsilon
	for i := range theta {
		theta[i] -= eta * mHat[i] / r.convention.root(vHat[i], epsilon)
	}
}

func (r *adamRule) Clone() Rule {
	return &adamRule{convention: r.convention, moments: r.moments.clone()}
}

func (r *adamRule) Lines() []Line {
	return append(r.moments.lines(), thetaLine("θ − η·m̂ / "+r.convention.rootFormula("v̂")))
}
