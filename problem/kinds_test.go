package problem_test

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"ravine/param"
	"ravine/problem"
)

func TestCheck(t *testing.T) {
	tests := []struct{ spec, want string }{
		{"ravin", `unknown problem "ravin" (did you mean "ravine"?); there are ravine regression sparse rosenbrock beale himmelblau saddle rastrigin neuron formula fit logistic`},
		{"ravine:kapa=3", `unknown parameter of ravine "kapa" (did you mean "kappa"?); there are kappa angle`},
		{"beale:b=3", `beale has no parameters, so no "b"`},
		{"ravine:kappa=0", "ravine: kappa=0 is out of range: 0 < kappa, finite"},
		{"ravine:kappa=Inf", "ravine: kappa=Inf is out of range: 0 < kappa, finite"},
		{"ravine:angle=NaN", "ravine: angle=NaN is out of range: angle finite"},
		{"ravine:angle=\x1b", `ravine: angle="\x1b" is not printable text`},
		{"rosenbrock:b=-1", "rosenbrock: b=-1 is out of range: 0 < b, finite"},
		{"regression:n=0", "regression: n=0 is out of range: 1 ≤ n ≤ 1e7"},
		{"regression:n=1.5", "regression: n=1.5: not a whole number; want 1 ≤ n ≤ 1e7"},
		{"regression:noise=-1", "regression: noise=-1 is out of range: 0 ≤ noise ≤ 1e9"},
		{"regression:reduce=max", "regression: reduce=max: want sum or mean"},
		{"regression:standardize=1", "regression: standardize=1: want false or true"},
		{"regression:n=800,file=a.csv", "regression: n does not go with file"},
		{"regression:file=a.csv,slope=2", "regression: slope does not go with file"},
		{"regression:file=a.csv,intercept=2", "regression: intercept does not go with file"},
		{"regression:file=a.csv,noise=2", "regression: noise does not go with file"},
		{"regression:x=area", "regression: x goes only with file"},
		{"regression:y=price", "regression: y goes only with file"},
		{"sparse:features=65", "sparse: features=65 is out of range: 2 ≤ features ≤ 64"},
		{"sparse:n=10000000,features=11", "sparse: n=10000000 with features=11 are too many numbers: n × features ≤ 100000000"},
		{"neuron:n=9", "neuron: n=9 is out of range: 10 ≤ n ≤ 2000"},
		{"neuron:reduce=mean", `unknown parameter of neuron "reduce"; there are n noise`},
		{"ravine:kappa=3,angle=1e300", ""},
		{"regression:file=missing.csv,x=a+b,y=c,reduce=mean,standardize=true", ""},
	}
	for _, test := range tests {
		spec, err := param.Parse(test.spec)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if err := problem.Check(spec); err != nil {
			got = err.Error()
			if _, err := problem.Build(spec, 1); err == nil || err.Error() != got || errors.Is(err, problem.ErrData) {
				t.Errorf("%s: Check says %s, Build %v", test.spec, got, err)
			}
		}
		if got != test.want {
			t.Errorf("%s\ngot  %s\nwant %s", test.spec, got, test.want)
		}
	}
}

func TestStandardizeOneExample(t *testing.T) {
	_, err := tryBuild(t, "regression:n=1,standardize=true")
	checkError(t, err, `regression: "x" has the same value in every row, so it cannot be standardized`, "", false)
}

// checkBuilt checks what must hold of every problem and every error.
func checkBuilt(t *testing.T, p problem.Problem, err error) {
	t.Helper()
	if err != nil {
		if strings.ContainsFunc(err.Error(), func(r rune) bool { return !unicode.IsPrint(r) }) {
			t.Errorf("the message %q is not one printable line", err)
		}
		return
	}
	gradient := make([]float64, p.Dim())
	p.Evaluate(gradient, p.Start())
	for j, side := range p.View() {
		if !(side.Low < side.High) || math.IsInf(side.High-side.Low, 0) {
			t.Errorf("view %v", p.View())
		}
		for _, optimum := range p.Optima() {
			if math.IsNaN(optimum.Theta[j]) || !param.Finite(optimum.Loss) {
				t.Errorf("optimum %v", optimum)
			}
		}
	}
	if len(p.Optima()) == 0 && !strings.Contains(problem.Note(p), "no minimum") {
		t.Error("no optimum is known, and nothing is said of it")
	}
	for _, name := range p.Names() {
		if strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }) {
			t.Errorf("the name %q is not printable", name)
		}
	}
}

func FuzzBuild(f *testing.F) {
	for _, text := range specs {
		f.Add(text)
	}
	f.Add("regression:\"file=a,b\",x=c")
	f.Add("sparse:n=10000000,features=64")
	f.Add("formula:J=x*y")
	f.Fuzz(func(t *testing.T, text string) {
		spec, err := param.Parse(text)
		if err != nil {
			return
		}
		if err := problem.Check(spec); err != nil {
			checkBuilt(t, nil, err)
			return
		}
		if n, err := strconv.Atoi(spec.Value("n", "1")); err != nil || n > 1000 || spec.Value("file", "") != "" {
			return
		}
		p, err := problem.Build(spec, 1)
		if errors.Is(err, problem.ErrData) {
			t.Errorf("%v blames a file", err)
		}
		checkBuilt(t, p, err)
	})
}

func FuzzCSV(f *testing.F) {
	f.Add("area,rooms,price\n1,2,3\n4,5,7\n", "area+rooms", "price", false)
	f.Add("\uFEFFarea,price\r\n 1 ,\"3\"\r\n\r\n2,5\r\n", "", "", true)
	f.Add("a,b\n1e-300,1e100\n0,0\n", "", "", false)
	f.Add("a,b\n1,\"2\n", "b", "a", false)
	f.Add("a,b,c\n1,1,1\n2,2,2\n", "", "", true)
	path := filepath.Join(f.TempDir(), "fuzz.csv")
	f.Fuzz(func(t *testing.T, text, x, y string, standardize bool) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		pairs := append(columns(x, y), param.Pair{Key: "standardize", Value: strconv.FormatBool(standardize)})
		p, err := problem.Build(fileSpec(path, pairs...), 1)
		checkBuilt(t, p, err)
		if err == nil {
			p.(problem.Plotted).Points(3, func(x, y float64) {
				if math.IsNaN(x) || math.IsNaN(y) {
					t.Errorf("point (%v, %v)", x, y)
				}
			})
		}
	})
}
