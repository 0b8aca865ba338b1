package panel

import (
	"fmt"
	"math"

	"github.com/charmbracelet/x/ansi"

	"ravine/race"
	"ravine/tui/chart"
	"ravine/tui/screen"
)

// Surface draws the loss as coloured bands over two parameters, and the race on
// it. The others stay at the best optimum, so for more than two parameters it is
// a slice.
type Surface struct {
	Key   lossBandsKey
	Bands lossBands
	Plot  *chart.Plot

	Factor float64 // how much the arrows drawn last were enlarged, 0 for none
}

// twoNotes is the height from which there is room for the legend of the arrows and
// for what is beside the slice.
const twoNotes = 12

const (
	startMark   = '+'
	optimumMark = '×'
)

func (v *Surface) draw(grid *screen.Grid, area screen.Area, s *State) {
	title := v.title(s, area.Width)
	inside := s.boxed(grid, area, title)
	v.Plot = chart.NewPlot(inside, s.Window.X, s.Window.Y)
	if inside.Empty() {
		return
	}
	v.drawLossBands(grid, s)
	v.drawRange(grid, area, title, s)
	order := s.DrawingOrder()
	for rank, k := range order {
		line := chart.NewPath(v.Plot.Series(s.Dots(k), rank/max(1, len(order)-1)), true)
		if lane := s.Race.Lanes()[k]; lane.Hyper().Batch == 0 {
			v.drawPath(line, lane.History(), s.Axes)
		} else {
			v.drawNoisyPath(line, v.Plot.Series(s.Faint(k), -1), lane.History(), s.Axes)
		}
	}
	var next arrows
	switch s.NextStep {
	case StepCompared: // which it was not drawn as
		_, next.None = s.Compared()
	case StepShown:
		next = newArrows(s, v.Plot, s.Selected)
		next.Factor = commonFactor(s, v.Plot, v.Factor)
		next.lines()
	}
	v.Factor = next.Factor
	v.Plot.Paint(grid)
	if s.Theme.Colorless {
		for _, k := range order {
			v.markPath(grid, s, k)
		}
	}
	v.mark(grid, s.Race.Start(), s, startMark, s.Theme.Start)
	for _, optimum := range s.Race.Problem().Optima() {
		v.mark(grid, optimum.Theta, s, optimumMark, s.Theme.Optimum)
	}
	for _, k := range order {
		v.mark(grid, s.Race.Lanes()[k].Theta(), s, s.LaneStyle(k).Marker, s.mark(k))
	}
	beside := inside.Y + inside.Height - 1
	if s.NextStep == StepShown || next.None != "" {
		next.heads(grid, s)
		next.legend(grid, inside, s)
		beside = inside.Y
	}
	if beside > inside.Y || inside.Height >= twoNotes {
		s.drawBeside(grid, inside, beside)
	}
}

// drawPath draws a lane's points, from the newest back to the start. Lines join
// successive steps: where the history has kept fewer, the path between is not known.
func (v *Surface) drawPath(path *chart.Path, history *race.History, axes [2]int) {
	later := math.MinInt
	for n := history.Len() - 1; n >= 0; n-- {
		theta, step := history.Theta(n), history.Point(n).Step
		path.Add(theta[axes[0]], theta[axes[1]], step == later-1)
		later = step
	}
}

// drawNoisyPath draws the path of a lane that takes batches. Where the history has
// kept fewer points than steps, that is their running mean, which ends at the
// lane's marker, and the points are a shade of it.
func (v *Surface) drawNoisyPath(path *chart.Path, shade *chart.Series, history *race.History, axes [2]int) {
	const around = 12 // points on either side that a mean is of
	last := history.Len() - 1
	whole := last // every step until this point was kept
	for n := range last {
		if history.Point(n+1).Step > history.Point(n).Step+1 {
			whole = n
			break
		}
	}
	for n := last; n >= 0; n-- {
		theta := history.Theta(n)
		x, y := theta[axes[0]], theta[axes[1]]
		if r := min(around, last-n, n-whole); r > 0 {
			shade.Dot(x, y)
			x, y = 0, 0
			for m := n - r; m <= n+r; m++ {
				x += history.Theta(m)[axes[0]] / float64(2*r+1)
				y += history.Theta(m)[axes[1]] / float64(2*r+1)
			}
		}
		path.Add(x, y, true)
	}
}

// markPath puts a lane's marker on its path a few times.
func (v *Surface) markPath(grid *screen.Grid, s *State, k int) {
	const apart = 12 // cells
	history := s.Race.Lanes()[k].History()
	lastColumn, lastRow := math.MinInt/2, 0
	for n := range history.Len() {
		theta := history.Theta(n)
		column, row, ok := v.Plot.Cell(theta[s.Axes[0]], theta[s.Axes[1]])
		if ok && max(abs(column-lastColumn), 2*abs(row-lastRow)) >= apart {
			grid.Set(column, row, s.LaneStyle(k).Marker, s.mark(k))
			lastColumn, lastRow = column, row
		}
	}
}

func abs(n int) int { return max(n, -n) }

// title names what is shown: the loss and, where there is room beside the range,
// that it is a slice.
func (v *Surface) title(s *State, width int) string {
	x, y := s.axisNames()
	title := fmt.Sprintf("%s over %s, %s", s.lossName(), x, y)
	slice := title + " · others at the optimum"
	if s.Race.Problem().Dim() > 2 && screen.Width(slice)+screen.Width(v.verticalLine(s))+titleRoom <= width {
		return slice
	}
	if width < surfaceBeside && screen.Width(title)+titleRoom > width {
		return s.lossName()
	}
	return title
}

// titleRoom is what a border has besides its texts.
const titleRoom = 6

// verticalLine names the axis that goes up, with its ends.
func (v *Surface) verticalLine(s *State) string {
	_, y := s.axisNames()
	return " " + y + " ↑ " + tick(s.Window.Y.Min) + " … " + tick(s.Window.Y.Max) + " "
}

// axisNames returns the names of the surface's two parameters, which may be those
// of a file's columns, as far as there is room for them.
func (s *State) axisNames() (x, y string) {
	const longest = 14
	names := s.Race.Problem().Names()
	return ansi.Truncate(names[s.Axes[0]], longest, "…"), ansi.Truncate(names[s.Axes[1]], longest, "…")
}

// drawRange writes the window's ends and the axes' names into the border, beside
// the title.
func (v *Surface) drawRange(grid *screen.Grid, area screen.Area, title string, s *State) {
	x, _ := s.axisNames()
	bottom := area.Y + area.Height - 1
	low, high := " "+tick(s.Window.X.Min)+" ", " "+tick(s.Window.X.Max)+" "
	name := " " + ansi.Truncate(x, area.Width/3-4, "…") + " → "
	grid.Text(area.X+2, bottom, area.Width/3, low, s.Theme.Dim)
	grid.TextRight(area.X+area.Width-2-area.Width/3, bottom, area.Width/3, high, s.Theme.Dim)
	grid.Text(area.X+(area.Width-screen.Width(name))/2, bottom, area.Width/3, name, s.Theme.Dim)
	up := v.verticalLine(s)
	room := area.Width - screen.Width(title) - titleRoom
	if screen.Width(up) > room {
		up = " " + tick(s.Window.Y.Min) + " … " + tick(s.Window.Y.Max) + " "
	}
	if screen.Width(up) > room {
		return
	}
	grid.TextRight(area.X+2, area.Y, area.Width-4, up, s.Theme.Dim)
	v.drawKey(grid, area.X+area.Width-2-screen.Width(up), area.Y, room-screen.Width(up), s)
}

// drawKey writes what the ramp's ends stand for, as far as there are a ramp and
// that much room to the left of a column.
func (v *Surface) drawKey(grid *screen.Grid, end, y, room int, s *State) {
	bands := s.Theme.Bands
	if len(bands) != s.Theme.Levels() || v.Bands.low >= v.Bands.high {
		return
	}
	low, high := " "+tick(math.Pow(10, v.Bands.low))+" ", " "+tick(math.Pow(10, v.Bands.high))+" "
	width := screen.Width(low) + (len(bands)+1)/2 + screen.Width(high)
	const gap = 2
	if width+gap > room {
		return
	}
	x := end - gap - width
	x += grid.Text(x, y, screen.Width(low), low, s.Theme.Dim)
	for n := 0; n < len(bands); n += 2 {
		grid.Set(x, y, '▌', screen.Style{Foreground: bands[n], Background: bands[min(n+1, len(bands)-1)]})
		x++
	}
	grid.Text(x, y, screen.Width(high), high, s.Theme.Dim)
}

// mark draws a rune at θ; where a lane's θ is out of sight, a sign at the edge.
func (v *Surface) mark(grid *screen.Grid, theta []float64, s *State, mark rune, style screen.Style) {
	x, y := theta[s.Axes[0]], theta[s.Axes[1]]
	if column, row, ok := v.Plot.Cell(x, y); ok {
		background := grid.Cell(column, row).Style.Background
		if mark != startMark && mark != optimumMark {
			style.Background = background
		}
		grid.Set(column, row, mark, style.Over(screen.Style{Background: background}))
		return
	}
	if mark == startMark || mark == optimumMark {
		return
	}
	v.markOutside(grid, s, x, y, mark, style)
}

// markOutside draws, at the edge of the panel, an arrow to where a lane has gone
// and the lane's marker behind it.
func (v *Surface) markOutside(grid *screen.Grid, s *State, x, y float64, mark rune, style screen.Style) {
	edgeX := math.Max(s.Window.X.Min, math.Min(s.Window.X.Max, x))
	edgeY := math.Max(s.Window.Y.Min, math.Min(s.Window.Y.Max, y))
	column, row, ok := v.Plot.Cell(edgeX, edgeY)
	if !ok {
		return
	}
	dx, dy := sign(x-edgeX), sign(y-edgeY)
	set := func(column, row int, r rune) {
		style.Background = grid.Cell(column, row).Style.Background
		grid.Set(column, row, r, style)
	}
	set(column, row, arrowHead(float64(dx), float64(dy)))
	if dx == 0 {
		set(column, row+dy, mark)
	} else {
		set(column-dx, row, mark)
	}
}

func sign(x float64) int {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return 0
}
