// Generate puts today's key table into ../README.md. It is run in keymap, by
// go generate ./keymap.
package main

import (
	"fmt"
	"os"

	"ravine/keymap"
)

const readme = "../README.md"

func main() {
	if err := update(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func update() error {
	text, err := os.ReadFile(readme)
	if err != nil {
		return err
	}
	updated, err := keymap.UpdateReadme(string(text))
	if err != nil || updated == string(text) {
		return err
	}
	return os.WriteFile(readme, []byte(updated), 0o644)
}
