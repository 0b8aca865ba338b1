//go:build !unix

package serve

// strict returns nil: modes and owners say nothing of who can change a file here.
func strict(string) error { return nil }
