package cli

import (
	"strings"
	"testing"
	"time"
)

// The bar appears once a file has been read for half a second, and goes.
func TestReadingBar(t *testing.T) {
	var out strings.Builder
	reading := newReadingBar(&out)
	reading.show(1, 4)
	reading.end()
	if out.Len() > 0 {
		t.Errorf("a file that is read at once is shown as %q", out.String())
	}
	reading.began = time.Now().Add(-10 * time.Second)
	reading.show(1, 0) // of a file without a size
	reading.show(1, 4)
	reading.show(1, 4) // too soon
	if got := out.String(); strings.Count(got, "reading") != 1 || !strings.Contains(got, "25%") || !strings.HasSuffix(got, " 30s left") {
		t.Errorf("a quarter of a file, after ten seconds, is %q", got)
	}
	reading.end()
	if !strings.HasSuffix(out.String(), "\r\x1b[K") {
		t.Error("the bar stays")
	}
}
