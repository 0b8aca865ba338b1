package keymap

import "slices"

// Group is a titled part of the help screen.
type Group struct {
	Title   string
	Entries []Entry
}

// Entry is one line of help: an action, or a few that are best read together.
type Entry struct {
	Actions []Action
	Keys    string // "e E", "j k or ↓ ↑", "shift+arrows"
	Help    string // "batch size down · up"
	Short   string // Help in a few words, for the footer: "batch down · up"
}

// Groups returns the help screen. An action without a key is not in it.
func (m Map) Groups() []Group {
	return m.groups(plain)
}

// Entry returns the line of help that an action is in, and whether there is
// one: an action without a key has none.
func (m Map) Entry(a Action) (Entry, bool) {
	for _, section := range table {
		for _, row := range section.rows {
			if !row.has(a) {
				continue
			}
			for _, entry := range m.entries(row, plain) {
				if slices.Contains(entry.Actions, a) {
					return entry, true
				}
			}
		}
	}
	return Entry{}, false
}

// groups is Groups with each key quoted.
func (m Map) groups(quote func(label string) string) []Group {
	var groups []Group
	for _, section := range table {
		group := Group{Title: section.title}
		for _, row := range section.rows {
			group.Entries = append(group.Entries, m.entries(row, quote)...)
		}
		if len(group.Entries) > 0 {
			groups = append(groups, group)
		}
	}
	return groups
}

// entries returns one entry for the whole row or, if an action of it has no
// key, one for each that has: "η down · up" would be wrong for "η up" alone.
func (m Map) entries(r row, quote func(label string) string) []Entry {
	whole := Entry{Help: r.help, Short: r.short}
	var keys [][]string
	var each []Entry
	for _, definition := range r.actions {
		binding := m.bindings[definition.action]
		if !binding.Enabled() {
			continue
		}
		visible := definition.shown(binding.Keys())
		keys = append(keys, visible)
		whole.Actions = append(whole.Actions, definition.action)
		each = append(each, Entry{
			Actions: []Action{definition.action},
			Keys:    describe([][]string{visible}, quote),
			Help:    definition.help,
			Short:   definition.help,
		})
	}
	if len(each) < len(r.actions) {
		return each
	}
	whole.Keys = describe(keys, quote)
	return []Entry{whole}
}
