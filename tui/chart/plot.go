// Package chart draws curves and paths into a grid of cells. ntcharts lays out
// the axes and rasterises the lines as braille dots; the cells are painted here,
// many times faster than a lipgloss.Style for each.
//
// Diverging optimizers make values that no chart can take. Everything drawn
// passes one gate: not finite is not drawn, beyond ±1e12 is clipped.
package chart

import (
	"math"
	"math/bits"

	"github.com/NimbleMarkets/ntcharts/v2/canvas"
	"github.com/NimbleMarkets/ntcharts/v2/canvas/graph"

	"ravine/tui/screen"
)

// Range is an interval of data values along one axis.
type Range struct{ Min, Max float64 }

// gateLimit is the magnitude to which values are clipped.
const gateLimit = 1e12

// gate returns x as it may be drawn, and whether it may.
func gate(x float64) (float64, bool) {
	if math.IsNaN(x) {
		return 0, false
	}
	return math.Max(-gateLimit, math.Min(gateLimit, x)), true
}

// Plot is an area of the grid with data coordinates, x to the right, y up.
type Plot struct {
	Area   screen.Area
	X, Y   Range
	series []*Series
}

// NewPlot returns a plot of that area. One without cells, or without a range,
// draws nothing.
func NewPlot(area screen.Area, x, y Range) *Plot {
	return &Plot{Area: area, X: x, Y: y}
}

func (p *Plot) empty() bool {
	return p.Area.Empty() || !(p.X.Min < p.X.Max) || !(p.Y.Min < p.Y.Max)
}

// Cell returns the cell that shows the data point, and whether one does.
func (p *Plot) Cell(x, y float64) (column, row int, ok bool) {
	if p.empty() || !(x >= p.X.Min && x <= p.X.Max && y >= p.Y.Min && y <= p.Y.Max) {
		return 0, 0, false
	}
	// The same rounding as the braille dots', so that a marker sits on its line.
	dotX := math.Round((x - p.X.Min) / (p.X.Max - p.X.Min) * float64(2*p.Area.Width-1))
	dotY := math.Round((p.Y.Max - y) / (p.Y.Max - p.Y.Min) * float64(4*p.Area.Height-1))
	return p.Area.X + int(dotX)/2, p.Area.Y + int(dotY)/4, true
}

// Data returns the data point at the centre of a cell.
func (p *Plot) Data(column, row int) (x, y float64) {
	fx := (float64(column-p.Area.X) + 0.5) / float64(p.Area.Width)
	fy := (float64(row-p.Area.Y) + 0.5) / float64(p.Area.Height)
	return p.X.Min + fx*(p.X.Max-p.X.Min), p.Y.Max - fy*(p.Y.Max-p.Y.Min)
}

// Series is one curve or path of a plot, in one style.
type Series struct {
	plot     *Plot
	grid     *graph.BrailleGrid
	style    screen.Style
	priority int
}

// Series adds a series. Where several share a cell, the one of the highest
// priority has it; among equals, the one with the most dots there.
func (p *Plot) Series(style screen.Style, priority int) *Series {
	s := &Series{plot: p, style: style, priority: priority}
	if !p.empty() {
		s.grid = graph.NewBrailleGrid(p.Area.Width, p.Area.Height, p.X.Min, p.X.Max, p.Y.Min, p.Y.Max)
		p.series = append(p.series, s)
	}
	return s
}

// Dot sets the dot at a data point, if the plot shows it.
func (s *Series) Dot(x, y float64) {
	if s.grid == nil || !(x >= s.plot.X.Min && x <= s.plot.X.Max && y >= s.plot.Y.Min && y <= s.plot.Y.Max) {
		return
	}
	s.grid.Set(s.grid.GridPoint(canvas.Float64Point{X: x, Y: y}))
}

// Line draws the part of a straight line that the plot shows.
func (s *Series) Line(x1, y1, x2, y2 float64) {
	if s.grid == nil {
		return
	}
	var ok [4]bool
	x1, ok[0] = gate(x1)
	y1, ok[1] = gate(y1)
	x2, ok[2] = gate(x2)
	y2, ok[3] = gate(y2)
	if ok != [4]bool{true, true, true, true} {
		return
	}
	x1, y1, x2, y2, visible := clip(s.plot.X, s.plot.Y, x1, y1, x2, y2)
	if !visible {
		return
	}
	from := s.grid.GridPoint(canvas.Float64Point{X: x1, Y: y1})
	to := s.grid.GridPoint(canvas.Float64Point{X: x2, Y: y2})
	if from == to {
		s.grid.Set(from)
		return
	}
	for _, point := range graph.GetLinePoints(from, to) {
		s.grid.Set(point)
	}
}

// clip cuts a line to a box (Liang and Barsky 1984).
func clip(x, y Range, x1, y1, x2, y2 float64) (_, _, _, _ float64, visible bool) {
	dx, dy := x2-x1, y2-y1
	enter, leave := 0.0, 1.0
	for _, side := range [4][2]float64{{-dx, x1 - x.Min}, {dx, x.Max - x1}, {-dy, y1 - y.Min}, {dy, y.Max - y1}} {
		direction, distance := side[0], side[1]
		switch {
		case direction == 0 && distance < 0:
			return 0, 0, 0, 0, false
		case direction < 0:
			enter = math.Max(enter, distance/direction)
		case direction > 0:
			leave = math.Min(leave, distance/direction)
		}
	}
	if enter > leave {
		return 0, 0, 0, 0, false
	}
	return x1 + enter*dx, y1 + enter*dy, x1 + leave*dx, y1 + leave*dy, true
}

const emptyBraille = '\u2800'

// Paint puts the dots of all series into the cells, over the backgrounds that
// are there.
func (p *Plot) Paint(grid *screen.Grid) {
	patterns := make([][][]rune, len(p.series))
	for i, s := range p.series {
		patterns[i] = s.grid.BraillePatterns()
	}
	for row := range p.Area.Height {
		for column := range p.Area.Width {
			best, bestDots := -1, 0
			for i, s := range p.series {
				dots := bits.OnesCount32(uint32(patterns[i][row][column] - emptyBraille))
				if dots == 0 || best >= 0 && s.priority < p.series[best].priority {
					continue
				}
				if best < 0 || s.priority > p.series[best].priority || dots > bestDots {
					best, bestDots = i, dots
				}
			}
			if best >= 0 {
				x, y := p.Area.X+column, p.Area.Y+row
				style := p.series[best].style
				style.Background = grid.Cell(x, y).Style.Background
				grid.Set(x, y, patterns[best][row][column], style)
			}
		}
	}
}
