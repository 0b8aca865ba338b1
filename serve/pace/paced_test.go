package pace

import (
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
)

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
