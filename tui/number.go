package tui

import (
	"math"
	"strconv"

	"ravine/param"
)

// number writes x with four digits in at most nine columns, so that a column of
// them does not jump.
func number(x float64) string {
	switch magnitude := math.Abs(x); {
	case math.IsNaN(x):
		return "–"
	case math.IsInf(x, 0):
		return "∞"
	case x == 0:
		return "0"
	case magnitude >= 1e-3 && magnitude < 1e5:
		text := strconv.FormatFloat(magnitude, 'f', max(0, 3-int(math.Floor(math.Log10(magnitude)))), 64)
		return pick(x < 0, "−", "") + text
	}
	return param.Pretty(x, 3)
}

// setting writes a value that a person has set: all of its digits, if they are few.
func setting(x float64) string {
	if shortest := param.Pretty(x, -1); len(shortest) <= 8 {
		return shortest
	}
	return param.Pretty(x, 4)
}

// tick writes the end of an axis.
func tick(x float64) string { return param.Pretty(x, 3) }

// typeable rounds x to six digits: near enough, and short enough to type.
func typeable(x float64) float64 {
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 6, 64), 64)
	if err != nil {
		return x
	}
	return rounded
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
