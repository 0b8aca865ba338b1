package optim

import (
	"math"

	"ravine/param"
)

var adadelta = Optimizer{
	Name:  "adadelta",
	Title: "Adadelta",
	Summary: "Adagrad with a running mean in place of the sum; in the paper the size of past steps also stands for η, " +
		"in the slides it does not and this is RMSprop with a free γ.",
	Source:     "Zeiler 2012, algorithm 1; Ruder 2016, section 4.4",
	note:       "With a fixed η, the slides' Adadelta is RMSprop with a free γ.",
	opening:    ofDistance(0.02),
	parameters: adadeltaParameters,
	start: func(dim int, c Convention) Rule {
		if c == Slides {
			return startRMSprop(dim, c) // the talk stops at the running average
		}
		return &adadeltaRule{
			mean:      Zeros(dim),
			delta:     Zeros(dim),
			deltaMean: Zeros(dim),
		}
	},
}

func adadeltaParameters(c Convention) []param.Parameter {
	if c == Slides {
		return rmsprop.Parameters(c)
	}
	return []param.Parameter{eta.at("1"), gamma.at("0.9"), epsilon.at("1e-6"), batch.at(param.All)}
}

// adadeltaRule is the paper's. The paper has no η; as in PyTorch it scales the
// step, and 1 is the paper.
type adadeltaRule struct {
	mean      []float64 // E, the running mean of g²
	delta     []float64 // Δ, the latest step
	deltaMean []float64 // D, the running mean of Δ²
}

func (r *adadeltaRule) Step(theta []float64, h *Hyperparameters, gradient *Gradient) {
	g, E := gradient.At(theta)[:len(theta)], r.mean[:len(theta)]
	Δ, D := r.delta[:len(theta)], r.deltaMean[:len(theta)]
	eta, gamma, epsilon := h.Eta, h.Gamma, h.Epsilon
	for i := range theta {
		E[i] = gamma*E[i] + (1-gamma)*(g[i]*g[i])
		Δ[i] = -math.Sqrt(D[i]+epsilon) * g[i] / math.Sqrt(E[i]+epsilon)
		D[i] = gamma*D[i] + (1-gamma)*(Δ[i]*Δ[i])
		theta[i] += eta * Δ[i]
	}
}

func (r *adadeltaRule) Clone() Rule {
	return &adadeltaRule{
		mean:      clone(r.mean),
		delta:     clone(r.delta),
		deltaMean: clone(r.deltaMean),
	}
}

func (r *adadeltaRule) Lines() []Line {
	return []Line{
		gradientLine,
		stateLine("E", "γ·E + (1 − γ)·g²", r.mean),
		stateLine("Δ", "−√(D + ε)·g / √(E + ε)", r.delta),
		stateLine("D", "γ·D + (1 − γ)·Δ²", r.deltaMean),
		thetaLine("θ + η·Δ"),
	}
}
