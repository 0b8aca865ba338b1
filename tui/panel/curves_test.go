package panel

import (
	"math"
	"testing"

	"ravine/problem"
	"ravine/race"
	"ravine/tui/chart"
	"ravine/tui/screen"
)

// TestCurvesUseTheHeight opens every problem: what the losses span is a fair
// part of the axis, and there is room above the start.
func TestCurvesUseTheHeight(t *testing.T) {
	for _, kind := range problem.Kinds() {
		for _, at := range []int{1, 20, 200, 2000} {
			s := openScene(t, raceOf(t, kind.Name), at)
			best := s.BestLoss()
			low, high := math.Inf(1), math.Inf(-1)
			for _, lane := range s.runner.Lanes() {
				low = math.Min(low, settled(lane.History(), best))
				high = math.Max(high, math.Log10(lane.History().Point(0).Max-best))
			}
			axis := s.lossRange(best)
			low = math.Max(low, high-24)
			if best != 0 {
				low = math.Max(low, math.Log10(math.Abs(best)*0x1p-52))
			}
			if axis.Min > low || axis.Max <= high {
				t.Errorf("%s at %d: losses from %.2f to %.2f on an axis of %v", kind.Name, at, low, high, axis)
			}
			var axes chart.Axes
			drawn := axes.Draw(screen.New(60, 30), screen.Area{Width: 60, Height: 30}, chart.Axis{Range: chart.Range{Max: 1}},
				chart.Axis{Range: axis, Scale: chart.Log}, screen.Style{}, screen.Style{}).Y
			if span, size := high-low, drawn.Max-drawn.Min; size > 2*span+2 {
				t.Errorf("%s at %d: losses from %.2f to %.2f are drawn on %v", kind.Name, at, low, high, drawn)
			}
		}
	}
}

// The loss axis goes down to the lowest level that a curve has stayed at, whether
// or not it has risen since.
func TestSettledIsTheLowest(t *testing.T) {
	s := openScene(t, raceOf(t, "ravine", "gd:eta=0.075,eta@200=0.1"), 200)
	history := s.runner.Lanes()[0].History()
	low := settled(history, 0)
	s.runner.Seek(250)
	if risen := math.Log10(s.runner.Lanes()[0].Loss()); risen < low+0.5 {
		t.Fatalf("the loss has not risen: from 10^%.1f to 10^%.1f", low, risen)
	}
	if got := settled(s.runner.Lanes()[0].History(), 0); got > low+1 {
		t.Errorf("settled at 10^%.1f, and after a rise at 10^%.1f", low, got)
	}
}

// TestNoiseStaysInSight: the axis goes down to where the noise is at home, with
// one point a step and with many steps a point.
func TestNoiseStaysInSight(t *testing.T) {
	for _, at := range []int{800, 1500, 30000} {
		s := openScene(t, raceOf(t, "regression", "momentum:batch=4"), at)
		below, history := 0, s.runner.Lanes()[0].History()
		for _, point := range history.Points() {
			if math.Log10(point.Loss-s.BestLoss()) < s.lossRange(s.BestLoss()).Min {
				below++
			}
		}
		if 4*below > history.Len() {
			t.Errorf("at step %d, %d of %d points are below the axis", at, below, history.Len())
		}
	}
}

// TestLogAxis: a point stands where its count is, the first update of any lane at
// the left.
func TestLogAxis(t *testing.T) {
	r := raceOf(t, "regression", "gd", "minibatch", "sgd")
	r.Pace = race.ByExamples
	s := openScene(t, r, 2500)
	for n, over := range []Over{OverLogUpdates, OverLogEpochs, OverLogExamples} {
		s.Over = over
		for _, lane := range s.runner.Lanes() {
			points := lane.History()
			for _, i := range []int{0, 1, points.Len() - 1} {
				point := points.Point(i)
				examples := max(float64(point.Examples), 1)
				want := math.Log10([]float64{max(float64(point.Step), 1), examples / 800, examples}[n])
				if got := s.along()(point); math.Abs(got-want) > 1e-9 {
					t.Errorf("over %s, %s is at %v after %d updates, want %v", over, lane.Spec(), got, point.Step, want)
				}
			}
		}
	}
}
