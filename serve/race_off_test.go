//go:build !race

package serve

// raced says that the race detector is at work.
const raced = false
