package chart

import "math"

// Curve draws a curve whose points come in order of x. It gathers the points
// that share a column of dots and draws their envelope, so that its cost is that
// of the columns and an oscillation shows as two lines instead of a filled area.
type Curve struct {
	plot         *Plot
	upper, lower Way
	narrow       bool // the two are within a dot, and one stands for both
	y            func(float64) float64

	open      bool    // whether a column is under way
	x, end    float64 // of its first point; from where the next column begins
	low, high float64
}

// NewCurve returns a curve on s; y maps a value to its place on the axis.
func NewCurve(s *Series, y func(float64) float64) *Curve {
	way := NewWay(s, false)
	return &Curve{plot: s.plot, upper: *way, lower: *way, narrow: true, y: y}
}

// Add takes the next point, which stands for values from low to high.
func (c *Curve) Add(x, low, high float64) {
	if !(low <= high) { // a NaN
		return
	}
	if c.open && x >= c.x && x < c.end {
		c.low, c.high = min(c.low, low), max(c.high, high)
		return
	}
	c.Flush()
	column := math.Floor((x-c.plot.X.Min)*c.plot.across + 0.5)
	c.end = c.plot.X.Min + (column+0.5)/c.plot.across
	c.open, c.x, c.low, c.high = true, x, low, high
}

// Flush draws what was gathered. Call it after the last point.
func (c *Curve) Flush() {
	if !c.open {
		return
	}
	c.open = false
	low, high := c.y(c.low), c.y(c.high)
	narrow := (high-low)*c.plot.down < 0.5
	c.upper.Add(c.x, high, true)
	if narrow && c.narrow {
		c.lower = c.upper
	} else {
		c.lower.Add(c.x, low, true)
	}
	c.narrow = narrow
}
