package tui

import (
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"ravine/formula"
	"ravine/keymap"
	"ravine/tui/panel"
)

// prompt is the line in which commands are typed, or the formula of the problem.
type prompt struct {
	input   textinput.Model
	history []string
	back    int    // how far back in it
	typed   string // what had been typed before going back
	preview preview
}

// promptLength bounds what is typed: as a formula does, and a bit.
const promptLength = 4200

func newPrompt() prompt {
	input := textinput.New()
	input.CharLimit = promptLength
	input.KeyMap.Paste.SetEnabled(false) // it would read the clipboard of this machine, a server's
	input.Focus()
	return prompt{input: input}
}

// openPrompt opens the line for a command.
func (m *Model) openPrompt() tea.Cmd {
	var command tea.Cmd
	if m.sweep.Open {
		command = m.cancel()
	}
	m.Prompt = panel.Prompt{Open: true, Mark: ":"}
	m.prompt.back = 0
	m.setPrompt("")
	return command
}

// setPrompt puts a text into the line, with the cursor at its end.
func (m *Model) setPrompt(text string) {
	m.prompt.input.SetValue(text)
	m.prompt.input.CursorEnd()
	m.readPrompt()
}

// readPrompt shows the line as it is after a key.
func (m *Model) readPrompt() {
	p := &m.Prompt
	p.Text, p.Cursor = []rune(m.prompt.input.Value()), m.prompt.input.Position()
	p.Fault, p.FaultAt, p.Completions = "", -1, nil
	if m.prompt.preview.open {
		return
	}
	p.Completions = m.completions(string(p.Text))
	p.Note = "a command, such as eta 0.03, problem rosenbrock or goto 100; tab completes, enter does it, esc does not"
}

// pressPrompt takes a key while a command or a formula is typed.
func (m *Model) pressPrompt(msg tea.KeyPressMsg) tea.Cmd {
	action, _ := m.Keys.Action(msg)
	switch key := msg.String(); {
	case action == keymap.Quit && msg.Text == "":
		return tea.Quit
	case action == keymap.Suspend && msg.Text == "":
		return tea.Suspend
	case key == "esc":
		return m.leavePrompt()
	case key == "enter":
		return m.enterPrompt()
	case m.prompt.preview.open:
		return m.typeFormula(msg)
	case key == "tab":
		m.complete()
		return nil
	case key == "up" || key == "down":
		m.recall(panel.Pick(key == "up", 1, -1))
		return nil
	case key == "backspace" && m.prompt.input.Value() == "":
		return m.leavePrompt()
	}
	m.edit(msg)
	return nil
}

// edit changes the line as a key or a paste says, and reports whether its text changed.
func (m *Model) edit(msg tea.Msg) bool {
	before := m.prompt.input.Value()
	if paste, ok := msg.(tea.PasteMsg); ok {
		msg = tea.PasteMsg{Content: strings.Join(strings.Fields(paste.Content), " ")}
	}
	m.prompt.input, _ = m.prompt.input.Update(msg)
	m.readPrompt()
	return m.prompt.input.Value() != before
}

// paste takes text that the terminal pastes.
func (m *Model) paste(msg tea.PasteMsg) tea.Cmd {
	if m.prompt.preview.open {
		return m.typeFormula(msg)
	}
	m.edit(msg)
	return nil
}

func (m *Model) leavePrompt() tea.Cmd {
	m.Prompt = panel.Prompt{}
	if m.prompt.preview.open {
		return m.dropPreview()
	}
	m.say("nothing typed, nothing changed")
	return nil
}

// enterPrompt does what was typed. Where that cannot be, the line says why.
func (m *Model) enterPrompt() tea.Cmd {
	if m.prompt.preview.open {
		return m.keepPreview()
	}
	text := strings.TrimSpace(m.prompt.input.Value())
	if text == "" {
		return m.leavePrompt()
	}
	m.Status = panel.Status{}
	command, err := m.do(text)
	if err == nil && m.Status.Bad { // said by what a key would do
		err = errors.New(m.Status.Text)
		m.Status = panel.Status{}
	}
	if err != nil {
		m.fault(err)
		return command
	}
	if h := &m.prompt.history; len(*h) == 0 || (*h)[len(*h)-1] != text {
		const kept = 100
		*h = append((*h)[max(0, len(*h)+1-kept):], text)
	}
	if !m.prompt.preview.open {
		m.Prompt = panel.Prompt{}
	}
	return command
}

// fault shows what is wrong with what was typed, below the place if there is one.
func (m *Model) fault(err error) {
	p := &m.Prompt
	p.Completions = nil
	p.Fault, p.FaultAt = err.Error(), -1
	mistake := (*formula.Error)(nil)
	if !errors.As(err, &mistake) {
		return
	}
	p.Fault = mistake.Message
	text := string(p.Text)
	if begin := strings.Index(text, mistake.Text); begin >= 0 {
		p.FaultAt = utf8.RuneCountInString(text[:begin+mistake.Offset])
	}
}

// recall goes back in the history, or on.
func (m *Model) recall(by int) {
	p := &m.prompt
	if p.back == 0 {
		p.typed = p.input.Value()
	}
	p.back = min(max(0, p.back+by), len(p.history))
	text := p.typed
	if p.back > 0 {
		text = p.history[len(p.history)-p.back]
	}
	m.setPrompt(text)
}

// complete takes the likeliest completion of the last word.
func (m *Model) complete() {
	if len(m.Prompt.Completions) == 0 {
		return
	}
	text := m.prompt.input.Value()
	before := text[:strings.LastIndexByte(text, ' ')+1]
	m.setPrompt(before + m.Prompt.Completions[0] + " ")
}

// completions returns what the last word of a command could become.
func (m *Model) completions(text string) []string {
	words := strings.Split(text, " ")
	last := words[len(words)-1]
	var known []string
	switch {
	case len(words) == 1 && last != "":
		known = m.commandWords()
	case len(words) == 2:
		if c, ok := commandOf(words[0]); ok && c.words != nil {
			known = c.words()
		}
	}
	return matching(last, known)
}

// matching returns the words in which the letters of typed follow one another, those
// that begin with it first.
func matching(typed string, known []string) []string {
	var begin, contain, have []string
	for _, word := range known {
		switch {
		case word == typed:
		case strings.HasPrefix(word, typed):
			begin = append(begin, word)
		case strings.Contains(word, typed):
			contain = append(contain, word)
		case isSubsequence(typed, word):
			have = append(have, word)
		}
	}
	return slices.Concat(begin, contain, have)
}

func isSubsequence(typed, word string) bool {
	rest := []rune(word)
	for _, r := range typed {
		i := slices.Index(rest, r)
		if i < 0 {
			return false
		}
		rest = rest[i+1:]
	}
	return typed != ""
}
