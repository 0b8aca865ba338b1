package serve

import (
	"context"
	"io"
	"sync"
	"sync/atomic"
	"time"

	tea "charm.land/bubbletea/v2"
	"charm.land/ssh"
	"charm.land/wish/v2/bubbletea"
	uv "github.com/charmbracelet/ultraviolet"

	"ravine/problem"
	"ravine/serve/lecture"
	"ravine/serve/pace"
	"ravine/tui"
	"ravine/tui/idle"
	"ravine/tui/screen"
)

// visitor is one session: a terminal, the guard before it and the program behind.
type visitor struct {
	server      *Server
	conn        *connection
	guard       *guard
	session     ssh.Session
	program     *tea.Program
	pacer       *pace.Pacer
	output      *pace.Output
	rest        *idle.Output // before output
	model       *pace.Model
	participant *lecture.Participant // where someone presents

	ended  chan struct{} // closed when the program has
	began  time.Time
	asking atomic.Bool  // whether the client is there
	input  atomic.Int64 // when the last key or click came, in nanoseconds since 1970

	quitting sync.Once
	word     string // the last one, for the visitor; set while quitting
}

// How long things may take.
const (
	quitGrace    = 2500 * time.Millisecond // from the wish to end a program to the end of its connection
	stuckTimeout = 30 * time.Second        // for a client to read
	answerGrace  = 500 * time.Millisecond  // for a terminal's last answers, so that its shell does not get them
	resizePause  = 50 * time.Millisecond   // between changes of the size
)

// open makes the program of a session that has a terminal.
func (v *visitor) open(model tea.Model) *tea.Program {
	s := v.server
	requested, _, _ := v.session.Pty()
	v.pacer = &pace.Pacer{}
	v.output = &pace.Output{To: v.session, Pacer: v.pacer, Bytes: &s.counts.bytes, Asked: &v.guard.typed.asked}
	v.rest = idle.New(v.output)
	v.model = &pace.Model{
		Inner:  model,
		Pacer:  v.pacer,
		Share:  func() float64 { return share(s.admission.live()) },
		Notify: notify,
		News:   isNews,
		Settle: s.settle,
		Broken: func(where string, value any, stack []byte) { s.panicked(v.conn, where, value, stack) },
	}
	// Options of which there can be but one: the later one counts.
	options := append(bubbletea.MakeOptions(v.session),
		tea.WithInput(nil),
		tea.WithOutput(v),
		tea.WithoutSignalHandler(),
		tea.WithFilter(v.filter))
	v.program = tea.NewProgram(v.model, options...)
	v.model.Send = v.send
	v.rest.Start(v.send)
	v.pacer.Wake = v.model.Answered
	v.input.Store(time.Now().UnixNano())
	v.conn.endsBy(func() { v.quit(causePanic, brokenWord) })
	v.conn.start("keys", func() { v.read(requested.Term) })
	v.conn.start("resizing", v.resize)
	v.conn.start("watching", v.watch)
	if v.participant != nil {
		v.conn.start("following", v.follow)
	}
	return v.program
}

// notify shows the visitor a sentence, where the model can.
func notify(model tea.Model, text string) {
	if m, ok := model.(interface{ Notice(string) }); ok {
		m.Notice(text)
	}
}

// isNews reports whether a message tells of another visitor's step.
func isNews(msg tea.Msg) bool {
	_, ok := msg.(lecture.NewsMsg)
	return ok
}

// filter passes questions to the terminal on, which the program keeps back from
// a terminal that it does not read itself, and never suspends the server.
func (v *visitor) filter(_ tea.Model, msg tea.Msg) (filtered tea.Msg) {
	v.conn.protect("messages", func() { filtered = v.pass(msg) })
	return filtered
}

func (v *visitor) pass(msg tea.Msg) tea.Msg {
	msg = v.rest.Message(msg)
	switch msg.(type) {
	case tea.SuspendMsg:
		return nil
	case tea.QuitMsg:
		v.pacer.End()
		if v.session.Context().Err() == nil { // with the connection, Wish quits too
			v.quit("quit", "")
		}
	}
	if msg == tea.RequestBackgroundColor() {
		return tea.Raw("\x1b]11;?\x07")()
	}
	return msg
}

// Write writes a picture. Bubble Tea calls it, in a goroutine of its own.
func (v *visitor) Write(p []byte) (n int, err error) {
	err = errPanicked
	v.conn.protect("pictures", func() { n, err = v.rest.Write(p) })
	return n, err
}

// send sends a message to the program. Timers call it.
func (v *visitor) send(msg tea.Msg) {
	v.conn.protect("sending", func() { v.program.Send(msg) })
}

// read hands the terminal's input to the program until it ends.
func (v *visitor) read(terminal string) {
	in := newInput(v.session, v.ended)
	in.protect = v.conn.protect
	in.run(terminal, sinks{
		press: func(event uv.Event) {
			v.input.Store(time.Now().UnixNano())
			v.program.Send(event)
		},
		reply:    func(event uv.Event) { v.program.Send(event) },
		position: func() { v.pacer.Answered(time.Now()) },
	})
	v.quit("", "") // hung up, unless it broke the protocol: see connection.blame
}

// resize hands the latest size of the terminal to the program.
func (v *visitor) resize() {
	for {
		select {
		case <-v.guard.resized:
			s := v.guard.clamped()
			v.program.Send(tea.WindowSizeMsg{Width: s.width, Height: s.height})
		case <-v.ended:
			return
		}
		time.Sleep(resizePause)
	}
}

// follow tells the program of changes at the lecture.
func (v *visitor) follow() {
	for {
		select {
		case <-v.participant.News:
			v.program.Send(lecture.NewsMsg{})
		case <-v.ended:
			return
		}
	}
}

// watch ends the session when its time is over, or its visitor, or the server.
func (v *visitor) watch() {
	limits := v.server.limits
	alive := watcher{visitor: v}
	tick := time.Tick(max(time.Millisecond, min(time.Second, limits.Idle/20, v.server.lead.interval/4, v.server.alive.interval/4)))
	total := time.After(limits.Total)
	for {
		select {
		case <-v.ended:
			return
		case <-v.server.stopping:
			v.quit("server stopped", "The server is stopping. Goodbye!")
			return
		case <-total:
			v.quit("time over", "Your "+limits.Total.String()+" are over. Goodbye!")
			return
		case now := <-tick:
			if v.output.Stuck(now) > v.server.stuck {
				v.conn.cut("does not read")
			}
			alive.look(now)
			switch idle := now.Sub(time.Unix(0, v.input.Load())); {
			case idle >= limits.Idle:
				v.quit("idle", "No key for "+limits.Idle.String()+". Goodbye!")
				return
			case idle >= limits.Idle*9/10:
				v.conn.start("the warning", func() { v.program.Send(pace.NoticeMsg{Text: "No key for a while: press one to stay"}) })
			}
		}
	}
}

// quit ends the program and says why; the first reason counts. It does not wait.
func (v *visitor) quit(reason, word string) {
	v.quitting.Do(func() {
		v.word = word
		v.conn.because(reason)
		v.conn.start("quitting", v.program.Quit)
		// A client that does not read holds the program in a write.
		v.conn.after(quitGrace, "the end", func() { v.conn.Close() })
	})
}

// farewell says the last word on the visitor's own screen.
func (v *visitor) farewell() {
	v.quit("", "") // the program also ends with the connection
	deadline := time.Now().Add(answerGrace)
	for v.pacer.Outstanding() > 0 && time.Now().Before(deadline) {
		time.Sleep(5 * time.Millisecond)
	}
	if v.word != "" {
		io.WriteString(v.session, v.word+"\r\n")
	}
}

// models returns what opens a visitor's playground. The problem's data are read
// once, for all.
func models(options Options, problem problem.Problem) func(context.Context) (tea.Model, error) {
	turns := &tui.Turns{}
	grids := &sync.Pool{New: func() any { return screen.New(0, 0) }}
	return func(ctx context.Context) (tea.Model, error) {
		return tui.New(tui.Options{
			Race:      options.Race,
			Problem:   problem,
			Keys:      options.Keys,
			MostSteps: mostSteps,
			Visitor:   true,
			Turns:     turns,
			Grids:     grids,
			Context:   ctx,
		})
	}
}

// mostSteps is where a visitor's race waits. A key may replay all of it.
const mostSteps = 1_000_000
