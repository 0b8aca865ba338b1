package panel

import (
	"cmp"
	"slices"

	"ravine/race"
	"ravine/tui/chart"
	"ravine/tui/screen"
)

// ends are the markers at the ends of curves, and the lanes' names beside them.
type ends struct {
	plot   *chart.Plot
	list   []end // in the order in which they were placed
	labels []label
}

// label is where something says which lane a curve is.
type label struct{ lane, column, row, width int }

// write writes what says that a curve is a lane's, and returns its columns.
func (e *ends) write(grid *screen.Grid, lane, column, row int, text string, style screen.Style) int {
	width := screen.Width(text)
	e.labels = append(e.labels, label{lane, column, row, width})
	return grid.Text(column, row, width, text, style)
}

// At returns the lane whose marker or name is in a cell.
func (e *ends) At(column, row int) (lane int, ok bool) {
	for _, s := range e.labels {
		if s.row == row && column >= s.column && column < s.column+s.width {
			return s.lane, true
		}
	}
	return 0, false
}

// end is the cell of a lane's marker.
type end struct{ lane, column, row int }

// What stands beyond the marker of a lane whose curve has left through the top,
// or through the bottom as one does whose loss is the optimum's.
const leftMark, sunkMark = '↑', '↓'

// free returns the first free column from that one on, as far as the plot goes:
// markers of curves that end together stand side by side.
func (e *ends) free(column, row int) (free int, ok bool) {
	for e.marks(column, row) {
		column++
	}
	return column, column < e.plot.Area.X+e.plot.Area.Width
}

// marks reports whether there is a marker in a cell.
func (e *ends) marks(column, row int) bool {
	return slices.ContainsFunc(e.list, func(end end) bool { return end.column == column && end.row == row })
}

// mark puts a lane's marker where its curve ends or, with a sign, where it has
// left the panel.
func (e *ends) mark(grid *screen.Grid, s *State, lane int, x, y float64) {
	left, sunk := y > e.plot.Y.Max, y < e.plot.Y.Min
	column, row, ok := e.plot.Cell(min(x, e.plot.X.Max), min(max(y, e.plot.Y.Min), e.plot.Y.Max))
	if !ok {
		return
	}
	sign, at := ' ', row
	switch {
	case left:
		sign, row = leftMark, row+1
	case sunk:
		sign, row = sunkMark, row-1
	}
	if column, ok = e.free(column, row); !ok {
		return
	}
	if sign != ' ' {
		e.write(grid, lane, column, at, string(sign), s.mark(lane))
	}
	e.write(grid, lane, column, row, string(s.LaneStyle(lane).Marker), s.mark(lane))
	e.list = append(e.list, end{lane, column, row})
}

// name writes the lanes' names beside their markers: in their own rows where those
// are free, the selected lane's first, and then in rows nearby.
func (e *ends) name(grid *screen.Grid, s *State) {
	selected := e.list[:min(1, len(e.list))] // placed first
	rest := slices.Clone(e.list[len(selected):])
	slices.SortFunc(rest, func(a, b end) int { return cmp.Or(cmp.Compare(a.row, b.row), cmp.Compare(a.column, b.column)) })
	unnamed := append(slices.Clone(selected), rest...)
	for _, rows := range [][]int{{0}, {1, -1, 2, -2}} {
		unnamed = slices.DeleteFunc(unnamed, func(end end) bool {
			return e.nameEnd(grid, s, end, " "+s.nameInFull(end.lane), rows) ||
				e.nameEnd(grid, s, end, " "+s.Title(end.lane), rows)
		})
	}
}

// nameEnd writes a lane's name after its marker and those beside it or, at the
// plot's right edge, before it, in the first of the rows down from it that is free.
// It reports whether one is.
func (e *ends) nameEnd(grid *screen.Grid, s *State, end end, name string, rows []int) bool {
	after := end.column + 1
	for e.marks(after, end.row) {
		after++
	}
	area := e.plot.Area
	for _, left := range []bool{false, true} {
		for _, down := range rows {
			text := name
			if s.Theme.Colorless && down != 0 {
				text = " " + string(s.LaneStyle(end.lane).Marker) + name
			}
			width := screen.Width(text)
			column := Pick(left, after-width, after)
			apart := min(width+1, area.X+area.Width-column) // from what stands behind it
			if isFree(grid, area, column, end.row+down, max(width, apart)) {
				e.write(grid, end.lane, column, end.row+down, text, s.Dots(end.lane))
				return true
			}
		}
	}
	return false
}

// Title returns what lane i's rule is called.
func (s *State) Title(i int) string { return s.Race.Lanes()[i].Optimizer().Title }

// nameInFull returns a lane's title and, beside others of its rule, the first of
// its values that differs from theirs.
func (s *State) nameInFull(i int) string {
	lane := s.Race.Lanes()[i]
	alike := func(other *race.Lane) bool { return other != lane && other.Spec().Rule == lane.Spec().Rule }
	if !slices.ContainsFunc(s.Race.Lanes(), alike) {
		return s.Title(i)
	}
	for _, parameter := range lane.Parameters() {
		value := LaneValue(lane, parameter.Key)
		differs := func(other *race.Lane) bool {
			return alike(other) && LaneValue(other, parameter.Key) != value
		}
		if slices.ContainsFunc(s.Race.Lanes(), differs) {
			return s.Title(i) + " " + cmp.Or(parameter.Symbol, parameter.Key) + "=" + value
		}
	}
	return s.Title(i)
}
