package panel

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"ravine/keymap"
	"ravine/optim"
	"ravine/problem"
	"ravine/tui/screen"
)

// drawHead writes the top line: what is raced on, and how far the race is.
func drawHead(grid *screen.Grid, area screen.Area, s *State) {
	name := s.Theme.Key
	name.Attributes |= screen.Bold | screen.Reverse
	used := grid.Text(area.X, area.Y, area.Width, " ravine ", name) + 1
	step := "step " + strconv.Itoa(s.Race.Step())
	if s.Race.ExamplesPerStep() > 0 {
		step += ", epoch " + s.epochAt(s.Race.Step())
	}
	right := fmt.Sprintf("%s · %s · %s ", s.Race.Race().Rules, step, speedText(s))
	if s.Note != "" {
		right = s.Note + " · " + right
	}
	rightWidth := screen.Width(right)
	grid.TextRight(area.X+area.Width-rightWidth, area.Y, rightWidth, right, s.Theme.Text)
	room := area.Width - used - rightWidth - 1
	title := problemTitle(s)
	used += grid.Text(area.X+used, area.Y, room, title, s.Theme.Title)
	room = area.Width - used - rightWidth - 3
	kind := s.Race.Kind()
	formula := kind.Formula
	if s.Race.Problem().Dim() > 2 && kind.ManyFormula != "" {
		formula = kind.ManyFormula
	}
	if kind.IsTyped() { // it stands nowhere else
		formula = ansi.Truncate(formula, max(0, room), "…")
	}
	if screen.Width(formula) <= room {
		grid.Text(area.X+used+2, area.Y, room, formula, s.Theme.Dim)
	}
}

// problemTitle names the problem with its main parameter and those that were given.
func problemTitle(s *State) string {
	spec := s.Race.Race().Problem
	kind := s.Race.Kind()
	parts := []string{spec.Name}
	for _, p := range kind.Parameters {
		if !problem.Applies(spec, p.Key) || problem.IsFormula(p.Key) { // which is beside it
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

func speedText(s *State) string {
	if at, behind := s.Race.Behind(); behind {
		return fmt.Sprintf("replaying, %d%%", 100*at/max(1, s.Race.Step()))
	}
	speed := "as fast as it goes"
	if perSecond := Speeds[s.Speed]; perSecond > 0 {
		speed = strconv.Itoa(perSecond) + "/s"
	}
	if s.Running {
		return "▶ " + speed
	}
	if !s.Race.Running() {
		return "■ over"
	}
	return "paused"
}

// StatusTime is how long what a key did is shown before a hint takes the line.
const StatusTime = 2 * time.Second

// drawStatus writes what a key just did and, at the right, where there is room,
// where in the race's time the picture is.
func drawStatus(grid *screen.Grid, area screen.Area, s *State) {
	switch {
	case s.Prompt.Open:
		drawPrompt(grid, area, s)
		return
	case s.Entry.Open:
		drawEntry(grid, area, s)
		return
	}
	text, style := s.statusText()
	rest := area
	if track, label, ok := s.Timeline(area); ok {
		drawTimeline(grid, track, label, s)
		rest.Width = track.X - 1 - rest.X
	}
	if note := "tuning all lanes "; s.TuneAll && screen.Width(text)+len(note)+3 <= rest.Width {
		grid.TextRight(rest.X, rest.Y, rest.Width, note, s.Theme.Warn)
	}
	grid.Text(rest.X+1, rest.Y, rest.Width-2, clause(text, rest.Width-2), style)
}

// statusText returns what the status line says: what a key did, or then a hint.
func (s *State) statusText() (string, screen.Style) {
	if hint := s.Hint(); hint != "" && !s.Status.Last && s.Now.Sub(s.Status.At) >= StatusTime {
		return hint, s.Theme.Good
	}
	return s.Status.Text, Pick(s.Status.Bad, s.Theme.Warn, s.Theme.Text)
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
func footerActions(s *State) []keymap.Action {
	if s.Sweep.Open {
		actions := []keymap.Action{keymap.Keep, keymap.Epochs, keymap.TrialSteps, keymap.NextLane, keymap.Help, keymap.Quit}
		if len(SweepPairs(s.Lane())) > 1 {
			actions = slices.Insert(actions, 1, keymap.Sweep)
		}
		return actions
	}
	actions := []keymap.Action{keymap.RunPause}
	if !s.Running {
		actions = append(actions, keymap.StepOn)
	}
	actions = append(actions, keymap.Help, keymap.NextLane)
	for _, h := range optim.Tunable() {
		if canTune(s.Lane(), h.Key) {
			actions = append(actions, keymap.Down(h.Key))
		}
	}
	return append(actions, keymap.Restart, keymap.NextProblem, keymap.NextView, keymap.Inspector, keymap.NextStep, keymap.Faster, keymap.Quit)
}

// drawFooter writes the keys that apply now, as many as there is room for.
func drawFooter(grid *screen.Grid, area screen.Area, s *State) {
	if s.Prompt.Open {
		drawPromptNote(grid, area, s)
		return
	}
	x := area.X + 1
	if s.Sweep.Open {
		x += drawKey(grid, x, area.Y, Pick(len(s.Sweep.Axes) == 2, "← → ↑ ↓", "← →"), "move", s)
	}
	for _, action := range footerActions(s) {
		entry, ok := s.Keys.Entry(action)
		if !ok {
			continue
		}
		keys, short := entry.Keys, entry.Short
		if s.Sweep.Open {
			keys, short = s.inSweep(action, entry)
		}
		if width := screen.Width(keys) + 1 + screen.Width(short); keys != "" && x+width < area.X+area.Width {
			x += drawKey(grid, x, area.Y, keys, short, s)
		}
	}
}

// inSweep returns the keys of an action and what they do, where in the sweep that
// is another thing than the help says: the arrows move the cursor there.
func (s *State) inSweep(action keymap.Action, entry keymap.Entry) (keys, short string) {
	switch action {
	case keymap.Sweep:
		return s.KeyOf(action), "next sweep"
	case keymap.TrialSteps:
		return s.KeyOf(action), "its steps"
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
func drawKey(grid *screen.Grid, x, y int, keys, does string, s *State) int {
	used := grid.Text(x, y, screen.Width(keys), keys, s.Theme.Key) + 1
	return used + grid.Text(x+used, y, screen.Width(does), does, s.Theme.Dim) + 2
}
