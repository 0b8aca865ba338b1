package race

import (
	"iter"
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

// History is what a lane remembers of its way: bounded however long the way is,
// with no extreme of the loss lost. A nil History keeps nothing.
//
// When the points are used up, a new one has the room that two neighbours leave
// by becoming one, beginning with the oldest. So their number stays the same,
// and with it what it costs to draw them. When all neighbours are merged, every
// point stands for twice the steps, and it begins again.
type History struct {
	dim    int
	stride int // steps that a new point stands for
	filled int // steps in the last point

	// In order: the first points and what is merged; free room; what is not
	// merged yet; and the points that have come since merging began.
	points []Point
	thetas []float64 // θ at each point's Step, dim numbers each
	merged int       // points before the free room
	next   int       // the first point after it

	fresh       []Point
	freshThetas []float64

	last      *Point    // the last point
	lastTheta []float64 // and θ at it
}

func newHistory(dim int) *History {
	return &History{
		dim:         dim,
		points:      make([]Point, 0, historyLimit),
		thetas:      make([]float64, 0, historyLimit*dim),
		fresh:       make([]Point, 0, (historyLimit-firstPoints)/2),
		freshThetas: make([]float64, 0, (historyLimit-firstPoints)/2*dim),
	}
}

func (h *History) reset() {
	if h == nil {
		return
	}
	h.points, h.thetas = h.points[:0], h.thetas[:0]
	h.fresh, h.freshThetas = h.fresh[:0], h.freshThetas[:0]
	h.merged, h.next = 0, 0
	h.stride, h.filled = 1, 1
}

// Len returns the number of points.
func (h *History) Len() int { return h.merged + len(h.points) - h.next + len(h.fresh) }

// Point returns the i-th.
func (h *History) Point(i int) Point {
	if i >= h.merged {
		i += h.next - h.merged
		if i >= len(h.points) {
			return h.fresh[i-len(h.points)]
		}
	}
	return h.points[i]
}

// Points returns all of them in order.
func (h *History) Points() iter.Seq2[int, Point] {
	return func(yield func(int, Point) bool) {
		n := 0
		for _, part := range [3][]Point{h.points[:h.merged], h.points[h.next:], h.fresh} {
			for i := range part {
				if !yield(n, part[i]) {
					return
				}
				n++
			}
		}
	}
}

// Theta returns θ at the i-th point, for reading until the lane's next step.
func (h *History) Theta(i int) []float64 {
	thetas := h.thetas
	if i >= h.merged {
		i += h.next - h.merged
		if i >= len(h.points) {
			thetas = h.freshThetas
			i -= len(h.points)
		}
	}
	return thetas[i*h.dim : (i+1)*h.dim]
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

// add takes one step. batch is NaN where the step used all data.
func (h *History) add(step, examples int, loss, batch float64, theta []float64) {
	if h == nil {
		return
	}
	if h.filled == h.stride {
		h.open(theta)
		*h.last = Point{step, examples, loss, loss, loss, batch}
		return
	}
	h.filled++
	last := h.last
	last.Step, last.Examples, last.Loss, last.Batch = step, examples, loss, batch
	// The builtins mind NaN, which a loss here never is.
	if loss < last.Min {
		last.Min = loss
	}
	if loss > last.Max {
		last.Max = loss
	}
	assign(h.lastTheta, theta)
}

// open begins a new point at θ, the last one from now on. It never grows a slice
// beyond its capacity.
func (h *History) open(theta []float64) {
	h.filled = 1
	if h.Len() < historyLimit {
		h.points, h.thetas = h.points[:len(h.points)+1], h.thetas[:len(h.thetas)+h.dim]
		h.last, h.lastTheta = &h.points[len(h.points)-1], h.thetas[len(h.thetas)-h.dim:]
		assign(h.lastTheta, theta)
		return
	}
	if h.next == len(h.points) || h.next == 0 {
		h.beginMerging()
	}
	h.mergePair()
	h.fresh, h.freshThetas = h.fresh[:len(h.fresh)+1], h.freshThetas[:len(h.freshThetas)+h.dim]
	h.last, h.lastTheta = &h.fresh[len(h.fresh)-1], h.freshThetas[len(h.freshThetas)-h.dim:]
	assign(h.lastTheta, theta)
}

// beginMerging takes all points as unmerged, but the first, which stay as they
// are.
func (h *History) beginMerging() {
	if h.next > 0 {
		h.points = append(h.points[:h.merged], h.fresh...)
		h.thetas = append(h.thetas[:h.merged*h.dim], h.freshThetas...)
		h.fresh, h.freshThetas = h.fresh[:0], h.freshThetas[:0]
	}
	h.merged, h.next = firstPoints, firstPoints
	h.stride *= 2
}

// mergePair makes one of the oldest two unmerged points.
func (h *History) mergePair() {
	first, second, merged := &h.points[h.next], &h.points[h.next+1], &h.points[h.merged]
	if first.Min < second.Min {
		second.Min = first.Min
	}
	if first.Max > second.Max {
		second.Max = first.Max
	}
	*merged = *second
	assign(h.thetas[h.merged*h.dim:(h.merged+1)*h.dim], h.thetas[(h.next+1)*h.dim:(h.next+2)*h.dim])
	h.merged++
	h.next += 2
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
