//go:build unix

package serve

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// strict returns an error where others than root and the user who serves can
// change a file, as sshd's StrictModes has it: they could write to the file, or
// put another one, or another directory, in its place. In a directory with the
// sticky bit, such as /tmp, they cannot do the latter.
func strict(path string) error {
	path, err := filepath.EvalSymlinks(path)
	if err != nil {
		return err
	}
	if path, err = filepath.Abs(path); err != nil {
		return err
	}
	for {
		info, err := os.Stat(path)
		if err != nil {
			return err
		}
		if owner := info.Sys().(*syscall.Stat_t).Uid; owner != 0 && int(owner) != os.Geteuid() {
			return fmt.Errorf("%s belongs to user %d, who could change it; want root or who serves", path, owner)
		}
		if mode := info.Mode(); mode.Perm()&0o022 != 0 && !(mode.IsDir() && mode&fs.ModeSticky != 0) {
			return fmt.Errorf("%s has mode %04o, so others can change it; want %04o", path, mode.Perm(), mode.Perm()&^0o022)
		}
		parent := filepath.Dir(path)
		if parent == path {
			return nil
		}
		path = parent
	}
}
