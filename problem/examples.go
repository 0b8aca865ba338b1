package problem

import (
	"fmt"
	"iter"
	"math"
	"slices"
)

// Limits on data, made or read.
const (
	maxExamples  = 10_000_000
	maxFeatures  = 64
	maxCells     = 100_000_000 // examples × features: 0.8 GB
	maxMagnitude = 1e100       // so that sums of squares do not overflow
)

// A stream is one use of the seed; changing the noise of a problem does not
// change its features.
const (
	noiseStream   uint64 = 1
	featureStream uint64 = 2
	weightStream  uint64 = 3
)

// examples are n rows of data: features, row after row, and a target each.
type examples struct {
	width    int       // features a row
	features []float64 // n × width
	targets  []float64 // n
	columns  []string  // names of the features, width of them
	target   string    // name of the targets
	note     string    // of how they were read, or ""
}

// count returns n.
func (e *examples) count() int { return len(e.targets) }

// Features returns the number of columns that are predicted from.
func (e *examples) Features() int { return e.width }

// row returns the features of example i.
func (e *examples) row(i int) []float64 { return e.features[i*e.width : (i+1)*e.width] }

// spread yields at most limit of the indices 0…n−1, spread evenly.
func spread(n, limit int) iter.Seq[int] {
	return func(yield func(int) bool) {
		shown := int64(min(n, limit))
		for k := range shown {
			if !yield(int(k * int64(n) / shown)) {
				return
			}
		}
	}
}

// scaling maps stored features to the data's own scale: mean + deviation·stored.
type scaling struct{ mean, deviation []float64 }

// unscaled is the scaling of features that are stored as they are.
func unscaled(width int) scaling {
	s := scaling{make([]float64, width), make([]float64, width)}
	for j := range s.deviation {
		s.deviation[j] = 1
	}
	return s
}

// own returns a stored value of feature j in the data's own scale, stored the reverse.
func (s scaling) own(j int, x float64) float64    { return s.mean[j] + s.deviation[j]*x }
func (s scaling) stored(j int, x float64) float64 { return (x - s.mean[j]) / s.deviation[j] }

// unscale returns the weights and, behind them, the intercept that make of the data's own
// features what theta makes of the stored ones.
func (s scaling) unscale(theta []float64) []float64 {
	own := slices.Clone(theta)
	for j, deviation := range s.deviation {
		own[j] = theta[j] / deviation
		own[len(s.deviation)] -= own[j] * s.mean[j]
	}
	return own
}

// means returns the mean of each feature.
func (e *examples) means() []float64 {
	means := make([]float64, e.width)
	for i := range e.count() {
		for j, x := range e.row(i) {
			means[j] += x
		}
	}
	for j := range means {
		means[j] /= float64(e.count())
	}
	return means
}

// standardize scales every feature in place to mean 0 and deviation 1, those of
// the whole population (÷ n). A feature that does not vary is an error.
func (e *examples) standardize() (scaling, error) {
	s := scaling{make([]float64, e.width), make([]float64, e.width)}
	first := slices.Clone(e.row(0))
	varies := make([]bool, e.width)
	for i := range e.count() {
		for j, x := range e.row(i) {
			varies[j] = varies[j] || x != first[j]
		}
	}
	for range 2 { // the second time removes the rounding error of the first
		for j, mean := range e.centre() {
			s.mean[j] += mean
		}
	}
	for i := range e.count() {
		for j, x := range e.row(i) {
			s.deviation[j] += x * x
		}
	}
	for j, squares := range s.deviation {
		s.deviation[j] = math.Sqrt(squares / float64(e.count()))
		switch {
		case !varies[j]:
			return scaling{}, fmt.Errorf("%s has the same value in every row, so it cannot be standardized", quote(e.columns[j]))
		case s.deviation[j] == 0:
			return scaling{}, fmt.Errorf("%s varies by too little to be standardized", quote(e.columns[j]))
		}
	}
	for i := range e.count() {
		row := e.row(i)
		for j := range row {
			row[j] /= s.deviation[j]
		}
	}
	return s, nil
}

// standardizeIf is standardize where the values of a problem say so.
func (e *examples) standardizeIf(v values) (scaling, error) {
	if v.text["standardize"] != "true" {
		return unscaled(e.width), nil
	}
	scale, err := e.standardize()
	if err != nil {
		err = atFault(v.text["file"], err)
	}
	return scale, err
}

// centre subtracts from every feature, in place, its mean, and returns the means.
func (e *examples) centre() []float64 {
	means := e.means()
	for i := range e.count() {
		row := e.row(i)
		for j := range row {
			row[j] -= means[j]
		}
	}
	return means
}
