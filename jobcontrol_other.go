//go:build !unix

package main

// jobControl reports false: there is none.
func jobControl() bool { return false }
