package panel

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"ravine/keymap"
	"ravine/param"
	"ravine/race"
)

// OverText ranks the lanes at the end of a race, for the status line: those that
// have reached the optimum by how soon, the others by their loss, and those that
// have diverged last. It is cut between two lanes where room is short.
func (s *State) OverText() string {
	lanes := s.Race.Lanes()
	order := s.DrawingOrder()
	group := func(i int) int {
		switch lanes[i].Status() {
		case race.Converged:
			return 0
		case race.Diverged:
			return 2
		}
		return 1
	}
	slices.SortFunc(order, func(i, j int) int {
		soonest := 0
		if group(i) == 0 {
			soonest = cmp.Compare(lanes[i].RaceStep(), lanes[j].RaceStep())
		}
		return cmp.Or(cmp.Compare(group(i), group(j)), soonest, cmp.Compare(lanes[i].Loss(), lanes[j].Loss()), cmp.Compare(i, j))
	})
	parts := make([]string, 0, len(order))
	before := -1 // group of the lane before
	for place, i := range order {
		part, first := fmt.Sprintf("%d %s ", place+1, s.LaneName(i)), group(i) != before
		before = group(i)
		switch status := lanes[i].Status(); {
		case status == race.Converged && s.Race.ExamplesPerStep() > 0:
			part += s.epochAt(lanes[i].RaceStep()) + Pick(first, " epochs", "")
		case status == race.Converged:
			part += Pick(first, param.Plural(lanes[i].Step(), "update"), fmt.Sprint(lanes[i].Step()))
		case status == race.Diverged:
			part = s.LaneName(i) + " diverged"
		default:
			part += Pick(first, s.lossName()+" ", "") + param.Pretty(max(0, lanes[i].Loss()-s.BestLoss()), 3)
			if status.IsElsewhere() {
				part += ", " + status.String()
			}
		}
		parts = append(parts, part)
	}
	text := strings.Join(parts, " · ")
	if s.Race.Running() {
		text += "; " + s.KeyOf(keymap.RunPause) + " goes on"
	}
	return text
}

// LaneName names lane i, with its marker where others have its rule too.
func (s *State) LaneName(i int) string {
	lane := s.Race.Lanes()[i]
	for k, other := range s.Race.Lanes() {
		if k != i && other.Spec().Rule == lane.Spec().Rule {
			return lane.Optimizer().Title + " " + string(s.LaneStyle(i).Marker)
		}
	}
	return lane.Optimizer().Title
}

// WhyStopped says that lane i does not go on and why, if it does not.
func (s *State) WhyStopped(i int) string {
	lane := s.Race.Lanes()[i]
	switch {
	case lane.Status() != race.Running:
		return lane.Status().Predicate() + ": " + lane.Reason()
	case s.Race.AtLimit():
		return "is at the race's limit of " + param.Plural(s.Race.Race().Steps, "step")
	}
	return ""
}

// twinNote says which lane hides lane i, or is hidden by it: one rule in two forms.
func (s *State) twinNote(i int) string {
	twin, ok := s.Race.Twin(i)
	if !ok {
		return ""
	}
	return fmt.Sprintf("Its steps are those of %s to the last bit: with these values the two are one rule.", s.LaneName(twin))
}
