package pace

import (
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
)

func TestBlend(t *testing.T) {
	var p partialFrame
	line := strings.Repeat("x", 200)
	old, new := "a\nb\nc\nd\ne\nf", strings.Join([]string{line, line, line, line, line, "F"}, "\n")
	shown := old
	for round := 1; ; round++ {
		content, whole := p.blend(shown, new)
		if round == 1 && !strings.HasSuffix(content, line+"\nF") {
			t.Errorf("the last lines do not come first: %q", content)
		}
		if whole != (content == new) {
			t.Errorf("round %d: whole is %v for %q", round, whole, content)
		}
		if content == shown || round > 6 {
			t.Fatalf("round %d changes nothing", round)
		}
		if shown = content; whole {
			if round < 3 {
				t.Errorf("1000 bytes took %d rounds", round)
			}
			break
		}
	}
	if content, whole := p.blend("a\nb", new); !whole || content != new {
		t.Error("a picture of another size is sent in parts")
	}
	if content, whole := p.blend("a", "b"); !whole || content != "b" {
		t.Errorf("a picture of one line becomes %q, %v", content, whole)
	}
	// What stays as it was costs nothing.
	rest := strings.Repeat("\nsame", 2*partSize)
	if _, whole := p.blend("a"+rest, "b"+rest); !whole {
		t.Error("lines that did not change fill a part")
	}
	// A line longer than a part is sent, and one that always changes holds up no other.
	p = partialFrame{}
	long := strings.Repeat("y", 2*partSize)
	shown = "a\nb\nc\nd\ne\nf"
	for round := range 3 {
		shown, _ = p.blend(shown, strings.Repeat(strconv.Itoa(round), 400)+"\n"+long+"\nc\nd\ne\nf")
	}
	if !strings.Contains(shown, long) {
		t.Errorf("the second line does not come: %q", shown)
	}
	if n := changed("aa", "aaa"); n != 2 {
		t.Errorf("one more letter is a change of %d bytes, want 2", n)
	}
}

func TestPacer(t *testing.T) {
	now := time.Unix(1000, 0)
	p := &Pacer{}
	want := func(what string, room bool) {
		t.Helper()
		if ok, _ := p.room(now); ok != room {
			t.Errorf("%s: room is %v, want %v", what, ok, room)
		}
	}
	want("at first", true)
	p.hand()
	p.wrote(now, 1000)
	want("with one in flight", true)
	p.hand()
	want("with one in flight and one handed over", false)
	p.wrote(now, 1000)
	want("with two in flight", false)
	now = now.Add(10 * time.Millisecond)
	p.Answered(now)
	want("after an answer", true)
	now = now.Add(time.Second)
	p.Answered(now)
	p.wrote(now, 1000)
	want("on a slow line with one in flight", false)
	now = now.Add(patience + time.Second)
	want("after the terminal has slept", true)
	if p.silent {
		t.Error("a terminal that has answered before is taken for a silent one")
	}

	p = &Pacer{}
	p.wrote(now, 1000)
	p.wrote(now, 1000)
	want("unanswered", false)
	if p.Outstanding() != 0 {
		t.Error("the end waits for a terminal that never answers")
	}
	now = now.Add(PatienceFirst)
	want("never answered", true)
	if p.wrote(now, 1000) {
		t.Error("a silent terminal is still asked")
	}
	want("at once after a picture", false)
	now = now.Add(silentPause)
	want("a while after a picture", true)
	woken := 0
	p.Wake = func() { woken++ }
	p.Answered(now)
	if woken != 1 {
		t.Errorf("an answer wakes %d times", woken)
	}
	if !p.wrote(now, 1000) || p.Outstanding() != 1 {
		t.Error("a terminal that has answered is not asked")
	}
	p.wrote(now, 1000)
	now = now.Add(PatienceFirst)
	want("a while after an answer", false)
	if p.End(); p.wrote(now, 1000) {
		t.Error("a question after the end, whose answer the user's shell would get")
	}
}

func TestWhichLineIsSlow(t *testing.T) {
	const ms = time.Millisecond
	type round struct {
		writes int
		took   time.Duration
	}
	for _, c := range []struct {
		name   string
		size   int
		rounds []round
		slow   bool
	}{
		{"a fast one", 2000, []round{{1, 10 * ms}, {1, 50 * ms}}, false},
		{"a slow one", 2000, []round{{1, 10 * ms}, {1, 400 * ms}}, true},
		{"a long one: every answer takes a while", 2000, []round{{1, 300 * ms}, {1, 300 * ms}, {1, 310 * ms}}, false},
		{"too little to tell", measurable - 1, []round{{1, 10 * ms}, {1, 400 * ms}}, false},
		{"two at a time", 2000, []round{{1, 10 * ms}, {2, 200 * ms}}, false},
	} {
		p, now := &Pacer{}, time.Unix(1000, 0)
		for _, r := range c.rounds {
			for range r.writes {
				p.wrote(now, c.size)
			}
			now = now.Add(r.took)
			for range r.writes {
				p.Answered(now)
			}
		}
		if p.slow() != c.slow {
			t.Errorf("%s: slow is %v at %.0f bytes a second", c.name, p.slow(), p.rate)
		}
	}
}

func TestOutput(t *testing.T) {
	o := &Output{To: io.Discard, Pacer: &Pacer{}, Bytes: new(atomic.Int64), Asked: new(atomic.Int64)}
	later := time.Now().Add(time.Hour)
	if d := o.Stuck(later); d != 0 {
		t.Errorf("stuck for %s before the first picture", d)
	}
	if n, err := o.Write([]byte("picture")); n != len("picture") || err != nil || o.Asked.Load() != 1 {
		t.Errorf("%d bytes, %v, %d questions", n, err, o.Asked.Load())
	}
	if d := o.Stuck(later); d != 0 {
		t.Errorf("stuck for %s after a write", d)
	}
}

// numbered is a model whose every picture is another one.
type numbered struct {
	pictures, updates int
	moves             bool
	draw              func() string // what comes behind the number; may be nil
}

func (n *numbered) Init() tea.Cmd { return nil }

func (n *numbered) Update(tea.Msg) (tea.Model, tea.Cmd) { n.updates++; return n, nil }

func (n *numbered) Moves() bool { return n.moves }

func (n *numbered) View() tea.View {
	n.pictures++
	content := strconv.Itoa(n.pictures)
	if n.draw != nil {
		content += n.draw()
	}
	return tea.NewView(content)
}

// stepMsg tells of another visitor's step.
type stepMsg struct{}

func isStep(msg tea.Msg) bool { return msg == tea.Msg(stepMsg{}) }

// drawn is a paced model without a program, in a bubble of time.
type drawn struct {
	*Model
	inner   *numbered
	settled int

	mu   sync.Mutex // timers send too
	sent []tea.Msg
}

func newDrawn(share float64) *drawn {
	d := &drawn{inner: &numbered{}}
	d.Model = &Model{
		Inner:  d.inner,
		Pacer:  &Pacer{},
		Share:  func() float64 { return share },
		Send:   d.keep,
		Notify: func(tea.Model, string) {},
		News:   isStep,
		Settle: func(tea.Model) { d.settled++ },
		Broken: func(string, any, []byte) {},
	}
	d.Pacer.Wake = d.Answered
	return d
}

func (d *drawn) keep(msg tea.Msg) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.sent = append(d.sent, msg)
}

// picture draws, and returns how many pictures there have been. What is drawn is on
// its way at once.
func (d *drawn) picture() int {
	before := d.inner.pictures
	d.View()
	if d.inner.pictures > before {
		d.Pacer.wrote(time.Now(), 1000)
	}
	return d.inner.pictures
}

// after lets time pass, and returns what was sent meanwhile, all of it handled.
func (d *drawn) after(pause time.Duration) (sent []tea.Msg) {
	time.Sleep(pause)
	synctest.Wait()
	d.mu.Lock()
	sent, d.sent = d.sent, nil
	d.mu.Unlock()
	for _, msg := range sent {
		d.Update(msg)
	}
	return sent
}

// A picture waits for room on the line and time on the server, and comes by itself
// when there are both.
func TestPicturesWait(t *testing.T) {
	for name, test := range map[string]func(t *testing.T, d *drawn){
		"for an answer": func(t *testing.T, d *drawn) {
			for range 3 {
				d.picture()
			}
			if d.Pacer.Answered(time.Now()); !slices.Contains(d.after(0), tea.Msg(redrawMsg{})) || d.picture() != 3 {
				t.Error("what waits is not drawn at an answer")
			}
			if d.Pacer.Answered(time.Now()); slices.Contains(d.after(0), tea.Msg(redrawMsg{})) {
				t.Error("nothing waits, and it is drawn")
			}
		},
		"for a terminal that never answers": func(t *testing.T, d *drawn) {
			for range 3 {
				d.picture()
			}
			for round := range 3 {
				if n := len(d.after(PatienceFirst)); n != 1 {
					t.Errorf("%d messages in round %d, want one that wakes", n, round)
				}
				d.picture()
			}
		},
		"for the server, but not for long": func(t *testing.T, d *drawn) {
			d.Update(wakeMsg{due: time.Now().Add(-time.Second)})
			d.picture()
			d.Pacer.Answered(time.Now())
			if d.after(longestPause - 1); d.picture() != 1 {
				t.Error("late, and it draws")
			}
			if sent := d.after(1); len(sent) != 1 || d.picture() != 2 {
				t.Errorf("%v, %d pictures, want one that wakes, and 2", sent, d.inner.pictures)
			}
		},
		"where nothing else does": func(t *testing.T, d *drawn) { // how late messages come is to be known
			d.Update(wakeMsg{due: time.Now().Add(-time.Millisecond)})
			if d.picture(); len(d.after(reserve*time.Millisecond)) != 1 {
				t.Error("nothing wakes after a picture")
			}
		},
		"for its share": func(t *testing.T, d *drawn) {
			d.inner.draw = func() string { time.Sleep(10 * time.Millisecond); return "" }
			d.Share = func() float64 { return 0.1 }
			d.picture()
			d.Pacer.Answered(time.Now())
			if d.after(89 * time.Millisecond); d.picture() != 1 {
				t.Error("a picture takes more than its share")
			}
			if d.after(time.Millisecond); d.picture() != 2 {
				t.Error("a picture gets less than its share")
			}
		},
		"till the earlier of two times": func(t *testing.T, d *drawn) {
			now := time.Now()
			for _, pause := range []time.Duration{3, 1, 2} {
				d.wake(now.Add(pause * time.Second))
			}
			if n := len(d.after(time.Second)); n != 1 {
				t.Errorf("%d messages at the earlier time", n)
			}
			if n := len(d.after(time.Minute)); n != 0 {
				t.Errorf("%d messages later", n)
			}
		},
		"in parts": func(t *testing.T, d *drawn) {
			line := ""
			d.inner.draw = func() string { return strings.Repeat("\n"+line, 9) }
			d.picture()
			d.Pacer.Answered(time.Now())
			d.Pacer.rate = slowRate / 2
			line = strings.Repeat("x", 400)
			d.picture()
			if d.Pacer.Answered(time.Now()); !slices.Contains(d.after(0), tea.Msg(redrawMsg{})) {
				t.Error("the rest of a picture in parts does not come")
			}
		},
		"but not what is urgent": func(t *testing.T, d *drawn) {
			for i, c := range []struct {
				msg    tea.Msg
				moves  bool
				urgent bool
			}{{tea.KeyPressMsg{Code: 'l'}, true, true}, {redrawMsg{}, false, false}, {NoticeMsg{}, true, true}, {stepMsg{}, true, false}, {stepMsg{}, false, true}} {
				d.Update(wakeMsg{due: time.Now().Add(-time.Second)})
				d.Pacer.Answered(time.Now())
				before := d.picture()
				d.Pacer.Answered(time.Now())
				d.inner.moves = c.moves
				settled := d.settled
				d.Update(c.msg)
				if passes := d.settled > settled; passes != (i == 0 || i > 2) {
					t.Errorf("%d: %T comes to the playground: %v", i, c.msg, passes)
				}
				if urgent := d.picture() > before; urgent != c.urgent {
					t.Errorf("%d: %T is urgent: %v", i, c.msg, urgent)
				}
				d.after(time.Minute)
			}
		},
		"for nothing after a panic": func(t *testing.T, d *drawn) {
			d.inner.draw = func() string { panic("burst") }
			d.picture()
			if sent := d.after(0); len(sent) != 1 || sent[0] != tea.Msg(brokenMsg{}) {
				t.Errorf("%v is sent, want the end", sent)
			}
			before := d.inner.updates
			if _, command := d.Update(tea.KeyPressMsg{Code: 'l'}); command == nil || d.inner.updates != before {
				t.Error("the playground goes on")
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { test(t, newDrawn(1)) })
		})
	}
}

// Where messages come late, a picture waits, but not one that shows a key.
func TestBusyServerDrawsLess(t *testing.T) {
	for _, late := range []time.Duration{0, longestPause / 4} {
		inner := &numbered{}
		m := &Model{
			Inner:  inner,
			Pacer:  &Pacer{},
			Share:  func() float64 { return 1 },
			Send:   func(tea.Msg) {},
			Settle: func(tea.Model) {},
			News:   isStep,
		}
		look := func() int {
			m.View()
			m.Pacer.wrote(time.Now(), 1)
			m.Pacer.Answered(time.Now())
			return inner.pictures
		}
		m.Update(wakeMsg{due: time.Now().Add(-late)})
		look()
		if late == 0 {
			for end := time.Now().Add(10 * longestPause); look() != 2; time.Sleep(time.Millisecond) {
				if time.Now().After(end) {
					t.Fatal("the second picture is not drawn")
				}
			}
			continue
		}
		if n := look(); n != 1 {
			t.Errorf("%s late, %d pictures are drawn at once", late, n)
		}
		m.Update(tea.KeyPressMsg{Code: 'l'})
		if n := look(); n != 2 {
			t.Errorf("a key waits on a busy server")
		}
	}
}
