// Package theme has the colors and glyphs of the playground for every kind of
// terminal: 24-bit color, 256, 16 and none, on dark and on light backgrounds.
//
// The terminal's own background stays, and so does its own text color wherever
// text has no meaning of its own: a wrong guess of dark or light then costs
// beauty but never legibility. The calmest thing on screen is the surface, the
// liveliest are the lanes over it.
package theme

import (
	"math"

	"github.com/charmbracelet/colorprofile"

	"ravine/tui/screen"
)

// Theme is a set of styles that fit together. It never changes after New, so
// sessions can share one.
type Theme struct {
	Text   screen.Style // what is read
	Dim    screen.Style // what is read second: units, labels, axes
	Faint  screen.Style // what is only seen: grid lines
	Title  screen.Style // of a panel or of the program
	Border screen.Style // around a panel
	// Selected is the look of a whole row. Draw the row's texts with
	// style.Over(Selected) and its marker with SetForeground.
	Selected screen.Style
	Changed  screen.Style // a value that has just changed, for a moment
	Key      screen.Style // the name of a key in the footer and the help

	Good screen.Style // converged
	Warn screen.Style
	Bad  screen.Style // diverged

	// These are drawn over the surface, as foregrounds over its bands.
	Start, Optimum                      screen.Style
	Gradient, Velocity, Step, LookAhead screen.Style
	// Contour draws ContourRune where there are no Bands.
	Contour screen.Style

	// Bands are the backgrounds of the loss levels, from the valley up; see
	// Band. Where there are none, draw ContourRune where the level changes: with
	// 16 colors on dark, and without color.
	Bands []screen.Color
	// Low is how the lowest of the Bands looks, in a word; empty where they are no
	// ramp.
	Low string

	// Colorless says that only markers tell lanes apart: draw them along the path,
	// not at its end alone.
	Colorless bool

	levels int
	zebra  bool
	heat   []screen.Color
	lanes  map[string][]screen.Color // by rule; none without color
}

// New returns the theme for a terminal. A profile that is not known, and output
// that is not a terminal, get no color.
func New(profile colorprofile.Profile, dark bool) *Theme {
	switch {
	case profile == colorprofile.TrueColor && dark:
		return trueColorDark()
	case profile == colorprofile.TrueColor:
		return trueColorLight()
	case profile == colorprofile.ANSI256 && dark:
		return cubeDark()
	case profile == colorprofile.ANSI256:
		return cubeLight()
	case profile == colorprofile.ANSI && dark:
		return sixteenDark()
	case profile == colorprofile.ANSI:
		return sixteenLight()
	default:
		return colorless()
	}
}

// Levels returns into how many loss levels a surface is best divided.
func (t *Theme) Levels() int { return t.levels }

// Band returns the background of a loss level, 0 being the valley. Levels
// beyond the ramp get its end. With 16 colors on light, which have no ramp, the
// Bands alternate instead: the edge between two of them is a contour line, and
// the surface need not know the difference. One band is then screen.Default, so
// draw its half of a half-block as the background. Without Bands it is Default.
func (t *Theme) Band(level int) screen.Color {
	n := len(t.Bands)
	switch {
	case n == 0:
		return screen.Default
	case t.zebra:
		return t.Bands[(level%n+n)%n]
	default:
		return t.Bands[min(max(level, 0), n-1)]
	}
}

// ContourRune returns the glyph that draws the contour line at a loss level
// where there are no Bands: the denser, the higher.
func (t *Theme) ContourRune(level int) rune {
	glyphs := [...]rune{'·', ':', '='}
	step := (t.levels + len(glyphs) - 1) / len(glyphs)
	return glyphs[min(max(level/step, 0), len(glyphs)-1)]
}

// Heat returns the background for a value between 0, the best, and 1, the
// worst. Without color, and for NaN, it is the terminal's own.
func (t *Theme) Heat(value float64) screen.Color {
	if len(t.heat) == 0 || math.IsNaN(value) {
		return screen.Default
	}
	last := float64(len(t.heat) - 1)
	return t.heat[int(math.Round(min(max(value, 0), 1)*last))]
}
