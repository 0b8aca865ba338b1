package cli

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestWritingStopsHalfWay: what was there stays when the writing fails.
func TestWritingStopsHalfWay(t *testing.T) {
	directory := t.TempDir()
	file := filepath.Join(directory, "race.csv")
	if err := os.WriteFile(file, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken")
	err := writeWhole(file, io.Discard, func(do func() func()) { do() }, func(w io.Writer) error {
		if _, err := w.Write(make([]byte, 1<<20)); err != nil {
			return err
		}
		return broken
	})
	if !errors.Is(err, broken) || !errors.As(err, new(failure)) {
		t.Errorf("the error is %v", err)
	}
	if text, err := os.ReadFile(file); err != nil || string(text) != "old" {
		t.Errorf("the file has %q, %v", text, err)
	}
	if all, err := os.ReadDir(directory); err != nil || len(all) != 1 {
		t.Errorf("left behind: %v, %v", all, err)
	}
}

// TestOutIsNamedAsAsked: messages do not name the file that is only there while
// a race is written.
func TestOutIsNamedAsAsked(t *testing.T) {
	file := filepath.Join(t.TempDir(), "race.csv")
	err := writeWhole(file, io.Discard, func(do func() func()) { do() }, func(io.Writer) error {
		return os.MkdirAll(filepath.Join(file, "in the way"), 0o755)
	})
	if err == nil || !strings.HasPrefix(err.Error(), "--out "+file+": ") || strings.Contains(err.Error(), ".ravine") {
		t.Errorf("the error is %v", err)
	}
}
