package tui

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"ravine/keymap"
	"ravine/problem"
	"ravine/tui/screen"
)

// drawHead writes the top line: what is raced on, and how far the race is.
func drawHead(grid *screen.Grid, area screen.Area, s *scene) {
	name := s.theme.Key
	name.Attributes |= screen.Bold | screen.Reverse
	used := grid.Text(area.X, area.Y, area.Width, " ravine ", name) + 1
	step := "step " + strconv.Itoa(s.runner.Step())
	if s.runner.ExamplesPerStep() > 0 {
		step += ", epoch " + s.epochAt(s.runner.Step())
	}
	right := fmt.Sprintf("%s · %s · %s ", s.runner.Race().Rules, step, speedText(s))
	if s.note != "" {
		right = s.note + " · " + right
	}
	rightWidth := screen.Width(right)
	grid.TextRight(area.X+area.Width-rightWidth, area.Y, rightWidth, right, s.theme.Text)
	room := area.Width - used - rightWidth - 1
	title := problemTitle(s)
	used += grid.Text(area.X+used, area.Y, room, title, s.theme.Title)
	room = area.Width - used - rightWidth - 3
	formula := s.runner.Kind().Formula
	if manyFeatures := s.runner.Problem().Dim() > 2 && problem.Applies(s.runner.Race().Problem, "file"); manyFeatures {
		formula = "J(w,b) = ½Σ(yᵢ − (w·xᵢ+b))²"
	}
	if screen.Width(formula) <= room {
		grid.Text(area.X+used+2, area.Y, room, formula, s.theme.Dim)
	}
}

// problemTitle names the problem with its main parameter and those that were given.
func problemTitle(s *scene) string {
	spec := s.runner.Race().Problem
	kind := s.runner.Kind()
	parts := []string{spec.Name}
	for _, p := range kind.Parameters {
		if !problem.Applies(spec, p.Key) {
			continue
		}
		value := spec.Value(p.Key, p.Default)
		given := value != p.Default || spec.Value(p.Key, "") != ""
		if (p.Key == kind.Main || given) && value != "" {
			label := p.Key
			if p.Symbol != "" {
				label = p.Symbol
			}
			if p.Key == "file" {
				value = filepath.Base(value)
			}
			parts = append(parts, label+"="+value)
		}
	}
	return strings.Join(parts, " ")
}

func speedText(s *scene) string {
	if at, behind := s.runner.Behind(); behind {
		return fmt.Sprintf("replaying, %d%%", 100*at/max(1, s.runner.Step()))
	}
	speed := "as fast as it goes"
	if perSecond := speeds[s.Speed]; perSecond > 0 {
		speed = strconv.Itoa(perSecond) + "/s"
	}
	if s.Running {
		return "▶ " + speed
	}
	if !s.runner.Running() {
		return "■ over"
	}
	return "paused"
}

// statusTime is how long what a key did is shown before a hint takes the line.
const statusTime = 2 * time.Second

// drawStatus writes what a key just did and, at the right, where there is room,
// where in the race's time the picture is.
func drawStatus(grid *screen.Grid, area screen.Area, s *scene) {
	if s.entry.open {
		drawEntry(grid, area, s)
		return
	}
	text, style := s.statusText()
	rest := area
	if track, label, ok := s.timeline(area); ok {
		drawTimeline(grid, track, label, s)
		rest.Width = track.X - 1 - rest.X
	}
	if note := "tuning all lanes "; s.TuneAll && screen.Width(text)+len(note)+3 <= rest.Width {
		grid.TextRight(rest.X, rest.Y, rest.Width, note, s.theme.Warn)
	}
	grid.Text(rest.X+1, rest.Y, rest.Width-2, clause(text, rest.Width-2), style)
}

// statusText returns what the status line says: what a key did, or then a hint.
func (s *scene) statusText() (string, screen.Style) {
	if hint := s.hint(); hint != "" && !s.status.last && time.Since(s.status.at) >= statusTime {
		return hint, s.theme.Good
	}
	return s.status.text, pick(s.status.bad, s.theme.Warn, s.theme.Text)
}

// clause returns text or, where it is wider than that, as many of its clauses as
// there is room for.
func clause(text string, width int) string {
	if screen.Width(text) <= width {
		return text
	}
	isEnd := func(rest string) bool {
		return slices.ContainsFunc([]string{": ", "; ", ", ", " (", " · "}, func(end string) bool { return strings.HasPrefix(rest, end) })
	}
	longest := ""
	for i := range text {
		if !isEnd(text[i:]) {
			continue
		}
		short := text[:i] + " …"
		if screen.Width(short) > width {
			break
		}
		longest = short
	}
	if screen.Width(longest) <= width/2 {
		return text
	}
	return longest
}

// footerActions returns the actions for the bottom line, the most useful first.
func footerActions(s *scene) []keymap.Action {
	if s.sweepAxes > 0 {
		actions := []keymap.Action{keymap.Keep, keymap.Epochs, keymap.TrialSteps, keymap.NextLane, keymap.Help, keymap.Quit}
		if len(sweepPairs(s.lane())) > 1 {
			actions = slices.Insert(actions, 1, keymap.Sweep)
		}
		return actions
	}
	actions := []keymap.Action{keymap.RunPause}
	if !s.Running {
		actions = append(actions, keymap.StepOn)
	}
	actions = append(actions, keymap.Help, keymap.NextLane)
	for _, h := range tunable() {
		if canTune(s.lane(), h.Key) {
			actions = append(actions, keymap.Down(h.Key))
		}
	}
	return append(actions, keymap.Restart, keymap.NextProblem, keymap.NextView, keymap.Inspector, keymap.NextStep, keymap.Faster, keymap.Quit)
}

// drawFooter writes the keys that apply now, as many as there is room for.
func drawFooter(grid *screen.Grid, area screen.Area, s *scene) {
	x := area.X + 1
	if s.sweepAxes > 0 {
		x += drawKey(grid, x, area.Y, pick(s.sweepAxes == 2, "← → ↑ ↓", "← →"), "move", s)
	}
	for _, action := range footerActions(s) {
		entry, ok := s.keys.Entry(action)
		if !ok {
			continue
		}
		keys, short := entry.Keys, entry.Short
		if s.sweepAxes > 0 {
			keys, short = s.inSweep(action, entry)
		}
		if width := screen.Width(keys) + 1 + screen.Width(short); keys != "" && x+width < area.X+area.Width {
			x += drawKey(grid, x, area.Y, keys, short, s)
		}
	}
}

// inSweep returns the keys of an action and what they do, where in the sweep that
// is another thing than the help says: the arrows move the cursor there.
func (s *scene) inSweep(action keymap.Action, entry keymap.Entry) (keys, short string) {
	switch action {
	case keymap.Sweep:
		return s.keyOf(action), "next sweep"
	case keymap.TrialSteps:
		return s.keyOf(action), "its steps"
	case keymap.Epochs:
		return entry.Keys, "loss / steps"
	case keymap.NextLane:
		pairs := strings.Split(entry.Keys, " or ")
		pairs = slices.DeleteFunc(pairs, func(keys string) bool { return strings.ContainsAny(keys, "←→↑↓") })
		return strings.Join(pairs, " or "), entry.Short
	}
	return entry.Keys, entry.Short
}

// drawKey writes a key and what it does, and returns the columns used, with a
// gap to the next.
func drawKey(grid *screen.Grid, x, y int, keys, does string, s *scene) int {
	used := grid.Text(x, y, screen.Width(keys), keys, s.theme.Key) + 1
	return used + grid.Text(x+used, y, screen.Width(does), does, s.theme.Dim) + 2
}
