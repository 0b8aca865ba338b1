package optim

import (
	"fmt"
	"slices"
	"strings"

	"ravine/formula"
	"ravine/param"
)

// TypedName is the name of a rule of one's own, and StepKey the key of its lines.
const (
	TypedName = "rule"
	StepKey   = "step"
)

// Typed returns the rule that is written in lines such as
// m <- beta1*m + (1-beta1)*g; theta <- theta - eta*m. The names in it that no line
// gives a value are its hyperparameters. The error is a *formula.Error.
func Typed(lines string) (Optimizer, error) {
	program, err := formula.ParseProgram(lines)
	if err != nil {
		return Optimizer{}, err
	}
	if err := checkTyped(program, lines); err != nil {
		return Optimizer{}, err
	}
	parameters, keys := []param.Parameter{}, map[string]string{}
	for _, name := range program.Free {
		keys[name] = TypedKey(name)
		if p := typedParameter(name); p.Key != Batch {
			parameters = append(parameters, p)
		}
	}
	parameters = append(parameters, batch.at(param.All))
	return Optimizer{
		Name:       TypedName,
		Title:      "Own rule",
		Summary:    "A rule of your own, in the notation of this list: the names in it that no line gives a value are its hyperparameters.",
		Source:     "as typed",
		gradients:  program.Gradients(),
		operations: program.Operations(),
		parameters: both(parameters...),
		start: func(dim int, _ Convention) Rule {
			return &typedRule{program, program.Start(dim), keys}
		},
	}, nil
}

// typedParameter is the hyperparameter that a name stands for: one of the field's, with
// the default that is usual there, or one that only this rule has.
func typedParameter(name string) param.Parameter {
	usual := map[string]string{Gamma: "0.9", Beta1: "0.9", Beta2: "0.999", Epsilon: "1e-8", Decay: "0"}
	key := TypedKey(name)
	return Lookup(key).at(usual[key])
}

// TypedKey returns the key of a hyperparameter that a typed rule names so: eps for ε or
// epsilon, decay for λ or lambda, and what is not the field's by its own name.
func TypedKey(name string) string {
	name = formula.ASCII(name)
	for _, h := range table {
		if h.Symbol != "" && formula.ASCII(h.Symbol) == name {
			return h.Key
		}
	}
	return name
}

type typedRule struct {
	program *formula.Program
	run     *formula.Run
	keys    map[string]string // of the hyperparameters, by their names in the lines
}

func (r *typedRule) Step(theta []float64, h *Hyperparameters, gradient *Gradient) {
	r.run.Step(theta, func(name string) float64 { return h.Get(r.keys[name]) }, gradient.At, gradient.Loss)
}

func (r *typedRule) Clone() Rule { return &typedRule{r.program, r.run.Clone(), r.keys} }

func (r *typedRule) Lines() []Line {
	var lines []Line
	for _, line := range r.program.Lines {
		if line.Name == formula.ThetaName || line.Name == formula.GradientName {
			lines = append(lines, Line{Symbol: formula.PrettyName(line.Name), Formula: formula.Pretty(line.Text, typedSymbol)})
			continue
		}
		lines = append(lines, stateLine(formula.PrettyName(line.Name), formula.Pretty(line.Text, typedSymbol), r.run.State(line.Name)))
	}
	return lines
}

// typedSymbol writes a name of a rule as on paper: ε for eps, too.
func typedSymbol(name string) string {
	if h := Lookup(TypedKey(name)); h.Symbol != "" && h.value != nil {
		return h.Symbol
	}
	return formula.PrettyName(name)
}

// WriteLines returns the lines as they are printed and typed: g ← ∇J(θ); θ ← θ − η·g.
func WriteLines(lines []Line) string {
	var written []string
	for _, line := range lines {
		if !IsPower(line.Symbol) {
			written = append(written, line.Symbol+" ← "+line.Formula)
		}
	}
	return strings.Join(written, "; ")
}

// checkTyped returns an error where a name of a typed rule cannot be a hyperparameter.
func checkTyped(program *formula.Program, text string) error {
	own := slices.DeleteFunc(slices.Clone(program.Free), func(name string) bool {
		return slices.ContainsFunc(table, func(h Hyperparameter) bool { return h.Key == TypedKey(name) })
	})
	if len(own) > mostOwn {
		return &formula.Error{Text: text, Message: fmt.Sprintf("%s that no line gives a value; want at most %d beside η and the like", param.Plural(len(own), "name"), mostOwn)}
	}
	for _, taken := range []string{StepKey, "file"} {
		if slices.Contains(program.Free, taken) {
			return &formula.Error{Text: text, Offset: strings.Index(text, taken), Message: fmt.Sprintf("%q is a key of rule:…; choose another name", taken)}
		}
	}
	return nil
}
