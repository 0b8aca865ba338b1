package pace

import (
	"io"
	"sync/atomic"
	"testing"
	"time"
)

func TestOutput(t *testing.T) {
	o := &Output{To: io.Discard, Pacer: &Pacer{}, Bytes: new(atomic.Int64), Asked: new(atomic.Int64)}
	later := time.Now().Add(time.Hour)
	if d := o.Stuck(later); d != 0 {
		t.Errorf("stuck for %s before the first picture", d)
	}
	if n, err := o.Write([]byte("picture")); n != len("picture") || err != nil || o.Asked.Load() != 1 {
		t.Errorf("%d bytes, %v, %d questions", n, err, o.Asked.Load())
	}
	if d := o.Stuck(later); d != 0 {
		t.Errorf("stuck for %s after a write", d)
	}
}
