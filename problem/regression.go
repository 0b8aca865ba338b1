package problem

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"ravine/param"
)

// maxShift bounds the parameters of generated data.
const maxShift = 1e9

func regressionKind() Kind {
	shift := param.Range{Min: -maxShift, Max: maxShift}
	return Kind{
		Name:    "regression",
		Sampled: true,
		Summary: "The talk's problem: fit a line to points, or a linear model to the columns of a CSV file.",
		Formula: "J(a,b) = ½Σ(yᵢ − (axᵢ+b))²", ManyFormula: "J(w,b) = ½Σ(yᵢ − (w·xᵢ+b))²",
		Parameters: append([]param.Parameter{
			examplesParameter("800"),
			{Key: "slope", Help: "slope of the line that the data are made from", Kind: param.Float, Default: "2", Range: shift, Scale: param.Linear},
			{Key: "intercept", Help: "its height at x = 0", Kind: param.Float, Default: "25", Range: shift, Scale: param.Linear},
			noiseParameter("0.5", maxShift),
			reduceParameter(),
			standardizeParameter(),
			fileParameter(),
			{Key: "x", Help: "its columns to predict from, as NAME+NAME or #1+#2 (without it: all of numbers but y)", Kind: param.Text},
			{Key: "y", Help: "its column to predict (without it: the last of numbers)", Kind: param.Text},
		}, dialectParameters()...),
		Main:  "noise",
		check: checkRegression,
		build: buildRegression,
	}
}

func examplesParameter(count string) param.Parameter {
	return param.Parameter{Key: "n", Help: "number of examples",
		Kind: param.Int, Default: count, Range: param.Range{Min: 1, Max: maxExamples}, Scale: param.Log}
}

func noiseParameter(deviation string, largest float64) param.Parameter {
	return param.Parameter{Key: "noise", Help: "standard deviation of the noise on y; 0 makes the data exact",
		Kind: param.Float, Default: deviation, Range: param.Range{Min: 0, Max: largest}, Scale: param.Log}
}

func fileParameter() param.Parameter {
	return param.Parameter{Key: "file", Help: "a table in place of made data: CSV or a relative of it, packed or not", Kind: param.Text}
}

func standardizeParameter() param.Parameter {
	return param.Parameter{Key: "standardize", Help: "scale every feature to mean 0, deviation 1 before the race", Kind: param.Choice,
		Default: "false", Choices: []string{"false", "true"}}
}

func reduceParameter() param.Parameter {
	return param.Parameter{Key: "reduce", Help: "whether J adds up the examples or averages them",
		Kind: param.Choice, Default: "sum", Choices: []string{"sum", "mean"}}
}

// checkRegression returns an error for keys of generated data together with a
// file, and for columns without one.
func checkRegression(v values) error {
	if v.given["file"] {
		for _, key := range []string{"n", "slope", "intercept", "noise"} {
			if v.given[key] {
				return fmt.Errorf("%s does not go with file", key)
			}
		}
		_, err := separatorNamed(v.text["sep"])
		return err
	}
	defaults := []string{"", "auto", "refuse"}
	for _, key := range []string{"x", "y", "sep", "decimal", "header", "missing"} {
		if v.given[key] && !slices.Contains(defaults, v.text[key]) {
			return fmt.Errorf("%s goes only with file", key)
		}
	}
	return nil
}

func buildRegression(v values, seed uint64) (Problem, error) {
	file := v.text["file"]
	var data examples
	if v.given["file"] {
		from, err := dataFileOf(v)
		if err != nil {
			return nil, err
		}
		if data, err = from.read(); err != nil {
			return nil, err
		}
	} else {
		data = lineExamples(v.count("n"), v.number["slope"], v.number["intercept"], v.number["noise"], seed)
	}
	scale, err := data.standardizeIf(v)
	if err != nil {
		return nil, err
	}
	names := append(slices.Clone(data.columns), "intercept")
	start := make([]float64, data.width+1)
	if data.width == 1 {
		names = []string{"a", "b"}
	}
	if file == "" {
		start = []float64{8, 75} // the start of the talk's notebook
	}
	loss, err := newLeastSquares(data, true, v.text["reduce"] == "mean", start, names)
	if err != nil {
		return nil, atFault(file, err)
	}
	r := &regression{leastSquares: loss, scale: scale, means: data.means()}
	if v.text["standardize"] == "true" {
		return &standardized{r}, nil
	}
	return r, nil
}

// atFault returns err as a mistake in the file, if there is one.
func atFault(file string, err error) error {
	if file == "" {
		return err
	}
	return &dataError{where: param.Printable(file), what: err.Error(), cause: err}
}

// lineExamples makes n points evenly over [−20, 20), y = slope·x + intercept + noise·N(0,1).
func lineExamples(n int, slope, intercept, noise float64, seed uint64) examples {
	data := examples{
		width:    1,
		features: make([]float64, n),
		targets:  make([]float64, n),
		columns:  []string{"x"},
		target:   "y",
	}
	random := rand.New(rand.NewPCG(seed, noiseStream))
	for i := range n {
		x := -20 + 40*float64(i)/float64(n)
		data.features[i] = x
		data.targets[i] = slope*x + intercept + noise*random.NormFloat64()
	}
	return data
}

// regression is linear least squares with an intercept and data to be drawn.
type regression struct {
	*leastSquares
	scale scaling   // of the stored features
	means []float64 // of the stored features
}

// Note says how a file was read, where that is not as everyone would expect.
func (r *regression) Note() string { return r.note }

func (r *regression) Axes() (x, y string) { return r.columns[0], r.target }

func (r *regression) Points(limit int, yield func(x, y float64)) {
	for i := range spread(r.count(), limit) {
		yield(r.scale.own(0, r.row(i)[0]), r.targets[i])
	}
}

func (r *regression) Predict(theta []float64, x float64) float64 {
	y := theta[r.width] + theta[0]*(x-r.scale.mean[0])/r.scale.deviation[0]
	for j := 1; j < r.width; j++ {
		y += theta[j] * r.means[j]
	}
	return y
}

// standardized is a regression whose features are scaled to mean 0, deviation 1.
type standardized struct{ *regression }

// Unscaled returns the weights and the intercept that predict from the data's
// own features what theta predicts from the scaled ones.
func (s *standardized) Unscaled(theta []float64) []float64 {
	return s.scale.unscale(theta)
}
