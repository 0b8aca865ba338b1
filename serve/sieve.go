package serve

// sieve takes out of a terminal's input what the reader of events would store
// without bound: pastes, which the playground has no use for, and the two other
// ways to begin one: as console key records (CSI … _) and with 8-bit controls.
type sieve struct {
	state  sieveState
	digits [4]byte // the parameter of a CSI, if it is short
	length int     // of the CSI after its bracket
	more   int     // bytes that a UTF-8 sequence still has
	match  int     // bytes of pasteEnd seen
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
	// inert ends a CSI that then means nothing.
	inert = 'y'
)

// pass writes what passes of from to the start of to, which is as long at
// least, and returns the number of bytes. The two may be the same.
func (s *sieve) pass(to, from []byte) int {
	n := 0
	for _, b := range from {
		if out, ok := s.next(b); ok {
			to[n] = out
			n++
		}
	}
	return n
}

// next returns the byte that takes b's place, if any does.
func (s *sieve) next(b byte) (byte, bool) {
	switch s.state {
	case inPaste:
		s.inPaste(b)
		return 0, false
	case afterEscape:
		switch b {
		case '[':
			s.state, s.length = inCSI, 0
			return b, true
		case escape:
			return b, true
		}
		s.state = inText
	case inCSI:
		return s.inCSI(b), true
	}
	if b == escape {
		s.state, s.more = afterEscape, 0
		return b, true
	}
	return b, s.isText(b)
}

// inCSI returns the byte that takes the place of one in a control sequence.
func (s *sieve) inCSI(b byte) byte {
	switch {
	case b == escape:
		s.state = afterEscape
	case b >= 0x20 && b < 0x40:
		if s.length < len(s.digits) {
			s.digits[s.length] = b
		}
		s.length++
	case b == '~' && s.length == 3 && string(s.digits[:3]) == "200":
		s.state, s.match = inPaste, 0
		return inert
	case b == '_':
		s.state = inText
		return inert
	case b >= 0x80:
		s.state = inText
		return '?' // neither a control nor the start of one
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

// isText reports whether the byte belongs to text in UTF-8, or to ASCII.
func (s *sieve) isText(b byte) bool {
	switch {
	case b < 0x80:
		s.more = 0
	case b < 0xc0:
		s.more--
		if s.more < 0 {
			s.more = 0
			return false
		}
	case b < 0xe0:
		s.more = 1
	case b < 0xf0:
		s.more = 2
	case b < 0xf8:
		s.more = 3
	default:
		s.more = 0
		return false
	}
	return true
}
