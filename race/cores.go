package race

import (
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

// onCores calls work from that many goroutines at once, with the number of each, and
// returns when all have. A panic of one goes on in the caller, who may recover.
func onCores(count int, work func(i int)) {
	if count == 1 {
		work(0)
		return
	}
	var group sync.WaitGroup
	var panicked atomic.Value
	for i := range count {
		group.Go(func() {
			defer func() {
				if value := recover(); value != nil {
					panicked.CompareAndSwap(nil, fmt.Sprintf("%v\n%s", value, debug.Stack()))
				}
			}()
			work(i)
		})
	}
	group.Wait()
	if value := panicked.Load(); value != nil {
		panic(value)
	}
}
