package problem

import (
	"math"
	"math/rand/v2"

	"ravine/param"
)

// The unit that neuron's data are made from, and the range of its inputs.
const (
	trueWeight = 1.5
	trueBias   = -0.5
	inputLow   = -3.0
	inputHigh  = 3.0
)

func neuronKind() Kind {
	n := examplesParameter("100")
	n.Range = param.Range{Min: 10, Max: 2000} // a picture of the surface is thousands of losses, each over all examples
	return Kind{
		Name:       "neuron",
		Sampled:    true,
		Summary:    "One unit of a network with tanh: a plateau where it is saturated, a valley where it is not.",
		Formula:    "J = ½Σ(yᵢ − tanh(wxᵢ+b))²",
		Parameters: []param.Parameter{n, noiseParameter("0.05", 1)},
		Main:       "noise",
		build: func(v values, seed uint64) (Problem, error) {
			return newNeuron(v.count("n"), v.number["noise"], seed), nil
		},
	}
}

// neuron is ½Σ(yᵢ − tanh(wxᵢ+b))², θ = (w, b).
type neuron struct {
	plane
	inputs, targets []float64
}

// newNeuron makes the data y = tanh(wx+b) + noise·N(0,1), x evenly over the
// range of inputs, and finds the minimum.
func newNeuron(n int, noise float64, seed uint64) *neuron {
	p := &neuron{
		plane: plane{
			names: []string{"w", "b"},
			start: []float64{-2, 2},
			view:  []Interval{{-4, 4}, {-4, 4}},
			scale: Scale{Curvature: 200, Distance: 4},
		},
		inputs:  make([]float64, n),
		targets: make([]float64, n),
	}
	random := rand.New(rand.NewPCG(seed, noiseStream))
	for i := range n {
		x := inputLow + (inputHigh-inputLow)*float64(i)/float64(n)
		p.inputs[i] = x
		p.targets[i] = math.Tanh(trueWeight*x+trueBias) + noise*random.NormFloat64()
	}
	best := p.findOptimum()
	p.optima = []Optimum{best}
	if math.Hypot(best.Theta[0], best.Theta[1]) <= far { // what lies beyond would make the rest too small to see
		for j, x := range best.Theta {
			p.view[j] = Interval{min(p.view[j].Low, x-1), max(p.view[j].High, x+1)}
		}
	}
	return p
}

// Loss is Evaluate's value, so that the two agree to the bit.
func (p *neuron) Loss(theta []float64) float64 {
	var gradient [2]float64
	return p.Evaluate(gradient[:], theta)
}

//go:noinline
func (p *neuron) Evaluate(gradient, theta []float64) float64 {
	squares := 0.0
	clear(gradient)
	for i := range p.inputs {
		squares += p.add(gradient, theta, i)
	}
	return squares / 2
}

func (p *neuron) EvaluateBatch(gradient, theta []float64, rows []int32) float64 {
	squares := 0.0
	clear(gradient)
	for _, i := range rows {
		squares += p.add(gradient, theta, int(i))
	}
	return squares / 2
}

// add adds example i's part to the gradient, and returns its squared error.
func (p *neuron) add(gradient, theta []float64, i int) float64 {
	x := p.inputs[i]
	output := math.Tanh(theta[0]*x + theta[1])
	residual := output - p.targets[i]
	delta := residual * (1 - output*output)
	gradient[0] += delta * x
	gradient[1] += delta
	return residual * residual
}

// Scale has less curvature for a batch, though more than its share of the data: a
// small batch may be steeper than the average.
func (p *neuron) Scale(_ []float64, batch int) Scale {
	scale := p.scale
	if batch > 0 {
		scale.Curvature *= math.Min(1, 4*float64(batch)/float64(p.Examples()))
	}
	return scale
}

func (p *neuron) Examples() int { return len(p.inputs) }

// Mean reports false: J is a sum.
func (p *neuron) Mean() bool { return false }

func (p *neuron) Axes() (x, y string) { return "x", "y" }

func (p *neuron) Points(limit int, yield func(x, y float64)) {
	for i := range spread(len(p.inputs), limit) {
		yield(p.inputs[i], p.targets[i])
	}
}

func (p *neuron) Predict(theta []float64, x float64) float64 {
	return math.Tanh(theta[0]*x + theta[1])
}
