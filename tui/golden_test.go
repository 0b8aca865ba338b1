package tui

import (
	"flag"
	"fmt"
	"image/color"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ravine/tui/panel"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
)

// updating reports whether to write the screens in testdata anew. The flag is
// defined by teatest, and there can be only one of that name.
func updating() bool { return flag.Lookup("update").Value.String() == "true" }

// goldenScenes are the screens kept as text. Steps are made by Options.At, never
// by time.
var goldenScenes = []struct {
	name    string
	problem string
	keys    []string
	profile colorprofile.Profile
	light   bool
}{
	{name: "default"},
	{name: "adam-inspector", keys: []string{"k", "i"}},
	{name: "help", keys: []string{"?"}},
	{name: "regression-data", problem: "regression", keys: []string{"shift+tab"}},
	{name: "nag-next-step", keys: []string{"j", "j", "l"}},
	{name: "no-color", profile: colorprofile.ASCII},
	{name: "light-16", profile: colorprofile.ANSI, light: true},
}

const goldenStep = 150

// TestGolden compares whole screens with those in testdata. After a change of
// the looks that is meant: go test ./tui -run TestGolden -update
func TestGolden(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 36}} {
		for _, scene := range goldenScenes {
			name := fmt.Sprintf("%s-%dx%d", scene.name, size[0], size[1])
			t.Run(name, func(t *testing.T) {
				m := openModel(t, playRace(t, panel.Pick(scene.problem == "", "ravine", scene.problem)), goldenStep)
				if scene.profile != 0 {
					m.Update(tea.ColorProfileMsg{Profile: scene.profile})
				}
				m.dark = !scene.light
				m.retheme()
				resize(m, size[0], size[1])
				press(m, scene.keys...)
				compareGolden(t, name, textOf(m))
			})
		}
	}
	t.Run("too-small", func(t *testing.T) {
		m := openDefault(t, goldenStep)
		resize(m, panel.MinWidth-1, panel.MinHeight)
		compareGolden(t, "too-small", textOf(m))
	})
}

func compareGolden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".txt")
	got += "\n"
	if updating() {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got == string(want) {
		return
	}
	wantRows := strings.Split(string(want), "\n")
	for y, row := range strings.Split(got, "\n") {
		if y >= len(wantRows) {
			t.Errorf("row %d: %q is too many", y, row)
		} else if row != wantRows[y] {
			t.Errorf("row %d:\n got %q\nwant %q", y, row, wantRows[y])
		}
	}
	t.Error("if that is meant: go test ./tui -run TestGolden -update")
}

// TestBackground checks that the terminal's answer picks the palette, unless the
// command line has.
func TestBackground(t *testing.T) {
	for _, background := range []string{"", "dark", "light"} {
		t.Run(background, func(t *testing.T) {
			m, err := New(Options{Race: playRace(t, "ravine"), At: 10, Background: background})
			if err != nil {
				t.Fatal(err)
			}
			resize(m, 80, 24)
			before := m.View().Content
			for _, answer := range []color.Color{color.White, color.Black} {
				m.Update(tea.BackgroundColorMsg{Color: answer})
				changed := m.View().Content != before
				if want := background == "" && answer == color.White; changed != want {
					t.Errorf("a background of %v changed the picture: %v, want %v", answer, changed, want)
				}
			}
		})
	}
}
