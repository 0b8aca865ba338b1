package serve

import "unicode/utf8"

// sieve takes out of a terminal's input what the reader of events would store
// without bound: pastes, which the playground has no use for, and the two other
// ways to begin one: as console key records (CSI … _) and with 8-bit controls.
type sieve struct {
	state   sieveState
	digits  [4]byte           // the first parameter of a CSI, if it is short
	length  int               // of that parameter
	further bool              // whether another one has begun
	char    [utf8.UTFMax]byte // the bytes of a character that has begun
	held    int               // how many of them there are
	match   int               // bytes of pasteEnd seen
}

type sieveState int

const (
	inText sieveState = iota
	afterEscape
	inCSI
	inPaste
)

const (
	escape   = 0x1b
	pasteEnd = "\x1b[201~"
	// longestKey is the number of digits of the keys that end in ~: 34 at most.
	longestKey = 2
	// inert ends a CSI that then means nothing.
	inert = 'y'
)

// pass appends to out what passes of from: at most heldAtMost bytes more than
// there are in from, since a character passes when it is whole.
func (s *sieve) pass(out, from []byte) []byte {
	for _, b := range from {
		out = s.next(out, b)
	}
	return out
}

const heldAtMost = utf8.UTFMax - 1

// next appends to out what b lets pass.
func (s *sieve) next(out []byte, b byte) []byte {
	switch s.state {
	case inPaste:
		s.inPaste(b)
		return out
	case afterEscape:
		switch {
		case b == '[':
			s.state, s.length, s.further = inCSI, 0, false
			return append(out, b)
		case b == escape:
			return append(out, b)
		case b >= utf8.RuneSelf: // were it dropped later, what follows would stand behind the escape
			return out
		}
		s.state = inText
	case inCSI:
		return append(out, s.inCSI(b))
	}
	if b == escape {
		s.state, s.held = afterEscape, 0
		return append(out, b)
	}
	return s.text(out, b)
}

// inCSI returns the byte that takes the place of one in a control sequence.
func (s *sieve) inCSI(b byte) byte {
	switch {
	case b == escape:
		s.state = afterEscape
	case b == ';':
		s.further = true
	case b >= 0x20 && b < 0x40:
		if s.further {
			break
		}
		if s.length < len(s.digits) {
			s.digits[s.length] = b
		}
		s.length++
	case b == '~' && s.length == 3 && string(s.digits[:3]) == "200":
		s.state, s.match = inPaste, 0
		return inert
	case b == '~' && s.length > longestKey: // 0200 may be read as 200 as well
		s.state = inText
		return inert
	case b == '_':
		s.state = inText
		return inert
	case b < 0x20 || b >= 0x7f: // the reader may overlook it within a sequence
		s.state = inText
		return inert
	default:
		s.state = inText
	}
	return b
}

func (s *sieve) inPaste(b byte) {
	switch {
	case b == pasteEnd[s.match]:
		s.match++
	case b == escape:
		s.match = 1
	default:
		s.match = 0
	}
	if s.match == len(pasteEnd) {
		s.state = inText
	}
}

// text takes a byte of text. A character passes when it is whole and valid, and
// no control: in a broken one the reader might see an 8-bit control.
func (s *sieve) text(out []byte, b byte) []byte {
	if b < utf8.RuneSelf {
		s.held = 0
		return append(out, b)
	}
	if utf8.RuneStart(b) {
		s.held = 0
	}
	s.char[s.held] = b
	s.held++
	char := s.char[:s.held]
	if !utf8.FullRune(char) {
		return out
	}
	s.held = 0
	const firstPrintable = 0xa0 // beyond ASCII
	if r, size := utf8.DecodeRune(char); size == len(char) && size > 1 && r >= firstPrintable {
		return append(out, char...)
	}
	return out
}
