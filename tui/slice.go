package tui

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"ravine/keymap"
	"ravine/tui/screen"
)

// hardlySeen is the part of the problem's view below which a distance does not
// show.
const hardlySeen = 0.02

// away returns how far the selected lane is from the optimum along a parameter,
// and as a part of the problem's view.
func (s *scene) away(i int) (distance, part float64) {
	view := s.runner.Problem().View()[i]
	distance = math.Abs(s.lane().Theta()[i] - s.runner.Problem().Optima()[0].Theta[i])
	return distance, distance / (view.High - view.Low)
}

// farthest returns all parameters, those first in which the selected lane is
// farthest from the optimum.
func (s *scene) farthest() []int {
	order := make([]int, s.runner.Problem().Dim())
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		_, a := s.away(i)
		_, b := s.away(j)
		return cmp.Compare(b, a)
	})
	return order
}

// besidePlane returns the parameter that is not on the surface in which the
// selected lane is farthest from the optimum, if that would be seen.
func (s *scene) besidePlane() (i int, ok bool) {
	for _, i := range s.farthest() {
		if i != s.Axes[0] && i != s.Axes[1] {
			_, part := s.away(i)
			return i, part >= hardlySeen && !math.IsInf(part, 0)
		}
	}
	return 0, false
}

// drawBeside says, in a row of the surface, why the selected lane need not be where
// it seems: the surface is a slice through the optimum, and the lane is beside it.
func (s *scene) drawBeside(grid *screen.Grid, inside screen.Area, row int) {
	i, ok := s.besidePlane()
	if !ok {
		return
	}
	distance, _ := s.away(i)
	name, key := s.runner.Problem().Names()[i], s.keyOf(keymap.NextAxis)
	for _, text := range []string{
		fmt.Sprintf(" beside this slice: %s's %s is %s from the optimum; %s shows it ", s.title(s.Selected), name, number(distance), key),
		fmt.Sprintf(" %s's %s is %s from the optimum: %s ", s.title(s.Selected), name, number(distance), key),
		fmt.Sprintf(" %s is %s off: %s ", name, number(distance), key),
	} {
		if width := screen.Width(text); width <= inside.Width {
			grid.Text(inside.X, row, width, text, s.theme.Text)
			return
		}
	}
}

// nextAxes shows another plane: where the selected lane is beside the one shown,
// first that which shows it, and then those in their order.
func (m *Model) nextAxes() {
	names := m.runner.Problem().Names()
	if len(names) == 2 {
		m.say("%s has two parameters, both shown", m.runner.Race().Problem.Name)
		return
	}
	none, why := [2]int{}, ""
	i, beside := m.besidePlane()
	switch {
	case m.Detour != none:
		m.Detour, m.Axes = none, nextPair(m.Detour, len(names))
	case beside:
		far := m.farthest()
		j := pick(far[0] == i, far[1], far[0])
		m.Detour, m.Axes = m.Axes, [2]int{min(i, j), max(i, j)}
		why = fmt.Sprintf(": %s is beside the optimum there", m.title(m.Selected))
	default:
		m.Axes = nextPair(m.Axes, len(names))
	}
	m.Window = m.openingWindow()
	m.say("the surface shows %s and %s%s", names[m.Axes[0]], names[m.Axes[1]], why)
}

// nextPair returns the pair of parameters after one, out of so many.
func nextPair(pair [2]int, count int) [2]int {
	i, j := pair[0], pair[1]+1
	if j == count {
		i, j = i+1, i+2
	}
	if j >= count {
		return [2]int{0, 1}
	}
	return [2]int{i, j}
}
