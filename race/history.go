package race

import "math"

// historyLimit bounds the points a lane keeps: when they are used up, every two
// neighbours become one, and from then on a point stands for twice the steps.
const historyLimit = 1536

// Point stands for a run of steps of a lane, the last of them Step.
type Point struct {
	Step               int
	Examples           int     // seen by all updates until then
	Min, Max           float64 // of the loss over the run of steps
	BatchMin, BatchMax float64 // of the batch losses, scaled to the whole data; NaN where there are none
}

// History is what a lane remembers of its way: bounded however long the way is,
// with no extreme of the loss lost. A nil History keeps nothing.
type History struct {
	points []Point
	thetas []float64 // θ at each point's Step, dim numbers each
	dim    int
	stride int // steps that a full point stands for
	filled int // steps in the last point
}

func newHistory(dim int) *History {
	h := &History{dim: dim}
	h.points = make([]Point, 0, historyLimit)
	h.thetas = make([]float64, 0, historyLimit*dim)
	return h
}

func (h *History) reset() {
	if h == nil {
		return
	}
	h.points, h.thetas = h.points[:0], h.thetas[:0]
	h.stride, h.filled = 1, 1
}

// Len returns the number of points.
func (h *History) Len() int { return len(h.points) }

// Point returns the i-th.
func (h *History) Point(i int) Point { return h.points[i] }

// Points returns all of them, for reading until the lane's next step.
func (h *History) Points() []Point { return h.points }

// Theta returns θ at the i-th point, for reading until the lane's next step.
func (h *History) Theta(i int) []float64 { return h.thetas[i*h.dim : (i+1)*h.dim] }

// add takes one step. batch is NaN where the step used all data.
func (h *History) add(step, examples int, loss, batch float64, theta []float64) {
	if h == nil {
		return
	}
	if h.filled == h.stride {
		if len(h.points) == historyLimit {
			h.halve()
		}
		if h.filled == h.stride {
			h.points = append(h.points, Point{step, examples, loss, loss, batch, batch})
			h.thetas = append(h.thetas, theta...)
			h.filled = 1
			return
		}
	}
	h.filled++
	last := &h.points[len(h.points)-1]
	last.Step, last.Examples = step, examples
	last.Min, last.Max = min(last.Min, loss), max(last.Max, loss)
	if batch == batch {
		last.BatchMin, last.BatchMax = widen(last.BatchMin, last.BatchMax, batch)
	}
	assign(h.thetas[len(h.thetas)-h.dim:], theta)
}

// assign is copy for the few numbers of a θ, for which a call costs more than
// the numbers.
func assign(to, from []float64) {
	//lint:ignore S1001 copy is what this is faster than
	for i, x := range from {
		to[i] = x
	}
}

// halve merges neighbours. The start stays a point of its own; where the number
// of the others is odd, the last is left as a half-filled one.
func (h *History) halve() {
	kept := 1
	for i := 1; i < len(h.points); i += 2 {
		j := min(i+1, len(h.points)-1)
		first, second := h.points[i], h.points[j]
		second.Min, second.Max = min(first.Min, second.Min), max(first.Max, second.Max)
		second.BatchMin, second.BatchMax = widen(second.BatchMin, second.BatchMax, first.BatchMin)
		second.BatchMin, second.BatchMax = widen(second.BatchMin, second.BatchMax, first.BatchMax)
		h.points[kept] = second
		copy(h.thetas[kept*h.dim:(kept+1)*h.dim], h.Theta(j))
		kept++
	}
	if len(h.points)%2 == 1 {
		h.filled = 2 * h.stride
	} else {
		h.filled = h.stride
	}
	h.stride *= 2
	h.points, h.thetas = h.points[:kept], h.thetas[:kept*h.dim]
}

// widen returns low and high with x between them; a NaN counts as nothing.
func widen(low, high, x float64) (float64, float64) {
	if math.IsNaN(x) {
		return low, high
	}
	if !(low <= x) {
		low = x
	}
	if !(high >= x) {
		high = x
	}
	return low, high
}
