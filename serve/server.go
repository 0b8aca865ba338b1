// Package serve gives the playground to whoever connects with ssh: every visitor
// has a race of their own, in their own terminal. Clients are not trusted: see
// guard, admission and input for what they cannot do.
package serve

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"
	"charm.land/ssh"
	"charm.land/wish/v2"
	"charm.land/wish/v2/bubbletea"
	gossh "golang.org/x/crypto/ssh"
	"golang.org/x/time/rate"

	"ravine/keymap"
	"ravine/race"
	"ravine/serve/lecture"
	"ravine/tui"
)

// Server serves the playground. Its methods may be called by any goroutine.
type Server struct {
	limits    Limits
	log       *slog.Logger
	signer    gossh.Signer
	access    *access
	open      bool
	admission *admission
	ssh       *ssh.Server
	counts    counts
	refusals  *rate.Limiter // that are logged, of those of whom an address is known
	failures  *rate.Limiter // that are logged, of others
	shortages *rate.Limiter // that are logged
	stopping  chan struct{}
	stop      sync.Once
	model     func(context.Context) (tea.Model, error) // a new visitor's playground
	keys      keymap.Map
	stuck     time.Duration    // for a client to read
	alive     clientAlive      // of every session
	lead      clientAlive      // of a presenter's lead
	lecture   *lecture.Lecture // nil where everyone plays alone
	guests    guests
	metrics   net.Listener // nil for none
}

// New loads or makes the host key and listens. Options that pass Check may still
// name a file that cannot be read, or a port that is taken.
func New(options Options) (*Server, error) {
	if err := options.Check(); err != nil {
		return nil, err
	}
	s := &Server{
		limits:    options.Limits,
		log:       options.Log,
		access:    &access{present: options.Present},
		open:      options.Open,
		keys:      options.Keys,
		stuck:     stuckTimeout,
		alive:     aliveDefaults(),
		lead:      leadDefaults(),
		refusals:  rate.NewLimiter(refusalRate, refusalBurst),
		failures:  rate.NewLimiter(refusalRate, refusalBurst),
		shortages: rate.NewLimiter(0.1, 1),
		stopping:  make(chan struct{}),
	}
	opening, err := race.New(options.Race)
	if err != nil {
		return nil, err
	}
	s.model = models(options, opening.Problem())
	if options.AuthorizedKeys != "" {
		keys, err := openKeys("authorized-keys", options.AuthorizedKeys, s.log)
		if err != nil {
			return nil, err
		}
		s.access.keys = keys
	}
	if err := s.setLecture(options); err != nil {
		return nil, err
	}
	signer, err := hostKey(options.HostKey)
	if err != nil {
		return nil, err
	}
	s.signer = signer
	listener, err := net.Listen("tcp", options.Listen)
	if err != nil {
		return nil, fmt.Errorf("--listen %s: %w", options.Listen, err)
	}
	s.admission = newAdmission(listener, options.Limits)
	s.admission.count = &s.counts
	s.admission.refused = s.refused
	s.admission.closed = s.closed
	s.admission.short = s.short
	s.admission.panicked = s.panicked
	if s.ssh, err = s.newSSH(); err == nil && options.Metrics != "" {
		if s.metrics, err = net.Listen("tcp", options.Metrics); err != nil {
			err = fmt.Errorf("--metrics %s: %w", options.Metrics, err)
		}
	}
	if err != nil {
		listener.Close()
		return nil, err
	}
	return s, nil
}

// How many connections that are turned away the log has; the metrics count them all.
const (
	refusalRate  = 5 // a second
	refusalBurst = 50
)

// setLecture says who may lead, if anyone.
func (s *Server) setLecture(options Options) error {
	if !options.Present {
		return nil
	}
	if options.PresenterKeys != "" {
		s.lecture = lecture.New(func() {})
		keys, err := openKeys("presenter-keys", options.PresenterKeys, s.log)
		s.access.presenters = keys
		return err
	}
	tell := options.Tell
	if tell == nil {
		tell = func(string) {}
	}
	s.access.code = newCode(tell)
	s.lecture = lecture.New(s.renewCode)
	return nil
}

// renewCode makes another code when a presenter has gone, unless all go.
func (s *Server) renewCode() {
	select {
	case <-s.stopping:
	default:
		s.access.code.renew()
	}
}

// connectionKey is where an SSH context has its connection, visitorKey where it
// has its visitor, guardKey its guard.
type contextKey string

const (
	connectionKey contextKey = "connection"
	guardKey      contextKey = "guard"
	visitorKey    contextKey = "visitor"
)

func connectionOf(ctx ssh.Context) *connection { return ctx.Value(connectionKey).(*connection) }

// newSSH sets the SSH library up. Its own limits of time stay unused: they count
// what the server writes as a sign of life.
func (s *Server) newSSH() (*ssh.Server, error) {
	return wish.NewServer(
		ssh.WrapConn(func(ctx ssh.Context, conn net.Conn) net.Conn {
			conn.(*connection).context = ctx
			ctx.SetValue(connectionKey, conn.(*connection))
			return conn
		}),
		func(server *ssh.Server) error {
			server.HostSigners = []ssh.Signer{meteredSigner{s.signer}}
			server.ServerConfigCallback = func(ctx ssh.Context) *gossh.ServerConfig {
				return s.access.config(connectionOf(ctx))
			}
			server.ConnectionFailedCallback = func(conn net.Conn, err error) { conn.RemoteAddr().(remote).of.failed(err) }
			server.ConnectionCloseCallback = func(conn net.Conn) {
				if c := conn.RemoteAddr().(remote).of; !c.proven.Load() {
					c.unproven()
					s.closed(c)
				}
			}
			server.ChannelHandlers = map[string]ssh.ChannelHandler{
				"session": s.channel,
				"default": refuseChannel,
			}
			server.RequestHandlers = map[string]ssh.RequestHandler{"default": refuseRequest}
			return nil
		},
		wish.WithMiddleware(s.farewell, bubbletea.MiddlewareWithProgramHandler(s.program), s.visit),
	)
}

// codeTimeout is how long after it has connected a client may take, where a person
// has to type a code.
const codeTimeout = time.Minute

func refuseChannel(_ *ssh.Server, _ *gossh.ServerConn, channel gossh.NewChannel, ctx ssh.Context) {
	c := connectionOf(ctx)
	c.protect("another channel", func() {
		c.refuses() // first: an answer waits for a client that does not read
		channel.Reject(gossh.Prohibited, "ravine serves the playground only")
	})
}

func refuseRequest(ctx ssh.Context, _ *ssh.Server, _ *gossh.Request) (bool, []byte) {
	c := connectionOf(ctx)
	c.protect("another request", c.refuses)
	return false, nil
}

// channel serves the one session of a connection.
func (s *Server) channel(server *ssh.Server, conn *gossh.ServerConn, channel gossh.NewChannel, ctx ssh.Context) {
	c := connectionOf(ctx)
	c.protect("the channel", func() {
		if c.opened.Swap(true) {
			c.refuses()
			channel.Reject(gossh.ResourceShortage, "one session a connection")
			return
		}
		g := newGuard(channel, c)
		ctx.SetValue(guardKey, g)
		ssh.DefaultSessionHandler(server, conn, g, ctx)
		c.Close()
	})
}

// visit is the outermost handler of a session.
func (s *Server) visit(next ssh.Handler) ssh.Handler {
	return func(session ssh.Session) {
		ctx := session.Context()
		v := &visitor{
			server:  s,
			conn:    connectionOf(ctx),
			guard:   ctx.Value(guardKey).(*guard),
			session: session,
			ended:   make(chan struct{}),
			began:   time.Now(),
		}
		defer close(v.ended)
		turned := make(chan struct{})
		v.conn.endsBy(func() {
			go func() {
				v.conn.protect("turning away", func() { s.turnAway(v, causePanic, brokenWord) })
				close(turned)
			}()
		})
		if ok := v.conn.protect("the session", func() { s.receive(v, next) }); !ok {
			<-turned
		}
	}
}

// receive serves a visitor, if that can be.
func (s *Server) receive(v *visitor, next ssh.Handler) {
	if _, _, ok := v.session.Pty(); !ok {
		s.turnAway(v, "no terminal", "The playground needs a terminal: ssh -t")
		return
	}
	if !s.admission.establish(v.conn) {
		s.turnAway(v, "all places are taken", "All places are taken; come back later.")
		return
	}
	defer func() {
		if v.participant != nil {
			s.lecture.Leave(v.participant)
		}
	}()
	s.welcome(v)
	v.session.Context().SetValue(visitorKey, v)
	next(v.session)
}

// turnAway ends a session before it has begun.
func (s *Server) turnAway(v *visitor, reason, word string) {
	v.conn.because(reason)
	io.WriteString(v.session.Stderr(), word+"\r\n")
	v.session.Exit(1)
}

// program makes the program that a session runs.
func (s *Server) program(session ssh.Session) *tea.Program {
	v := session.Context().Value(visitorKey).(*visitor)
	model, err := s.model(session.Context())
	if err != nil {
		panic(fmt.Sprintf("the race was tried when the server started: %v", err))
	}
	playground, ok := model.(*tui.Model)
	switch {
	case !ok:
	case s.lecture == nil:
		if s.guests.new(v.guest()) {
			playground.Welcome()
		}
	default:
		v.participant = s.lecture.Enter(playground, s.keys, v.granted(grantedLead) != "")
		v.conn.spent.Store(false)
		model = v.participant
	}
	return v.open(model)
}

// farewell is the handler after the program.
func (s *Server) farewell(ssh.Handler) ssh.Handler {
	return func(session ssh.Session) {
		session.Context().Value(visitorKey).(*visitor).farewell()
	}
}

// settle gives a playground its share of the time for steps.
func (s *Server) settle(model tea.Model) {
	if m, ok := model.(interface{ SetStepTime(time.Duration) }); ok {
		m.SetStepTime(time.Duration(share(s.admission.live()) * float64(time.Second) / tui.FrameRate))
	}
}

// Addr returns where the server listens.
func (s *Server) Addr() net.Addr { return s.admission.Addr() }

// Fingerprint returns what clients show of the host key.
func (s *Server) Fingerprint() string { return gossh.FingerprintSHA256(s.signer.PublicKey()) }

// Who says who may come in.
func (s *Server) Who() string { return s.access.describe(s.open) }

// Reload reads the files with keys again. It is not needed where they change: whoever
// comes next is judged by the new ones.
func (s *Server) Reload() {
	s.access.keys.reload()
	s.access.presenters.reload()
}

// Serve serves until Stop is called; it then returns nil.
func (s *Server) Serve() error {
	if s.metrics != nil {
		s.serveMetrics()
	}
	err := s.ssh.Serve(s.admission)
	select {
	case <-s.stopping:
		return nil
	default:
		return fmt.Errorf("serving %s: %w", s.Addr(), err)
	}
}

// Stop lets nobody in any more, ends every session with a word of goodbye, and
// returns when the last connection is closed, quitGrace later at most.
func (s *Server) Stop() {
	s.stop.Do(func() { close(s.stopping) })
	if s.metrics != nil {
		defer s.metrics.Close()
	}
	s.admission.close()
	s.admission.running.Wait()
	s.admission.closeAll()
}
