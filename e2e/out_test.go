package e2e_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// names lists a directory.
func names(t *testing.T, directory string) []string {
	t.Helper()
	entries, err := os.ReadDir(directory)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, entry := range entries {
		all = append(all, entry.Name())
	}
	return all
}

func TestOut(t *testing.T) {
	for _, format := range []string{"csv", "json"} {
		directory := t.TempDir()
		file := filepath.Join(directory, "race."+format)
		if err := os.WriteFile(file, []byte("old"), 0o644); err != nil {
			t.Fatal(err)
		}
		args := []string{"run", "--steps", "30", "--format", format}
		if stdout := succeed(t, append(args, "--out", file)...); stdout != "" {
			t.Errorf("%s: --out and %d bytes on the standard output", format, len(stdout))
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if string(text) != succeed(t, args...) {
			t.Errorf("%s: the file is not what the standard output gets", format)
		}
		if all := names(t, directory); len(all) != 1 {
			t.Errorf("%s: left behind: %v", format, all)
		}
	}
}

// TestOutKeeps: what was there keeps its permissions, and a link stays a link to
// what is written, which need not have been there.
func TestOutKeeps(t *testing.T) {
	directory := t.TempDir()
	in := func(name string) string { return filepath.Join(directory, name) }
	for _, err := range []error{
		os.WriteFile(in("open.csv"), []byte("old"), 0o600), os.Chmod(in("open.csv"), 0o666),
		os.WriteFile(in("shut.csv"), []byte("old"), 0o600),
		os.Symlink("open.csv", in("link.csv")),
		os.MkdirAll(in("deep/below"), 0o755), os.Symlink("deep/below", in("aside")),
		os.WriteFile(in("fresh.csv"), nil, 0o666), // less the umask
		os.Symlink("../new.csv", in("deep/below/dangling.csv")), os.Symlink("dangling.csv", in("deep/below/twice.csv")),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	fresh, err := os.Stat(in("fresh.csv"))
	if err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("x", 255)
	for _, test := range []struct {
		out, written string
		mode         os.FileMode
	}{
		{"open.csv", "open.csv", 0o666},
		{"shut.csv", "shut.csv", 0o600},
		{"link.csv", "open.csv", 0o666},
		{"aside/twice.csv", "deep/new.csv", fresh.Mode()},
		{long, long, fresh.Mode()},
	} {
		succeed(t, "run", "--steps", "3", "--out", in(test.out))
		text, err := os.ReadFile(in(test.written))
		if err != nil || !strings.HasPrefix(string(text), "step,") {
			t.Errorf("%s: %s has %q, %v", test.out, test.written, text, err)
			continue
		}
		info, err := os.Lstat(in(test.written))
		if err != nil || info.Mode() != test.mode {
			t.Errorf("%s: %s is %v, %v, want %v", test.out, test.written, info.Mode(), err, test.mode)
		}
	}
	for _, link := range []string{"link.csv", "deep/below/dangling.csv", "deep/below/twice.csv"} {
		if info, err := os.Lstat(in(link)); err != nil || info.Mode()&os.ModeSymlink == 0 {
			t.Errorf("%s is no link any more: %v, %v", link, info, err)
		}
	}
}

// TestOutIsOpen: a name for what is open already is written to from where that
// is, and what follows comes after.
func TestOutIsOpen(t *testing.T) {
	if _, err := os.Stat("/dev/fd/0"); err != nil {
		t.Skip("no names for open files here:", err)
	}
	directory := t.TempDir()
	link := filepath.Join(directory, "link")
	if err := os.Symlink("/dev/stdout", link); err != nil {
		t.Fatal(err)
	}
	want := "before\n" + succeed(t, "run", "--steps", "1") + "after\n"
	for _, test := range []struct {
		out  string
		mode int
	}{
		{"/dev/stdout", os.O_APPEND}, {"/dev/stdout", 0}, {"/dev/fd/1", 0}, {link, 0}, {"/dev/stderr", 0}, {"/dev/fd/3", 0},
	} {
		name := filepath.Join(directory, "log")
		log, err := os.OpenFile(name, os.O_CREATE|os.O_TRUNC|os.O_WRONLY|test.mode, 0o644)
		if err != nil {
			t.Fatal(err)
		}
		defer log.Close()
		log.WriteString("before\n")
		command := program(t, "run", "--steps", "1", "--out", test.out)
		command.Stdout, command.Stderr, command.ExtraFiles = log, log, []*os.File{log}
		if err := command.Run(); err != nil {
			t.Errorf("--out %s: %v", test.out, err)
		}
		log.WriteString("after\n")
		if text, err := os.ReadFile(name); err != nil || string(text) != want {
			t.Errorf("--out %s: the file has %q, %v", test.out, text, err)
		}
	}
}

// TestOutFails: where the file cannot be written, what was there stays and
// nothing else is left.
func TestOutFails(t *testing.T) {
	directory := t.TempDir()
	circle := filepath.Join(t.TempDir(), "circle.csv")
	if err := os.Symlink("circle.csv", circle); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ name, out string }{
		{"no directory", filepath.Join(directory, "none", "x.csv")},
		{"a directory", directory},
		{"a circle of links", circle},
		{"below a file", filepath.Join(directory, "old.csv", "x.csv")},
	} {
		t.Run(test.name, func(t *testing.T) {
			old := filepath.Join(directory, "old.csv")
			if err := os.WriteFile(old, []byte("old"), 0o644); err != nil {
				t.Fatal(err)
			}
			stdout, stderr, status := ravine("run", "--steps", "3", "--out", test.out)
			if status != statusFailed || stdout != "" || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, "--out "+test.out) {
				t.Errorf("status %d, stdout %q, stderr %q", status, stdout, stderr)
			}
			if text, err := os.ReadFile(old); err != nil || string(text) != "old" {
				t.Errorf("the file that was there has %q, %v", text, err)
			}
			if all := names(t, directory); len(all) != 1 {
				t.Errorf("left behind: %v", all)
			}
			if beside, _ := filepath.Glob(filepath.Join(filepath.Dir(directory), ".*")); len(beside) != 0 {
				t.Errorf("left behind beside the directory: %v", beside)
			}
		})
	}
}

// TestNothingIsWrittenForAWrongCommandLine, not even a file that is truncated.
func TestNothingIsWrittenForAWrongCommandLine(t *testing.T) {
	file := filepath.Join(t.TempDir(), "race.csv")
	for _, wrong := range [][]string{{"--opt", "adm"}, {"--start", "1"}, {"--every", "0"}, {"--problem", "regression:file=none.csv"}} {
		if _, _, status := ravine(append([]string{"run", "--out", file}, wrong...)...); status == statusDone {
			t.Errorf("%q is done", wrong)
		}
		if _, err := os.Stat(file); err == nil {
			t.Errorf("%q has written the file", wrong)
		}
	}
}
