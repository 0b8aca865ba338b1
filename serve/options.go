package serve

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"runtime"
	"strconv"
	"time"

	"ravine/keymap"
	"ravine/race"
)

// Options say what is served, to whom, and how much of it.
type Options struct {
	Listen         string    // HOST:PORT; port 0 for any that is free
	HostKey        string    // file with the server's private key; made when absent
	AuthorizedKeys string    // file with the public keys that may come in; empty for none
	Open           bool      // whoever connects may come in
	Race           race.Race // every visitor starts with it
	Keys           keymap.Map
	Limits         Limits
	Log            *slog.Logger // slog.DiscardHandler for none
	Metrics        string       // loopback HOST:PORT of counts for Prometheus, at /metrics; empty for none

	Present       bool   // one visitor leads, all others follow
	PresenterKeys string // file with the public keys that may lead; empty for a code
	// Tell is given the code that lets one visitor lead, and a new one whenever
	// that one has left.
	Tell func(code string)
}

// Limits bound what visitors can take.
type Limits struct {
	Sessions   int           // at one time
	PerAddress int           // connections at one time from one address (an IPv6 /64); it may owe 5 s for each
	Connects   int           // new connections a minute from one address
	Handshake  time.Duration // from the connection to the proof of who it is; as long again to the shell
	Idle       time.Duration // without a key or a click; a warning comes after nine tenths of it
	Total      time.Duration // of a session
	Penalties  bool          // addresses owe for failures
}

// DefaultLimits returns the limits of the flags' defaults.
func DefaultLimits() Limits {
	return Limits{
		Sessions:   50,
		PerAddress: 4,
		Connects:   10,
		Handshake:  10 * time.Second,
		Idle:       10 * time.Minute,
		Total:      time.Hour,
		Penalties:  true,
	}
}

// Check returns an error for the first limit that leaves nobody in.
func (l Limits) Check() error {
	for _, limit := range []struct {
		name  string
		count int
	}{{"max-sessions", l.Sessions}, {"max-per-address", l.PerAddress}, {"max-connects", l.Connects}} {
		if limit.count < 1 {
			return fmt.Errorf("--%s=%d is out of range: %[1]s ≥ 1", limit.name, limit.count)
		}
	}
	for _, limit := range []struct {
		name     string
		duration time.Duration
	}{{"handshake-timeout", l.Handshake}, {"idle-timeout", l.Idle}, {"session-timeout", l.Total}} {
		if limit.duration <= 0 {
			return fmt.Errorf("--%s=%s is out of range: %[1]s > 0s", limit.name, limit.duration)
		}
	}
	return nil
}

// Check returns an error for options that cannot be served together. It names flags.
func (o Options) Check() error {
	if err := o.Limits.Check(); err != nil {
		return err
	}
	if o.Open && o.AuthorizedKeys != "" {
		return errors.New("--open lets anyone in and --authorized-keys does not; want one of them")
	}
	if o.PresenterKeys != "" && !o.Present {
		return errors.New("--presenter-keys needs --present")
	}
	if o.Metrics != "" {
		switch host, err := hostOf("metrics", o.Metrics); {
		case err != nil:
			return err
		case !isLoopback(host):
			return fmt.Errorf("--metrics %s: want a loopback address, such as 127.0.0.1:9100", o.Metrics)
		}
	}
	host, err := hostOf("listen", o.Listen)
	if err != nil {
		return err
	}
	if !o.Open && o.AuthorizedKeys == "" && !isLoopback(host) {
		return fmt.Errorf("--listen %s is open to other machines; say who may come in, with --authorized-keys FILE or, for anyone, --open", o.Listen)
	}
	return nil
}

// hostOf returns the host of a flag's HOST:PORT.
func hostOf(flag, address string) (string, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return "", fmt.Errorf("--%s %q: want HOST:PORT", flag, address)
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return "", fmt.Errorf("--%s %q: want a port from 0 to 65535", flag, address)
	}
	return host, nil
}

// isLoopback reports whether only this machine can connect to the host.
func isLoopback(host string) bool {
	return host == "localhost" || net.ParseIP(host).IsLoopback()
}

// share returns the part of a processor that the pictures of one of so many
// sessions may take.
func share(sessions int) float64 {
	const drawing = 0.25 // of all processors; to send a picture costs as much again
	return drawing * float64(runtime.GOMAXPROCS(0)) / float64(max(sessions, 1))
}
