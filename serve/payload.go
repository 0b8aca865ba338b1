package serve

import (
	"unicode"

	gossh "golang.org/x/crypto/ssh"
)

// size is a terminal's, in cells.
type size struct{ width, height int }

// The largest picture that is drawn for a visitor. A terminal that is larger
// has the rest empty.
const (
	widest    = 500
	highest   = 200
	mostCells = 20_000 // one takes more than a kilobyte of memory
)

// clamped returns a size that can be drawn. A client that does not know its own
// says 0.
func (s size) clamped() size {
	if s.width <= 0 || s.height <= 0 {
		return size{80, 24}
	}
	s.width = min(s.width, widest)
	s.height = min(s.height, highest, mostCells/s.width)
	return s
}

// window is how sizes are sent (RFC 4254, section 6.7).
type window struct{ Columns, Rows, Width, Height uint32 }

func (w window) size() size {
	const most = 1 << 16 // all larger ones are clamped alike
	return size{int(min(w.Columns, most)), int(min(w.Rows, most))}
}

// readWindow reads a window-change.
func readWindow(payload []byte) (size, bool) {
	var w window
	if err := gossh.Unmarshal(payload, &w); err != nil {
		return size{}, false
	}
	return w.size(), true
}

// pty is a pty-req (RFC 4254, section 6.2).
type pty struct {
	Term                         string
	Columns, Rows, Width, Height uint32
	Modes                        string
}

// readPty reads a pty-req. A terminal's name that could not be one is xterm.
func readPty(payload []byte) (terminal string, s size, ok bool) {
	var p pty
	if err := gossh.Unmarshal(payload, &p); err != nil {
		return "", size{}, false
	}
	return terminalName(p.Term), window{p.Columns, p.Rows, 0, 0}.size(), true
}

// writePty writes a pty-req without modes: there is no tty here to have them.
func writePty(terminal string, s size) []byte {
	return gossh.Marshal(pty{Term: terminal, Columns: uint32(s.width), Rows: uint32(s.height)})
}

// env is an environment variable (RFC 4254, section 6.4).
type env struct{ Name, Value string }

// readEnv reads an env request. It is ok for the two that say what colours the
// terminal has, and for them only where they are short and plain.
func readEnv(payload []byte) (name, value string, ok bool) {
	var e env
	if err := gossh.Unmarshal(payload, &e); err != nil {
		return "", "", false
	}
	if e.Name != "COLORTERM" && e.Name != "TERM" || len(e.Value) > longestValue {
		return "", "", false
	}
	for _, r := range e.Value {
		if r > unicode.MaxASCII || !unicode.IsPrint(r) {
			return "", "", false
		}
	}
	if e.Name == "TERM" {
		e.Value = terminalName(e.Value)
	}
	return e.Name, e.Value, true
}

func writeEnv(name, value string) []byte { return gossh.Marshal(env{name, value}) }
