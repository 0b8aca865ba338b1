package e2e_test

import (
	"os"
	"path/filepath"
	"testing"
	"unicode/utf16"
)

// TestCauseOfWrongData: what is said of a file that is no CSV with a header is
// what is wrong with it and what to do, not where it was first noticed.
func TestCauseOfWrongData(t *testing.T) {
	wide := []byte{0xff, 0xfe}
	narrow := []byte{}
	for _, unit := range utf16.Encode([]rune("area,price\n1,2\n")) {
		wide = append(wide, byte(unit), byte(unit>>8))
		narrow = append(narrow, byte(unit>>8), byte(unit))
	}
	const (
		semicolons = `:1: the columns are separated by ";"`
		between    = `; write it with "," between columns`
		decimals   = `, and decimals are written with ","`
		points     = ` and "." in decimals`
		headerless = `, and there is no header`
		above      = `, below a line of names`
		leave      = `; name the columns to use with x= and y=: numbers here are `
		mend       = `: correct it, or take its line out`
		fill       = `; want a number: fill it in, or take its line out`
	)
	path := filepath.Join(t.TempDir(), "houses.csv")
	for name, file := range map[string]struct{ text, flags, says string }{
		"semicolons":                {"area;price\n1;2\n", "", semicolons + between},
		"semicolons, CRLF, mark":    {"\uFEFFarea;price\r\n1;2\r\n", "", semicolons + between},
		"quoted names":              {"\"area\";\"price\"\n1;2\n", "", semicolons + between},
		"quoted names, a comma":     {"\"area, m²\";\"price\"\n1;2\n", ",x=area,y=price", semicolons + between},
		"decimal commas":            {"area;price\n1,5;2\n", ",x=area,y=price", semicolons + decimals + between + points},
		"later decimal commas":      {"area;price\n1;2\n1;2,5\n", "", semicolons + decimals + between + points},
		"semicolons, no header":     {"1;2\n3;4\n", "", semicolons + headerless + between + above},
		"Europe's, no header":       {"1,5;2,5\n3,5;4,5\n", "", semicolons + decimals + headerless + between + points + above},
		"a header line alone":       {"area;price\n", "", semicolons + between},
		"blank lines":               {"\n\narea;price\n\n1;2\n", "", `:3: the columns are separated by ";"` + between},
		"a line for spreadsheets":   {"sep=;\narea;price\n1;2\n", "", semicolons + between},
		"tabs":                      {"area\tsquare feet\n1\t2\n", "", ":1: the columns are separated by tabs" + between},
		"tabs, decimal commas":      {"area\tprice\n1,5\t2,5\n", "", ":1: the columns are separated by tabs" + decimals + between + points},
		"bars":                      {"area|price\n1|2\n", "", `:1: the columns are separated by "|"` + between},
		"spaces":                    {"  area   price\n  1.5   2\n", "", ":1: the columns are separated by spaces" + between},
		"spaces, no header":         {" 0.00632  18.00 24.0\n 0.02731   0.00 21.6\n", "", ":1: the columns are separated by spaces" + headerless + between + above},
		"no header":                 {"6.3,2.5,4.9\n5.8,2.7,5.1\n", "", `:1: the first row, "6.3,2.5,4.9", looks like data without a header; put a line of names above it, such as x1,x2,y`},
		"no header, named":          {"1,2\n3,4\n", ",x=1,y=2", `:1: the first row, "1,2", looks like data without a header; put a line of names above it, such as x,y`},
		"no header, equal values":   {"0,0,0,7\n1,2,3,4\n", "", `:1: the first row, "0,0,0,7", looks like data without a header; put a line of names above it, such as x1,x2,…,y`},
		"no header, blank line":     {"\n1,2\r\n3,4\r\n", "", `:2: the first row, "1,2", looks like data without a header; put a line of names above it, such as x,y`},
		"no header, gaps":           {"1,NA,3\n1,?,4\n", "", `:1: the first row, "1,NA,3", looks like data without a header; put a line of names above it, such as x1,x2,y`},
		"no header, quoted commas":  {"\"1,5\",\"2,5\"\n", "", `:1: the first row, "1,5,2,5", looks like data without a header; put a line of names above it, such as x,y`},
		"no header, a word":         {"5.1,3.5,setosa\n4.9,3.0,setosa\n", "", `:1: the first row, "5.1,3.5,setosa", looks like data without a header; put a line of names above it, such as x1,x2,y`},
		"no header, words twice":    {"red,red,3,1\nred,blue,4,2\n", "", `:1: the first row, "red,red,3,1", looks like data without a header; put a line of names above it, such as x1,x2,…,y`},
		"no header, other names":    {"5.1,3.5,setosa\n4.9,3.0,setosa\n", ",x=length,y=width", `:1: the first row, "5.1,3.5,setosa", looks like data without a header; put a line of names above it, such as x1,x2,y`},
		"no header, many words":     {"39, State-gov, 77516, Bachelors, 13, White, Male\n50, Private, 83311, Bachelors, 13, White, Male\n", "", `:1: the first row, "39, State-gov, 77516, Bachelors, 13, Whi"…, looks like data without a header; put a line of names above it, such as x1,x2,…,y`},
		"numbers that count":        {"town,1,2,3\nOslo,4,5,6\n", "", `:2: column "town" is "Oslo"; want a number` + leave + `"1" "2" "3"`},
		"years are names":           {"town,1990,2000\nOslo,1,2\n", "", `:2: column "town" is "Oslo"; want a number` + leave + `"1990" "2000"`},
		"a title":                   {"Houses in 2020\n\narea,price\n1,2\n", "", `:1: the first line is "Houses in 2020" and the next has 2 fields; take out what stands above the header`},
		"a column of words":         {"area,town,price\n1,Oslo,2\n2,Rome,3\n", "", `:2: column "town" is "Oslo"; want a number` + leave + `"area" "price"`},
		"a last column of words":    {"area,price,town\n1,2,Oslo\n", "", `:2: column "town" is "Oslo"; want a number` + leave + `"area" "price"`},
		"words in a column":         {"area,price\n1,2\n1,about 3\n", "", `:3: column "price" is "about 3"; want a number` + mend},
		"semicolons in words":       {"area,tags;more,price\n1,x;y,2\n2,x;y,3\n", "", `:2: column "tags;more" is "x;y"; want a number` + leave + `"area" "price"`},
		"an empty cell":             {"area,price\n1,\n", "", `:2: column "price" is empty` + fill},
		"a missing value":           {"area,price\n1,NA\n", "", `:2: column "price" is "NA", so its value is missing` + fill},
		"a decimal comma in quotes": {"area,price\n1,\"2,5\"\n", "", `:2: column "price" is "2,5"; want a number with "." before decimals and no ","`},
		"thousands in quotes":       {"area,price\n1,\"1,200,000\"\n", "", `:2: column "price" is "1,200,000"; want a number with "." before decimals and no ","`},
		"decimal commas, no quotes": {"area,price\n1,5,2,5\n", "", `:2: 4 fields; the header has 2; want a name for every column, "." in decimals, and quotes around a field that has a comma`},
		"a comma too many":          {"area,price\n1,2,\n", "", ":2: 3 fields; the header has 2; take the comma at its end out"},
		"dates and words":           {"day,town\n2020-01-02,Oslo\n", "", `:2: column "day" is "2020-01-02"; want a number; two columns of numbers are needed, and here are fewer`},
		"a short row":               {"area,rooms,price\n1,2,3\n1,2\n", "", ":3: 2 fields; the header has 3; want a value for every column"},
		"two names alike":           {"area,area,price\n1,2,3\n", "", `:1: two columns are called "area"; give them different names`},
		"a column without a name":   {",area,price\n1,2,3\n", "", ":1: column 1 has no name; name those to use with x= and y="},
		"CR":                        {"area,price\r1,2\r", "", ":1: the lines end in CR; want LF or CRLF"},
		"Latin-1":                   {"gr\xf6\xdfe,price\n1,2\n", "", ":1: the header is not UTF-8 text; save the file as CSV in UTF-8"},
		"UTF-16":                    {string(wide), "", ": is in UTF-16; save it as CSV in UTF-8 first"},
		"UTF-16 without a mark":     {string(narrow), "", ": has zero bytes, as UTF-16 has; save it as CSV in UTF-8 first"},
		"gzip":                      {"\x1f\x8b\x08\x00\x00\n\x00", "", ": is compressed with gzip; unpack it with gunzip first"},
		"a spreadsheet":             {"PK\x03\x04\x14\x00", "", ": is a ZIP archive or a spreadsheet; unpack it, or save the sheet as CSV, first"},
		"a web page":                {"<!DOCTYPE html>\n<html>\n", "", ": is a web page; download the data themselves (on GitHub: Raw)"},
		"JSON":                      {"[{\"area\": 1, \"price\": 2}]\n", "", ": is JSON; write it as CSV first"},
	} {
		t.Run(name, func(t *testing.T) {
			if err := os.WriteFile(path, []byte(file.text), 0o644); err != nil {
				t.Fatal(err)
			}
			_, stderr, status := ravine("run", "--steps", "3", "--problem", "regression:file="+path+file.flags)
			if want := "ravine: regression: " + path + file.says + "\n"; status != statusFailed || stderr != want {
				t.Errorf("status %d\ngot  %swant %s", status, stderr, want)
			}
		})
	}
}
