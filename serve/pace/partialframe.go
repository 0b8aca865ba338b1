package pace

import "strings"

// partialFrame sends a picture over a slow line a few lines of text at a time, the last
// ones first: there is what a key just did. A key then waits for a part, and not
// for a picture.
type partialFrame struct {
	next int // the line to go on with
}

// partSize is about how many bytes a part has.
const partSize = 500

// blend returns the shown picture with some of the lines of the new one, and
// whether that is all of it. Every line of a picture stands for itself: none
// relies on the colours of the one before.
func (p *partialFrame) blend(shown, new string) (content string, whole bool) {
	from, to := strings.Split(shown, "\n"), strings.Split(new, "\n")
	if len(from) != len(to) {
		return new, true
	}
	count := len(to)
	left := partSize
	whole = true
	take := func(i int) bool {
		if from[i] == to[i] {
			return true
		}
		cost := changed(from[i], to[i])
		if cost > left && left < partSize {
			whole = false
			return false
		}
		left -= cost
		from[i] = to[i]
		return true
	}
	take(count - 1)
	take(max(0, count-2))
	for k := range count {
		if i := (p.next + k) % count; !take(i) {
			p.next = i
			break
		}
	}
	return strings.Join(from, "\n"), whole
}

// changed returns how long the part of a line is that is not as it was.
func changed(from, to string) int {
	start := 0
	for start < min(len(from), len(to)) && from[start] == to[start] {
		start++
	}
	end := 0
	for end < min(len(from), len(to))-start && from[len(from)-1-end] == to[len(to)-1-end] {
		end++
	}
	return len(to) - end - start + 1
}
