package tui

import (
	"slices"
	"strings"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"ravine/keymap"
	"ravine/optim"
	"ravine/param"
	"ravine/race"
	"ravine/tui/panel"
)

// entryLength bounds what is typed.
const entryLength = 24

// openEntry begins with the hyperparameter tuned last, or with η, and with the key
// that was pressed if it belongs to a number.
func (m *Model) openEntry(msg tea.KeyPressMsg) {
	key := m.lastTuned
	if _, ok := param.Find(m.Lane().Parameters(), key); !ok {
		key = m.Lane().MainKey()
	}
	m.Entry = panel.Entry{Open: true, Key: key}
	m.typeInto(msg.Text)
}

// pressEntry takes a key while a value is typed. Those that mean nothing here do
// nothing, but for the ones that end the program whatever it does.
func (m *Model) pressEntry(msg tea.KeyPressMsg) tea.Cmd {
	action, _ := m.Keys.Action(msg)
	m.Entry.Fault = ""
	switch key := msg.String(); {
	case key == "enter":
		return m.setEntry()
	case key == "esc":
		m.Entry = panel.Entry{}
		m.say("nothing typed, nothing changed")
	case key == "backspace":
		_, last := utf8.DecodeLastRuneInString(m.Entry.Text)
		m.Entry.Text = m.Entry.Text[:len(m.Entry.Text)-last]
	case key == "tab", key == "right":
		m.otherEntry(1)
	case key == "shift+tab", key == "left":
		m.otherEntry(-1)
	case m.typeInto(msg.Text):
	case action == keymap.Quit && msg.Text == "":
		return tea.Quit
	case action == keymap.Suspend && msg.Text == "":
		return tea.Suspend
	default:
		for _, h := range optim.Tunable() {
			if action == keymap.Down(h.Key) || action == keymap.Up(h.Key) {
				m.chooseEntry(h.Key)
			}
		}
	}
	return nil
}

// typeInto adds what a number, or all of a batch, is written with. An e is one
// behind digits alone: else it is the key of η.
func (m *Model) typeInto(text string) bool {
	const digits = "0123456789"
	letters := digits + ".+-"
	if strings.ContainsAny(m.Entry.Text, digits) {
		letters += "e"
	}
	if m.Entry.Key == optim.Batch {
		letters += "al"
	}
	if text == "" || !strings.Contains(letters, text) || len(m.Entry.Text)+len(text) > entryLength {
		return false
	}
	before := m.Entry.Text
	if text == "." || before == "." && !strings.Contains(digits, text) {
		before = strings.TrimPrefix(before, ".") // it only opened the line
	}
	m.Entry.Text = before + text
	return true
}

// otherEntry goes to the lane's next hyperparameter.
func (m *Model) otherEntry(by int) {
	keys := param.Keys(m.Lane().Parameters())
	m.chooseEntry(keys[(slices.Index(keys, m.Entry.Key)+by+len(keys))%len(keys)])
}

func (m *Model) chooseEntry(key string) {
	if _, ok := param.Find(m.Lane().Parameters(), key); !ok {
		m.Entry.Fault = m.Lane().Optimizer().Title + " has no " + panel.SymbolOf(key)
		return
	}
	m.Entry.Key = key
}

// setEntry gives the lane what was typed, as a tuning key would. Where that cannot
// be, the line says why, and typing goes on.
func (m *Model) setEntry() tea.Cmd {
	parameter, _ := param.Find(m.Lane().Parameters(), m.Entry.Key)
	value, err := parameter.Number(m.Entry.Text)
	switch {
	case m.Entry.Text == "":
		m.Entry.Fault = "type a number"
		return nil
	case err != nil:
		m.Entry.Fault = err.Error()
		return nil
	}
	before := m.Status
	tuned := m.tune(m.Entry.Key, change{func(param.Parameter, float64, *race.Lane) float64 { return value }, "set to " + m.Entry.Text, "", false})
	if m.Status.Bad && !tuned {
		m.Entry.Fault, m.Status = m.Status.Text, before
		return nil
	}
	m.Entry = panel.Entry{}
	return unflash()
}
