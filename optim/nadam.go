package optim

import "ravine/param"

var nadam = Optimizer{
	Name:       "nadam",
	Title:      "Nadam",
	Summary:    "Adam that looks ahead as Nesterov does: the gradient of this step counts once more.",
	Source:     "Dozat 2016, with a constant β₁ as in Ruder 2016, section 4.8",
	opening:    ofDistance(0.03),
	parameters: both(eta.at(""), beta1.at("0.9"), beta2.of("the mean of g²", "0.999"), epsilon.at("1e-8"), batch.at(param.All)),
	start: func(dim int, c Convention) Rule {
		return &nadamRule{convention: c, moments: startMoments(dim)}
	},
}

type nadamRule struct {
	convention Convention
	moments    moments
}

func (r *nadamRule) Step(theta []float64, h *Hyperparameters, gradient *Gradient) {
	g := gradient.At(theta)[:len(theta)]
	r.moments.update(g, h)
	mHat, vHat := r.moments.mHat[:len(theta)], r.moments.vHat[:len(theta)]
	eta, beta1, epsilon, weights1 := h.Eta, h.Beta1, h.Epsilon, 1-r.moments.beta1Power
	for i := range theta {
		theta[i] -= eta * (beta1*mHat[i] + (1-beta1)*g[i]/weights1) / r.convention.root(vHat[i], epsilon)
	}
}

func (r *nadamRule) Clone() Rule {
	return &nadamRule{convention: r.convention, moments: r.moments.clone()}
}

func (r *nadamRule) Lines() []Line {
	return append(r.moments.lines(),
		thetaLine("θ − η·(β₁·m̂ + (1 − β₁)·g / (1 − β₁ᵗ)) / "+r.convention.rootFormula("v̂")))
}
