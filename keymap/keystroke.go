package keymap

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"ravine/param"
)

// modifierNames is in the order in which Bubble Tea writes them.
var modifierNames = []string{"ctrl", "alt", "shift", "meta", "hyper", "super"}

// keyNames are the names of the keys that are not characters.
var keyNames = namesOfKeys()

// namesOfKeys asks Bubble Tea itself, so that the list is complete and right.
func namesOfKeys() []string {
	codes := []rune{tea.KeySpace, tea.KeyTab, tea.KeyEnter, tea.KeyEscape, tea.KeyBackspace}
	for code := tea.KeyUp; code <= tea.KeyIsoLevel5Shift; code++ {
		codes = append(codes, code)
	}
	var names []string
	for _, code := range codes {
		name := tea.Key{Code: code}.Keystroke()
		if utf8.RuneCountInString(name) > 1 && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// splitKeystroke splits "ctrl+shift+a" into its modifiers and its key. The key
// may be + itself.
func splitKeystroke(keystroke string) (modifiers []string, name string) {
	for {
		before, after, found := strings.Cut(keystroke, "+")
		if !found || before == "" || after == "" {
			return modifiers, keystroke
		}
		modifiers, keystroke = append(modifiers, before), after
	}
}

func joinKeystroke(modifiers []string, name string) string {
	return strings.Join(slices.Concat(modifiers, []string{name}), "+")
}

// checkKeystroke returns an error that says what would be right if Bubble Tea
// never reports such a keystroke.
func checkKeystroke(keystroke string) error {
	reported, err := asReported(keystroke)
	if err == nil && reported != keystroke {
		err = fmt.Errorf("%q is never reported by a terminal; write %q", keystroke, reported)
	}
	return err
}

// asReported returns the keystroke as Bubble Tea reports it, from one as a
// person may write it: "ctrl+c" from "Ctrl + C".
func asReported(keystroke string) (string, error) {
	if keystroke == " " {
		return "space", nil
	}
	written := strings.Join(strings.Fields(keystroke), "")
	if written == "" {
		return "", errors.New(`a key is empty; want a keystroke such as "e", "space" or "ctrl+e"`)
	}
	modifiers, name := splitKeystroke(written)
	for i, modifier := range modifiers {
		modifiers[i] = strings.ToLower(modifier)
		if !slices.Contains(modifierNames, modifiers[i]) {
			return "", fmt.Errorf("%q: %w", keystroke, param.Unknown("modifier", modifier, modifierNames))
		}
	}
	slices.SortFunc(modifiers, func(a, b string) int {
		return slices.Index(modifierNames, a) - slices.Index(modifierNames, b)
	})
	modifiers = slices.Compact(modifiers)

	if character, size := utf8.DecodeRuneInString(name); size == len(name) && character != utf8.RuneError && unicode.IsPrint(character) {
		return characterAsReported(keystroke, modifiers, character)
	}
	if !slices.Contains(keyNames, strings.ToLower(name)) {
		return "", fmt.Errorf("%q: there is no key %q%s; want one character, or a name such as space, tab, enter, esc, up or f1",
			keystroke, name, param.DidYouMean(name, keyNames))
	}
	return joinKeystroke(modifiers, strings.ToLower(name)), nil
}

// characterAsReported is asReported for a key that types a character. Shift is
// in the character, unless there are other modifiers too.
func characterAsReported(keystroke string, modifiers []string, character rune) (string, error) {
	switch {
	case len(modifiers) == 0:
		return string(character), nil
	case !slices.Equal(modifiers, []string{"shift"}):
		return joinKeystroke(modifiers, string(unicode.ToLower(character))), nil
	case !unicode.IsLetter(character):
		return "", fmt.Errorf(`%q is never reported by a terminal; write the character that it types, as in "?"`, keystroke)
	}
	return string(unicode.ToUpper(character)), nil
}
