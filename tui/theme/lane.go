package theme

import "ravine/tui/screen"

const laneCount = 12

// Lane is what tells one optimizer of a race from another: a color, and a
// marker for readers and terminals that do without.
type Lane struct {
	Color  screen.Color
	Marker rune
}

// Lane returns the look of the i-th lane, from 0. After the twelfth they repeat.
func (t *Theme) Lane(i int) Lane {
	i = (i%laneCount + laneCount) % laneCount
	return Lane{Color: t.lanes[i], Marker: markers[i]}
}

// markers are one column wide and have no emoji form that a terminal might
// prefer. The hollow ones come second.
var markers = [laneCount]rune{'●', '■', '▲', '◆', '▼', '★', '○', '□', '△', '◇', '▽', '☆'}
