package optim

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// interval holds every number that a rounded one may stand for, so that what a
// line says can be held against its value as strictly as its digits allow.
type interval struct{ low, high float64 }

func (x interval) holds(value float64) bool {
	slack := 1e-12 * math.Max(math.Abs(x.low), math.Abs(x.high))
	return x.low-slack <= value && value <= x.high+slack
}

func (x interval) plus(y interval) interval { return interval{x.low + y.low, x.high + y.high} }

func (x interval) negated() interval { return interval{-x.high, -x.low} }

func (x interval) times(y interval) interval {
	ends := []float64{x.low * y.low, x.low * y.high, x.high * y.low, x.high * y.high}
	return interval{slices.Min(ends), slices.Max(ends)}
}

func (x interval) over(y interval) (interval, error) {
	zero := interval{}
	if x == zero && y == zero {
		return zero, nil // as AdaMax has it
	}
	if y.low <= 0 && y.high >= 0 {
		return interval{}, fmt.Errorf("division by %v", y)
	}
	return x.times(interval{1 / y.high, 1 / y.low}), nil
}

// each applies a function that only grows.
func (x interval) each(grows func(float64) float64) interval {
	return interval{grows(x.low), grows(x.high)}
}

func (x interval) magnitude() interval {
	low, high := math.Abs(x.low), math.Abs(x.high)
	if x.low <= 0 && x.high >= 0 {
		return interval{0, math.Max(low, high)}
	}
	return interval{math.Min(low, high), math.Max(low, high)}
}

var (
	bareRoot   = regexp.MustCompile(`√([0-9.]+(?:e-?[0-9]+)?)`)
	magnitudes = regexp.MustCompile(`\|([^|]*)\|`)
)

// evaluate works out a line of numbers as it is written. Those in exact stand
// for themselves, the others for all that round to them.
func evaluate(numbers string, exact []string) (interval, error) {
	text := bareRoot.ReplaceAllString(numbers, "sqrt($1)")
	text = magnitudes.ReplaceAllString(text, "abs($1)")
	text = strings.NewReplacer("·", "*", "−", "-", "√(", "sqrt(", "²", "[2]").Replace(text)
	expression, err := parser.ParseExpr(text)
	if err != nil {
		return interval{}, fmt.Errorf("%q as %q: %w", numbers, text, err)
	}
	x, err := evaluator(exact).value(expression)
	if err != nil {
		return interval{}, fmt.Errorf("%q: %w", numbers, err)
	}
	return x, nil
}

type evaluator []string

func (e evaluator) value(node ast.Expr) (interval, error) {
	switch node := node.(type) {
	case *ast.ParenExpr:
		return e.value(node.X)
	case *ast.BasicLit:
		return e.literal(node.Value)
	case *ast.UnaryExpr:
		x, err := e.value(node.X)
		return x.negated(), err
	case *ast.IndexExpr:
		x, err := e.value(node.X)
		return x.magnitude().each(func(x float64) float64 { return x * x }), err
	case *ast.BinaryExpr:
		return e.binary(node)
	case *ast.CallExpr:
		return e.call(node)
	}
	return interval{}, fmt.Errorf("a %T is no arithmetic", node)
}

func (e evaluator) binary(node *ast.BinaryExpr) (interval, error) {
	x, err := e.value(node.X)
	if err != nil {
		return x, err
	}
	y, err := e.value(node.Y)
	if err != nil {
		return y, err
	}
	switch node.Op {
	case token.ADD:
		return x.plus(y), nil
	case token.SUB:
		return x.plus(y.negated()), nil
	case token.MUL:
		return x.times(y), nil
	case token.QUO:
		return x.over(y)
	}
	return x, fmt.Errorf("operator %s", node.Op)
}

func (e evaluator) call(node *ast.CallExpr) (interval, error) {
	arguments := make([]interval, len(node.Args))
	for i, argument := range node.Args {
		x, err := e.value(argument)
		if err != nil {
			return x, err
		}
		arguments[i] = x
	}
	switch name := fmt.Sprint(node.Fun); name {
	case "sqrt":
		return arguments[0].each(func(x float64) float64 { return math.Sqrt(math.Max(x, 0)) }), nil
	case "abs":
		return arguments[0].magnitude(), nil
	case "sign":
		return arguments[0].each(sign), nil
	case "max":
		x, y := arguments[0], arguments[1]
		return interval{math.Max(x.low, y.low), math.Max(x.high, y.high)}, nil
	default:
		return interval{}, fmt.Errorf("function %s", name)
	}
}

// literal is half a unit of the last digit to either side, for at least five
// digits: those that are not there were zeros.
func (e evaluator) literal(text string) (interval, error) {
	x, err := strconv.ParseFloat(text, 64)
	if err != nil || x == 0 || slices.Contains(e, text) {
		return interval{x, x}, err
	}
	mantissa, _, _ := strings.Cut(text, "e")
	digits := len(strings.TrimLeft(strings.ReplaceAll(mantissa, ".", ""), "0"))
	half := 0.5 * math.Pow(10, math.Floor(math.Log10(x))-float64(max(digits, significantDigits)-1))
	return interval{x - half, x + half}, nil
}
