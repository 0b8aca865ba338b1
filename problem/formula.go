package problem

import (
	"fmt"
	"slices"
	"strings"

	"ravine/formula"
	"ravine/param"
)

// mostVariables bounds the parameters of a formula.
const mostVariables = 1000

// FormulaKey is the key of a typed loss, and modelKey of a typed model. Their other keys
// are names in it.
const (
	FormulaKey = "J"
	modelKey   = "model"
)

// IsFormula reports whether the value of a key is a formula.
func IsFormula(key string) bool { return key == FormulaKey || key == modelKey }

// IsTyped reports whether the kind is of someone's own formula.
func (k Kind) IsTyped() bool {
	return slices.ContainsFunc(k.Parameters, func(p param.Parameter) bool { return IsFormula(p.Key) })
}

func formulaKind() Kind {
	return Kind{
		Name:    "formula",
		Summary: "A loss of your own: the names in it are its parameters, but for those that are given a number.",
		Formula: "J = …",
		Parameters: []param.Parameter{
			{Key: FormulaKey, Help: "the loss, such as (a-x)^2+b*(y-x^2)^2", Kind: param.Text, Default: "log(1+(1-x)^2+10*(y-x^2)^2)"},
			{Key: "start", Help: "where a race starts, as [-1.2,1] or [x=-1.2,y=1]", Kind: param.Text},
			{Key: "view", Help: "what the surface shows, as [-2..2,-1..3]", Kind: param.Text},
		},
		of:    formulaOf,
		build: buildFormula,
	}
}

// formulaOf returns the kind with the constants of one formula as its parameters.
func formulaOf(kind Kind, spec param.Spec) (Kind, error) {
	text := spec.Value(FormulaKey, kind.Parameters[0].Default)
	read, err := formula.Parse(text)
	if err != nil {
		return Kind{}, err
	}
	kind.Formula = "J = " + strings.Join(strings.Fields(text), " ")
	if kind, err = withConstants(kind, spec, FormulaKey, read); err != nil {
		return Kind{}, err
	}
	_, _, err = compileFormula(text, constantsOf(kind, spec))
	return kind, err
}

func compileFormula(text string, constants map[string]float64) (*formula.Tape, []string, error) {
	read, err := formula.Parse(text)
	if err != nil {
		return nil, nil, err
	}
	names, err := read.Variables(constants)
	switch {
	case err != nil:
		return nil, nil, err
	case len(names) < 2:
		return nil, nil, fmt.Errorf("formula: J has %s; want 2 or more, since the surface shows two", param.Plural(len(names), "parameter"))
	case len(names) > mostVariables:
		return nil, nil, fmt.Errorf("formula: J has %d parameters; want at most %d", len(names), mostVariables)
	}
	tape, err := read.Compile(names, constants)
	return tape, names, err
}

func buildFormula(v values, _ uint64) (Problem, error) {
	tape, names, err := compileFormula(v.text[FormulaKey], v.constants)
	if err != nil {
		return nil, err
	}
	p := &own{curved: typed{tape, len(names)}, names: names, operations: tape.Operations()}
	p.search, p.curvature = p.findMinima, p.HessianVector
	return p, p.explore(v.text["start"], v.text["view"])
}

// typed is a tape as a loss.
type typed struct {
	*formula.Tape
	dim int
}

func (p typed) Dim() int                                   { return p.dim }
func (p typed) Loss(theta []float64) float64               { return p.Value(theta) }
func (p typed) Evaluate(gradient, theta []float64) float64 { return p.Gradient(gradient, theta) }
