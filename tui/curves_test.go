package tui

import (
	"math"
	"testing"

	"ravine/problem"
)

// TestCurvesUseTheHeight opens every problem: what the losses span is a fair
// part of the axis, and there is room above the start.
func TestCurvesUseTheHeight(t *testing.T) {
	for _, kind := range problem.Kinds() {
		if kind.Name == "csv" {
			continue
		}
		for _, at := range []int{1, 20, 200, 2000} {
			m := openModel(t, playRace(t, kind.Name), at)
			best := m.bestLoss()
			low, high := math.Inf(1), math.Inf(-1)
			for _, lane := range m.runner.Lanes() {
				low = math.Min(low, settled(lane.History(), best))
				high = math.Max(high, math.Log10(lane.History().Point(0).Max-best))
			}
			axis := m.lossRange(best)
			low = math.Max(low, high-24)
			span, size := high-low, axis.Max-axis.Min
			if axis.Min > low || axis.Max <= high || span > 0.7 && size > 2*span || span <= 0.7 && size > 2 {
				t.Errorf("%s at %d: losses from %.2f to %.2f on an axis from %v to %v", kind.Name, at, low, high, axis.Min, axis.Max)
			}
		}
	}
}
