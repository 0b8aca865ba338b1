package tui

import (
	"runtime"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"ravine/keymap"
	"ravine/tui/panel"
)

// replaySlice is how long lanes catch up at a time: in between, keys are answered
// and others have their turn. To wait for less than soon is not worth the while.
const replaySlice, soon = 3 * time.Millisecond, time.Millisecond

// Turns shares half of the processors among the replays of several playgrounds:
// each has its next slice when all that asked before have had theirs, and no more
// run at a time than there are processors for. Its methods may be called by any
// goroutine.
type Turns struct {
	mu       sync.Mutex
	free     time.Time  // from when there is room for a slice
	running  int        // slices at this moment
	building sync.Mutex // held while a typed problem is built
}

// take books a slice and returns how long to wait for it.
func (t *Turns) take() time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := time.Now()
	if t.free.Before(now) {
		t.free = now
	}
	wait := t.free.Sub(now)
	t.book(replaySlice)
	return wait
}

// begin reports whether a slice can be made now: on a machine that is busy with
// other things, those before may not be over.
func (t *Turns) begin() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.running >= processors() {
		return false
	}
	t.running++
	return true
}

// end says that a slice is over, and how long it was.
func (t *Turns) end(slice time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.running--
	t.book(min(0, slice-replaySlice))
}

func (t *Turns) book(slice time.Duration) { t.free = t.free.Add(slice / time.Duration(processors())) }

func processors() int { return max(1, runtime.GOMAXPROCS(0)/2) }

// catchingUp is how the lanes of one playground do.
type catchingUp struct {
	turns *Turns
	slice time.Duration
	cores int       // one where turns are shared
	waits bool      // for a turn
	shown time.Time // when a picture of it was last asked for
}

// turnMsg says that a replay has its turn.
type turnMsg struct{}

// catchUp takes lanes that are behind as far as they come in a slice, if it is this
// playground's turn or nobody else's, and returns the command that waits for the
// next one.
func (m *Model) catchUp(turn bool) tea.Cmd {
	c := &m.catching
	c.waits = c.waits && !turn
	if _, behind := m.runner.Behind(); !behind || c.waits {
		return nil
	}
	if !turn {
		if wait := c.turns.take(); wait > soon {
			return c.wait(wait)
		}
	}
	if !c.turns.begin() {
		return c.wait(c.turns.take())
	}
	began := time.Now()
	defer func() { c.turns.end(time.Since(began)) }() // whether or not a rule panics
	done := m.runner.CatchUp(c.slice, c.cores)
	now := time.Now()
	if done || now.Sub(c.shown) >= time.Second/FrameRate {
		m.dirty, c.shown = true, now
	}
	if done {
		return m.wakeForHint()
	}
	return c.wait(c.turns.take())
}

func (c *catchingUp) wait(duration time.Duration) tea.Cmd {
	c.waits = true
	return tea.Tick(duration, func(time.Time) tea.Msg { return turnMsg{} })
}

// advance makes the steps that are due by now and asks for the next tick.
func (m *Model) advance() tea.Cmd {
	if _, behind := m.runner.Behind(); behind {
		return m.tick()
	}
	before := m.runner.Step()
	if perSecond := panel.Speeds[m.Speed]; perSecond > 0 {
		m.due += float64(perSecond) / FrameRate
		m.stepFor(int(m.due))
		m.due -= float64(int(m.due))
	} else {
		m.stepFor(1 << 30)
	}
	m.reach()
	m.dirty = m.dirty || m.runner.Step() != before
	if m.ended() {
		m.Running = false
		m.dirty = true
		m.sayEnd()
		return m.wakeForHint()
	}
	return m.tick()
}

// ended reports whether the race cannot go on from here.
func (m *Model) ended() bool {
	return !m.runner.Running() || m.runner.AtLimit() || m.runner.Step() >= m.lastStep()
}

// sayEnd says why.
func (m *Model) sayEnd() {
	if m.runner.Running() && !m.runner.AtLimit() {
		m.say("%d steps: no race goes further here; %s restarts", m.lastStep(), m.KeyOf(keymap.Restart))
		return
	}
	m.say("%s", m.OverText())
	m.Status.Last = true
}

// stepFor makes that many steps, or as many as a frame has time for.
func (m *Model) stepFor(steps int) {
	atOnce := 16
	if perStep := m.runner.ExamplesPerStep(); perStep > 0 {
		const updates = 512
		atOnce = max(1, updates/perStep)
	}
	end := time.Now().Add(m.stepTime)
	for steps > 0 && !m.ended() {
		m.runner.Aim(m.runner.Step() + min(steps, atOnce, m.lastStep()-m.runner.Step()))
		steps -= atOnce
		if !m.runner.CatchUp(time.Until(end), m.catching.cores) || !time.Now().Before(end) {
			return
		}
	}
}
