package optim

import "ravine/param"

var lion = Optimizer{
	Name:       "lion",
	Title:      "Lion",
	Summary:    "Steps by η in every coordinate: only the sign of a mean of past and present gradients counts.",
	Source:     "Chen et al. 2023, algorithm 2",
	opening:    ofDistance(0.01),
	parameters: both(eta.at(""), beta1.at("0.9"), beta2.of("the mean that is remembered", "0.99"), decay.at("0"), batch.at(param.All)),
	start: func(dim int, _ Convention) Rule {
		return &lionRule{c: Zeros(dim), m: Zeros(dim)}
	},
}

type lionRule struct {
	c []float64 // the mean whose sign is taken
	m []float64 // the mean that is remembered
}

func (r *lionRule) Step(theta []float64, h *Hyperparameters, gradient *Gradient) {
	g, c, m := gradient.At(theta)[:len(theta)], r.c[:len(theta)], r.m[:len(theta)]
	eta, beta1, beta2, lambda := h.Eta, h.Beta1, h.Beta2, h.Decay
	for i := range theta {
		c[i] = beta1*m[i] + (1-beta1)*g[i]
		m[i] = beta2*m[i] + (1-beta2)*g[i]
		theta[i] -= eta * (sign(c[i]) + lambda*theta[i])
	}
}

// sign is 1, −1, or x itself if x is 0 or not a number.
func sign(x float64) float64 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return x
}

func (r *lionRule) Clone() Rule { return &lionRule{c: clone(r.c), m: clone(r.m)} }

func (r *lionRule) Lines() []Line {
	return []Line{
		gradientLine,
		stateLine("c", "β₁·m + (1 − β₁)·g", r.c),
		stateLine("m", "β₂·m + (1 − β₂)·g", r.m),
		thetaLine("θ − η·(sign(c) + λ·θ)"),
	}
}
