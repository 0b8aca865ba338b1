package serve

import (
	"io"
	"sync"
	"time"

	gossh "golang.org/x/crypto/ssh"
)

// guard stands between a client's session channel and the SSH library. Of the
// client's requests it lets pass one pty-req, COLORTERM and TERM, and one shell.
// Changes of the window it keeps to itself, the latest only.
type guard struct {
	gossh.NewChannel
	conn  *connection
	typed *typed

	passed chan *gossh.Request

	// Of the goroutine that reads requests.
	pty, shell bool
	named      map[string]bool

	mu      sync.Mutex
	size    size
	resized chan struct{} // holds one where size has changed
}

// mostPassed is how many requests are ever passed on: a pty-req, two env, a shell.
const mostPassed = 4

// longestRequest bounds a request's payload in bytes; a pty-req has some 300.
const longestRequest = 2048

// longestValue bounds an environment variable.
const longestValue = 64

func newGuard(channel gossh.NewChannel, conn *connection) *guard {
	return &guard{
		NewChannel: channel,
		conn:       conn,
		typed:      newTyped(),
		passed:     make(chan *gossh.Request, mostPassed),
		named:      map[string]bool{},
		resized:    make(chan struct{}, 1),
	}
}

// Accept opens the channel and starts to filter its requests, and to read what is
// typed. Whoever sends what a terminal never does, on the standard error, is cut off.
func (g *guard) Accept() (gossh.Channel, <-chan *gossh.Request, error) {
	channel, requests, err := g.NewChannel.Accept()
	if err != nil {
		return nil, nil, err
	}
	go func() {
		g.conn.protect("requests", func() { g.filter(channel, requests) })
		close(g.passed)
		gossh.DiscardRequests(requests) // after a panic, or the SSH library waits for good
	}()
	go func() {
		g.conn.protect("draining", func() { g.typed.drain(channel) })
		g.typed.end()
	}()
	g.conn.start("the standard error", func() {
		if n, _ := channel.Stderr().Read(make([]byte, 1)); n > 0 {
			g.conn.cut("data that no terminal sends")
		}
	})
	return &guardedChannel{channel, g}, g.passed, nil
}

// filter judges requests until the client closes the channel or the connection.
func (g *guard) filter(channel gossh.Channel, requests <-chan *gossh.Request) {
	for request := range requests {
		if len(request.Payload) > longestRequest {
			g.conn.cut("a request too long")
			return
		}
		switch g.judge(request) {
		case passes:
			g.passed <- request
		case answered:
			request.Reply(true, nil)
		case refused:
			g.explain(channel, request.Type)
			request.Reply(false, nil)
			g.conn.refuses()
		}
	}
}

// verdict is what becomes of a request.
type verdict int

const (
	refused verdict = iota
	answered
	passes
)

// judge says what becomes of a request. What passes is rewritten to what was
// understood of it.
func (g *guard) judge(request *gossh.Request) verdict {
	switch request.Type {
	case "pty-req":
		terminal, window, ok := readPty(request.Payload)
		if !ok || g.pty || g.shell {
			return refused
		}
		g.pty = true
		g.setSize(window)
		request.Payload = writePty(terminal, g.clamped())
		return passes
	case "env":
		name, value, ok := readEnv(request.Payload)
		if !ok || g.shell || g.named[name] {
			return refused
		}
		g.named[name] = true
		request.Payload = writeEnv(name, value)
		return passes
	case "shell":
		if g.shell {
			return refused
		}
		g.shell = true
		request.Payload = nil
		return passes
	case "window-change":
		window, ok := readWindow(request.Payload)
		if !ok || !g.pty {
			return refused
		}
		g.setSize(window)
		return answered
	}
	return refused
}

// explain tells whoever wants something else what there is.
func (g *guard) explain(channel gossh.Channel, kind string) {
	if g.shell || kind != "exec" && kind != "subsystem" {
		return
	}
	io.WriteString(channel.Stderr(), "ravine serves the playground and runs no commands; connect without one\r\n")
}

func (g *guard) setSize(s size) {
	g.mu.Lock()
	g.size = s.clamped()
	g.mu.Unlock()
	select {
	case g.resized <- struct{}{}:
	default:
	}
}

// clamped returns the latest size of the client's terminal that is served.
func (g *guard) clamped() size {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.size
}

// closeGrace is how long a client has to close its side when the session is over.
const closeGrace = time.Second

// guardedChannel takes the connection with it when it is closed.
type guardedChannel struct {
	gossh.Channel
	guard *guard
}

func (c *guardedChannel) Read(p []byte) (int, error) { return c.guard.typed.read(p) }

func (c *guardedChannel) Close() error {
	err := c.Channel.Close()
	c.guard.conn.after(closeGrace, "closing", func() { c.guard.conn.Close() })
	return err
}
