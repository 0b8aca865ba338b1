//go:build linux

package e2e_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// cpu returns the processor time the program has used, in ticks of 10 ms as the
// kernel counts them and by the scheduler's finer clock.
func (x *terminal) cpu() (ticks int, fine time.Duration) {
	x.t.Helper()
	fields, err := x.processFields()
	if err != nil {
		x.t.Fatal(err)
	}
	for _, field := range fields[11:13] { // utime, stime
		n, err := strconv.Atoi(field)
		if err != nil {
			x.t.Fatal(err)
		}
		ticks += n
	}
	tasks, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", x.pid))
	if err != nil {
		x.t.Fatal(err)
	}
	for _, task := range tasks {
		text, err := os.ReadFile(task)
		if err != nil {
			continue // no such file in some kernels
		}
		spent, _, _ := strings.Cut(string(text), " ")
		n, err := strconv.Atoi(spent)
		if err != nil {
			x.t.Fatal(err)
		}
		fine += time.Duration(n)
	}
	return ticks, fine
}

// settle waits until nothing has come out of the terminal for longer than a
// changed value stays marked.
func (x *terminal) settle() {
	x.t.Helper()
	size, since := x.size(), time.Now()
	x.await("the picture settles", func() bool {
		if now := x.size(); now != size {
			size, since = now, time.Now()
		}
		return time.Since(since) > 900*time.Millisecond
	})
}

// cpuOfASecond returns what the program uses of the processor in a second.
func (x *terminal) cpuOfASecond() (ticks int, fine time.Duration) {
	x.t.Helper()
	ticks, fine = x.cpu()
	<-time.After(time.Second) // what is observed, not what is waited for
	ticksAfter, fineAfter := x.cpu()
	return ticksAfter - ticks, fineAfter - fine
}

// TestPausedIsQuiet: paused, the program sends nothing and uses no processor,
// whatever it shows.
func TestPausedIsQuiet(t *testing.T) {
	// A look whether the program ends may fall into the second.
	const mostTicks, most = 1, 3 * time.Millisecond
	for name, keys := range map[string]string{
		"paused": "", "help": "?", "inspector": "i", "tuned": "E", "stepped": "nnp", "resized": "resize", "suspended": "\x1a",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := playing(t, session{})
			x.pause()
			switch name {
			case "resized":
				x.resize(200, 50)
			case "suspended":
				x.press(keys)
				x.await("ctrl+z stops the program", x.stopped)
				x.resume()
				x.await("fg brings the picture", func() bool { return x.fills(120, 36) })
			default:
				x.press(keys)
			}
			x.settle()
			size, step := x.size(), x.step()
			var ticks int
			var fine time.Duration
			for range 3 { // a collection of garbage may fall into a second, but not into each
				ticks, fine = x.cpuOfASecond()
				if ticks <= mostTicks && fine <= most {
					break
				}
			}
			if sent := x.output()[size:]; sent != "" {
				t.Errorf("it sent %d bytes meanwhile: %q", len(sent), sent)
			}
			if ticks > mostTicks || fine > most {
				t.Errorf("it used %d ticks and %v of the processor in a second, want %d and %v at most", ticks, fine, mostTicks, most)
			}
			x.press(" ")
			if name != "help" {
				x.await("the race goes on", func() bool { return x.step() > step })
			}
		})
	}
}

// TestBytesAFrame tells how much the running race sends; nothing depends on it.
func TestBytesAFrame(t *testing.T) {
	const frame = "\x1b[?2026h"
	for name, args := range map[string][]string{
		"20 steps a second": nil,
		"six data lanes":    {"play", "--problem", "regression"},
	} {
		t.Run(name, func(t *testing.T) {
			x := playing(t, session{args: args})
			size, begin := x.size(), time.Now()
			x.await("sixty frames", func() bool {
				return strings.Count(x.output()[size:], frame) >= 60 || strings.Contains(x.text(), "paused")
			})
			sent := x.output()[size:]
			frames := strings.Count(sent, frame)
			t.Logf("%d bytes in %d frames: %d a frame, %.0f a second", len(sent), frames, len(sent)/max(frames, 1), float64(len(sent))/time.Since(begin).Seconds())
		})
	}
}

// TestNoColour: where the terminal or its user wants no colours there is none.
func TestNoColour(t *testing.T) {
	for name, test := range map[string]struct {
		env     []string
		colours bool
	}{
		"truecolor": {nil, true},
		"NO_COLOR":  {[]string{"NO_COLOR=1"}, false},
		"dumb":      {[]string{"TERM=dumb", "COLORTERM="}, false},
	} {
		t.Run(name, func(t *testing.T) {
			x := playing(t, session{env: test.env})
			x.press("q")
			if status := x.status(); status != statusDone {
				t.Errorf("status %d", status)
			}
			x.givenBack("after$ ")
			found := ""
			for _, sequence := range penSequence.FindAllStringSubmatch(x.output(), -1) {
				for parameter := range strings.SplitSeq(sequence[1], ";") {
					if colour.MatchString(parameter) {
						found = sequence[0]
					}
				}
			}
			if (found != "") != test.colours {
				t.Errorf("the last colour is %q, want colours: %v", found, test.colours)
			}
		})
	}
}

// colour is a rendition that is a colour.
var colour = regexp.MustCompile(`^(3[0-8]|4[0-8]|9[0-7]|10[0-7])`)
