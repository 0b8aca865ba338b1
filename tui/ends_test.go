package tui

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"ravine/race"
	"ravine/tui/panel"
)

// namesIn returns the words in the curves' panel, without its border and labels.
func namesIn(m *Model) (names []string) {
	m.View()
	area := m.panels.Layout.Curves.Inset(1, 1)
	for y := area.Y; y < area.Y+area.Height; y++ {
		row := ""
		for x := area.X; x < area.X+area.Width; x++ {
			row += string(m.grid.Cell(x, y).Rune)
		}
		_, row, _ = strings.Cut(row, "│")
		isNoLetter := func(r rune) bool { return !unicode.IsLetter(r) && r != '-' || r >= '\u2800' }
		names = append(names, strings.FieldsFunc(row, isNoLetter)...)
	}
	return names
}

// TestNamesStandAtTheEnds: where there is room every curve has its lane's name,
// within two rows of its marker; without color the marker stands before the name.
func TestNamesStandAtTheEnds(t *testing.T) {
	for _, profile := range []colorprofile.Profile{colorprofile.TrueColor, colorprofile.ASCII} {
		m := openDefault(t, 100)
		m.Update(tea.ColorProfileMsg{Profile: profile})
		var rows []string
		for _, row := range rowsOf(m) {
			_, curves, _ := strings.Cut(row, "││")
			rows = append(rows, curves)
		}
		for i, lane := range m.runner.Lanes() {
			title, marker := lane.Optimizer().Title, string(m.LaneStyle(i).Marker)
			at := slices.IndexFunc(rows, func(row string) bool { return strings.Contains(row, " "+title+" ") })
			if at < 0 {
				t.Errorf("%v: %s has no name in\n%s", profile, title, textOf(m))
				continue
			}
			near := strings.Join(rows[at-2:at+3], "\n")
			if profile == colorprofile.ASCII {
				near = rows[at]
			}
			if !strings.Contains(near, marker) {
				t.Errorf("%v: no %s near %s in\n%s", profile, marker, title, textOf(m))
			}
		}
	}
}

// TestNamesSayWhatDiffers: two lanes of one rule have a value beside their name.
func TestNamesSayWhatDiffers(t *testing.T) {
	m := openModel(t, playRace(t, "ravine", "adam:eta=0.1", "adam:eta=0.01", "nag:gamma=0.9", "nag:gamma=0.5", "gd"), 60)
	press(m, "tab", "tab")
	text := textOf(m)
	for _, name := range []string{"Adam η=0.1 ", "Adam η=0.01", "NAG γ=0.9", "NAG γ=0.5", "● GD"} {
		if !strings.Contains(text, name) {
			t.Errorf("no %q in\n%s", name, text)
		}
	}
}

// TestNamesStayWhole: whatever the step and the size, a name is there once and
// whole or not at all, and no marker is lost.
func TestNamesStayWhole(t *testing.T) {
	named := 0
	for _, problem := range []string{"ravine", "himmelblau", "regression", "rastrigin"} {
		m := openModel(t, playRace(t, problem), 1)
		for step := 1; step < 3000; step += 1 + step {
			m.runner.Seek(step)
			m.reach()
			for _, size := range [][2]int{{60, 20}, {80, 24}, {120, 36}, {200, 50}} {
				m.Arrangement = panel.ShowCurves
				resize(m, size[0], size[1])
				m.dirty = true
				seen := map[string]bool{}
				for _, name := range namesIn(m) {
					isTitle := slices.ContainsFunc(m.runner.Lanes(), func(l *race.Lane) bool { return l.Optimizer().Title == name })
					if !isTitle || seen[name] {
						t.Fatalf("%s, step %d: %q, again %v, in\n%s", problem, step, name, seen[name], textOf(m))
					}
					seen[name] = true
					named++
				}
				area := m.panels.Layout.Curves
				text := ""
				for _, row := range rowsOf(m)[area.Y : area.Y+area.Height] {
					text += row
				}
				for i := range m.Lanes {
					if !strings.ContainsRune(text, m.LaneStyle(i).Marker) {
						t.Fatalf("%s, step %d: no %c in\n%s", problem, step, m.LaneStyle(i).Marker, textOf(m))
					}
				}
			}
		}
	}
	if named < 300 {
		t.Errorf("%d names were seen", named)
	}
}
