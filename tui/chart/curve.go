package chart

import "math"

// Curve draws a curve whose points come in order of x. It gathers the points
// that share a column of dots and draws their envelope, so that its cost is that
// of the columns and an oscillation shows as two lines instead of a filled area.
type Curve struct {
	series *Series
	y      func(float64) float64

	drawn, open       bool // whether a column was drawn; whether one is under way
	column            int
	x, low, high      float64
	lastX             float64
	lastLow, lastHigh float64
}

// NewCurve returns a curve on s; y maps a value to its place on the axis.
func NewCurve(s *Series, y func(float64) float64) *Curve { return &Curve{series: s, y: y} }

// Add takes the next point, which stands for values from low to high.
func (c *Curve) Add(x, low, high float64) {
	plot := c.series.plot
	if plot.empty() || math.IsNaN(low) || math.IsNaN(high) {
		return
	}
	column := int(math.Round((x - plot.X.Min) / (plot.X.Max - plot.X.Min) * float64(2*plot.Area.Width-1)))
	if c.open && column == c.column {
		c.low, c.high = math.Min(c.low, low), math.Max(c.high, high)
		return
	}
	c.Flush()
	c.open, c.column, c.x, c.low, c.high = true, column, x, low, high
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
