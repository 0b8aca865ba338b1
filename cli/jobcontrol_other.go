//go:build !unix

package cli

import "os"

// jobControl reports false: there is none.
func jobControl() bool { return false }

// fatalSignals returns nothing: there are none.
func fatalSignals() []os.Signal { return nil }

func raise(os.Signal) {}
