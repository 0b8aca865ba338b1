package cli

import (
	"bufio"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
)

// interruptible runs work until it ends, ctrl+c is pressed or the terminal goes,
// whatever it is doing then. What work has to undo on an interrupt it begins with
// begin, which returns how: an interrupt comes before all of it or after.
func interruptible(work func(begin func(func() (undo func()))) error) error {
	interrupts := stopSignals()
	defer signal.Stop(interrupts)
	var beginning sync.Mutex
	undo := func() {}
	begin := func(do func() func()) {
		beginning.Lock()
		defer beginning.Unlock()
		undo = do()
	}
	done := make(chan error, 1)
	go func() { done <- work(begin) }()
	select {
	case err := <-done:
		return err
	case <-interrupts:
		beginning.Lock() // for good
		undo()
		return errInterrupted
	}
}

// stopSignals returns a channel of the signals that tell the program to stop. A
// hangup is none of them where it is ignored, as nohup has it.
func stopSignals() chan os.Signal {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) {
		signal.Notify(signals, syscall.SIGHUP)
	}
	return signals
}

// writeWhole lets write fill the file of that name, or standard output where it
// is empty. A file appears when it is complete and not before; a pipe, a device
// or what is open already, such as /dev/stdout, is written to as it is.
func writeWhole(name string, stdout io.Writer, begin func(func() (undo func())), write func(io.Writer) error) error {
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
	end := linked(name)
	number, open := descriptor(end)
	switch {
	case open && number == 1:
		return writeTo(stdout, standardOutput, write)
	case open && number == 2:
		return writeTo(os.Stderr, name, write) // not closed: a message may follow
	case open:
		file := os.NewFile(uintptr(number), name)
		defer file.Close()
		return writeTo(file, name, write)
	case err == nil && !info.Mode().IsRegular():
		file, err := os.OpenFile(name, os.O_WRONLY, 0)
		if err != nil {
			return failure{fmt.Errorf("--out %s: %w", name, withoutPath(err))}
		}
		defer file.Close()
		return writeTo(file, name, write)
	}
	return replace(name, end, begin, write)
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
		return failure{fmt.Errorf("writing to %s: %w", name, withoutPath(err))}
	}
	return nil
}

// withoutPath is what went wrong, without the names of files.
func withoutPath(err error) error {
	if pathError := (*fs.PathError)(nil); errors.As(err, &pathError) {
		return pathError.Err
	}
	if linkError := (*os.LinkError)(nil); errors.As(err, &linkError) {
		return linkError.Err
	}
	return err
}

// linked follows links to the name of a file, which need not exist, or to a file
// that is open: what such a link says is not where the writing goes. There are no
// circles, os.Stat has seen to that, unless they are made meanwhile.
func linked(name string) string {
	const most = 255
	for range most {
		if _, open := descriptor(name); open {
			return name
		}
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
	return name
}

// descriptor returns the number of the program's open file that has that name,
// such as /dev/fd/1.
func descriptor(name string) (number int, open bool) {
	directory, base := filepath.Split(name)
	number, err := strconv.Atoi(base)
	if err != nil || number < 0 {
		return 0, false
	}
	directory, err = filepath.EvalSymlinks(directory)
	if err != nil {
		return 0, false
	}
	for _, openFiles := range []string{"/dev/fd", "/proc/self/fd"} {
		if resolved, err := filepath.EvalSymlinks(openFiles); err == nil && resolved == directory {
			return number, true
		}
	}
	return 0, false
}

// replace writes a file beside the one at the end of the links and then puts it
// in its place. What was there hands its permissions on. asked stands in messages.
func replace(asked, end string, begin func(func() (undo func())), write func(io.Writer) error) error {
	directory, _ := filepath.Split(end)
	beside := directory + ".ravine-" + rand.Text() // not CreateTemp, which disregards the umask
	remove := func() { os.Remove(beside) }
	mode := os.FileMode(0o666) // less the umask
	info, statErr := os.Stat(end)
	if statErr == nil {
		mode = info.Mode().Perm()
	}
	var file *os.File
	var err error
	begin(func() func() {
		file, err = os.OpenFile(beside, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
		return remove
	})
	if err != nil {
		return failure{fmt.Errorf("--out %s: creating a file in %s: %w", asked, filepath.Clean(directory), withoutPath(err))}
	}
	defer remove() // of no effect once it has the other name
	if statErr == nil {
		if err := file.Chmod(mode); err != nil {
			file.Close()
			return failure{fmt.Errorf("--out %s: keeping its permissions: %w", asked, withoutPath(err))}
		}
	}
	if err := writeTo(file, asked, write); err != nil {
		file.Close()
		return err
	}
	if err := file.Close(); err != nil {
		return failure{fmt.Errorf("writing to %s: %w", asked, withoutPath(err))}
	}
	if err := os.Rename(beside, end); err != nil {
		return failure{fmt.Errorf("--out %s: %w", asked, withoutPath(err))}
	}
	return nil
}
