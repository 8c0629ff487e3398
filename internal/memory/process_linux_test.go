package memory

import "testing"

func TestLeft(t *testing.T) {
	const mib = 1 << 20
	if n, err := left(1000*mib, 400*mib, 10*mib); err != nil || n != (10+1000-400)*mib-reserved {
		t.Errorf("%d, %v", n, err)
	}
	if n, err := left(400*mib, 400*mib, 10*mib); err != nil || n != 10*mib {
		t.Errorf("%d, %v", n, err)
	}
	if _, err := left(1<<63, 400*mib, 10*mib); err == nil {
		t.Error("no limit is one")
	}
}
