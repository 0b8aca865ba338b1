package tui

import (
	"testing"

	"ravine/keymap"
)

// TestEveryActionHasAHandler: a key that is bound does something.
func TestEveryActionHasAHandler(t *testing.T) {
	all := handlers()
	for _, action := range boundActions() {
		if all[action] == nil {
			t.Errorf("%v does nothing; give it a handler", action)
		}
		delete(all, action)
	}
	for action := range all {
		t.Errorf("%v has a handler and no row of the table", action)
	}
}

// boundActions are the actions of all keys, in the order of the help.
func boundActions() (actions []keymap.Action) {
	for _, group := range keymap.Default().Groups() {
		for _, entry := range group.Entries {
			actions = append(actions, entry.Actions...)
		}
	}
	return actions
}
