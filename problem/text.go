package problem

import "strconv"

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
