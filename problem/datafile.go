package problem

import (
	"errors"
	"io"
	"io/fs"
	"os"

	"ravine/param"
)

// ErrData marks errors of Build that are mistakes in a data file (errors.Is).
var ErrData = errors.New("data error")

// dataError is an error of that kind.
type dataError struct {
	where string // file, or file:line
	what  string
	cause error // may be nil
}

func (e *dataError) Error() string        { return e.where + ": " + e.what }
func (e *dataError) Is(target error) bool { return target == ErrData }
func (e *dataError) Unwrap() error        { return e.cause }

// dataFile is what a spec says of a file of data.
type dataFile struct {
	path        string
	x, y        string // its columns; see chooseColumns
	separator   rune   // 0 for as the file looks
	decimal     string // auto, point or comma
	header      string // auto, yes or no
	dropMissing bool   // whether rows that lack a value are left out

	model   []string // names of which those that are columns take x's place; nil for none
	classes bool     // whether y has two classes, in numbers or words

	progress func(done, size int64) // nil for nobody who looks
}

// standardInput is the path of what is not a file.
const standardInput = "-"

// dataFileOf returns what the values of a problem say of its file.
func dataFileOf(v values) (dataFile, error) {
	separator, err := separatorNamed(v.text["sep"])
	return dataFile{path: v.text["file"], x: v.text["x"], y: v.text["y"], separator: separator, decimal: v.text["decimal"],
		header: v.text["header"], dropMissing: v.text["missing"] == "drop", progress: v.progress}, err
}

// read reads the columns of the file. Mistakes in it are an ErrData.
func (f dataFile) read() (examples, error) {
	shown := param.Printable(f.path)
	fail := func(err error) (examples, error) {
		what := err.Error()
		var pathError *fs.PathError
		if errors.As(err, &pathError) {
			what = pathError.Err.Error()
		}
		return examples{}, &dataError{where: shown, what: what, cause: err}
	}
	if f.path == standardInput {
		shown = "standard input"
		t, err := newTable(os.Stdin, shown, f)
		if err != nil {
			return fail(err)
		}
		return f.readTable(t)
	}
	info, err := os.Stat(f.path)
	if err != nil {
		return fail(err)
	}
	if info.IsDir() {
		return fail(errors.New("is a directory; want a CSV file"))
	}
	if !info.Mode().IsRegular() { // opening a pipe would wait for its writer
		return fail(errors.New("is not a regular file; want a CSV file"))
	}
	file, err := os.Open(f.path)
	if err != nil {
		return fail(err)
	}
	defer file.Close()
	t, err := newTable(&counted{file, f.progress, 0, info.Size()}, shown, f)
	if err != nil {
		return fail(err)
	}
	mark := make([]byte, len(byteOrderMark))
	_, err = file.ReadAt(mark, 0) // of a shorter file it is not one
	t.raw, t.marked = file, err == nil && string(mark) == byteOrderMark
	return f.readTable(t)
}

// counted says how much of a file has been read.
type counted struct {
	io.Reader
	progress   func(done, size int64)
	done, size int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	if c.done += int64(n); c.progress != nil {
		c.progress(c.done, c.size)
	}
	return n, err
}

// readTable reads a table that is open.
func (f dataFile) readTable(t *table) (examples, error) {
	data, err := t.read()
	if err == nil || t.broken {
		return data, err
	}
	// An error in one row may be a symptom of a wrong format.
	if what, found := otherFormat(t.beginning); found {
		return examples{}, &dataError{where: t.name, what: what, cause: err}
	}
	if line, what, found := titled(t.beginning, t.dialect.separator); found {
		return examples{}, t.errorAt(line, what, err)
	}
	return examples{}, err
}
