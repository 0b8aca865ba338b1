package serve

import (
	"fmt"
	"io"
	"net/http"
	"sync/atomic"
)

// counts are what the metrics say. They have no labels: a client could make as
// many of those as it likes.
type counts struct {
	connections atomic.Int64
	refused     atomic.Int64
	sessions    atomic.Int64
	panics      atomic.Int64
	bytes       atomic.Int64
}

// writeMetrics writes the counts in Prometheus' text format.
func (s *Server) writeMetrics(w io.Writer) {
	for _, metric := range []struct {
		name, kind, help string
		value            int64
	}{
		{"ravine_connections_total", "counter", "TCP connections.", s.counts.connections.Load()},
		{"ravine_refused_total", "counter", "Connections that came to no session.", s.counts.refused.Load()},
		{"ravine_sessions_total", "counter", "Sessions begun.", s.counts.sessions.Load()},
		{"ravine_sessions", "gauge", "Sessions now.", int64(s.admission.live())},
		{"ravine_sessions_limit", "gauge", "Sessions at most.", int64(s.limits.Sessions)},
		{"ravine_panics_total", "counter", "Sessions that ended by a panic.", s.counts.panics.Load()},
		{"ravine_written_bytes_total", "counter", "Bytes of pictures.", s.counts.bytes.Load()},
	} {
		fmt.Fprintf(w, "# HELP %s %s\n# TYPE %[1]s %[3]s\n%[1]s %[4]d\n", metric.name, metric.help, metric.kind, metric.value)
	}
}

// serveMetrics serves the counts at /metrics until the listener is closed.
func (s *Server) serveMetrics() {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		s.writeMetrics(w)
	})
	server := &http.Server{Handler: mux}
	server.SetKeepAlivesEnabled(false) // or a connection outlives the listener
	go server.Serve(s.metrics)
}
