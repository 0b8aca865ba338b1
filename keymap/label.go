package keymap

import "strings"

// Label returns a keystroke as people read it: "↓" for "down", "shift+←" for
// "shift+left". Most are their own label.
func Label(keystroke string) string {
	modifiers, name := splitKeystroke(keystroke)
	switch name {
	case "left":
		name = "←"
	case "right":
		name = "→"
	case "up":
		name = "↑"
	case "down":
		name = "↓"
	}
	return joinKeystroke(modifiers, name)
}

func plain(label string) string { return label }

// code quotes a label for a cell of a Markdown table, where | and ` have a
// meaning of their own.
func code(label string) string {
	label = strings.ReplaceAll(label, "|", `\|`)
	if strings.Contains(label, "`") {
		return "`` " + label + " ``"
	}
	return "`" + label + "`"
}

// describe writes the keys of a row, given action by action: "j k or ↓ ↑" if
// they pair up, else "j or ↓ · k". Four arrows are written as one key.
func describe(keys [][]string, quote func(label string) string) string {
	if modifiers, ok := fourArrows(keys); ok {
		return quote(modifiers + "arrows")
	}
	if !sameLength(keys) {
		return joinLabels(keys, quote, " or ", " · ")
	}
	return joinLabels(transpose(keys), quote, " ", " or ")
}

func joinLabels(keys [][]string, quote func(string) string, inner, outer string) string {
	var parts []string
	for _, list := range keys {
		var quoted []string
		for _, keystroke := range list {
			quoted = append(quoted, quote(Label(keystroke)))
		}
		parts = append(parts, strings.Join(quoted, inner))
	}
	return strings.Join(parts, outer)
}

// fourArrows reports whether the keys are the four arrows with the same
// modifiers, and what those look like: "shift+".
func fourArrows(keys [][]string) (modifiers string, ok bool) {
	names := []string{"left", "right", "up", "down"}
	if len(keys) != len(names) {
		return "", false
	}
	for i, name := range names {
		if len(keys[i]) != 1 {
			return "", false
		}
		before, isArrow := strings.CutSuffix(keys[i][0], name)
		if !isArrow || i > 0 && before != modifiers {
			return "", false
		}
		modifiers = before
	}
	return modifiers, true
}

func sameLength(keys [][]string) bool {
	for _, list := range keys {
		if len(list) != len(keys[0]) {
			return false
		}
	}
	return true
}

// transpose turns j down, k up into j k, down up.
func transpose(keys [][]string) [][]string {
	if len(keys) == 0 {
		return nil
	}
	turned := make([][]string, len(keys[0]))
	for _, list := range keys {
		for i, keystroke := range list {
			turned[i] = append(turned[i], keystroke)
		}
	}
	return turned
}
