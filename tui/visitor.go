package tui

import "errors"

// Notice shows a sentence in the status line, marked. It is for whoever serves
// the model, on the goroutine that calls Update.
func (m *Model) Notice(text string) {
	m.warn(errors.New(text))
	m.dirty = true
}
