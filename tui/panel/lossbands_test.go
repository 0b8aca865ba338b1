package panel

import (
	"slices"
	"testing"

	"ravine/problem"
	"ravine/tui/chart"
)

func TestValley(t *testing.T) {
	for _, test := range []struct {
		levels []int
		want   bool
	}{
		{nil, true}, {[]int{3}, true}, {[]int{2, 2, 2}, true}, {[]int{3, 1, 0, 0, 2}, true}, {[]int{0, 1, 2}, true}, {[]int{2, 1}, true},
		{[]int{0, 1, 0}, false}, {[]int{3, 1, 2, 2, 1}, false},
	} {
		if got := valley(test.levels, 1, len(test.levels)); got != test.want {
			t.Errorf("%v: %v", test.levels, got)
		}
		var apart []int // the same, every second one
		for _, level := range test.levels {
			apart = append(apart, level, 9-level)
		}
		if got := valley(apart, 2, len(test.levels)); got != test.want {
			t.Errorf("%v, two apart: %v", test.levels, got)
		}
	}
}

func TestBowl(t *testing.T) {
	for _, test := range []struct {
		name   string
		levels []int // of 3×3 cells; the lower half-cells do not count
		want   bool
	}{
		{"bowl", []int{2, 1, 2, 9, 0, 9, 1, 0, 1, 9, 0, 9, 2, 1, 2, 0, 9, 0}, true},
		{"ridge across", []int{0, 0, 0, 9, 9, 9, 1, 1, 1, 9, 9, 9, 0, 0, 0, 9, 9, 9}, false},
		{"ridge upright", []int{0, 1, 0, 9, 9, 9, 0, 1, 0, 9, 9, 9, 0, 1, 0, 9, 9, 9}, false},
	} {
		key := lossBandsKey{Width: 3, Height: 3}
		if got := key.bowl(test.levels); got != test.want {
			t.Errorf("%s: %v", test.name, got)
		}
	}
}

// chessboard is a loss that no number of levels helps.
type chessboard struct{ problem.Problem }

func (chessboard) Dim() int { return 2 }

func (chessboard) Optima() []problem.Optimum { return []problem.Optimum{{Theta: []float64{0, 0}}} }

func (chessboard) Loss(theta []float64) float64 {
	return float64(1 + (int(theta[0])+int(theta[1]))%2)
}

// Where nothing helps there are still two levels.
func TestTwoLevelsAreLeft(t *testing.T) {
	board := chart.Range{Min: 0, Max: 8}
	key := lossBandsKey{problem: chessboard{}, window: Window{X: board, Y: board}, axes: [2]int{0, 1}, Width: 8, Height: 8, bands: 7, lines: true}
	levels := newLossBands(key, 0).Levels
	if !key.crowded(levels) || slices.Max(levels) != 1 || slices.Min(levels) != 0 {
		t.Errorf("levels %v", levels)
	}
}
