package problem

import (
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// A plain table read in blocks of whatever size has the numbers that encoding/csv reads;
// what is not plain is left to that.
func TestPlainRows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.IntRange(2, 5).Draw(t, "width")
		field := rapid.SampledFrom([]string{"1", "-2.5", "3e-7", " 4 ", "123456.789", "0", "-0"})
		var text strings.Builder
		for range rapid.IntRange(1, 40).Draw(t, "rows") {
			if rapid.IntRange(0, 9).Draw(t, "blank") == 0 {
				text.WriteString("\n")
			}
			for j := range width {
				if j > 0 {
					text.WriteString(";")
				}
				text.WriteString(field.Draw(t, "field"))
			}
			text.WriteString(rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(t, "end"))
		}
		whole := text.String()
		if rapid.Bool().Draw(t, "unended") {
			whole = strings.TrimRight(whole, "\r\n")
		}
		if rapid.IntRange(0, 3).Draw(t, "broken") == 0 { // somewhere
			at := rapid.IntRange(0, len(whole)).Draw(t, "at")
			whole = whole[:at] + rapid.SampledFrom([]string{`"`, ";", "x", "\n", "NaN", "1e999", "\r"}).Draw(t, "fault") + whole[at:]
		}
		skipped := width > 2 && rapid.Bool().Draw(t, "skips")
		chosen := []int{width - 1, 0}
		if !skipped {
			chosen = nil
			for j := range width {
				chosen = append(chosen, j)
			}
		}
		rows := plainRows{file: strings.NewReader(whole), size: int64(len(whole)), blockSize: rapid.Int64Range(1, 60).Draw(t, "block"),
			separator: ';', width: width, chosen: len(chosen)}
		for j := range width {
			rows.place = append(rows.place, slices.Index(chosen, j))
		}
		features, targets, ok := rows.read(0)
		reader := csv.NewReader(strings.NewReader(whole))
		reader.Comma, reader.TrimLeadingSpace = ';', true
		records, err := reader.ReadAll()
		if err != nil {
			if ok {
				t.Fatalf("%q is read, but %v", whole, err)
			}
			return
		}
		var want, got []float64
		for _, record := range records {
			if len(record) != width {
				if ok {
					t.Fatalf("%q is read, but has %d fields", whole, len(record))
				}
				return
			}
			for _, j := range chosen {
				x, err := strconv.ParseFloat(strings.TrimSpace(record[j]), 64)
				if err != nil || x != x {
					if ok {
						t.Fatalf("%q is read, but for %v", whole, err)
					}
					return
				}
				want = append(want, x)
			}
		}
		if !ok {
			blank := strings.Contains("\n"+strings.ReplaceAll(whole, "\r\n", "\n"), "\n\n")
			if !blank && !strings.Contains(whole, `"`) && !strings.Contains(strings.ReplaceAll(whole, "\r\n", ""), "\r") && len(records[0]) == width {
				t.Fatalf("%q is plain and was not read", whole)
			}
			return
		}
		for i, target := range targets {
			got = append(append(got, features[i*(len(chosen)-1):(i+1)*(len(chosen)-1)]...), target)
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("%q in blocks of %d: %v, want %v", whole, rows.blockSize, got, want)
		}
	})
}
