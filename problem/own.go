package problem

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/gonum/floats"

	"ravine/formula"
	"ravine/param"
)

// curved is a loss with its derivatives.
type curved interface {
	differentiable
	// HessianVector stores the Hessian at theta times a direction. It may allocate.
	HessianVector(product, theta, direction []float64)
}

// own is a loss of someone's own, of which start, minima, view and scale are not known
// but found.
type own struct {
	curved
	names  []string
	start  []float64
	view   []Interval
	optima []Optimum
	scale  Scale
	search func(start []float64) []Optimum
	// operations is about how many a loss takes where it is for a picture.
	operations int
	// curvature is HessianVector, or nearly so where that takes long.
	curvature func(product, theta, direction []float64)
}

func (p *own) Start() []float64           { return slices.Clone(p.start) }
func (p *own) Optima() []Optimum          { return p.optima }
func (p *own) Names() []string            { return p.names }
func (p *own) View() []Interval           { return slices.Clone(p.view) }
func (p *own) Scale([]float64, int) Scale { return p.scale }

// Note says where no minimum was found.
func (p *own) Note() string {
	if len(p.optima) > 0 {
		return ""
	}
	return "no minimum of J was found: it may fall without end, or have one far from the start"
}

// aim returns the best optimum or, where none is known, the start.
func (p *own) aim() []float64 {
	if len(p.optima) == 0 {
		return p.start
	}
	return p.optima[0].Theta
}

// explore finds what is not known, with the values of start and view as they are typed.
func (p *own) explore(start, view string) (err error) {
	if err := p.setStart(start); err != nil {
		return err
	}
	p.scale = p.measure()
	p.view, err = p.readView(view)
	return err
}

// Operations returns about how many operations a loss of someone's own takes for a
// picture; 0 for others.
func Operations(p Problem) int {
	if own, ok := p.(interface{ workload() int }); ok {
		return own.workload()
	}
	return 0
}

func (p *own) workload() int { return p.operations }

// withConstants returns the kind with the names of a formula that a spec gives numbers
// as parameters, of which the first is Main. key is that of the formula.
func withConstants(kind Kind, spec param.Spec, key string, read *formula.Formula) (Kind, error) {
	for _, pair := range spec.Pairs {
		if _, ok := param.Find(kind.Parameters, pair.Key); ok {
			continue
		}
		if name := formula.ASCII(pair.Key); !slices.Contains(read.Names(), name) {
			return Kind{}, fmt.Errorf("%s: %s has no name %q%s; its names are %s", kind.Name, key, pair.Key, param.DidYouMean(name, append(param.Keys(kind.Parameters), read.Names()...)), strings.Join(read.Names(), " "))
		}
		kind.Parameters = append(kind.Parameters, param.Parameter{Key: pair.Key, Help: constantHelp, Kind: param.Float, Default: pair.Value, Scale: param.Log})
		if kind.Main == "" {
			kind.Main = pair.Key
		}
	}
	return kind, nil
}

// constantHelp is what is said of the constants of a formula, and tells them.
const constantHelp = "a constant of the formula"

// constantsOf returns the numbers that a spec gives to names of its formula. What is
// no number is found where all parameters are read.
func constantsOf(kind Kind, spec param.Spec) map[string]float64 {
	constants := map[string]float64{}
	for _, p := range kind.Parameters {
		if p.Help == constantHelp {
			constants[formula.ASCII(p.Key)], _ = p.Number(spec.Value(p.Key, ""))
		}
	}
	return constants
}

// listed returns the values in [a,b,…], one for each parameter, in their order or by
// name: [x=a,y=b].
func (p *own) listed(key, text string) ([]string, error) {
	inner, opened := strings.CutPrefix(text, "[")
	inner, closed := strings.CutSuffix(inner, "]")
	values := strings.Split(inner, ",")
	if !opened || !closed || len(values) != p.Dim() {
		return nil, fmt.Errorf("%s=%s: want [ … ] with %d values, for %s", key, text, p.Dim(), strings.Join(p.names, " "))
	}
	ordered := make([]string, p.Dim())
	for i, value := range values {
		name, rest, named := strings.Cut(value, "=")
		if named {
			value = rest
			if i = slices.Index(p.names, formula.PrettyName(formula.ASCII(strings.TrimSpace(name)))); i < 0 {
				i = slices.Index(p.names, formula.ASCII(strings.TrimSpace(name)))
			}
		}
		if i < 0 || ordered[i] != "" {
			return nil, fmt.Errorf("%s=%s: want each of %s once", key, text, strings.Join(p.names, " "))
		}
		ordered[i] = value
	}
	return ordered, nil
}

// setStart sets where a race starts, and finds the minima. By default the start is
// about 1 for every parameter, or the next of a few points where J has a slope and is
// not at a minimum already.
func (p *own) setStart(text string) (err error) {
	if text != "" {
		if p.start, err = p.readStart(text); err == nil {
			p.optima = p.search(p.start)
		}
		return err
	}
	gradient := make([]float64, p.Dim())
	for _, at := range []float64{1, -1, 2, 0.5} {
		theta := make([]float64, p.Dim())
		for i := range theta {
			theta[i] = at * (1 + float64(i%7)/16) // beside lines of symmetry
		}
		loss := p.Evaluate(gradient, theta)
		if !param.Finite(loss) || !isFinite(gradient) || !slices.ContainsFunc(gradient, func(g float64) bool { return g != 0 }) {
			continue
		}
		if p.start == nil {
			p.start, p.optima = theta, p.search(theta)
		}
		const far = 0.5
		if !slices.ContainsFunc(p.optima, func(o Optimum) bool { return floats.Distance(o.Theta, theta, math.Inf(1)) < far }) {
			p.start = theta
			return nil
		}
	}
	if p.start == nil {
		return errors.New("where all parameters are about 1, -1, 2 or 0.5, J is not finite or has no slope; say where to start, with start=[…]")
	}
	return nil
}

func (p *own) readStart(text string) ([]float64, error) {
	theta, gradient := make([]float64, p.Dim()), make([]float64, p.Dim())
	values, err := p.listed("start", text)
	for i := range values {
		if theta[i], err = strconv.ParseFloat(strings.TrimSpace(values[i]), 64); err != nil || !param.Finite(theta[i]) {
			return nil, fmt.Errorf("start=%s: %q is not a number", text, values[i])
		}
	}
	if err == nil && !(param.Finite(p.Evaluate(gradient, theta)) && isFinite(gradient)) {
		err = fmt.Errorf("start=%s: J or its gradient is not finite there", text)
	}
	return theta, err
}

func isFinite(all []float64) bool {
	return !slices.ContainsFunc(all, func(x float64) bool { return !param.Finite(x) })
}

// readView reads what the surface shows. By default that is the start and the best
// optimum, and a third more on each side.
func (p *own) readView(text string) ([]Interval, error) {
	view := make([]Interval, p.Dim())
	if text == "" {
		widest := 0.0
		for i, x := range p.aim() {
			view[i] = Interval{min(x, p.start[i]), max(x, p.start[i])}
			widest = max(widest, view[i].High-view[i].Low)
		}
		switch {
		case len(p.optima) == 0:
			widest = 6
		case widest == 0:
			widest = 1
		}
		for i := range view {
			margin := max((view[i].High-view[i].Low)/3, (widest-(view[i].High-view[i].Low))/2)
			view[i].Low -= margin
			view[i].High += margin
		}
		return view, nil
	}
	values, err := p.listed("view", text)
	if err != nil {
		return nil, err
	}
	for i, value := range values {
		low, high, _ := strings.Cut(value, "..")
		var errLow, errHigh error
		view[i].Low, errLow = strconv.ParseFloat(strings.TrimSpace(low), 64)
		view[i].High, errHigh = strconv.ParseFloat(strings.TrimSpace(high), 64)
		if errLow != nil || errHigh != nil || !(view[i].Low < view[i].High) || !param.Finite(view[i].High-view[i].Low) {
			return nil, fmt.Errorf("view=%s: %q is not LOW..HIGH", text, value)
		}
	}
	return view, nil
}

// measure returns the largest curvature on the way from the start to the best optimum,
// and the distance.
func (p *own) measure() Scale {
	scale := Scale{}
	best := p.aim()
	theta := make([]float64, p.Dim())
	for i, x := range best {
		scale.Distance = max(scale.Distance, math.Abs(x-p.start[i]))
	}
	const parts = 8
	for n := range parts + 1 {
		for i := range theta {
			theta[i] = p.start[i] + (best[i]-p.start[i])*float64(n)/parts
		}
		if curvature := p.steepest(theta); param.Finite(curvature) {
			scale.Curvature = max(scale.Curvature, curvature)
		}
	}
	if scale.Distance == 0 {
		scale.Distance = 1
	}
	if scale.Curvature == 0 { // between kinks: a step of gd is a tenth of the way
		p.Evaluate(theta, p.start)
		scale.Curvature = 10 * floats.Norm(theta, 2) / scale.Distance
	}
	return scale
}

// steepest returns the largest curvature at theta, by power iteration.
func (p *own) steepest(theta []float64) (curvature float64) {
	direction, product := make([]float64, p.Dim()), make([]float64, p.Dim())
	for i := range direction {
		direction[i] = 1 / float64(i+1)
	}
	for range 30 {
		length := floats.Norm(direction, 2)
		if length == 0 || !param.Finite(length) {
			return 0
		}
		floats.Scale(1/length, direction)
		p.curvature(product, theta, direction)
		curvature = floats.Norm(product, 2)
		copy(direction, product)
	}
	return curvature
}
