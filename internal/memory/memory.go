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
	"sync/atomic"
	"time"
)

const (
	comfortable = 400 << 20 // a heap up to here may be garbage for the most part
	interval    = 20 * time.Millisecond
)

// short is whether memory runs out. It is a fact of the process.
var short atomic.Bool

// Short reports whether memory runs out, so that nothing is to be begun.
func Short() bool { return short.Load() }

// Keep sets the collector of garbage up, and calls exhausted once if hardly any
// memory is left. GOGC and GOMEMLIMIT have the last word on the collector.
func Keep(exhausted func(used, most uint64)) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(percent(0))
		follow(0)
	}
	most := available()
	if most == 0 {
		return
	}
	if os.Getenv("GOMEMLIMIT") == "" && most < math.MaxInt64 {
		debug.SetMemoryLimit(int64(part(most, 75)))
	}
	go watch(most, used, exhausted)
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
