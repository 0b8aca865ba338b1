package race_test

import (
	"testing"
)

// TestLongHistory looks at a way of 300,000 steps from outside.
func TestLongHistory(t *testing.T) {
	const steps = 300_001
	runner := newRunner(t, raceOn(t, "ravine:kappa=10,angle=20", "lion:eta=0.03", "adam:beta2=0.9,eta=0.1", "gd"))
	lanes := runner.Lanes()
	low, high := make([]float64, len(lanes)), make([]float64, len(lanes))
	for i, lane := range lanes {
		low[i], high[i] = lane.Loss(), lane.Loss()
	}
	for range steps {
		runner.Advance(1)
		for i, lane := range lanes {
			low[i], high[i] = min(low[i], lane.Loss()), max(high[i], lane.Loss())
		}
	}
	for i, lane := range lanes {
		history := lane.History()
		if n := history.Len(); n < 257+640 || n > 257+1280 {
			t.Errorf("lane %d: %d points", i, n)
		}
		first, last := history.Point(0), history.Point(history.Len()-1)
		if first.Step != 0 || last.Step != steps {
			t.Errorf("lane %d: from step %d to %d, want 0 to %d", i, first.Step, last.Step, steps)
		}
		gotLow, gotHigh, before := first.Min, first.Max, -1
		for _, point := range history.Points() {
			if point.Step <= before {
				t.Fatalf("lane %d: step %d follows %d", i, point.Step, before)
			}
			before = point.Step
			gotLow, gotHigh = min(gotLow, point.Min), max(gotHigh, point.Max)
		}
		if gotLow != low[i] || gotHigh != high[i] {
			t.Errorf("lane %d: loss from %v to %v, was from %v to %v", i, gotLow, gotHigh, low[i], high[i])
		}
	}
}
