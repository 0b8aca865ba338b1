package tui

import (
	"strings"
	"testing"

	"ravine/tui/panel"
)

// Texts are as long as there is room for, and columns about equally long.
func TestHelpUsesTheRoom(t *testing.T) {
	m := openDefault(t, 10)
	press(m, "?")
	for size, want := range map[[2]int]string{
		{120, 36}: "move the start",
		{200, 50}: "move the start point; a click on the surface sets it",
	} {
		resize(m, size[0], size[1])
		if text := textOf(m); !strings.Contains(text, want) {
			t.Errorf("%v: no %q in\n%s", size, want, text)
		}
		columns := panel.HelpPages(m.Keys, m.panels.Layout.Help)[0]
		if len(columns) != 2 || len(columns[0]) > 2*len(columns[1]) {
			t.Errorf("%v: columns of %d and %d rows", size, len(columns[0]), len(columns[len(columns)-1]))
		}
	}
}

// While the help is open the footer says how to get on.
func TestHelpFooter(t *testing.T) {
	footer := func(m *Model) string { return strings.TrimSpace(rowsOf(m)[m.Height-1]) }
	m := openDefault(t, 10)
	open := footer(m)
	press(m, "?")
	if got := footer(m); got != "? or esc close" {
		t.Errorf("one page: %q", got)
	}
	resize(m, 80, 24)
	if got := footer(m); got != "? next page  esc close" {
		t.Errorf("first page of two: %q", got)
	}
	press(m, "?")
	if got := footer(m); got != "? or esc close" {
		t.Errorf("last page: %q", got)
	}
	press(m, "?")
	resize(m, 120, 36)
	if got := footer(m); got != open {
		t.Errorf("closed: %q, was %q", got, open)
	}
}
