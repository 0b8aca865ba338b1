package theme

import "ravine/tui/screen"

const laneCount, markerCount = 12, 16

// Lane is what tells one optimizer of a race from another: a color, and a
// marker for readers and terminals that do without.
type Lane struct {
	Color  screen.Color
	Marker rune
}

// Lane returns the look of the i-th lane, from 0. After the twelfth the colors
// repeat, after the sixteenth the markers.
func (t *Theme) Lane(i int) Lane {
	return Lane{Color: t.lanes[i%laneCount], Marker: markers[i%markerCount]}
}

// markers are one column wide and have no emoji form that a terminal might
// prefer. The hollow ones come second.
var markers = [markerCount]rune{'●', '■', '▲', '◆', '▼', '★', '○', '□', '△', '◇', '▽', '☆', '◢', '◣', '◤', '◥'}
