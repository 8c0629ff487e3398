package memory

import (
	"testing"
	"time"
)

func TestPercent(t *testing.T) {
	for _, tt := range []struct {
		live uint64
		want int
	}{{0, 400}, {1 << 20, 400}, {80 << 20, 400}, {100 << 20, 300}, {200 << 20, 100}, {400 << 20, 100}, {1 << 40, 100}} {
		if got := percent(tt.live); got != tt.want {
			t.Errorf("beside %d MiB: %d %%, not %d", tt.live>>20, got, tt.want)
		}
	}
}

// What is not begun is given up before the process is.
func TestWatch(t *testing.T) {
	defer short.Store(false)
	for _, tt := range []struct {
		name      string
		uses      []uint64 // one after the other; the last ends the process
		want      uint64
		shortAtIt bool
	}{
		{"grows", []uint64{10, 79, 85, 95}, 95, true},
		{"leaps", []uint64{10, 2000}, 2000, true},
	} {
		short.Store(false)
		next := 0
		var at uint64
		done := make(chan bool)
		go func() {
			watch(100, func() uint64 {
				if n := tt.uses[next]; next > 0 && tt.uses[next-1] <= 80 && Short() {
					t.Errorf("%s: short at %d of 100", tt.name, n)
				}
				next++
				return tt.uses[next-1]
			}, func(used, _ uint64) { at = used })
			done <- true
		}()
		select {
		case <-done:
		case <-time.After(time.Minute):
			t.Fatal("nothing is seen")
		}
		if at != tt.want || Short() != tt.shortAtIt {
			t.Errorf("%s: ended at %d, short %v", tt.name, at, Short())
		}
	}
}

func TestAvailable(t *testing.T) {
	if n := available(); n != 0 && n < 16<<20 {
		t.Errorf("the machine has %d bytes", n)
	}
}

// What has no room beside what is claimed is not begun.
func TestClaim(t *testing.T) {
	defer most.Store(0)
	most.Store(used() + 1<<30)
	release, ok := Claim(400 << 20)
	if !ok {
		t.Fatal("there is no room for 400 MiB of 1 GiB")
	}
	if Fits(500 << 20) {
		t.Error("500 MiB fit beside 400 of 1 GiB")
	}
	release()
	release() // once counts
	if !Fits(500 << 20) {
		t.Error("500 MiB do not fit into 1 GiB")
	}
	if Fits(1 << 30) {
		t.Error("all there is fits")
	}
}
