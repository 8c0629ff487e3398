package cloudformation

import (
	"os"
	"testing"

	"github.com/iaclint/iaclint/analysis/source"
)

// The templates of the corpus: parsing alone, and with all that comes after.
func BenchmarkParse(b *testing.B) {
	files, _ := wild(b)
	measure(b, files, func(f *source.File) { parse(f) })
}

func BenchmarkBlocks(b *testing.B) {
	files, dir := wild(b)
	o := Options{FS: os.DirFS(dir)}
	measure(b, files, func(f *source.File) { Blocks(f, o) })
}

func BenchmarkLoad(b *testing.B) {
	files, dir := wild(b)
	o := Options{FS: os.DirFS(dir)}
	measure(b, files, func(f *source.File) { Load(f, o) })
}

// Files that are not templates cost next to nothing.
func BenchmarkMatch(b *testing.B) {
	files, _ := wild(b)
	measure(b, files, func(f *source.File) { Match(f) })
}

func measure(b *testing.B, files []*source.File, do func(*source.File)) {
	size := 0
	for _, f := range files {
		size += len(f.Content)
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		for _, f := range files {
			do(source.NewFile(f.Name, f.Content))
		}
	}
}
