package race

import (
	"slices"

	"ravine/optim"
	"ravine/param"
)

// Spec returns the lane as a value.
func (l *Lane) Spec() LaneSpec { return l.spec }

// Optimizer returns the lane's optimizer.
func (l *Lane) Optimizer() optim.Optimizer { return l.values.optimizer }

// MainKey returns the hyperparameter that is tuned first: η or, for a rule without, the
// first that it has.
func (l *Lane) MainKey() string {
	if param.Has(l.Parameters(), optim.Eta) {
		return optim.Eta
	}
	return l.Parameters()[0].Key
}

// Hyper returns the values that the next update uses.
func (l *Lane) Hyper() optim.Hyperparameters {
	hyper := l.hyper
	l.takeEdits(&hyper)
	return hyper
}

// Course returns what a hyperparameter is as a function of t at the next update, if it
// is one.
func (l *Lane) Course(key string) (text string, ok bool) {
	for _, c := range l.values.courses {
		if c.key == key && c.from <= l.step && l.step < c.until {
			return l.spec.Settings[l.spec.index(key, c.from)].Course, true
		}
	}
	return "", false
}

// Theta returns θ, for reading until the lane's next step.
func (l *Lane) Theta() []float64 { return l.theta }

// Loss returns J over all data.
func (l *Lane) Loss() float64 { return l.loss }

// GradientNorm returns the Euclidean norm of ∇J over all data.
func (l *Lane) GradientNorm() float64 {
	if l.fullAt != l.step {
		l.problem.Evaluate(l.full, l.theta)
		l.fullAt = l.step
	}
	return norm(l.full)
}

// Step returns the number of updates made.
func (l *Lane) Step() int { return l.step }

// Epoch returns the passes over the data that so many examples make; without
// data, an update counts as one.
func (l *Lane) Epoch(examples int) float64 { return float64(examples) / float64(l.count) }

// Evaluations returns how often the rule asked for a gradient.
func (l *Lane) Evaluations() int { return l.evaluations }

// Status says whether the lane goes on, or what has stopped it.
func (l *Lane) Status() Status {
	if l.status == elsewhere {
		l.status = l.settle()
	}
	return l.status
}

// History returns the path so far.
func (l *Lane) History() *History { return l.history }

// coincides reports whether the lane has made the same steps as another, to the
// bit, and enough of them to tell.
func (l *Lane) coincides(other *Lane) bool {
	const least = 3
	return l.step >= least && l.step == other.step && slices.Equal(l.theta, other.theta) &&
		!slices.Equal(l.theta, l.start) && l.history.equals(other.history)
}

// Edits returns the steps from which a value of the lane was changed, ascending.
func (l *Lane) Edits() []int {
	steps := make([]int, len(l.values.edits))
	for i, e := range l.values.edits {
		steps[i] = e.From
	}
	return steps
}

// Explain works out the lane's next update without making it.
func (l *Lane) Explain() optim.Explanation {
	hyper := l.Hyper()
	return optim.Explain(l.rule, l.theta, &hyper, l.nextGradient(hyper.Batch), func(at []float64) float64 {
		return l.nextEvaluation(hyper.Batch)(make([]float64, len(at)), at)
	})
}

// nextGradient returns the gradient of the next update, in a new slice each time.
func (l *Lane) nextGradient(batch int) func(at []float64) []float64 {
	evaluate := l.nextEvaluation(batch)
	return func(at []float64) []float64 {
		g := make([]float64, len(at))
		evaluate(g, at)
		return g
	}
}

// nextEvaluation returns the Evaluate of the next update, which takes a batch of that
// size.
func (l *Lane) nextEvaluation(batch int) func(gradient, at []float64) float64 {
	if batch == 0 {
		return l.problem.Evaluate
	}
	rows := l.sampler.peek(batch)
	return func(gradient, at []float64) float64 { return l.sampled.EvaluateBatch(gradient, at, rows) }
}

// Parameters returns the hyperparameters of the lane's rule.
func (l *Lane) Parameters() []param.Parameter { return l.values.optimizer.Parameters(l.rules) }

// Samples reports whether there is data for batches to be drawn from.
func (l *Lane) Samples() bool { return l.sampled != nil }

// Examples returns the number of examples, 0 where the problem has no data.
func (l *Lane) Examples() int {
	if l.sampled == nil {
		return 0
	}
	return l.sampled.Examples()
}

// Rule returns the lane's rule as it is written on paper.
func (l *Lane) Rule() []optim.Line { return l.rule.Lines() }
