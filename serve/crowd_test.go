package serve

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	gossh "golang.org/x/crypto/ssh"
)

// farConn is a line on which all takes so much longer, in each direction.
type farConn struct {
	net.Conn
	there, back *io.PipeReader
	write       *io.PipeWriter
	wait        sync.WaitGroup
}

func far(conn net.Conn, latency time.Duration) net.Conn {
	if latency == 0 {
		return conn
	}
	c := &farConn{Conn: conn}
	var received *io.PipeWriter
	c.there, c.write = io.Pipe()
	c.back, received = io.Pipe()
	c.wait.Add(4)
	go c.carry(conn, c.there, latency, func(error) { conn.Close() })
	go c.carry(received, conn, latency, func(err error) { received.CloseWithError(err) })
	return c
}

// carry takes what comes from one end to the other, in order, so much later.
func (c *farConn) carry(to io.Writer, from io.Reader, latency time.Duration, end func(error)) {
	type parcel struct {
		due   time.Time
		bytes []byte
		err   error
	}
	onTheWay := make(chan parcel, 1<<12)
	go func() {
		defer c.wait.Done()
		defer close(onTheWay)
		for {
			buffer := make([]byte, 4096)
			n, err := from.Read(buffer)
			onTheWay <- parcel{time.Now().Add(latency), buffer[:n], err}
			if err != nil {
				return
			}
		}
	}()
	defer c.wait.Done()
	for p := range onTheWay {
		time.Sleep(time.Until(p.due))
		to.Write(p.bytes)
		if p.err != nil {
			end(p.err)
		}
	}
}

func (c *farConn) Read(p []byte) (int, error)  { return c.back.Read(p) }
func (c *farConn) Write(p []byte) (int, error) { return c.write.Write(p) }

func (c *farConn) Close() error {
	err := c.Conn.Close()
	c.write.Close()
	c.back.Close()
	c.wait.Wait()
	return err
}

// crowd is a way to stand in the door.
type crowd struct {
	name    string
	address func(i int) string
	size    int
	once    int           // so many of them at once
	pause   time.Duration // then one after each pause
	again   bool          // connects again at once when it is dropped
	stand   func(net.Conn)
}

// zeros is a client that announces a packet of so many bytes and sends 20 kB of it.
func zeros(length uint32) func(net.Conn) {
	return func(conn net.Conn) {
		said := binary.BigEndian.AppendUint32([]byte("SSH-2.0-x\r\n"), length)
		conn.Write(append(said, make([]byte, 20_000)...))
	}
}

// drips sends a byte at a time.
func drips(conn net.Conn) {
	conn.Write([]byte("SSH-2.0-x\r\n\x00\x00\x80\x00\x04"))
	for {
		if _, err := conn.Write([]byte{2}); err != nil {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// stalls is a client that exchanges keys and then says nothing.
func stalls(conn net.Conn) {
	gossh.NewClientConn(&muteConn{Conn: conn, left: 5}, "room", asker{}.config())
}

// muteConn says nothing any more after so many writes.
type muteConn struct {
	net.Conn
	left int
}

func (c *muteConn) Write(p []byte) (int, error) {
	if c.left--; c.left < 0 {
		return len(p), nil
	}
	return c.Conn.Write(p)
}

func crowds() []crowd {
	silent := func(net.Conn) {}
	hosts := func(i int) string { return fmt.Sprintf("127.0.0.%d", 60+i) }
	threeNetworks := func(i int) string { return fmt.Sprintf("127.0.%d.%d", 20+i%3, 1+i/3) }
	manyNetworks := func(i int) string { return fmt.Sprintf("127.%d.%d.9", 30+i%90, i%256) }
	return []crowd{
		{name: "of zeros", address: hosts, size: 186, once: 110, pause: 60 * time.Millisecond, stand: zeros(200_000)},
		{name: "that drips", address: threeNetworks, size: 700, once: 700, stand: drips},
		{name: "that stalls after the key exchange", address: hosts, size: 186, once: 186, stand: stalls},
		{name: "that comes back", address: manyNetworks, size: 186, once: 186, again: true, stand: zeros(30_000)},
		{name: "that comes back silent", address: threeNetworks, size: 700, once: 700, again: true, stand: silent},
	}
}

// gather lets a crowd come and returns a function that sends it away.
func (c crowd) gather(r *room) (disperse func()) {
	var wait sync.WaitGroup
	var mu sync.Mutex
	conns := map[net.Conn]bool{}
	over := make(chan struct{})
	stand := func(i int) {
		defer wait.Done()
		for first := true; first || c.again; first = false {
			conn, err := r.dialTCP(c.address(i))
			if err != nil {
				return
			}
			mu.Lock()
			conns[conn] = true
			mu.Unlock()
			c.stand(conn)
			select {
			case <-over:
				conn.Close()
				return
			default:
			}
			io.Copy(io.Discard, conn)
			conn.Close()
			mu.Lock()
			delete(conns, conn)
			mu.Unlock()
		}
	}
	wait.Add(c.once)
	for i := range c.once {
		go stand(i)
	}
	if c.pause > 0 {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for i := c.once; i < c.size; i++ {
				select {
				case <-over:
					return
				case <-time.After(c.pause):
					wait.Add(1)
					go stand(i)
				}
			}
		}()
	}
	return func() {
		close(over)
		mu.Lock()
		for conn := range conns {
			conn.Close()
		}
		mu.Unlock()
		wait.Wait()
	}
}

// Whatever crowd stands in the door, who shakes hands comes in: each time, near
// or far, with the limits that there are by default.
func TestCrowdInTheDoor(t *testing.T) {
	for _, c := range crowds() {
		t.Run(c.name, func(t *testing.T) {
			r := start(t, func(o *Options) { o.Limits = DefaultLimits() })
			disperse := c.gather(r)
			defer disperse()
			const tries = 8
			results := make(chan error)
			latencies := []time.Duration{0, 20 * time.Millisecond, 100 * time.Millisecond}
			for i := range tries * len(latencies) {
				go func() {
					time.Sleep(time.Duration(i) * (15*time.Millisecond + c.pause)) // while the crowd comes
					results <- r.comesIn(fmt.Sprintf("127.0.0.%d", 1+i), latencies[i%len(latencies)])
				}()
			}
			failed := 0
			for range tries * len(latencies) {
				if err := <-results; err != nil {
					failed++
					t.Log(err)
				}
			}
			if failed > 0 {
				t.Errorf("%d of %d do not get in", failed, tries*len(latencies))
			}
		})
	}
}

// comesIn visits over a long line, and reports what kept it from that.
func (r *room) comesIn(from string, latency time.Duration) error {
	began := time.Now()
	p, err := r.tryVisit(asker{from: from, wrap: func(conn net.Conn) net.Conn { return far(conn, latency) }},
		terminalKind{name: "xterm", width: 60, height: 20, blind: true})
	if err != nil {
		return fmt.Errorf("from %s, %s away, after %s: %w", from, latency, time.Since(began).Round(time.Millisecond), err)
	}
	p.leave()
	if took := time.Since(began); took > allowed(5*time.Second) {
		return errors.New("took " + took.String())
	}
	return nil
}
