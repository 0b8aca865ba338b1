package theme

import "ravine/tui/screen"

func rgb(hex uint32) screen.Color {
	return screen.RGB(uint8(hex>>16), uint8(hex>>8), uint8(hex))
}

func rgbs(hex ...uint32) []screen.Color {
	colors := make([]screen.Color, len(hex))
	for i, h := range hex {
		colors[i] = rgb(h)
	}
	return colors
}

func indexed(numbers ...uint8) []screen.Color {
	colors := make([]screen.Color, len(numbers))
	for i, n := range numbers {
		colors[i] = screen.Indexed(n)
	}
	return colors
}

// lineLevels is how many loss levels there are where contour lines or stripes
// show them: more would touch at 80 columns.
const lineLevels = 7

// palette names the colors by their part, so that a theme is one table.
type palette struct {
	dim, faint, title, border, key                      screen.Color
	selectedText, selected, changedText, changed        screen.Color
	good, warn, bad                                     screen.Color
	start, optimum, gradient, velocity, step, lookAhead screen.Color
	lanes                                               func(laneStyle) []screen.Color
	bands                                               []screen.Color
	low                                                 string // how the first of the bands looks
}

func (p *palette) theme() *Theme {
	plain := func(color screen.Color) screen.Style { return screen.Style{Foreground: color} }
	bold := func(color screen.Color) screen.Style {
		return screen.Style{Foreground: color, Attributes: screen.Bold}
	}
	return &Theme{
		Dim:       plain(p.dim),
		Faint:     plain(p.faint),
		Title:     bold(p.title),
		Border:    plain(p.border),
		Selected:  screen.Style{Foreground: p.selectedText, Background: p.selected, Attributes: screen.Bold},
		Changed:   screen.Style{Foreground: p.changedText, Background: p.changed, Attributes: screen.Bold},
		Key:       bold(p.key),
		Good:      plain(p.good),
		Warn:      plain(p.warn),
		Bad:       bold(p.bad),
		Start:     bold(p.start),
		Optimum:   bold(p.optimum),
		Gradient:  plain(p.gradient),
		Velocity:  plain(p.velocity),
		Step:      bold(p.step),
		LookAhead: plain(p.lookAhead),
		Contour:   plain(p.faint),
		Bands:     p.bands,
		heat:      p.bands,
		Low:       p.low,
		levels:    len(p.bands),
		lanes:     laneColors(p.lanes),
	}
}

func trueColorDark() *Theme {
	return (&palette{
		dim: rgb(0x9aa0ae), faint: rgb(0x4a4e5a), title: rgb(0xe8eaf0), border: rgb(0x565b68), key: rgb(0xd6dcea),
		selectedText: rgb(0xf2f4fa), selected: rgb(0x2c3348), changedText: rgb(0x14120a), changed: rgb(0xe8c468),
		good: rgb(0x7fd0a0), warn: rgb(0xe8c468), bad: rgb(0xff8a80),
		start: rgb(0xf2f4fa), optimum: rgb(0xffffff), gradient: rgb(0xc9a27a), velocity: rgb(0x8fb8e8), step: rgb(0xffffff), lookAhead: rgb(0xb6c4a0),
		lanes: func(l laneStyle) []screen.Color { return rgbs(l.dark[:]...) },
		// Indigo through teal to olive.
		bands: rgbs(0x0f0e26, 0x06152e, 0x001a34, 0x002038, 0x00253b, 0x002a3b, 0x002f39,
			0x003335, 0x003731, 0x013b2c, 0x193e29, 0x294127, 0x374327, 0x434529),
		low: "dark",
	}).theme()
}

func trueColorLight() *Theme {
	return (&palette{
		dim: rgb(0x5c6270), faint: rgb(0xb4b8c2), title: rgb(0x1c2030), border: rgb(0xa2a7b3), key: rgb(0x2c3654),
		selectedText: rgb(0x10131c), selected: rgb(0xd9e1f2), changedText: rgb(0x1c1600), changed: rgb(0xf5cf6a),
		good: rgb(0x0b6b3a), warn: rgb(0x7a5200), bad: rgb(0xb3122a),
		start: rgb(0x10131c), optimum: rgb(0x000000), gradient: rgb(0x7d4a16), velocity: rgb(0x1f4f93), step: rgb(0x000000), lookAhead: rgb(0x44572c),
		lanes: func(l laneStyle) []screen.Color { return rgbs(l.light[:]...) },
		// Nearly white through a breath of blue and green to sand.
		bands: rgbs(0xf9fbfd, 0xf3f8fc, 0xecf6fa, 0xe5f4f7, 0xdef2f3, 0xd8efee, 0xd4ede7,
			0xd1eadf, 0xd0e7d6, 0xd1e3cd, 0xd4dfc4, 0xd8dabc, 0xddd5b5, 0xe2cfaf),
		low: "pale",
	}).theme()
}

// The cube of 256 colors has nothing between near-black and a bright teal, and
// its one navy looks brighter than the grays beside it, so its dark ramp is gray.
func cubeDark() *Theme {
	of := screen.Indexed
	return (&palette{
		dim: of(248), faint: of(239), title: of(255), border: of(241), key: of(189),
		selectedText: of(255), selected: of(237), changedText: of(16), changed: of(221),
		good: of(115), warn: of(221), bad: of(210),
		start: of(255), optimum: of(231), gradient: of(180), velocity: of(110), step: of(231), lookAhead: of(151),
		lanes: func(l laneStyle) []screen.Color { return indexed(l.cube[:]...) },
		bands: indexed(232, 233, 234, 235, 236, 237, 238, 239),
		low:   "dark",
	}).theme()
}

func cubeLight() *Theme {
	of := screen.Indexed
	return (&palette{
		dim: of(240), faint: of(250), title: of(234), border: of(248), key: of(236),
		selectedText: of(16), selected: of(189), changedText: of(16), changed: of(221),
		good: of(22), warn: of(58), bad: of(124),
		start: of(16), optimum: of(16), gradient: of(94), velocity: of(24), step: of(16), lookAhead: of(58),
		lanes: func(l laneStyle) []screen.Color { return indexed(l.cubeLight[:]...) },
		// Any tint among so few would look like a feature of the loss.
		bands: indexed(231, 255, 254, 253, 252, 251),
		low:   "pale",
	}).theme()
}

// The sixteen colors are the user's, so nothing is known of their contrast.
// Bright ones are for dark backgrounds and dark ones for light. Backgrounds keep
// to the first eight, since some terminals have no more of them. None of those
// eight is reliably near black and yet not black: a surface striped with blue
// outshone the race and swallowed red. So contour lines are drawn on dark.
func sixteenDark() *Theme {
	of := screen.Indexed
	t := (&palette{
		dim: of(7), faint: of(8), title: of(15), border: of(8), key: of(15),
		selectedText: of(15), selected: of(4), changedText: of(0), changed: of(3),
		good: of(10), warn: of(11), bad: of(9),
		start: of(15), optimum: of(15), gradient: of(3), velocity: of(6), step: of(15), lookAhead: of(2),
		lanes: func(l laneStyle) []screen.Color { return indexed(l.sixteen[:]...) },
	}).theme()
	// Bright black is the background itself in some palettes; blue never is.
	t.Contour.Foreground = of(4)
	t.levels, t.heat = lineLevels, indexed(4, 6, 2, 3)
	return t
}

func sixteenLight() *Theme {
	of := screen.Indexed
	t := (&palette{
		dim: of(8), faint: of(7), title: of(0), border: of(8), key: of(0),
		selectedText: of(0), selected: of(7), changedText: of(0), changed: of(3),
		good: of(2), warn: of(5), bad: of(1),
		start: of(0), optimum: of(0), gradient: of(1), velocity: of(4), step: of(0), lookAhead: of(2),
		lanes: func(l laneStyle) []screen.Color { return indexed(l.sixteenLight[:]...) },
		bands: []screen.Color{screen.Default, screen.Indexed(7)},
	}).theme()
	t.zebra, t.levels, t.heat = true, lineLevels, indexed(4, 6, 2, 3)
	return t
}

// colorless is for NO_COLOR and for terminals without: attributes say what
// color says elsewhere, and markers tell the lanes apart.
func colorless() *Theme {
	with := func(attributes screen.Attribute) screen.Style { return screen.Style{Attributes: attributes} }
	bold, faint := with(screen.Bold), with(screen.Faint)
	return &Theme{
		Dim:       faint,
		Faint:     faint,
		Title:     bold,
		Border:    faint,
		Selected:  with(screen.Reverse),
		Changed:   with(screen.Bold | screen.Underline),
		Key:       bold,
		Good:      bold,
		Warn:      with(screen.Underline),
		Bad:       with(screen.Bold | screen.Reverse),
		Start:     bold,
		Optimum:   bold,
		Gradient:  faint,
		Step:      bold,
		Contour:   faint,
		Colorless: true,
		levels:    lineLevels,
	}
}
