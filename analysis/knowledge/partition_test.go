package knowledge

import "testing"

func TestPartitions(t *testing.T) {
	// Every Region is in a partition whose hosts have a name.
	count := map[string]int{}
	for _, r := range Regions() {
		count[PartitionOf(r)]++
	}
	for _, p := range Partitions {
		if count[p] == 0 || SuffixOf(p) == "" {
			t.Errorf("%s: %d Regions, suffix %q", p, count[p], SuffixOf(p))
		}
	}
	for region, want := range map[string]string{
		"eu-west-1": "aws", "cn-north-1": "aws-cn", "us-gov-east-1": "aws-us-gov", "eusc-de-east-1": "aws-eusc",
		"us-iso-east-1": "aws-iso", "us-isob-east-1": "aws-iso-b", "eu-isoe-west-1": "aws-iso-e", "us-isof-south-1": "aws-iso-f",
	} {
		if got := PartitionOf(region); got != want {
			t.Errorf("%s is in %s, expected %s", region, got, want)
		}
	}
	if s := SuffixOf("aws-unknown"); s != "" {
		t.Errorf("an unknown partition has the suffix %q", s)
	}
}
