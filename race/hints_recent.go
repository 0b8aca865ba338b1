package race

import (
	"math"
	"sort"

	"ravine/optim"
)

// recentSteps is the path of a lane since its values were last changed: a change is a
// new beginning.
type recentSteps struct {
	*Lane
	first   int     // index of its first point in the history
	count   int     // of points from there on
	opening Point   // the first of them
	points  []Point // the last of them, as many as any hint looks at
	optimum float64 // the least loss that is known
	begin   float64 // excess at the lane's start, or the problem's own where that is less
}

func recentStepsOf(l *Lane) *recentSteps {
	from := 0
	for _, e := range l.values.edits {
		if e.From <= l.step {
			from = e.From
		}
	}
	count := l.history.Len()
	t := &recentSteps{Lane: l, optimum: l.problem.Optima()[0].Loss}
	t.first = sort.Search(count, func(i int) bool { return l.history.Point(i).Step >= from })
	t.count, t.opening = count-t.first, l.history.Point(t.first)
	for i := max(t.first, count-longWindow); i < count; i++ {
		t.points = append(t.points, l.history.Point(i))
	}
	t.begin = min(t.excess(l.history.Point(0)), l.limits.ownLoss)
	return t
}

// excess is how far above the optimum the loss of a point is at most.
func (t *recentSteps) excess(p Point) float64 { return max(0, p.Max-t.optimum) }

func (t *recentSteps) last() Point { return t.points[len(t.points)-1] }

// single reports whether the points are single steps.
func (t *recentSteps) single() bool { return t.history.stride == 1 }

// descends reports whether the rule is plain gradient descent, of whatever batch.
func (t *recentSteps) descends() bool { return t.values.optimizer.Dynamics == optim.Descent }

// recent returns the last points, at most that many.
func (t *recentSteps) recent(window int) []Point {
	return t.points[max(0, len(t.points)-window):]
}

// span is what a part of the path comes to.
type span struct {
	mean   float64 // of the excess
	height float64 // from the lowest to the highest loss
}

// halves returns what the last points, at most that many, come to in two halves.
func (t *recentSteps) halves(window int) (older, newer span) {
	points := t.recent(window)
	return t.span(points[:len(points)/2]), t.span(points[len(points)/2:])
}

func (t *recentSteps) span(points []Point) span {
	var s span
	low, high := math.Inf(1), math.Inf(-1)
	for _, p := range points {
		s.mean += t.excess(p) / float64(len(points))
		low, high = min(low, p.Min), max(high, p.Max)
	}
	s.height = high - low
	return s
}

// turns returns the share of points at which a fall of the loss does not go on.
func turns(points []Point) float64 {
	count := 0
	for i := 2; i < len(points); i++ {
		if (points[i].Max-points[i-1].Max)*(points[i-1].Max-points[i-2].Max) <= 0 {
			count++
		}
	}
	return float64(count) / float64(len(points)-2)
}
