package serve

import (
	"io"
	"net"
	"testing"
	"testing/synctest"
	"time"
)

// heard is a connection that is read as the SSH library reads.
type heard struct {
	client net.Conn
	conn   *connection
	bytes  int
}

func hear(t *testing.T) *heard {
	client, server := net.Pipe()
	limits := roomy()
	limits.Handshake = time.Hour
	a := newAdmission(nil, limits)
	a.closed = func(*connection) {}
	conn, reason := a.admit(server)
	if reason != "" {
		t.Fatal(reason)
	}
	conn.proven.Store(true)
	h := &heard{client: client, conn: conn}
	go func() {
		buffer := make([]byte, 4096)
		for {
			n, err := conn.Read(buffer)
			h.bytes += n
			if err != nil {
				return
			}
		}
	}()
	t.Cleanup(func() {
		conn.deadline.Stop()
		client.Close()
		server.Close()
	})
	return h
}

// A connection whose goroutines panic can be neither read nor written.
func TestConnectionThatPanics(t *testing.T) {
	client, server := net.Pipe()
	defer client.Close()
	a := newAdmission(nil, roomy())
	a.closed = func(*connection) {}
	a.panicked = func(*connection, string, any, []byte) {}
	conn, reason := a.admit(server)
	if reason != "" {
		t.Fatal(reason)
	}
	defer conn.Close()
	a.fault = func(*connection, string) { panic("burst") }
	if n, err := conn.Write([]byte("x")); n != 0 || err == nil {
		t.Errorf("%d bytes are written, %v", n, err)
	}
	if n, err := conn.Read(make([]byte, 1)); n != 0 || err == nil {
		t.Errorf("%d bytes are read, %v", n, err)
	}
}

// What a connection is cut off for does not reach the SSH library.
func TestWhatIsWrongIsNotHeard(t *testing.T) {
	client, server := net.Pipe()
	a := newAdmission(nil, roomy())
	a.closed = func(*connection) {}
	conn, reason := a.admit(server)
	if reason != "" {
		t.Fatal(reason)
	}
	go client.Write([]byte("GET / HTTP/1.1\r\n"))
	if n, err := conn.Read(make([]byte, 100)); n != 0 || err == nil {
		t.Errorf("%d bytes are heard, %v", n, err)
	}
	client.Close()
}

// send sends so many bytes and returns how long the server took to read them.
func (h *heard) send(size int) time.Duration {
	began := time.Now()
	io.CopyN(h.client, endless{}, int64(size))
	synctest.Wait()
	return time.Since(began)
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

// Whoever goes on to send more than a terminal does is cut off at once; to be slow
// with it would be to be late with everything, a hang-up among it.
func TestTooMuchInput(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := hear(t)
		if took := h.send(trafficBurst); took > 0 || h.bytes != trafficBurst {
			t.Errorf("%d bytes of a burst of %d are read after %s", h.bytes, trafficBurst, took)
		}
		for range 60 {
			time.Sleep(time.Second)
			if took := h.send(trafficRate * 9 / 10); took > mostWaited {
				t.Fatalf("what a terminal may send is read after %s", took)
			}
		}
		if h.conn.cause != "" {
			t.Fatalf("cut off: %s", h.conn.cause)
		}
		time.Sleep(time.Minute)
		if took := h.send(2 * trafficBurst); took > mostWaited || h.conn.cause != "too much input" {
			t.Errorf("after %s and %d bytes: %q", took, h.bytes, h.conn.cause)
		}
	})
}

// Whoever does not read is heard slowly, and otherwise at once.
func TestOneThatDoesNotRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := hear(t)
		for range 2 {
			written := make(chan error)
			go func() {
				_, err := h.conn.Write(make([]byte, 100))
				written <- err
			}()
			synctest.Wait()
			if took := h.send(mostUnread); took > 0 {
				t.Errorf("the first bytes are read after %s", took)
			}
			if took := h.send(10 * unreadRate); took < 9*time.Second {
				t.Errorf("%d bytes more are read after %s", 10*unreadRate, took)
			}
			io.CopyN(io.Discard, h.client, 100)
			if err := <-written; err != nil {
				t.Error(err)
			}
			time.Sleep(time.Second) // the last that was read waits
			if took := h.send(10 * unreadRate); took > 0 {
				t.Errorf("after it has read, %d bytes are read after %s", 10*unreadRate, took)
			}
		}
	})
}

// A write that fails ends the connection, although there is more to read.
func TestWriteThatFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := hear(t)
		h.conn.SetWriteDeadline(time.Now().Add(time.Second))
		if _, err := h.conn.Write([]byte("a picture")); err == nil {
			t.Fatal("no error")
		}
		if !h.conn.released {
			t.Error("it keeps its place")
		}
	})
}
