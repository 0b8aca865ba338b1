package chart

import "math"

// Curve draws a curve whose points come in order of x. It gathers the points
// that share a column of dots and draws their envelope, so that its cost is that
// of the columns and an oscillation shows as two lines instead of a filled area.
type Curve struct {
	series *Series
	y      func(float64) float64

	drawn, open       bool    // whether a column was drawn; whether one is under way
	x, end            float64 // of the column's first point; from where the next column begins
	low, high         float64
	lastX             float64
	lastLow, lastHigh float64
}

// NewCurve returns a curve on s; y maps a value to its place on the axis.
func NewCurve(s *Series, y func(float64) float64) *Curve { return &Curve{series: s, y: y} }

// Add takes the next point, which stands for values from low to high.
func (c *Curve) Add(x, low, high float64) {
	if !(low <= high) { // a NaN
		return
	}
	if c.open && x >= c.x && x < c.end {
		c.low, c.high = min(c.low, low), max(c.high, high)
		return
	}
	plot := c.series.plot
	if plot.empty() {
		return
	}
	c.Flush()
	dots := float64(2*plot.Area.Width - 1)
	column := math.Floor((x-plot.X.Min)/(plot.X.Max-plot.X.Min)*dots + 0.5)
	c.end = plot.X.Min + (column+0.5)/dots*(plot.X.Max-plot.X.Min)
	c.open, c.x, c.low, c.high = true, x, low, high
}

// Flush draws what was gathered. Call it after the last point.
func (c *Curve) Flush() {
	if !c.open {
		return
	}
	c.open = false
	low, high := c.y(c.low), c.y(c.high)
	if !c.drawn {
		c.lastX, c.lastLow, c.lastHigh = c.x, low, high
		c.drawn = true
	}
	c.series.Line(c.lastX, c.lastHigh, c.x, high)
	if low != high || c.lastLow != c.lastHigh {
		c.series.Line(c.lastX, c.lastLow, c.x, low)
	}
	c.lastX, c.lastLow, c.lastHigh = c.x, low, high
}
