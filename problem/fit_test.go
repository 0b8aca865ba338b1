package problem_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ravine/problem"
)

// dataOf writes a file of data and returns its name.
func dataOf(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "data.csv")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// Parameters of the Statistical Reference Datasets of NIST for nonlinear regression, from
// their second starts.
func TestCertifiedFits(t *testing.T) {
	for _, c := range []struct {
		name, model, start string
		y, x               []float64
		certified          []float64
	}{
		{"Misra1a", "b1*(1-exp(-b2*x))", "250,0.0005",
			[]float64{10.07, 14.73, 17.94, 23.93, 29.61, 35.18, 40.02, 44.82, 50.76, 55.05, 61.01, 66.40, 75.47, 81.78},
			[]float64{77.6, 114.9, 141.1, 190.8, 239.9, 289.0, 332.8, 378.4, 434.8, 477.3, 536.8, 593.1, 689.1, 760.0},
			[]float64{2.3894212918e+02, 5.5015643181e-04}},
		{"MGH09", "b1*(x^2+x*b2)/(x^2+x*b3+b4)", "0.25,0.39,0.415,0.39",
			[]float64{.1957, .1947, .1735, .16, .0844, .0627, .0456, .0342, .0323, .0235, .0246},
			[]float64{4, 2, 1, .5, .25, .167, .125, .1, .0833, .0714, .0625},
			[]float64{1.9280693458e-01, 1.9128232873e-01, 1.2305650693e-01, 1.3606233068e-01}},
		{"MGH10", "b1*exp(b2/(x+b3))", "0.02,4000,250",
			[]float64{34780, 28610, 23650, 19630, 16370, 13720, 11540, 9744, 8261, 7030, 6005, 5147, 4427, 3820, 3307, 2872},
			[]float64{50, 55, 60, 65, 70, 75, 80, 85, 90, 95, 100, 105, 110, 115, 120, 125},
			[]float64{5.6096364710e-03, 6.1813463463e+03, 3.4522363462e+02}},
		{"MGH17", "b1+b2*exp(-x*b4)+b3*exp(-x*b5)", "b1=0.5,b2=1.5,b3=-1,b4=0.01,b5=0.02",
			[]float64{.844, .908, .932, .936, .925, .908, .881, .850, .818, .784, .751, .718, .685, .658, .628, .603, .580,
				.558, .538, .522, .506, .490, .478, .467, .457, .448, .438, .431, .424, .420, .414, .411, .406},
			[]float64{0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120, 130, 140, 150, 160,
				170, 180, 190, 200, 210, 220, 230, 240, 250, 260, 270, 280, 290, 300, 310, 320},
			[]float64{3.7541005211e-01, 1.9358469127e+00, 1.2867534640e-02, -1.4646871366e+00, 2.2122699662e-02}},
		{"Rat42", "b1/(1+exp(b2-b3*x))", "75,2.5,0.07",
			[]float64{8.93, 10.8, 18.59, 22.33, 39.35, 56.11, 61.73, 64.62, 67.08},
			[]float64{9, 14, 21, 28, 42, 57, 63, 70, 79},
			[]float64{7.2462237576e+01, 2.6180768402e+00, 6.7359200066e-02}},
		{"BoxBOD", "b1*(1-exp(-b2*x))", "100,0.75",
			[]float64{109, 149, 149, 191, 213, 224}, []float64{1, 2, 3, 5, 7, 10},
			[]float64{2.1380940889e+02, 5.4723748542e-01}},
	} {
		var rows strings.Builder
		for i := range c.x {
			fmt.Fprintf(&rows, "%v,%v\n", c.y[i], c.x[i])
		}
		p := build(t, fmt.Sprintf("fit:file=%s,model=%s,y=y,start=[%s]", dataOf(t, "y,x\n"+rows.String()), c.model, c.start))
		for i, x := range p.Optima()[0].Theta {
			if math.Abs(x-c.certified[i]) > 1e-8*math.Abs(c.certified[i]) {
				t.Errorf("%s: parameter %d is %v, certified is %v", c.name, i+1, x, c.certified[i])
			}
		}
	}
}

// A typed model is the built-in problem with the same data: value, gradient and minimum.
func TestModelsThatAreBuiltIn(t *testing.T) {
	rows, classes := "x,z,y\n", "x,z,kind\n"
	for i := range 50 {
		x, z := float64(i)/10-2, math.Sin(float64(3*i))
		rows += fmt.Sprintf("%v,%v,%v\n", x, z, math.Tanh(1.5*x-0.5)+0.1*math.Cos(float64(7*i)))
		classes += fmt.Sprintf("%v,%v,%s\n", x, z, map[bool]string{true: "yes", false: "no"}[x+z+2*math.Cos(float64(5*i)) > 0])
	}
	name, words := dataOf(t, rows), dataOf(t, classes)
	for typed, builtIn := range map[string]string{
		"fit:file=" + name + ",model=p*x+q*z+r":                             "regression:file=" + name,
		"fit:file=" + name + ",model=p*x+q,y=y,reduce=mean":                 "regression:file=" + name + ",x=x,y=y,reduce=mean",
		"fit:file=" + words + ",model=p*x+q*z+r,loss=logistic,y=kind":       "logistic:file=" + words,
		"fit:file=" + words + ",model=log(exp(p*x+r)),loss=logistic,y=kind": "logistic:file=" + words + ",x=x",
	} {
		got, want := build(t, typed).(problem.Sampled), build(t, builtIn).(problem.Sampled)
		near := func(what string, a, b float64) {
			if math.Abs(a-b) > 1e-12*(1+math.Abs(b)) {
				t.Errorf("%s: %s is %v, want %v", typed, what, a, b)
			}
		}
		for _, at := range [][]float64{{0.3, -0.2, 0.5}, {2, 1, -1}} {
			theta := at[:want.Dim()]
			gradient, wanted := make([]float64, len(theta)), make([]float64, len(theta))
			near("the loss", got.Evaluate(gradient, theta), want.Evaluate(wanted, theta))
			for i := range gradient {
				near("the gradient", gradient[i], wanted[i])
			}
			rows := []int32{3, 49, 0, 3}
			near("a batch's loss", got.EvaluateBatch(gradient, theta, rows), want.EvaluateBatch(wanted, theta, rows))
			for i := range gradient {
				near("a batch's gradient", gradient[i], wanted[i])
			}
		}
		for i, x := range got.Optima()[0].Theta {
			if other := want.Optima()[0].Theta[i]; math.Abs(x-other) > 1e-7*(1+math.Abs(other)) {
				t.Errorf("%s: the minimum is at %v, want %v", typed, got.Optima()[0].Theta, want.Optima()[0].Theta)
			}
		}
	}
}

func TestMistakesInFits(t *testing.T) {
	name := dataOf(t, "hours,Height in cm,kind\n1,2,a\n2,4,b\n3,5,c\n")
	for text, want := range map[string]string{
		"fit:file=" + name:                                           "fit: want model=…, such as model=a*x+b with a column x",
		"fit:file=" + name + ",model=a*x+b":                          "fit: " + name + `:1: no name in the model is a column of numbers; its names are a x b, the columns "hours" "Height in cm" "kind"`,
		"fit:file=" + name + ",model=a*hours+b*Height_in_cm,y=hours": "fit: the model has the column \"hours\", which it is to predict",
		"fit:file=" + name + ",model=a*hours+c,c=1":                  "fit: the model has 1 parameter; want 2 or more, since the surface shows two",
		"fit:file=" + name + ",model=a*hours+c,x=Height in cm":       "fit: x=Height in cm: the model has no such column; it has hours",
		"fit:file=" + name + ",model=a*hours+c,loss=logistic":        "fit: " + name + `:4: column "kind" has a third class, "c", beside "a" and "b"; want two`,
		"fit:model=a*t+,y=t":                                         "formula:1:5: the formula ends too early",
		"fit:model=a*t+b,y=t":                                        "fit: y goes only with file",
		"logistic:file=" + name + ",y=kind,x=hours":                  "logistic: " + name + `:4: column "kind" has a third class, "c", beside "a" and "b"; want two`,
	} {
		_, err := tryBuild(t, text)
		if err == nil || err.Error() != want {
			t.Errorf("%s\n got  %v\n want %s", text, err, want)
		}
	}
}

// Standardized features come to the same line between the classes, in the data's own
// scale, and the data are drawn in that.
func TestStandardizedClasses(t *testing.T) {
	own, scaled := build(t, "logistic:n=60").(problem.Classified), build(t, "logistic:n=60,standardize=true").(problem.Classified)
	theta, unscaled := own.Optima()[0].Theta, problem.Unscaled(scaled, scaled.Optima()[0].Theta)
	for i, x := range theta {
		if math.Abs(unscaled[i]-x) > 1e-6 {
			t.Errorf("the minimum is at %v, want %v", unscaled, theta)
		}
	}
	for _, x := range []float64{-2, 0, 3} {
		if a, b := own.Predict(theta, x), scaled.Predict(scaled.Optima()[0].Theta, x); math.Abs(a-b) > 1e-6 {
			t.Errorf("above %v the line is at %v, want %v", x, b, a)
		}
	}
	var points, others []float64
	own.ClassPoints(1, 20, func(x, y float64) { points = append(points, x, y) })
	scaled.ClassPoints(1, 20, func(x, y float64) { others = append(others, x, y) })
	for i, x := range points {
		if math.Abs(others[i]-x) > 1e-12 {
			t.Fatalf("points are drawn at %v, want %v", others, points)
		}
	}
	fitted, standardized := build(t, "fit:noise=0").(problem.Plotted), build(t, "fit:noise=0,standardize=true").(problem.Plotted)
	for _, x := range []float64{0, 1, 5} {
		if a, b := fitted.Predict(fitted.Optima()[0].Theta, x), standardized.Predict(standardized.Optima()[0].Theta, x); math.Abs(a-b) > 1e-6 {
			t.Errorf("at %v the curve is at %v, want %v", x, b, a)
		}
	}
}

// Where no minimum is found, none is known, and that is said.
func TestNoMinimum(t *testing.T) {
	for _, text := range []string{"formula:J=x-y", "formula:J=x*y,start=[3,1]", "formula:J=x*y,start=[1,1]", "formula:J=-x^2-y^2+z"} {
		p := build(t, text)
		if len(p.Optima()) > 0 || !strings.HasPrefix(problem.Note(p), "no minimum of J was found") {
			t.Errorf("%s has a minimum at %v, and the note %q", text, p.Optima(), problem.Note(p))
		}
		scale := p.Scale(p.Start(), 0)
		if !(scale.Curvature > 0) || !(scale.Distance > 0) {
			t.Errorf("%s has the scale %v", text, scale)
		}
		for i, side := range p.View() {
			if x := p.Start()[i]; !(side.Low < x && x < side.High) {
				t.Errorf("%s: the start, %v, is not in the view %v", text, p.Start(), p.View())
			}
		}
	}
	if note := problem.Note(build(t, "formula:J=x^2+y^2")); note != "" {
		t.Errorf("a minimum was found, and the note is %q", note)
	}
}
