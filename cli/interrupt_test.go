package cli

import (
	"errors"
	"os"
	"syscall"
	"testing"
	"time"
)

// TestInterruptAtTheBeginning: what an interrupt finds half begun is undone.
func TestInterruptAtTheBeginning(t *testing.T) {
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	begun, over := false, make(chan bool)
	err = interruptible(func(begin func(func() func())) error {
		begin(func() func() {
			if err := self.Signal(syscall.SIGTERM); err != nil {
				t.Error(err)
			}
			time.Sleep(100 * time.Millisecond) // for the signal to be seen
			begun = true
			close(over)
			return func() { begun = false }
		})
		select {} // the work
	})
	<-over
	if !errors.Is(err, errInterrupted) || begun {
		t.Errorf("ended with %v; what was begun is still there: %v", err, begun)
	}
}
