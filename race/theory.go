package race

import (
	"math"
	"slices"

	"ravine/optim"
	"ravine/param"
	"ravine/problem"
)

// Theory is what is known in advance of a lane whose loss is quadratic. On such
// a loss every direction of an eigenvector of the Hessian goes its own way, so a
// few numbers tell what the whole lane will do.
type Theory struct {
	LambdaMin, LambdaMax float64 // extreme non-zero eigenvalues of the Hessian
	Kappa                float64 // their ratio
	Bound                float64 // η from which the lane diverges, for its γ; 0 where the theory has none
	BoundText            string  // "2/λmax"
	Rate                 float64 // factor by which a step shrinks the distance to the optimum, in the long run; NaN where the theory has none
	BestEta, BestGamma   float64 // the best constant values; BestGamma is NaN for rules without γ, both for rules without theory
	BestRate             float64 // the rate with those, over all spectra from LambdaMin to LambdaMax
	BestText             string  // "η = 2/(λmin+λmax)"
	Source               string  // paper
}

// TheoryOf returns the theory for a lane with the values of its next update, and
// whether there is one: the Hessian is constant, the step takes all data, and the
// rule has no term that theory does not know, such as weight decay.
// The eigenvalues are set for every rule, the rest for gradient descent,
// momentum and NAG.
func TheoryOf(lane *Lane) (Theory, bool) { return TheoryWith(lane, lane.Hyper()) }

// TheoryWith is TheoryOf for a lane that had other values.
func TheoryWith(lane *Lane, hyper optim.Hyperparameters) (Theory, bool) {
	quadratic, ok := lane.problem.(problem.Quadratic)
	if !ok || lane.hasOtherTerms(hyper) {
		return Theory{}, false
	}
	eigenvalues := quadratic.Eigenvalues()
	for len(eigenvalues) > 0 && eigenvalues[0] == 0 { // no gradient, no motion
		eigenvalues = eigenvalues[1:]
	}
	if len(eigenvalues) == 0 {
		return Theory{}, false
	}
	low, high := eigenvalues[0], eigenvalues[len(eigenvalues)-1]
	t := Theory{LambdaMin: low, LambdaMax: high, Kappa: high / low}
	dynamics := lane.values.optimizer.Dynamics
	switch dynamics {
	case optim.Descent:
		t.descent()
	case optim.HeavyBall:
		t.heavyBall(hyper.Gamma)
	case optim.Nesterov:
		t.nesterov(hyper.Gamma)
	default:
		t.Rate, t.BestEta, t.BestGamma, t.BestRate = math.NaN(), math.NaN(), math.NaN(), math.NaN()
		return t, true
	}
	for _, lambda := range eigenvalues {
		t.Rate = max(t.Rate, rate(dynamics, hyper.Eta*lambda, hyper.Gamma))
	}
	return t, true
}

// TheoryThroughout is TheoryOf for a lane's whole run, from the start to the end:
// false where a term that theory does not know is on at any time.
func TheoryThroughout(lane *Lane) (Theory, bool) {
	if lane.hasOtherTerms(lane.values.hyper) {
		return Theory{}, false
	}
	if len(lane.values.courses) > 0 {
		return Theory{}, false
	}
	hyper := lane.values.hyper
	for _, e := range lane.values.edits {
		if hyper.Set(e.Key, e.Value); lane.hasOtherTerms(hyper) {
			return Theory{}, false
		}
	}
	return TheoryOf(lane)
}

// hasOtherTerms reports whether those values of the lane's hyperparameters turn on
// a term that theory does not know: batches, or what moves the optimum.
func (l *Lane) hasOtherTerms(hyper optim.Hyperparameters) bool {
	known := []string{optim.Eta, optim.Gamma, optim.Beta1, optim.Beta2, optim.Epsilon}
	return slices.ContainsFunc(l.Parameters(), func(p param.Parameter) bool {
		return !slices.Contains(known, p.Key) && hyper.Get(p.Key) != 0
	})
}

// Changes reports whether a hyperparameter of the lane changes in mid-run.
func (l *Lane) Changes(key string) bool {
	return slices.ContainsFunc(l.values.edits, func(e Setting) bool { return e.Key == key }) ||
		slices.ContainsFunc(l.values.courses, func(c course) bool { return c.key == key })
}

// descent: a step multiplies the distance along an eigenvector by 1 − ηλ.
func (t *Theory) descent() {
	t.Bound, t.BoundText = 2/t.LambdaMax, "2/λmax"
	t.BestEta, t.BestGamma = 2/t.LambdaMax/(1+1/t.Kappa), math.NaN()
	t.BestRate = 1 - 2/(t.Kappa+1)
	t.BestText = "η = 2/(λmin+λmax)"
	t.Source = "Lessard, Recht & Packard 2016, proposition 1"
}

// heavyBall: a double root at both ends of the spectrum is best.
func (t *Theory) heavyBall(gamma float64) {
	t.Bound, t.BoundText = 2*(1+gamma)/t.LambdaMax, "2(1+γ)/λmax"
	root := math.Sqrt(t.Kappa)
	t.BestRate = 1 - 2/(root+1) // (√κ−1)/(√κ+1), also where κ overflows
	t.BestEta = square(2/(1+1/root)) / t.LambdaMax
	t.BestGamma = below1(square(t.BestRate))
	t.BestText = "η = (2/(√λmax+√λmin))², γ = ((√κ−1)/(√κ+1))²"
	t.Source = "Polyak 1964"
}

// nesterov: the best values balance the two ends of the spectrum: a double root
// at λmin, and one of its size and other sign at λmax.
func (t *Theory) nesterov(gamma float64) {
	t.Bound, t.BoundText = (2+2*gamma)/(1+2*gamma)/t.LambdaMax, "(2+2γ)/((1+2γ)λmax)"
	root := math.Sqrt(3*t.Kappa + 1)
	t.BestRate = 1 - 2/root
	t.BestEta = 4 / t.LambdaMax / (3 + 1/t.Kappa)
	t.BestGamma = below1(1 - 4/(root+2)) // (root−2)/(root+2)
	t.BestText = "η = 4/(3λmax+λmin), γ = (√(3κ+1)−2)/(√(3κ+1)+2)"
	t.Source = "Lessard, Recht & Packard 2016, proposition 1"
}

// rate returns the factor by which a step of a rule shrinks the distance along
// one eigenvector, in the long run, from ηλ. With momentum two steps hang
// together: the rate is that of the larger root of the characteristic
// polynomial, which is z² − (1+γ−ηλ)z + γ for the heavy ball, and with the
// gradient taken at θ − γv, z² − (1+γ)(1−ηλ)z + γ(1−ηλ).
func rate(dynamics optim.Dynamics, etaLambda, gamma float64) float64 {
	switch {
	case math.IsInf(etaLambda, 1):
		return etaLambda
	case dynamics == optim.HeavyBall:
		return largerRoot(1+gamma-etaLambda, gamma)
	case dynamics == optim.Nesterov:
		return largerRoot((1+gamma)*(1-etaLambda), gamma*(1-etaLambda))
	}
	return math.Abs(1 - etaLambda)
}

// largerRoot returns the larger modulus of the roots of z² − sum·z + product.
func largerRoot(sum, product float64) float64 {
	discriminant := sum*sum - 4*product
	if discriminant < 0 {
		return math.Sqrt(product) // two conjugates
	}
	return (math.Abs(sum) + math.Sqrt(discriminant)) / 2
}

// below1 keeps a γ in its range where κ is too large for float64 to tell it from 1.
func below1(gamma float64) float64 { return min(gamma, math.Nextafter(1, 0)) }

func square(x float64) float64 { return x * x }
