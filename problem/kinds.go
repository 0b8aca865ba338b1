package problem

import (
	"fmt"
	"slices"
	"strconv"

	"ravine/param"
)

// Kinds returns every kind: the one that the playground opens on, those with data
// of the talk, and losses that are harder.
func Kinds() []Kind {
	return []Kind{
		ravineKind(),
		regressionKind(),
		sparseKind(),
		rosenbrockKind(),
		bealeKind(),
		himmelblauKind(),
		saddleKind(),
		rastriginKind(),
		neuronKind(),
		formulaKind(),
		fitKind(),
		logisticKind(),
	}
}

// elsewhere lists what problems and their parameters are called in papers and libraries.
var elsewhere = param.Elsewhere{
	{Here: "ravine", Names: "quadratic quadratic_bowl bowl ellipse ellipsoid valley"},
	{Here: "regression", Names: "linear linear_regression least_squares ols line csv"},
	{Here: "rosenbrock", Names: "banana rosen"},
	{Here: "formula", Names: "function custom own expression loss"},
	{Here: "fit", Names: "curve_fit nonlinear nls model nonlinear_least_squares"},
	{Here: "logistic", Names: "logistic_regression logit classification classifier binary"},
	{Here: "saddle", Names: "saddle_point"},
	{Here: "neuron", Names: "tanh unit perceptron network neural_network nn mlp"},
	{Here: "kappa", Names: "κ condition cond condition_number"},
	{Here: "angle", Names: "φ phi theta rotation"},
	{Here: "n", Names: "samples n_samples size points examples m"},
	{Here: "noise", Names: "sigma std"},
	{Here: "slope", Names: "weight"},
	{Here: "intercept", Names: "bias"},
	{Here: "features", Names: "n_features dim"},
	{Here: "reduce", Names: "reduction"},
	{Here: "standardize", Names: "standardise standardized normalize normalise scale zscore"},
	{Here: "file", Names: "path csv data filename"},
	{Here: "x", Names: "features columns"},
	{Here: "y", Names: "target label"},
}

// Check returns an error if spec names an unknown kind, key or value, or keys
// that contradict each other. It opens no file.
func Check(spec param.Spec) error {
	_, _, err := resolve(spec)
	return err
}

// Build makes the problem that spec names. Data it makes itself comes from the
// seed. errors.Is(err, ErrData) holds for mistakes in a data file; all others are
// mistakes in the spec.
func Build(spec param.Spec, seed uint64) (Problem, error) { return BuildWith(spec, seed, nil) }

// BuildWith is Build, and says how many bytes of a file of that size have been read.
// Several goroutines call progress.
func BuildWith(spec param.Spec, seed uint64, progress func(done, size int64)) (Problem, error) {
	kind, v, err := resolve(spec)
	if err != nil {
		return nil, err
	}
	v.progress = progress
	built, err := kind.build(v, seed)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", spec.Name, err)
	}
	return built, nil
}

// values are the checked values of a problem's parameters.
type values struct {
	number map[string]float64
	text   map[string]string
	given  map[string]bool // whether the spec has the key; others have their defaults

	constants map[string]float64 // of a formula, by their names in ASCII
	progress  func(done, size int64)
}

// count returns a whole number.
func (v values) count(key string) int { return int(v.number[key]) }

// resolve returns the kind that spec names and the value of each of its
// parameters, or the first mistake.
func resolve(spec param.Spec) (Kind, values, error) {
	kind, err := KindOf(spec)
	if err != nil {
		return Kind{}, values{}, err
	}
	v := values{map[string]float64{}, map[string]string{}, map[string]bool{}, constantsOf(kind, spec), nil}
	for _, pair := range spec.Pairs {
		if len(kind.Parameters) == 0 {
			return Kind{}, values{}, fmt.Errorf("%s has no parameters, so no %q", kind.Name, pair.Key)
		}
		if _, ok := param.Find(kind.Parameters, pair.Key); !ok {
			keys := param.Keys(kind.Parameters)
			return Kind{}, values{}, param.Unknown("parameter of "+kind.Name, pair.Key, keys, elsewhere.Meant(pair.Key, kind.Name, keys)...)
		}
		v.given[pair.Key] = true
	}
	for _, p := range kind.Parameters {
		text := spec.Value(p.Key, p.Default)
		if p.Kind != param.Text && text != param.Printable(text) {
			return Kind{}, values{}, fmt.Errorf("%s: %s=%s is not printable text", kind.Name, p.Key, strconv.Quote(text))
		}
		number, err := p.Number(text)
		if err != nil {
			return Kind{}, values{}, fmt.Errorf("%s: %w", kind.Name, err)
		}
		v.number[p.Key], v.text[p.Key] = number, text
	}
	if kind.check != nil {
		if err := kind.check(v); err != nil {
			return Kind{}, values{}, fmt.Errorf("%s: %w", kind.Name, err)
		}
	}
	return kind, v, nil
}

// KindOf returns the kind that spec names, with the parameters that it has by spec's
// values.
func KindOf(spec param.Spec) (Kind, error) {
	kind, err := Find(spec.Name)
	if err == nil && kind.of != nil {
		return kind.of(kind, spec)
	}
	return kind, err
}

// Find returns the kind of that name; the error names the nearest.
func Find(name string) (Kind, error) {
	kinds := Kinds()
	names := make([]string, len(kinds))
	for i, kind := range kinds {
		names[i] = kind.Name
	}
	i := slices.Index(names, name)
	if i < 0 {
		return Kind{}, param.Unknown("problem", name, names, elsewhere.Meant(name, "", names)...)
	}
	return kinds[i], nil
}

// Applies reports whether the parameter applies to the problem that spec names:
// data from a file have no slope, generated data no columns.
func Applies(spec param.Spec, key string) bool {
	fromFile := spec.Value("file", "") != ""
	switch key {
	case "n", "slope", "intercept", "noise":
		return !fromFile
	case "x", "y", "file":
		return fromFile
	}
	return true
}
