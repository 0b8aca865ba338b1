package race

import (
	"cmp"
	"math"
	"strconv"

	"ravine/problem"
)

// defaultProblem and its lanes are the scene that the playground opens with.
const defaultProblem = "ravine"

// DefaultLanes returns the lanes of a scene for which none are named: the
// talk's line-up, with its three batch sizes where there is data to sample.
func DefaultLanes(problemName string) []LaneSpec {
	names := []string{"gd", "momentum", "nag", "adagrad", "rmsprop", "adam"}
	if kind, err := problem.Find(problemName); err == nil && kind.Sampled {
		names = []string{"gd", "sgd", "minibatch", "momentum", "adagrad", "adam"}
	}
	lanes := make([]LaneSpec, len(names))
	for i, name := range names {
		lanes[i] = LaneSpec{Rule: name}
	}
	return lanes
}

// defaultEta returns the η, of two digits, with which the lane's rule opens on its
// problem; the lane's own, if the rule does not say.
func (l *Lane) defaultEta() float64 {
	if !l.values.optimizer.Opens() {
		return cmp.Or(l.values.hyper.Eta, 0.01)
	}
	eta := l.values.optimizer.OpeningEta(l.problem.Scale(l.start, l.values.hyper.Batch))
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(eta, 'g', 2, 64), 64)
	return min(max(rounded, math.SmallestNonzeroFloat64), math.MaxFloat64)
}
