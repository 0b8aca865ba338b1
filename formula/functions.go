package formula

import (
	"math"
	"slices"
)

// constants are the names that stand for numbers.
var constants = map[string]float64{"pi": math.Pi, "e": math.E}

// operation is what a node or an instruction does. Those from opCount on are the
// functions of one or two arguments, in the order of their table.
type operation int

const (
	opNumber operation = iota
	opName
	opIndexed
	opSum
	opCall  // of vectors, in a program
	opWhere // of three
	opAdd
	opSub
	opMul
	opDiv
	opNeg
	opSquare
	opPow
	opLess
	opLessEqual
	opEqual
	opNotEqual
	opCount
)

// function is a function of one or two arguments with its derivatives, all of which
// are given the function's value too.
type function struct {
	name  string
	arity int
	value func(x, y float64) float64
	slope func(x, y, v float64) (dx, dy float64)        // ∂v/∂x, ∂v/∂y
	curve func(x, y, v float64) (dxx, dxy, dyy float64) // the second derivatives
}

// one is a function of one argument.
func one(name string, value func(x float64) float64, slope, curve func(x, v float64) float64) function {
	return function{name, 1,
		func(x, _ float64) float64 { return value(x) },
		func(x, _, v float64) (float64, float64) { return slope(x, v), 0 },
		func(x, _, v float64) (float64, float64, float64) { return curve(x, v), 0, 0 }}
}

// flat is a derivative that is 0 wherever there is one.
func flat(x, v float64) float64 { return 0 }

func flat2(x, y, v float64) (dxx, dxy, dyy float64) { return 0, 0, 0 }

// functions is the table of the functions of one or two arguments.
var functions = []function{
	one("abs", math.Abs, func(x, _ float64) float64 { return sign(x) }, flat),
	one("sign", sign, flat, flat),
	one("floor", math.Floor, flat, flat),
	one("sqrt", math.Sqrt, func(x, v float64) float64 { return 0.5 / v }, func(x, v float64) float64 { return -0.25 / (v * x) }),
	one("exp", math.Exp, func(_, v float64) float64 { return v }, func(_, v float64) float64 { return v }),
	one("log", math.Log, func(x, _ float64) float64 { return 1 / x }, func(x, _ float64) float64 { return -1 / (x * x) }),
	one("ln", math.Log, func(x, _ float64) float64 { return 1 / x }, func(x, _ float64) float64 { return -1 / (x * x) }),
	one("log2", math.Log2, func(x, _ float64) float64 { return 1 / (x * math.Ln2) }, func(x, _ float64) float64 { return -1 / (x * x * math.Ln2) }),
	one("log10", math.Log10, func(x, _ float64) float64 { return 1 / (x * math.Ln10) }, func(x, _ float64) float64 { return -1 / (x * x * math.Ln10) }),
	one("sin", math.Sin, func(x, _ float64) float64 { return math.Cos(x) }, func(_, v float64) float64 { return -v }),
	one("cos", math.Cos, func(x, _ float64) float64 { return -math.Sin(x) }, func(_, v float64) float64 { return -v }),
	one("tan", math.Tan, func(_, v float64) float64 { return 1 + v*v }, func(_, v float64) float64 { return 2 * v * (1 + v*v) }),
	one("asin", math.Asin, func(x, _ float64) float64 { return 1 / math.Sqrt((1-x)*(1+x)) }, func(x, _ float64) float64 { return x / math.Pow((1-x)*(1+x), 1.5) }),
	one("acos", math.Acos, func(x, _ float64) float64 { return -1 / math.Sqrt((1-x)*(1+x)) }, func(x, _ float64) float64 { return -x / math.Pow((1-x)*(1+x), 1.5) }),
	one("atan", math.Atan, func(x, _ float64) float64 { return 1 / (1 + x*x) }, func(x, _ float64) float64 { return -2 * x / ((1 + x*x) * (1 + x*x)) }),
	one("sinh", math.Sinh, func(x, _ float64) float64 { return math.Cosh(x) }, func(_, v float64) float64 { return v }),
	one("cosh", math.Cosh, func(x, _ float64) float64 { return math.Sinh(x) }, func(_, v float64) float64 { return v }),
	one("tanh", math.Tanh, func(_, v float64) float64 { return (1 - v) * (1 + v) }, func(_, v float64) float64 { return -2 * v * (1 - v) * (1 + v) }),
	one("sigmoid", sigmoid, func(x, v float64) float64 { return v * sigmoid(-x) }, func(x, v float64) float64 { return v * sigmoid(-x) * (sigmoid(-x) - v) }),
	one("softplus", softplus, func(x, _ float64) float64 { return sigmoid(x) }, func(x, _ float64) float64 { return sigmoid(x) * sigmoid(-x) }),
	one("relu", func(x float64) float64 { return max(x, 0) }, func(x, _ float64) float64 { return truth(x > 0) }, flat),
	one("erf", math.Erf, func(x, _ float64) float64 { return 2 / math.SqrtPi * math.Exp(-x*x) }, func(x, _ float64) float64 { return -4 / math.SqrtPi * x * math.Exp(-x*x) }),
	{"pow", 2, math.Pow, powSlope, powCurve},
	{"min", 2, math.Min, func(x, y, _ float64) (float64, float64) { return share(x, y), share(y, x) }, flat2},
	{"max", 2, math.Max, func(x, y, _ float64) (float64, float64) { return share(y, x), share(x, y) }, flat2},
	{"mod", 2, func(x, y float64) float64 { return x - y*math.Floor(x/y) },
		func(x, y, _ float64) (float64, float64) { return 1, -math.Floor(x / y) }, flat2},
	{"hypot", 2, math.Hypot,
		func(x, y, v float64) (float64, float64) { return ratio(x, v), ratio(y, v) },
		func(x, y, v float64) (float64, float64, float64) {
			cos, sin := ratio(x, v), ratio(y, v)
			return ratio(sin*sin, v), -ratio(sin*cos, v), ratio(cos*cos, v)
		}},
	{"atan2", 2, math.Atan2, // of y and x, as everywhere
		func(y, x, _ float64) (float64, float64) {
			r := math.Hypot(x, y)
			return ratio(ratio(x, r), r), -ratio(ratio(y, r), r)
		},
		func(y, x, _ float64) (float64, float64, float64) {
			r := math.Hypot(x, y)
			cos, sin := ratio(ratio(x, r), r), ratio(ratio(y, r), r)
			return -2 * sin * cos, (sin - cos) * (sin + cos), 2 * sin * cos
		}},
}

// sign is −1, 0 or 1, or NaN.
func sign(x float64) float64 {
	if x == 0 || x != x {
		return x
	}
	return math.Copysign(1, x)
}

// truth is 1 for true and 0 for false.
func truth(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

// share is the slope of the smaller of x and y along x.
func share(x, y float64) float64 {
	switch {
	case x < y:
		return 1
	case x == y:
		return 0.5
	}
	return 0
}

// ratio is x ÷ y, and 0 at the origin.
func ratio(x, y float64) float64 {
	if y == 0 {
		return 0
	}
	return x / y
}

// sigmoid is 1/(1+e⁻ˣ), without overflow.
func sigmoid(x float64) float64 {
	if x < 0 {
		return math.Exp(x) / (1 + math.Exp(x))
	}
	return 1 / (1 + math.Exp(-x))
}

// softplus is log(1+eˣ), without overflow.
func softplus(x float64) float64 { return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }

func powSlope(x, y, v float64) (dx, dy float64) {
	if y != 0 {
		dx = y * math.Pow(x, y-1)
	}
	if x != 0 || y < 0 {
		dy = v * math.Log(x)
	}
	return dx, dy
}

func powCurve(x, y, v float64) (dxx, dxy, dyy float64) {
	if y != 0 && y != 1 {
		dxx = y * (y - 1) * math.Pow(x, y-2)
	}
	if x != 0 || y < 0 {
		dxy = math.Pow(x, y-1) * (1 + y*math.Log(x))
		dyy = v * math.Log(x) * math.Log(x)
	}
	return dxx, dxy, dyy
}

// unaryOf returns the operation of a function by its name.
func unaryOf(name string) operation {
	return opCount + operation(slices.IndexFunc(functions, func(f function) bool { return f.name == name }))
}

// functionNames returns all that can be called.
func functionNames() []string {
	names := []string{"where", "clamp", "sum"}
	for _, f := range functions {
		names = append(names, f.name)
	}
	return names
}

// apply makes the node of a call. If the number of arguments is wrong, it returns
// how many are wanted.
func apply(name string, args []*node, at int) (made *node, want string) {
	op := unaryOf(name)
	switch {
	case name == "where" && len(args) == 3:
		return &node{op: opWhere, args: args, at: at}, ""
	case name == "clamp" && len(args) == 3: // the slope at an end is that inside
		x, low, high := args[0], args[1], args[2]
		below := &node{op: opLess, args: []*node{x, low}, at: at}
		above := &node{op: opLess, args: []*node{high, x}, at: at}
		inner := &node{op: opWhere, args: []*node{above, high, x}, at: at}
		return &node{op: opWhere, args: []*node{below, low, inner}, at: at}, ""
	case name == "where" || name == "clamp":
		return nil, "3 arguments"
	case (name == "min" || name == "max") && len(args) > 2:
		made = args[0]
		for _, arg := range args[1:] {
			made = &node{op: op, args: []*node{made, arg}, at: at}
		}
		return made, ""
	case name == "min" || name == "max":
		want = "2 arguments or more"
	case functions[op-opCount].arity == 1:
		want = "1 argument"
	default:
		want = "2 arguments"
	}
	if f := functions[op-opCount]; len(args) == f.arity {
		return &node{op: op, args: args, at: at}, ""
	}
	return nil, want
}
