package cli

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

// A short run writes nothing; a long one a line that is gone at the end.
func TestProgress(t *testing.T) {
	var short bytes.Buffer
	progress(&short, analysing(3), time.Hour, time.Hour)()
	if short.Len() > 0 {
		t.Errorf("a short run writes %q", short.String())
	}
	var long bytes.Buffer
	done := progress(&long, analysing(3), time.Millisecond, time.Millisecond)
	time.Sleep(100 * time.Millisecond)
	done()
	if text := long.String(); !strings.HasPrefix(text, "\r\x1b[Kanalysing 3 inputs, 0 s") || !strings.HasSuffix(text, "\r\x1b[K") {
		t.Errorf("a long run writes %q", text)
	}
}
