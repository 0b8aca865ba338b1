package problem

import (
	"fmt"
	"math"
	"math/rand/v2"

	"ravine/param"
)

// rarest is the least probability with which a feature of sparse is present.
const rarest = 1.0 / 256

func sparseKind() Kind {
	return Kind{
		Name:    "sparse",
		Sampled: true,
		Summary: "Linear regression on many features, each half as often present as the one before: rare features need larger steps.",
		Formula: "J(w) = ½Σ(yᵢ − w·xᵢ)²",
		Parameters: []param.Parameter{
			examplesParameter("500"),
			{Key: "features", Help: "number of features, and of weights",
				Kind: param.Int, Default: "8", Range: param.Range{Min: 2, Max: maxFeatures}}, // a surface has two
			noiseParameter("0.1", maxShift),
			reduceParameter(),
		},
		Main: "noise",
		check: func(v values) error {
			if n, features := v.count("n"), v.count("features"); n*features > maxCells {
				return fmt.Errorf("n=%d with features=%d are too many numbers: n × features ≤ %d", n, features, maxCells)
			}
			return nil
		},
		build: buildSparse,
	}
}

func buildSparse(v values, seed uint64) (Problem, error) {
	data := sparseExamples(v.count("n"), v.count("features"), v.number["noise"], seed)
	return newLeastSquares(data, false, v.text["reduce"] == "mean", make([]float64, data.width), data.columns)
}

// sparseExamples makes y = w·x + noise·N(0,1), 1 ≤ |wⱼ| < 3. Feature j is N(0,1)
// with probability 2^−j and else 0; none is 0 throughout if there are rows enough.
func sparseExamples(n, width int, noise float64, seed uint64) examples {
	data := examples{
		width:    width,
		features: make([]float64, n*width),
		targets:  make([]float64, n),
		columns:  make([]string, width),
		target:   "y",
	}
	random := rand.New(rand.NewPCG(seed, weightStream))
	weights := make([]float64, width)
	for j := range weights {
		weights[j] = 1 + 2*random.Float64()
		if random.IntN(2) == 0 {
			weights[j] = -weights[j]
		}
		data.columns[j] = fmt.Sprintf("w%d", j+1)
	}
	random = rand.New(rand.NewPCG(seed, featureStream))
	seen := make([]bool, width)
	for i := range n {
		row := data.row(i)
		for j := range row {
			if random.Float64() < max(math.Pow(2, -float64(j)), rarest) {
				row[j], seen[j] = random.NormFloat64(), true
			}
		}
	}
	for j := range min(n, width) {
		if !seen[j] {
			data.row(j)[j] = random.NormFloat64()
		}
	}
	random = rand.New(rand.NewPCG(seed, noiseStream))
	for i := range n {
		for j, x := range data.row(i) {
			data.targets[i] += weights[j] * x
		}
		data.targets[i] += noise * random.NormFloat64()
	}
	return data
}
