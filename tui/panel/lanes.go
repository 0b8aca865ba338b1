package panel

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"ravine/optim"
	"ravine/param"
	"ravine/race"
	"ravine/tui/screen"
)

// column is one column of the lanes' table.
type column struct {
	title string
	width int
	key   string // of the hyperparameter it shows, if it does
	rank  int    // columns of the highest ranks go first where room is short
	value func(s *State, i int) (string, screen.Style)
}

const nameWidth = 12

// laneColumns returns the columns, left to right.
func laneColumns(s *State) []column {
	var columns []column
	for _, h := range optim.Table() {
		if h.Width > 0 && (h.Key != optim.Batch || s.Lane().Samples()) { // else every batch is all there is
			columns = append(columns, column{cmp.Or(h.Symbol, h.Key), h.Width, h.Key, h.Rank, func(s *State, i int) (string, screen.Style) {
				return LaneValue(s.Race.Lanes()[i], h.Key), s.Theme.Text
			}})
		}
	}
	measured := func(title string, rank int, value func(*race.Lane) float64) column {
		return column{title, 9, "", rank, func(s *State, i int) (string, screen.Style) {
			return Number(value(s.Race.Lanes()[i])), s.Theme.Text
		}}
	}
	return append(columns,
		measured("loss", 0, (*race.Lane).Loss),
		measured("‖∇J‖", 5, (*race.Lane).GradientNorm),
		measured("distance", 6, func(l *race.Lane) float64 { return distance(s.Race.Problem(), l.Theta()) }),
		column{Pick(s.Race.ExamplesPerStep() > 0, "updates", "step"), 8, "", 2, func(s *State, i int) (string, screen.Style) {
			return strconv.Itoa(s.Race.Lanes()[i].Step()), s.Theme.Dim
		}},
		column{"status", 9, "", 1, laneStatus},
	)
}

// narrowColumns are laneColumns with γ and β₁ in one, since a rule has one or the
// other.
func narrowColumns(s *State) []column {
	columns := laneColumns(s)
	for i := range columns {
		switch c := &columns[i]; c.key {
		case optim.Eta:
			c.width = 7
		case optim.Gamma:
			c.title, c.rank = "γ or β₁", 0
			c.value = func(s *State, i int) (string, screen.Style) {
				lane := s.Race.Lanes()[i]
				return LaneValue(lane, Pick(canTune(lane, optim.Gamma), optim.Gamma, optim.Beta1)), s.Theme.Text
			}
		case optim.Beta2:
			c.rank = 0
		}
	}
	return slices.DeleteFunc(columns, func(c column) bool { return c.key == optim.Beta1 })
}

// tableColumns returns the columns that there is room for. Which ones depends on
// the problem and the width alone, so that they stay where they are while lanes
// are tuned, added and changed.
func tableColumns(s *State, width int) []column {
	separate, together := laneColumns(s), narrowColumns(s)
	columns, narrow := fitting(separate, width), fitting(together, width)
	if len(separate)-len(columns) > len(together)-len(narrow) {
		return narrow
	}
	return columns
}

// None stands for a value that a rule has not.
const None = "·"

// LaneValue writes a hyperparameter of a lane, or none.
func LaneValue(lane *race.Lane, key string) string {
	parameter, ok := param.Find(lane.Parameters(), key)
	if !ok {
		return None
	}
	hyper := lane.Hyper()
	return PrettyValue(parameter, hyper.Get(key))
}

func laneStatus(s *State, i int) (string, screen.Style) {
	if s.Lanes[i].Hidden {
		return "off", s.Theme.Dim
	}
	switch status := s.Race.Lanes()[i].Status(); {
	case status == race.Converged:
		return status.String(), s.Theme.Good
	case status == race.Diverged:
		return status.String(), s.Theme.Bad
	case status.IsElsewhere():
		return status.String(), s.Theme.Warn
	case s.Race.AtLimit():
		return "at limit", s.Theme.Dim
	default:
		if tooLarge(s.Race.Lanes()[i]) {
			return "η too big", s.Theme.Warn
		}
		return Pick(s.Running, status.String(), "paused"), s.Theme.Dim
	}
}

// ruleWidth is the room from which the selected lane's rule stands beside the table.
const ruleWidth = 34

// drawRule writes the selected lane's rule and, where there is room, what is
// known in advance of it.
func drawRule(grid *screen.Grid, area screen.Area, s *State) {
	lane := s.Lane()
	grid.Text(area.X, area.Y, area.Width, lane.Optimizer().Title, s.Theme.Title)
	lines, width := lane.Rule(), 0
	if len(lines) >= area.Height { // that β₁ᵗ is a power goes without saying
		lines = slices.DeleteFunc(lines, func(line optim.Line) bool { return optim.IsPower(line.Symbol) })
	}
	for n, line := range lines {
		if n+1 < area.Height {
			used := grid.Text(area.X, area.Y+1+n, area.Width, line.Symbol+" ← "+line.Formula, s.Theme.Dim)
			width = max(width, used)
		}
	}
	theory, _ := area.SplitRight(area.Width - width - 3)
	drawTheory(grid, theory, s)
}

// ColumnAt returns the hyperparameter of the table's column at x, if it has one.
func ColumnAt(s *State, area screen.Area, x int) string {
	column := area.X + 3 + nameWidth
	for _, c := range tableColumns(s, area.Width) {
		if x >= column && x < column+c.width {
			return c.key
		}
		column += c.width + 1
	}
	return ""
}

func tableWidth(columns []column) int {
	width := 4 + nameWidth
	for _, c := range columns {
		width += c.width + 1
	}
	return width
}

// fitting returns the columns that fit into width, dropping the least important.
func fitting(columns []column, width int) []column {
	for {
		worst := 0
		for i, c := range columns {
			if c.rank >= columns[worst].rank {
				worst = i
			}
		}
		if tableWidth(columns) <= width || len(columns) == 1 {
			return columns
		}
		columns = append(columns[:worst:worst], columns[worst+1:]...)
	}
}

// drawLanes draws the table: a header, and a row a lane.
func drawLanes(grid *screen.Grid, area screen.Area, s *State) {
	if area.Height < 2 {
		return
	}
	columns, rule := tableColumns(s, area.Width), screen.Area{}
	if used := tableWidth(columns); area.Width-used > ruleWidth {
		rule, _ = area.SplitRight(area.Width - used - 3)
		area.Width = used
	}
	drawRule(grid, rule, s)
	x := area.X + 3 + nameWidth
	grid.Text(area.X+3, area.Y, nameWidth, lanesTitle(len(s.Lanes), area.Height-1, s.Selected), s.Theme.Dim)
	for _, c := range columns {
		grid.TextRight(x, area.Y, c.width, c.title, s.Theme.Dim)
		x += c.width + 1
	}
	first := FirstRow(len(s.Lanes), area.Height-1, s.Selected)
	for row := range min(len(s.Lanes)-first, area.Height-1) {
		drawLane(grid, screen.Area{X: area.X, Y: area.Y + 1 + row, Width: area.Width, Height: 1}, columns, s, first+row)
	}
}

// lanesTitle says which of the lanes are in sight, if not all are.
func lanesTitle(rows, room, selected int) string {
	if rows <= room {
		return "lane"
	}
	first := FirstRow(rows, room, selected)
	if room == 1 {
		return fmt.Sprintf("%d of %d", first+1, rows)
	}
	return fmt.Sprintf("%d–%d of %d", first+1, first+room, rows)
}

// FirstRow returns the row to begin with so that the selected one is in sight.
func FirstRow(rows, room, selected int) int {
	return min(max(0, selected-room/2), max(0, rows-room))
}

func drawLane(grid *screen.Grid, area screen.Area, columns []column, s *State, i int) {
	var base screen.Style
	if i == s.Selected {
		base = s.Theme.Selected
		grid.Fill(area, ' ', base)
		grid.Text(area.X, area.Y, 1, "▌", s.Theme.Key.Over(base))
	}
	look := s.LaneStyle(i)
	name := s.Theme.Text
	if i == s.Selected {
		name.Attributes |= screen.Bold
	}
	if s.Lanes[i].Hidden {
		name = s.Theme.Dim
	}
	lane := s.Race.Lanes()[i]
	grid.Text(area.X+1, area.Y, 1, string(look.Marker), screen.Style{Foreground: look.Color, Attributes: screen.Bold}.Over(base))
	title := lane.Optimizer().Title
	if twin, ok := s.Race.Twin(i); ok && screen.Width(title)+2 <= nameWidth { // one hides the other
		title += Pick(screen.Width(title)+3 <= nameWidth, " ", "") + "=" + string(s.LaneStyle(twin).Marker)
	}
	grid.Text(area.X+3, area.Y, nameWidth, title, name.Over(base))
	x := area.X + 3 + nameWidth
	for _, c := range columns {
		text, style := c.value(s, i)
		switch {
		case i == s.Selected: // other colours, and faint ones, need not stand out from its background
			style = s.Theme.Text
		case s.Lanes[i].Hidden:
			style = s.Theme.Dim
		}
		style = style.Over(base)
		if c.key != "" && (s.Flash.shows(i, c.key, s.Now) || s.types(i, c.key)) {
			style = s.Theme.Changed
		}
		grid.TextRight(x, area.Y, c.width, text, style)
		x += c.width + 1
	}
}
