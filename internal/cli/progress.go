package cli

import (
	"fmt"
	"io"
	"time"
)

// A run is told of when it is longer than this, then as often as that.
const (
	longRun     = time.Second
	progressing = 200 * time.Millisecond
)

// analysing says what a run does, for progress.
func analysing(inputs int) func() string {
	return func() string { return fmt.Sprintf("analysing %d inputs", inputs) }
}

// progress writes one line for people while a long run goes on, and takes it
// away when the function that it returns is called. w is a terminal.
func progress(w io.Writer, does func() string, after, every time.Duration) (done func()) {
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		began := time.Now()
		wait := time.NewTimer(after)
		defer wait.Stop()
		told := false
		for {
			select {
			case <-stop:
				if told {
					fmt.Fprint(w, "\r\x1b[K")
				}
				return
			case <-wait.C:
				fmt.Fprintf(w, "\r\x1b[K%s, %d s", does(), int(time.Since(began).Seconds()))
				told = true
				wait.Reset(every)
			}
		}
	}()
	return func() {
		close(stop)
		<-stopped
	}
}
