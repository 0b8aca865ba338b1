package problem

import (
	"bufio"
	"bytes"
	"compress/bzip2"
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/klauspost/compress/zstd"
	"golang.org/x/text/encoding/unicode"

	"ravine/param"
)

// dialect is how a table is written. What of it is not given is told by the table's
// beginning.
type dialect struct {
	packed    []string // in what, outermost first
	separator rune     // ' ' for runs of blanks
	decimal   rune     // '.' or ','
	grouped   bool     // whether there may be separators between thousands
	header    bool
}

// separators are what may stand between columns, with what they are called.
var separators = []struct {
	separator rune
	keys      []string
	says      string
}{
	{',', []string{"comma", ","}, "commas"},
	{';', []string{"semicolon", ";"}, `";"`},
	{'\t', []string{"tab", "\t", `\t`}, "tabs"},
	{'|', []string{"bar", "|"}, `"|"`},
	{' ', []string{"blanks", " "}, "blanks"},
}

// dialectParameters are the keys that overrule what a file looks like.
func dialectParameters() []param.Parameter {
	names := make([]string, len(separators))
	for i, each := range separators {
		names[i] = each.keys[0]
	}
	return []param.Parameter{
		{Key: "sep", Help: "what separates its columns: " + strings.Join(names, ", ") + " (without it: as the file looks)", Kind: param.Text},
		{Key: "decimal", Help: "point or comma", Kind: param.Choice, Default: "auto", Choices: []string{"auto", "point", "comma"}},
		{Key: "header", Help: "whether its first row has names; else columns are c1, c2, …", Kind: param.Choice, Default: "auto", Choices: []string{"auto", "yes", "no"}},
		{Key: "missing", Help: "drop leaves out rows that lack a value", Kind: param.Choice, Default: "refuse", Choices: []string{"refuse", "drop"}},
	}
}

// separatorNamed returns the separator of a spec, or 0 where none is given.
func separatorNamed(text string) (rune, error) {
	if text == "" {
		return 0, nil
	}
	var known []string
	for _, each := range separators {
		for _, key := range each.keys {
			if key == text {
				return each.separator, nil
			}
		}
		known = append(known, each.keys[0])
	}
	return 0, param.Unknown("sep", text, known)
}

// unpack returns what a file holds as UTF-8, and what it was packed in.
func unpack(file io.Reader) (r *bufio.Reader, packed []string, err error) {
	r = bufio.NewReaderSize(file, mostOfBeginning)
	for {
		start, _ := r.Peek(4) // an error is reported again by the reader
		var inner io.Reader
		what := ""
		switch {
		case bytes.HasPrefix(start, []byte("\x1f\x8b")):
			what = "gzip"
			inner, err = gzip.NewReader(r)
		case bytes.HasPrefix(start, []byte("\x28\xb5\x2f\xfd")):
			what = "zstd"
			inner, err = zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(mostOfWindow))
		case bytes.HasPrefix(start, []byte("BZh")):
			what, inner = "bzip2", bzip2.NewReader(r)
		case bytes.HasPrefix(start, []byte("\xff\xfe")), len(start) == 4 && start[0] != 0 && start[1] == 0 && start[2] != 0 && start[3] == 0:
			what, inner = "UTF-16", unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Reader(r)
		case bytes.HasPrefix(start, []byte("\xfe\xff")), len(start) == 4 && start[0] == 0 && start[1] != 0 && start[2] == 0 && start[3] != 0:
			what, inner = "UTF-16", unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewDecoder().Reader(r)
		case bytes.HasPrefix(start, []byte(byteOrderMark)):
			r.Discard(len(byteOrderMark)) // what has been peeked can be discarded
			return r, packed, nil
		default:
			return r, packed, nil
		}
		if len(packed) == mostPacked {
			return nil, nil, fmt.Errorf("is packed more than %d times", mostPacked)
		}
		if err != nil {
			return nil, nil, fmt.Errorf("is packed with %s, and cannot be unpacked: %w", what, err)
		}
		packed = append(packed, what)
		r = bufio.NewReaderSize(inner, mostOfBeginning)
	}
}

const (
	byteOrderMark = "\uFEFF"
	mostPacked    = 3
	mostOfWindow  = 64 << 20 // bytes that unpacking may hold
	mostOfSample  = 1000     // rows by which a dialect is told
)

// blanks makes tabs spaces, so that runs of both separate columns alike.
type blanks struct{ io.Reader }

func (b blanks) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	for i, c := range p[:n] {
		if c == '\t' {
			p[i] = ' '
		}
	}
	return n, err
}

func newCSVReader(file io.Reader, separator rune) *csv.Reader {
	if separator == ' ' {
		file = blanks{file}
	}
	reader := csv.NewReader(file)
	reader.Comma = separator
	reader.FieldsPerRecord = -1                 // rows are counted by the table, with blank ones left out
	reader.TrimLeadingSpace = separator != '\t' // which may separate empty fields
	return reader
}

// withoutEnd leaves out the empty field that blanks at the end of a line make.
func withoutEnd(record []string, separator rune) []string {
	if n := len(record) - 1; separator == ' ' && n > 0 && record[n] == "" {
		return record[:n]
	}
	return record
}

// isBlank reports whether a row has nothing to read, as a line sep=; for spreadsheets.
func isBlank(record []string) bool {
	return len(record) == 0 || len(record) == 2 && record[0] == "sep=" && record[1] == "" || len(record) == 1 && strings.TrimSpace(record[0]) == ""
}

// sampleOf returns the first rows of a table as they are with that separator.
func sampleOf(beginning string, separator rune) (rows [][]string) {
	reader := newCSVReader(strings.NewReader(beginning), separator)
	reader.LazyQuotes = true
	for len(rows) < mostOfSample {
		row, err := reader.Read()
		if err != nil {
			break
		}
		if row = withoutEnd(row, separator); !isBlank(row) {
			rows = append(rows, row)
		}
	}
	return rows
}

// wholeLines leaves out the last line of a beginning that is not a whole file.
func wholeLines(beginning string) string {
	if len(beginning) == mostOfBeginning {
		if end := strings.LastIndexByte(beginning, '\n'); end >= 0 {
			return beginning[:end+1]
		}
	}
	return beginning
}

// tellSeparator returns the separator with which most rows have as many columns as
// the first, and most numbers stand in them.
func tellSeparator(beginning string) rune {
	best, highest := ',', 0.0
	for _, each := range separators {
		rows := sampleOf(beginning, each.separator)
		if len(rows) == 0 || len(rows[0]) < 2 || each.separator == ' ' && strings.ContainsAny(strings.Join(rows[0], " "), ",;|") {
			continue
		}
		alike, numbers, fields := 0, 0, 0
		for _, row := range rows[1:] {
			if len(row) != len(rows[0]) {
				continue
			}
			alike++
			for _, field := range row {
				fields++
				if isNumber(field) || isMissing(field) || each.separator != ',' && isDecimalComma(field) {
					numbers++
				}
			}
		}
		score := 0.5
		if len(rows) > 1 {
			score = float64(alike) / float64(len(rows)-1) * (0.5 + float64(numbers)/float64(max(fields, 1)))
		}
		if score > highest {
			best, highest = each.separator, score
		}
	}
	return best
}

// tellDecimal returns a comma where a field of the rows can be read in no other way,
// and none has a decimal point.
func tellDecimal(rows [][]string) rune {
	commas := false
	for _, row := range rows {
		for _, field := range row {
			field = strings.TrimSpace(field)
			if whole, fraction, found := strings.Cut(field, "."); found && isNumber(field) && !groupsOfThree(whole, fraction) {
				return '.'
			}
			if !isDecimalComma(field) || strings.Count(field, ",") > 1 {
				continue
			}
			whole, fraction, _ := strings.Cut(field, ",")
			commas = commas || !groupsOfThree(whole, fraction)
		}
	}
	if commas {
		return ','
	}
	return '.'
}

// groupsOfThree reports whether a separator between both may be one of thousands.
func groupsOfThree(whole, fraction string) bool {
	whole = strings.TrimLeft(whole, "+-")
	return len(fraction) == 3 && 0 < len(whole) && len(whole) <= 3 && whole[0] != '0'
}

// parse returns the number that a field is.
func (d dialect) parse(field string) (float64, error) {
	if d.decimal == ',' || d.grouped && strings.ContainsRune(field, ',') {
		group := ","
		if d.decimal == ',' {
			group = "."
		}
		whole, fraction, found := strings.Cut(field, string(d.decimal))
		groups := strings.Split(whole, group)
		for i, digits := range groups {
			if i > 0 && len(digits) != 3 || i == 0 && len(groups) > 1 && !groupsOfThree(digits, "000") {
				return 0, strconv.ErrSyntax
			}
		}
		if field = strings.Join(groups, ""); found {
			field += "." + fraction
		}
	}
	return strconv.ParseFloat(field, 64)
}

// says describes a dialect other than a CSV's with a header, for people.
func (d dialect) says(columns int) (parts []string) {
	if len(d.packed) > 0 {
		parts = append(parts, strings.Join(d.packed, " and "))
	}
	for _, each := range separators {
		if d.separator == each.separator && d.separator != ',' {
			parts = append(parts, "columns separated by "+each.says)
		}
	}
	if d.decimal == ',' {
		parts = append(parts, "decimal commas")
	}
	if !d.header {
		parts = append(parts, fmt.Sprintf("no header, so columns c1 to c%d", columns))
	}
	return parts
}
