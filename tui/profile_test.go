package tui

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"ravine/tui/panel"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
)

var sgr = regexp.MustCompile(`\x1b\[([0-9;]*)m`)

// hues counts the colours of a picture by the kind of terminal they need.
type hues struct{ sixteen, indexed, direct, attributes int }

// huesOf reads every SGR parameter of a picture.
func huesOf(t *testing.T, content string) hues {
	t.Helper()
	var h hues
	for _, match := range sgr.FindAllStringSubmatch(content, -1) {
		parameters := strings.Split(match[1], ";")
		for i := 0; i < len(parameters); i++ {
			n, err := strconv.Atoi("0" + parameters[i])
			switch {
			case err != nil:
				t.Fatalf("%q is no SGR sequence", match[0])
			case (n == 38 || n == 48) && i+2 < len(parameters) && parameters[i+1] == "5":
				h.indexed++
				i += 2
			case (n == 38 || n == 48) && i+4 < len(parameters) && parameters[i+1] == "2":
				h.direct++
				i += 4
			case n >= 30 && n <= 37 || n >= 40 && n <= 47 || n >= 90 && n <= 107:
				h.sixteen++
			case n == 0 || n == 39 || n == 49:
			case n < 10:
				h.attributes++
			default:
				t.Fatalf("%q has an unknown parameter %d", match[0], n)
			}
		}
	}
	return h
}

// TestProfiles draws every view for every kind of terminal: it gets colours of
// its kind and none that it does not know.
func TestProfiles(t *testing.T) {
	allowed := map[colorprofile.Profile]func(hues) bool{
		colorprofile.TrueColor: func(h hues) bool { return h.direct > 0 && h.indexed == 0 },
		colorprofile.ANSI256:   func(h hues) bool { return h.direct == 0 && h.indexed > 0 },
		colorprofile.ANSI:      func(h hues) bool { return h.direct == 0 && h.indexed == 0 && h.sixteen > 0 },
		colorprofile.ASCII:     func(h hues) bool { return h.direct+h.indexed+h.sixteen == 0 && h.attributes > 0 },
		colorprofile.NoTTY:     func(h hues) bool { return h.direct+h.indexed+h.sixteen == 0 },
		colorprofile.Unknown:   func(h hues) bool { return h.direct+h.indexed+h.sixteen == 0 },
	}
	views := map[string]string{"race": "", "surface": "tab", "curves": "tab tab", "data": "tab tab tab", "inspector": "i", "help": "?",
		"next step": "j j j l", "flash": "E", "warning": "b", "tuning all": "a E", "hidden": "x"}
	for profile, fits := range allowed {
		for name, keys := range views {
			for _, dark := range []bool{true, false} {
				t.Run(profile.String()+"/"+name, func(t *testing.T) {
					m := openModel(t, playRace(t, "regression"), 100)
					m.dark = dark
					m.Update(tea.ColorProfileMsg{Profile: profile})
					press(m, strings.Fields(keys)...)
					for _, size := range [][2]int{{80, 24}, {20, 5}} {
						resize(m, size[0], size[1])
						h := huesOf(t, m.View().Content)
						if !fits(h) && size[0] > panel.MinWidth {
							t.Errorf("%v: %+v", size, h)
						}
					}
				})
			}
		}
	}
}
