package problem

import (
	"cmp"
	"math"

	"gonum.org/v1/gonum/floats"
)

// fitCost is what examples cost by the model's values f and their targets y.
type fitCost struct {
	name    string
	of      func(slopes, f, y []float64) float64 // stores the derivatives by f, and returns the sum
	formula string                               // of one
	shown   string
}

var fitCosts = []fitCost{
	{"square", func(slopes, f, y []float64) float64 {
		floats.SubTo(slopes, f, y)
		return floats.Dot(slopes, slopes) / 2
	}, "(f - y)^2/2", "½Σ(y − f)²"},
	{"absolute", eachCost(func(f, y float64) (loss, slope float64) {
		return math.Abs(f - y), float64(cmp.Compare(f, y))
	}), "|f - y|", "Σ|y − f|"},
	{"huber", eachCost(func(f, y float64) (loss, slope float64) { // Huber 1964, δ = 1
		if r := f - y; math.Abs(r) > 1 {
			return math.Abs(r) - 0.5, math.Copysign(1, r)
		}
		return (f - y) * (f - y) / 2, f - y
	}), "where(|f - y| <= 1, (f - y)^2/2, |f - y| - 0.5)", "Σhuber(y − f)"},
	{"logistic", eachCost(func(f, y float64) (loss, slope float64) {
		small := math.Exp(-math.Abs(f)) // no overflow
		loss, slope = max(f, 0)+math.Log1p(small), 1/(1+small)
		if f < 0 {
			slope = small / (1 + small)
		}
		return loss - y*f, slope - y
	}), "softplus(f) - y*f", "Σ(log(1+eᶠ) − y·f)"},
}

// eachCost makes the cost of one example that of many.
func eachCost(of func(f, y float64) (loss, slope float64)) func(slopes, f, y []float64) float64 {
	return func(slopes, f, y []float64) (sum float64) {
		for k := range slopes {
			var loss float64
			loss, slopes[k] = of(f[k], y[k])
			sum += loss
		}
		return sum
	}
}

func lossNames() (names []string) {
	for _, loss := range fitCosts {
		names = append(names, loss.name)
	}
	return names
}
