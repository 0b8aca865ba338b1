package tui

import (
	"testing"

	"ravine/keymap"
	"ravine/optim"
)

// TestEveryActionHasAHandler: a key that is bound does something.
func TestEveryActionHasAHandler(t *testing.T) {
	all := handlers()
	actions := 0
	for action := keymap.Action(0); action.String() != "unknown"; action++ {
		actions++
		if all[action] == nil {
			t.Errorf("%v does nothing; give it a handler", action)
		}
	}
	if actions == 0 || actions != len(all) {
		t.Errorf("%d actions, %d handlers", actions, len(all))
	}
}

// TestTuningKeysAreHyperparameters: a hyperparameter that keys step exists.
func TestTuningKeysAreHyperparameters(t *testing.T) {
	for _, tuned := range tuningKeys {
		if tuned.key != "batch" && optim.Symbol(tuned.key) == "" {
			t.Errorf("no hyperparameter has the key %s", tuned.key)
		}
	}
}
