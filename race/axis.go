package race

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"ravine/optim"
	"ravine/param"
)

// Axis is one hyperparameter to sweep, on the key's own scale.
type Axis struct {
	Key      string
	From, To float64 // a batch of 0 is all data, as To or as both
	Count    int
}

// MaxCells is the largest number of cells of a sweep.
const MaxCells = 1_000_000

// Values returns the values, ascending: equally spaced in log10 x for eta, eps
// and decay, in log10(1−x) for gamma and the betas, in log2 x for batch, and
// linearly from a decay of 0. The ends are From and To themselves; what is
// between is rounded to a small part of the spacing, so that it can be typed.
// Batches are whole and none is there twice, so there may be fewer than Count.
//
// How many examples all data are is not the axis's to know: where To is 0, the
// only batch is 0. The axes of a Sweep and of DefaultAxis name the number.
func (a Axis) Values() []float64 {
	if a.Count < 1 {
		return nil
	}
	s := scaleOf(a.Key, a.From)
	if s == param.PowersOfTwo && a.To == 0 {
		return []float64{0}
	}
	low, high := position(s, a.From), position(s, a.To)
	spacing := (high - low) / float64(max(1, a.Count-1))
	digits := digitsFor(s, spacing)
	values := make([]float64, a.Count)
	for i := range values {
		values[i] = min(max(a.From, valueAt(s, low+spacing*float64(i), digits)), a.To)
	}
	values[0] = a.From
	if a.Count > 1 {
		values[a.Count-1] = a.To
	}
	return slices.Compact(values)
}

// Scale returns the scale on which the axis's key is swept.
func (a Axis) Scale() param.Scale { return scaleOf(a.Key, a.From) }

// Position returns where a value stands along the axis: equal differences are
// equal steps on its scale. It is infinite for an η of 0 and for a batch of all.
func (a Axis) Position(value float64) float64 {
	if scale := a.Scale(); scale != param.PowersOfTwo || value != 0 {
		return position(scale, value)
	}
	return math.Inf(1)
}

// scaleOf returns the scale on which a key is swept. Every rule that has a key
// has it on the same scale.
func scaleOf(key string, from float64) param.Scale {
	scale := optim.Lookup(key).Scale
	if scale == param.Fixed || scale == param.Log && from <= 0 {
		return param.Linear
	}
	return scale
}

// position returns where x stands on a scale: equal differences of positions are
// equal steps, upwards.
func position(s param.Scale, x float64) float64 {
	switch s {
	case param.Log:
		return math.Log10(x)
	case param.LogComplement:
		return -math.Log10(1 - x)
	case param.PowersOfTwo:
		return math.Log2(x)
	}
	return x
}

// valueAt is the inverse of position. The value, or 1 less the value on
// LogComplement, is rounded to that many significant digits.
func valueAt(s param.Scale, position float64, digits int) float64 {
	switch s {
	case param.Log:
		return rounded(math.Pow(10, position), 'g', digits)
	case param.LogComplement:
		_, exponent, _ := strings.Cut(strconv.FormatFloat(math.Pow(10, -position), 'e', digits-1, 64), "e")
		power, _ := strconv.Atoi(exponent)
		return rounded(1-math.Pow(10, -position), 'f', digits-1-power)
	case param.PowersOfTwo:
		return math.Round(math.Exp2(position))
	}
	return rounded(position, 'g', digits)
}

// rounded returns x as strconv writes it in that format and precision.
func rounded(x float64, format byte, precision int) float64 {
	y, _ := strconv.ParseFloat(strconv.FormatFloat(x, format, precision, 64), 64)
	return y
}

// digitsFor returns how many significant digits keep values apart by that
// spacing in their places, to a hundredth of it or less.
func digitsFor(s param.Scale, spacing float64) int {
	const fewest, most = 3, 15
	if s == param.Linear {
		return most
	}
	ratio := math.Pow(10, spacing) - 1
	if ratio <= 0 {
		return most
	}
	return min(max(fewest, fewest+int(math.Ceil(-math.Log10(ratio)))), most)
}

// ParseAxis reads KEY=FROM..TO:COUNT, KEY being one of the parameters. Its
// errors quote the text and say what would be right.
func ParseAxis(text string, parameters []param.Parameter) (Axis, error) {
	const want = "want KEY=FROM..TO:COUNT, such as eta=0.001..1:31"
	key, rest, ok := strings.Cut(text, "=")
	if !ok || key == "" {
		return Axis{}, fmt.Errorf("%q: %s", text, want)
	}
	p, ok := param.Find(parameters, key)
	if !ok {
		return Axis{}, fmt.Errorf("%q: %w", text, param.Unknown("hyperparameter", key, param.Keys(parameters)))
	}
	ends, count, ok := strings.Cut(rest, ":")
	low, high, dots := strings.Cut(ends, "..")
	if !ok || !dots {
		return Axis{}, fmt.Errorf("%q: %s", text, want)
	}
	axis := Axis{Key: key}
	var err error
	if axis.From, err = p.Number(low); err != nil {
		return Axis{}, fmt.Errorf("%q: FROM: %w", text, err)
	}
	if axis.To, err = p.Number(high); err != nil {
		return Axis{}, fmt.Errorf("%q: TO: %w", text, err)
	}
	if axis.Count, err = param.Whole(count); err != nil || axis.Count < 1 || axis.Count > MaxCells {
		return Axis{}, fmt.Errorf("%q: COUNT is %q; want a whole number from 1 to %d", text, count, MaxCells)
	}
	if err := axis.check(p); err != nil {
		return Axis{}, fmt.Errorf("%q: %w", text, err)
	}
	return axis, nil
}

// check returns an error for an axis that has no values or not the right number
// of them. The ends are known to be in the parameter's range.
func (a Axis) check(p param.Parameter) error {
	from, to := a.From, a.To
	if p.Kind == param.Batch {
		from, to = atTop(from), atTop(to)
	}
	switch {
	case from > to:
		return fmt.Errorf("FROM %s is above TO %s; want FROM ≤ TO", p.Text(a.From), p.Text(a.To))
	case p.Range.OrZero && p.Scale == param.Log && from == 0:
		return fmt.Errorf("FROM is 0, which has no logarithm; want %s > 0", p.Key)
	case from == to && a.Count > 1:
		return fmt.Errorf("from %s to %s is one value and COUNT is %d; want FROM < TO, or COUNT 1", p.Text(a.From), p.Text(a.To), a.Count)
	case from < to && a.Count == 1:
		return fmt.Errorf("COUNT 1 leaves out TO; want COUNT ≥ 2, or FROM = TO")
	}
	return nil
}

// atTop puts the batch 0, all data, above the others.
func atTop(batch float64) float64 {
	if batch == 0 {
		return math.Inf(1)
	}
	return batch
}

// DefaultAxis returns the range with which a sweep of that key opens around a
// lane's value: from 0 to where the hyperparameter's row says, 1 to all examples for
// batch, and else four whole decades down from the value and two up. A frozen lane's
// η stands for the one that suits its rule.
func DefaultAxis(lane *Lane, key string, count int) Axis {
	axis := Axis{Key: key, Count: count}
	value := lane.hyper.Get(key)
	switch h := optim.Lookup(key); {
	case h.SweepTo > 0:
		axis.To = h.SweepTo
	case h.Kind == param.Batch:
		axis.To = float64(lane.Examples())
		axis.From = min(1, axis.To)
	case value == 0 && key == optim.Eta:
		axis.From, axis.To = decadesAround(lane.defaultEta())
	default:
		axis.From, axis.To = decadesAround(cmp.Or(math.Abs(value), 0.01))
	}
	return axis
}

// decadesAround returns the ends of an axis of whole decades around a value.
func decadesAround(value float64) (from, to float64) {
	const lowest, highest = -300, 300 // a float64's decades, nearly
	decade := int(math.Round(math.Log10(value)))
	decade = min(max(decade, lowest), highest)
	return rounded(math.Pow10(decade-4), 'g', 1), rounded(math.Pow10(decade+2), 'g', 1)
}
