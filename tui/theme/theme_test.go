package theme

import (
	"math"
	"reflect"
	"slices"
	"testing"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"github.com/lucasb-eyer/go-colorful"

	"ravine/optim"
	"ravine/race"
	"ravine/tui/screen"
)

// known are the themes whose colors do not depend on the user's palette, with
// the backgrounds that they assume.
var known = []struct {
	name       string
	theme      *Theme
	background colorful.Color
	text       colorful.Color

	// The least differences: within the line-up that opens the playground, within
	// that and the one for data, between any two rules, and so for every reader.
	six, eight, all, rare float64
	hue                   float64 // how far a rule's shades are from its hue at most
}{
	{"truecolor dark", New(colorprofile.TrueColor, true), hex(0x101014), hex(0xe5e5e5), 12, 10, 15, 7, 20},
	{"truecolor light", New(colorprofile.TrueColor, false), hex(0xfafafa), hex(0x222222), 12, 10, 12, 6, 25},
	// The cube has too few colors in reach to do as well.
	{"256 dark", New(colorprofile.ANSI256, true), hex(0x101014), hex(0xe5e5e5), 10, 6.5, 9.5, 2.5, 40},
	{"256 light", New(colorprofile.ANSI256, false), hex(0xfafafa), hex(0x222222), 10, 6.5, 9, 2, 45},
}

func hex(n uint32) colorful.Color {
	return colorful.Color{R: float64(n>>16) / 255, G: float64(n>>8&255) / 255, B: float64(n&255) / 255}
}

// shown returns a color as xterm shows it, or other for the terminal's own.
func shown(t *testing.T, color screen.Color, other colorful.Color) colorful.Color {
	t.Helper()
	if r, g, b, ok := color.RGB(); ok {
		return colorful.Color{R: float64(r) / 255, G: float64(g) / 255, B: float64(b) / 255}
	}
	n, ok := color.Index()
	switch {
	case !ok:
		return other
	case n < 16:
		t.Fatalf("color %d is the user's own", n)
	case n >= 232:
		return hex(0x010101 * (8 + 10*uint32(n-232)))
	}
	level := [...]uint32{0, 95, 135, 175, 215, 255}
	n -= 16
	return hex(level[n/36]<<16 | level[n/6%6]<<8 | level[n%6])
}

func luminance(c colorful.Color) float64 {
	r, g, b := c.LinearRgb()
	return 0.2126*r + 0.7152*g + 0.0722*b
}

// contrast is the ratio of WCAG 2.
func contrast(a, b colorful.Color) float64 {
	x, y := luminance(a)+0.05, luminance(b)+0.05
	return max(x, y) / min(x, y)
}

func difference(a, b colorful.Color) float64 { return 100 * a.DistanceCIEDE2000(b) }

// visions are what readers see of linear red, green and blue. Machado, Oliveira
// and Fernandes, IEEE TVCG 15 (2009), table 1, severity 1.
var visions = map[string][9]float64{
	"normal": {1, 0, 0, 0, 1, 0, 0, 0, 1},
	"protanopia": {0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216,
		-0.003882, -0.048116, 1.051998},
	"deuteranopia": {0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413,
		-0.011820, 0.042940, 0.968881},
	"tritanopia": {1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602,
		0.004733, 0.691367, 0.303900},
}

func seen(c colorful.Color, m [9]float64) colorful.Color {
	r, g, b := c.LinearRgb()
	return colorful.LinearRgb(m[0]*r+m[1]*g+m[2]*b, m[3]*r+m[4]*g+m[5]*b, m[6]*r+m[7]*g+m[8]*b).Clamped()
}

func TestTextIsLegible(t *testing.T) {
	for _, k := range known {
		th := k.theme
		for _, text := range []struct {
			name  string
			style screen.Style
			least float64
		}{
			{"Text", th.Text, 7}, {"Title", th.Title, 7}, {"Key", th.Key, 7},
			{"Selected", th.Selected, 7}, {"Text selected", th.Text.Over(th.Selected), 7},
			{"Changed", th.Changed, 7}, {"Changed selected", th.Changed.Over(th.Selected), 7},
			{"Dim", th.Dim, 4.5}, {"Dim selected", th.Dim.Over(th.Selected), 4.5},
			{"Good", th.Good, 4.5}, {"Warn", th.Warn, 4.5}, {"Bad", th.Bad, 4.5},
			{"Good selected", th.Good.Over(th.Selected), 4.5},
			{"Warn selected", th.Warn.Over(th.Selected), 4.5},
			{"Bad selected", th.Bad.Over(th.Selected), 4.5},
			{"Border", th.Border, 1.8}, {"Faint", th.Faint, 1.5},
		} {
			foreground := shown(t, text.style.Foreground, k.text)
			background := shown(t, text.style.Background, k.background)
			if got := contrast(foreground, background); got < text.least {
				t.Errorf("%s: %s has a contrast of %.2f, want %v", k.name, text.name, got, text.least)
			}
		}
		if got := difference(shown(t, th.Selected.Background, k.text), k.background); got < 7 {
			t.Errorf("%s: the selected row differs by %.1f only", k.name, got)
		}
	}
}

func TestRaceStandsOutFromTheSurface(t *testing.T) {
	for _, k := range known {
		drawn := map[string]screen.Color{
			"start": k.theme.Start.Foreground, "optimum": k.theme.Optimum.Foreground,
			"gradient": k.theme.Gradient.Foreground, "velocity": k.theme.Velocity.Foreground,
			"step": k.theme.Step.Foreground, "look-ahead": k.theme.LookAhead.Foreground,
		}
		for _, rule := range rules() {
			drawn[rule] = k.theme.Lane(rule, 0).Color
			for variant := range 3 {
				color := shown(t, k.theme.Lane(rule, variant).Color, k.text)
				if got := contrast(color, k.background); got < 3 {
					t.Errorf("%s: lane %d of %s has a contrast of %.2f, want 3", k.name, variant, rule, got)
				}
			}
		}
		grounds := append([]screen.Color{screen.Default, k.theme.Selected.Background}, k.theme.Bands...)
		for name, color := range drawn {
			for _, ground := range grounds {
				got := contrast(shown(t, color, k.text), shown(t, ground, k.background))
				if got < 3 {
					t.Errorf("%s: %s over %#x has a contrast of %.2f, want 3", k.name, name, ground, got)
				}
			}
		}
	}
}

// rules returns the names of the rules that have a look of their own.
func rules() (names []string) {
	for _, o := range optim.All() {
		if _, ok := laneStyles[o.Name]; ok {
			names = append(names, o.Name)
		}
	}
	return names
}

// TestNoRuleIsDrawnAsAnother: nor is one that is new and has no look yet.
func TestNoRuleIsDrawnAsAnother(t *testing.T) {
	if named := rules(); len(laneStyles) != len(named) {
		t.Errorf("%d looks for %d rules", len(laneStyles), len(named))
	}
	wearer := map[rune]string{}
	for _, o := range optim.All() {
		marker := New(colorprofile.TrueColor, true).Lane(o.Name, 0).Marker
		if other, worn := wearer[marker]; worn {
			t.Errorf("%s and %s have the marker %c; give them rows in lane.go", other, o.Name, marker)
		}
		wearer[marker] = o.Name
	}
}

// TestRuleWithoutALook: it is drawn all the same.
func TestRuleWithoutALook(t *testing.T) {
	for variant, marker := range []rune("Nn3") {
		want := Lane{Color: screen.Default, Marker: marker}
		for _, k := range known {
			if got := k.theme.Lane("new", variant); got != want {
				t.Errorf("%s: lane %d: %+v, want %+v", k.name, variant, got, want)
			}
		}
	}
}

// usual are the rules that race where none is named.
func usual(problem string) (names []string) {
	for _, lane := range race.DefaultLanes(problem) {
		names = append(names, lane.Rule)
	}
	return names
}

func TestRulesDifferForEveryReader(t *testing.T) {
	plain, sampled := usual("ravine"), usual("regression")
	isUsual := func(rule string) bool { return slices.Contains(plain, rule) || slices.Contains(sampled, rule) }
	for _, k := range known {
		for vision, matrix := range visions {
			for i, rule := range rules() {
				for _, other := range rules()[:i] {
					least := k.rare // markers tell these apart
					switch {
					case slices.Contains(plain, rule) && slices.Contains(plain, other):
						least = k.six
					case isUsual(rule) && isUsual(other):
						least = k.eight
					case vision == "normal":
						least = k.all
					}
					a, b := shown(t, k.theme.Lane(rule, 0).Color, k.text), shown(t, k.theme.Lane(other, 0).Color, k.text)
					if got := difference(seen(a, matrix), seen(b, matrix)); got < least {
						t.Errorf("%s, %s: %s and %s differ by %.1f, want %v", k.name, vision, other, rule, got, least)
					}
				}
			}
		}
	}
}

// With sixteen colors some rules share one, but none that open side by side do.
func TestUsualRulesDifferInSixteenColors(t *testing.T) {
	for _, dark := range []bool{true, false} {
		for _, problem := range []string{"ravine", "regression"} {
			wearer := map[screen.Color]string{}
			for _, rule := range usual(problem) {
				color := New(colorprofile.ANSI, dark).Lane(rule, 0).Color
				if other, worn := wearer[color]; worn {
					t.Errorf("dark %v: %s and %s have one color", dark, other, rule)
				}
				wearer[color] = rule
			}
		}
	}
}

// TestVariantsAreRelated: further lanes of a rule differ from its first, and are
// of much the same hue.
func TestVariantsAreRelated(t *testing.T) {
	for _, k := range known {
		for _, rule := range rules() {
			shades := make([]colorful.Color, 3)
			for variant := range shades {
				shades[variant] = shown(t, k.theme.Lane(rule, variant).Color, k.text)
				for other := range variant {
					if got := difference(shades[variant], shades[other]); got < 8 {
						t.Errorf("%s: lanes %d and %d of %s differ by %.1f, want 8", k.name, other, variant, rule, got)
					}
				}
			}
			hue, chroma, _ := shades[0].Hcl()
			for variant, shade := range shades {
				h, c, _ := shade.Hcl()
				away := math.Abs(math.Remainder(h-hue, 360))
				if gray := min(c, chroma) < 0.15; !gray && away > k.hue {
					t.Errorf("%s: lane %d of %s is %.0f° from the rule's hue, want at most %v", k.name, variant, rule, away, k.hue)
				}
			}
		}
	}
	for _, dark := range []bool{true, false} {
		for _, rule := range rules() {
			sixteen := New(colorprofile.ANSI, dark)
			if sixteen.Lane(rule, 0).Color == sixteen.Lane(rule, 1).Color {
				t.Errorf("16 colors, dark %v: two lanes of %s have one color", dark, rule)
			}
		}
	}
}

// A rule has much the same color in 256 colors as in all.
func TestRulesKeepTheirColors(t *testing.T) {
	for i, k := range known[2:] {
		for _, rule := range rules() {
			color := shown(t, k.theme.Lane(rule, 0).Color, k.text)
			full := shown(t, known[i].theme.Lane(rule, 0).Color, known[i].text)
			if got := difference(color, full); got > 20 {
				t.Errorf("%s: %s is %.1f away from its color in %s", k.name, rule, got, known[i].name)
			}
		}
	}
}

func TestBandsAreARamp(t *testing.T) {
	for _, k := range known {
		if k.theme.Levels() != len(k.theme.Bands) || len(k.theme.Bands) < 6 {
			t.Errorf("%s: %d levels, %d bands", k.name, k.theme.Levels(), len(k.theme.Bands))
		}
		// The ramp leads away from the background's own lightness.
		sign := 1.0
		if luminance(k.background) > 0.5 {
			sign = -1
		}
		for i, band := range k.theme.Bands[1:] {
			a, b := shown(t, k.theme.Bands[i], k.text), shown(t, band, k.text)
			before, _, _ := a.Lab()
			after, _, _ := b.Lab()
			if sign*(after-before) <= 0 {
				t.Errorf("%s: lightness turns back between bands %d and %d", k.name, i, i+1)
			}
			if got := difference(a, b); got < 1.6 {
				t.Errorf("%s: bands %d and %d differ by %.1f only", k.name, i, i+1, got)
			}
		}
	}
}

func TestBandBeyondTheRamp(t *testing.T) {
	ramp := New(colorprofile.TrueColor, true)
	if ramp.Band(-5) != ramp.Bands[0] || ramp.Band(99) != ramp.Bands[13] {
		t.Error("a ramp does not end in its ends")
	}
	zebra := New(colorprofile.ANSI, false)
	for level := -4; level < 20; level++ {
		if zebra.Band(level) == zebra.Band(level+1) {
			t.Errorf("no contour line between levels %d and %d in 16 colors", level, level+1)
		}
	}
	for _, profile := range []colorprofile.Profile{colorprofile.ASCII, colorprofile.ANSI} {
		if lines := New(profile, true); lines.Band(3) != screen.Default || len(lines.Bands) != 0 {
			t.Errorf("%v: there is a band where lines are drawn", profile)
		}
	}
}

func TestHeat(t *testing.T) {
	th := New(colorprofile.ANSI256, true)
	last := th.Bands[len(th.Bands)-1]
	for value, want := range map[float64]screen.Color{
		0: th.Bands[0], 1: last, -1: th.Bands[0], math.Inf(1): last, math.Inf(-1): th.Bands[0],
	} {
		if got := th.Heat(value); got != want {
			t.Errorf("Heat(%v) = %#x, want %#x", value, got, want)
		}
	}
	if th.Heat(math.NaN()) != screen.Default || New(colorprofile.NoTTY, false).Heat(0.5) != screen.Default {
		t.Error("there is heat where there is none")
	}
}

func TestMarkersAndContoursAreOneColumnWide(t *testing.T) {
	th := New(colorprofile.ASCII, true)
	markers := map[rune]bool{}
	for _, rule := range rules() {
		own := map[rune]bool{}
		for variant := range mostOfOneRule {
			marker := th.Lane(rule, variant).Marker
			if own[marker] || variant < 2 && markers[marker] {
				t.Errorf("%c of lane %d of %s is taken", marker, variant, rule)
			}
			own[marker], markers[marker] = true, true
		}
	}
	contours := map[rune]bool{}
	for level := -1; level <= th.Levels(); level++ {
		contours[th.ContourRune(level)] = true
	}
	if len(contours) != 3 {
		t.Errorf("%d contour glyphs, want 3", len(contours))
	}
	for r := range contours {
		markers[r] = true
	}
	for r := range markers {
		if ansi.StringWidth(string(r)) != 1 || ansi.StringWidthWc(string(r)) != 1 {
			t.Errorf("%q is not one column wide", r)
		}
	}
}

// mostOfOneRule is how many lanes the playground makes at most.
const mostOfOneRule = 24

// colorsOf returns all the colors of a theme, unexported ones too.
func colorsOf(value reflect.Value) (colors []screen.Color) {
	switch {
	case value.Type() == reflect.TypeFor[screen.Color]():
		return []screen.Color{screen.Color(value.Uint())}
	case value.Kind() == reflect.Struct:
		for i := range value.NumField() {
			colors = append(colors, colorsOf(value.Field(i))...)
		}
	case value.Kind() == reflect.Map:
		for _, key := range value.MapKeys() {
			colors = append(colors, colorsOf(value.MapIndex(key))...)
		}
	case value.Kind() == reflect.Slice || value.Kind() == reflect.Array:
		for i := range value.Len() {
			colors = append(colors, colorsOf(value.Index(i))...)
		}
	}
	return colors
}

func TestNoColorBeyondTheProfile(t *testing.T) {
	for profile, allowed := range map[colorprofile.Profile]func(screen.Color) bool{
		colorprofile.TrueColor: func(c screen.Color) bool { _, _, _, ok := c.RGB(); return ok },
		colorprofile.ANSI256:   func(c screen.Color) bool { n, ok := c.Index(); return ok && n >= 16 },
		colorprofile.ANSI:      func(c screen.Color) bool { n, ok := c.Index(); return ok && n < 16 },
		colorprofile.ASCII:     func(screen.Color) bool { return false },
		colorprofile.NoTTY:     func(screen.Color) bool { return false },
		colorprofile.Unknown:   func(screen.Color) bool { return false },
	} {
		for _, dark := range []bool{true, false} {
			colors := colorsOf(reflect.ValueOf(*New(profile, dark)))
			if len(colors) < 30 {
				t.Fatalf("%v: found only %d colors", profile, len(colors))
			}
			for _, color := range colors {
				if color != screen.Default && !allowed(color) {
					t.Errorf("%v: color %#x", profile, color)
				}
			}
		}
	}
}
