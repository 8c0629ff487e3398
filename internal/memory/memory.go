// Package memory keeps the process within the memory of its machine. It lets the
// collector of garbage run as seldom as the heap allows, and watches for input that
// no other bound has stopped: first what was not begun is given up, so that there is
// a report on the rest; at last the process ends with a message, before the system
// ends it without one.
//
// How much of an input is analysed is decided by bounds that are the same on every
// machine, in the packages that do the work. What is here depends on the machine.
package memory

import (
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
	"sync/atomic"
	"time"
)

const (
	comfortable = 400 << 20 // a heap up to here may be garbage for the most part
	interval    = 20 * time.Millisecond
)

// What there is, and what is claimed of it, are facts of the process.
var (
	short   atomic.Bool   // whether memory runs out
	most    atomic.Uint64 // that the process can have; 0 where nothing tells
	claimed atomic.Int64  // by what is being done
)

// Short reports whether memory runs out, so that nothing is to be begun.
func Short() bool { return short.Load() }

// Claim reports whether there is room for so many bytes, beside what is used and
// what others have claimed, and claims them until release is called. What has no
// room is not to be begun: one large piece of memory may be more than the system
// gives, without a chance to see it coming.
func Claim(bytes int) (release func(), ok bool) {
	n := int64(bytes)
	all := claimed.Add(n)
	release = sync.OnceFunc(func() { claimed.Add(-n) })
	if m := most.Load(); m > 0 && used()+uint64(max(all, 0)) > part(m, 80) {
		release()
		return release, false
	}
	return release, true
}

// Fits is Claim for what takes the memory at once.
func Fits(bytes int) bool {
	release, ok := Claim(bytes)
	release()
	return ok
}

// Keep sets the collector of garbage up, and calls exhausted once if hardly any
// memory is left. GOGC and GOMEMLIMIT have the last word on the collector.
func Keep(exhausted func(used, most uint64)) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(percent(0))
		follow(0)
	}
	n := available()
	if n == 0 {
		return
	}
	most.Store(n)
	if os.Getenv("GOMEMLIMIT") == "" && n < math.MaxInt64 {
		debug.SetMemoryLimit(int64(part(n, 75)))
	}
	go watch(n, used, exhausted)
}

// percent is how much garbage may be beside what is live, in percent of it: up to
// a comfortable heap four times as much; beyond, as much again.
func percent(live uint64) int {
	if live == 0 {
		return 400
	}
	return int(min(400, max(100, (comfortable-int64(min(live, comfortable)))*100/int64(live))))
}

// follow sets the percentage after each collection.
func follow(was int) {
	// A finalizer runs after the collection that finds its object.
	runtime.SetFinalizer(&struct{ _ [64]byte }{}, func(any) {
		now := percent(read("/gc/heap/live:bytes"))
		if now != was {
			debug.SetGCPercent(now)
		}
		follow(now)
	})
}

// watch looks at what is used until hardly any is left.
func watch(most uint64, used func() uint64, exhausted func(used, most uint64)) {
	for range time.Tick(interval) {
		n := used()
		if n > part(most, 80) {
			short.Store(true)
		}
		if n > part(most, 90) {
			exhausted(n, most)
			return
		}
	}
}

func part(of, percent uint64) uint64 { return of / 100 * percent }

// used is the memory that the process has of the system.
func used() uint64 {
	return read("/memory/classes/total:bytes") - read("/memory/classes/heap/released:bytes")
}

func read(metric string) uint64 {
	sample := []metrics.Sample{{Name: metric}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
