package optim

import "ravine/param"

var gd = Optimizer{
	Name:       "gd",
	Title:      "GD",
	Summary:    "Steps against the gradient over all data, as far as the gradient is long times η.",
	Source:     "Ruder 2016, section 2.1",
	Dynamics:   Descent,
	opening:    overCurvature(1.875),
	parameters: both(eta.at(""), batch.at(param.All)),
	start:      startDescent,
}

var sgd = Optimizer{
	Name:       "sgd",
	Title:      "SGD",
	Summary:    "Gradient descent on one example at a time: cheap steps in noisy directions.",
	Source:     "Ruder 2016, section 2.2",
	Dynamics:   Descent,
	opening:    overCurvature(0.8),
	parameters: both(eta.at(""), batch.at("1")),
	start:      startDescent,
}

var minibatch = Optimizer{
	Name:       "minibatch",
	Title:      "Mini-batch",
	Summary:    "Gradient descent on a few examples at a time: between the noise of one and the cost of all.",
	Source:     "Ruder 2016, section 2.3",
	Dynamics:   Descent,
	opening:    overCurvature(0.8),
	parameters: both(eta.at(""), batch.at("32")),
	start:      startDescent,
}

// descent has no state: the size of the batch is up to the sampler.
type descent struct{}

func startDescent(int, Convention) Rule { return descent{} }

func (descent) Step(theta []float64, h *Hyperparameters, gradient *Gradient) {
	g := gradient.At(theta)[:len(theta)]
	eta := h.Eta
	for i := range theta {
		// The conversion forbids a fused multiply-add, so that momentum with
		// γ = 0 is this rule to the bit on every processor.
		theta[i] -= float64(eta * g[i])
	}
}

func (descent) Clone() Rule { return descent{} }

func (descent) Lines() []Line { return []Line{gradientLine, thetaLine("θ − η·g")} }
