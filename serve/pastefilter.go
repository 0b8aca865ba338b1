package serve

import (
	"bytes"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// pasteFilter cuts what a terminal sends into units: a character, a key, a click, an
// answer. A unit passes when it is whole, and in a form that can be read in one
// way only. What the reader of events would store without bound does not pass:
// pastes, which the playground has no use for, console key records (CSI … _),
// 8-bit controls, and strings but the one that is asked for.
type pasteFilter struct {
	state  pasteState
	unit   [longestUnit]byte // what has come of a unit
	length int               // of that
	spoilt bool              // the unit is too long, or not one
	match  int               // bytes of pasteEnd seen
	// answered takes one of the questions where the cursor is that are still open,
	// and reports whether there was one.
	answered func() bool
}

type pasteState int

const (
	inText pasteState = iota
	afterEscape
	inCSI
	inSS3
	inClick  // the three bytes that follow CSI M
	inString // OSC, DCS, APC, PM or SOS
	inStringEnd
	inPaste
)

const (
	escape   = 0x1b
	bell     = 0x07
	pasteEnd = "\x1b[201~"
	// longestUnit bounds a unit in bytes; a mouse click has some 15.
	longestUnit = 64
	// longestKey is the number of digits of the keys that end in ~: 34 at most.
	longestKey = 2
	// escapeKey and backgroundColor are how the escape key and the answer to
	// the question for the background pass.
	escapeKey       = "\x1b[27u"
	backgroundColor = "]11;"
)

// next appends to out the unit that b completes, if it does.
func (s *pasteFilter) next(out []byte, b byte) []byte {
	switch s.state {
	case afterEscape:
		return s.afterEscape(out, b)
	case inCSI:
		return s.inCSI(out, b)
	case inSS3:
		return s.inSS3(out, b)
	case inClick:
		return s.inClick(out, b)
	case inString, inStringEnd:
		return s.inString(out, b)
	case inPaste:
		s.inPaste(b)
		return out
	}
	if b == escape {
		return s.begin(out)
	}
	return s.text(out, b)
}

// begin begins a unit with an escape.
func (s *pasteFilter) begin(out []byte) []byte {
	s.reset()
	s.state = afterEscape
	s.keep(escape)
	return out
}

func (s *pasteFilter) reset() { s.state, s.length, s.spoilt = inText, 0, false }

func (s *pasteFilter) keep(b byte) {
	if s.length == longestUnit {
		s.spoilt = true
		return
	}
	s.unit[s.length] = b
	s.length++
}

// emit lets the unit pass, unless it is spoilt.
func (s *pasteFilter) emit(out []byte) []byte {
	if s.spoilt {
		return s.drop(out)
	}
	out = append(out, s.unit[:s.length]...)
	s.reset()
	return out
}

// drop forgets the unit, but not the escape key that may have been pressed just
// before it.
func (s *pasteFilter) drop(out []byte) []byte {
	if s.doubled() == 1 {
		out = append(out, escapeKey...)
	}
	s.reset()
	return out
}

// again drops the unit, which b is no part of.
func (s *pasteFilter) again(out []byte, b byte) []byte { return s.next(s.drop(out), b) }

// doubled returns 1 if the unit begins with two escapes, and 0 otherwise.
func (s *pasteFilter) doubled() int {
	if s.length > 1 && s.unit[0] == escape && s.unit[1] == escape {
		return 1
	}
	return 0
}

func (s *pasteFilter) afterEscape(out []byte, b byte) []byte {
	switch {
	case b >= utf8.RuneSelf: // were it dropped later, what follows would stand behind the escape
		return out
	case b == escape:
		if s.doubled() == 1 {
			out, s.length = append(out, escapeKey...), 1
		}
		s.keep(b)
		return out
	}
	s.keep(b)
	switch b {
	case '[':
		s.state = inCSI
	case 'O':
		s.state = inSS3
	case ']', 'P', '_', '^', 'X':
		s.state = inString
	default:
		return s.emit(out)
	}
	return out
}

func (s *pasteFilter) inCSI(out []byte, b byte) []byte {
	switch {
	case b < ' ' || b > '~':
		return s.again(out, b)
	case b < '@':
		// A parameter after what comes between the parameters and the end.
		if last := s.unit[s.length-1]; b >= '0' && last < '0' {
			s.spoilt = true
		}
		s.keep(b)
		return s.shifted(out)
	}
	parameters := s.unit[s.doubled()+2 : s.length]
	first, _, _ := bytes.Cut(parameters, []byte{';'})
	switch {
	case s.spoilt, b == '_':
		return s.drop(out)
	case b == '~' && string(first) == "200":
		out = s.drop(out)
		s.state, s.match = inPaste, 0
		return out
	case b == '~' && len(first) > longestKey: // 0200 may be read as 200 as well
		return s.drop(out)
	case b == 'R' && len(parameters) > 0:
		return s.position(out, string(parameters))
	case b == 'M' && len(parameters) == 0:
		s.state = inClick
	}
	s.keep(b)
	if s.state == inClick {
		return out
	}
	return s.emit(out)
}

// shifted lets CSI NUMBER $ pass, which is how rxvt sends some keys with shift.
func (s *pasteFilter) shifted(out []byte) []byte {
	number, found := bytes.CutSuffix(s.unit[s.doubled()+2:s.length], []byte{'$'})
	if !found || len(number) > longestKey || bytes.ContainsFunc(number, func(r rune) bool { return r < '0' || r > '9' }) {
		return out
	}
	s.length--
	for _, b := range []byte(";2~") {
		s.keep(b)
	}
	return s.emit(out)
}

// position lets the answer pass where the cursor is. In the first row it looks
// like F3 with shift, alt or ctrl, which is what it is where nothing was asked.
func (s *pasteFilter) position(out []byte, parameters string) []byte {
	row, column, ok := numbers(parameters)
	out = s.drop(out)
	switch {
	case !ok:
	case s.answered != nil && s.answered():
		out = append(out, "\x1b[?"+strconv.Itoa(row)+";"+strconv.Itoa(column)+"R"...)
	case row == 1 && 1 < column && column <= 16:
		out = append(out, "\x1b[13;"+strconv.Itoa(column)+"~"...)
	}
	return out
}

// numbers returns the row and the column of a position, which may have a page.
func numbers(parameters string) (row, column int, ok bool) {
	first, rest, _ := strings.Cut(strings.TrimPrefix(parameters, "?"), ";")
	second, _, _ := strings.Cut(rest, ";")
	row, rowErr := strconv.Atoi(first)
	column, columnErr := strconv.Atoi(second)
	return row, column, rowErr == nil && columnErr == nil
}

func (s *pasteFilter) inSS3(out []byte, b byte) []byte {
	switch {
	case '0' <= b && b <= '9':
		s.keep(b)
		return out
	case b <= ' ' || b > '~':
		return s.again(out, b)
	}
	s.keep(b)
	return s.emit(out)
}

// inClick takes the button and the place of a click in the oldest form.
func (s *pasteFilter) inClick(out []byte, b byte) []byte {
	if b == escape {
		return s.begin(s.drop(out))
	}
	if b < ' ' || b > '~' {
		s.spoilt = true
	}
	s.keep(b)
	if s.length < s.doubled()+len("\x1b[M")+3 {
		return out
	}
	return s.emit(out)
}

// inString takes a string. Only the background's colour passes.
func (s *pasteFilter) inString(out []byte, b byte) []byte {
	content := s.unit[s.doubled()+1 : s.length]
	switch {
	case s.state == inStringEnd && b != '\\':
		return s.next(s.begin(s.drop(out)), b)
	case b == bell, s.state == inStringEnd:
		if color, found := bytes.CutPrefix(content, []byte(backgroundColor)); !found || len(color) == 0 {
			s.spoilt = true
		}
		s.keep(bell)
		return s.emit(out)
	case b == escape:
		s.state = inStringEnd
	case b < ' ':
		return s.again(out, b)
	case b >= utf8.RuneSelf:
		s.spoilt = true
	default:
		s.keep(b)
	}
	return out
}

func (s *pasteFilter) inPaste(b byte) {
	switch {
	case b == pasteEnd[s.match]:
		s.match++
	case b == escape:
		s.match = 1
	default:
		s.match = 0
	}
	if s.match == len(pasteEnd) {
		s.reset()
	}
}

// text takes a byte of text. A character passes when it is whole and valid, and
// no control: in a broken one the reader might see an 8-bit control.
func (s *pasteFilter) text(out []byte, b byte) []byte {
	if b < utf8.RuneSelf {
		s.length = 0
		return append(out, b)
	}
	if utf8.RuneStart(b) {
		s.length = 0
	}
	s.keep(b)
	char := s.unit[:s.length]
	if !utf8.FullRune(char) {
		return out
	}
	s.length = 0
	const firstPrintable = 0xa0 // beyond ASCII
	if r, size := utf8.DecodeRune(char); size > 1 && r >= firstPrintable {
		return append(out, char...)
	}
	return out
}

// waiting reports whether a unit has begun, and whether it may be a key by
// itself: escape, or alt and the character that would begin a sequence.
func (s *pasteFilter) waiting() (begun, key bool) {
	begun = s.state != inText && s.state != inPaste
	return begun, begun && s.length <= s.doubled()+2
}

// giveUp ends a unit of which nothing more has come: it was a key, or it is
// dropped. The keys pass in a form that nothing can follow.
func (s *pasteFilter) giveUp(out []byte) []byte {
	if _, key := s.waiting(); !key {
		return s.drop(out)
	}
	last := s.unit[s.length-1]
	doubled := s.doubled() == 1
	const alt, shiftAlt = 3, 4
	code, modifiers := int(unicode.ToLower(rune(last))), alt
	switch {
	case last != escape && unicode.IsUpper(rune(last)):
		modifiers = shiftAlt
	case last == escape && !doubled:
		modifiers = 1
	}
	if last == escape { // two escapes are alt and escape
		s.reset()
	}
	return append(s.drop(out), "\x1b["+strconv.Itoa(code)+";"+strconv.Itoa(modifiers)+"u"...)
}
