package knowledge

import "strings"

// partitions of AWS: as ARNs spell them, what the names of their Regions begin with,
// and where the names of their hosts end.
//
// https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html
// https://github.com/boto/botocore/blob/develop/botocore/data/partitions.json (dnsSuffix)
// read 2026-11
var partitions = []struct {
	name    string
	suffix  string
	regions []string // none: all that no other has
}{
	{"aws", "amazonaws.com", nil},
	{"aws-cn", "amazonaws.com.cn", []string{"cn-"}},
	{"aws-us-gov", "amazonaws.com", []string{"us-gov-"}},
	{"aws-eusc", "amazonaws.eu", []string{"eusc-"}},
	{"aws-iso", "c2s.ic.gov", []string{"us-iso-"}},
	{"aws-iso-b", "sc2s.sgov.gov", []string{"us-isob-"}},
	{"aws-iso-e", "cloud.adc-e.uk", []string{"eu-isoe-"}},
	{"aws-iso-f", "csp.hci.ic.gov", []string{"us-isof-", "eu-isof-"}},
}

// Partitions are all of AWS's, as ARNs spell them. The list is shared: do not change it.
var Partitions = func() []string {
	var out []string
	for _, p := range partitions {
		out = append(out, p.name)
	}
	return out
}()

// PartitionOf returns the partition of a Region.
func PartitionOf(region string) string {
	for _, p := range partitions {
		for _, prefix := range p.regions {
			if strings.HasPrefix(region, prefix) {
				return p.name
			}
		}
	}
	return partitions[0].name
}

// SuffixOf returns the domain in which the hosts of a partition are, "" of one that is
// not known.
func SuffixOf(partition string) string {
	for _, p := range partitions {
		if p.name == partition {
			return p.suffix
		}
	}
	return ""
}
