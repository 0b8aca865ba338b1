package problem

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize"

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
	n.Range = param.Range{Min: 10, Max: 1_000_000} // every evaluation looks at every example
	return Kind{
		Name:       "neuron",
		Summary:    "One unit of a network with tanh: a plateau where it is saturated, a valley where it is not.",
		Formula:    "J = ½Σ(yᵢ − tanh(wxᵢ+b))²",
		Parameters: []param.Parameter{n, noiseParameter("0.05", 1)},
		Main:       "noise",
		build: func(v values, seed uint64) (Problem, error) {
			return newNeuron(v.count("n"), v.number["noise"], seed)
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
func newNeuron(n int, noise float64, seed uint64) (*neuron, error) {
	p := &neuron{
		plane: plane{
			names: []string{"w", "b"},
			start: []float64{-2, 2},
			view:  []Interval{{-4, 4}, {-4, 4}},
		},
		inputs:  make([]float64, n),
		targets: make([]float64, n),
	}
	random := newRandom(seed, noiseStream)
	for i := range n {
		x := inputLow + (inputHigh-inputLow)*float64(i)/float64(n)
		p.inputs[i] = x
		p.targets[i] = math.Tanh(trueWeight*x+trueBias) + noise*random.NormFloat64()
	}
	return p, p.findOptimum()
}

// findOptimum searches the minimum from the unit that the data are made from.
// Noise may leave none: then the steeper the unit, the better it fits.
func (p *neuron) findOptimum() error {
	problem := optimize.Problem{
		Func: p.Loss,
		Grad: func(gradient, theta []float64) { p.Evaluate(gradient, theta) },
		Hess: p.hessian,
	}
	settings := &optimize.Settings{
		MajorIterations: 100,
		Converger:       optimize.NeverTerminate{},
	}
	// The search ends with an error when rounding hides a further fall of the
	// loss, so the error says little; the gradient tells where it has come.
	result, err := optimize.Minimize(problem, []float64{trueWeight, trueBias}, settings, &optimize.Newton{})
	if result == nil {
		return fmt.Errorf("searching the minimum: %w", err)
	}
	theta, norm := p.polish(result.X)
	const far = 20 // where the unit has become a step between two examples
	if n := len(p.inputs); !(math.Hypot(theta[0], theta[1]) <= far) || !(norm <= 1e-13*float64(n)) {
		return fmt.Errorf("this noise on %d examples leaves no minimum; want less noise or more examples", n)
	}
	for j, best := range theta {
		p.view[j] = Interval{min(p.view[j].Low, best-1), max(p.view[j].High, best+1)}
	}
	p.optima = []Optimum{{Theta: theta, Loss: p.Loss(theta)}}
	return nil
}

// polish makes Newton steps from theta for as long as they shrink the gradient,
// which still has digits where the loss has none left. It returns the last
// point and the norm of the gradient there.
func (p *neuron) polish(theta []float64) ([]float64, float64) {
	gradient := mat.NewVecDense(2, nil)
	p.Evaluate(gradient.RawVector().Data, theta)
	norm := mat.Norm(gradient, 2)
	hessian, step := mat.NewSymDense(2, nil), mat.NewVecDense(2, nil)
	for norm > 0 {
		p.hessian(hessian, theta)
		var cholesky mat.Cholesky
		if !cholesky.Factorize(hessian) || cholesky.SolveVecTo(step, gradient) != nil {
			break
		}
		next := []float64{theta[0] - step.AtVec(0), theta[1] - step.AtVec(1)}
		p.Evaluate(gradient.RawVector().Data, next)
		if !(mat.Norm(gradient, 2) < norm) {
			break
		}
		theta, norm = next, mat.Norm(gradient, 2)
	}
	return theta, norm
}

// hessian stores the Hessian of J at theta.
func (p *neuron) hessian(hessian *mat.SymDense, theta []float64) {
	var ww, wb, bb float64
	for i, x := range p.inputs {
		output := math.Tanh(theta[0]*x + theta[1])
		slope := 1 - output*output
		curvature := slope*slope - 2*(output-p.targets[i])*output*slope
		ww += curvature * x * x
		wb += curvature * x
		bb += curvature
	}
	hessian.SetSym(0, 0, ww)
	hessian.SetSym(0, 1, wb)
	hessian.SetSym(1, 1, bb)
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
