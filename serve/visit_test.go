package serve

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
)

func TestVisit(t *testing.T) {
	r := start(t, nil)
	ada := r.visit(t, asker{}, ordinary())
	bob := r.visit(t, asker{user: "bob"}, terminalKind{name: "xterm", width: 70, height: 24})
	ada.sees(t, "slides · step")
	bob.sees(t, "step")
	ada.press(t, " ")
	ada.sees(t, "paused at step")
	if strings.Contains(bob.screen(), "paused") {
		t.Error("one visitor's key acted on another's race")
	}
	bob.press(t, "]")
	bob.sees(t, "ravine")
	ada.press(t, "y")
	ada.sees(t, "copied: ravine --problem")
	eventually(t, "y sends the command line by OSC 52", 5*time.Second, func() bool {
		return strings.Contains(string(ada.bytes()), "\x1b]52;c;"+base64.StdEncoding.EncodeToString([]byte("ravine --problem"))[:20])
	})
	if err := ada.session.WindowChange(40, 130); err != nil {
		t.Fatal(err)
	}
	ada.mu.Lock()
	ada.terminal.Resize(130, 40)
	ada.mu.Unlock()
	eventually(t, "the picture fills the larger terminal", 5*time.Second, func() bool {
		lines := strings.Split(ada.screen(), "\n")
		return strings.Contains(lines[39], "q quit") || strings.Contains(lines[39], "?")
	})
	ada.press(t, "q")
	ada.ends(t, 5*time.Second)
	if err := ada.session.Wait(); err != nil {
		t.Errorf("q ended the session with %v", err)
	}
	if all := string(ada.bytes()); !strings.Contains(all, "\x1b[?1049l") || !strings.Contains(all, "\x1b[?25h") {
		t.Error("the screen was not given back")
	} else if _, after, _ := strings.Cut(all, "\x1b[?1049l"); strings.Contains(after, ansi.RequestCursorPositionReport) {
		t.Error("a question after the end, whose answer the user's shell would get")
	}
}

// ctrl+z would stop the server, and all visitors with it.
func TestNobodySuspends(t *testing.T) {
	r := start(t, nil)
	p := r.visit(t, asker{}, ordinary())
	p.sees(t, "step")
	p.press(t, "\x1a")
	p.press(t, " ")
	p.sees(t, "paused at step")
}

// Colours follow the session's terminal, never the server's environment.
func TestColors(t *testing.T) {
	t.Setenv("COLORTERM", "truecolor")
	t.Setenv("TERM", "xterm-kitty")
	r := start(t, nil)
	const rgb, indexed = "38;2;", "38;5;"
	for _, c := range []struct {
		name     string
		kind     terminalKind
		has, not string
	}{
		{"16 colours", terminalKind{name: "xterm", width: 90, height: 30}, "\x1b[", indexed},
		{"256 colours", terminalKind{name: "xterm-256color", width: 90, height: 30}, indexed, rgb},
		{"all colours", terminalKind{name: "xterm-256color", width: 90, height: 30, env: map[string]string{"COLORTERM": "truecolor"}}, rgb, indexed},
		{"none asked for by an unknown variable", terminalKind{name: "xterm", width: 90, height: 30, env: map[string]string{"LC_COLORTERM": "truecolor"}}, "\x1b[", rgb},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := r.visit(t, asker{}, c.kind)
			p.sees(t, "step")
			text := string(p.bytes())
			if !strings.Contains(text, c.has) || strings.Contains(text, c.not) {
				t.Errorf("%q: %v, %q: %v; want only the first", c.has, strings.Contains(text, c.has), c.not, strings.Contains(text, c.not))
			}
		})
	}
}

// The terminal is asked for its background although the program does not read it.
func TestBackgroundIsAsked(t *testing.T) {
	r := start(t, nil)
	p := r.visit(t, asker{}, ordinary())
	p.sees(t, "step")
	eventually(t, "the terminal is asked for its background", 5*time.Second, func() bool { return strings.Contains(string(p.bytes()), "\x1b]11;?") })
	p.press(t, " ")
	p.sees(t, "paused")
	before := len(p.bytes())
	p.press(t, "\x1b]11;rgb:ffff/ffff/ffff\x07")
	eventually(t, "a light background changes the picture", 5*time.Second, func() bool {
		return len(p.bytes()) > before+500
	})
}

// TestMouseAndNumbers drags along the timeline and types a value, as at home.
func TestMouseAndNumbers(t *testing.T) {
	p := start(t, nil).visit(t, asker{}, ordinary()) // 100×30
	p.sees(t, "step")
	p.press(t, "<NNNNN")
	p.sees(t, "step 50 of")
	p.press(t, "\x1b[<0;77;29M")
	p.sees(t, "step 0 of")
	p.press(t, "\x1b[<32;99;20M\x1b[<0;99;20m") // beyond the end, and up
	p.press(t, "\x1b[<35;77;29M")               // moved without a button
	p.press(t, "+")
	p.sees(t, "steps a second")
	if screen := p.screen(); strings.Contains(screen, "step 0 ·") {
		t.Errorf("the drag went nowhere:\n%s", screen)
	}
	p.press(t, ".05\r")
	p.sees(t, "η of GD: 0.075 → 0.05")
}

// TestVisitorsPrompt: what is typed acts on the visitor's race, opens no file of the
// server, and ends neither the session nor the server whatever it is.
func TestVisitorsPrompt(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret.csv")
	if err := os.WriteFile(secret, []byte("x,y\n1,2\n2,5\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	r := start(t, nil)
	p := r.visit(t, asker{}, ordinary())
	p.sees(t, "step")
	for typed, says := range map[string]string{
		"problem regression:file=" + secret:                "no file is opened from here",
		"problem fit:file=" + secret + ",model=a*x":        "no file is opened from here",
		"problem regression:file=-":                        "no file is opened from here",
		"add rule:file=" + secret:                          "want its lines",
		"problem regression:n=1e7":                         "too many examples",
		"problem formula:J=sum(i,1,900,sin(i*x)*cos(i*y))": "too long here",
		strings.Repeat("((", 60):                           "unknown command",
		"opt gd:eta=" + strings.Repeat("(", 150):           "too deep",
		"eta 0.0\x1b[31m5":                                 "η of GD",
	} {
		p.press(t, ":")
		p.press(t, typed)
		p.press(t, "\r")
		p.sees(t, says)
		p.press(t, "\x15\x7f:") // ctrl+u and backspace, should the line still be open
		p.sees(t, "a command, such as")
		p.press(t, "\x7f")
		p.sees(t, "nothing typed")
	}
	p.press(t, ":problem himmelblau\r")
	p.sees(t, "Four equal minima")
	p.press(t, "=\x15x^2+3*y^4+x*y")
	p.sees(t, "J = x^2+3*y^4+x*y")
	p.press(t, "\r")
	p.sees(t, "formula:J=x^2+3*y^4+x*y")
	p.press(t, "q")
	p.ends(t, 5*time.Second)
}
