package race

import (
	"math/rand/v2"
	"slices"

	"ravine/problem"
)

// Trial says how a setting of a lane's hyperparameters is tried: in runs of that
// many updates, one from the race's own start and the others from nearby and with
// other batches. What becomes of a setting is what becomes of the middle one of
// its runs or, where that is much worse, of the one from the race's own start.
type Trial struct{ Steps, Starts int }

// The numbers of starts.
const (
	DefaultStarts = 5 // where nothing is said
	MaxStarts     = 1000
)

// Cell is what becomes of a setting: of its one run, or of the middle one of
// several.
type Cell struct {
	Loss    float64 // after the steps; the last finite one where it diverged
	Status  Status
	Steps   int  // to the tolerance, or the limit, or to where it diverged
	Outside bool // whether the path left the Region
}

// Region returns where a path has to stay so that its setting counts as a
// sensible one: in what the problem's view and the start span, and somewhat
// beyond.
func Region(p problem.Problem, start []float64) []problem.Interval {
	const beyond = 0.12 // of a side's length
	region := p.View()
	for i, side := range region {
		low, high := min(side.Low, start[i]), max(side.High, start[i])
		region[i] = problem.Interval{Low: low - beyond*(high-low), High: high + beyond*(high-low)}
	}
	return region
}

// jitter is how far from the race's own start the others are at most, in lengths
// of the view's sides.
const jitter = 0.05

// nearby returns the races in which a setting is tried: r itself, then such as
// begin near its start and draw other batches. The first n do not depend on n.
func (r Race) nearby(p problem.Problem, start []float64, n int) []Race {
	r.Start, r.RandomStart = start, false
	races, view := []Race{r}, p.View()
	for k := 1; k < n; k++ {
		random := rand.New(rand.NewPCG(r.Seed, streamTrial+uint64(k)))
		next := r
		next.Seed, next.Start = random.Uint64(), slices.Clone(start)
		for i, side := range view {
			next.Start[i] += jitter * (2*random.Float64() - 1) * (side.High - side.Low)
		}
		if _, err := next.startOf(p); err != nil { // the loss is not finite there
			next.Start = start
		}
		races = append(races, next)
	}
	return races
}
