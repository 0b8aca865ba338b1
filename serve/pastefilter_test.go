package serve

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	uv "github.com/charmbracelet/ultraviolet"
)

// typedEvents returns what the program gets of what is typed in pieces, with
// pauses between them: keys and clicks by name, "position" and "reply".
func typedEvents(asked int64, pause time.Duration, pieces ...string) (events []string) {
	until := make(chan struct{})
	source := newTyped()
	source.asked.Store(asked)
	go func() {
		for i, piece := range pieces {
			if i > 0 {
				time.Sleep(pause)
			}
			source.add([]byte(piece), time.Now())
		}
		time.Sleep(2 * sequenceGap)
		source.mu.Lock()
		source.filter.reset() // what is not a key by now never will be
		source.mu.Unlock()
		source.end()
	}()
	newInput(typing{source}, until).run("xterm", sinks{
		press: func(event uv.Event) {
			name := "click"
			switch event := event.(type) {
			case uv.KeyPressEvent:
				name = uv.Key(event).Keystroke()
			case uv.MouseMotionEvent:
				name = "drag"
			case uv.MouseReleaseEvent:
				name = "release"
			}
			events = append(events, name)
		},
		reply:    func(uv.Event) { events = append(events, "reply") },
		position: func() { events = append(events, "position") },
	})
	return events
}

func TestPasteFilter(t *testing.T) {
	const background = "\x1b]11;rgb:1111/2222/3333\x1b\\"
	for _, c := range []struct {
		typed string
		asked int64
		want  string
	}{
		{"q é\r\t", 0, "q space é enter tab"},
		{"\x1b[A\x1bOB\x1b[1;5C\x1b[5~\x1bOP\x1b[15~\x1b[97;5u\x1b[13~", 0, "up down ctrl+right pgup f1 f5 ctrl+a f3"},
		{"\x1bq\x1b\x1b[Ax\x1b\x1b\x1b[A", 0, "alt+q alt+up x esc alt+up"},
		{"\x1b[<0;9;9M\x1b[<32;9;8M\x1b[<0;9;8m\x1b[<64;9;9M\x1b[M !!x", 0, "click drag release click click x"},
		{"\x1b[7$\x1b[7;5^x", 0, "shift+home ctrl+home x"},
		// Where the cursor is, in the first row and elsewhere, asked for or not.
		{"\x1b[1;5R\x1b[1;1R\x1b[7;9R\x1b[1;300R", 4, "position position position position"},
		{"\x1b[1;5R\x1b[1;5R", 1, "position ctrl+f3"},
		{"\x1b[1;2Rx\x1b[7;9R\x1b[?7;9R\x1b[1;1R\x1b[R", 0, "shift+f3 x f3"},
		{"\x1b\x1b[7;9Rx", 1, "esc position x"},
		{"\x1b[+7;9R\x1b[7:;9R\x1b[7;9:R\x1b[7R\x1b[7;9;1Rx", 9, "position x"},
		{"\x1b[1;17R\x1b[1;0Rx", 0, "x"},
		// The other answers of terminals, whether asked for or not.
		{background + "\x1b]11;rgb:0/0/0\x07", 0, "reply reply"},
		{"\x1b[?2026;2$y\x1b[4;2$y", 0, "reply"},
		{"\x1b[?64;1;2;6;9;15;16;17;18;21;22;28c\x1b[>1;10;0c\x1bP!|00000000\x1b\\", 0, ""},
		{"\x1b]10;rgb:0/0/0\x07\x1b]12;rgb:0/0/0\x1b\\\x1b]4;1;rgb:0/0/0\x07\x1b]52;c;cQ==\x07", 0, ""},
		{"\x1b[I\x1b[O\x1b[?0u\x1b[?997;1n\x1b[0n\x1b[8;24;80t\x1b[48;24;80;1;1t\x1b[>4;1m", 0, ""},
		{"\x1bP>|term 1.0\x1b\\\x1b_Gi=1;OK\x1b\\\x1b^x\x1b\\\x1bXx\x1b\\q", 0, "q"},
		// What is none of all that.
		{"\x1b[200~quit\x1b[201~x", 0, "x"},
		{"\x1b[5!3Ax\x1b[" + strings.Repeat("1;", 60) + "Ax\x1b]11;" + strings.Repeat("x", 99) + "\x07x", 0, "x x x"},
		{"\x1b[12\rx\x1b]0;y\rx\x1bO\x1b[A", 0, "enter x enter x up"},
		{"\x1bO\rx\x1bO x\x1bO\x7fx\x1bO5Px", 0, "enter x space x backspace x ctrl+f1 x"},
		{"\x1b[M \x1b[Ax\x1b[M \x80!x\x1b]11;0\x1b[Ax", 0, "up x x up x"},
		{"\x1b[200~a\x1b\x1b[201~x\x1b[200$x\x1b[-$xx\x1b\x9b200~x", 0, "x x alt+2 0 0 ~ x"},
		{"\x1b]11;0\x9c200~\x07x\x1b]11;\x07x\u009bx\xc3q\xa9x\xe2éx", 0, "x x x q x é x"},
		{"\x1b[65;0;97;1;0;60000_x", 0, "x"},
	} {
		synctest.Test(t, func(t *testing.T) {
			want := strings.Fields(c.want)
			if got := typedEvents(c.asked, 0, c.typed); !slices.Equal(got, want) {
				t.Errorf("%q is read as %q, want %q", c.typed, got, want)
			}
			// In pieces, as a slow line may bring it.
			pieces := strings.Split(c.typed, "")
			if got := typedEvents(c.asked, escapeWait-time.Millisecond, pieces...); !slices.Equal(got, want) {
				t.Errorf("%q in pieces is read as %q, want %q", c.typed, got, want)
			}
		})
	}
}

// Escape, and alt with a character that begins sequences, are keys when nothing
// follows them. An answer that comes late in parts is an answer all the same.
func TestKeysThatBeginSequences(t *testing.T) {
	for _, c := range []struct {
		pause  time.Duration
		pieces []string
		want   string
	}{
		{2 * escapeWait, []string{"\x1b", "[", "\x1b[", "2", "\x1b]", "\x1bO", "\x1bP", "\x1b_", "x"}, "esc [ alt+[ 2 alt+] alt+shift+o alt+shift+p alt+_ x"},
		{2 * escapeWait, []string{"\x1b\x1b", "x"}, "alt+esc x"},
		{2 * escapeWait, []string{"\x1b[", "200~x"}, "alt+[ 2 0 0 ~ x"},
		{sequenceGap / 2, []string{"\x1b[1", ";5", "Rx", "\x1bO5", "Px", "\x1b"}, "position x ctrl+f1 x esc"},
		{sequenceGap / 2, []string{"\x1b]11;rgb", ":0/0", "/0", "\x1b", "\\x"}, "reply x"},
		{2 * sequenceGap, []string{"\x1b[1;", "x", "\x1b]0;", "x", "\x1bPx\x1b", "x"}, "x x x"},
	} {
		synctest.Test(t, func(t *testing.T) {
			if got := typedEvents(1, c.pause, c.pieces...); !slices.Equal(got, strings.Fields(c.want)) {
				t.Errorf("%q is read as %q, want %s", c.pieces, got, c.want)
			}
		})
	}
}

// What is not read in time is lost, in whole units.
func TestTypedAhead(t *testing.T) {
	source := newTyped()
	now := time.Now()
	source.add([]byte("\x1b"), now)
	for range 10 * mostTyped {
		source.add([]byte("\x1b[1;5A"), now.Add(escapeWait))
	}
	source.end()
	p := make([]byte, 2*mostTyped)
	n, err := source.read(p)
	if err != nil || n > mostTyped || n < mostTyped-longestUnit || strings.ReplaceAll(string(p[:n]), "\x1b[1;5A", "") != "\x1b[27;1u" {
		t.Errorf("%d bytes are kept, %v: %q", n, err, p[:n])
	}
}

// What a terminal may send in a while: bytes, whatever they are, and events.
func TestInputRates(t *testing.T) {
	const seconds = 10
	for _, c := range []struct {
		name, unit string
		count      int
		takes      time.Duration
	}{
		{"keys", "x", eventBurst + seconds*eventRate, seconds * time.Second},
		{"keys of a burst", "x", eventBurst, 0},
		{"answers", "\x1b[?7;9R", eventBurst + seconds*eventRate, seconds * time.Second},
		{"what belongs nowhere", "\x1b[I", (inputBurst + seconds*inputRate) / 3, seconds * time.Second},
		{"that of a burst", "\x1b[I", inputBurst / 3, 0},
	} {
		for _, over := range []bool{false, true} {
			synctest.Test(t, func(t *testing.T) {
				until := make(chan struct{})
				began := time.Now()
				if over {
					time.AfterFunc(time.Second/2, func() { close(until) })
					c.takes = min(c.takes, time.Second/2)
				}
				nothing := func(uv.Event) {}
				newInput(strings.NewReader(strings.Repeat(c.unit, c.count)), until).run("xterm", sinks{press: nothing, reply: nothing, position: func() {}})
				if took := time.Since(began); took < c.takes-time.Second/10 || took > c.takes+time.Second/10 {
					t.Errorf("%s, hangs up: %v: %d are read in %s, want %s", c.name, over, c.count, took, c.takes)
				}
			})
		}
	}
}

// Input whose reading panics is not read again.
func TestInputThatPanics(t *testing.T) {
	in := newInput(nil, nil)
	times := 0
	in.protect = func(where string, f func()) bool {
		if times++; where == "input" && times < 3 {
			defer func() { recover() }()
		}
		f()
		return true
	}
	if in.run("xterm", sinks{}); times != 2 {
		t.Errorf("%d calls, want 2", times)
	}
}
