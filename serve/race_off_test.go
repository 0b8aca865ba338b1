//go:build !race

package serve

// slack is how much longer things may take here.
const slack = 1
