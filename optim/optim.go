// Package optim holds the update rules of the talk "Gradient Descent Based
// Optimizers" (Falak Shah, SciPy India 2018) and their successors, one file a
// rule. Each is written so that it reads like its formula.
package optim

import (
	"math"
	"slices"
	"strings"

	"ravine/param"
	"ravine/problem"
)

// Convention is one of the two ways in which the rules are written.
type Convention int

// Slides follows the talk, Papers the original papers, as PyTorch mostly does.
// The most visible difference is where ε stands: √(G+ε) or √G + ε.
const (
	Slides Convention = iota
	Papers
)

// String returns the name of c on the command line: "slides" or "papers".
func (c Convention) String() string {
	if c == Slides {
		return "slides"
	}
	return "papers"
}

// ParseConvention returns the convention of that name; the error names both.
func ParseConvention(name string) (Convention, error) {
	for _, c := range []Convention{Slides, Papers} {
		if name == c.String() {
			return c, nil
		}
	}
	return 0, param.Unknown("convention", name, []string{Slides.String(), Papers.String()})
}

// root is the denominator of the adaptive rules: √(x+ε) or √x + ε.
func (c Convention) root(x, epsilon float64) float64 {
	if c == Slides {
		return math.Sqrt(x + epsilon)
	}
	return math.Sqrt(x) + epsilon
}

// rootFormula is root as it is written in a Line.
func (c Convention) rootFormula(symbol string) string {
	if c == Slides {
		return "√(" + symbol + " + ε)"
	}
	return "(√" + symbol + " + ε)"
}

// Gradient gives a Rule ∇J where it asks for it.
type Gradient struct {
	// Of returns ∇J at a point, len(at) numbers. The slice is valid until the next
	// call; at is not kept and not changed.
	Of func(at []float64) []float64
	// Known is ∇J at the very θ that the rule steps, where that is at hand.
	Known []float64
	// Theta is the first number of that θ; nil where Known is not.
	Theta *float64
	// Loss returns J at a point: of the batch, where there is one.
	Loss func(at []float64) float64
}

// At returns ∇J at a point: see Of.
func (g *Gradient) At(at []float64) []float64 {
	if &at[0] == g.Theta {
		return g.Known
	}
	return g.Of(at)
}

// Rule is one optimizer with its state, for a θ of fixed length.
type Rule interface {
	// Step makes one update of theta in place. It asks gradient for ∇J where
	// the rule needs it: as often as Optimizer.Gradients says. It allocates nothing.
	// The length of theta is the one that the rule was started with.
	Step(theta []float64, h *Hyperparameters, gradient *Gradient)
	// Clone returns an independent copy with the same state.
	Clone() Rule
	// Lines returns the rule as it is written on paper, each line with the
	// values that the latest Step gave it. The first is g, the last θ.
	Lines() []Line
}

// Line is one line of a rule: Symbol ← Formula.
//
// A formula is written in symbols of the field (η γ β₁ β₂ ε λ), the symbols of
// earlier lines and old values of its own, with · for products, / √( ) max( )
// sign( ) | | and superscript ² as the only notation, so that a number can be
// put in place of each symbol. A scalar such as β₁ᵗ has its value repeated.
type Line struct {
	Symbol  string
	Formula string
	Value   []float64 // by coordinate, a copy; nil for g and θ, which the caller knows
}

// IsPower reports whether a line's symbol is β₁ᵗ or β₂ᵗ, a scalar whose symbol is
// its formula.
func IsPower(symbol string) bool { return strings.HasSuffix(symbol, "ᵗ") }

// Zeros returns a vector of so many zeros in cache lines of its own: lanes are stepped
// on several cores, which would wait for each other's writes to a shared line.
func Zeros(dim int) []float64 {
	const line = 16 // numbers, of two lines: processors fetch them in pairs
	return make([]float64, dim, (dim+line-1)/line*line)
}

// clone returns a copy of a vector, made like those of Zeros.
func clone(vector []float64) []float64 {
	copied := Zeros(len(vector))
	copy(copied, vector)
	return copied
}

// gradientLine is the first line of every rule but Nesterov's.
var gradientLine = Line{Symbol: "g", Formula: "∇J(θ)"}

// stateLine is a line whose value the rule keeps.
func stateLine(symbol, formula string, value []float64) Line {
	return Line{Symbol: symbol, Formula: formula, Value: slices.Clone(value)}
}

// thetaLine is the last line of every rule.
func thetaLine(formula string) Line { return Line{Symbol: "θ", Formula: formula} }

// Optimizer is a rule that can be named on the command line.
type Optimizer struct {
	Name    string // "adam"
	Title   string // "Adam"
	Summary string // one sentence: what it does, for list and the status line
	Source  string // paper and equation, or slide

	Dynamics Dynamics // what theory and hints know of it

	opening    opening // where no parameter's default says η
	gradients  int     // that an update takes; 0 stands for one
	operations int     // of a typed rule
	note       string  // on the slides' form, for the inspector; may be empty
	parameters func(Convention) []param.Parameter
	start      func(dim int, c Convention) Rule
}

// Dynamics says how a rule moves, as far as something follows from it.
type Dynamics int

const (
	OtherDynamics Dynamics = iota // such as to divide by a running magnitude of the gradient
	Descent                       // θ ← θ − η∇J(θ), of whatever batch
	HeavyBall                     // with a velocity (Polyak 1964)
	Nesterov                      // with a velocity, and the gradient at the look-ahead
	Shrinking                     // divides by what only grows
)

// HasVelocity reports whether past steps are added up in a velocity v.
func (d Dynamics) HasVelocity() bool { return d == HeavyBall || d == Nesterov }

// Note returns what is to be said of the rule in that convention beside its numbers;
// mostly nothing.
func (o Optimizer) Note(c Convention) string {
	if c == Slides {
		return o.note
	}
	return ""
}

// Parameters returns the hyperparameters the rule has, with their defaults:
// eta first, batch last. The default of eta is empty where it depends on the
// problem.
func (o Optimizer) Parameters(c Convention) []param.Parameter { return o.parameters(c) }

// Start returns the rule with all state 0, for dim parameters.
func (o Optimizer) Start(dim int, c Convention) Rule { return o.start(dim, c) }

// Gradients returns how many gradients an update takes.
func (o Optimizer) Gradients() int { return max(1, o.gradients) }

// Operations returns how many operations an update of a typed rule takes for each
// coordinate; 0 for others.
func (o Optimizer) Operations() int { return o.operations }

// Defaults returns the defaults of o.Parameters as values. Eta is 0 where its
// default depends on the problem; what the rule does not have is 0.
func (o Optimizer) Defaults(c Convention) Hyperparameters {
	var h Hyperparameters
	for _, p := range o.Parameters(c) {
		if p.Default == "" {
			continue
		}
		x, err := p.Number(p.Default)
		if err != nil {
			panic("optim: " + o.Name + ": " + err.Error())
		}
		h.Set(p.Key, x)
	}
	return h
}

// opening says with which η a rule opens on a problem: one of the two is set. Rules
// that scale with the gradient are limited by the curvature; those that divide by
// a running magnitude of the gradient make steps of about η, however far they have to go.
type opening struct{ overCurvature, ofDistance float64 }

func overCurvature(x float64) opening { return opening{overCurvature: x} }
func ofDistance(x float64) opening    { return opening{ofDistance: x} }

// Opens reports whether the rule says with which η it opens on a problem.
func (o Optimizer) Opens() bool { return o.opening != opening{} }

// OpeningEta returns the η with which the rule opens on a problem of that scale,
// where its default depends on the problem. It panics for a rule that does not say.
func (o Optimizer) OpeningEta(scale problem.Scale) float64 {
	switch {
	case o.opening.overCurvature > 0:
		return o.opening.overCurvature / scale.Curvature
	case o.opening.ofDistance > 0:
		return o.opening.ofDistance * scale.Distance
	}
	panic("optim: " + o.Name + " does not say with which η it opens")
}

// All returns every optimizer, in the order of the talk.
func All() []Optimizer {
	return []Optimizer{
		gd, sgd, minibatch, momentum, nag, adagrad, adadelta, rmsprop,
		adam, adamax, nadam, amsgrad, adamw, lion,
	}
}

// Find returns the built-in optimizer of that name; the error names the nearest and lists all.
func Find(name string) (Optimizer, error) {
	for _, o := range All() {
		if o.Name == name {
			return o, nil
		}
	}
	known := append(names(), TypedName)
	return Optimizer{}, param.Unknown("optimizer", name, known, elsewhere.Meant(name, "", known)...)
}
