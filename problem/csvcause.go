package problem

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"ravine/param"
)

// formats are file formats other than CSV in UTF-8, by their first bytes.
var formats = []struct{ begin, is, way string }{
	{"\xfd7zXZ", "is compressed with xz", "unpack it with unxz first"},
	{"PK\x03\x04", "is a ZIP archive or a spreadsheet", "unpack it, or save the sheet as CSV, first"},
	{"\xd0\xcf\x11\xe0", "is a spreadsheet", "save the sheet as CSV first"},
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
		return "has zero bytes, which no text has; save it as CSV in UTF-8 first", true
	}
	return "", false
}

// titled recognizes lines above the header, by one column where the next row has more.
func titled(beginning string, separator rune) (line int, what string, found bool) {
	rows := sampleOf(beginning, separator)
	if len(rows) < 2 || len(rows[0]) != 1 || len(rows[1]) < 2 {
		return 0, "", false
	}
	before, _, _ := strings.Cut(beginning, strings.TrimSpace(rows[0][0]))
	return strings.Count(before, "\n") + 1, fmt.Sprintf("the first line is %s and the next has %s; take out what stands above the header",
		quote(strings.TrimSpace(rows[0][0])), param.Plural(len(rows[1]), "field")), true
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
	return err == nil || errors.Is(err, strconv.ErrRange)
}

// isDecimalComma reports whether a field is a number with commas, as 1,5 or 1,200.
func isDecimalComma(field string) bool {
	whole, fraction, found := strings.Cut(strings.TrimSpace(field), ",")
	_, err := strconv.ParseUint(strings.ReplaceAll(fraction, ",", ""), 10, 64)
	return found && err == nil && isNumber(strings.ReplaceAll(whole, ".", ""))
}
