package panel

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
func (s *State) away(i int) (distance, part float64) {
	view := s.Race.Problem().View()[i]
	if len(s.Race.Problem().Optima()) == 0 {
		return 0, 0
	}
	distance = math.Abs(s.Lane().Theta()[i] - s.Race.Problem().Optima()[0].Theta[i])
	return distance, distance / (view.High - view.Low)
}

// Farthest returns all parameters, those first in which the selected lane is
// farthest from the optimum.
func (s *State) Farthest() []int {
	order := make([]int, s.Race.Problem().Dim())
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

// BesidePlane returns the parameter that is not on the surface in which the
// selected lane is farthest from the optimum, if that would be seen.
func (s *State) BesidePlane() (i int, ok bool) {
	for _, i := range s.Farthest() {
		if i != s.Axes[0] && i != s.Axes[1] {
			_, part := s.away(i)
			return i, part >= hardlySeen && !math.IsInf(part, 0)
		}
	}
	return 0, false
}

// drawBeside says, in a row of the surface, why the selected lane need not be where
// it seems: the surface is a slice through the optimum, and the lane is beside it.
func (s *State) drawBeside(grid *screen.Grid, inside screen.Area, row int) {
	i, ok := s.BesidePlane()
	if !ok {
		return
	}
	distance, _ := s.away(i)
	name, key := s.Race.Problem().Names()[i], s.KeyOf(keymap.NextAxis)
	for _, text := range []string{
		fmt.Sprintf(" beside this slice: %s's %s is %s from the optimum; %s shows it ", s.Title(s.Selected), name, Number(distance), key),
		fmt.Sprintf(" %s's %s is %s from the optimum: %s ", s.Title(s.Selected), name, Number(distance), key),
		fmt.Sprintf(" %s is %s off: %s ", name, Number(distance), key),
	} {
		if width := screen.Width(text); width <= inside.Width {
			grid.Text(inside.X, row, width, text, s.Theme.Text)
			return
		}
	}
}
