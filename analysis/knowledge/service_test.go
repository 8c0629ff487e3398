package knowledge

import (
	"slices"
	"strings"
	"testing"
)

func TestServiceOf(t *testing.T) {
	for _, tt := range []struct {
		prefix, action, level string
		resources             []string
	}{
		{"s3", "GetObject", Read, []string{"accesspointobject", "object"}},
		{"S3", "listbucket", List, []string{"accesspoint", "bucket"}},
		{"s3", "PutBucketPolicy", Permissions, []string{"bucket"}},
		{"s3", "PutObjectTagging", Tagging, []string{"accesspointobject", "object"}},
		{"s3", "ListAllMyBuckets", List, nil},
		{"a2c", "GetContainerizationJobDetails", Read, nil}, // first service
		{"xray", "PutTraceSegments", Write, nil},            // last service
		{"sqs", "SendMessage", Write, []string{"queue"}},
	} {
		s, ok := ServiceOf(tt.prefix)
		if !ok {
			t.Errorf("%s: no such service", tt.prefix)
			continue
		}
		a, ok := s.Action(tt.action)
		if !ok || !strings.EqualFold(a.Name, tt.action) || a.Level != tt.level || !slices.Equal(a.Resources, tt.resources) {
			t.Errorf("%s:%s = %+v, %v", tt.prefix, tt.action, a, ok)
		}
	}
	for _, prefix := range []string{"", "s", "s3x", "s3\t", "s3\tGetObject", "\n", "zzz", "*"} {
		if s, ok := ServiceOf(prefix); ok {
			t.Errorf("ServiceOf(%q) = %q", prefix, s.Prefix)
		}
	}
}

func TestServiceARNs(t *testing.T) {
	s, _ := ServiceOf("lex")
	i := slices.IndexFunc(s.ResourceTypes, func(r ResourceType) bool { return r.Name == "bot" })
	if i < 0 || len(s.ResourceTypes[i].ARNs) != 2 {
		t.Fatalf("lex bot: %+v", s.ResourceTypes)
	}
	if want := "arn:${Partition}:lex:${Region}:${Account}:bot/${BotId}"; s.ResourceTypes[i].ARNs[0] != want {
		t.Errorf("got %q, want %q", s.ResourceTypes[i].ARNs[0], want)
	}
}

// Every service is found by its prefix, and holds what its section holds.
func TestTables(t *testing.T) {
	prefixes := Services()
	if !slices.IsSorted(prefixes) || len(prefixes) < 400 {
		t.Fatalf("%d services, sorted %v", len(prefixes), slices.IsSorted(prefixes))
	}
	actions, types := 0, 0
	for _, prefix := range prefixes {
		s, ok := ServiceOf(prefix)
		if !ok || s.Prefix != prefix {
			t.Errorf("ServiceOf(%q) failed", prefix)
			continue
		}
		actions += len(s.Actions)
		types += len(s.ResourceTypes)
		for _, a := range s.Actions {
			for _, r := range a.Resources {
				if !slices.ContainsFunc(s.ResourceTypes, func(t ResourceType) bool { return t.Name == r }) {
					t.Errorf("%s:%s has unknown resource type %q", prefix, a.Name, r)
				}
			}
		}
	}
	if n := strings.Count(actionTable, "\n"); actions != n {
		t.Errorf("services hold %d actions, the table %d", actions, n)
	}
	if n := strings.Count(resourceTable, "\n"); types != n {
		t.Errorf("services hold %d resource types, the table %d", types, n)
	}
	for name, table := range map[string]string{
		"actions": actionTable, "resources": resourceTable, "keys": keyTable, "templates": templateTable,
	} {
		if lines := strings.Split(strings.TrimSuffix(table, "\n"), "\n"); !slices.IsSorted(lines) {
			t.Errorf("%s are not sorted", name)
		}
	}
}

// Embedded text is in the program's image; what a first lookup costs is
// finding and splitting one service's lines.
func BenchmarkServiceOfCold(b *testing.B) {
	for b.Loop() {
		services.Delete("s3")
		ServiceOf("s3")
	}
}

func BenchmarkKindActionsCold(b *testing.B) {
	for b.Loop() {
		k, _ := KindOf("aws_s3_bucket_policy")
		services.Delete("s3")
		kindActions.Delete(k)
		k.Actions()
	}
}

func BenchmarkKindOf(b *testing.B) {
	for b.Loop() {
		KindOf("aws_organizations_policy")
	}
}
