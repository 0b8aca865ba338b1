package problem

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// isPrintable reports whether text can be shown in a terminal as it is.
func isPrintable(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) })
}

// printable returns text, or its quoted form if it cannot be shown as it is.
func printable(text string) string {
	if isPrintable(text) {
		return text
	}
	return strconv.Quote(text)
}

// quote returns the quoted form of text, of which a message shows the beginning.
func quote(text string) string {
	const most = 40
	shown := 0
	for i := range text {
		if shown == most {
			return strconv.Quote(text[:i]) + "…"
		}
		shown++
	}
	return strconv.Quote(text)
}
