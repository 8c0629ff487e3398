package tfplan

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"testing"
	"time"

	"github.com/iaclint/iaclint/analysis/source"
)

// multiplied returns a plan of about so many bytes: a bucket that is private,
// one with a policy, and four resources that decide nothing, again and again,
// in resource_changes, planned_values and prior_state, as Terraform writes them.
func multiplied(size int) []byte {
	tags := `"tags":{"Name":"some name","Team":"some team","Environment":"production"},"tags_all":{"Name":"some name","Team":"some team","Environment":"production"}`
	null := `"acceleration_status":"","cors_rule":[],"force_destroy":false,"grant":[],"hosted_zone_id":"Z1","lifecycle_rule":[],"logging":[],"object_lock_enabled":false,"request_payer":"BucketOwner","server_side_encryption_configuration":[{"rule":[{"apply_server_side_encryption_by_default":[{"kms_master_key_id":"","sse_algorithm":"AES256"}],"bucket_key_enabled":false}]}],"versioning":[{"enabled":false,"mfa_delete":false}],"website":[]`
	values := func(typ string, i int) string {
		switch typ {
		case "aws_s3_bucket":
			return fmt.Sprintf(`{"arn":"arn:aws:s3:::bucket-%d","bucket":"bucket-%d","id":"bucket-%d",%s,%s}`, i, i, i, null, tags)
		case "aws_s3_bucket_policy":
			return fmt.Sprintf(`{"bucket":"bucket-%d","id":"bucket-%d","policy":"{\"Statement\":[{\"Action\":\"s3:GetObject\",\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::111122223333:root\"},\"Resource\":\"arn:aws:s3:::bucket-%d/*\"}],\"Version\":\"2012-10-17\"}"}`, i, i, i)
		}
		return fmt.Sprintf(`{"ami":"ami-%d","id":"i-%d","ebs_block_device":[{"delete_on_termination":true,"device_name":"my_data","iops":800}],"user_data":"%s",%s}`, i, i, strings.Repeat("x", 200), tags)
	}
	types := []string{"aws_s3_bucket", "aws_s3_bucket_policy", "aws_instance", "aws_instance", "aws_instance", "aws_instance"}
	var changes, state, code []string
	for i, n := 0, 0; n < size; i++ {
		for k, typ := range types {
			address := fmt.Sprintf("%s.r%d_%d", typ, i, k)
			v := values(typ, i)
			rest := fmt.Sprintf(`"before":%s,"after":%s,"after_unknown":{},"before_sensitive":{},"after_sensitive":{}`, v, v)
			action := `"no-op"`
			if i%10 == 0 {
				action = `"update"`
			}
			changes = append(changes, change(address, action, rest))
			state = append(state, fmt.Sprintf(`{"address":%q,"mode":"managed","type":%q,"name":"r%d_%d","values":%s}`, address, typ, i, k, v))
			code = append(code, declared(address, `"bucket":{"references":["local.name"]}`))
			n += 3*len(changes[len(changes)-1])/2 + len(code[len(code)-1]) + len(v)
		}
	}
	values1 := `{"root_module":{"resources":[` + strings.Join(state, ",") + `]}}`
	return []byte(`{"format_version":"1.2","terraform_version":"1.11.4","planned_values":` + values1 + `,"resource_changes":[` + strings.Join(changes, ",") +
		`],"prior_state":{"format_version":"1.0","values":` + values1 + `},"configuration":{"provider_config":{"aws":{"name":"aws"}},"root_module":{"resources":[` + strings.Join(code, ",") + `]}}}`)
}

// BenchmarkLoad reports, beside the time, how much of the heap is in use at most
// beyond the text of the plan.
func BenchmarkLoad(b *testing.B) {
	for _, mb := range []int{1, 10, 100} {
		b.Run(fmt.Sprintf("%dMB", mb), func(b *testing.B) {
			content := multiplied(mb << 20)
			defer debug.SetGCPercent(debug.SetGCPercent(20))
			live := func() uint64 {
				sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
				metrics.Read(sample)
				return sample[0].Value.Uint64()
			}
			runtime.GC()
			start, peak := live(), live()
			stop, stopped := make(chan bool), make(chan bool)
			go func() {
				defer close(stopped)
				for {
					select {
					case <-stop:
						return
					case <-time.After(5 * time.Millisecond):
						peak = max(peak, live())
					}
				}
			}()
			resources := 0
			b.SetBytes(int64(len(content)))
			for b.Loop() {
				resources = len(Load(source.NewFile("plan.json", content), Options{}).Resources)
			}
			close(stop)
			<-stopped
			b.ReportMetric(float64(peak-start)/(1<<20), "MB-peak")
			b.ReportMetric(float64(resources), "resources")
			b.ReportMetric(float64(len(content))/(1<<20), "MB-plan")
		})
	}
}
