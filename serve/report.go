package serve

import (
	"time"

	"charm.land/ssh"
	gossh "golang.org/x/crypto/ssh"
)

// refused logs and counts a connection that was not let in. who begins with its
// address. Those of whom more is known have a bound of their own: whoever tries
// keys does not hide in a crowd.
func (s *Server) refused(reason string, who ...any) {
	s.counts.refused.Add(1)
	bound := s.refusals
	if len(who) > 2 {
		bound = s.failures
	}
	if bound.Allow() {
		s.log.Warn("refuse", append(who, "reason", reason)...)
	}
}

// short logs that the system cannot give what a new connection needs.
func (s *Server) short(err error) {
	if s.shortages.Allow() {
		s.log.Error("accept", "error", err, "sessions", s.admission.live())
	}
}

// welcome logs and counts a session.
func (s *Server) welcome(v *visitor) {
	s.counts.sessions.Add(1)
	ctx := v.session.Context()
	requested, _, _ := v.session.Pty()
	who := []any{
		"address", v.conn.RemoteAddr().String(),
		"user", clean(ctx.User(), longestName),
		"client", clean(ctx.ClientVersion(), longestName),
	}
	if key := v.granted(grantedKey); key != "" {
		who = append(who, "key", key)
	}
	v.conn.welcomed(who)
	s.log.Info("connect", append(who[:len(who):len(who)],
		"terminal", requested.Term, "width", requested.Window.Width, "height", requested.Window.Height)...)
}

// granted returns what the connection's proof of identity has earned it.
func (v *visitor) granted(key string) string {
	conn := v.session.Context().Value(ssh.ContextKeyConn).(*gossh.ServerConn)
	return conn.Permissions.Extensions[key]
}

// closed logs the end of a connection, once for each.
func (s *Server) closed(c *connection) {
	if c.spent.Load() {
		s.renewCode() // it was right, and led to nothing
	}
	cause, who := c.ended()
	if c.named() == nil {
		s.refused(cause, who...)
		return
	}
	s.log.Info("disconnect", append(who[:len(who):len(who)],
		"reason", cause, "duration", time.Since(c.began).Round(time.Millisecond))...)
}
