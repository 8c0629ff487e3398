package knowledge

import (
	"strings"
	"testing"
)

func TestKeyOf(t *testing.T) {
	for _, tt := range []struct {
		key, kind string
		multi     bool
	}{
		{"aws:PrincipalOrgID", "String", false},
		{"AWS:PRINCIPALARN", "ARN", false},
		{"aws:PrincipalOrgPaths", "String", true},
		{"aws:SourceIp", "IPAddress", false},
		{"aws:SecureTransport", "Bool", false},
		{"aws:EpochTime", "Date", false},
		{"aws:MultiFactorAuthAge", "Numeric", false},
		{"aws:CalledVia", "String", true},
		{"aws:TagKeys", "String", true},
		{"aws:PrincipalTag/team", "String", false},
		{"aws:ResourceTag/a/b:c", "String", false},
		{"aws:RequestTag/x", "String", false},
		{"aws:SourceOwner", "String", false},
		{"s3:x-amz-acl", "String", false},
		{"s3:ExistingObjectTag/class", "String", false},
		{"S3:existingobjecttag/class", "String", false},
		{"s3:RequestObjectTagKeys", "String", true},
		{"s3:DataAccessPointArn", "ARN", false},
		{"kms:CallerAccount", "String", false},
		{"kms:ViaService", "String", false},
		{"kms:EncryptionContext:aws:logs:arn", "String", false},
		{"kms:EncryptionContextKeys", "String", true},
		{"kms:GrantIsForAWSResource", "Bool", false},
		{"lambda:FunctionUrlAuthType", "String", false},
		{"lambda:EventSourceToken", "String", false},
		{"events:Metadata/x/Matcher", "String", false},
		{"sts:ExternalId", "String", false},
		{"saml:aud", "String", false},
		{"SAML:aud", "String", false},
		{"saml:cn", "String", true},
		{"token.actions.githubusercontent.com:sub", "String", false},
		{"token.actions.githubusercontent.com:repository_id", "String", false},
		{"cognito-identity.amazonaws.com:amr", "String", true},
		{"oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF:aud", "String", false},
		{"graph.facebook.com:app_id", "String", false},
	} {
		got, ok := KeyOf(tt.key)
		if want := (KeyType{tt.kind, tt.multi}); !ok || got != want {
			t.Errorf("KeyOf(%q) = %v, %v, want %v", tt.key, got, ok, want)
		}
	}
	for _, key := range []string{
		"", ":", "aws:", "aws:Nothing", "aws:PrincipalTag", "aws:PrincipalTag/", "s3:nothing", "sub", "aws:sub",
		"s3:ExistingObjectTag/", "example.com:nothing", "\t", "aws:userid\t", "${", strings.Repeat("a:", 10000),
	} {
		if got, ok := KeyOf(key); ok {
			t.Errorf("KeyOf(%q) = %v", key, got)
		}
	}
}

func TestCanonicalKey(t *testing.T) {
	for key, want := range map[string]string{
		"AWS:SourceArn":                           "aws:SourceArn",
		"AWS:SourceOwner":                         "aws:SourceOwner",
		"aws:userid":                              "aws:UserId",
		"aws:sourcevpce":                          "aws:SourceVpce",
		"aws:principaltag/Team":                   "aws:PrincipalTag/Team",
		"s3:existingobjecttag/Class":              "s3:ExistingObjectTag/Class",
		"S3:X-AMZ-ACL":                            "s3:x-amz-acl",
		"KMS:encryptioncontext:aws:logs:arn":      "kms:EncryptionContext:aws:logs:arn",
		"Token.Actions.Githubusercontent.com:SUB": "Token.Actions.Githubusercontent.com:sub",
		"example.com:Unknown":                     "example.com:Unknown",
		"nothing":                                 "nothing",
		"":                                        "",
	} {
		if got := CanonicalKey(key); got != want {
			t.Errorf("CanonicalKey(%q) = %q, want %q", key, got, want)
		}
	}
}

func TestTracked(t *testing.T) {
	for _, key := range []string{
		"aws:PrincipalArn", "aws:userid", "aws:UserId", "aws:SourceVpce", "kms:CallerAccount", "s3express:SessionMode",
		"S3:x-amz-server-side-encryption-aws-kms-key-id", "SAML:aud", "aws:PrincipalAccount",
		"token.actions.githubusercontent.com:sub", "oidc.eks.eu-west-1.amazonaws.com/id/ABC:aud",
	} {
		if !Tracked(key) {
			t.Errorf("%s is not tracked", key)
		}
	}
	for _, key := range []string{
		"", "aws:SecureTransport", "aws:PrincipalTag/x", "kms:ViaService", "sts:ExternalId", "aws:referer",
		"token.actions.githubusercontent.com:actor", "saml:sub", "cognito-identity.amazonaws.com:amr", ":sub",
	} {
		if Tracked(key) {
			t.Errorf("%s is tracked", key)
		}
	}
}

// Every tracked key is one we know, so that it is typed and spelt.
func TestTrackedKeysAreKnown(t *testing.T) {
	for _, row := range keyRows {
		if _, ok := KeyOf(row.Name); !ok {
			t.Errorf("%s is unknown", row.Name)
		}
	}
	for _, s := range SourceKeys {
		if _, ok := KeyOf(s.Key); !ok {
			t.Errorf("%s is unknown", s.Key)
		}
	}
}

// A key is found however it is spelt, and its canonical form is stable.
func FuzzKey(f *testing.F) {
	for _, row := range keyRows {
		f.Add(row.Name)
	}
	f.Add("kms:EncryptionContext:a:b")
	f.Add("s3:ExistingObjectTag/x")
	f.Add("a.b/c:sub")
	f.Fuzz(func(t *testing.T, key string) {
		name := CanonicalKey(key)
		if again := CanonicalKey(name); again != name {
			t.Errorf("%q becomes %q, then %q", key, name, again)
		}
		k1, ok1 := KeyOf(key)
		k2, ok2 := KeyOf(name)
		if k1 != k2 || ok1 != ok2 {
			t.Errorf("%q is %v, but as %q %v", key, k1, name, k2)
		}
		Tracked(key)
	})
}
