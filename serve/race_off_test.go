//go:build !race

package serve

// slack is how much longer things may take here.
const slack = 1

// crowd is how many visitors the crowded tests have.
const crowd = 50
