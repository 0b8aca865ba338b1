package formula

import (
	"errors"
	"math"
	"strings"
	"testing"
)

// compile reads a formula of the names in it.
func compile(t *testing.T, text string) (*Tape, []string) {
	t.Helper()
	f, err := Parse(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	tape, err := f.Compile(f.Names(), nil)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return tape, f.Names()
}

// What a formula means: by values that a person can work out.
func TestMeaning(t *testing.T) {
	for _, c := range []struct {
		text  string
		theta []float64
		want  float64
	}{
		{"1+2*3", nil, 7},
		{"2^3^2", nil, 512},
		{"-x^2", []float64{3}, -9},
		{"2^-x", []float64{2}, 0.25},
		{"-2^-2", nil, -0.25},
		{"6/3/2", nil, 1},
		{"5-3-1", nil, 1},
		{"(1-x)^2 + 100*(y-x^2)^2", []float64{-1, 2}, 104},
		{"(1−x)² + 100·(y−x²)²", []float64{-1, 2}, 104},
		{"|x-4|*2", []float64{1}, 6},
		{"||x|-2|", []float64{-5}, 3},
		{"|x|-|y|", []float64{-5, 2}, 3},
		{"√x² + √(y+1)", []float64{4, 8}, 7},
		{"2*√9", nil, 6},
		{"x³", []float64{-2}, -8},
		{"x + (x*x - x*x + x)", []float64{3}, 6},
		{"(y - x²)² + (x - y)² + x²*y + x*y²", []float64{2, 3}, 80},
		{"x^0.5", []float64{9}, 3},
		{"x^-2", []float64{2}, 0.25},
		{"α + beta1*β₁", []float64{1, 3}, 10},
		{"e^0 + cos(pi) + sin(π)", nil, 1.2246467991473515e-16},
		{"1e-3*x + .5", []float64{1000}, 1.5},
		{"where(x<0, -1, x>=2)", []float64{2}, 1},
		{"where(x ≤ 0, -1, x ≠ 2)", []float64{2}, 0},
		{"clamp(x, -1, 1)", []float64{-7}, -1},
		{"max(x, y, 3) - min(1, x)", []float64{2, 9}, 8},
		{"sum(i, 1, 4, i*x)", []float64{2}, 20},
		{"sum(i, 2, 1, x)", []float64{2}, 0},
		{"sum(i, 1, 2, sum(j, i, 2, x^i*j))", []float64{3}, 27},
		{"mod(-7, 3)", nil, 2},
		{"hypot(3, x) + atan2(1, 1)*4 - pi", []float64{4}, 5},
		{"log2(8) + log10(100) + ln(e)", nil, 6},
		{"relu(-1) + softplus(0)/log(2) + sigmoid(0)", nil, 1.5},
	} {
		tape, names := compile(t, c.text)
		if len(names) != len(c.theta) {
			t.Errorf("%s has the names %q", c.text, names)
			continue
		}
		if got := tape.Value(c.theta); math.Abs(got-c.want) > 1e-14*math.Abs(c.want) {
			t.Errorf("%s is %v at %v, want %v", c.text, got, c.theta, c.want)
		}
	}
}

// Free names are there in order of appearance, indexed ones are given.
func TestNames(t *testing.T) {
	f, err := Parse("b*(y-x²)² + γ*sum(i, 1, 3, x[i]) + sigma_2 + pi")
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(f.Names(), " "); got != "b y x gamma sigma_2" {
		t.Errorf("the names are %s", got)
	}
	tape, err := f.Compile([]string{"x1", "x2", "x3", "x", "y"}, map[string]float64{"b": 1, "gamma": 10, "sigma_2": 5})
	if err != nil {
		t.Fatal(err)
	}
	if got := tape.Value([]float64{1, 2, 3, 0, 4}); got != 16+60+5+math.Pi {
		t.Errorf("%v", got)
	}
}

// At kinks a derivative is PyTorch's, and what is multiplied by 0 does not count.
func TestKinks(t *testing.T) {
	for _, c := range []struct {
		text      string
		at, slope float64
	}{
		{"|x|", 0, 0}, {"relu(x)", 0, 0}, {"sign(x)", 0, 0}, {"max(x, 0)", 0, 0.5}, {"min(x, -x)", 0, 0},
		{"clamp(x, 0, 1)", 0, 1}, {"clamp(x, 0, 1)", 1, 1}, {"clamp(x, 0, 1)", 1.1, 0}, {"where(x > 0, x, 3*x)", 0, 3},
		{"where(x > 0, sqrt(x), 0)", -1, 0}, {"where(x > 0, log(x), x)", 0, 1}, {"floor(x)", 1, 0}, {"mod(x, 2)", 2, 1},
		{"hypot(x, 0)", 0, 0}, {"x^2", 0, 0}, {"x^1", 0, 1}, {"x^0", 0, 0}, {"(-2)^2*x", 1, 4}, {"pow(x, 2)", -2, -4},
	} {
		tape, _ := compile(t, c.text)
		var gradient, product [1]float64
		tape.Gradient(gradient[:], []float64{c.at})
		tape.HessianVector(product[:], []float64{c.at}, []float64{1})
		if gradient[0] != c.slope || math.IsNaN(product[0]) {
			t.Errorf("%s at %v: slope %v, want %v; curvature %v", c.text, c.at, gradient[0], c.slope, product[0])
		}
	}
}

// Every mistake has its place and a sentence.
func TestMistakes(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", "1:1: want a formula"},
		{"  ", "1:3: want a formula"},
		{"(1-x)^2 + exq(x)", `1:11: unknown function "exq" (did you mean "exp"?)`},
		{"2x", "1:2: a product needs its sign: write *x"},
		{"2 x", "1:3: a product needs its sign: write *x"},
		{"x y", `1:3: want an operator before "y"; a product needs its sign, *`},
		{"2(x)", `1:2: want an operator before "("; a product needs its sign, *`},
		{"x**2", `1:2: no "**" here; write ^`},
		{"x = 2", `1:3: no "=" here; write == to compare`},
		{"x % 2", `1:3: no "%" here; write mod(a, b)`},
		{"(x", `1:1: "(" is not closed`},
		{"|x", `1:1: "|" is not closed`},
		{"x)", `1:2: ")" closes nothing`},
		{"(x]", `1:3: want ")" before "]"`},
		{"x +", "1:4: the formula ends too early"},
		{"x + * y", `1:5: want a number, a name or a bracket before "*"`},
		{"sin x", "1:1: sin is a function: write sin(…)"},
		{"sin(x, y)", "1:1: sin takes 1 argument, not 2"},
		{"sin()", "1:1: sin takes 1 argument, not 0"},
		{"max(x)", "1:1: max takes 2 arguments or more, not 1"},
		{"where(x, y)", "1:1: where takes 3 arguments, not 2"},
		{"sum(1, 2, 3, 4)", "1:5: want sum(i, from, to, term)"},
		{"sum(i, 1, 3)", `1:12: want "," before ")"`},
		{"x, y", "1:2: no comma here: only arguments of functions are separated by commas"},
		{"0 < x < 1", "1:7: comparisons are of two: write a product of both"},
		{"1e999", "1:1: 1e999 is too large"},
		{"x # y", "1:3: '#' has no meaning here"},
		{"α + €", "1:5: '€' has no meaning here"},
		{"x +\n  )", `2:3: want a number, a name or a bracket before ")"`},
		{".", `1:1: "." is not a number`},
		{"sum(i, 1, x, i)", "1:11: where a sum ends must not depend on a parameter"},
		{"sum(i, 1, 2.5, i)", "1:11: where a sum ends is 2.5; want a whole number"},
		{"sum(i, 1, 5000, i*x)", "1:1: a sum of 5000 terms; want at most 1000"},
		{"sum(i, 1, 1000, sum(j, 1, 1000, i*j))", "too long when its sums are written out; want at most 100000 operations"},
		{"sum(i, 1, 2, x[i])", `1:14: unknown name "x1"`},
		{strings.Repeat("(", 200) + "x", "too deep; want at most 100"},
		{strings.Repeat("-", 2000) + "x", "too deep; want at most 100"},
		{strings.Repeat("√", 1000) + "x", "too deep"},
		{"2" + strings.Repeat("^2", 1000), "too deep; want at most 100"},
		{strings.Repeat("x+", 3000) + "x", "too long; want at most 4096 bytes"},
	} {
		f, err := Parse(c.text)
		if err == nil {
			_, err = f.Compile(f.Names(), nil)
		}
		var mistake *Error
		if !errors.As(err, &mistake) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.40q: %v, want %s", c.text, err, c.want)
		}
	}
	_, err := Parse("x +\n  y z")
	if pointer := err.(*Error).Pointer(); pointer != "  y z\n    ^" {
		t.Errorf("the place is shown as\n%s", pointer)
	}
}

// The help names every function.
func TestHelp(t *testing.T) {
	text := ""
	for _, row := range Help() {
		text += " " + row[1]
	}
	for _, name := range functionNames() {
		if !strings.Contains(text, " "+name+"(") {
			t.Errorf("%s is not in the help", name)
		}
	}
}
