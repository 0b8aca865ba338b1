package problem

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

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

// readFile reads the columns x, joined by +, and y of a CSV file with a header:
// UTF-8, commas, with numbers in those columns. An empty y is the last column,
// an empty x all the others. Mistakes in the file are an ErrData.
func readFile(path, x, y string) (examples, error) {
	shown := param.Printable(path)
	fail := func(err error) (examples, error) {
		what := err.Error()
		var pathError *fs.PathError
		if errors.As(err, &pathError) {
			what = pathError.Err.Error()
		}
		return examples{}, &dataError{where: shown, what: what, cause: err}
	}
	info, err := os.Stat(path)
	if err != nil {
		return fail(err)
	}
	if info.IsDir() {
		return fail(errors.New("is a directory; want a CSV file"))
	}
	if !info.Mode().IsRegular() { // opening a pipe would wait for its writer
		return fail(errors.New("is not a regular file; want a CSV file"))
	}
	file, err := os.Open(path)
	if err != nil {
		return fail(err)
	}
	defer file.Close()
	return readCSV(file, shown, x, y)
}

// readCSV is readFile for an open file, whose name stands in messages.
func readCSV(file io.Reader, name, x, y string) (examples, error) {
	t := newTable(file, name)
	data, err := t.read(x, y)
	if err == nil || t.broken {
		return data, err
	}
	// An error in one row may be a symptom of a wrong format.
	if what, found := otherFormat(t.beginning); found {
		return examples{}, &dataError{where: name, what: what, cause: err}
	}
	if line, what, found := wholeCause(t.beginning); found {
		return examples{}, t.errorAt(line, what, err)
	}
	return examples{}, err
}

// read reads all of the table.
func (t *table) read(x, y string) (examples, error) {
	header, err := t.header()
	if err != nil {
		return examples{}, err
	}
	line, _ := t.reader.FieldPos(0)
	columns, target, err := chooseColumns(header, fmt.Sprintf("%s:%d", t.name, line), x, y)
	if err != nil {
		return examples{}, err
	}
	data := examples{width: len(columns), target: param.Printable(header[target])}
	for _, column := range columns {
		data.columns = append(data.columns, param.Printable(header[column]))
	}
	for {
		record, err := t.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return examples{}, err
		}
		if len(record) != len(header) {
			way := "want a value for every column"
			if len(record) > len(header) && strings.TrimSpace(record[len(record)-1]) == "" {
				way = "take the comma at its end out"
			} else if len(record) > len(header) {
				way = `want a name for every column, "." in decimals, and quotes around a field that has a comma`
			}
			return examples{}, t.errorf(0, "%s; the header has %d; %s", param.Plural(len(record), "field"), len(header), way)
		}
		for _, column := range columns {
			value, err := t.number(column, header)
			if err != nil {
				return examples{}, err
			}
			data.features = append(data.features, value)
		}
		value, err := t.number(target, header)
		if err != nil {
			return examples{}, err
		}
		data.targets = append(data.targets, value)
		if data.count() > maxExamples || len(data.features) > maxCells {
			return examples{}, t.errorf(0, "too much data; want at most %d rows and %d numbers", maxExamples, maxCells)
		}
	}
	if data.count() == 0 {
		return examples{}, t.errorf(0, "the header has no rows below it; want at least one row of numbers")
	}
	return data, nil
}

// table reads a CSV file row by row, and says where its mistakes are.
type table struct {
	name   string
	file   *rowReader
	reader *csv.Reader
	record []string // the latest row, valid until the next
	rows   int      // that were read below the header

	beginning string // of the file, without a byte order mark
	broken    bool   // the file could not be read further
}

func newTable(file io.Reader, name string) *table {
	rows := &rowReader{Reader: file, left: mostOfRow}
	buffered := bufio.NewReaderSize(rows, mostOfBeginning)
	const byteOrderMark = "\uFEFF"
	if start, _ := buffered.Peek(len(byteOrderMark)); string(start) == byteOrderMark {
		buffered.Discard(len(byteOrderMark)) // what has been peeked can be discarded
	}
	beginning, _ := buffered.Peek(mostOfBeginning) // an error is reported again by the reader
	reader := csv.NewReader(buffered)
	reader.FieldsPerRecord = -1 // rows are counted here, with blank ones left out
	reader.ReuseRecord = true
	reader.TrimLeadingSpace = true
	return &table{name: name, file: rows, reader: reader, rows: -1, beginning: string(beginning)}
}

// mostOfRow bounds the bytes of one row, mostOfBeginning those kept to diagnose
// an error.
const (
	mostOfRow       = 1 << 20
	mostOfBeginning = 64 << 10
)

var errLongRow = errors.New("a row is too long")

// rowReader fails when a row is too long: without a line break, or with an open
// quote, the whole file would be read into memory.
type rowReader struct {
	io.Reader
	left int // bytes that the row may still have
}

func (r *rowReader) Read(p []byte) (int, error) {
	if r.left == 0 {
		return 0, errLongRow
	}
	n, err := r.Reader.Read(p[:min(len(p), r.left)])
	r.left -= n
	return n, err
}

// errorf returns an error at the line on which that field of the latest row begins.
func (t *table) errorf(field int, format string, arguments ...any) error {
	line, _ := t.reader.FieldPos(field)
	return t.errorAt(line, fmt.Sprintf(format, arguments...), nil)
}

func (t *table) errorAt(line int, what string, cause error) error {
	return &dataError{where: fmt.Sprintf("%s:%d", t.name, line), what: what, cause: cause}
}

// next reads the next row that is not blank. At the end the error is io.EOF.
func (t *table) next() ([]string, error) {
	for {
		t.file.left = mostOfRow
		record, err := t.reader.Read()
		if err == io.EOF {
			return nil, err
		}
		if err != nil {
			return nil, t.explain(err)
		}
		if len(record) > 1 || strings.TrimSpace(record[0]) != "" {
			t.record = record
			t.rows++
			return record, nil
		}
	}
}

// explain turns an error of the reader into one that says what is expected.
func (t *table) explain(err error) error {
	var parse *csv.ParseError
	switch {
	case errors.Is(err, errLongRow):
		return t.errorf(0, "a row of more than %d bytes; want rows of numbers, each on a line that ends in LF or CRLF", mostOfRow)
	case !errors.As(err, &parse):
		t.broken = true
		return &dataError{where: t.name, what: "cannot be read: " + err.Error(), cause: err}
	case errors.Is(err, csv.ErrBareQuote):
		return t.errorAt(parse.Line, `a " inside a field; quote the whole field and write "" for it`, err)
	default:
		return t.errorAt(parse.StartLine, `a quoted field does not end with " before a comma or the end of its line`, err)
	}
}

// header reads the names of the columns.
func (t *table) header() ([]string, error) {
	record, err := t.next()
	if err == io.EOF {
		return nil, &dataError{where: t.name, what: "is empty; want a header line and rows of numbers"}
	}
	if err != nil {
		return nil, err
	}
	header := make([]string, len(record))
	for i, name := range record {
		if !utf8.ValidString(name) {
			return nil, t.errorf(i, "the header is not UTF-8 text; save the file as CSV in UTF-8")
		}
		if strings.Contains(name, "\r") {
			return nil, t.errorf(i, "the lines end in CR; want LF or CRLF")
		}
		header[i] = strings.TrimSpace(name)
	}
	if len(header) < 2 {
		return nil, t.errorf(0, "one column, %s; want two or more, separated by commas", quote(header[0]))
	}
	if allNumbers(header) {
		return nil, t.errorf(0, "%s", noHeader(header))
	}
	return header, nil
}

// number reads that field of the latest row, of the column with that name in
// the header.
func (t *table) number(field int, header []string) (float64, error) {
	text := strings.TrimSpace(t.record[field])
	value, err := strconv.ParseFloat(text, 64)
	finite := err == nil && param.Finite(value)
	if finite && math.Abs(value) <= maxMagnitude {
		return value, nil
	}
	column := "column " + quote(header[field])
	const mend = "correct it, or take its line out"
	switch {
	case text == "":
		return 0, t.errorf(field, "%s is empty; want a number: fill it in, or take its line out", column)
	case err == nil && !finite:
		return 0, t.errorf(field, "%s is %s; want a finite number: %s", column, quote(text), mend)
	case !errors.Is(err, strconv.ErrSyntax):
		return 0, t.errorf(field, "%s is %s; want at most %s in magnitude: %s", column, quote(text), param.Format(maxMagnitude), mend)
	case isMissing(text):
		return 0, t.errorf(field, "%s is %s, so its value is missing; want a number: fill it in, or take its line out", column, quote(text))
	case isDecimalComma(text):
		return 0, t.errorf(field, `%s is %s; want a number with "." before decimals and no ","`, column, quote(text))
	case t.rows == 1:
		return 0, t.errorf(field, "%s is %s; want a number%s", column, quote(text), t.numberColumns(header))
	}
	return 0, t.errorf(field, "%s is %s; want a number: %s", column, quote(text), mend)
}

// numberColumns says which columns of the latest row could be named instead.
func (t *table) numberColumns(header []string) string {
	var numbers []string
	for i, field := range t.record {
		if isNumber(field) && i < len(header) {
			numbers = append(numbers, header[i])
		}
	}
	if len(numbers) < 2 {
		return "; two columns of numbers are needed, and here are fewer"
	}
	return "; name the columns to use with x= and y=: numbers here are " + quoteSome(numbers)
}

// chooseColumns returns the columns that x and y name. where the header is, as
// file:line, stands in messages.
func chooseColumns(header []string, where, x, y string) (columns []int, target int, err error) {
	target = len(header) - 1
	if y != "" {
		if target, err = findColumn(header, where, y); err != nil {
			return nil, 0, err
		}
	}
	switch {
	case x == "":
		for i := range header {
			if i != target {
				columns = append(columns, i)
			}
		}
	case slices.Contains(header, x): // the name itself may have a + in it
		columns = []int{slices.Index(header, x)}
	default:
		for part := range strings.SplitSeq(x, "+") {
			if part == "" {
				return nil, 0, fmt.Errorf("an empty name in x=%s", param.Printable(x))
			}
			column, err := findColumn(header, where, part)
			if err != nil {
				return nil, 0, err
			}
			if slices.Contains(columns, column) {
				return nil, 0, fmt.Errorf("x names column %s twice", quote(part))
			}
			columns = append(columns, column)
		}
	}
	if slices.Contains(columns, target) {
		return nil, 0, fmt.Errorf("%s: column %s is both x and y", where, quote(header[target]))
	}
	if len(columns) > maxFeatures {
		return nil, 0, fmt.Errorf("%s: %d columns to predict from; name at most %d with x=", where, len(columns), maxFeatures)
	}
	for _, column := range append(slices.Clone(columns), target) {
		if header[column] == "" {
			return nil, 0, &dataError{where: where, what: fmt.Sprintf("column %d has no name; name those to use with x= and y=", column+1)}
		}
		if slices.Contains(header[column+1:], header[column]) || slices.Index(header, header[column]) < column {
			return nil, 0, &dataError{where: where, what: fmt.Sprintf("two columns are called %s; give them different names", quote(header[column]))}
		}
	}
	return columns, target, nil
}

// findColumn returns the column of that name, or an error that lists some.
func findColumn(header []string, where, column string) (int, error) {
	if i := slices.Index(header, column); i >= 0 {
		return i, nil
	}
	return 0, fmt.Errorf("%s: unknown column %s%s; there are %s",
		where, quote(column), param.DidYouMean(column, header), quoteSome(header))
}

// quoteSome lists names, and only the first of very many.
func quoteSome(names []string) string {
	const most = 20
	known := make([]string, 0, most+1)
	for _, each := range names[:min(len(names), most)] {
		known = append(known, quote(each))
	}
	if len(names) > most {
		known = append(known, fmt.Sprintf("and %d more", len(names)-most))
	}
	return strings.Join(known, " ")
}
