package idle

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/hinshun/vt10x"
)

// counter shows how many messages it was sent.
type counter struct{ n int }

type countMsg struct{ wait time.Duration }

func (c counter) Init() tea.Cmd { return nil }

func (c counter) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if msg, ok := msg.(countMsg); ok {
		time.Sleep(msg.wait)
		c.n++
	}
	return c, nil
}

func (c counter) View() tea.View {
	view := tea.NewView(fmt.Sprintf("count %d.", c.n))
	view.AltScreen = true
	return view
}

// resting is a program on an emulated terminal, with an Output between them.
type resting struct {
	*tea.Program
	output *Output
	screen vt10x.Terminal
	ended  chan error
}

// start runs a counter until the test ends.
func start(t *testing.T, quiet, longest time.Duration, options ...tea.ProgramOption) *resting {
	t.Helper()
	r := &resting{screen: vt10x.New(vt10x.WithSize(80, 24)), ended: make(chan error, 1)}
	r.output = New(r.screen)
	r.output.quiet, r.output.longest = quiet, longest
	r.Program = tea.NewProgram(counter{}, append([]tea.ProgramOption{
		tea.WithInput(nil), tea.WithOutput(r.output), tea.WithoutSignalHandler(), tea.WithFPS(120), tea.WithWindowSize(80, 24),
		tea.WithFilter(func(_ tea.Model, msg tea.Msg) tea.Msg {
			return r.output.Message(msg)
		}),
	}, options...)...)
	r.output.Start(r.Send)
	go func() {
		_, err := r.Run()
		r.ended <- err
	}()
	t.Cleanup(func() {
		r.Quit()
		r.Wait()
	})
	return r
}

func (r *resting) asleep() bool {
	r.output.mu.Lock()
	defer r.output.mu.Unlock()
	return r.output.state == asleep
}

func (r *resting) shows(n int) bool {
	return strings.Contains(r.screen.String(), fmt.Sprintf("count %d.", n))
}

// await waits until the condition holds.
func await(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !condition(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited in vain: %s", what)
		}
	}
}

// TestSleeps: a program that is left alone sleeps, and draws what comes then.
func TestSleeps(t *testing.T) {
	r := start(t, 20*time.Millisecond, time.Hour)
	for n := range 3 {
		await(t, "it sleeps", r.asleep)
		if !r.shows(n) {
			t.Fatalf("asleep after message %d, it shows\n%s", n, r.screen)
		}
		r.Send(countMsg{})
		await(t, "it draws", func() bool { return r.shows(n + 1) })
	}
}

// TestAsleepIsUpToDate: whatever came before it fell asleep is on screen, however
// the messages met the frames.
func TestAsleepIsUpToDate(t *testing.T) {
	r := start(t, 0, time.Hour)
	random := rand.New(rand.NewPCG(1, 2))
	n := 0
	for range 100 {
		for range 1 + random.IntN(4) {
			r.Send(countMsg{wait: time.Duration(random.IntN(9)) * time.Millisecond})
			n++
			time.Sleep(time.Duration(random.IntN(9)) * time.Millisecond)
		}
		r.Send("taken when the last of them has been seen to")
		await(t, "it sleeps", r.asleep)
		if !r.shows(n) {
			t.Fatalf("asleep after message %d, it shows\n%s", n, r.screen)
		}
	}
}

// TestRawText: what the program writes past its picture is written, a mark is not.
func TestRawText(t *testing.T) {
	var text strings.Builder
	o := New(&text)
	o.Start(func(tea.Msg) {})
	for _, p := range []string{"before", "a" + mark(1).String() + "b", mark(2).String(), mark(0).String() + mark(12).String(), "\x1b_other\x1b\\", markBegin} {
		if n, err := o.Write([]byte(p)); n != len(p) || err != nil {
			t.Errorf("%q: %d bytes written, %v", p, n, err)
		}
	}
	if want := "beforeab\x1b_other\x1b\\" + markBegin; text.String() != want {
		t.Errorf("written: %q, want %q", text.String(), want)
	}
}

// TestLate: an idleMsg or a mark that comes late does nothing.
func TestLate(t *testing.T) {
	o := New(io.Discard)
	o.Start(func(tea.Msg) {})
	next := func(want state) (text string) {
		t.Helper()
		raw, ok := o.Message(idleMsg{}).(tea.RawMsg)
		if o.state != want || !ok {
			t.Fatalf("after an idleMsg: %v in state %d, want %d", raw, o.state, want)
		}
		return fmt.Sprint(raw.Msg)
	}
	write := func(text string) {
		if _, err := io.WriteString(o, text); err != nil {
			t.Fatal(err)
		}
	}
	old := next(asked)
	if msg := o.Message(idleMsg{}); msg != nil {
		t.Errorf("a second idleMsg before the first mark gives %v", msg)
	}
	o.Message("another message")
	mark := next(asked)
	if write(old); o.state != asked {
		t.Errorf("an old mark leads to state %d", o.state)
	}
	if write(mark); o.state != flushed {
		t.Fatalf("the mark leads to state %d", o.state)
	}
	last := next(askedAgain)
	if write(old + mark); o.state != askedAgain {
		t.Errorf("old marks lead to state %d", o.state)
	}
	written := make(chan bool)
	go func() {
		write(last)
		close(written)
	}()
	await(t, "it sleeps", func() bool {
		o.mu.Lock()
		defer o.mu.Unlock()
		return o.state == asleep
	})
	if msg := o.Message(idleMsg{}); msg != nil {
		t.Errorf("an idleMsg while it sleeps gives %v", msg)
	}
	if msg := o.Message("a key"); msg != "a key" {
		t.Errorf("a message became %v", msg)
	}
	<-written
}

// broken is a terminal that is gone.
type broken struct{}

var errGone = errors.New("gone")

func (broken) Write([]byte) (int, error) { return 0, errGone }

func TestWriteFails(t *testing.T) {
	if n, err := New(broken{}).Write([]byte("text")); n != 0 || !errors.Is(err, errGone) {
		t.Errorf("%d bytes written, %v", n, err)
	}
}

// TestEndsAsleep: every way to end a program ends one that sleeps, those of which
// no message tells after the longest sleep.
func TestEndsAsleep(t *testing.T) {
	for name, end := range map[string]func(r *resting, cancel func()){
		"quit":      func(r *resting, _ func()) { r.Quit() },
		"killed":    func(r *resting, _ func()) { go r.Kill() }, // as after a panic in a command
		"cancelled": func(_ *resting, cancel func()) { cancel() },
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			r := start(t, 20*time.Millisecond, 100*time.Millisecond, tea.WithContext(ctx))
			await(t, "it sleeps", r.asleep)
			end(r, cancel)
			await(t, "it ends", func() bool { return len(r.ended) == 1 })
		})
	}
}

// TestSleepsOn: a sleep that was as long as one may be is followed by another.
func TestSleepsOn(t *testing.T) {
	r := start(t, 20*time.Millisecond, 50*time.Millisecond)
	for range 3 {
		await(t, "it sleeps", r.asleep)
		await(t, "it looks up", func() bool { return !r.asleep() })
	}
}
