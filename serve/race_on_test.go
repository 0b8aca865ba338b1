//go:build race

package serve

// slack is how much longer things may take here: the race detector slows the
// server, and the fifty clients in the same process, about that much.
const slack = 8

// crowd is how many visitors the crowded tests have. The clients are in the same
// process, and with the race detector fifty of them would measure themselves.
const crowd = 12
