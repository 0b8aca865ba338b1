// Package keymap holds every key of ravine. The help screen, the footer, the
// README's table and the user's overrides are all made from its one table.
package keymap

import (
	"slices"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

//go:generate go run ./generate

// alwaysQuits is the key that no override can take away.
const alwaysQuits = "ctrl+c"

// Map says which keys do what. It is a value: a Map never changes once made.
// The zero Map has no keys; start from Default or Load.
type Map struct {
	bindings map[Action]key.Binding
	actions  map[string]Action // by keystroke, made from the enabled bindings
}

// Default returns the keys as they are without overrides.
func Default() Map {
	keys := map[Action][]string{}
	for _, definition := range definitions {
		keys[definition.action] = slices.Concat(definition.keys, definition.silent)
	}
	return newMap(keys)
}

// newMap binds each action to its keys. An action without any is disabled.
func newMap(keys map[Action][]string) Map {
	m := Map{map[Action]key.Binding{}, map[string]Action{}}
	for _, d := range definitions {
		binding := key.NewBinding(
			key.WithKeys(keys[d.action]...),
			key.WithHelp(describe([][]string{d.shown(keys[d.action])}, plain), d.help),
		)
		binding.SetEnabled(len(keys[d.action]) > 0)
		m.bindings[d.action] = binding
		for _, keystroke := range keys[d.action] {
			m.actions[keystroke] = d.action
		}
	}
	return m
}

// Action returns what the key pressed does, and whether it does anything. It
// finds the enabled binding that key.Matches would.
func (m Map) Action(msg tea.KeyPressMsg) (Action, bool) {
	action, ok := m.actions[msg.String()]
	return action, ok
}

// Binding returns the keys of an action with their help. It is disabled if the
// action has no key.
func (m Map) Binding(a Action) key.Binding {
	return m.bindings[a]
}

// Name returns the keys of an action as a sentence names them.
func (m Map) Name(a Action) string {
	if keys := m.Binding(a).Help().Key; keys != "" {
		return keys
	}
	return "(no key)"
}

// shown returns the keys of an action without the silent ones, unless it has
// no others.
func (d definition) shown(keys []string) []string {
	visible := slices.DeleteFunc(slices.Clone(keys), func(keystroke string) bool {
		return slices.Contains(d.silent, keystroke)
	})
	if len(visible) == 0 {
		return keys
	}
	return visible
}
