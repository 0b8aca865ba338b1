package race

import (
	"math"
	"slices"
	"testing"

	"ravine/optim"
	"ravine/param"
	"ravine/problem"
)

// straight steps a lane's rule one update at a time, each with a gradient of its
// own, and returns the losses on the way, θ at its end, and whether that is an end.
func straight(l *Lane, steps int) (losses, theta []float64, ended bool) {
	rule, hyper := l.values.optimizer.Start(len(l.start), l.rules), l.values.hyper
	gradient := func(at []float64) []float64 {
		g := make([]float64, len(at))
		l.problem.Evaluate(g, at)
		return g
	}
	theta = slices.Clone(l.start)
	losses = []float64{l.problem.Loss(theta)}
	for range steps {
		before := slices.Clone(theta)
		rule.Step(theta, &hyper, &optim.Gradient{Of: gradient})
		loss, g := l.problem.Loss(theta), gradient(theta)
		if !allFinite(loss, theta, g) {
			return losses, before, true
		}
		losses = append(losses, loss)
		if loss > l.limits.loss || norm(g) <= l.limits.gradientNorm {
			return losses, theta, true
		}
	}
	return losses, theta, false
}

// TestStraight: every rule on every problem in both conventions, with steps that
// converge, that grow and that become non-finite, comes to the bit to where
// the straightforward way leads, on however many cores.
func TestStraight(t *testing.T) {
	const steps = 3000 // of which points of the history stand for four
	ends := map[bool]int{}
	for _, kind := range problem.Kinds() {
		for _, rules := range []optim.Convention{optim.Slides, optim.Papers} {
			r := Race{Problem: param.Spec{Name: kind.Name}, Rules: rules, Tol: 1e-6, Seed: DefaultSeed}
			for _, o := range optim.All() {
				lane := LaneSpec{Rule: o.Name}.With(Setting{Key: "batch"})
				r.Lanes = append(r.Lanes, lane, lane.With(Setting{Key: "eta", Value: 3}), lane.With(Setting{Key: "eta", Value: 1e300}))
			}
			for i := range r.Lanes {
				if !kind.Sampled {
					r.Lanes[i] = r.Lanes[i].Without(func(s Setting) bool { return s.Key == "batch" })
				}
			}
			runner, err := New(r)
			if err != nil {
				t.Fatal(err)
			}
			for _, to := range []int{1, 250, 1550, 2001, steps} {
				runner.Seek(to)
			}
			for _, lane := range runner.Lanes() {
				losses, theta, ended := straight(lane, steps)
				ends[ended]++
				if lane.step != len(losses)-1 || (lane.status != Running) != ended || lane.loss != losses[lane.step] || !slices.Equal(lane.theta, theta) {
					t.Errorf("%s, %s, %s: step %d, loss %x, θ %x; straight to step %d, loss %x, θ %x", kind.Name, rules, lane.spec,
						lane.step, lane.loss, lane.theta, len(losses)-1, losses[len(losses)-1], theta)
				}
				first := 0
				for i, p := range lane.history.Points() {
					low, high := extremes(losses[first : p.Step+1])
					if first = p.Step + 1; p.Loss != losses[p.Step] || p.Min != low || p.Max != high || !math.IsNaN(p.Batch) {
						t.Fatalf("%s, %s, %s: point %d is %v; want loss %v from %v to %v", kind.Name, rules, lane.spec, i, p, losses[p.Step], low, high)
					}
				}
				if first != len(losses) {
					t.Errorf("%s, %s, %s: the history ends at step %d", kind.Name, rules, lane.spec, first-1)
				}
			}
		}
	}
	if ends[true] < 100 || ends[false] < 100 {
		t.Errorf("%d lanes stopped and %d did not; want both", ends[true], ends[false])
	}
}
