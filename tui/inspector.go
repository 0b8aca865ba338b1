package tui

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"ravine/optim"
	"ravine/tui/screen"
)

// drawInspector writes the selected lane's rule, and under each line the same
// line with the numbers of the step to come, for the parameters that the surface
// shows.
func drawInspector(grid *screen.Grid, area screen.Area, s *scene) {
	lane := s.lane()
	title := fmt.Sprintf("%s · step %d → %d", lane.Optimizer().Title, lane.Step(), lane.Step()+1)
	inside := s.boxed(grid, area, title).Inset(1, 0)
	explanation := lane.Explain()
	coordinates := s.axes[:]
	rows := inspectorRows(explanation, coordinates, s, inside.Width)
	if len(rows) > inside.Height {
		coordinates = s.axes[:1]
		rows = inspectorRows(explanation, coordinates, s, inside.Width)
	}
	for n, row := range rows {
		if n == inside.Height {
			break
		}
		grid.Text(inside.X, inside.Y+n, inside.Width, row.text, row.style)
	}
}

type inspectorRow struct {
	text  string
	style screen.Style
}

// inspectorRows lays the explanation out for a width.
func inspectorRows(explanation optim.Explanation, coordinates []int, s *scene, width int) []inspectorRow {
	names := s.runner.Problem().Names()
	var rows []inspectorRow
	write := func(text string, style screen.Style, indent string) {
		for n, part := range strings.Split(ansi.Wordwrap(text, width-len(indent), ""), "\n") {
			if n > 0 {
				part = indent + part
			}
			rows = append(rows, inspectorRow{part, style})
		}
	}
	for _, line := range explanation.Lines {
		write(line.Symbol+" ← "+line.Formula, s.theme.Title, "    ")
		if scalar(line) {
			write("  "+line.Numbers[0]+" = "+number(line.Value[0]), s.theme.Text, "    ")
			continue
		}
		for _, i := range coordinates {
			write(fmt.Sprintf("  %s: %s = %s", names[i], line.Numbers[i], digits(line.Value[i])), s.theme.Text, "    ")
		}
	}
	for _, i := range coordinates {
		write(fmt.Sprintf("Δ%s = %s", names[i], digits(explanation.Step[i])), s.theme.Key, "    ")
	}
	if explanation.Lines[0].Symbol == "g" && s.lane().Hyper().Batch != 0 {
		write(fmt.Sprintf("∇J of this step's batch of %d", s.lane().Hyper().Batch), s.theme.Dim, "")
	}
	if s.lane().Optimizer().Name == "adadelta" && s.runner.Race().Rules == optim.Slides {
		write("With a fixed η, the slides' Adadelta is RMSprop with a free γ.", s.theme.Dim, "")
	}
	return rows
}

// scalar reports whether a line is the same for every coordinate, as 1−β₁ᵗ is.
func scalar(line optim.ExplainedLine) bool { return strings.HasSuffix(line.Symbol, "ᵗ") }

// digits writes x in five significant digits, as the explanation does.
func digits(x float64) string { return exponent(fmt.Sprintf("%.5g", x)) }
