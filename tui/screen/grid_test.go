package screen

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/hinshun/vt10x"
	"pgregory.net/rapid"
)

var red = Style{Foreground: Indexed(1)}

func TestText(t *testing.T) {
	for _, test := range []struct {
		name, text  string
		width, used int
		want        string // of a row of ten columns that held "----------"
	}{
		{"fits", "loss", 10, 4, "loss------"},
		{"exactly", "0123456789", 10, 10, "0123456789"},
		{"cut", "momentum", 5, 5, "mome…-----"},
		{"one column", "momentum", 1, 1, "…---------"},
		{"no column", "momentum", 0, 0, "----------"},
		{"less than none", "momentum", -3, 0, "----------"},
		{"empty", "", 10, 0, "----------"},
		{"combining mark", "m\u0302 = 1", 10, 5, "m\u0302 = 1-----"},
		{"second mark dropped", "m\u0302\u0301!", 10, 2, "m\u0302!--------"},
		{"wide", "漢字", 10, 4, "漢字------"},
		{"wide cut between", "漢字漢字", 6, 5, "漢字…-----"},
		{"wide cut by half", "漢字", 3, 3, "漢…-------"},
		{"family becomes its first", "👩‍👧!", 10, 3, "👩!-------"},
		{"control", "a\x1b[1mb\n", 10, 7, "a\ufffd[1mb\ufffd---"},
		{"C1 control", "a\u009bb", 10, 3, "a\ufffdb-------"},
		{"right-to-left override", "a\u202eb", 10, 3, "a\ufffdb-------"},
		{"flag", "🇫🇷", 10, 1, "\ufffd---------"},
		{"not UTF-8", "a\xffb", 10, 3, "a\ufffdb-------"},
		{"variation selector", "★\ufe0f", 10, 1, "★---------"},
		{"mark alone", "\u0302x", 10, 2, "\ufffdx--------"},
	} {
		t.Run(test.name, func(t *testing.T) {
			g := New(10, 1)
			g.Fill(g.Area(), '-', Style{})
			used := g.Text(0, 0, test.width, test.text, Style{})
			if got := g.String(); got != test.want || used != test.used {
				t.Errorf("Text(%q) drew %q in %d columns, want %q in %d", test.text, got, used, test.want, test.used)
			}
		})
	}
}

// isPlain is a short cut, which must lead where the long way does.
func TestPlainRunesFillOneCell(t *testing.T) {
	plain := 0
	for r := rune(0); r < 0x10000; r++ {
		if !isPlain(r) {
			continue
		}
		plain++
		if width := ansi.StringWidth(string(r)); width != 1 || clusterCount('a', r, r, 'a', r) != 5 {
			t.Errorf("%q %U is not plain: %d columns", r, r, width)
		}
	}
	if plain < 1000 {
		t.Errorf("only %d plain runes", plain)
	}
}

func TestTextRight(t *testing.T) {
	g := New(8, 3)
	for y, text := range []string{"1.5", "漢", "123456789"} {
		g.TextRight(1, y, 6, text, Style{})
	}
	if got, want := g.String(), "    1.5 \n     漢 \n 12345… "; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTextClips(t *testing.T) {
	g := New(4, 1)
	g.Text(-2, 0, 10, "abcdefgh", Style{})
	g.Text(0, -1, 4, "above", Style{})
	g.Text(0, 1, 4, "below", Style{})
	if got, want := g.String(), "cdef"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestOneSequenceARun(t *testing.T) {
	g := New(7, 2)
	g.Text(0, 0, 2, "ab", red)
	g.Text(2, 0, 1, "c", Style{Foreground: Indexed(1), Background: RGB(1, 20, 255)})
	g.Text(3, 0, 1, "d", Style{Background: RGB(1, 20, 255)})
	g.Text(4, 0, 1, "e", Style{Foreground: Indexed(200), Attributes: Bold | Reverse})
	g.Text(6, 0, 1, "f", Style{Background: Indexed(15), Attributes: Underline | Faint})
	want := "\x1b[31mab\x1b[48;2;1;20;255mc\x1b[39md\x1b[0;1;7;38;5;200me\x1b[m \x1b[0;2;4;107mf\x1b[m\n       "
	if got := g.String(); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestBox(t *testing.T) {
	for _, test := range []struct {
		width, height int
		title         string
		want          string
	}{
		{12, 3, "loss", "╭─ loss ───╮\n│          │\n╰──────────╯"},
		{9, 2, "surface", "╭─ su… ─╮\n╰───────╯"},
		{6, 2, "surface", "╭────╮\n╰────╯"},
		{4, 3, "", "╭──╮\n│  │\n╰──╯"},
		{2, 2, "t", "╭╮\n╰╯"},
		{1, 3, "t", " \n \n "},
	} {
		g := New(test.width, test.height)
		inner := g.Box(g.Area(), test.title, Style{}, Style{})
		if got := g.String(); got != test.want {
			t.Errorf("%d×%d: got\n%s\nwant\n%s", test.width, test.height, got, test.want)
		}
		if want := g.Area().Inset(1, 1); inner != want {
			t.Errorf("%d×%d: within is %v, want %v", test.width, test.height, inner, want)
		}
	}
}

func TestWideRunesAreNeverHalved(t *testing.T) {
	for _, test := range []struct {
		name string
		draw func(g *Grid)
		want string
	}{
		{"left half covered", func(g *Grid) { g.Set(0, 0, 'x', Style{}) }, "x 字 "},
		{"right half covered", func(g *Grid) { g.Set(1, 0, 'x', Style{}) }, " x字 "},
		{"both neighbours covered", func(g *Grid) { g.Set(1, 0, '漢', Style{}) }, " 漢  "},
		{"no room", func(g *Grid) { g.Set(4, 0, '漢', Style{}) }, "漢字 "},
		{"filled", func(g *Grid) { g.Fill(g.Area(), '火', Style{}) }, "火火 "},
		{"before the grid", func(g *Grid) { g.Set(-1, 0, '火', Style{}) }, "漢字 "},
	} {
		g := New(5, 1)
		g.Text(0, 0, 5, "漢字", Style{})
		test.draw(g)
		if got := g.String(); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

func TestForegroundAlone(t *testing.T) {
	g := New(4, 1)
	g.Clear(Style{Background: Indexed(4), Attributes: Bold})
	g.SetForeground(0, 0, '●', Indexed(9))
	if got, want := g.Cell(0, 0), (Cell{Rune: '●', Style: Style{Indexed(9), Indexed(4), Bold}}); got != want {
		t.Errorf("SetForeground made %v, want %v", got, want)
	}
}

func TestStyleOver(t *testing.T) {
	row := Style{Indexed(15), Indexed(4), Bold}
	if got, want := red.Over(row), (Style{Indexed(1), Indexed(4), Bold}); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := row.Over(Style{}); got != row {
		t.Errorf("over nothing: got %v, want %v", got, row)
	}
}

// anything draws random things at random places, also outside of the grid.
func anything(t *rapid.T, g *Grid) {
	text := rapid.StringOf(rapid.OneOf(
		rapid.Rune(),
		rapid.RuneFrom([]rune("ab ─⣿▀●η漢字가ᄀ각ᆨ👩\u200d👧🏽🇫🇷\u0302\ufe0f\u0915\u094d\u0937\u200b\u202e\u0600\t\n\r\x1b\x9b\x7f\x00")),
	))
	place := rapid.IntRange(-3, 24)
	for range rapid.IntRange(1, 12).Draw(t, "times") {
		x, y, width := place.Draw(t, "x"), place.Draw(t, "y"), place.Draw(t, "width")
		area := Area{x, y, width, place.Draw(t, "height")}
		style := Style{
			Foreground: Color(rapid.SampledFrom([]Color{Default, Indexed(3), Indexed(12), Indexed(99), RGB(0, 128, 255)}).Draw(t, "fg")),
			Background: Color(rapid.SampledFrom([]Color{Default, Indexed(0), Indexed(8), RGB(9, 9, 9)}).Draw(t, "bg")),
			Attributes: Attribute(rapid.IntRange(0, 15).Draw(t, "attributes")),
		}
		words := text.Draw(t, "text")
		first := []rune(words + "漢")[0]
		switch rapid.IntRange(0, 5).Draw(t, "how") {
		case 0:
			if used := g.Text(x, y, width, words, style); used > max(0, width) {
				t.Fatalf("Text used %d columns of %d", used, width)
			}
		case 1:
			g.TextRight(x, y, width, words, style)
		case 2:
			g.Box(area, words, style, style)
		case 3:
			g.Fill(area, first, style)
		case 4:
			g.Set(x, y, first, style)
		case 5:
			g.SetForeground(x, y, first, style.Foreground)
		}
	}
}

func TestEveryLineIsExactlyTheWidth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width, height := rapid.IntRange(0, 20).Draw(t, "columns"), rapid.IntRange(0, 8).Draw(t, "rows")
		g := New(width, height)
		anything(t, g)
		lines := strings.Split(g.String(), "\n")
		if len(lines) != max(1, height) {
			t.Fatalf("%d lines, want %d", len(lines), height)
		}
		for _, line := range lines {
			if height > 0 && (ansi.StringWidth(line) != width || ansi.StringWidth(ansi.Strip(line)) != width) {
				t.Fatalf("line %q is %d columns wide, want %d", line, ansi.StringWidth(line), width)
			}
			if last := strings.LastIndex(line, "\x1b"); last >= 0 && !strings.HasPrefix(line[last:], reset) {
				t.Fatalf("line %q leaves its style on", line)
			}
			for _, r := range ansi.Strip(line) {
				if r < 0x20 || r >= 0x7f && r < 0xa0 {
					t.Fatalf("line %q holds the control character %U", line, r)
				}
			}
		}
	})
}

func TestTerminalShowsWhatWasDrawn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const width, height = 20, 6
		g := New(width, height)
		runes := rapid.RuneFrom([]rune("abcXYZ019 .:─│╭╯▀▄█⠁⡇⣿●■▲"))
		colors := rapid.SampledFrom([]Color{Default, Indexed(2), Indexed(9), Indexed(16), Indexed(231), RGB(1, 2, 3), RGB(255, 0, 128)})
		for range 60 {
			x, y := rapid.IntRange(0, width-1).Draw(t, "x"), rapid.IntRange(0, height-1).Draw(t, "y")
			g.Set(x, y, runes.Draw(t, "rune"), Style{colors.Draw(t, "fg"), colors.Draw(t, "bg"), 0})
		}
		terminal := vt10x.New(vt10x.WithSize(width, height))
		if _, err := terminal.Write([]byte(strings.ReplaceAll(g.String(), "\n", "\r\n"))); err != nil {
			t.Fatal(err)
		}
		for y := range height {
			for x := range width {
				cell, glyph := g.Cell(x, y), terminal.Cell(x, y)
				foreground := emulated(cell.Style.Foreground, vt10x.DefaultFG)
				background := emulated(cell.Style.Background, vt10x.DefaultBG)
				if glyph.Char != cell.Rune || glyph.FG != foreground || glyph.BG != background {
					t.Fatalf("at %d,%d the terminal shows %q %v on %v, want %q %v on %v", x, y,
						glyph.Char, glyph.FG, glyph.BG, cell.Rune, foreground, background)
				}
			}
		}
	})
}

// emulated returns a color as the emulator numbers it.
func emulated(color Color, own vt10x.Color) vt10x.Color {
	if n, ok := color.Index(); ok {
		return vt10x.Color(n)
	}
	if r, g, b, ok := color.RGB(); ok {
		return vt10x.Color(r)<<16 | vt10x.Color(g)<<8 | vt10x.Color(b)
	}
	return own
}

func TestResize(t *testing.T) {
	g := New(3, 2)
	g.Text(0, 0, 3, "old", red)
	for _, size := range [][2]int{{5, 3}, {0, 0}, {-4, 7}, {2, -1}, {4, 1}} {
		g.Resize(size[0], size[1])
		if text := strings.Trim(g.String(), " \n"); text != "" {
			t.Errorf("%v: %q remains", size, text)
		}
		if area := g.Area(); area != (Area{0, 0, max(0, size[0]), max(0, size[1])}) {
			t.Errorf("%v: the grid is %v", size, area)
		}
	}
}
