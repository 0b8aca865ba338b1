package problem_test

import (
	"fmt"

	"ravine/param"
	"ravine/problem"
)

func ExampleBuild() {
	spec := param.Spec{Name: "ravine", Pairs: []param.Pair{{Key: "kappa", Value: "4"}}}
	ravine, err := problem.Build(spec, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	gradient := make([]float64, ravine.Dim())
	loss := ravine.Evaluate(gradient, []float64{2, 1})
	fmt.Println("J", loss, "∇J", gradient)
	fmt.Println("starts at", ravine.Start(), "best at", ravine.Optima()[0].Theta)
	// Output:
	// J 4 ∇J [2 4]
	// starts at [-10 1] best at [0 0]
}

// A problem with data has gradients of batches too.
func ExampleSampled() {
	built, err := problem.Build(param.Spec{Name: "regression"}, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	regression := built.(problem.Sampled)
	gradient := make([]float64, regression.Dim())
	theta := regression.Optima()[0].Theta
	all := regression.Evaluate(gradient, theta)
	some := regression.EvaluateBatch(gradient, theta, []int32{0, 1, 2})
	fmt.Println(regression.Examples(), "examples;", some < all)
	// Output: 800 examples; true
}
