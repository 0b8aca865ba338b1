package param_test

import (
	"fmt"

	"ravine/param"
)

func ExampleParse() {
	spec, err := param.Parse("adam:eta=0.1,beta1=0.5")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(spec.Name, spec.Value("beta1", "0.9"), spec.Value("beta2", "0.999"))
	fmt.Println(spec.With("eta", "0.2"))
	_, err = param.Parse("adam:eta")
	fmt.Println(err)
	// Output:
	// adam 0.5 0.999
	// adam:eta=0.2,beta1=0.5
	// "adam:eta": "eta" is not key=value
}

// Equal steps are equal factors of η, and equal factors of 1 − γ.
func ExampleScale_Step() {
	eta, gamma := 0.1, 0.9
	for range 3 {
		eta = param.Log.Step(eta, +1, 0)
		gamma = param.LogComplement.Step(gamma, +1, 0)
		fmt.Println(eta, gamma)
	}
	// Output:
	// 0.125 0.937
	// 0.16 0.96
	// 0.2 0.975
}

func ExampleParameter_Number() {
	gamma := param.Parameter{Key: "gamma", Range: param.Range{Min: 0, Max: 1, MaxOpen: true}}
	fmt.Println(gamma.Number("0.9"))
	fmt.Println(gamma.Number("1"))
	// Output:
	// 0.9 <nil>
	// 1 gamma=1 is out of range: 0 ≤ gamma < 1
}
