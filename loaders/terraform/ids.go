package terraform

import (
	"slices"
	"strings"
)

// idTypes are resources whose id is one that AWS gives: a word, without a
// colon, a slash or a wildcard in it.
var idTypes = map[string]bool{
	"aws_vpc": true, "aws_default_vpc": true, "aws_vpc_endpoint": true, "aws_subnet": true, "aws_security_group": true, "aws_instance": true,
	"aws_cloudfront_distribution": true, "aws_cloudfront_origin_access_identity": true, "aws_cloudfront_origin_access_control": true,
	"aws_api_gateway_rest_api": true, "aws_apigatewayv2_api": true, "aws_cognito_user_pool": true, "aws_cognito_user_pool_client": true,
	"aws_efs_file_system": true, "aws_ebs_volume": true, "aws_ebs_snapshot": true, "aws_ami": true, "aws_nat_gateway": true, "aws_eip": true,
	"aws_organizations_account": true, "aws_organizations_organizational_unit": true, "aws_ec2_transit_gateway": true, "aws_kms_key": true,
	"random_id": true, "random_pet": true, "random_uuid": true, "random_integer": true,
}

// randomTexts are further attributes of resources that make random words.
var randomTexts = map[string][]string{
	"random_id": {"hex", "dec", "b64_url"}, "random_uuid": {"result"}, "random_integer": {"result"},
}

// plainID reports whether an attribute is such a word. Of a random text it is
// known as well that it has none of these characters.
func plainID(typ, attribute string) bool {
	if attribute == "id" {
		return idTypes[typ]
	}
	return slices.Contains(randomTexts[typ], attribute) || attribute == "key_id" && typ == "aws_kms_key" ||
		strings.HasPrefix(typ, "aws_iam_") && (attribute == "unique_id")
}

func sortedKeys[T any](m map[string]T) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
