package serve

import (
	"io"
	"net"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	gossh "golang.org/x/crypto/ssh"
)

// deafConn stops to read when it is told to, as a client does that is stopped.
type deafConn struct {
	net.Conn
	deaf   atomic.Bool
	closed chan struct{}
}

func (c *deafConn) Read(p []byte) (int, error) {
	if c.deaf.Load() {
		<-c.closed
		return 0, net.ErrClosed
	}
	return c.Conn.Read(p[:min(len(p), 512)])
}

func (c *deafConn) Close() error {
	select {
	case <-c.closed:
	default:
		close(c.closed)
	}
	return c.Conn.Close()
}

// narrow is a listener whose connections hold little that is not yet sent.
type narrow struct{ net.Listener }

func (l narrow) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err == nil {
		conn.(*net.TCPConn).SetWriteBuffer(4096)
	}
	return conn, err
}

// flooder is a client that sends packets of one byte, as many as it can.
type flooder struct {
	*gossh.Client
	channel gossh.Channel
	conn    *deafConn
}

func (r *room) flooder(t *testing.T, shell bool) *flooder {
	f := &flooder{conn: &deafConn{closed: make(chan struct{})}}
	f.Client = r.mustConnect(t, asker{wrap: func(raw net.Conn) net.Conn {
		raw.(*net.TCPConn).SetReadBuffer(4096)
		f.conn.Conn = raw
		return f.conn
	}})
	channel, requests, err := f.OpenChannel("session", nil)
	if err != nil {
		t.Fatal(err)
	}
	go gossh.DiscardRequests(requests)
	f.channel = channel
	sendPty(channel, "xterm", 80, 24)
	if shell {
		channel.SendRequest("shell", true, nil)
	}
	go io.Copy(io.Discard, channel)
	return f
}

// flood sends to the stream of that code until the connection ends.
func (f *flooder) flood(code uint32, sent *atomic.Int64) {
	to := f.channel.(interface {
		Extended(code uint32) io.ReadWriter
	}).Extended(code)
	for key := []byte("x\x1b")[1:]; ; sent.Add(1) {
		if _, err := to.Write(key); err != nil {
			return
		}
	}
}

// queuedPackets returns how many bytes the SSH library's lists of packets that
// are not read take, from what the profiler sampled.
func queuedPackets() (bytes int64) {
	runtime.GC() // the profile is of the collection before the last
	runtime.GC()
	records := make([]runtime.MemProfileRecord, 10_000)
	n, ok := runtime.MemProfile(records, false)
	if !ok {
		panic("more records than there is room for")
	}
	for _, record := range records[:n] {
		frames := runtime.CallersFrames(record.Stack())
		for more := true; more; {
			var frame runtime.Frame
			if frame, more = frames.Next(); strings.Contains(frame.Function, "ssh.(*buffer).write") {
				// A sample stands for as many bytes as the rate is.
				bytes += record.InUseObjects() * int64(runtime.MemProfileRate)
			}
		}
	}
	return bytes
}

// Packets of one byte take a bounded amount of memory, whatever they are and
// whether their sender reads or not, and others are served meanwhile.
func TestPacketsOfOneByte(t *testing.T) {
	defer func(rate int) { runtime.MemProfileRate = rate }(runtime.MemProfileRate)
	runtime.MemProfileRate = 4096
	for _, c := range []struct {
		name  string
		code  uint32 // of the extended data; 0 is the standard input
		shell bool
		deaf  bool
		cut   bool
	}{
		{name: "before the shell"},
		{name: "keys", shell: true},
		{name: "keys of a client that does not read", shell: true, deaf: true},
		{name: "standard error", code: 1, shell: true, cut: true},
		{name: "another kind of data", code: 7, shell: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := startWith(t, nil, func(s *Server) { s.admission.Listener = narrow{s.admission.Listener} })
			const sessions = 3
			var sent atomic.Int64
			var people []*flooder
			for range sessions {
				people = append(people, r.flooder(t, c.shell))
			}
			r.probe(t)
			ended := make(chan struct{}, 2*sessions)
			for _, f := range people {
				f.conn.deaf.Store(c.deaf)
				go func() {
					f.flood(c.code, &sent)
					ended <- struct{}{}
				}()
				go func() { // pictures, for those who do not read them
					for i := uint32(0); c.deaf && sendSize(f.channel, 400+i%100, 40) == nil; i++ {
						time.Sleep(resizePause)
					}
					ended <- struct{}{}
				}()
			}
			for stop := time.Now().Add(time.Duration(*soak) * time.Second / 2); time.Now().Before(stop); {
				r.probe(t)
			}
			queued := queuedPackets()
			t.Logf("%d packets, %d KB queued", sent.Load(), queued>>10)
			if queued > 1<<20 {
				t.Errorf("%d KB of packets are queued", queued>>10)
			}
			if got := strings.Contains(r.log.String(), "data that no terminal sends"); got != c.cut {
				t.Errorf("cut off: %v, want %v", got, c.cut)
			}
			r.Stop()
			for _, f := range people {
				f.conn.Close()
			}
			for range cap(ended) {
				<-ended
			}
		})
	}
}
