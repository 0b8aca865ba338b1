package problem_test

import (
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ravine/param"
	"ravine/problem"
)

// specs are problems of every kind and variant that the tests of all problems go through.
var specs = []string{
	"regression",
	"regression:n=7,slope=-3,intercept=1,noise=4",
	"regression:reduce=mean",
	"regression:standardize=true",
	"regression:standardize=true,reduce=mean,n=33",
	"regression:n=1",
	"sparse",
	"sparse:n=30,features=3,noise=1,reduce=mean",
	"sparse:n=4",
	"ravine",
	"ravine:kappa=100,angle=30",
	"ravine:kappa=0.1,angle=-200",
	"rosenbrock",
	"rosenbrock:b=1",
	"beale",
	"himmelblau",
	"saddle",
	"rastrigin",
	"neuron",
	"neuron:n=31,noise=0.2",
	"formula",
	"formula:J=(x+2*y-7)²+(2*x+y-5)²+k*z²,k=3",
	"fit",
	"fit:model=a/(1+b*t^2)+c,b=2,n=300,reduce=mean",
	"fit:loss=huber,noise=1",
	"fit:standardize=true",
	"logistic",
	"logistic:standardize=true",
	"logistic:n=20,noise=2,reduce=mean",
}

func build(tb testing.TB, text string) problem.Problem {
	tb.Helper()
	p, err := tryBuild(tb, text)
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

func tryBuild(tb testing.TB, text string) (problem.Problem, error) {
	tb.Helper()
	spec, err := param.Parse(text)
	if err != nil {
		tb.Fatal(err)
	}
	return problem.Build(spec, 1)
}

// forEach runs check on every one of specs, and fails if a kind is not among them.
func forEach(t *testing.T, check func(t *testing.T, p problem.Problem)) {
	t.Helper()
	ran := map[string]int{}
	for _, text := range specs {
		t.Run(text, func(t *testing.T) {
			check(t, build(t, text))
			name, _, _ := strings.Cut(text, ":")
			ran[name]++
		})
	}
	for _, kind := range problem.Kinds() {
		if ran[kind.Name] == 0 {
			t.Errorf("no %s was checked", kind.Name)
		}
	}
}

// pointAround returns a point in the view made a fifth larger on each side.
func pointAround(random *rand.Rand, view []problem.Interval) []float64 {
	theta := make([]float64, len(view))
	for j, side := range view {
		theta[j] = side.Low + (side.High-side.Low)*(1.4*random.Float64()-0.2)
	}
	return theta
}

func norm(v []float64) float64 {
	sum := 0.0
	for _, x := range v {
		sum += x * x
	}
	return math.Sqrt(sum)
}

func isNear(got, want, tolerance float64) bool { return math.Abs(got-want) <= tolerance }

// writeCSV writes a file and returns its path.
func writeCSV(tb testing.TB, text string) string {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), "houses.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		tb.Fatal(err)
	}
	return path
}

// fileSpec returns regression on that file with more keys.
func fileSpec(path string, pairs ...param.Pair) param.Spec {
	return param.Spec{Name: "regression", Pairs: append([]param.Pair{{Key: "file", Value: path}}, pairs...)}
}
