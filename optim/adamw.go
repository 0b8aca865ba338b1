package optim

import "ravine/param"

var adamw = Optimizer{
	Name:       "adamw",
	Title:      "AdamW",
	Summary:    "Adam with weight decay apart from the gradient: θ shrinks by ηλθ, whatever the moments are.",
	Source:     "Loshchilov & Hutter 2019, algorithm 2",
	opening:    ofDistance(0.04),
	parameters: both(eta.at(""), beta1.at("0.9"), beta2.of("the mean of g²", "0.999"), epsilon.at("1e-8"), decay.at("0.01"), batch.at(param.All)),
	start: func(dim int, c Convention) Rule {
		return &adamwRule{convention: c, moments: startMoments(dim)}
	},
}

type adamwRule struct {
	convention Convention
	moments    moments
}

func (r *adamwRule) Step(theta []float64, h *Hyperparameters, gradient *Gradient) {
	r.moments.update(gradient.At(theta)[:len(theta)], h)
	mHat, vHat := r.moments.mHat[:len(theta)], r.moments.vHat[:len(theta)]
	eta, epsilon, lambda := h.Eta, h.Epsilon, h.Decay
	for i := range theta {
		theta[i] = theta[i] - eta*lambda*theta[i] - eta*mHat[i]/r.convention.root(vHat[i], epsilon)
	}
}

func (r *adamwRule) Clone() Rule {
	return &adamwRule{convention: r.convention, moments: r.moments.clone()}
}

func (r *adamwRule) Lines() []Line {
	return append(r.moments.lines(), thetaLine("θ − η·λ·θ − η·m̂ / "+r.convention.rootFormula("v̂")))
}
