package tui

import (
	"math"
	"regexp"
	"strings"
	"testing"

	"ravine/tui/panel"
	"ravine/tui/screen"
)

// At the least width the values of γ and the βs stand under their names.
func TestNarrowTableLinesUp(t *testing.T) {
	m := openModel(t, playRace(t, "ravine", "momentum", "adam", "gd"), 10)
	resize(m, panel.MinWidth, panel.MinHeight)
	rows := rowsOf(m)[m.panels.Layout.Lanes.Y:]
	column := func(row int, text string) int { // of its right end
		before, _, found := strings.Cut(rows[row], text)
		if !found {
			t.Fatalf("no %q in %q", text, rows[row])
		}
		return screen.Width(before + text)
	}
	first, second := column(0, "γ or β₁"), column(0, "β₂")
	for row, values := range [][2]string{{" 0.9", "·"}, {" 0.9", "0.999"}} {
		if got := column(row+1, values[0]); got != first {
			t.Errorf("row %d: %s ends in column %d, its name in %d", row, values[0], got, first)
		}
		if got := column(row+1, values[1]); got != second {
			t.Errorf("row %d: %s ends in column %d, its name in %d", row, values[1], got, second)
		}
	}
}

// The table shows what its problem needs, whatever the lanes.
func TestTableShowsWhatTheProblemNeeds(t *testing.T) {
	for _, c := range []struct {
		problem string
		width   int
		head    string
	}{
		{"ravine", 60, "lane η γ or β₁ β₂ loss status"},
		{"ravine", 80, "lane η γ or β₁ β₂ loss ‖∇J‖ step status"},
		{"ravine", 100, "lane η γ β₁ β₂ loss ‖∇J‖ distance step status"},
		{"regression", 80, "lane η γ or β₁ β₂ batch loss step status"},
		{"regression", 100, "lane η γ or β₁ β₂ batch loss ‖∇J‖ distance step status"},
		{"regression", 120, "lane η γ β₁ β₂ batch loss ‖∇J‖ distance step status"},
	} {
		for _, lanes := range [][]string{{"gd"}, {"adam", "momentum"}} {
			m := openModel(t, playRace(t, c.problem, lanes...), 10)
			resize(m, c.width, 24)
			if head := strings.Join(strings.Fields(rowsOf(m)[m.panels.Layout.Lanes.Y]), " "); head != c.head {
				t.Errorf("%s, %d columns, %v: %q, want %q", c.problem, c.width, lanes, head, c.head)
			}
		}
	}
}

// A lane that would go on is said to run only while it does.
func TestStatusOfAPausedRace(t *testing.T) {
	m := openModel(t, playRace(t, "ravine", "adam", "gd:eta=0.0801"), 5)
	text := textOf(m)
	if strings.Contains(text, "running") || !regexp.MustCompile(`Adam .* paused`).MatchString(text) {
		t.Errorf("at rest:\n%s", text)
	}
	if !regexp.MustCompile(`GD .* η too big`).MatchString(text) {
		t.Errorf("a warning is gone:\n%s", text)
	}
	press(m, "space")
	if text := textOf(m); !regexp.MustCompile(`Adam .* running`).MatchString(text) {
		t.Errorf("under way:\n%s", text)
	}
}

// Where there is no data, the rules that sample are plain descent, and say so.
func TestRuleWithoutData(t *testing.T) {
	for problem, want := range map[string]string{"ravine": "SGD in this lane: no data to sample here: same as GD", "regression": "one example at a time"} {
		m := openModel(t, playRace(t, problem, "gd"), 10)
		press(m, "}")
		if status := statusOf(m); !strings.Contains(status, want) {
			t.Errorf("%s: %q, want %q", problem, status, want)
		}
		press(m, "}", "}")
		if status := statusOf(m); strings.Contains(status, "same as GD") {
			t.Errorf("%s: %q", problem, status)
		}
	}
}

// Numbers keep their digits, zeros too, so that columns do not jump.
func TestNumberKeepsItsDigits(t *testing.T) {
	for x, want := range map[float64]string{
		0: "0", math.Inf(1): "∞", 0.333: "0.3330", -0.333: "−0.3330", 9.99996: "10.00", 12: "12.00", 99999.7: "1.00e5",
		0.00011: "1.10e-4", 0.000949: "9.49e-4", 0.00099996: "0.001000", 5.8e-9: "5.80e-9", 8.44e-18: "8.44e-18", -1.2e300: "−1.20e300",
	} {
		if got := panel.Number(x); got != want {
			t.Errorf("number(%v) = %q, want %q", x, got, want)
		}
		if width := screen.Width(panel.Number(x)); width > 9 {
			t.Errorf("number(%v) is %d columns wide", x, width)
		}
	}
}
