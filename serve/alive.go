package serve

import (
	"fmt"
	"time"
)

// clientAlive says how long a client may say nothing: it is asked for a sign of
// life after interval, and again after as long each time, countMax times. These
// are sshd's ClientAliveInterval and ClientAliveCountMax.
type clientAlive struct {
	interval time.Duration
	countMax int
}

// total is after how much silence a client is taken to be gone.
func (a clientAlive) total() time.Duration { return a.interval * time.Duration(a.countMax+1) }

// aliveDefaults are those after which a session ends, and leadDefaults those after
// which a presenter leads no more. A laptop may sleep for ten seconds, or a line
// be down.
func aliveDefaults() clientAlive { return clientAlive{15 * time.Second, 3} }
func leadDefaults() clientAlive  { return clientAlive{2 * time.Second, 6} }

// watcher looks whether a visitor's client is there.
type watcher struct {
	visitor *visitor
	heard   time.Duration // when something came last
	asked   int           // questions since then
	last    time.Time     // of them
}

// look asks the client whether it is there if it has said nothing for long, and
// draws the consequences if it does not answer.
func (w *watcher) look(now time.Time) {
	v := w.visitor
	if heard := time.Duration(v.conn.last.Load()); heard != w.heard {
		w.heard, w.asked = heard, 0
	}
	silent := now.Sub(v.conn.began) - w.heard
	limits, lead := v.server.alive, v.server.lead
	leads := v.server.lecture.Leads(v.participant)
	interval := limits.interval
	if leads {
		interval = lead.interval
	}
	due := silent >= interval && now.Sub(w.last) >= interval // a question has had its time
	if leads && (due && silent >= lead.total() && w.asked >= lead.countMax || v.output.Stuck(now) >= lead.total()) {
		v.lose(lead.total())
	}
	switch {
	case due && silent >= limits.total() && w.asked >= limits.countMax:
		v.conn.cut("no sign of life")
	case due:
		w.asked++
		w.last = now
		v.ask()
	}
}

// ask asks the client for an answer, as sshd does, which every client gives. The
// line may keep one waiting; a second question says no more than the first.
func (v *visitor) ask() {
	if v.asking.Swap(true) {
		return
	}
	v.conn.start("asking", func() {
		defer v.asking.Store(false)
		v.session.SendRequest("keepalive@openssh.com", true, nil)
	})
}

// lose takes the lead from a presenter that was not heard for so long.
func (v *visitor) lose(silent time.Duration) {
	if v.server.lecture.Depose(v.participant, fmt.Sprintf("nothing was heard from you for %s", silent)) {
		v.server.log.Warn("lead lost", append(v.conn.named(), "silent", silent)...)
	}
}
