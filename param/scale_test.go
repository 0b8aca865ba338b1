package param

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestScaleStep(t *testing.T) {
	for _, row := range []struct {
		name     string
		s        Scale
		x        float64
		n, limit int
		want     float64
	}{
		{"fixed stays", Fixed, 0.3, 1, 0, 0.3},
		{"linear up", Linear, 30, 1, 0, 35},
		{"linear down", Linear, 0, -1, 0, -5},
		{"linear off grid up", Linear, 32, 1, 0, 35},
		{"linear off grid down", Linear, 32, -1, 0, 30},
		{"linear off grid below 0", Linear, -32, 1, 0, -30},

		{"log up", Log, 0.1, 1, 0, 0.125},
		{"log down", Log, 0.1, -1, 0, 0.08},
		{"log a decade", Log, 1e-8, 10, 0, 1e-7},
		{"log two decades down", Log, 1, -20, 0, 0.01},
		{"log off grid up", Log, 0.11, 1, 0, 0.125},
		{"log off grid down", Log, 0.11, -1, 0, 0.1},
		{"log off grid by two", Log, 0.11, 2, 0, 0.16},
		{"log a rounding below the grid", Log, math.Nextafter(0.1, 0), 1, 0, 0.125},
		{"log a rounding above the grid", Log, math.Nextafter(0.1, 1), -1, 0, 0.08},
		{"log above 1", Log, 8, 1, 0, 10},
		{"log from 0", Log, 0, 1, 0, 1e-12},
		{"log at 0", Log, 0, -1, 0, 0},
		{"log at the bottom", Log, 1e-12, -1, 0, 1e-12},
		{"log at the top", Log, 1e6, 1, 0, 1e6},
		{"log above the top", Log, 1e9, 1, 0, 1e9},
		{"log back from above the top", Log, 1e9, -1, 0, 1e6},
		{"log back from above the top by two", Log, 1e9, -2, 0, 8e5},
		{"log below the bottom", Log, 1e-15, -1, 0, 1e-15},
		{"log back from below the bottom", Log, 1e-15, 1, 0, 1e-12},
		{"log from the smallest number", Log, 5e-324, 1, 0, 1e-12},
		{"log from the largest number", Log, math.MaxFloat64, -1, 0, 1e6},

		{"complement five steps", LogComplement, 0.9, 5, 0, 0.99},
		{"complement ten steps", LogComplement, 0.9, 10, 0, 0.999},
		{"complement up", LogComplement, 0.9, 1, 0, 0.937},
		{"complement down", LogComplement, 0.9, -1, 0, 0.84},
		{"complement five down", LogComplement, 0.999, -5, 0, 0.99},
		{"complement off grid up", LogComplement, 0.91, 1, 0, 0.937},
		{"complement off grid down", LogComplement, 0.91, -1, 0, 0.9},
		{"complement from 0", LogComplement, 0, 1, 0, 0.37},
		{"complement at 0", LogComplement, 0, -1, 0, 0},
		{"complement near 0", LogComplement, 0.2, -1, 0, 0},
		{"complement at the top", LogComplement, 0.999999, 1, 0, 0.999999},
		{"complement above the top", LogComplement, 0.99999999, 1, 0, 0.99999999},
		{"complement back from above the top", LogComplement, 0.99999999, -1, 0, 0.999999},

		{"batch up", PowersOfTwo, 1, 1, 800, 2},
		{"batch up by three", PowersOfTwo, 1, 3, 800, 8},
		{"batch off grid up", PowersOfTwo, 3, 1, 800, 4},
		{"batch off grid down", PowersOfTwo, 3, -1, 800, 2},
		{"batch to all", PowersOfTwo, 512, 1, 800, 0},
		{"batch at all", PowersOfTwo, 0, 1, 800, 0},
		{"batch from all", PowersOfTwo, 0, -1, 800, 512},
		{"batch from all of a power of two", PowersOfTwo, 0, -1, 64, 32},
		{"batch at 1", PowersOfTwo, 1, -1, 800, 1},
		{"batch above the limit", PowersOfTwo, 1000, -1, 800, 512},
		{"batch of all", PowersOfTwo, 800, 1, 800, 0},
		{"batch without data", PowersOfTwo, 8, 1, 0, 8},
		{"batch of one example", PowersOfTwo, 0, -1, 1, 0},
	} {
		if got := row.s.Step(row.x, row.n, row.limit); got != row.want {
			t.Errorf("%s: %v by %d is %v, want %v", row.name, row.x, row.n, got, row.want)
		}
	}
}

// One decade of either grid.
func TestDecadeWalk(t *testing.T) {
	for _, row := range []struct {
		scale Scale
		grid  []float64
	}{
		{Log, []float64{0.001, 0.00125, 0.0016, 0.002, 0.0025, 0.0032, 0.004, 0.005, 0.0063, 0.008, 0.01}},
		{LogComplement, []float64{0.9, 0.937, 0.96, 0.975, 0.984, 0.99}},
	} {
		for i := range len(row.grid) - 1 {
			low, high := row.grid[i], row.grid[i+1]
			if up := row.scale.Step(low, 1, 0); up != high {
				t.Errorf("%v up is %v, want %v", low, up, high)
			}
			if down := row.scale.Step(high, -1, 0); down != low {
				t.Errorf("%v down is %v, want %v", high, down, low)
			}
		}
	}
}

func TestBatchWalk(t *testing.T) {
	up := []float64{1, 2, 4, 8, 16, 32, 64, 0} // 0 is all
	for i := range len(up) - 1 {
		if got := PowersOfTwo.Step(up[i], 1, 100); got != up[i+1] {
			t.Errorf("up from %v is %v, want %v", up[i], got, up[i+1])
		}
		if got := PowersOfTwo.Step(up[i+1], -1, 100); got != up[i] {
			t.Errorf("down from %v is %v, want %v", up[i+1], got, up[i])
		}
	}
}

// continuous are the scales with a grid, and values to try on them.
var continuous = map[string]struct {
	scale  Scale
	values *rapid.Generator[float64]
}{
	"linear": {Linear, rapid.Float64Range(-1000, 1000)},
	"log": {Log, rapid.Map(rapid.Float64Range(-11, 5), func(exponent float64) float64 {
		return math.Pow(10, exponent)
	})},
	"complement": {LogComplement, rapid.Map(rapid.Float64Range(-5, -0.5), func(exponent float64) float64 {
		return 1 - math.Pow(10, exponent)
	})},
}

func TestStepThereAndBack(t *testing.T) {
	for name, row := range continuous {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				x := row.values.Draw(t, "x")
				onGrid := row.scale.Step(x, 1, 0)
				up := row.scale.Step(onGrid, 1, 0)
				if !(x < onGrid && onGrid < up) {
					t.Fatalf("two steps up from %v are %v and %v", x, onGrid, up)
				}
				if back := row.scale.Step(up, -1, 0); back != onGrid {
					t.Errorf("%v up is %v, and down again %v", onGrid, up, back)
				}
				down := row.scale.Step(x, -1, 0)
				if !(down < x) {
					t.Errorf("%v down is %v", x, down)
				}
				if between := row.scale.Step(down, 1, 0); between > onGrid {
					t.Errorf("%v lies between %v and %v, but the grid between them has %v", x, down, onGrid, between)
				}
			})
		})
	}
}

func TestManyStepsAreStepsOneByOne(t *testing.T) {
	for name, row := range continuous {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				x, n := row.values.Draw(t, "x"), rapid.IntRange(1, 30).Draw(t, "n")
				for _, sign := range []int{1, -1} {
					one := x
					for range n {
						one = row.scale.Step(one, sign, 0)
					}
					if got := row.scale.Step(x, sign*n, 0); got != one {
						t.Errorf("%v by %d is %v, one by one %v", x, sign*n, got, one)
					}
				}
			})
		})
	}
}

// An up key never lowers and a down key never raises, whatever the value is.
func TestStepGoesItsWay(t *testing.T) {
	for name, scale := range map[string]Scale{"linear": Linear, "log": Log} {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				x := rapid.Float64Range(0, 1e12).Draw(t, "x")
				if up, down := scale.Step(x, 1, 0), scale.Step(x, -1, 0); up < x || down > x {
					t.Errorf("%v up is %v, down %v", x, up, down)
				}
			})
		})
	}
	t.Run("complement", func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) {
			x := rapid.Float64Range(0, math.Nextafter(1, 0)).Draw(t, "x")
			up, down := LogComplement.Step(x, 1, 0), LogComplement.Step(x, -1, 0)
			if up < x || down > x || up >= 1 || down < 0 {
				t.Errorf("%v up is %v, down %v", x, up, down)
			}
		})
	})
	t.Run("batch", func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) {
			limit := rapid.IntRange(1, 5000).Draw(t, "limit")
			batch := rapid.IntRange(1, limit).Draw(t, "batch")
			examples := func(batch float64) float64 {
				if batch == 0 {
					return float64(limit)
				}
				return batch
			}
			up := examples(PowersOfTwo.Step(float64(batch), 1, limit))
			down := examples(PowersOfTwo.Step(float64(batch), -1, limit))
			if up < float64(batch) || down > float64(batch) || up > float64(limit) || down < 1 {
				t.Errorf("%d of %d up is %v, down %v", batch, limit, up, down)
			}
		})
	})
}
