package problem

import (
	"bytes"
	"io"
	"math"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"ravine/param"
)

// blockBytes is the usual blockSize.
const blockBytes = 4 << 20

// plainRows reads the rows of a plain table, of numbers and separators alone, in blocks.
type plainRows struct {
	file      io.ReaderAt
	size      int64
	blockSize int64 // of what a goroutine reads at a time
	separator byte
	width     int   // fields of a row
	place     []int // of each field among the chosen ones, or −1
	chosen    int
	progress  func(done, size int64)
}

// plain reads the rows in blocks, if they are of numbers and separators alone; else it
// returns nothing. The header is read.
func (t *table) plain(chosen []int) (features, targets []float64, err error) {
	d := t.dialect
	if t.raw == nil || len(d.packed) > 0 || d.decimal != '.' || d.separator == ' ' || t.file.classes || strings.Contains(t.beginning, `"`) {
		return nil, nil, nil
	}
	from := int64(0)
	if d.header {
		from = t.reader.InputOffset()
	}
	info, err := t.raw.Stat()
	if err != nil {
		return nil, nil, nil // the slower way finds out why
	}
	rows := plainRows{file: t.raw, size: info.Size(), blockSize: blockBytes, progress: t.file.progress, separator: byte(d.separator), width: len(t.header), chosen: len(chosen)}
	for field := range t.header {
		rows.place = append(rows.place, slices.Index(chosen, field))
	}
	if t.marked {
		from += int64(len(byteOrderMark))
	}
	features, targets, ok := rows.read(from)
	switch {
	case !ok || len(targets) == 0:
		return nil, nil, nil
	case len(targets) > maxExamples || len(features) > maxCells:
		return nil, nil, t.errorf(0, "too much data; want at most %d rows and %d numbers", maxExamples, maxCells)
	}
	return features, targets, nil
}

// read returns the chosen numbers of the rows from an offset on: the last of each as
// targets, and the others as features. It is not ok where the table turns out to be less
// plain; then encoding/csv says what is wrong, or reads it.
func (p *plainRows) read(from int64) (features, targets []float64, ok bool) {
	blocks := int((p.size - from + p.blockSize - 1) / p.blockSize)
	ends := make([]int, blocks+1) // rows before each block, and in all
	ok = p.each(blocks, func(buffer []byte, n int) bool {
		begin := max(from, from+int64(n)*p.blockSize-1)
		text, ok := p.text(buffer, begin, min(p.size-1, from+int64(n+1)*p.blockSize-1)-begin)
		ends[n+1] = bytes.Count(text, []byte{'\n'})
		return ok
	})
	if !ok || blocks == 0 {
		return nil, nil, false
	}
	ends[1]++ // the first row begins without a line before it
	for n := range blocks {
		ends[n+1] += ends[n]
	}
	rows := ends[blocks]
	features, targets = make([]float64, rows*(p.chosen-1)), make([]float64, rows)
	var done atomic.Int64
	ok = p.each(blocks, func(buffer []byte, n int) bool {
		at, ok := p.block(buffer, from, from+int64(n)*p.blockSize, features, targets, ends[n])
		if ok && n == blocks-1 { // blank lines may follow the last row
			rows = at
		}
		if p.progress != nil {
			p.progress(min(p.size, from+done.Add(p.blockSize)), p.size)
		}
		return ok && at == ends[n+1] || ok && n == blocks-1
	})
	return features[:rows*(p.chosen-1)], targets[:rows], ok
}

// each does something for every block, on all processors, until one is not ok.
func (p *plainRows) each(blocks int, do func(buffer []byte, n int) bool) (ok bool) {
	var next atomic.Int64
	var failed atomic.Bool
	var group sync.WaitGroup
	for range min(blocks, runtime.GOMAXPROCS(0)) {
		group.Go(func() {
			buffer := make([]byte, p.blockSize+mostOfRow)
			for n := int(next.Add(1)) - 1; n < blocks && !failed.Load(); n = int(next.Add(1)) - 1 {
				if !do(buffer, n) {
					failed.Store(true)
				}
			}
		})
	}
	group.Wait()
	return !failed.Load()
}

// text reads so many bytes of the file, or as many as there are and the buffer holds.
func (p *plainRows) text(buffer []byte, from, size int64) ([]byte, bool) {
	size = max(0, min(size, p.size-from, int64(len(buffer))))
	n, err := p.file.ReadAt(buffer[:size], from)
	return buffer[:n], err == nil || err == io.EOF
}

// block reads the rows that begin in the block at an offset into features and targets,
// from a row on, and returns the row after them. Blank lines are for the end alone.
func (p *plainRows) block(buffer []byte, from, begin int64, features, targets []float64, row int) (int, bool) {
	end := min(p.size, begin+p.blockSize)
	first := max(from, begin-1)
	text, ok := p.text(buffer, first, p.size-first)
	at := 0
	if begin > from { // a row that begins before is another block's
		if at = bytes.IndexByte(text, '\n') + 1; at == 0 {
			return row, ok && int64(len(text)) == p.size-first
		}
	}
	for blank := false; ok && first+int64(at) < end && at < len(text); {
		size := bytes.IndexByte(text[at:], '\n')
		if size < 0 {
			if size = len(text) - at; first+int64(len(text)) < p.size {
				return row, false // a very long row
			}
		}
		line := bytes.TrimSuffix(text[at:at+size], []byte{'\r'})
		at += size + 1
		if len(line) == 0 {
			blank = true
			continue
		}
		ok = !blank && p.row(line, features[row*(p.chosen-1):(row+1)*(p.chosen-1)], &targets[row])
		row++
	}
	return row, ok
}

// row reads a row's chosen numbers, the last into target.
func (p *plainRows) row(row []byte, features []float64, target *float64) bool {
	for field := range p.width {
		text := row
		if i := bytes.IndexByte(row, p.separator); i >= 0 != (field < p.width-1) {
			return false
		} else if i >= 0 {
			text, row = row[:i], row[i+1:]
		}
		place := p.place[field]
		if place < 0 {
			if bytes.IndexByte(text, '"') >= 0 {
				return false
			}
			continue
		}
		x, err := strconv.ParseFloat(string(bytes.Trim(text, " ")), 64)
		if err != nil || !param.Finite(x) || math.Abs(x) > maxMagnitude {
			return false
		}
		if place < p.chosen-1 {
			features[place] = x
		} else {
			*target = x
		}
	}
	return true
}
