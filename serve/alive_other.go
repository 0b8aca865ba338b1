//go:build !linux

package serve

import (
	"net"
	"time"
)

// setUserTimeout has no effect here: questions for a sign of life do.
func setUserTimeout(net.Conn, time.Duration) {}
