package panel

import (
	"math"
	"slices"

	"ravine/race"
	"ravine/tui/chart"
)

// Nearest returns the lane whose curve is in a cell or beside it, and its point that
// is nearest to the cell. Of several, it is the one whose colour is seen there, or
// the one that fills the fewest rows.
func (d *drawing) Nearest(column, row int) (lane int, at race.Point, ok bool) {
	const beside = 1 // rows
	shown := d.Grid.Cell(column, row)
	best := [3]int{1, beside, math.MaxInt}
	for _, k := range d.state.DrawingOrder() {
		crossing := d.across(k, column, row)
		if crossing.low > crossing.high {
			continue
		}
		hidden := Pick(isBraille(shown.Rune) && shown.Style.Foreground == d.state.Dots(k).Foreground, 0, 1)
		rank := [3]int{hidden, max(0, crossing.low-row, row-crossing.high), crossing.high - crossing.low}
		if rank[1] <= beside && slices.Compare(rank[:], best[:]) <= 0 {
			lane, at, ok, best = k, crossing.point, true, rank
		}
	}
	return lane, at, ok
}

// isBraille reports whether r has dots of a curve or path.
func isBraille(r rune) bool { return r > 0x2800 && r < 0x2900 }

// crossing is the rows that a curve takes in one column.
type crossing struct {
	low, high int // none where low is above high
	point     race.Point
	away      int // cells from the point to the one asked for
}

func (c *crossing) add(row int) { c.low, c.high = min(c.low, row), max(c.high, row) }

// across follows lane k's curve through a column.
func (d *drawing) across(k, column, row int) crossing {
	found := crossing{low: math.MaxInt, high: math.MinInt, away: math.MaxInt}
	lastColumn, lastRow := math.MinInt, 0
	for _, point := range d.state.Race.Lanes()[k].History().Points() {
		x, top := d.cell(point, point.Max)
		_, bottom := d.cell(point, point.Min)
		_, middle := d.cell(point, point.Loss)
		if x == column {
			found.add(top)
			found.add(bottom)
		} else if lastColumn < column && column < x && lastColumn != math.MinInt {
			found.add(lastRow + (middle-lastRow)*(column-lastColumn)/(x-lastColumn))
		}
		if away := max(abs(x-column), abs(middle-row)); away < found.away {
			found.point, found.away = point, away
		}
		lastColumn, lastRow = x, middle
	}
	return found
}

// cell returns the cell of a point's loss, at the edge where the plot does not show it.
func (d *drawing) cell(point race.Point, loss float64) (column, row int) {
	within := func(x float64, r chart.Range) float64 { return min(max(x, r.Min), r.Max) }
	column, row, _ = d.Plot.Cell(within(d.along(point), d.Plot.X), within(d.above(loss), d.Plot.Y))
	return column, row
}
