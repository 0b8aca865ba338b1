package serve

import (
	"strings"
	"unicode/utf8"

	"ravine/param"
)

// clean returns a client's text fit for a log or a screen: of at most so many
// bytes, all of them printable.
func clean(text string, longest int) string {
	if len(text) > longest {
		for longest > 0 && !utf8.RuneStart(text[longest]) {
			longest--
		}
		text = text[:longest] + "…"
	}
	return param.Printable(text)
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
