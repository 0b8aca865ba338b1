package problem

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"ravine/param"
)

// read reads all of the table.
func (t *table) read() (examples, error) {
	first, err := t.next()
	if err == io.EOF {
		return examples{}, &dataError{where: t.name, what: "is empty; want a header line and rows of numbers"}
	}
	if err != nil {
		return examples{}, err
	}
	if err := t.setHeader(first); err != nil {
		return examples{}, err
	}
	columns, target, err := t.chooseColumns()
	if err != nil {
		return examples{}, err
	}
	data := examples{width: len(columns), target: param.Printable(t.header[target])}
	for _, column := range columns {
		data.columns = append(data.columns, param.Printable(t.header[column]))
	}
	chosen := append(slices.Clone(columns), target)
	if data.features, data.targets, err = t.plain(chosen); err != nil || data.targets != nil {
		data.note = t.note(columns, target)
		return data, err
	}
	values := make([]float64, len(chosen))
	if t.dialect.header {
		_, err = t.next()
	}
	for ; err == nil; _, err = t.next() {
		if err = t.values(values, chosen); errors.Is(err, errMissing) {
			continue
		}
		if err != nil {
			return examples{}, err
		}
		data.features = append(data.features, values[:data.width]...)
		data.targets = append(data.targets, values[data.width])
		if data.count() > maxExamples || len(data.features) > maxCells {
			return examples{}, t.errorf(0, "too much data; want at most %d rows and %d numbers", maxExamples, maxCells)
		}
	}
	switch {
	case err != io.EOF:
		return examples{}, err
	case t.missing > 0 && !t.file.dropMissing:
		return examples{}, t.refuseMissing()
	case data.count() == 0 && t.missing > 0:
		return examples{}, &dataError{where: t.name, what: "every row lacks a value"}
	case data.count() == 0:
		return examples{}, t.errorf(0, "the header has no rows below it; want at least one row of numbers")
	}
	if t.file.classes {
		if err := t.sortClasses(&data); err != nil {
			return examples{}, err
		}
	}
	data.note = t.note(columns, target)
	return data, nil
}

// errMissing is that of a row that lacks a value.
var errMissing = errors.New("missing value")

// values stores the numbers in the chosen columns of the latest row.
func (t *table) values(values []float64, chosen []int) (err error) {
	if len(t.record) != len(t.header) {
		return t.wrongWidth()
	}
	for i, column := range chosen {
		read := t.number
		if t.file.classes && i == len(chosen)-1 {
			read = t.class
		}
		if values[i], err = read(column); err != nil {
			break
		}
	}
	if errors.Is(err, errMissing) {
		t.missing++
	}
	return err
}

func (t *table) refuseMissing() error {
	rows, way := "", "fill it in, or leave its row out with missing=drop"
	if t.missing > 1 {
		rows, way = fmt.Sprintf(", the first of %d rows that lack a value", t.missing), "fill them in, or leave these rows out with missing=drop"
	}
	return &dataError{where: t.firstMissing.where, what: t.firstMissing.what + rows + "; " + way}
}

// wrongWidth is the error of a row with another number of fields than the header.
func (t *table) wrongWidth() error {
	fields, columns := len(t.record), len(t.header)
	way := "want a value for every column"
	if fields > columns && strings.TrimSpace(t.record[fields-1]) == "" {
		way = "take the comma at its end out"
	} else if fields > columns {
		way = `want a name for every column, "." in decimals, and quotes around a field that has a comma`
	}
	if t.dialect.separator != ',' {
		way = "want a value for every column"
	}
	has := "the header has"
	if !t.dialect.header {
		has = "the first row has"
	}
	return t.errorf(0, "%s; %s %d; %s", param.Plural(fields, "field"), has, columns, way)
}

// note says what a person would want to know of how the table was read, or nothing.
func (t *table) note(columns []int, target int) string {
	parts := t.dialect.says(len(t.header))
	var words []string
	for i := range t.header {
		if t.file.x == "" && i != target && !slices.Contains(columns, i) {
			words = append(words, quote(t.header[i]))
		}
	}
	if len(words) > 0 {
		parts = append(parts, "left out, as they are not numbers: "+some(words))
	}
	if t.file.y == "" && len(parts) > 0 {
		parts = append(parts, "y is "+quote(t.header[target]))
	}
	if t.missing > 0 {
		parts = append(parts, param.Plural(t.missing, "row")+" left out for want of a value")
	}
	if len(t.classes) > 0 {
		parts = append(parts, fmt.Sprintf("%s is 0 for %s and 1 for %s", quote(t.header[target]), quote(t.classes[0]), quote(t.classes[1])))
	}
	if len(parts) == 0 {
		return ""
	}
	return filepath.Base(t.name) + ": " + strings.Join(parts, "; ")
}

// table reads a file row by row, and says where its mistakes are.
type table struct {
	name    string
	file    dataFile
	dialect dialect
	raw     *os.File // if it may be read in blocks
	marked  bool     // whether it begins with a byte order mark
	source  *rowReader
	reader  *csv.Reader
	sample  [][]string // rows below the header
	header  []string
	record  []string // the latest row, valid until the next

	classes      []string
	missing      int // rows that lack a value
	firstMissing *dataError

	beginning string // of the file, unpacked
	broken    bool   // the file could not be read further
}

// newTable opens a table in the dialect that file names or its beginning shows.
func newTable(from io.Reader, name string, file dataFile) (*table, error) {
	unpacked, packed, err := unpack(from)
	if err != nil {
		return nil, err
	}
	start, _ := unpacked.Peek(mostOfBeginning) // an error is reported again by the reader
	t := &table{name: name, file: file, beginning: string(start)}
	begins := wholeLines(t.beginning)
	d := dialect{packed: packed, separator: file.separator, decimal: '.'}
	if d.separator == 0 {
		d.separator = tellSeparator(begins)
	}
	t.sample = sampleOf(begins, d.separator)
	switch file.decimal {
	case "auto":
		d.decimal = tellDecimal(t.sample)
	case "comma":
		d.decimal = ','
	default:
		d.grouped = true
	}
	d.header = file.header == "yes" || file.header == "auto" && (len(t.sample) == 0 || !looksLikeData(t.sample[0]))
	if d.header && len(t.sample) > 0 {
		t.sample = t.sample[1:]
	}
	t.dialect = d
	t.source = &rowReader{Reader: unpacked, left: mostOfRow}
	t.reader = newCSVReader(t.source, d.separator)
	t.reader.ReuseRecord = true
	return t, nil
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
func (t *table) errorf(field int, format string, arguments ...any) *dataError {
	line, _ := t.reader.FieldPos(field)
	return t.errorAt(line, fmt.Sprintf(format, arguments...), nil)
}

func (t *table) errorAt(line int, what string, cause error) *dataError {
	return &dataError{where: fmt.Sprintf("%s:%d", t.name, line), what: what, cause: cause}
}

// next reads the next row that is not blank. At the end the error is io.EOF.
func (t *table) next() ([]string, error) {
	for {
		t.source.left = mostOfRow
		record, err := t.reader.Read()
		if err == io.EOF {
			return nil, err
		}
		if err != nil {
			return nil, t.explain(err)
		}
		if t.record = withoutEnd(record, t.dialect.separator); !isBlank(t.record) {
			return t.record, nil
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

// setHeader takes the names of the columns from the first row, or makes some.
func (t *table) setHeader(first []string) error {
	t.header = make([]string, len(first))
	for i, name := range first {
		if !utf8.ValidString(name) {
			return t.errorf(i, "the header is not UTF-8 text; save the file as CSV in UTF-8")
		}
		if strings.Contains(name, "\r") {
			return t.errorf(i, "the lines end in CR; want LF or CRLF")
		}
		if t.header[i] = strings.Join(strings.Fields(name), " "); !t.dialect.header {
			t.header[i] = fmt.Sprintf("c%d", i+1)
		}
	}
	if len(t.header) < 2 {
		return t.errorf(0, "one column, %s; want two or more, separated by commas", quote(strings.TrimSpace(first[0])))
	}
	return nil
}

// number reads that field of the latest row.
func (t *table) number(field int) (float64, error) {
	text := strings.TrimSpace(t.record[field])
	value, err := t.dialect.parse(text)
	finite := err == nil && param.Finite(value)
	if finite && math.Abs(value) <= maxMagnitude {
		return value, nil
	}
	is := fmt.Sprintf("column %s is %s; want ", quote(t.header[field]), quote(text))
	const mend = "correct it, or take its line out"
	switch {
	case isMissing(text):
		if t.firstMissing == nil {
			what := "empty"
			if text != "" {
				what = quote(text)
			}
			t.firstMissing = t.errorf(field, "column %s is %s", quote(t.header[field]), what)
		}
		return 0, errMissing
	case err == nil && !finite:
		return 0, t.errorf(field, "%sa finite number: %s", is, mend)
	case !errors.Is(err, strconv.ErrSyntax):
		return 0, t.errorf(field, "%sat most %s in magnitude: %s", is, param.Format(maxMagnitude), mend)
	case t.dialect.decimal == ',' && isNumber(text):
		return 0, t.errorf(field, `%sa "," before decimals, as elsewhere; or say decimal=point`, is)
	case isDecimalComma(text):
		return 0, t.errorf(field, `%sa number with "." before decimals and no ","; or say decimal=comma, or decimal=point where "," separates thousands`, is)
	case t.isWords(field):
		return 0, t.errorf(field, "%sa number%s", is, t.numberColumns())
	}
	return 0, t.errorf(field, "%sa number: %s", is, mend)
}
