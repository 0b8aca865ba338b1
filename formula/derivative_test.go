package formula

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// Each function's derivatives against central differences of its values and slopes.
func TestDerivatives(t *testing.T) {
	for _, f := range functions {
		for _, at := range [][2]float64{{0.3, 0.7}, {0.6, -0.4}, {0.9, 2.5}, {0.1, 1.3}} {
			x, y := at[0], at[1]
			const h = 1e-5
			difference := func(of func(x, y float64) float64, dx, dy float64) float64 {
				return (of(x+dx*h, y+dy*h) - of(x-dx*h, y-dy*h)) / (2 * h)
			}
			slope := func(n int) func(x, y float64) float64 {
				return func(x, y float64) float64 {
					dx, dy := f.slope(x, y, f.value(x, y))
					return []float64{dx, dy}[n]
				}
			}
			dx, dy := f.slope(x, y, f.value(x, y))
			dxx, dxy, dyy := f.curve(x, y, f.value(x, y))
			for _, c := range []struct {
				name      string
				got, want float64
			}{
				{"dx", dx, difference(f.value, 1, 0)}, {"dy", dy, difference(f.value, 0, 1)},
				{"dxx", dxx, difference(slope(0), 1, 0)}, {"dxy", dxy, difference(slope(0), 0, 1)}, {"dyy", dyy, difference(slope(1), 0, 1)},
			} {
				if math.Abs(c.got-c.want) > 1e-7*(1+math.Abs(c.want)) {
					t.Errorf("%s: %s is %v at %v, want %v", f.name, c.name, c.got, at, c.want)
				}
			}
		}
	}
}

// jet is a value with its first and second derivatives by x and y: differentiation
// done naively, forwards, for comparison.
type jet struct{ v, x, y, xx, xy, yy float64 }

// through is f of a jet, of which f's value and two derivatives are given.
func (a jet) through(v, d, dd float64) jet {
	return jet{v, d * a.x, d * a.y, dd*a.x*a.x + d*a.xx, dd*a.x*a.y + d*a.xy, dd*a.y*a.y + d*a.yy}
}

func (a jet) plus(b jet, factor float64) jet {
	return jet{a.v + factor*b.v, a.x + factor*b.x, a.y + factor*b.y, a.xx + factor*b.xx, a.xy + factor*b.xy, a.yy + factor*b.yy}
}

func (a jet) times(b jet) jet {
	return jet{a.v * b.v, a.x*b.v + a.v*b.x, a.y*b.v + a.v*b.y,
		a.xx*b.v + 2*a.x*b.x + a.v*b.xx, a.xy*b.v + a.x*b.y + a.y*b.x + a.v*b.xy, a.yy*b.v + 2*a.y*b.y + a.v*b.yy}
}

func (a jet) inverse() jet { return a.through(1/a.v, -1/(a.v*a.v), 2/(a.v*a.v*a.v)) }

// random draws a formula with its jet at a point.
func random(t *rapid.T, depth int, x, y jet) (string, jet) {
	if depth == 0 || rapid.IntRange(0, 5).Draw(t, "leaf") == 0 {
		switch rapid.IntRange(0, 2).Draw(t, "of") {
		case 0:
			return "x", x
		case 1:
			return "y", y
		}
		number := math.Round(rapid.Float64Range(0.1, 4).Draw(t, "number")*100) / 100
		return fmt.Sprint(number), jet{v: number}
	}
	a, ja := random(t, depth-1, x, y)
	if math.Abs(ja.v) > 4 { // or what follows magnifies the rounding
		a, ja = "sin("+a+")", ja.through(math.Sin(ja.v), math.Cos(ja.v), -math.Sin(ja.v))
	}
	switch rapid.IntRange(0, 13).Draw(t, "operation") {
	case 0:
		b, jb := random(t, depth-1, x, y)
		return "(" + a + "+" + b + ")", ja.plus(jb, 1)
	case 1:
		b, jb := random(t, depth-1, x, y)
		return "(" + a + "-" + b + ")", ja.plus(jb, -1)
	case 2:
		b, jb := random(t, depth-1, x, y)
		return "(" + a + ")*(" + b + ")", ja.times(jb)
	case 3:
		b, jb := random(t, depth-1, x, y)
		return "(" + a + ")/((" + b + ")^2+1)", ja.times(jb.times(jb).plus(jet{v: 1}, 1).inverse())
	case 4:
		return "(-" + a + ")", jet{}.plus(ja, -1)
	case 5:
		return "sin(" + a + ")", ja.through(math.Sin(ja.v), math.Cos(ja.v), -math.Sin(ja.v))
	case 6:
		cosh := math.Cosh(ja.v)
		return "tanh(" + a + ")", ja.through(math.Tanh(ja.v), 1/(cosh*cosh), -2*math.Sinh(ja.v)/(cosh*cosh*cosh))
	case 7:
		s := jet{v: math.Sin(ja.v)}
		s = ja.through(s.v, math.Cos(ja.v), -s.v)
		return "exp(sin(" + a + "))", s.through(math.Exp(s.v), math.Exp(s.v), math.Exp(s.v))
	case 8:
		squared := ja.times(ja).plus(jet{v: 1}, 1)
		root := math.Sqrt(squared.v)
		return "√((" + a + ")^2+1)", squared.through(root, 1/(2*root), -1/(4*root*root*root))
	case 9:
		squared := ja.times(ja).plus(jet{v: 1}, 1)
		return "ln((" + a + ")²+1)", squared.through(math.Log(squared.v), 1/squared.v, -1/(squared.v*squared.v))
	case 10:
		return "(" + a + ")³", ja.times(ja).times(ja)
	case 11: // a variable power of what is positive
		b, jb := random(t, depth-1, x, y)
		squared := ja.times(ja).plus(jet{v: 1}, 1)
		sine := jb.through(math.Sin(jb.v), math.Cos(jb.v), -math.Sin(jb.v))
		inner := sine.times(squared.through(math.Log(squared.v), 1/squared.v, -1/(squared.v*squared.v)))
		return "((" + a + ")^2+1)^sin(" + b + ")", inner.through(math.Exp(inner.v), math.Exp(inner.v), math.Exp(inner.v))
	case 12:
		return "sum(i, 1, 3, i*(" + a + "))", jet{}.plus(ja, 6)
	}
	b, jb := random(t, depth-1, x, y)
	if ja.v < jb.v {
		return "where(" + a + " < " + b + ", " + a + ", " + b + ")", ja
	}
	return "where(" + a + " < " + b + ", " + a + ", " + b + ")", jb
}

// Value, gradient and Hessian of random formulas are those of naive differentiation.
func TestRandomFormulas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := [2]float64{rapid.Float64Range(-2, 2).Draw(t, "x"), rapid.Float64Range(-2, 2).Draw(t, "y")}
		text, want := random(t, 4, jet{v: at[0], x: 1}, jet{v: at[1], y: 1})
		f, err := Parse(text)
		if err != nil {
			if len(text) > longestText {
				return
			}
			t.Fatalf("%s: %v", text, err)
		}
		tape, err := f.Compile([]string{"x", "y"}, nil)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		var gradient, byX, byY [2]float64
		value := tape.Gradient(gradient[:], at[:])
		tape.HessianVector(byX[:], at[:], []float64{1, 0})
		tape.HessianVector(byY[:], at[:], []float64{0, 1})
		if again := tape.Value(at[:]); again != value {
			t.Fatalf("%s: the value is %v, and %v with its gradient", text, again, value)
		}
		size := 1.0
		for _, part := range []float64{want.v, want.x, want.y, want.xx, want.xy, want.yy} {
			size = max(size, math.Abs(part))
		}
		for n, pair := range [][2]float64{{value, want.v}, {gradient[0], want.x}, {gradient[1], want.y}, {byX[0], want.xx}, {byX[1], want.xy}, {byY[0], want.xy}, {byY[1], want.yy}} {
			if size < 1e100 && !(math.Abs(pair[0]-pair[1]) <= 1e-12*size) {
				t.Fatalf("%s at %v: number %d is %v, want %v", text, at, n, pair[0], pair[1])
			}
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{"(1-x)^2 + 100*(y-x²)²", "sum(i, 1, 3, x[i])", "where(x<0, |x|, √x)", "2x", "((", "β₁·γ", "1e-3", "x**2", "min(,)"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		read, err := Parse(text)
		if err != nil {
			if mistake := err.(*Error); mistake.Error() == "" || mistake.Pointer() == "" {
				t.Fatal("a mistake without words")
			}
			return
		}
		tape, err := read.Compile(read.Names(), nil)
		if err != nil {
			return
		}
		theta := make([]float64, len(read.Names()))
		gradient, product := make([]float64, len(theta)), make([]float64, len(theta))
		tape.Gradient(gradient, theta)
		tape.HessianVector(product, theta, theta)
		if a, b := tape.Value(theta), tape.Gradient(gradient, theta); a != b && a == a {
			t.Fatalf("%v and %v", a, b)
		}
	})
}
