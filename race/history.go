package race

import (
	"iter"
	"math"
	"slices"
)

// historyLimit bounds the points a lane keeps: those of the first steps, which
// show how it set out, and an even number of others.
const (
	firstPoints  = 257
	historyLimit = firstPoints + 1280
)

// Point stands for a run of steps of a lane, the last of them Step.
type Point struct {
	Step     int
	Examples int     // seen by all updates until then
	Loss     float64 // at Step
	Min, Max float64 // of the loss over the run of steps
	Batch    float64 // loss of the batch of Step, scaled to the whole data; NaN where it used all data
}

// History is what a lane remembers of its path: bounded however long the path is,
// with no extreme of the loss lost. A nil History keeps nothing.
//
// When the points are used up and the last is complete, every two neighbours after
// the first points become one, and a new point stands for twice the steps. So what
// a history holds depends on the path alone, and the way back to a step for which
// points were as long is to forget the last of them.
type History struct {
	dim    int
	stride int // steps that a point stands for, after the first points
	points []Point
	thetas []float64 // θ at each point's Step, dim numbers each
}

func newHistory(dim int) *History { return &History{dim: dim, stride: 1} }

func (h *History) reset() {
	if h != nil {
		h.points, h.thetas, h.stride = h.points[:0], h.thetas[:0], 1
	}
}

// Len returns the number of points.
func (h *History) Len() int { return len(h.points) }

// Point returns the i-th.
func (h *History) Point(i int) Point { return h.points[i] }

// Points returns all of them in order.
func (h *History) Points() iter.Seq2[int, Point] { return slices.All(h.points) }

// Theta returns θ at the i-th point, for reading until the lane's next step.
func (h *History) Theta(i int) []float64 { return h.thetas[i*h.dim : (i+1)*h.dim] }

// whole reports whether the last point is complete when it has taken that step.
func (h *History) whole(step int) bool {
	return (step+1-firstPoints)&(h.stride-1) == 0 || step < firstPoints
}

// equals reports whether two lanes remember the same to the bit.
func (h *History) equals(other *History) bool {
	if h.Len() != other.Len() {
		return false
	}
	for i := h.Len() - 1; i >= 0; i-- {
		a, b := h.Point(i), other.Point(i)
		if a.Step != b.Step || a.Min != b.Min || a.Max != b.Max || !slices.Equal(h.Theta(i), other.Theta(i)) {
			return false
		}
	}
	return true
}

// completes returns the step that will complete the point which has a step in it.
func (h *History) completes(step int) int {
	switch {
	case h == nil:
		return math.MaxInt
	case step < firstPoints:
		return step
	}
	return firstPoints - 1 + (step-firstPoints+h.stride)&^(h.stride-1)
}

// add takes the steps after one until another, which completes a point at the last
// of them if at all. batch is NaN where they used all data.
func (h *History) add(after, step, examples int, loss, low, high, batch float64, theta []float64) {
	if h == nil {
		return
	}
	n := len(h.points)
	if h.whole(after) {
		if n == cap(h.points) || (n+1)*h.dim > cap(h.thetas) {
			h.points, h.thetas = slices.Grow(h.points, 1), slices.Grow(h.thetas, h.dim)
		}
		n++
		h.points, h.thetas = h.points[:n], h.thetas[:n*h.dim]
		h.points[n-1].Min, h.points[n-1].Max = low, high
	}
	// A Point written as a whole would be put together elsewhere and copied.
	last := &h.points[n-1]
	last.Step, last.Examples, last.Loss, last.Batch = step, examples, loss, batch
	if low < last.Min {
		last.Min = low
	}
	if high > last.Max {
		last.Max = high
	}
	assign(h.thetas[(n-1)*h.dim:], theta)
	if n == historyLimit && h.whole(step) {
		h.merge()
	}
}

// merge makes one point of every two neighbours after the first points.
func (h *History) merge() {
	kept := firstPoints
	for i := firstPoints; i < len(h.points); i += 2 {
		first, point := &h.points[i], h.points[i+1]
		point.Min, point.Max = min(point.Min, first.Min), max(point.Max, first.Max)
		h.points[kept] = point
		assign(h.Theta(kept), h.Theta(i+1))
		kept++
	}
	h.points, h.thetas = h.points[:kept], h.thetas[:kept*h.dim]
	h.stride *= 2
}

// forget takes back the steps after one that the last point of its time had just
// completed. It may be no earlier than the latest merging.
func (h *History) forget(step int) {
	count := min(step+1, firstPoints+(step+1-firstPoints)/h.stride)
	h.points, h.thetas = h.points[:count], h.thetas[:count*h.dim]
}

// assign is copy for the few numbers of a θ, for which a call costs more than
// the numbers.
func assign(to, from []float64) {
	to = to[:len(from)]
	//lint:ignore S1001 copy is what this is faster than
	for i, x := range from {
		to[i] = x
	}
}
