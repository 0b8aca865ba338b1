package panel

import (
	"fmt"
	"slices"

	"ravine/keymap"
	"ravine/optim"
	"ravine/race"
	"ravine/tui/screen"
)

// adviceKeys returns the keys that do what a hint advises.
func (s *State) adviceKeys(hint race.Hint) string {
	if hint.Key == "start" {
		return s.KeyOf(keymap.RestartRandom)
	}
	if hint.Key != "" {
		return s.KeyOf(Pick(hint.Up, keymap.Up(hint.Key), keymap.Down(hint.Key)))
	}
	all := optim.All()
	place := func(name string) int {
		return slices.IndexFunc(all, func(o optim.Optimizer) bool { return o.Name == name })
	}
	on := (place(hint.Rule) - place(s.Lane().Spec().Rule) + len(all)) % len(all)
	action, presses := keymap.NextRule, on
	if back := len(all) - on; back < on {
		action, presses = keymap.PreviousRule, back
	}
	keys := s.KeyOf(action)
	if presses > 1 {
		keys += fmt.Sprintf(" ×%d", presses)
	}
	if hint.Kind == race.HintOvershoot {
		keys += " or " + s.KeyOf(keymap.Down(optim.Gamma))
	}
	return keys
}

// Hint returns the hint on the selected lane with the key that follows it, or
// nothing.
func (s *State) Hint() string {
	if _, behind := s.Race.Behind(); behind || !s.Hints {
		return ""
	}
	hint, ok := race.Advise(s.Lane())
	if !ok {
		return ""
	}
	return fmt.Sprintf("hint (%s): %s", s.adviceKeys(hint), hint.Text)
}

// drawTheory writes what is known in advance of the selected lane, in as many
// rows as there are, if they are wide enough for its numbers.
func drawTheory(grid *screen.Grid, area screen.Area, s *State) {
	theory, ok := race.TheoryOf(s.Lane())
	if !ok {
		return
	}
	lines := []string{fmt.Sprintf("λ from %s to %s, κ = %s", Number(theory.LambdaMin), Number(theory.LambdaMax), Number(theory.Kappa))}
	if theory.Bound > 0 {
		lines = append(lines,
			fmt.Sprintf("diverges from η = %s = %s", theory.BoundText, Number(theory.Bound)),
			fmt.Sprintf("distance × %s a step", Number(theory.Rate)),
			fmt.Sprintf("at best × %s: %s", Number(unlessRounding(theory.BestRate)), theory.BestText))
	}
	if slices.ContainsFunc(lines, func(line string) bool { return screen.Width(line) > area.Width }) {
		return
	}
	for n, line := range lines {
		if n < area.Height {
			grid.Text(area.X, area.Y+n, area.Width, line, s.Theme.Dim)
		}
	}
}

// unlessRounding returns a rate, and 0 for what rounding has left of 1 − 1.
func unlessRounding(rate float64) float64 {
	if rate < 1e-12 {
		return 0
	}
	return rate
}

// tooLarge reports whether theory says that a lane is going to diverge.
func tooLarge(lane *race.Lane) bool {
	theory, ok := race.TheoryOf(lane)
	return ok && theory.Bound > 0 && lane.Hyper().Eta >= theory.Bound
}
