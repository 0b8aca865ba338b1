// Package param describes the numbers a person may set: their names, defaults,
// ranges and the scale on which a key press steps them. Hyperparameters of
// optimizers and parameters of problems are both made of it, and both are
// written NAME:key=value,key=value.
package param

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Kind is the type of a value.
type Kind int

// The kinds of value.
const (
	Float  Kind = iota // a Go float
	Int                // a whole number
	Batch              // a whole number from 1, or "all"
	Choice             // one of Parameter.Choices
	Text               // anything
)

// All is how a batch of the whole data set is written, and 0 how it is stored.
const All = "all"

// Parameter is one named value of an optimizer or a problem.
type Parameter struct {
	Key     string   // as on the command line: "eta"
	Symbol  string   // as in the field's notation: "η"; empty where there is none
	Help    string   // half a line, for `ravine list`
	Kind    Kind     // what its text is read as
	Default string   // as it would be written; empty if it depends on the rest
	Range   Range    // of Float and Int
	Choices []string // of Choice
	Scale   Scale    // what one key press does
}

// Range is an interval of numbers. The zero value holds every finite number.
type Range struct {
	Min, Max         float64 // Min == Max means unbounded
	MinOpen, MaxOpen bool    // whether the end itself is outside
	OrZero           bool    // 0 is inside too
}

// Positive holds the finite numbers above 0, NotNegative 0 too.
var (
	Positive    = Range{Min: 0, Max: math.Inf(1), MinOpen: true, MaxOpen: true}
	NotNegative = Range{Min: 0, Max: math.Inf(1), MaxOpen: true}
)

// Finite reports whether x is neither infinite nor NaN. It looks at the bits: many
// processors are slow on subnormal numbers, which are common near a minimum.
func Finite(x float64) bool {
	const exponent = 0x7ff << 52 // all ones in infinities and NaN
	return math.Float64bits(x)&exponent != exponent
}

// Has reports whether x is finite and inside.
func (r Range) Has(x float64) bool {
	switch {
	case !Finite(x):
		return false
	case r.OrZero && x == 0, r.Min == r.Max:
		return true
	case x < r.Min || r.MinOpen && x == r.Min:
		return false
	case x > r.Max || r.MaxOpen && x == r.Max:
		return false
	}
	return true
}

// Describe writes the range around a name: "0 ≤ gamma < 1".
func (r Range) Describe(name string) string {
	if r.Min == r.Max {
		return name + " finite"
	}
	var text strings.Builder
	if !math.IsInf(r.Min, -1) {
		text.WriteString(Pretty(r.Min, -1) + before(r.MinOpen))
	}
	text.WriteString(name)
	if math.IsInf(r.Max, 1) {
		text.WriteString(", finite")
	} else {
		text.WriteString(before(r.MaxOpen) + Pretty(r.Max, -1))
	}
	if r.OrZero {
		text.WriteString(", or 0")
	}
	return text.String()
}

// before writes that an end of a range comes before what is in it.
func before(open bool) string {
	if open {
		return " < "
	}
	return " ≤ "
}

// Number reads text as p's value. A batch of All is 0. Choice and Text have no
// number; for them only the text is checked. The error names the key, the value
// and what would be right.
func (p Parameter) Number(text string) (float64, error) {
	switch p.Kind {
	case Text:
		return 0, nil
	case Choice:
		if !slices.Contains(p.Choices, text) {
			return 0, fmt.Errorf("%s=%s: want %s%s", p.Key, text, strings.Join(p.Choices, " or "), DidYouMean(text, p.Choices))
		}
		return 0, nil
	case Batch:
		if text == All {
			return 0, nil
		}
		n, err := Whole(text)
		if err != nil || n < 1 || !isExact(n) {
			return 0, fmt.Errorf("%s=%s: want a whole number from 1, or %s", p.Key, text, All)
		}
		return float64(n), nil
	case Int:
		n, err := Whole(text)
		if err != nil || !isExact(n) {
			return 0, fmt.Errorf("%s=%s: not a whole number; want %s", p.Key, text, p.Range.Describe(p.Key))
		}
		return float64(n), p.check(float64(n), text)
	}
	x, err := strconv.ParseFloat(text, 64)
	if err != nil && !math.IsInf(x, 0) {
		return 0, fmt.Errorf("%s=%s: not a number; want %s", p.Key, text, p.Range.Describe(p.Key))
	}
	return x, p.check(x, text)
}

// isExact reports whether float64 holds n and every smaller whole number.
func isExact(n int) bool { return math.Abs(float64(n)) <= 1e15 }

// Whole reads a whole number written as any Go float: 1e4 is one, and 010 is ten.
// The error is for other text and for more than 18 digits, or than an int has.
func Whole(text string) (int, error) {
	if n, err := strconv.Atoi(text); err == nil {
		return n, nil
	}
	const most = min(1e18, math.MaxInt)
	x, err := strconv.ParseFloat(text, 64)
	if err != nil || x != math.Trunc(x) || math.Abs(x) > most {
		return 0, fmt.Errorf("%q is not a whole number", text)
	}
	return int(x), nil
}

// Check returns an error that names key, value and range if x is none of p's values.
func (p Parameter) Check(x float64) error {
	_, err := p.Number(p.Text(x))
	return err
}

func (p Parameter) check(x float64, text string) error {
	if p.Range.Has(x) {
		return nil
	}
	return fmt.Errorf("%s=%s is out of range: %s", p.Key, text, p.Range.Describe(p.Key))
}

// Text writes a number as p would be written on the command line.
func (p Parameter) Text(x float64) string {
	switch {
	case p.Kind == Batch && x == 0:
		return All
	case p.Kind == Batch || p.Kind == Int:
		return strconv.FormatFloat(x, 'f', -1, 64) // an exponent would not read back
	}
	return Format(x)
}

// Format writes x in the shortest form that reads back exactly.
func Format(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

// Pretty writes x as on paper, −1e-8 and not -1e-08, with that many significant
// digits; all that it has for −1. It is for reading: Format is for reading back.
func Pretty(x float64, digits int) string {
	text := strconv.FormatFloat(x, 'g', digits, 64)
	if mantissa, exponent, ok := strings.Cut(text, "e"); ok {
		text = mantissa + "e" + strings.TrimPrefix(strings.Replace(strings.TrimPrefix(exponent, "+"), "-0", "-", 1), "0")
	}
	if magnitude, negative := strings.CutPrefix(text, "-"); negative && x == 0 {
		return magnitude
	} else if negative {
		return "−" + magnitude
	}
	return text
}

// Find returns the parameter of that key.
func Find(parameters []Parameter, key string) (Parameter, bool) {
	i := slices.IndexFunc(parameters, func(p Parameter) bool { return p.Key == key })
	if i < 0 {
		return Parameter{}, false
	}
	return parameters[i], true
}

// Has reports whether there is a parameter of that key.
func Has(parameters []Parameter, key string) bool {
	_, ok := Find(parameters, key)
	return ok
}

// Keys returns the keys in order.
func Keys(parameters []Parameter) []string {
	keys := make([]string, len(parameters))
	for i, p := range parameters {
		keys[i] = p.Key
	}
	return keys
}

// Printable returns text as one line for a terminal or a log: what cannot be printed
// or is not UTF-8 is escaped as in Go.
func Printable(text string) string {
	var line strings.Builder
	for len(text) > 0 {
		r, size := utf8.DecodeRuneInString(text)
		if unicode.IsPrint(r) && (r != utf8.RuneError || size > 1) {
			line.WriteString(text[:size])
		} else {
			quoted := strconv.Quote(text[:size])
			line.WriteString(quoted[1 : len(quoted)-1])
		}
		text = text[size:]
	}
	return line.String()
}

// Plural writes a count with its noun: "1 step", "2 steps".
func Plural(count int, noun string) string {
	if count == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", count, noun)
}
