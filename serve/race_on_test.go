//go:build race

package serve

// slack is how much longer things may take here: the race detector slows the
// server, and the fifty clients in the same process, about that much.
const slack = 12
