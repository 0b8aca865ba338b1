package serve

import (
	"bytes"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	uv "github.com/charmbracelet/ultraviolet"
	gossh "golang.org/x/crypto/ssh"
	"golang.org/x/time/rate"
)

// FuzzGuard sends a session's requests to the guard: whatever they are, at most
// one pty-req, two env and one shell pass, and what passes is small and plain.
func FuzzGuard(f *testing.F) {
	f.Add([]byte("\x00" + string(writePty("xterm", size{80, 24}))))
	f.Add([]byte("\x01" + string(writeEnv("COLORTERM", "truecolor"))))
	f.Add([]byte("\x02"))
	f.Add([]byte("\x03" + string(gossh.Marshal(window{1 << 31, 0, 1, 1}))))
	kinds := []string{"pty-req", "env", "shell", "window-change", "exec", "x"}
	f.Fuzz(func(t *testing.T, script []byte) {
		g := newGuard(nil, nil)
		passed := map[string]int{}
		// The same request twice: what passes once must not pass again.
		for _, part := range bytes.Split(bytes.Repeat(append(script, 0xff), 2), []byte{0xff}) {
			if len(part) == 0 {
				continue
			}
			request := &gossh.Request{Type: kinds[int(part[0])%len(kinds)], Payload: part[1:]}
			if g.judge(request) != passes {
				continue
			}
			passed[request.Type]++
			if len(request.Payload) > 256 {
				t.Errorf("%s passes with %d bytes", request.Type, len(request.Payload))
			}
			var e env
			if request.Type == "env" && (gossh.Unmarshal(request.Payload, &e) != nil ||
				strings.ContainsFunc(e.Name+e.Value, func(r rune) bool { return r < ' ' || r > '~' })) {
				t.Errorf("%q=%q passes", e.Name, e.Value)
			}
			if s := g.clamped(); request.Type == "pty-req" && (s.width < 1 || s.height < 1 || s.width*s.height > mostCells) {
				t.Errorf("a terminal of %v passes", s)
			}
		}
		if passed["pty-req"] > 1 || passed["env"] > 2 || passed["shell"] > 1 || len(passed) > 3 {
			t.Errorf("passes %v", passed)
		}
	})
}

// FuzzPasteFilter looks at what comes out: units that are read whole, none of which
// begins a paste, and none of which is an answer that nothing asked for.
func FuzzPasteFilter(f *testing.F) {
	for _, seed := range []string{"q\x1b[A", "\x1b[200~paste\x1b[201~q", "\x9b200~x", "\xf0\x9b200~", "\x1b[0200~", "\x1b[20\xd60~", "\x1b[20\x010~", "\x1b[20\x7f0~", "\x1b\x80[200~", "\x1b[200;1~", "\xc2\x9b200~", "é→𝄞\xe0\x9b", "\x1b[0;0;27;1;0;1_[200~", "é\xc3", "\x1b\x1b[200~", "\x1b[2\x1b[200~\x1b[201\x1b[201~",
		"\x1b[1;5R\x1b[9;9R\x1b[?1;2;1R", "\x1b[5!3A", "\x1b]11;rgb:0/0/0\x1b\\q", "\x1b]11;\x07", "\x1bP+r1\x1b\\", "\x1b[M !!q", "\x1bO\x1b\x1bOP", "\x1b[7$", "\x1b\x1b\x1b\x1b]", "\x1b]52;c;AAAA\x07", "\x1bO5P", "\x1bO ", "\x1bO\x7f"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		var whole, split pasteFilter
		out := whole.giveUp(whole.pass(nil, in))
		var pieces []byte
		for _, b := range in {
			before := len(pieces)
			if pieces = split.next(pieces, b); len(pieces)-before > 2*longestUnit {
				t.Errorf("%q lets %q pass at once", in, pieces[before:])
			}
		}
		if pieces = split.giveUp(pieces); !bytes.Equal(out, pieces) {
			t.Errorf("%q gives %q at once and %q in pieces", in, out, pieces)
		}
		var decoder uv.EventDecoder
		for rest := out; len(rest) > 0; {
			n, event := decoder.Decode(rest)
			if n == 0 {
				t.Fatalf("%q is not read to its end: %q", out, rest)
			}
			if multi, ok := event.(uv.MultiEvent); ok {
				event = multi[len(multi)-1]
			}
			switch event.(type) {
			case uv.PasteStartEvent, uv.CursorPositionEvent, uv.UnknownEvent:
				t.Errorf("%q, of %q, is read as %T", out, in, event)
			}
			rest = rest[n:]
		}
	})
}

// FuzzInput pumps input: it ends when its source does, and hands on only what is
// allowed.
func FuzzInput(f *testing.F) {
	f.Add([]byte("q\x1b[A\x1b[<0;3;4M\x1b[<32;4;4M\x1b[<0;4;4m\x1b]11;rgb:0/0/0\x07\x1b[5;6R\x1b[48;9999;9999;1;1t"))
	f.Add([]byte("\x1b]52;c;" + strings.Repeat("A", 5000)))
	f.Add([]byte("\x1b[200~" + strings.Repeat("x", 3000)))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 8000 {
			return
		}
		// The pauses of the pump pass at once in a bubble.
		synctest.Test(t, func(t *testing.T) { pump(t, data) })
	})
}

// pump pumps data to its end. A pump that is stuck is let go, so that the failure
// is reported instead of the goroutines that the bubble still holds.
func pump(t *testing.T, data []byte) {
	until := make(chan struct{})
	defer close(until)
	in := newInput(typing{typedBy(data)}, until)
	in.bytes, in.events = rate.NewLimiter(1e9, 1e9), rate.NewLimiter(1e9, 1e9)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		in.run("xterm", sinks{
			press: func(event uv.Event) {
				switch event.(type) {
				case uv.KeyPressEvent, uv.MouseClickEvent, uv.MouseMotionEvent, uv.MouseReleaseEvent, uv.MouseWheelEvent:
				default:
					t.Errorf("%T is no key and not of the mouse", event)
				}
			},
			reply:    func(uv.Event) {},
			position: func() {},
		})
	}()
	select {
	case <-ended:
	case <-time.After(10 * time.Second):
		t.Fatal("the pump is stuck")
	}
}

// An unterminated sequence of 2 MiB costs little, however it begins.
func TestUnterminatedSequence(t *testing.T) {
	r := start(t, nil)
	for name, start := range map[string]string{"OSC": "\x1b]0;", "DCS": "\x1bP", "APC": "\x1b_", "CSI": "\x1b[", "paste": "\x1b[200~", "8-bit OSC": "\x9d", "escape": "\x1b"} {
		p := r.visit(t, asker{}, ordinary())
		p.sees(t, "step")
		before := processorTime(t)
		second := time.After(time.Second)                   // measured, not waited for: what a second of it costs
		p.press(t, start+strings.Repeat("0", 2<<20-64<<10)) // what SSH's window holds
		r.probe(t)
		<-second
		p.leave()
		spent := processorTime(t) - before
		if spent > allowed(400*time.Millisecond) {
			t.Errorf("%s: %s of processor time in a second", name, spent)
		}
		t.Logf("%s: %s of processor time", name, spent)
	}
}

// typing reads what was typed, as a session does.
type typing struct{ *typed }

func (t typing) Read(p []byte) (int, error) { return t.read(p) }

// typedBy is what a client has typed that then hangs up.
func typedBy(data []byte) *typed {
	t := newTyped()
	t.add(data, time.Now())
	t.end()
	return t
}

// processorTime returns what this process has used so far.
func processorTime(t *testing.T) time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		t.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// pass appends to out what passes of from.
func (s *pasteFilter) pass(out, from []byte) []byte {
	for _, b := range from {
		out = s.next(out, b)
	}
	return out
}
