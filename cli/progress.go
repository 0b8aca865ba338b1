package cli

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"charm.land/bubbles/v2/progress"
	"github.com/charmbracelet/x/term"

	"ravine/problem"
	"ravine/race"
)

// progressAfter is how long a file is read before a bar says how far.
const progressAfter = 500 * time.Millisecond

// build builds a race's problem. If it reads a file for long, a bar on a terminal says
// how far.
func build(stderr io.Writer, r race.Race) (problem.Problem, error) {
	file, ok := stderr.(*os.File)
	if !ok || !term.IsTerminal(file.Fd()) {
		return problem.Build(r.Problem, r.Seed)
	}
	reading := newReadingBar(file)
	defer reading.end()
	return problem.BuildWith(r.Problem, r.Seed, reading.show)
}

// open is race.New with that bar.
func open(stderr io.Writer, r race.Race) (*race.Runner, error) {
	p, err := build(stderr, r)
	if err != nil {
		return nil, err
	}
	return race.NewOn(p, r)
}

// readingBar is a bar on a line of its own, which goes when the file is read.
type readingBar struct {
	mu          sync.Mutex
	out         io.Writer
	bar         progress.Model
	began, last time.Time
}

func newReadingBar(out io.Writer) *readingBar {
	return &readingBar{out: out, bar: progress.New(progress.WithWidth(30)), began: time.Now()}
}

func (b *readingBar) show(done, size int64) {
	const rate = 50 * time.Millisecond
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	if size <= 0 || now.Sub(b.began) < progressAfter || now.Sub(b.last) < rate {
		return
	}
	b.last = now
	part := float64(done) / float64(size)
	left := time.Duration(float64(now.Sub(b.began)) * (1 - part) / part)
	fmt.Fprintf(b.out, "\r\x1b[Kreading %s %s left", b.bar.ViewAs(part), left.Round(time.Second))
}

func (b *readingBar) end() {
	if !b.last.IsZero() {
		fmt.Fprint(b.out, "\r\x1b[K")
	}
}
