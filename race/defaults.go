package race

import (
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
// problem.
func (l *Lane) defaultEta() float64 {
	eta := l.values.optimizer.OpeningEta(l.problem.Scale(l.start, l.values.hyper.Batch))
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(eta, 'g', 2, 64), 64)
	return min(max(rounded, math.SmallestNonzeroFloat64), math.MaxFloat64)
}
