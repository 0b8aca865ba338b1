package problem

import (
	"encoding/csv"
	"fmt"
	"math"
	"strconv"
	"strings"

	"ravine/param"
)

// formats are file formats other than CSV in UTF-8, by their first bytes.
var formats = []struct{ begin, is, way string }{
	{"\x1f\x8b", "is compressed with gzip", "unpack it with gunzip first"},
	{"BZh91AY", "is compressed with bzip2", "unpack it with bunzip2 first"},
	{"\xfd7zXZ", "is compressed with xz", "unpack it with unxz first"},
	{"\x28\xb5\x2f\xfd", "is compressed with zstd", "unpack it with unzstd first"},
	{"PK\x03\x04", "is a ZIP archive or a spreadsheet", "unpack it, or save the sheet as CSV, first"},
	{"\xd0\xcf\x11\xe0", "is a spreadsheet", "save the sheet as CSV first"},
	{"\xff\xfe", "is in UTF-16", "save it as CSV in UTF-8 first"},
	{"\xfe\xff", "is in UTF-16", "save it as CSV in UTF-8 first"},
	{"<!", "is a web page", "download the data themselves (on GitHub: Raw)"},
	{"<html", "is a web page", "download the data themselves (on GitHub: Raw)"},
	{"{", "is JSON", "write it as CSV first"},
	{"[{", "is JSON", "write it as CSV first"},
	{"[[", "is JSON", "write it as CSV first"},
}

// otherFormat recognizes a file that is not CSV in UTF-8 by how it begins.
func otherFormat(beginning string) (what string, found bool) {
	for _, format := range formats {
		if strings.HasPrefix(beginning, format.begin) {
			return format.is + "; " + format.way, true
		}
	}
	if len(beginning) > 1 && (beginning[0] == 0 || beginning[1] == 0) {
		return "has zero bytes, as UTF-16 has; save it as CSV in UTF-8 first", true
	}
	return "", false
}

// wholeCause diagnoses a file that could not be read from how it begins: other
// separators, no header, lines above it. line is where that shows.
func wholeCause(beginning string) (line int, what string, found bool) {
	lines := strings.Split(beginning, "\n")
	for line < len(lines) && strings.TrimSpace(lines[line]) == "" {
		line++
	}
	if line == len(lines) {
		return 0, "", false
	}
	first, second := lines[line], ""
	for _, next := range lines[line+1:] {
		if second == "" {
			second = strings.TrimSpace(next)
		}
	}
	names := splitBy(first, ",")
	if separator := separatorOf(first, second); separator != "" {
		what, found = otherSeparator(lines[line:], separator), true
	} else if len(names) > 1 && looksLikeData(names) {
		what, found = noHeader(names), true
	} else if next := len(splitBy(second, ",")); len(names) == 1 && next > 1 {
		what = fmt.Sprintf("the first line is %s and the next has %s; take out what stands above the header", quote(strings.TrimSpace(first)), param.Plural(next, "field"))
		found = true
	}
	return line + 1, what, found
}

// splitBy returns the fields of a line; separated by blanks where that is a space.
func splitBy(line, separator string) []string {
	line = strings.TrimSpace(line)
	if separator == " " {
		return strings.Fields(line)
	}
	reader := csv.NewReader(strings.NewReader(line))
	reader.Comma, reader.LazyQuotes = rune(separator[0]), true
	fields, _ := reader.Read() // nothing on a blank line; with lazy quotes there is no mistake
	return fields
}

// separatorOf returns what separates the columns of a header and the row below
// it, or nothing where that is a comma or cannot be told.
func separatorOf(header, row string) string {
	for _, separator := range []string{";", "\t", "|", " "} {
		names, values := splitBy(header, separator), splitBy(row, separator)
		numbers := 0
		for _, value := range values {
			if isNumber(value) || isDecimalComma(value) {
				numbers++
			}
		}
		alike := len(names) == len(values) && 2*numbers >= len(values)
		switch {
		case len(names) < 2:
		case alike && (separator != " " || !strings.Contains(header, ",")):
			return separator
		case separator != " " && !strings.Contains(header, ",") && (row == "" || len(values) > 1):
			return separator
		}
	}
	return ""
}

// otherSeparator says which separator the lines have, and what else is wrong.
func otherSeparator(lines []string, separator string) string {
	is := "the columns are separated by " + map[string]string{";": `";"`, "\t": "tabs", "|": `"|"`, " ": "spaces"}[separator]
	way := `write it with "," between columns`
	for _, line := range lines {
		if strings.ContainsRune(line, ',') && anyDecimalComma(splitBy(line, separator)) {
			is += `, and decimals are written with ","`
			way += ` and "." in decimals`
			break
		}
	}
	if looksLikeData(splitBy(lines[0], separator)) {
		is += ", and there is no header"
		way += ", below a line of names"
	}
	return is + "; " + way
}

// noHeader says that the first row is data, and what to do.
func noHeader(fields []string) string {
	names := "x,y"
	if n := len(fields) - 1; n > 1 {
		names = "x1,x2,…,y"
		if n == 2 {
			names = "x1,x2,y"
		}
	}
	return fmt.Sprintf("the first row, %s, looks like data without a header; put a line of names above it, such as %s",
		quote(strings.Join(fields, ",")), names)
}

// allNumbers reports whether a row has numbers, and nothing else but gaps.
func allNumbers(fields []string) bool {
	numbers := 0
	for _, field := range fields {
		switch {
		case isMissing(field):
		case isNumber(field) || isDecimalComma(field):
			numbers++
		default:
			return false
		}
	}
	return numbers > 0
}

// looksLikeData reports whether a first row is rather data than names. Among names
// there may be years, or numbers that count.
func looksLikeData(fields []string) bool {
	numbers, years, counting, last := 0, true, true, 0.0
	for _, field := range fields {
		x, err := strconv.ParseFloat(strings.TrimSpace(field), 64)
		if isDecimalComma(field) || err == nil && x != math.Trunc(x) {
			return true
		}
		if err != nil {
			continue
		}
		years = years && 1000 <= x && x < 3000
		counting = counting && (numbers == 0 || x == last+1)
		numbers, last = numbers+1, x
	}
	return allNumbers(fields) || !years && !counting && (numbers > 2 || 2*numbers >= len(fields))
}

// isMissing reports whether a field says that there is no value.
func isMissing(field string) bool {
	switch strings.ToLower(strings.TrimSpace(field)) {
	case "", "na", "n/a", "nan", "null", "none", "?", "-", ".":
		return true
	}
	return false
}

func isNumber(field string) bool {
	_, err := strconv.ParseFloat(strings.TrimSpace(field), 64)
	return err == nil
}

// isDecimalComma reports whether a field is a number with commas, as 1,5 or 1,200.
func isDecimalComma(field string) bool {
	whole, fraction, found := strings.Cut(strings.TrimSpace(field), ",")
	_, err := strconv.ParseUint(strings.ReplaceAll(fraction, ",", ""), 10, 64)
	return found && err == nil && isNumber(strings.ReplaceAll(whole, ".", ""))
}

func anyDecimalComma(fields []string) bool {
	for _, field := range fields {
		if isDecimalComma(field) {
			return true
		}
	}
	return false
}
