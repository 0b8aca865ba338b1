package theme

import (
	"unicode"
	"unicode/utf8"

	"ravine/tui/screen"
)

// Lane is what tells one lane of a race from another: a color, and a marker for
// readers and terminals that do without.
type Lane struct {
	Color  screen.Color
	Marker rune
}

// Lane returns the look of a rule, by its name, in its variant: 0 for the only
// lane of that rule, and further ones for lanes that race beside it. A rule
// without a row in looks has the text's own color and its first letter.
func (t *Theme) Lane(rule string, variant int) Lane {
	look, ok := laneStyles[rule]
	if !ok {
		letter, _ := utf8.DecodeRuneInString(rule)
		look.filled, look.hollow = unicode.ToUpper(letter), letter
	}
	lane := Lane{Marker: look.marker(variant)}
	if shades := t.lanes[rule]; len(shades) > 0 {
		lane.Color = shades[variant%len(shades)]
	}
	return lane
}

// marker returns the filled form, the hollow one, and from the third lane on its
// number: 3 to 9, then letters.
func (l *laneStyle) marker(variant int) rune {
	const numbers = "3456789abcdefghijklmnopqrstuvwxyz"
	switch {
	case variant == 0:
		return l.filled
	case variant == 1:
		return l.hollow
	}
	return rune(numbers[(variant-2)%len(numbers)])
}

// laneStyle is how a rule is drawn, everywhere. The colors are that of its only lane,
// then shades of much the same hue for further ones.
//
// The markers are one column wide and have no emoji form that a terminal might
// prefer. The colors were searched for the largest difference (CIEDE2000) between
// any two rules, as seen with normal vision and by readers with deuteranopia,
// protanopia or tritanopia, with at least 3:1 of contrast. The rules of the two
// line-ups that open without being named differ most; the test holds the
// thresholds.
type laneStyle struct {
	filled, hollow  rune
	dark, light     [3]uint32 // 24 bits
	cube, cubeLight [3]uint8  // of 256
	// The sixteen are too few. A second lane is the same hue brighter or darker;
	// rules that share a color differ by their markers.
	sixteen, sixteenLight [2]uint8
}

var laneStyles = map[string]laneStyle{
	"gd": {'●', '○',
		[3]uint32{0xf56423, 0xffc3a5, 0xff9669}, [3]uint32{0x780f00, 0xc34b00, 0x875a4b},
		[3]uint8{208, 216, 173}, [3]uint8{52, 124, 131}, [2]uint8{9, 1}, [2]uint8{1, 9}},
	"sgd": {'►', '▻',
		[3]uint32{0x9b7dff, 0xb4a5e1, 0xf0d2ff}, [3]uint32{0x69009b, 0xa500f0, 0x3c1e4b},
		[3]uint8{141, 146, 189}, [3]uint8{54, 93, 60}, [2]uint8{5, 13}, [2]uint8{12, 4}},
	"minibatch": {'◄', '◅',
		[3]uint32{0x7dfafa, 0x00a5a5, 0x96c3c3}, [3]uint32{0x0f322d, 0x4b7878, 0x005a4b},
		[3]uint8{123, 44, 73}, [3]uint8{236, 30, 60}, [2]uint8{6, 14}, [2]uint8{0, 8}},
	"momentum": {'■', '□',
		[3]uint32{0x64c3fa, 0xc3e1ff, 0x6996b4}, [3]uint32{0x0a73c3, 0x004b96, 0x1e2d4b},
		[3]uint8{153, 110, 39}, [3]uint8{26, 20, 61}, [2]uint8{14, 6}, [2]uint8{4, 12}},
	"nag": {'▲', '△',
		[3]uint32{0xf0eb4b, 0xb4a51e, 0xc3c396}, [3]uint32{0x78640a, 0x5a3c00, 0x4b4b0f},
		[3]uint8{227, 106, 187}, [3]uint8{58, 64, 100}, [2]uint8{11, 3}, [2]uint8{8, 0}},
	"adagrad": {'◆', '◇',
		[3]uint32{0xb97db4, 0xff96ff, 0xe1c3e1}, [3]uint32{0xa04b87, 0x78005a, 0x2d001e},
		[3]uint8{176, 219, 182}, [3]uint8{96, 90, 133}, [2]uint8{13, 5}, [2]uint8{5, 13}},
	"adadelta": {'◣', '◺',
		[3]uint32{0x96964b, 0xb4c300, 0xf0f0a5}, [3]uint32{0x96693c, 0x693c00, 0x2d1e00},
		[3]uint8{143, 148, 229}, [3]uint8{94, 130, 136}, [2]uint8{3, 11}, [2]uint8{3, 11}},
	"rmsprop": {'▼', '▽',
		[3]uint32{0x50a073, 0xa5d2b4, 0x1ef096}, [3]uint32{0x056e4b, 0x2d4b3c, 0x001e0f},
		[3]uint8{72, 151, 49}, [3]uint8{23, 29, 66}, [2]uint8{10, 2}, [2]uint8{2, 10}},
	"adam": {'★', '☆',
		[3]uint32{0xffa0aa, 0xff5a5a, 0xb48787}, [3]uint32{0xcd235a, 0x87003c, 0x3c000f},
		[3]uint8{224, 218, 174}, [3]uint8{125, 161, 132}, [2]uint8{15, 7}, [2]uint8{6, 14}},
	"adamax": {'◥', '◹',
		[3]uint32{0xffd296, 0xc3870f, 0xa59678}, [3]uint32{0x3c1e0f, 0x785a4b, 0xa53c00},
		[3]uint8{222, 178, 230}, [3]uint8{232, 95, 237}, [2]uint8{3, 11}, [2]uint8{8, 0}},
	"nadam": {'◢', '◿',
		[3]uint32{0xff1ee1, 0xff96f0, 0xf0c3e1}, [3]uint32{0x00002d, 0x003ca5, 0x3c3c5a},
		[3]uint8{207, 164, 225}, [3]uint8{17, 21, 60}, [2]uint8{12, 14}, [2]uint8{13, 5}},
	"amsgrad": {'◤', '◸',
		[3]uint32{0x69d25a, 0xd2ffa5, 0x87a578}, [3]uint32{0x004b1e, 0x5a785a, 0x001e00},
		[3]uint8{77, 157, 108}, [3]uint8{22, 28, 65}, [2]uint8{2, 10}, [2]uint8{2, 10}},
	"adamw": {'▮', '▯',
		[3]uint32{0xe1ffd2, 0x96b487, 0x4ba52d}, [3]uint32{0x4b5a2d, 0x697800, 0x1e2d00},
		[3]uint8{194, 150, 71}, [3]uint8{240, 65, 244}, [2]uint8{7, 15}, [2]uint8{0, 8}},
	"lion": {'▰', '▱',
		[3]uint32{0xff9600, 0xf0c3a5, 0xb4875a}, [3]uint32{0xd20f00, 0x783c2d, 0x4b0000},
		[3]uint8{215, 180, 136}, [3]uint8{160, 88, 167}, [2]uint8{1, 9}, [2]uint8{9, 1}},
}

// laneColors returns one kind of color of every look.
func laneColors(shades func(laneStyle) []screen.Color) map[string][]screen.Color {
	colors := make(map[string][]screen.Color, len(laneStyles))
	for rule, look := range laneStyles {
		colors[rule] = shades(look)
	}
	return colors
}
