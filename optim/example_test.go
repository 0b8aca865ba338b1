package optim_test

import (
	"fmt"

	"ravine/optim"
)

// slope is the gradient of ½(x² + 25y²).
func slope(theta []float64) []float64 { return []float64{theta[0], 25 * theta[1]} }

// A rule is stepped by hand: it keeps its own state and asks for gradients.
func ExampleRule() {
	momentum, err := optim.Find("momentum")
	if err != nil {
		fmt.Println(err)
		return
	}
	values := momentum.Defaults(optim.Slides)
	values.Eta = 0.02
	rule, theta := momentum.Start(2, optim.Slides), []float64{-10, 1}
	for range 3 {
		rule.Step(theta, &values, &optim.Gradient{Of: slope})
		fmt.Printf("%.3f\n", theta)
	}
	// Output:
	// [-9.800 0.500]
	// [-9.424 -0.200]
	// [-8.897 -0.730]
}

// The step that comes next, with its numbers put in.
func ExampleExplain() {
	adam, err := optim.Find("adam")
	if err != nil {
		fmt.Println(err)
		return
	}
	values := adam.Defaults(optim.Papers)
	values.Eta = 0.1
	explanation := optim.Explain(adam.Start(2, optim.Papers), []float64{-10, 1}, &values, slope, nil)
	for _, line := range explanation.Lines {
		fmt.Printf("%s ← %s\n  = %s\n", line.Symbol, line.Formula, line.Numbers[0])
	}
	fmt.Printf("step %.3f\n", explanation.Step)
	// Output:
	// g ← ∇J(θ)
	//   = ∇J(−10, 1)
	// m ← β₁·m + (1 − β₁)·g
	//   = 0.9·0 + (1 − 0.9)·(−10)
	// v ← β₂·v + (1 − β₂)·g²
	//   = 0.999·0 + (1 − 0.999)·(−10)²
	// β₁ᵗ ← β₁·β₁ᵗ
	//   = 0.9·1
	// β₂ᵗ ← β₂·β₂ᵗ
	//   = 0.999·1
	// m̂ ← m / (1 − β₁ᵗ)
	//   = −1 / (1 − 0.9)
	// v̂ ← v / (1 − β₂ᵗ)
	//   = 0.1 / (1 − 0.999)
	// θ ← θ − η·m̂ / (√v̂ + ε)
	//   = −10 − 0.1·(−10) / (√100 + 1e-8)
	// step [0.100 -0.100]
}
