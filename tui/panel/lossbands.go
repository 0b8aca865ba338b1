package panel

import (
	"math"
	"slices"

	"ravine/problem"
	"ravine/tui/screen"
)

// lossBandsKey is what the levels depend on.
type lossBandsKey struct {
	problem       problem.Problem
	window        Window
	axes          [2]int
	Width, Height int
	bands         int
	lines         bool // are drawn between the levels, in the place of colours
}

// lossBands has the loss levels of two half-cells a cell, row-major in 2×height
// rows, and the loss above the optimum, as log10, that the ramp goes from and to.
type lossBands struct {
	Levels    []int
	low, high float64
}

// drawLossBands paints the bands; where there are no colours to paint with, the
// lines between them.
func (v *Surface) drawLossBands(grid *screen.Grid, s *State) {
	area := v.Plot.Area
	key := lossBandsKey{s.Race.Problem(), s.Window, s.Axes, area.Width, area.Height, s.Theme.Levels(), len(s.Theme.Bands) == 0}
	if key != v.Key {
		v.Key, v.Bands = key, newLossBands(key, s.BestLoss())
	}
	for row := range area.Height {
		for column := range area.Width {
			top, bottom := v.Bands.Levels[2*row*area.Width+column], v.Bands.Levels[(2*row+1)*area.Width+column]
			x, y := area.X+column, area.Y+row
			if key.lines {
				if level, ok := key.Contour(v.Bands.Levels, column, row); ok {
					grid.Set(x, y, s.Theme.ContourRune(level), s.Theme.Contour)
				}
				continue
			}
			setHalves(grid, x, y, s.Theme.Band(top), s.Theme.Band(bottom))
		}
	}
}

// setHalves paints the two halves of a cell.
func setHalves(grid *screen.Grid, x, y int, top, bottom screen.Color) {
	half, style := '▀', screen.Style{Foreground: top, Background: bottom}
	if top == screen.Default { // as a foreground, that is the text's colour
		half, style = '▄', screen.Style{Foreground: bottom, Background: top}
	}
	if top == bottom {
		half, style.Foreground = ' ', screen.Default
	}
	grid.Set(x, y, half, style)
}

// Contour reports whether a cell is on a contour line: the level to the right or
// below is another. The line is at the higher one.
func (k *lossBandsKey) Contour(levels []int, column, row int) (level int, ok bool) {
	level = levels[2*row*k.Width+column]
	right, below := level, level
	if column+1 < k.Width {
		right = levels[2*row*k.Width+column+1]
	}
	if row+1 < k.Height {
		below = levels[2*(row+1)*k.Width+column]
	}
	return max(level, right, below), level != right || level != below
}

// newLossBands computes the band of every half-cell. Where lines between them
// would run into each other, there are fewer.
func newLossBands(key lossBandsKey, best float64) lossBands {
	logs := logLosses(key, best)
	t := divided(logs, key.bands)
	if key.lines {
		for bands := key.bands - 1; bands >= 2 && key.crowded(t.Levels); bands-- {
			t = divided(logs, bands)
		}
	}
	return t
}

// crowded reports whether the contour lines are no longer lines to the eye: they
// take more than a third of the cells. Those of a bowl nest, and can be read
// however close they are.
func (k *lossBandsKey) crowded(levels []int) bool {
	lines := 0
	for row := range k.Height {
		for column := range k.Width {
			if _, ok := k.Contour(levels, column, row); ok {
				lines++
			}
		}
	}
	return 3*lines > k.Width*k.Height && !k.bowl(levels)
}

// bowl reports whether the levels rise only once they have fallen, in every row
// and in every column.
func (k *lossBandsKey) bowl(levels []int) bool {
	for row := range k.Height {
		if !valley(levels[2*row*k.Width:], 1, k.Width) {
			return false
		}
	}
	for column := range k.Width {
		if !valley(levels[column:], 2*k.Width, k.Height) {
			return false
		}
	}
	return true
}

// valley reports whether no level falls after one has risen, over that many
// levels that are stride apart.
func valley(levels []int, stride, count int) bool {
	risen := false
	for i := 1; i < count; i++ {
		before, level := levels[(i-1)*stride], levels[i*stride]
		if risen && level < before {
			return false
		}
		risen = risen || level > before
	}
	return true
}

// logLosses computes the logarithm of the loss above the optimum for every
// half-cell.
func logLosses(key lossBandsKey, best float64) []float64 {
	theta, loss := make([]float64, key.problem.Dim()), key.problem.Loss
	rough, isRough := key.problem.(problem.Rough)
	if isRough {
		loss = rough.RoughLoss
	}
	optima := key.problem.Optima()
	switch {
	case len(optima) == 0:
		copy(theta, key.problem.Start())
	case isRough:
		best = loss(optima[0].Theta)
		fallthrough
	default:
		copy(theta, optima[0].Theta)
	}
	width, height := key.Width, 2*key.Height
	logs := make([]float64, 0, width*height)
	for row := range height {
		for column := range width {
			x, y := (float64(column)+0.5)/float64(width), (float64(row)+0.5)/float64(height)
			theta[key.axes[0]] = key.window.X.Min + x*(key.window.X.Max-key.window.X.Min)
			theta[key.axes[1]] = key.window.Y.Max - y*(key.window.Y.Max-key.window.Y.Min)
			logs = append(logs, loss(theta))
		}
	}
	if len(optima) == 0 { // the lowest in the picture
		best = math.Inf(1)
		for _, loss := range logs {
			if loss < best && !math.IsInf(loss, 0) {
				best = loss
			}
		}
	}
	for i, loss := range logs {
		logs[i] = math.Log10(math.Max(loss-best, 0))
	}
	return logs
}

// divided returns the band of every logarithm: bands are equal steps. The lowest
// one begins where a few hundredths of the picture lie below it, so that one deep
// cell does not use up the scale.
func divided(logs []float64, bands int) lossBands {
	sorted := slices.DeleteFunc(slices.Clone(logs), func(x float64) bool { return math.IsNaN(x - x) })
	levels := make([]int, len(logs))
	if len(sorted) == 0 {
		return lossBands{Levels: levels}
	}
	slices.Sort(sorted)
	low, high := sorted[len(sorted)/50], sorted[len(sorted)-1]
	for i, x := range logs {
		level := 0
		switch {
		case math.IsNaN(x) || x >= high:
			level = bands - 1
		case x > low:
			level = min(int((x-low)/(high-low)*float64(bands)), bands-1)
		}
		levels[i] = level
	}
	return lossBands{levels, low, high}
}
