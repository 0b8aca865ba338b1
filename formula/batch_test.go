package formula

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// A batch has the values and the gradients of the tape, row by row, for as many rows as
// there are.
func TestBatchIsTheTape(t *testing.T) {
	square := func(slopes, f, y []float64) (sum float64) {
		for k := range slopes {
			slopes[k] = f[k] - y[k]
			sum += slopes[k] * slopes[k] / 2
		}
		return sum
	}
	rapid.Check(t, func(t *rapid.T) {
		text, _ := random(t, 4, jet{v: 1, x: 1}, jet{v: 1, y: 1})
		f, err := Parse(text)
		if err != nil {
			return
		}
		tape, err := f.Compile([]string{"x", "y", "target"}, nil)
		if err != nil {
			return
		}
		n := rapid.SampledFrom([]int{1, 2, 255, 256, 257, 600}).Draw(t, "rows")
		x := rapid.Float64Range(-2, 2).Draw(t, "x")
		column, target := make([]float64, n), make([]float64, n)
		for i := range column {
			column[i], target[i] = math.Sin(float64(i)), float64(i%3)
		}
		var rows []int32
		order := make([]int, n)
		for i := range order {
			order[i] = i
		}
		if rapid.Bool().Draw(t, "some") {
			order = order[:1+n/2]
			for i := range order {
				order[i] = (i * 7) % n
				rows = append(rows, int32(order[i]))
			}
		}
		wantLoss, want, slope := 0.0, 0.0, make([]float64, 3)
		scale := 1.0
		for _, i := range order {
			value := tape.Gradient(slope, []float64{x, column[i], target[i]})
			wantLoss += (value - target[i]) * (value - target[i]) / 2
			want += (value - target[i]) * slope[0]
			scale += math.Abs(value-target[i]) * (1 + math.Abs(value) + math.Abs(slope[0])) // slopes of parts may cancel
		}
		batch := tape.NewBatch(1)
		for range 2 { // the second time over what the first has left
			gradient := []float64{0}
			loss := batch.Sum(gradient, []float64{x}, [][]float64{column, target}, rows, square)
			if scale < 1e100 && !(math.Abs(loss-wantLoss) <= 1e-12*(1+wantLoss) && math.Abs(gradient[0]-want) <= 1e-12*scale) {
				t.Fatalf("%s at %v: %v %v, want %v %v", text, x, loss, gradient[0], wantLoss, want)
			}
			if again := batch.Sum(nil, []float64{x}, [][]float64{column, target}, rows, square); again != loss {
				t.Fatalf("%s: the loss is %v, and %v with its gradient", text, again, loss)
			}
		}
		out := make([]float64, n)
		batch.Values(out, []float64{x}, [][]float64{column, target})
		for i, got := range out {
			if want := tape.Value([]float64{x, column[i], target[i]}); got != want && math.Abs(got-want) > 1e-14*math.Abs(want) {
				t.Fatalf("%s in row %d: %v, want %v", text, i, got, want)
			}
		}
	})
}
