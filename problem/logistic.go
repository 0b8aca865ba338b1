package problem

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"ravine/formula"
	"ravine/param"
)

func logisticKind() Kind {
	n := examplesParameter("200")
	n.Range.Max = 100_000
	return Kind{
		Name:    "logistic",
		Sampled: true,
		Summary: "Two classes and the line between them: the probability of class 1 is σ(f).",
		Formula: "J = Σ(log(1+eᶠ) − y·f), f = w·x + b",
		Parameters: append([]param.Parameter{
			n,
			{Key: "noise", Help: "standard deviation of either class around its middle", Kind: param.Float, Default: "1",
				Range: param.Range{Min: 0.5, Max: maxShift}, Scale: param.Log},
			reduceParameter(),
			standardizeParameter(),
			fileParameter(),
			{Key: "x", Help: "its columns to predict from, as NAME+NAME or #1+#2 (without it: all of numbers but y)", Kind: param.Text},
			{Key: "y", Help: "its column with two classes, in numbers or words (without it: the last)", Kind: param.Text},
		}, dialectParameters()...),
		Main:  "noise",
		check: checkRegression,
		build: buildLogistic,
	}
}

// classExamples makes n points of two classes around (1, 0.5) and its opposite.
func classExamples(n int, deviation float64, seed uint64) examples {
	data := examples{width: 2, columns: []string{"x1", "x2"}, target: "class"}
	random := rand.New(rand.NewPCG(seed, noiseStream))
	for i := range n {
		class := float64(i % 2)
		side := 2*class - 1
		data.features = append(data.features, side+deviation*random.NormFloat64(), side/2+deviation*random.NormFloat64())
		data.targets = append(data.targets, class)
	}
	return data
}

func buildLogistic(v values, seed uint64) (Problem, error) {
	data := classExamples(v.count("n"), v.number["noise"], seed)
	if v.given["file"] {
		file, err := dataFileOf(v)
		if err != nil {
			return nil, err
		}
		file.classes = true
		if data, err = file.read(); err != nil {
			return nil, err
		}
	}
	scale, err := data.standardizeIf(v)
	if err != nil {
		return nil, err
	}
	var terms, identifiers []string
	for i := range data.width {
		identifiers = append(identifiers, fmt.Sprintf("x%d", i+1))
		terms = append(terms, fmt.Sprintf("w%d*x%[1]d", i+1))
	}
	model, err := formula.Parse(strings.Join(append(terms, "b"), "+"))
	if err != nil {
		return nil, err
	}
	p, err := newFit(data, identifiers, model, nil, "logistic", v.text["reduce"] == "mean")
	if err != nil {
		return nil, err
	}
	if v.given["file"] {
		p.names = append(slices.Clone(data.columns), "intercept")
	}
	p.unscale = scale
	l := &logistic{p}
	if err := p.explore("["+strings.TrimSuffix(strings.Repeat("0,", data.width+1), ",")+"]", ""); err != nil {
		return nil, err
	}
	if v.text["standardize"] == "true" {
		return &standardizedLogistic{l}, nil
	}
	return l, nil
}

// logistic is a linear model of two classes.
type logistic struct{ *fit }

// Axes are the first two features or, where there is one, the feature and the class.
func (l *logistic) Axes() (x, y string) {
	if l.width == 1 {
		return l.fit.Axes()
	}
	return l.columns[0], l.columns[1]
}

func (l *logistic) Points(limit int, yield func(x, y float64)) {
	for i := range spread(l.count(), limit) {
		yield(l.unscale.own(0, l.values[0][i]), l.unscale.own(1, l.values[1][i]))
	}
}

func (l *logistic) ClassPoints(class, limit int, yield func(x, y float64)) {
	for i := range spread(l.count(), limit) {
		if l.targets[i] == float64(class) {
			yield(l.unscale.own(0, l.values[0][i]), l.unscale.own(1, l.values[1][i]))
		}
	}
}

// Predict returns where, above x, both classes are equally probable or, of one feature,
// the probability of class 1.
func (l *logistic) Predict(theta []float64, x float64) float64 {
	if l.width == 1 {
		return l.fit.Predict(theta, x)
	}
	sum := theta[l.width] + theta[0]*(x-l.unscale.mean[0])/l.unscale.deviation[0]
	for j := 2; j < l.width; j++ {
		sum += theta[j] * l.middle[j]
	}
	return l.unscale.own(1, -sum/theta[1])
}

// standardizedLogistic is one whose features are scaled to mean 0, deviation 1.
type standardizedLogistic struct{ *logistic }

// Unscaled returns the weights and the intercept for the data's own features.
func (s *standardizedLogistic) Unscaled(theta []float64) []float64 { return s.unscale.unscale(theta) }
