package panel

import (
	"math"
	"strconv"
	"strings"

	"ravine/param"
	"ravine/tui/screen"
)

// Number writes x in at most nine columns, with four digits, or three and an
// exponent, zeros among them, so that a column of them does not jump.
func Number(x float64) string {
	switch {
	case math.IsNaN(x):
		return "–"
	case math.IsInf(x, 0):
		return "∞"
	case x == 0:
		return "0"
	}
	sign, magnitude := Pick(x < 0, "−", ""), math.Abs(x)
	if exponent, _ := scientific(magnitude, 4); exponent >= -3 && exponent < 5 {
		return sign + strconv.FormatFloat(magnitude, 'f', max(0, 3-exponent), 64)
	}
	exponent, mantissa := scientific(magnitude, 3)
	return sign + mantissa + "e" + strconv.Itoa(exponent)
}

// scientific rounds x to that many digits: 9.99996 to 1.000 and an exponent of 1.
func scientific(x float64, digits int) (exponent int, mantissa string) {
	mantissa, power, _ := strings.Cut(strconv.FormatFloat(x, 'e', digits-1, 64), "e")
	exponent, _ = strconv.Atoi(power)
	return exponent, mantissa
}

// setting writes a value that a person has set in at most seven columns: all of
// its digits, if they are few. Close to 1 it is the distance to 1 that counts.
func setting(x float64) string {
	const room = 7
	if text := param.Pretty(x, -1); screen.Width(text) <= room {
		return text
	}
	if x > 0.5 && x < 1 {
		for digits := 1; ; digits++ {
			rounded := strconv.FormatFloat(x, 'f', digits, 64)
			if y, err := strconv.ParseFloat(rounded, 64); err != nil || 1-y > 0.9*(1-x) && 1-y < 1.1*(1-x) {
				return rounded
			}
		}
	}
	return param.Pretty(x, 3)
}

// tick writes the end of an axis.
func tick(x float64) string { return param.Pretty(x, 3) }

// Typeable rounds x to six digits: near enough, and short enough to type.
func Typeable(x float64) float64 {
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 6, 64), 64)
	if err != nil {
		return x
	}
	return rounded
}

// Shortest rounds x to the fewest digits that stay within a tenth of step, so
// that a start set by hand can be read and typed.
func Shortest(x, step float64) float64 {
	for digits := 1; digits < 17; digits++ {
		rounded, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', digits, 64), 64)
		if err == nil && math.Abs(rounded-x) <= step/10 {
			return rounded
		}
	}
	return x
}

// Pick returns one of two values.
func Pick[T any](condition bool, yes, no T) T {
	if condition {
		return yes
	}
	return no
}
