package problem_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"ravine/param"
	"ravine/problem"
)

// adam makes so many of Adam's steps and returns the lowest loss on the way.
func adam(p problem.Problem, theta []float64, eta float64, steps int) float64 {
	gradient, first, second := make([]float64, 2), make([]float64, 2), make([]float64, 2)
	lowest := math.Inf(1)
	for range steps {
		lowest = min(lowest, p.Evaluate(gradient, theta))
		for j, g := range gradient {
			first[j] += 0.1 * (g - first[j])
			second[j] += 0.01 * (g*g - second[j])
			theta[j] -= eta * first[j] / (math.Sqrt(second[j]) + 1e-8)
		}
	}
	return lowest
}

// TestNeuronOptimum: from nowhere does a race get below the optimum, whatever
// the noise is.
func TestNeuronOptimum(t *testing.T) {
	known := map[string]uint64{"n=100,noise=1": 26, "n=30,noise=0.5": 9, "n=10,noise=1": 1}
	for _, n := range []int{10, 12, 30, 100} {
		for _, noise := range []string{"0", "0.05", "0.5", "1"} {
			values := fmt.Sprintf("n=%d,noise=%s", n, noise)
			seeds := []uint64{8, known[values]}
			for seed := range uint64(240 / n) {
				seeds = append(seeds, 100+seed)
			}
			for _, seed := range seeds {
				checkNeuron(t, "neuron:"+values, seed)
			}
		}
	}
}

func checkNeuron(t *testing.T, text string, seed uint64) {
	t.Helper()
	spec, err := param.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	p, err := problem.Build(spec, seed)
	if err != nil {
		t.Errorf("seed %d: %v", seed, err)
		return
	}
	best := p.Optima()[0]
	if loss := p.Loss(best.Theta); loss != best.Loss {
		t.Errorf("%s, seed %d: the loss at %v is %v, not %v", text, seed, best.Theta, loss, best.Loss)
	}
	random := rand.New(rand.NewPCG(seed, 1))
	for _, start := range [][]float64{
		{20, 5}, {-2, 2}, {0.1, -3},
		{40 * random.Float64(), 40 * (random.Float64() - 0.5)},
		{100 * random.Float64(), 100 * (random.Float64() - 0.5)},
		{-10 * random.Float64(), 10 * (random.Float64() - 0.5)},
	} {
		for _, eta := range []float64{0.1, 1} {
			if low := adam(p, append([]float64(nil), start...), eta, 1500); low < best.Loss*(1-1e-9) {
				t.Errorf("%s, seed %d: Adam from %v comes to %v, the optimum %v has %v", text, seed, start, low, best.Theta, best.Loss)
			}
		}
	}
}

// TestNeuronOfMany: thousands of examples are found by their own unit alone.
func TestNeuronOfMany(t *testing.T) {
	for _, n := range []string{"300", "1000", "2000"} {
		checkNeuron(t, "neuron:noise=1,n="+n, 1)
	}
}
