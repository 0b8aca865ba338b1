package tui

import (
	"cmp"
	"slices"

	"ravine/race"
	"ravine/tui/chart"
	"ravine/tui/screen"
)

// ends are the markers at the ends of curves, and the lanes' names beside them.
type ends struct {
	plot *chart.Plot
	list []end // in the order in which they were placed
	said []said
}

// said is where something says which lane a curve is.
type said struct{ lane, column, row, width int }

// write writes what says that a curve is a lane's, and returns its columns.
func (e *ends) write(grid *screen.Grid, lane, column, row int, text string, style screen.Style) int {
	width := screen.Width(text)
	e.said = append(e.said, said{lane, column, row, width})
	return grid.Text(column, row, width, text, style)
}

// at returns the lane whose marker or name is in a cell.
func (e *ends) at(column, row int) (lane int, ok bool) {
	for _, s := range e.said {
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
	for ; column < e.plot.Area.X+e.plot.Area.Width; column++ {
		taken := func(other end) bool { return other.column == column && other.row == row }
		if !slices.ContainsFunc(e.list, taken) {
			return column, true
		}
	}
	return 0, false
}

// mark puts a lane's marker where its curve ends or, with a sign, where it has
// left the panel.
func (e *ends) mark(grid *screen.Grid, s *scene, lane int, x, y float64) {
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
	e.write(grid, lane, column, row, string(s.look(lane).Marker), s.mark(lane))
	e.list = append(e.list, end{lane, column, row})
}

// name writes the lanes' names beside their markers, where there is room.
func (e *ends) name(grid *screen.Grid, s *scene) {
	if len(e.list) == 0 {
		return
	}
	selected := e.list[0].lane // placed first
	byPlace := func(a, b end) int { return cmp.Or(cmp.Compare(a.row, b.row), cmp.Compare(a.column, b.column)) }
	slices.SortFunc(e.list, byPlace)
	var runs [][]end // markers side by side
	for i, here := range e.list {
		if i > 0 && here.row == e.list[i-1].row && here.column == e.list[i-1].column+1 {
			runs[len(runs)-1] = append(runs[len(runs)-1], here)
		} else {
			runs = append(runs, []end{here})
		}
	}
	first := slices.IndexFunc(runs, func(run []end) bool {
		return slices.ContainsFunc(run, func(e end) bool { return e.lane == selected })
	})
	e.nameRun(grid, s, runs[first])
	for i, run := range runs {
		if i != first {
			e.nameRun(grid, s, run)
		}
	}
}

// nameRun writes the names of markers that stand side by side: after them in
// their order or else, where that much is free, one below the other with their
// markers. That of a single one may stand above or below it.
func (e *ends) nameRun(grid *screen.Grid, s *scene, run []end) {
	row, after := run[0].row, run[len(run)-1].column+1
	for _, name := range []func(int) string{s.nameInFull, s.title} {
		var names []styledText
		for _, end := range run {
			names = append(names, styledText{" " + name(end.lane), s.dots(end.lane)})
		}
		if isFree(grid, e.plot.Area, after, row, width(names)) {
			for i, name := range names {
				after += e.write(grid, run[i].lane, after, row, name.text, name.style)
			}
			return
		}
	}
	if len(run) > 1 {
		e.listRun(grid, s, run)
		return
	}
	lane := run[0].lane
	title := s.title(lane)
	length := screen.Width(title)
	for _, column := range []int{after, after - length} {
		for _, row := range []int{row + 1, row - 1} {
			if isFree(grid, e.plot.Area, column, row, length) {
				e.write(grid, lane, column, row, title, s.dots(lane))
				return
			}
		}
	}
}

// listRun writes the names of a run one below the other: to the right of it or, at
// the plot's right edge, below or above it.
func (e *ends) listRun(grid *screen.Grid, s *scene, run []end) {
	length := 0
	for _, end := range run {
		length = max(length, screen.Width(s.title(end.lane))+2)
	}
	row, column, count := run[0].row, run[len(run)-1].column, len(run)
	for _, at := range [][2]int{
		{column + 2, row}, {column + 2, row - count/2}, {column + 2, row - count + 1},
		{column - length + 1, row + 1}, {column - length + 1, row - count},
	} {
		free := true
		for i := range run {
			free = free && isFree(grid, e.plot.Area, at[0], at[1]+i, length)
		}
		if !free {
			continue
		}
		for i, end := range run {
			e.write(grid, end.lane, at[0], at[1]+i, string(s.look(end.lane).Marker), s.mark(end.lane))
			e.write(grid, end.lane, at[0]+2, at[1]+i, s.title(end.lane), s.dots(end.lane))
		}
		return
	}
}

func (s *scene) title(i int) string { return s.runner.Lanes()[i].Optimizer().Title }

// nameInFull returns a lane's title and, beside others of its rule, the first of
// its values that differs from theirs.
func (s *scene) nameInFull(i int) string {
	lane := s.runner.Lanes()[i]
	alike := func(other *race.Lane) bool { return other != lane && other.Spec().Name == lane.Spec().Name }
	if !slices.ContainsFunc(s.runner.Lanes(), alike) {
		return s.title(i)
	}
	for _, parameter := range lane.Parameters() {
		value := laneValue(lane, parameter.Key)
		differs := func(other *race.Lane) bool {
			return alike(other) && laneValue(other, parameter.Key) != value
		}
		if slices.ContainsFunc(s.runner.Lanes(), differs) {
			return s.title(i) + " " + cmp.Or(parameter.Symbol, parameter.Key) + "=" + value
		}
	}
	return s.title(i)
}
