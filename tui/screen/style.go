// Package screen is a grid of terminal cells that is painted once a frame.
//
// Every panel draws into the same [Grid]; [Grid.String] turns it into text with
// one escape sequence a run of equal style. Nothing here knows which terminal
// shows it: which colours may be used is decided by whoever picks the styles.
package screen

import "strconv"

// Color is the color of a cell's text or background: the terminal's own, one of
// its 256 numbered colors, or red, green and blue. Colors are comparable.
type Color uint32

// Default is the terminal's own foreground or background, the zero value.
const Default Color = 0

// The upper byte of a Color says what the lower three hold.
const (
	kindIndexed Color = 1 << 24
	kindRGB     Color = 2 << 24
	kindMask    Color = 0xff << 24
)

// Indexed returns one of the terminal's numbered colors: 0–15 are the user's
// own palette, 16–231 a 6×6×6 cube, 232–255 grays.
func Indexed(n uint8) Color { return kindIndexed | Color(n) }

// RGB returns a color of 24 bits.
func RGB(r, g, b uint8) Color {
	return kindRGB | Color(r)<<16 | Color(g)<<8 | Color(b)
}

// Index returns the number of an Indexed color, and whether c is one.
func (c Color) Index() (n uint8, ok bool) {
	return uint8(c), c&kindMask == kindIndexed
}

// RGB returns the components of an RGB color, and whether c is one.
func (c Color) RGB() (r, g, b uint8, ok bool) {
	return uint8(c >> 16), uint8(c >> 8), uint8(c), c&kindMask == kindRGB
}

// Attribute is a set of ways to set off text without color.
type Attribute uint8

// The attributes that every terminal of the last decades has.
const (
	Bold Attribute = 1 << iota
	Faint
	Underline
	Reverse
)

// Style is the look of a cell. The zero value is the terminal's own.
type Style struct {
	Foreground, Background Color
	Attributes             Attribute
}

// Over returns s laid over base: the colors of s where it names one, those of
// base elsewhere, and the attributes of both. A panel that draws its rows with
// style.Over(row) need not know which row is the selected one.
func (s Style) Over(base Style) Style {
	if s.Foreground == Default {
		s.Foreground = base.Foreground
	}
	if s.Background == Default {
		s.Background = base.Background
	}
	s.Attributes |= base.Attributes
	return s
}

const reset = "\x1b[m"

// decimals holds ";0" to ";255", since formatting numbers would be most of a
// frame's cost.
var decimals = func() (table [256]struct {
	digits [4]byte
	length int
}) {
	for n := range table {
		table[n].length = copy(table[n].digits[:], ";"+strconv.Itoa(n))
	}
	return table
}()

// appendDecimal appends ";" and n. Four bytes are one store, however many count.
func appendDecimal(buffer []byte, n uint8) []byte {
	decimal := &decimals[n]
	end := len(buffer) + decimal.length
	return append(buffer, decimal.digits[:]...)[:end]
}

// appendTransition appends the one escape sequence that turns the terminal from
// style from into style to, which differ.
func appendTransition(buffer []byte, from, to Style) []byte {
	if to == (Style{}) {
		return append(buffer, reset...)
	}
	buffer = append(buffer, '\x1b')
	bracket := len(buffer)
	if from.Attributes != to.Attributes {
		// "Bold off" is not understood everywhere, so attributes start afresh.
		buffer = append(buffer, ";0"...)
		buffer = appendAttributes(buffer, to.Attributes)
		from = Style{}
	}
	if from.Foreground != to.Foreground {
		buffer = appendColor(buffer, to.Foreground, 30)
	}
	if from.Background != to.Background {
		buffer = appendColor(buffer, to.Background, 40)
	}
	// Each parameter brings its ';'. The first stands where '[' has to.
	buffer[bracket] = '['
	return append(buffer, 'm')
}

func appendAttributes(buffer []byte, attributes Attribute) []byte {
	if attributes&Bold != 0 {
		buffer = append(buffer, ";1"...)
	}
	if attributes&Faint != 0 {
		buffer = append(buffer, ";2"...)
	}
	if attributes&Underline != 0 {
		buffer = append(buffer, ";4"...)
	}
	if attributes&Reverse != 0 {
		buffer = append(buffer, ";7"...)
	}
	return buffer
}

// appendColor appends the parameters for a color; base is 30 for a foreground
// and 40 for a background.
func appendColor(buffer []byte, color Color, base uint8) []byte {
	switch n := uint8(color); {
	case color == Default:
		return appendDecimal(buffer, base+9)
	case color&kindMask == kindRGB:
		buffer = append(appendDecimal(buffer, base+8), ";2"...)
		buffer = appendDecimal(buffer, uint8(color>>16))
		buffer = appendDecimal(buffer, uint8(color>>8))
		return appendDecimal(buffer, n)
	case n < 8:
		return appendDecimal(buffer, base+n)
	case n < 16:
		return appendDecimal(buffer, base+60+n-8)
	default:
		buffer = append(appendDecimal(buffer, base+8), ";5"...)
		return appendDecimal(buffer, n)
	}
}
