package cli

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"ravine/keymap"
	"ravine/smallfile"
)

// cardSeenKey is set in the settings once the opening card was closed.
const cardSeenKey = "card_seen"

// settingsPath returns where the program remembers things, beside the user's keys; ""
// if the user has no such directory.
func settingsPath() string {
	keys := keymap.DefaultPath()
	if keys == "" {
		return ""
	}
	return filepath.Join(filepath.Dir(keys), "settings.json")
}

// readSettings returns what is remembered: nothing where there is no file.
func readSettings() (map[string]any, error) {
	settings := map[string]any{}
	data, err := smallfile.Read(settingsPath())
	if errors.Is(err, fs.ErrNotExist) {
		return settings, nil
	}
	if err != nil {
		return nil, err
	}
	return settings, json.Unmarshal(data, &settings)
}

func cardSeen() bool {
	settings, err := readSettings()
	return err == nil && settings[cardSeenKey] == true
}

// rememberCard notes that the card was closed. Where that cannot be, the card comes
// again, and nobody needs to hear of it.
func rememberCard() {
	path := settingsPath()
	settings, err := readSettings()
	if err != nil || path == "" {
		return // a file of another's making stays as it is
	}
	settings[cardSeenKey] = true
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetIndent("", " ")
	if encoder.Encode(settings) != nil || os.MkdirAll(filepath.Dir(path), 0o700) != nil {
		return
	}
	beside := filepath.Join(filepath.Dir(path), ".settings-"+rand.Text())
	if os.WriteFile(beside, text.Bytes(), 0o600) != nil || os.Rename(beside, path) != nil {
		os.Remove(beside)
	}
}
