package param

import "math"

// Scale is the scale on which equal key presses are equal steps.
type Scale int

// The scales. A decade of Log has ten steps, a decade of LogComplement five.
const (
	Fixed         Scale = iota // not stepped by keys
	Linear                     // by 5
	Log                        // log10 x
	LogComplement              // log10(1−x): 0.9, 0.99 and 0.999 are equally far apart
	PowersOfTwo                // 1 2 4 … and all (0) at the top
)

// The decades that keys reach; the command line may go beyond.
const (
	logLow, logHigh    = 1e-12, 1e6
	complementSmallest = 1e-6
	linearStep         = 5

	beyond = 1.01 // times past an end: off the grid, so that the end is the next point
)

// Step returns the value n grid points from x: up for n > 0, down for n < 0.
// A value between two grid points goes to the neighbour on that side. The grid
// is made of numbers with two digits, so that they are easy to read and write.
// limit is the top of PowersOfTwo, the number of examples.
func (s Scale) Step(x float64, n, limit int) float64 {
	switch s {
	case Linear:
		index := math.Floor(x / linearStep)
		if n < 0 {
			index = math.Ceil(x / linearStep)
		}
		return (index + float64(n)) * linearStep
	case Log:
		if x <= 0 {
			if n < 0 {
				return x
			}
			return logLow
		}
		stepped := stepSeries(math.Min(math.Max(x, logLow/beyond), logHigh*beyond), n, renard10)
		return onward(x, n, math.Min(math.Max(stepped, logLow), logHigh))
	case LogComplement:
		stepped := stepSeries(math.Max(1-x, complementSmallest/beyond), -n, renard5)
		stepped = math.Min(math.Max(stepped, complementSmallest), 1)
		return onward(x, n, math.Round((1-stepped)*1e8)/1e8)
	case PowersOfTwo:
		return stepBatch(int(x), n, limit)
	}
	return x
}

// onward is stepped, or x where that would be a step the other way: a value
// beyond the decades that keys reach stays, or goes back into them.
func onward(x float64, n int, stepped float64) float64 {
	if n > 0 && stepped < x || n < 0 && stepped > x {
		return x
	}
	return stepped
}

// Preferred numbers (Renard's series, rounded): easy to read, equal in ratio.
var (
	renard10 = []float64{1, 1.25, 1.6, 2, 2.5, 3.2, 4, 5, 6.3, 8}
	renard5  = []float64{1, 1.6, 2.5, 4, 6.3}
)

// stepSeries moves x > 0 by n places in the series and its decades.
func stepSeries(x float64, n int, series []float64) float64 {
	at := func(index int) float64 {
		decade := int(math.Floor(float64(index) / float64(len(series))))
		mantissa := series[index-decade*len(series)]
		if decade < 0 {
			return mantissa / math.Pow10(-decade)
		}
		return mantissa * math.Pow10(decade)
	}
	const slack = 1 + 1e-9
	index := int(math.Floor(math.Log10(x))) * len(series)
	for at(index+1) <= x*slack {
		index++
	}
	if n < 0 && at(index)*slack < x {
		index++
	}
	return at(index + n)
}

func stepBatch(batch, n, limit int) float64 {
	if limit < 1 {
		return float64(batch)
	}
	if batch == 0 || batch > limit {
		batch = limit
	}
	for ; n > 0 && batch < limit; n-- {
		batch = min(1<<int(math.Floor(math.Log2(float64(batch)))+1), limit)
	}
	for ; n < 0 && batch > 1; n++ {
		batch = 1 << int(math.Ceil(math.Log2(float64(batch)))-1)
	}
	if batch == limit {
		return 0
	}
	return float64(batch)
}
