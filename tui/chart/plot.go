// Package chart draws curves and paths into a grid of cells. ntcharts lays out
// axes and labels; the dots are set and the cells painted here, which for ten
// curves is more than ten times faster than ntcharts' grid a curve, slice a line
// and lipgloss.Style a cell.
//
// Diverging optimizers make values that no chart can take. Everything drawn
// passes one gate: non-finite values are not drawn, those beyond ±1e12 are clipped.
package chart

import (
	"math"
	"math/bits"

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

	right, bottom float64 // the last column and row of dots
	across, down  float64 // dots per unit
}

// NewPlot returns a plot of that area. One without cells, or without a range,
// draws nothing.
func NewPlot(area screen.Area, x, y Range) *Plot {
	right, bottom := float64(2*area.Width-1), float64(4*area.Height-1)
	return &Plot{
		Area: area, X: x, Y: y,
		right: right, bottom: bottom,
		across: right / (x.Max - x.Min), down: bottom / (y.Max - y.Min),
	}
}

func (p *Plot) empty() bool {
	return p.Area.Empty() || !p.X.drawable() || !p.Y.drawable()
}

func (r Range) drawable() bool {
	const smallest = 1e-300 // below, the dots per unit would be infinite
	size := r.Max - r.Min
	return size > smallest && !math.IsInf(size, 0)
}

// Cell returns the cell that shows the data point, and whether one does.
func (p *Plot) Cell(x, y float64) (column, row int, ok bool) {
	if p.empty() || !p.shows(x, y) {
		return 0, 0, false
	}
	// The same rounding as the braille dots', so that a marker sits on its line.
	column, row = p.dot(x, y)
	return p.Area.X + column/2, p.Area.Y + row/4, true
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
	dots     []uint8 // a braille pattern a cell, row by row; nil if nothing can be drawn
	style    screen.Style
	priority int
}

// Series adds a series. Where several share a cell, the one of the highest
// priority has it; among equals, the one with the most dots there.
func (p *Plot) Series(style screen.Style, priority int) *Series {
	s := &Series{plot: p, style: style, priority: priority}
	if !p.empty() {
		s.dots = make([]uint8, p.Area.Width*p.Area.Height)
		p.series = append(p.series, s)
	}
	return s
}

// dot returns the place of a data point among the dots, 2×4 a cell. Rounding
// may put a clipped point a hair outside of the plot: it counts as on its side.
func (p *Plot) dot(x, y float64) (column, row int) {
	across := (x - p.X.Min) * p.across
	down := (p.Y.Max - y) * p.down
	return int(min(max(across, 0), p.right) + 0.5), int(min(max(down, 0), p.bottom) + 0.5)
}

// brailleBits are a cell's dots in the order of Unicode's braille patterns.
var brailleBits = [4][2]uint8{{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}}

func (s *Series) set(column, row int) {
	s.dots[row/4*s.plot.Area.Width+column/2] |= brailleBits[row%4][column%2]
}

// shows reports whether the plot shows a data point.
func (p *Plot) shows(x, y float64) bool {
	return x >= p.X.Min && x <= p.X.Max && y >= p.Y.Min && y <= p.Y.Max
}

// beside reports whether both points are off the plot on the same side of it.
func (p *Plot) beside(x1, y1, x2, y2 float64) bool {
	return max(x1, x2) < p.X.Min || min(x1, x2) > p.X.Max || max(y1, y2) < p.Y.Min || min(y1, y2) > p.Y.Max
}

// Dot sets the dot at a data point, if the plot shows it.
func (s *Series) Dot(x, y float64) {
	if s.dots != nil && s.plot.shows(x, y) {
		s.set(s.plot.dot(x, y))
	}
}

// Line draws the part of a straight line that the plot shows.
func (s *Series) Line(x1, y1, x2, y2 float64) {
	if s.dots == nil {
		return
	}
	if s.plot.beside(x1, y1, x2, y2) {
		return
	}
	if !s.plot.shows(x1, y1) || !s.plot.shows(x2, y2) {
		var ok [4]bool
		x1, ok[0] = gate(x1)
		y1, ok[1] = gate(y1)
		x2, ok[2] = gate(x2)
		y2, ok[3] = gate(y2)
		if ok != [4]bool{true, true, true, true} {
			return
		}
		var visible bool
		if x1, y1, x2, y2, visible = clip(s.plot.X, s.plot.Y, x1, y1, x2, y2); !visible {
			return
		}
	}
	column, row := s.plot.dot(x1, y1)
	toColumn, toRow := s.plot.dot(x2, y2)
	s.join(column, row, toColumn, toRow)
}

// join sets the dots from one to another (Bresenham 1965).
func (s *Series) join(x, y, toX, toY int) {
	dx, dy := toX-x, toY-y
	stepX, stepY := 1, 1
	if dx < 0 {
		dx, stepX = -dx, -1
	}
	if dy < 0 {
		dy, stepY = -dy, -1
	}
	if dy > 2*dx {
		s.joinSteep(x, y, toX, toY)
		return
	}
	rest := dx - dy
	for {
		s.set(x, y)
		if x == toX && y == toY {
			return
		}
		twice := 2 * rest
		if twice > -dy {
			rest -= dy
			x += stepX
		}
		if twice < dx {
			rest += dx
			y += stepY
		}
	}
}

// joinSteep sets the dots from one to another column by column. The lines of a
// loss that oscillates are nearly vertical, and a cell takes four dots at once.
func (s *Series) joinSteep(x, y, toX, toY int) {
	if x > toX {
		x, y, toX, toY = toX, toY, x, y
	}
	dx, dy := toX-x, toY-y
	from := y
	for i := range dx {
		to := y + (2*i+1)*dy/(2*dx) // where the line is half a column further
		s.verticalLine(x+i, from, to, allDots)
		from = to
	}
	s.verticalLine(toX, from, toY, allDots)
}

// Of a cell's dots, for either column, those from a row down and those down to it.
var (
	brailleFrom = [4][2]uint8{{0x47, 0xb8}, {0x46, 0xb0}, {0x44, 0xa0}, {0x40, 0x80}}
	brailleTo   = [4][2]uint8{{0x01, 0x08}, {0x03, 0x18}, {0x07, 0x38}, {0x47, 0xb8}}
)

// The dots of a cell, and those that a shade has.
const allDots, shadeDots = 0xff, 0x01 | 0x04 | 0x10 | 0x80

// fill shades what the plot shows of a column, from low to high on the y axis and
// without the dots there.
func (s *Series) fill(x, low, high float64) {
	if s.dots == nil || !(x >= s.plot.X.Min && x <= s.plot.X.Max && low < high && high > s.plot.Y.Min && low < s.plot.Y.Max) {
		return
	}
	column, from := s.plot.dot(x, high)
	if _, to := s.plot.dot(x, low); to-from > 1 {
		s.verticalLine(column, from, to, shadeDots)
	}
}

// verticalLine sets the dots of one column from a row to another, as far as a cell's
// mask has them.
func (s *Series) verticalLine(column, from, to int, mask uint8) {
	if from > to {
		from, to = to, from
	}
	side := column % 2
	for row := from; row <= to; row = row/4*4 + 4 {
		pattern := brailleFrom[row%4][side] & mask
		if row/4 == to/4 {
			pattern &= brailleTo[to%4][side]
		}
		s.dots[row/4*s.plot.Area.Width+column/2] |= pattern
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
			enter = max(enter, distance/direction)
		case direction > 0:
			leave = min(leave, distance/direction)
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
	for row := range p.Area.Height {
		for column := range p.Area.Width {
			var best *Series
			var pattern uint8
			for _, s := range p.series {
				dots := s.dots[row*p.Area.Width+column]
				if dots == 0 || best != nil && s.priority < best.priority {
					continue
				}
				if best == nil || s.priority > best.priority || bits.OnesCount8(dots) > bits.OnesCount8(pattern) {
					best, pattern = s, dots
				}
			}
			if best != nil {
				x, y := p.Area.X+column, p.Area.Y+row
				style := best.style
				style.Background = grid.Cell(x, y).Style.Background
				grid.Set(x, y, emptyBraille+rune(pattern), style)
			}
		}
	}
}
