package chart

import (
	"math"

	"ravine/tui/screen"
)

// Curve draws a curve whose points come in order of x. It gathers the points
// that share a column of dots, so that its cost is that of the columns, and draws
// their median. Their range is shaded, so that noise and oscillations
// show as one curve, and no extreme is lost.
type Curve struct {
	// Each, if not nil, is called with every point that the line goes to.
	Each func(x, y float64)

	line  *Series
	way   *Path
	shade *Series // nil until there is one
	faint screen.Style
	trace bool // dots alone
	y     func(float64) float64

	open      bool    // whether a column is being gathered
	x, end    float64 // of its first point; from where the next column begins
	low, high float64
	values    []float64

	last, before column // the last two columns; the last one's shade is not drawn yet
}

// column is what was gathered of one, as places on the y axis.
type column struct {
	x, low, middle, high float64
	drawn                bool
}

// ShadePriority is that of shades, below every line.
const ShadePriority = 0

// usualValues is how many points share a column, seldom more.
const usualValues = 32

// NewCurve returns a curve of a line, and of a shade in a style of its own; y maps
// a value to its place on the axis.
func NewCurve(line *Series, shade screen.Style, y func(float64) float64) *Curve {
	return &Curve{line: line, way: NewPath(line, false), faint: shade, y: y, values: make([]float64, 0, usualValues)}
}

// NewTrace returns a curve of dots that are not joined, without a shade.
func NewTrace(s *Series, y func(float64) float64) *Curve {
	return &Curve{line: s, way: NewPath(s, false), trace: true, y: y}
}

// Add adds the next point: a value, and the lowest and highest of those that it
// represents.
func (c *Curve) Add(x, value, low, high float64) {
	if !(low <= value && value <= high) { // a NaN
		return
	}
	if c.open && x >= c.x && x < c.end {
		c.low, c.high = min(c.low, low), max(c.high, high)
		c.values = append(c.values, value)
		return
	}
	c.draw()
	plot := c.line.plot
	across := math.Floor((x-plot.X.Min)*plot.across + 0.5)
	c.end = plot.X.Min + (across+0.5)/plot.across
	c.open, c.x, c.low, c.high = true, x, low, high
	c.values = append(c.values[:0], value)
}

// Flush draws what was gathered. Call it after the last point.
func (c *Curve) Flush() {
	if c.open {
		c.draw()
		c.drawShade(c.last.middle)
	}
	c.open = false
}

// End returns where on the y axis the line ends, NaN if there is none.
func (c *Curve) End() float64 {
	if !c.last.drawn {
		return math.NaN()
	}
	return c.last.middle
}

// draw draws the column being gathered, and the shade of the one before.
func (c *Curve) draw() {
	if !c.open {
		return
	}
	now := column{c.x, c.y(c.low), 0, c.y(c.high), true}
	now.middle = now.high
	if (now.high-now.low)*c.line.plot.down > 0.5 { // of a dot
		now.middle = c.y(median(c.values))
	}
	if !c.last.drawn {
		c.last = now
	}
	c.drawShade(now.middle)
	c.before, c.last = c.last, now
	c.way.Add(now.x, now.middle, !c.trace)
	if c.Each != nil {
		c.Each(now.x, now.middle)
	}
}

// drawShade draws what the last column reaches beyond the line there, which comes
// from the column before and goes on to next.
func (c *Curve) drawShade(next float64) {
	if c.trace {
		return
	}
	middle, before := c.last.middle, c.before.middle
	if !c.before.drawn {
		before = middle
	}
	c.fill(c.last.low, min(middle, before, next))
	c.fill(max(middle, before, next), c.last.high)
}

// fill shades the last column from low to high, if that is more than a dot.
func (c *Curve) fill(low, high float64) {
	plot := c.line.plot
	if !((high-low)*plot.down > 1) || plot.empty() {
		return
	}
	if c.shade == nil {
		c.shade = plot.Series(c.faint, ShadePriority)
	}
	c.shade.fill(c.last.x, low, high)
}

// median returns the median of values, whose order it changes (Hoare 1961,
// Algorithm 65). Sorting them would be a tenth of a frame's cost.
func median(values []float64) float64 {
	middle := len(values) / 2
	for left, right := 0, len(values)-1; left < right; {
		pivot := values[middle]
		i, j := left, right
		for i <= j {
			for values[i] < pivot {
				i++
			}
			for pivot < values[j] {
				j--
			}
			if i <= j {
				values[i], values[j] = values[j], values[i]
				i++
				j--
			}
		}
		if j < middle {
			left = i
		}
		if middle < i {
			right = j
		}
	}
	return values[middle]
}
