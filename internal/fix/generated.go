package fix

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/iaclint/iaclint/analysis/source"
)

// generated are directories that a tool writes anew, and where their content is
// edited instead.
//
// https://docs.aws.amazon.com/cdk/v2/guide/configure-synth.html
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-cli-command-reference-sam-build.html
var generated = []struct{ dir, by, edited string }{
	{"cdk.out", "cdk synth", "the CDK app"},
	{"cdktf.out", "cdktf synth", "the CDKTF app"},
	{".aws-sam", "sam build", "the SAM template"},
	{".serverless", "serverless package", "serverless.yml"},
	{".terraform", "terraform init", "the repository of the module, or the call"},
}

// generatedBy says that a place is in a file that a tool writes, and where it is
// edited instead; "" for any other file.
func generatedBy(at source.Span) string {
	f := at.File
	parts := strings.Split(f.Name, "/")
	for _, g := range generated {
		if slices.Contains(parts[:len(parts)-1], g.dir) {
			return fmt.Sprintf("%s is written by %q; make it in %s%s", f.Name, g.by, g.edited, construct(at))
		}
	}
	if c := construct(at); c != "" {
		return fmt.Sprintf("%s is written by %q; make it in %s%s", f.Name, generated[0].by, generated[0].edited, c)
	}
	return ""
}

// construct names the construct of the CDK that a resource was made of, by the path
// that is in the resource's Metadata. A resource is the object that has the place
// and such a path: the first path behind the place unless another resource begins
// before it, else the last one before the place.
//
// https://docs.aws.amazon.com/cdk/v2/guide/resources.html
func construct(at source.Span) string {
	content := at.File.Content
	key := []byte("aws:cdk:path")
	if !bytes.Contains(content, key) {
		return ""
	}
	next := -1
	if i := bytes.Index(content[at.End:], key); i >= 0 && !bytes.Contains(content[at.End:at.End+i], []byte("Properties")) {
		next = at.End + i
	} else if i := bytes.LastIndex(content[:at.Start], key); i >= 0 && bytes.Count(content[i:at.Start], []byte("Properties")) <= 1 {
		next = i
	}
	if next < 0 {
		return " (the file has the paths of its constructs in Metadata)"
	}
	line, _, _ := bytes.Cut(content[next+len(key):], []byte{'\n'})
	path := strings.Trim(string(line), "\"': ,}")
	if cut := strings.IndexAny(path, "\"',}"); cut >= 0 {
		path = path[:cut]
	}
	return fmt.Sprintf(", construct %s", path)
}
