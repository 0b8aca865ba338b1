//go:build race

package serve

// raced says that the race detector is at work. It slows the server, and the
// fifty clients in the same process, tenfold and more.
const raced = true
