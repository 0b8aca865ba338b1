package race

import (
	"slices"

	"ravine/optim"
)

// Momenta are the parts of the next step of Momentum and of NAG, both made from one
// θ and velocity: the two differ in where they take the gradient.
type Momenta struct {
	Velocity []float64 // −γ·v, the first part of both
	Momentum []float64 // −η·∇J(θ), the other part of Momentum's step
	NAG      []float64 // −η·∇J(θ − γ·v), the other part of NAG's, at the look-ahead
}

// MomentaOf returns both next steps from where a lane is, with its values; false
// where its rule is neither of the two.
func MomentaOf(lane *Lane) (Momenta, bool) {
	if !lane.values.optimizer.Dynamics.HasVelocity() {
		return Momenta{}, false
	}
	lines := lane.rule.Lines()
	v := lines[slices.IndexFunc(lines, func(l optim.Line) bool { return l.Symbol == "v" })].Value
	hyper := lane.Hyper()
	gradient := lane.nextGradient(hyper.Batch)
	var m Momenta
	ahead := slices.Clone(lane.theta)
	for i := range ahead {
		m.Velocity = append(m.Velocity, -hyper.Gamma*v[i])
		ahead[i] += m.Velocity[i]
	}
	step := func(at []float64) []float64 {
		g := gradient(at)
		for i := range g {
			g[i] *= -hyper.Eta
		}
		return g
	}
	m.Momentum, m.NAG = step(slices.Clone(lane.theta)), step(ahead)
	return m, true
}
