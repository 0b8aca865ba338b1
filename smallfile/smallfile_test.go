package smallfile

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestReadFile(t *testing.T) {
	directory := t.TempDir()
	file := func(name string, size int) string {
		path := filepath.Join(directory, name)
		if err := os.WriteFile(path, bytes.Repeat([]byte("x"), size), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, test := range []struct {
		path string
		size int
		says string // empty where it can be read
	}{
		{file("empty", 0), 0, ""},
		{file("longest", most), most, ""},
		{file("long", most+1), 0, "long is too long; want at most 1048576 bytes"},
		{directory, 0, "is not a regular file"},
		{os.DevNull, 0, "is not a regular file"},
		{filepath.Join(directory, "none"), 0, "no such file"},
	} {
		text, err := Read(test.path)
		if test.says == "" && (err != nil || len(text) != test.size) {
			t.Errorf("%s: %d bytes, %v; want %d", test.path, len(text), err, test.size)
		}
		if test.says != "" && (err == nil || !strings.Contains(err.Error(), test.says)) {
			t.Errorf("%s: %v; want %q", test.path, err, test.says)
		}
	}
}
