package tui

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
	width, height int
	bands         int
	lines         bool // are drawn between the levels, in the place of colours
}

// lossBands has the loss levels of two half-cells a cell, row-major in 2×height
// rows, and the loss above the optimum, as log10, that the ramp goes from and to.
type lossBands struct {
	levels    []int
	low, high float64
}

// drawLossBands paints the bands; where there are no colours to paint with, the
// lines between them.
func (v *surface) drawLossBands(grid *screen.Grid, s *scene) {
	area := v.plot.Area
	key := lossBandsKey{s.runner.Problem(), s.Window, s.Axes, area.Width, area.Height, s.theme.Levels(), len(s.theme.Bands) == 0}
	if key != v.key {
		v.key, v.bands = key, newLossBands(key, s.bestLoss())
	}
	for row := range area.Height {
		for column := range area.Width {
			top, bottom := v.bands.levels[2*row*area.Width+column], v.bands.levels[(2*row+1)*area.Width+column]
			x, y := area.X+column, area.Y+row
			if key.lines {
				if level, ok := key.contour(v.bands.levels, column, row); ok {
					grid.Set(x, y, s.theme.ContourRune(level), s.theme.Contour)
				}
				continue
			}
			setHalves(grid, x, y, s.theme.Band(top), s.theme.Band(bottom))
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

// contour reports whether a cell is on a contour line: the level to the right or
// below is another. The line is at the higher one.
func (k *lossBandsKey) contour(levels []int, column, row int) (level int, ok bool) {
	level = levels[2*row*k.width+column]
	right, below := level, level
	if column+1 < k.width {
		right = levels[2*row*k.width+column+1]
	}
	if row+1 < k.height {
		below = levels[2*(row+1)*k.width+column]
	}
	return max(level, right, below), level != right || level != below
}

// newLossBands computes the band of every half-cell. Where lines between them
// would run into each other, there are fewer.
func newLossBands(key lossBandsKey, best float64) lossBands {
	logs := logLosses(key, best)
	t := divided(logs, key.bands)
	if key.lines {
		for bands := key.bands - 1; bands >= 2 && key.crowded(t.levels); bands-- {
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
	for row := range k.height {
		for column := range k.width {
			if _, ok := k.contour(levels, column, row); ok {
				lines++
			}
		}
	}
	return 3*lines > k.width*k.height && !k.bowl(levels)
}

// bowl reports whether the levels rise only once they have fallen, in every row
// and in every column.
func (k *lossBandsKey) bowl(levels []int) bool {
	for row := range k.height {
		if !valley(levels[2*row*k.width:], 1, k.width) {
			return false
		}
	}
	for column := range k.width {
		if !valley(levels[column:], 2*k.width, k.height) {
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
	theta := make([]float64, key.problem.Dim())
	if optima := key.problem.Optima(); len(optima) > 0 {
		copy(theta, optima[0].Theta)
	}
	width, height := key.width, 2*key.height
	logs := make([]float64, 0, width*height)
	for row := range height {
		for column := range width {
			x, y := (float64(column)+0.5)/float64(width), (float64(row)+0.5)/float64(height)
			theta[key.axes[0]] = key.window.X.Min + x*(key.window.X.Max-key.window.X.Min)
			theta[key.axes[1]] = key.window.Y.Max - y*(key.window.Y.Max-key.window.Y.Min)
			logs = append(logs, math.Log10(math.Max(key.problem.Loss(theta)-best, 0)))
		}
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
		return lossBands{levels: levels}
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
