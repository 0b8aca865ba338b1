package problem_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ravine/param"
	"ravine/problem"
)

// columns returns the pairs that name the columns; empty for none.
func columns(x, y string) (pairs []param.Pair) {
	if x != "" {
		pairs = append(pairs, param.Pair{Key: "x", Value: x})
	}
	if y != "" {
		pairs = append(pairs, param.Pair{Key: "y", Value: y})
	}
	return pairs
}

// TestCSV reads files that are right; y is 2·area + 1 (+ rooms), so the
// optimum tells which columns were read.
func TestCSV(t *testing.T) {
	const plain = "area,rooms,price\n1,2,5\n2,5,10\n4,1,10\n7,7,22\n"
	tests := []struct {
		name, text, x, y string
		names            []string
		optimum          []float64
	}{
		{"all but the last", plain, "", "", []string{"area", "rooms", "intercept"}, []float64{2, 1, 1}},
		{"columns in their own order", plain, "rooms+area", "price", []string{"rooms", "area", "intercept"}, []float64{1, 2, 1}},
		{"all but y", plain, "", "rooms", []string{"area", "price", "intercept"}, []float64{-2, 1, -1}},
		{"one feature", "area,price\n1,3\n2,5\n", "", "", []string{"a", "b"}, []float64{2, 1}},
		{"unused columns may hold anything", "id,area,price\nfirst,1,3\n\"a,b\"\"\",2,5\n", "area", "", []string{"a", "b"}, []float64{2, 1}},
		{"a whole name with +", "a+b,a,b,y\n1,0,9,3\n2,0,9,5\n", "a+b", "", []string{"a", "b"}, []float64{2, 1}},
		{"byte order mark, CRLF", "\uFEFFarea,price\r\n1,3\r\n2,5\r\n", "area", "", []string{"a", "b"}, []float64{2, 1}},
		{"blanks", "\n  \n area , price \n\n 1 ,\t3\n   \n\" 2 \", 5 \n\n", "area", "price", []string{"a", "b"}, []float64{2, 1}},
		{"quotes", "\"area\",\"price\"\n\"1\",3\n 2, \"5\"\n", "", "", []string{"a", "b"}, []float64{2, 1}},
		{"Go floats", "area,price\n1e0,+3\n0x1p1,5.\n", "", "", []string{"a", "b"}, []float64{2, 1}},
		{"more than a row may have", "area,price\n1,3\n" + strings.Repeat("2,5\n", 1<<19), "", "", []string{"a", "b"}, []float64{2, 1}},
		{"other separators in names", "a;b\t|c,y\n1,3\n2,5\n", "", "", []string{"a", "b"}, []float64{2, 1}},
		{"years as names", "1990,town,2000\n1,Oslo,3\n2,Rome,5\n", "1990", "", []string{"a", "b"}, []float64{2, 1}},
		{"control characters", "a\x1b[2J,b,y\n1,2,5\n2,5,10\n4,1,10\n", "", "", []string{`a\x1b[2J`, "b", "intercept"}, []float64{2, 1, 1}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p, err := problem.Build(fileSpec(writeCSV(t, test.text), columns(test.x, test.y)...), 1)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(p.Names(), test.names) {
				t.Errorf("names %q, want %q", p.Names(), test.names)
			}
			for j, want := range test.optimum {
				if !isNear(p.Optima()[0].Theta[j], want, 1e-10) {
					t.Errorf("optimum %v, want %v", p.Optima()[0].Theta, test.optimum)
				}
			}
		})
	}
}

// TestCSVErrors holds the messages for files that are wrong. Their directory is
// left out.
func TestCSVErrors(t *testing.T) {
	const header = "area,rooms,price\n"
	wide := strings.Repeat("c,", 99) + "y\n"
	const ends = "want rows of numbers, each on a line that ends in LF or CRLF"
	tests := []struct {
		text, x, y string
		data       bool // whether the file is at fault
		want       string
	}{
		{"", "", "", true, "houses.csv: is empty; want a header line and rows of numbers"},
		{"\n\n", "", "", true, "houses.csv: is empty; want a header line and rows of numbers"},
		{header, "", "", true, "houses.csv:1: the header has no rows below it; want at least one row of numbers"},
		{"price\n1\n", "", "", true, `houses.csv:1: one column, "price"; want two or more, separated by commas`},
		{header + "1,2\n", "", "", true, "houses.csv:2: 2 fields; the header has 3; want a value for every column"},
		{header + "1,2,3\n\n1\n", "", "", true, "houses.csv:4: 1 field; the header has 3; want a value for every column"},
		{header + "1,2,3,4\n", "", "", true, `houses.csv:2: 4 fields; the header has 3; want a name for every column, "." in decimals, and quotes around a field that has a comma`},
		{header + "1,2,3\n1,,3\n", "", "", true, `houses.csv:3: column "rooms" is empty; fill it in, or leave its row out with missing=drop`},
		{header + "1,2,3\n1,2, \n", "", "", true, `houses.csv:3: column "price" is empty; fill it in, or leave its row out with missing=drop`},
		{header + "1,two,3\n", "rooms", "", true, `houses.csv:2: column "rooms" is "two"; want a number; name the columns to use with x= and y=: numbers here are "area" "price"`},
		{header + "1,2\x1b[2J,3\n", "rooms", "", true, `houses.csv:2: column "rooms" is "2\x1b[2J"; want a number; name the columns to use with x= and y=: numbers here are "area" "price"`},
		{header + "1," + strings.Repeat("ä", 50) + ",3\n", "rooms", "", true,
			`houses.csv:2: column "rooms" is "` + strings.Repeat("ä", 40) + `"…; want a number; name the columns to use with x= and y=: numbers here are "area" "price"`},
		{header + "1,NaN,3\n", "", "", true, `houses.csv:2: column "rooms" is "NaN"; fill it in, or leave its row out with missing=drop`},
		{header + "1,2,-inf\n", "", "", true, `houses.csv:2: column "price" is "-inf"; want a finite number: correct it, or take its line out`},
		{header + "1,2,1e101\n", "", "", true, `houses.csv:2: column "price" is "1e101"; want at most 1e+100 in magnitude: correct it, or take its line out`},
		{header + "1,-1e999,3\n", "", "", true, `houses.csv:2: column "rooms" is "-1e999"; want at most 1e+100 in magnitude: correct it, or take its line out`},
		{header + "1,2,3\n1,2\"x,3\n", "", "", true, `houses.csv:3: a " inside a field; quote the whole field and write "" for it`},
		{header + "1,2,3\n1,\"2,3\n4,5,6\n", "", "", true, `houses.csv:3: a quoted field does not end with " before a comma or the end of its line`},
		{header + "1,\"2\"x,3\n", "", "", true, `houses.csv:2: a quoted field does not end with " before a comma or the end of its line`},
		{header + "\"1\n\n\",2,3\n1,x,3\n", "rooms", "", true, `houses.csv:5: column "rooms" is "x"; want a number: correct it, or take its line out`},
		{header + "1,2,3\n", "aera", "", false, `houses.csv:1: unknown column "aera" (did you mean "area"?); there are "area" "rooms" "price"`},
		{header + "1,2,3\n", "", "cost", false, `houses.csv:1: unknown column "cost"; there are "area" "rooms" "price"`},
		{header + "1,2,3\n", "area+", "", false, `an empty name in x=area+`},
		{"a\x07b,c\n1,2\n", "x", "", false, `houses.csv:1: unknown column "x"; there are "a\ab" "c"`},
		{wide, "d", "", false, `houses.csv:1: unknown column "d"; there are ` + strings.Repeat(`"c" `, 20) + `and 80 more`},
		{header + "1,2,3\n", "area+area", "", false, `x names column "area" twice`},
		{header + "1,2,3\n", "area+price", "", false, `houses.csv:1: column "price" is both x and y`},
		{header + "1,2,3\n", "rooms", "rooms", false, `houses.csv:1: column "rooms" is both x and y`},
		{"\n\n" + header, "aera", "", false, `houses.csv:3: unknown column "aera" (did you mean "area"?); there are "area" "rooms" "price"`},
		{"a,b\r1,2\r3,4\r", "", "", true, "houses.csv:1: the lines end in CR; want LF or CRLF"},
		{header + "1,2,3\n" + strings.Repeat("\x00", 2<<20), "", "", true, "houses.csv:3: a row of more than 1048576 bytes; " + ends},
		{header + "\"" + strings.Repeat("1\n", 1<<20), "", "", true, "houses.csv:2: a row of more than 1048576 bytes; " + ends},
		{wide, "", "", false, "houses.csv:1: 99 columns to predict from; name at most 64 with x="},
		{"a,a,y\n1,2,3\n", "a", "", true, `houses.csv:1: two columns are called "a"; name them by number, such as x=#1`},
		{"a,a,y\n1,2,3\n", "", "", true, `houses.csv:1: two columns are called "a"; name them by number, such as x=#1`},
		{"a,b,a\n1,2,3\n", "b", "", true, `houses.csv:1: two columns are called "a"; name them by number, such as x=#3`},
		{",a,y\n1,2,3\n", "a+", "", false, `an empty name in x=a+`},
		{",a,y\n1,2,3\n", "", "", true, "houses.csv:1: column 1 has no name; name those to use with x= and y=, such as x=#1"},
	}
	for _, test := range tests {
		path := writeCSV(t, test.text)
		_, err := problem.Build(fileSpec(path, columns(test.x, test.y)...), 1)
		checkError(t, err, "regression: "+test.want, filepath.Dir(path), test.data)
	}
}

// checkError compares an error's text, with the directory left out, and whether
// it is the data's fault.
func checkError(t *testing.T, err error, want, directory string, data bool) {
	t.Helper()
	if err == nil {
		t.Errorf("no error, want %s", want)
		return
	}
	if got := strings.ReplaceAll(err.Error(), directory+string(filepath.Separator), ""); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if errors.Is(err, problem.ErrData) != data {
		t.Errorf("is ErrData: %v, want %v: %v", !data, data, err)
	}
}

func TestFileErrors(t *testing.T) {
	directory := t.TempDir()
	missing := filepath.Join(directory, "missing.csv")
	_, err := problem.Build(fileSpec(missing), 1)
	checkError(t, err, "regression: missing.csv: no such file or directory", directory, true)
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v hides its cause", err)
	}
	_, err = problem.Build(fileSpec(directory), 1)
	checkError(t, err, "regression: "+filepath.Base(directory)+": is a directory; want a CSV file", filepath.Dir(directory), true)
	_, err = problem.Build(fileSpec(os.DevNull), 1)
	checkError(t, err, "regression: "+os.DevNull+": is not a regular file; want a CSV file", directory, true)
	_, err = problem.Build(fileSpec(filepath.Join(directory, "a\x1bb")), 1)
	if err == nil || strings.Contains(err.Error(), "\x1b") {
		t.Errorf("a file's name gets raw into %q", err)
	}
	constant := writeCSV(t, "area,rooms,price\n"+strings.Repeat("1,0.1,1\n2,0.1,1\n", 5))
	_, err = problem.Build(fileSpec(constant, param.Pair{Key: "standardize", Value: "true"}), 1)
	checkError(t, err, `regression: houses.csv: "rooms" has the same value in every row, so it cannot be standardized`, filepath.Dir(constant), true)
	close := writeCSV(t, "x,y\n1e-200,1\n2e-200,2\n")
	_, err = problem.Build(fileSpec(close, param.Pair{Key: "standardize", Value: "true"}), 1)
	checkError(t, err, `regression: houses.csv: "x" varies by too little to be standardized`, filepath.Dir(close), true)
	apart := writeCSV(t, "x,y\n0,0\n1e-208,1e100\n")
	_, err = problem.Build(fileSpec(apart), 1)
	checkError(t, err, "regression: houses.csv: the numbers are too far apart in magnitude to be fitted", filepath.Dir(apart), true)
}
