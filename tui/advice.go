package tui

import (
	"fmt"

	"ravine/keymap"
	"ravine/race"
	"ravine/tui/screen"
)

// adviceKey returns the key that does what a hint advises.
func (s *scene) adviceKey(hint race.Hint) string {
	actions := map[string][2]keymap.Action{
		"eta":   {keymap.EtaDown, keymap.EtaUp},
		"gamma": {keymap.GammaDown, keymap.GammaUp},
		"beta1": {keymap.Beta1Down, keymap.Beta1Up},
		"batch": {keymap.BatchDown, keymap.BatchUp},
	}
	action := keymap.NextRule
	if pair, ok := actions[hint.Key]; ok {
		action = pick(hint.Up, pair[1], pair[0])
	}
	return s.keys.Binding(action).Help().Key
}

// hint returns the hint on the selected lane with the key that follows it, or
// nothing.
func (s *scene) hint() string {
	if !s.hints {
		return ""
	}
	hint, ok := race.Advise(s.runner, s.selected)
	if !ok {
		return ""
	}
	return fmt.Sprintf("hint: %s (%s)", hint.Text, s.adviceKey(hint))
}

// drawTheory writes what is known in advance of the selected lane, in as many
// rows as there are.
func drawTheory(grid *screen.Grid, area screen.Area, s *scene) {
	theory, ok := race.TheoryOf(s.lane())
	if !ok {
		return
	}
	lines := []string{fmt.Sprintf("λ from %s to %s, κ = %s", number(theory.LambdaMin), number(theory.LambdaMax), number(theory.Kappa))}
	if theory.Bound > 0 {
		lines = append(lines,
			fmt.Sprintf("diverges from η = %s = %s", theory.BoundText, number(theory.Bound)),
			fmt.Sprintf("distance × %s a step", number(theory.Rate)),
			fmt.Sprintf("at best × %s: %s", number(theory.BestRate), theory.BestText))
	}
	for n, line := range lines {
		if n < area.Height {
			grid.Text(area.X, area.Y+n, area.Width, line, s.theme.Dim)
		}
	}
}

// tooLarge reports whether theory says that a lane is going to diverge.
func tooLarge(lane *race.Lane) (race.Theory, bool) {
	theory, ok := race.TheoryOf(lane)
	if !ok || theory.Bound == 0 {
		return theory, false
	}
	hyper := lane.Hyper()
	return theory, hyper.Eta >= theory.Bound
}
