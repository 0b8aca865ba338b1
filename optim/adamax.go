package optim

import (
	"math"

	"ravine/param"
)

var adamax = Optimizer{
	Name:       "adamax",
	Title:      "AdaMax",
	Summary:    "Adam with the largest recent gradient, slowly forgotten, in place of the root of the mean square.",
	Source:     "Kingma & Ba 2014, algorithm 2; Ruder 2016, section 4.7",
	opening:    ofDistance(0.06),
	parameters: both(eta.at(""), beta1.at("0.9"), beta2.of("the largest |g|", "0.999"), batch.at(param.All)),
	start: func(dim int, c Convention) Rule {
		return &adamaxRule{convention: c, m: Zeros(dim), u: Zeros(dim), beta1Power: 1}
	},
}

type adamaxRule struct {
	convention Convention
	m          []float64 // running mean of g
	u          []float64 // the largest |g|, shrunk by β₂ a step
	beta1Power float64   // β₁ᵗ, which only the paper divides by
}

func (r *adamaxRule) Step(theta []float64, h *Hyperparameters, gradient *Gradient) {
	g, m, u := gradient.At(theta)[:len(theta)], r.m[:len(theta)], r.u[:len(theta)]
	beta1, beta2 := h.Beta1, h.Beta2
	r.beta1Power = nextPower(r.beta1Power, beta1)
	rate := h.Eta
	if r.convention == Papers {
		rate = h.Eta / (1 - r.beta1Power)
	}
	for i := range theta {
		m[i] = beta1*m[i] + (1-beta1)*g[i]
		u[i] = max(beta2*u[i], math.Abs(g[i]))
		theta[i] -= rate * ratio(m[i], u[i])
	}
}

// ratio is a/b, and 0 for 0/0: a coordinate whose gradient has always been 0
// does not move.
func ratio(a, b float64) float64 {
	if a == 0 && b == 0 {
		return 0
	}
	return a / b
}

func (r *adamaxRule) Clone() Rule {
	copied := *r
	copied.m, copied.u = clone(r.m), clone(r.u)
	return &copied
}

func (r *adamaxRule) Lines() []Line {
	lines := []Line{gradientLine, firstMomentLine(r.m), stateLine("u", "max(β₂·u, |g|)", r.u)}
	if r.convention == Slides {
		return append(lines, thetaLine("θ − η·(m / u)"))
	}
	return append(lines, powerLine("β₁", r.beta1Power, len(r.m)), thetaLine("θ − (η / (1 − β₁ᵗ))·(m / u)"))
}
