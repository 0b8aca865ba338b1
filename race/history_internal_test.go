package race

import (
	"math"
	"math/rand/v2"
	"testing"
)

// wholeHistory is the slow model of a History: it keeps every step.
type wholeHistory struct {
	examples      []int
	losses, batch []float64
	thetas        [][]float64
}

func (w *wholeHistory) add(h *History, step, examples int, loss, batch float64, theta []float64) {
	h.add(step-1, step, examples, loss, loss, loss, batch, theta)
	w.examples = append(w.examples, examples)
	w.losses = append(w.losses, loss)
	w.batch = append(w.batch, batch)
	w.thetas = append(w.thetas, append([]float64(nil), theta...))
}

// extremes returns the least and largest number, NaN where there is none.
func extremes(xs []float64) (low, high float64) {
	low, high = math.NaN(), math.NaN()
	for _, x := range xs {
		if math.IsNaN(x) {
			continue
		}
		if math.IsNaN(low) || x < low {
			low = x
		}
		if math.IsNaN(high) || x > high {
			high = x
		}
	}
	return low, high
}

func sameNumber(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }

// check compares every point of h with the steps that it stands for.
func (w *wholeHistory) check(t *testing.T, h *History) {
	t.Helper()
	last := len(w.losses) - 1
	if h.Len() > historyLimit {
		t.Fatalf("after %d steps: %d points, more than %d", last, h.Len(), historyLimit)
	}
	if first := h.Point(0); first.Step != 0 || first.Min != w.losses[0] || first.Max != w.losses[0] {
		t.Fatalf("after %d steps: the first point is %+v, not the start", last, first)
	}
	from := 0
	for i, point := range h.Points() {
		if point.Step < from || point.Step > last {
			t.Fatalf("after %d steps: point %d is at step %d, the one before ends at %d", last, i, point.Step, from-1)
		}
		length := point.Step - from + 1
		if i < firstPoints && length != 1 || i >= firstPoints && i < h.Len()-1 && length != h.stride {
			t.Fatalf("after %d steps: point %d stands for %d steps, a new one for %d", last, i, length, h.stride)
		}
		if other := h.Point(i); point.Step != other.Step || point.Max != other.Max {
			t.Fatalf("after %d steps: point %d is %+v or %+v", last, i, point, other)
		}
		low, high := extremes(w.losses[from : point.Step+1])
		loss, batch := w.losses[point.Step], w.batch[point.Step]
		if point.Min != low || point.Max != high || point.Loss != loss || !sameNumber(point.Batch, batch) {
			t.Fatalf("after %d steps: point %d is %+v; steps %d to %d have %v–%v, the last of them %v, its batch %v",
				last, i, point, from, point.Step, low, high, loss, batch)
		}
		if point.Examples != w.examples[point.Step] || h.Theta(i)[0] != w.thetas[point.Step][0] || h.Theta(i)[1] != w.thetas[point.Step][1] {
			t.Fatalf("after %d steps: point %d has not the examples and θ of step %d", last, i, point.Step)
		}
		from = point.Step + 1
	}
	if from != last+1 {
		t.Fatalf("after %d steps: the last point is at step %d", last, from-1)
	}
}

// near reports whether n is at or beside a length where something may happen:
// a power of two, or the sum of two.
func near(n int) bool {
	for high := 1; high <= n+3; high *= 2 {
		for low := 1; low <= high; low *= 2 {
			if d := n - high - low; -3 <= d && d <= 3 {
				return true
			}
		}
	}
	return n < 8 || n%997 == 0
}

func TestHistoryAgainstModel(t *testing.T) {
	for _, batches := range []string{"none", "some", "all"} {
		t.Run("batches "+batches, func(t *testing.T) {
			random := rand.New(rand.NewPCG(1, 2))
			h, model := newHistory(2), &wholeHistory{}
			h.reset()
			checks := 0
			for step := range 20_000 {
				batch := math.NaN()
				if step > 0 && (batches == "all" || batches == "some" && random.IntN(1000) < 2) {
					batch = random.NormFloat64()
				}
				model.add(h, step, 3*step, random.ExpFloat64(), batch, []float64{random.Float64(), float64(step)})
				if near(step) {
					model.check(t, h)
					checks++
				}
			}
			if checks < 300 {
				t.Errorf("only %d lengths were checked", checks)
			}
		})
	}
}

// TestHistoryReset uses a history a second time, as a replay does.
func TestHistoryReset(t *testing.T) {
	h := newHistory(2)
	for _, steps := range []int{5000, 3, 2500} {
		h.reset()
		model := &wholeHistory{}
		for step := range steps {
			model.add(h, step, step, float64(step%17), math.NaN(), []float64{float64(step), 1})
		}
		model.check(t, h)
	}
}
