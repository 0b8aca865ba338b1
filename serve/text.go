package serve

import (
	"strings"
	"unicode"
)

// clean returns a client's text fit for a log or a screen: no control or
// invisible characters, and not longer than so many.
func clean(text string, longest int) string {
	var out strings.Builder
	count := 0
	for _, r := range text {
		if count == longest {
			out.WriteRune('…')
			break
		}
		if !unicode.IsPrint(r) || r == unicode.ReplacementChar {
			r = '·'
		}
		out.WriteRune(r)
		count++
	}
	return out.String()
}

// longestName bounds what is kept of a client's names.
const longestName = 40

// terminalName returns the name if it is one that a terminal could have, and
// xterm otherwise: it is looked up in tables and in files.
func terminalName(name string) string {
	if name == "" || len(name) > 64 || strings.ContainsFunc(name, notInName) {
		return "xterm"
	}
	return name
}

func notInName(r rune) bool {
	return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("-_+", r))
}
