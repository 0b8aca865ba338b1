package pace

import (
	"testing"
	"time"
)

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
