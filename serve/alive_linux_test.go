package serve

import (
	"net"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// The kernel ends a connection whose other end does not answer.
func TestUserTimeout(t *testing.T) {
	r := start(t, nil)
	r.mustConnect(t, asker{})
	r.admission.mu.Lock()
	defer r.admission.mu.Unlock()
	raw, err := r.admission.connections[0].Conn.(*net.TCPConn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	raw.Control(func(fd uintptr) {
		got, err := unix.GetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT)
		if want := aliveDefaults().total(); err != nil || time.Duration(got)*time.Millisecond != want {
			t.Errorf("%d ms, %v; want %s", got, err, want)
		}
	})
}
