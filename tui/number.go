package tui

import (
	"math"
	"strconv"
	"strings"
)

// number writes x with four digits in at most nine columns.
func number(x float64) string {
	switch magnitude := math.Abs(x); {
	case math.IsNaN(x):
		return "–"
	case math.IsInf(x, 0):
		return "∞"
	case x == 0:
		return "0"
	case magnitude >= 1e-3 && magnitude < 1e5:
		return strconv.FormatFloat(x, 'f', max(0, 3-int(math.Floor(math.Log10(magnitude)))), 64)
	}
	return exponent(strconv.FormatFloat(x, 'e', 2, 64))
}

// setting writes a value that a person has set: all of its digits, if they are few.
func setting(x float64) string {
	shortest := strconv.FormatFloat(x, 'g', -1, 64)
	if len(shortest) > 8 {
		shortest = strconv.FormatFloat(x, 'g', 4, 64)
	}
	return exponent(shortest)
}

// tick writes the end of an axis.
func tick(x float64) string { return exponent(strconv.FormatFloat(x, 'g', 3, 64)) }

// exponent drops the zeros and the plus that pad an exponent: 1e-08 is 1e-8.
func exponent(text string) string {
	mantissa, power, ok := strings.Cut(text, "e")
	if !ok {
		return text
	}
	n, err := strconv.Atoi(power)
	if err != nil {
		return text
	}
	return mantissa + "e" + strconv.Itoa(n)
}

// shortest rounds x to the fewest digits that stay within a tenth of step, so
// that a start set by hand can be read and typed.
func shortest(x, step float64) float64 {
	for digits := 1; digits < 17; digits++ {
		rounded, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', digits, 64), 64)
		if err == nil && math.Abs(rounded-x) <= step/10 {
			return rounded
		}
	}
	return x
}
