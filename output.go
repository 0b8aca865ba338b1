package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"
)

// interruptible runs work until it ends or ctrl+c is pressed, whatever it is
// doing then. What work hands to cleanup is done on an interrupt.
func interruptible(work func(cleanup func(func())) error) error {
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(interrupts)
	cleanups := make(chan func(), 1)
	done := make(chan error, 1)
	go func() { done <- work(func(f func()) { cleanups <- f }) }()
	select {
	case err := <-done:
		return err
	case <-interrupts:
		select {
		case cleanup := <-cleanups:
			cleanup()
		default:
		}
		return errInterrupted
	}
}

// writeWhole lets write fill the file of that name, or standard output where it
// is empty. A file appears when it is complete and not before; a pipe or a
// device is written to as it is.
func writeWhole(name string, stdout io.Writer, cleanup func(func()), write func(io.Writer) error) error {
	if name == "" {
		return writeTo(stdout, standardOutput, write)
	}
	info, err := os.Stat(name)
	if err == nil && info.IsDir() {
		return failure{fmt.Errorf("--out %s is a directory; want a file", name)}
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return failure{fmt.Errorf("--out %s: %w", name, withoutPath(err))}
	}
	if err == nil && !info.Mode().IsRegular() {
		file, err := os.OpenFile(name, os.O_WRONLY, 0)
		if err != nil {
			return failure{fmt.Errorf("--out: %w", err)}
		}
		defer file.Close()
		return writeTo(file, name, write)
	}
	return replace(name, cleanup, write)
}

// standardOutput is its name in messages.
const standardOutput = "the standard output"

// checkedWriter keeps the first error of writing, for those who do not look:
// lists and cobra's help.
type checkedWriter struct {
	io.Writer
	err error
}

func (w *checkedWriter) Write(text []byte) (int, error) {
	n, err := w.Writer.Write(text)
	if w.err == nil {
		w.err = err
	}
	return n, err
}

func writeTo(w io.Writer, name string, write func(io.Writer) error) error {
	buffered := bufio.NewWriter(w)
	err := write(buffered)
	if err == nil {
		err = buffered.Flush()
	}
	if err != nil {
		return failure{fmt.Errorf("writing to %s: %w", name, err)}
	}
	return nil
}

// withoutPath is what went wrong, without the name of the file.
func withoutPath(err error) error {
	if pathError := (*fs.PathError)(nil); errors.As(err, &pathError) {
		return pathError.Err
	}
	return err
}

// linked follows links to the name of a file, which need not exist. There are
// no circles: os.Stat has seen to that.
func linked(name string) string {
	for {
		link, err := os.Readlink(name)
		if err != nil {
			return name
		}
		if !filepath.IsAbs(link) {
			directory, _ := filepath.Split(name)
			link = directory + link // not Join: what .. leads to may hang on another link
		}
		name = link
	}
}

// replace writes a file beside the one of that name and then puts it in its
// place. What was there hands its permissions on.
func replace(name string, cleanup func(func()), write func(io.Writer) error) error {
	asked := name
	name = linked(name)
	directory, base := filepath.Split(name)
	beside := directory + fmt.Sprintf(".%s.%d", base, os.Getpid())
	remove := func() { os.Remove(beside) }
	var created sync.Mutex // held until there is something to remove
	created.Lock()
	cleanup(func() {
		created.Lock()
		remove()
	})
	mode := os.FileMode(0o666) // less the umask
	info, absent := os.Stat(name)
	if absent == nil {
		mode = info.Mode().Perm()
	}
	file, err := os.OpenFile(beside, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	created.Unlock()
	if err != nil {
		return failure{fmt.Errorf("--out %s: creating a file in %s: %w", asked, filepath.Clean(directory), withoutPath(err))}
	}
	defer remove() // of no effect once it has the other name
	if absent == nil {
		if err := file.Chmod(mode); err != nil {
			file.Close()
			return failure{fmt.Errorf("--out %s: keeping its permissions: %w", asked, withoutPath(err))}
		}
	}
	if err := writeTo(file, name, write); err != nil {
		file.Close()
		return err
	}
	if err := file.Close(); err != nil {
		return failure{fmt.Errorf("writing to %s: %w", name, err)}
	}
	if err := os.Rename(beside, name); err != nil {
		return failure{fmt.Errorf("--out %s: %w", asked, err)}
	}
	return nil
}
