package e2e_test

import (
	"os"
	"path/filepath"
	"testing"
)

// TestCauseOfWrongData: what is said of a file that is no CSV with a header is
// what is wrong with it and what to do, not where it was first noticed.
func TestCauseOfWrongData(t *testing.T) {
	const (
		leave  = `; name the columns to use with x= and y=: numbers here are `
		mend   = `: correct it, or take its line out`
		fill   = `; fill it in, or leave its row out with missing=drop`
		fewer  = `:1: two columns of numbers are needed, and here are fewer; there are `
		commas = `; want a number with "." before decimals and no ","; or say decimal=comma, or decimal=point where "," separates thousands`
		yes    = `; the first row looks like data: if it has names, say header=yes`
	)
	path := filepath.Join(t.TempDir(), "houses.csv")
	for name, file := range map[string]struct{ text, flags, says string }{
		"semicolons, a wrong name":  {"\"area, m²\";\"price\"\n1;2\n", ",x=area,y=price", `:1: unknown column "area" (did you mean "area, m²"?); there are "area, m²" "price"`},
		"a header line alone":       {"area;price\n", "", `:1: the header has no rows below it; want at least one row of numbers`},
		"no header, gaps":           {"1,NA,3\n1,?,4\n", "", `:1: column "c2" is "NA", the first of 2 rows that lack a value; fill them in, or leave these rows out with missing=drop`},
		"no header, named":          {"1,2\n3,4\n", ",x=1,y=2", `:1: unknown column "2"; there are "c1" "c2"` + yes},
		"no header, other names":    {"5.1,3.5,setosa\n4.9,3.0,setosa\n", ",x=length,y=width", `:1: unknown column "width"; there are "c1" "c2" "c3"` + yes},
		"no such number":            {"area,price\n1,2\n", ",x=#3", `:1: no column "#3"; there are #1 to #2`},
		"a title":                   {"Houses in 2020\n\narea,price\n1,2\n", "", `:1: the first line is "Houses in 2020" and the next has 2 fields; take out what stands above the header`},
		"a column of words, named":  {"area,town,price\n1,Oslo,2\n2,Rome,3\n", ",x=town", `:2: column "town" is "Oslo"; want a number` + leave + `"area" "price"`},
		"words in a column":         {"area,price\n1,2\n1,about 3\n", "", `:3: column "price" is "about 3"; want a number` + mend},
		"an empty cell":             {"area,price\n1,2\n3,\n", "", `:3: column "price" is empty` + fill},
		"a missing value":           {"area,price\n1,NA\n", "", `:2: column "price" is "NA"` + fill},
		"all values are missing":    {"area,price\n1,NA\n", ",missing=drop", `: every row lacks a value`},
		"thousands or decimals":     {"area;price\n1;1,200\n", "", `:2: column "price" is "1,200"` + commas},
		"thousands in quotes":       {"area,price\n1,\"1,200,000\"\n", "", `:2: column "price" is "1,200,000"` + commas},
		"points among commas":       {"a;b\n1,5;2\n3.25;2\n", ",decimal=comma", `:3: column "a" is "3.25"; want a "," before decimals, as elsewhere; or say decimal=point`},
		"decimal commas, no quotes": {"area,price\n1,5,2,5\n", "", `:2: 4 fields; the header has 2; want a name for every column, "." in decimals, and quotes around a field that has a comma`},
		"a comma too many":          {"area,price\n1,2,\n", "", ":2: 3 fields; the header has 2; take the comma at its end out"},
		"dates and words":           {"day,town\n2020-01-02,Oslo\n", "", fewer + `"day" "town"`},
		"a short row":               {"area,rooms,price\n1,2,3\n1,2\n", "", ":3: 2 fields; the header has 3; want a value for every column"},
		"a short row, no header":    {"1;2;3\n4;5;6\n1;2\n", "", ":3: 2 fields; the first row has 3; want a value for every column"},
		"two names alike":           {"area,area,price\n1,2,3\n", "", `:1: two columns are called "area"; name them by number, such as x=#1`},
		"CR":                        {"area,price\r1,2\r", "", ":1: the lines end in CR; want LF or CRLF"},
		"Latin-1":                   {"gr\xf6\xdfe,price\n1,2\n", "", ":1: the header is not UTF-8 text; save the file as CSV in UTF-8"},
		"half a gzip":               {"\x1f\x8b\x08\x00\x00\n\x00", "", ": is packed with gzip, and cannot be unpacked: unexpected EOF"},
		"half a zstd":               {"\x28\xb5\x2f\xfd\x04", "", ": cannot be read: unexpected EOF"},
		"a spreadsheet":             {"PK\x03\x04\x14\x00", "", ": is a ZIP archive or a spreadsheet; unpack it, or save the sheet as CSV, first"},
		"a web page":                {"<!DOCTYPE html>\n<html>\n", "", ": is a web page; download the data themselves (on GitHub: Raw)"},
		"JSON":                      {"[{\"area\": 1, \"price\": 2}]\n", "", ": is JSON; write it as CSV first"},
	} {
		t.Run(name, func(t *testing.T) {
			if err := os.WriteFile(path, []byte(file.text), 0o644); err != nil {
				t.Fatal(err)
			}
			_, stderr, status := ravine("run", "--steps", "3", "--problem", "regression:file="+path+file.flags)
			if want := "ravine: regression: " + path + file.says + "\n"; status == statusDone || stderr != want {
				t.Errorf("status %d\ngot  %swant %s", status, stderr, want)
			}
		})
	}
}

// TestNoteOfData: how a file was read is said on the standard error, where that is
// not as everyone would expect, and the numbers are those of a plain CSV.
func TestNoteOfData(t *testing.T) {
	directory := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(directory, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	plain := write("plain.csv", "x,y\n1.5,2\n2.5,4\n")
	other := write("other.csv", "1,5;2;a\n2,5;4;b\n")
	note := "note: other.csv" + `: columns separated by ";"; decimal commas; no header, so columns c1 to c3; left out, as they are not numbers: "c3"; y is "c2"` + "\n"
	for _, command := range [][]string{{"run", "--steps", "5", "--opt", "gd", "--problem"}, {"sweep", "--steps", "5", "--opt", "gd", "--over", "eta=1e-3..1:4", "--problem"}} {
		want := succeed(t, append(command, "regression:file="+plain)...)
		stdout, stderr, status := ravine(append(command, "regression:file="+other)...)
		if status != statusDone || stdout != want || stderr != note {
			t.Errorf("%s: status %d\ngot  %swant %s%s", command[0], status, stderr, note, stdout)
		}
	}
}
