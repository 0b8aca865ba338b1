package problem_test

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"golang.org/x/text/encoding/unicode"

	"ravine/param"
	"ravine/problem"
)

// TestDialects reads tables of every kind, in which y = 2·x + 0.5, or what stands in
// the case, and the note tells how.
func TestDialects(t *testing.T) {
	const words = "left out, as they are not numbers: "
	tests := []struct{ name, text, keys, note string }{
		{"plain", "x,y\n1,2.5\n2,4.5\n", "", ""},
		{"quoted names and values", "\"x\",\"y\"\n\"1\",\"2.5\"\n2,4.5\n", "", ""},
		{"semicolons", "x;y\n1;2.5\n2;4.5\n", "", `columns separated by ";"; y is "y"`},
		{"semicolons, CRLF, mark", "\uFEFFx;y\r\n1;2.5\r\n2;4.5\r\n", "", `columns separated by ";"; y is "y"`},
		{"commas in quoted names", "\"x, m²\";\"y, kg\"\n1;2.5\n2;4.5\n", "", `columns separated by ";"; y is "y, kg"`},
		{"decimal commas", "x;y\n1;2,5\n2,0;4,5\n", "", `columns separated by ";"; decimal commas; y is "y"`},
		{"later decimal commas", "x;y\n-0,25;0\n1;2,5\n", "x=x", `columns separated by ";"; decimal commas; y is "y"`},
		{"decimal commas and thousands", "x;y\n1.000;2.000,5\n0;0,5\n", "", `columns separated by ";"; decimal commas; y is "y"`},
		{"decimal commas in quotes", "x,y\n1,\"2,5\"\n2,\"4,5\"\n", "", `decimal commas; y is "y"`},
		{"thousands", "x,y\n\"1,000\",\"2,000.5\"\n0,0.5\n", "decimal=point", ""},
		{"three decimals after a comma", "x;y\n0,125;0,750\n1;2,500\n", "", `columns separated by ";"; decimal commas; y is "y"`},
		{"three decimals, said", "x;y\n1,250;3\n1;2,500\n", "decimal=comma", `columns separated by ";"; decimal commas; y is "y"`},
		{"tabs", "x\ty\n1\t2.5\n2\t4.5\n", "", `columns separated by tabs; y is "y"`},
		{"tabs, blanks in names", "the x\tthe y\n1\t2.5\n2\t4.5\n", "", `columns separated by tabs; y is "the y"`},
		{"bars", "x|y\n1|2.5\n2|4.5\n", "", `columns separated by "|"; y is "y"`},
		{"runs of blanks", "  x    y  \n 1   2.5\n2\t 4.5  \n", "", `columns separated by blanks; y is "y"`},
		{"runs of blanks, no header", " 1  2.5\n 2  4.5\n", "", `columns separated by blanks; no header, so columns c1 to c2; y is "c2"`},
		{"a line for spreadsheets", "sep=;\r\nx;y\r\n1;2.5\r\n2;4.5\r\n", "", `columns separated by ";"; y is "y"`},
		{"no header", "1,2.5\n2,4.5\n", "", `no header, so columns c1 to c2; y is "c2"`},
		{"no header, decimal commas", "1,5;3,5\n2,5;5,5\n", "", `columns separated by ";"; decimal commas; no header, so columns c1 to c2; y is "c2"`},
		{"names that are numbers", "1990,2000\n1,2.5\n2,4.5\n", "header=yes", ""},
		{"names that look like data", "1.5,2.5\n1,2.5\n2,4.5\n", "header=yes", ""},
		{"no header, as is said", "x,y\n1,2.5\n", "header=no,missing=drop", "error"},
		{"columns of words", "town,x,day,y\nOslo,1,2020-01-02,2.5\nRome,2,2020-01-03,4.5\n", "", words + `"town" "day"; y is "y"`},
		{"a last column of words", "x,y,town\n1,2.5,Oslo\n2,4.5,Rome\n", "", words + `"town"; y is "y"`},
		{"no header, words", "1,2.5,setosa\n2,4.5,setosa\n", "", `no header, so columns c1 to c3; ` + words + `"c3"; y is "c2"`},
		{"a comma at every end", "x,y,\n1,2.5,\n2,4.5,\n", "", words + `""; y is "y"`},
		{"missing values", "x,y\n1,2.5\n?,9\n2,4.5\n3,NA\n4,\n5,null\nNaN,1\n", "missing=drop", "5 rows left out for want of a value"},
		{"missing values in columns of words", "x,a,y\n1,,2.5\n2,b,4.5\n", "", words + `"a"; y is "y"`},
		{"by number", "a,x,x,y\n7,1,9,2.5\n8,2,9,4.5\n", "x=#2,y=#4", ""},
		{"blanks and line breaks in names", "\" the\nx \",y\n1,2.5\n2,4.5\n", "x= the x,y=y ", ""},
		{"sep is said", "x;a,y\n1;1,2.5\n2;1,4.5\n", "sep=;", "error"},
		{"sep by name", "x\ty\n1\t2.5\n2\t4.5\n", "sep=tab", `columns separated by tabs; y is "y"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			path := writeCSV(t, test.text)
			checkLine(t, path, test.keys, test.note)
		})
	}
	const plain = "x,y\n1,2.5\n2,4.5\n"
	for name, packed := range map[string]string{"gzip": zipped(t, plain), "zstd": zstandard(t, plain), "gzip and gzip": zipped(t, zipped(t, plain)), "gzip and UTF-16": zipped(t, wide(t, plain))} {
		t.Run(name, func(t *testing.T) { checkLine(t, writeCSV(t, packed), "", name+`; y is "y"`) })
	}
	for name, text := range map[string]string{"UTF-16": wide(t, plain), "UTF-16 without a mark": wide(t, plain)[2:]} {
		t.Run(name, func(t *testing.T) { checkLine(t, writeCSV(t, text), "", `UTF-16; y is "y"`) })
	}
}

// checkLine compares the best line with 2x + 0.5, the start with 0, and the note.
func checkLine(t *testing.T, path, keys, note string) {
	t.Helper()
	spec, err := param.Parse("regression:" + strings.Trim(`"file=`+path+`",`+keys, ","))
	if err != nil {
		t.Fatal(err)
	}
	p, err := problem.Build(spec, 1)
	if err != nil || note == "error" {
		if (err != nil) != (note == "error") {
			t.Errorf("error %v", err)
		}
		return
	}
	best, start := p.Optima()[0].Theta, p.Start()
	if len(best) != 2 || !isNear(best[0], 2, 1e-9) || !isNear(best[1], 0.5, 1e-7) || start[0] != 0 || start[1] != 0 {
		t.Errorf("the best line is %v, from %v", best, start)
	}
	if want := filepath.Base(path) + ": " + note; problem.Note(p) != want && !(note == "" && problem.Note(p) == "") {
		t.Errorf("note %q, want %q", problem.Note(p), want)
	}
}

func zipped(t *testing.T, text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func zstandard(t *testing.T, text string) string {
	w, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return string(w.EncodeAll([]byte(text), nil))
}

func wide(t *testing.T, text string) string {
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	return wide
}

// FuzzDialect: whatever a file holds, reading it ends, in data or in one clear line.
func FuzzDialect(f *testing.F) {
	for _, seed := range []string{"x;y\n1,5;2\n", "1\t2\n", "\x1f\x8b\x08", "a b\n1 2\n", "sep=;\na;b\n1;NA\n", "\"a\nb\"|c\n1|2\n"} {
		f.Add([]byte(seed), "missing=drop")
	}
	path := filepath.Join(f.TempDir(), "data")
	f.Fuzz(func(t *testing.T, data []byte, keys string) {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		spec, err := param.Parse("regression:file=" + path + "," + keys)
		if err != nil || spec.Value("file", "") != path {
			return
		}
		if _, err = problem.Build(spec, 1); err != nil && (strings.ContainsAny(err.Error(), "\n\x1b") || err.Error() == "") {
			t.Errorf("%q", err)
		}
	})
}
