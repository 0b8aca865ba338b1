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
	"ravine/tui/screen"
)

// entry is a value of the selected lane that is being typed.
type entry struct {
	open  bool
	key   string // of the hyperparameter
	text  string
	fault string // why enter did not set it
}

// entryLength bounds what is typed.
const entryLength = 24

// openEntry begins with the hyperparameter tuned last, or with η, and with the key
// that was pressed if it belongs to a number.
func (m *Model) openEntry(msg tea.KeyPressMsg) {
	key := m.lastTuned
	if _, ok := param.Find(m.lane().Parameters(), key); !ok {
		key = optim.Eta
	}
	m.entry = entry{open: true, key: key}
	m.typeInto(msg.Text)
}

// pressEntry takes a key while a value is typed. Those that mean nothing here do
// nothing, but for the ones that end the program whatever it does.
func (m *Model) pressEntry(msg tea.KeyPressMsg) tea.Cmd {
	action, _ := m.keys.Action(msg)
	m.entry.fault = ""
	switch key := msg.String(); {
	case key == "enter":
		return m.setEntry()
	case key == "esc":
		m.entry = entry{}
		m.say("nothing typed, nothing changed")
	case key == "backspace":
		_, last := utf8.DecodeLastRuneInString(m.entry.text)
		m.entry.text = m.entry.text[:len(m.entry.text)-last]
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
		for _, h := range tunable() {
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
	if strings.ContainsAny(m.entry.text, digits) {
		letters += "e"
	}
	if m.entry.key == optim.Batch {
		letters += "al"
	}
	if text == "" || !strings.Contains(letters, text) || len(m.entry.text)+len(text) > entryLength {
		return false
	}
	before := m.entry.text
	if text == "." || before == "." && !strings.Contains(digits, text) {
		before = strings.TrimPrefix(before, ".") // it only opened the line
	}
	m.entry.text = before + text
	return true
}

// otherEntry goes to the lane's next hyperparameter.
func (m *Model) otherEntry(by int) {
	keys := param.Keys(m.lane().Parameters())
	m.chooseEntry(keys[(slices.Index(keys, m.entry.key)+by+len(keys))%len(keys)])
}

func (m *Model) chooseEntry(key string) {
	if _, ok := param.Find(m.lane().Parameters(), key); !ok {
		m.entry.fault = m.lane().Optimizer().Title + " has no " + symbolOf(key)
		return
	}
	m.entry.key = key
}

// setEntry gives the lane what was typed, as a tuning key would. Where that cannot
// be, the line says why, and typing goes on.
func (m *Model) setEntry() tea.Cmd {
	parameter, _ := param.Find(m.lane().Parameters(), m.entry.key)
	value, err := parameter.Number(m.entry.text)
	switch {
	case m.entry.text == "":
		m.entry.fault = "type a number"
		return nil
	case err != nil:
		m.entry.fault = err.Error()
		return nil
	}
	before := m.status
	tuned := m.tune(m.entry.key, change{func(param.Parameter, float64, *race.Lane) float64 { return value }, "set to " + m.entry.text, ""})
	if m.status.bad && !tuned {
		m.entry.fault, m.status = m.status.text, before
		return nil
	}
	m.entry = entry{}
	return unflash()
}

// types reports whether the value of a lane is being typed.
func (s *scene) types(lane int, key string) bool {
	return s.entry.open && s.entry.key == key && (lane == s.Selected || s.TuneAll)
}

// drawEntry writes what is typed, and what is wrong with it or which keys there are.
func drawEntry(grid *screen.Grid, area screen.Area, s *scene) {
	const cursor = "▏"
	name := symbolOf(s.entry.key)
	value := " = " + s.entry.text + cursor
	note, style := "enter sets it, esc does not, tab goes to the next value", s.theme.Dim
	if s.entry.fault != "" {
		note, style = s.entry.fault, s.theme.Warn
	}
	of := " of " + pick(s.TuneAll, "all lanes", s.lane().Optimizer().Title)
	room := area.Width - 3 - screen.Width(note)
	switch wide := screen.Width(name + value); {
	case s.entry.fault == "" || wide+screen.Width(of) <= room:
		value = name + of + value
	case wide <= room:
		value = name + value
	default: // the fault names key and value
		value = ""
	}
	x := area.X + 1
	if value != "" {
		x += grid.Text(x, area.Y, area.Width-2, value, s.theme.Key) + 1
	}
	grid.Text(x, area.Y, area.X+area.Width-1-x, note, style)
}
