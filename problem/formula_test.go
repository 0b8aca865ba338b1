package problem

import (
	"math"
	"strings"
	"testing"

	"ravine/param"
)

func buildSpec(t testing.TB, text string) (Problem, error) {
	t.Helper()
	spec, err := param.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return Build(spec, 1)
}

// A typed loss is the built-in one: value, gradient, optima.
func TestFormulaIsTheBuiltIn(t *testing.T) {
	for builtIn, typed := range map[string]string{
		"rosenbrock": "formula:J=(a-x)^2+b*(y-x^2)^2,a=1,b=100",
		"beale":      "formula:J=(1.5-x+x*y)²+(2.25-x+x*y²)²+(2.625-x+x*y³)²",
		"himmelblau": "formula:J=(x^2+y-11)^2+(x+y^2-7)^2",
		"rastrigin":  "formula:J=20+x^2-10*cos(2*pi*x)+y^2-10*cos(2*π*y),start=[0.7,0.4]",
	} {
		want, err := buildSpec(t, builtIn)
		if err != nil {
			t.Fatal(err)
		}
		got, err := buildSpec(t, typed)
		if err != nil {
			t.Fatalf("%s: %v", typed, err)
		}
		if len(got.Optima()) != len(want.Optima()) {
			t.Errorf("%s has %d optima, want %d", typed, len(got.Optima()), len(want.Optima()))
		}
		for _, optimum := range want.Optima() {
			nearest := math.Inf(1)
			for _, found := range got.Optima() {
				nearest = min(nearest, math.Hypot(found.Theta[0]-optimum.Theta[0], found.Theta[1]-optimum.Theta[1]))
			}
			if nearest > 1e-9 {
				t.Errorf("%s: no optimum at %v, the nearest is %v away", typed, optimum.Theta, nearest)
			}
		}
		gradient, wanted := make([]float64, 2), make([]float64, 2)
		for _, theta := range [][]float64{{-1.2, 1}, {0.3, 0.7}, {2, -3}} {
			loss, wantedLoss := got.Evaluate(gradient, theta), want.Evaluate(wanted, theta)
			size := math.Abs(wantedLoss) + math.Hypot(wanted[0], wanted[1])
			if math.Abs(loss-wantedLoss) > 1e-14*size || math.Abs(gradient[0]-wanted[0]) > 1e-13*size || math.Abs(gradient[1]-wanted[1]) > 1e-13*size || got.Loss(theta) != loss {
				t.Errorf("%s at %v: %v %v, want %v %v", typed, theta, loss, gradient, wantedLoss, wanted)
			}
		}
		if n := testing.AllocsPerRun(100, func() { got.Evaluate(gradient, wanted) }); n > 0 {
			t.Errorf("%s: %v allocations", typed, n)
		}
	}
}

// Optima that can be worked out by hand, starts beside them, and the scale.
func TestFormulaOptima(t *testing.T) {
	for _, c := range []struct {
		text string
		best []float64
		loss float64
	}{
		{"formula:J=x^2+4*y^2-2*x+3", []float64{1, 0}, 2},
		{"formula:J=|x-1|+|y+2|", []float64{1, -2}, 0},
		{"formula:J=max(|x|,2*|y|)", []float64{0, 0}, 0},
		{"formula:J=sum(i,1,n,i*(x[i]-i)^2),n=5", []float64{1, 2, 3, 4, 5}, 0},
		{"formula:J=exp(x)-x+cosh(y-1)", []float64{0, 1}, 2},
		{"formula:J=(x-y)^2+k*(x+y-2)^2,k=1e4", []float64{1, 1}, 0},
		{"formula:J=sum(i,1,n,(x[i]-1)^2),n=300", nil, 0},
	} {
		p, err := buildSpec(t, c.text)
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		best := p.Optima()[0]
		if math.Abs(best.Loss-c.loss) > 1e-7 {
			t.Errorf("%s: the lowest loss is %v, want %v", c.text, best.Loss, c.loss)
		}
		far := 0.0
		for i, x := range best.Theta {
			if c.best != nil && math.Abs(x-c.best[i]) > 1e-6 {
				t.Errorf("%s: the optimum is %v, want %v", c.text, best.Theta, c.best)
				break
			}
			far = max(far, math.Abs(x-p.Start()[i]))
			if side := p.View()[i]; !(side.Low < min(x, p.Start()[i])) || !(side.High > max(x, p.Start()[i])) {
				t.Errorf("%s: the view %v does not show %v and %v", c.text, side, x, p.Start()[i])
			}
		}
		if far < 0.1 || !(p.Scale(p.Start(), 0).Curvature > 0) {
			t.Errorf("%s: starts %v from the optimum, with the scale %v", c.text, far, p.Scale(p.Start(), 0))
		}
	}
	// A whole valley of minima is known by the one nearest to the start.
	p, err := buildSpec(t, "formula:J=(x*y-1)^2,start=[2,1]")
	if err != nil || len(p.Optima()) != 1 || p.Optima()[0].Theta[0] < 0 {
		t.Errorf("%v, %v", p.Optima(), err)
	}
	p, err = buildSpec(t, "formula:J=x^2+y^2,start=[y=-4,x=3],view=[-5..5,y=-6..7]")
	if err != nil || p.Start()[1] != -4 || p.View()[1] != (Interval{-6, 7}) {
		t.Errorf("%v %v, %v", p.Start(), p.View(), err)
	}
}

func TestFormulaMistakes(t *testing.T) {
	for text, want := range map[string]string{
		"formula:J=exq(x)+y":                   `formula:1:1: unknown function "exq"`,
		"formula:J=x^2":                        "J has 1 parameter; want 2 or more",
		"formula:J=2+3":                        "J has 0 parameters",
		"formula:J=x^2+y^2,z=3":                `J has no name "z"; its names are x y`,
		"formula:J=x^2+alpha*y^2,alpa=3":       `(did you mean "alpha"?)`,
		"formula:J=x^2+c*y^2,c=two":            "c=two: not a number",
		"formula:J=x^2+c*y^2,c=1,d=2":          `no name "d"`,
		"formula:J=log(-1-x^2)+y":              "say where to start, with start=[…]",
		"formula:J=x^2+y^2,start=[1]":          "want [ … ] with 2 values, for x y",
		"formula:J=x^2+y^2,start=[x=1,x=2]":    "want each of x y once",
		"formula:J=x^2+y^2,start=[x=1,z=2]":    "want each of x y once",
		"formula:J=x^2+y^2,start=1":            "want [ … ] with 2 values",
		"formula:J=x^2+y^2,start=[1,b]":        `"b" is not a number`,
		"formula:J=log(x)^2+y^2,start=[-1,1]":  "not finite there",
		"formula:J=x^2+y^2,view=[1..2,2..1]":   `"2..1" is not LOW..HIGH`,
		"formula:J=sum(i,1,2000,(x[i]-1)^2)":   "a sum of 2000 terms; want at most 1000",
		"formula:J=sum(i,1,600,x[i]^2+y[i]^2)": "J has 1200 parameters; want at most 1000",
	} {
		if _, err := buildSpec(t, text); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}
