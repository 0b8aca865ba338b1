package tui

import (
	"fmt"
	"slices"
	"strings"

	"ravine/optim"
	"ravine/param"
	"ravine/tui/screen"
)

// drawInspector writes the selected lane's rule, and under each line the same
// line with the numbers of the step to come, for as many parameters as fit.
func drawInspector(grid *screen.Grid, area screen.Area, s *scene) {
	lane := s.lane()
	title := fmt.Sprintf("%s · step %d → %d", lane.Optimizer().Title, lane.Step(), lane.Step()+1)
	inside := s.boxed(grid, area, title).Inset(1, 0)
	explanation := lane.Explain()
	coordinates := s.coordinates()
	rows := inspectorRows(explanation, coordinates, s, inside.Width)
	for len(rows) > inside.Height && len(coordinates) > 1 {
		coordinates = coordinates[:len(coordinates)-1]
		rows = inspectorRows(explanation, coordinates, s, inside.Width)
	}
	for n, row := range rows {
		if n == inside.Height {
			break
		}
		grid.Text(inside.X, inside.Y+n, inside.Width, row.text, row.style)
	}
}

// coordinates returns all parameters, those on the surface first.
func (s *scene) coordinates() []int {
	coordinates := []int{s.axes[0], s.axes[1]}
	for i := range s.runner.Problem().Names() {
		if i != s.axes[0] && i != s.axes[1] {
			coordinates = append(coordinates, i)
		}
	}
	return coordinates
}

type inspectorRow struct {
	text  string
	style screen.Style
}

// inspectorRows lays the explanation out for a width.
func inspectorRows(explanation optim.Explanation, coordinates []int, s *scene, width int) []inspectorRow {
	names := s.runner.Problem().Names()
	var rows []inspectorRow
	write := func(text string, style screen.Style) {
		for _, part := range wrap(text, width) {
			rows = append(rows, inspectorRow{part, style})
		}
	}
	for _, line := range explanation.Lines {
		switch {
		case line.Symbol == "g":
			write(fmt.Sprintf("g ← %s = %s = %s", line.Formula, line.Numbers[0], vector(line.Written)), s.theme.Title)
			continue
		case scalar(line):
			write(fmt.Sprintf("%s ← %s = %s = %s", line.Symbol, line.Formula, line.Numbers[0], line.Written[0]), s.theme.Title)
			continue
		}
		write(line.Symbol+" ← "+line.Formula, s.theme.Title)
		for _, i := range coordinates {
			write(fmt.Sprintf("  %s: %s = %s", names[i], line.Numbers[i], line.Written[i]), s.theme.Text)
		}
	}
	var steps []string
	for _, i := range coordinates {
		steps = append(steps, fmt.Sprintf("Δ%s = %s", names[i], param.Pretty(explanation.Step[i], 5)))
	}
	write(strings.Join(steps, "   "), s.theme.Key)
	if more := len(names) - len(coordinates); more > 0 {
		write(fmt.Sprintf("… and %d more parameters (A puts others first)", more), s.theme.Dim)
	}
	for _, note := range inspectorNotes(s) {
		write(note, s.theme.Dim)
	}
	return rows
}

// inspectorNotes are what the numbers do not say.
func inspectorNotes(s *scene) []string {
	var notes []string
	if batch := s.lane().Hyper().Batch; batch != 0 {
		notes = append(notes, fmt.Sprintf("∇J is that of this step's batch of %d.", batch))
	}
	if s.lane().Optimizer().Name == "adadelta" && s.runner.Race().Rules == optim.Slides {
		notes = append(notes, "With a fixed η, the slides' Adadelta is RMSprop with a free γ.")
	}
	return notes
}

// scalar reports whether a line is the same for every coordinate, as β₁ᵗ is.
func scalar(line optim.ExplainedLine) bool { return strings.HasSuffix(line.Symbol, "ᵗ") }

// vector writes the values of a few coordinates, and the first of many.
func vector(values []string) string {
	const most = 4
	if len(values) > most {
		values = append(slices.Clone(values[:most]), "…")
	}
	return "(" + strings.Join(values, ", ") + ")"
}

// wrap breaks text at spaces into lines of at most width columns; all but the
// first are indented.
func wrap(text string, width int) []string {
	const indent = "    "
	var lines []string
	line := ""
	for word := range strings.SplitSeq(text, " ") {
		if line != "" && strings.TrimSpace(line) != "" && screen.Width(line)+1+screen.Width(word) > width {
			lines = append(lines, line)
			line = indent + word
			continue
		}
		if line != "" || word == "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}
