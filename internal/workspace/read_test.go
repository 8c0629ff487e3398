package workspace

import (
	"errors"
	"io"
	"math/rand"
	"os"
	"strings"
	"testing"
	"testing/iotest"
)

// What is read is what is there, whether its size is known, wrong or not.
func TestReadAll(t *testing.T) {
	for _, n := range []int{0, 1, 4095, 4096, 4097, 100_000} {
		text := make([]byte, n)
		rand.New(rand.NewSource(1)).Read(text)
		for _, size := range []int{0, n, n / 2, 2 * n} {
			got, err := readAll(iotest.HalfReader(strings.NewReader(string(text))), size, func(int) bool { return true })
			if err != nil || string(got) != string(text) {
				t.Errorf("%d bytes, %d told: %d read, %v", n, size, len(got), err)
			}
		}
	}
}

// Memory is asked for before it is taken.
func TestReadAllAsks(t *testing.T) {
	var asked []int
	fits := func(n int) bool {
		asked = append(asked, n)
		return n <= 1<<20
	}
	if _, err := readAll(endless{}, 100<<20, fits); err != errNoRoom || len(asked) != 1 {
		t.Errorf("100 MiB: %v after asking for %v", err, asked)
	}
	asked = nil
	if _, err := readAll(endless{}, 0, fits); err != errNoRoom || asked[len(asked)-1] > 2<<20 {
		t.Errorf("without end: %v after asking for %v", err, asked)
	}
	if _, err := readAll(iotest.ErrReader(errors.New("broken")), 0, fits); err == nil || err.Error() != "broken" {
		t.Errorf("broken: %v", err)
	}
	if os.Getenv("IACLINT_LONG") == "" { // it is a gigabyte
		return
	}
	if _, err := readAll(endless{}, 0, func(int) bool { return true }); err != errTooLarge {
		t.Errorf("without end: %v", err)
	}
}

// endless is a reader without end.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

var _ io.Reader = endless{}
