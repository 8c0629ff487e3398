package evaluate

import (
	"strings"
	"testing"
)

// keys builds a request context: "key=a|b key=c".
func keys(s string) map[string][]string {
	ctx := map[string][]string{}
	for _, field := range strings.Fields(s) {
		key, values, _ := strings.Cut(field, "=")
		ctx[key] = strings.Split(values, "|")
	}
	return ctx
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
func TestWellFormed(t *testing.T) {
	aws := func(arn, account, session string) Principal {
		return Principal{Type: AWS, ARN: arn, Account: account, Session: session}
	}
	for _, tt := range []struct {
		caller Principal
		keys   string
		err    string // part of the message; "": well-formed
	}{
		{nobody, "", ""},
		{user, "", ""},
		{session, "", ""},
		{role, "", ""},
		{fedUser, "", ""},
		{root, "", ""},
		{trail, "", ""},
		{google, "", ""},
		{canon, "", ""},
		{aws("arn:aws:iam::123:user/a", "123", ""), "aws:PrincipalAccount=123", ""},

		// Principals.
		{Principal{}, "", "unknown"},
		{Principal{Type: Anonymous, ARN: "x"}, "", "no ARN"},
		{Principal{Type: Anonymous, Account: acct}, "", "no account"},
		{Principal{Type: Service}, "", "without a name"},
		{Principal{Type: Service, ARN: "s", Account: acct}, "", "no account"},
		{Principal{Type: Federated, ARN: "s", Session: "s"}, "", "no session"},
		{aws(userARN, "", ""), "", "account id"},
		{aws("arn:aws:iam::a:b:user/x", "a:b", ""), "", "account id"},
		{aws("Bob", acct, ""), "", "expected an ARN"},
		{aws(userARN, other, ""), "", "not of account"},
		{aws("arn:aws:iam::"+acct+":group/g", acct, ""), "", "expected a user"},
		{aws("arn:aws:iam::"+acct+":user/", acct, ""), "", "expected a user"},
		{aws("arn:aws:iam::"+acct+":rooted", acct, ""), "", "expected a user"},
		{aws("arn:aws:sts::"+acct+":assumed-role/audit/s1", acct, "s1"), "", "expected a user"},
		{aws(userARN, acct, "s1"), "", "no sessions"},

		// Nobody signed.
		{nobody, "aws:PrincipalArn=" + userARN, "anonymous"},
		{nobody, "aws:PrincipalOrgID=o-a", "anonymous"},
		{nobody, "aws:PrincipalOrgPaths=o-a/r-b/", "anonymous"},
		{nobody, "aws:PrincipalTag/team=x", "anonymous"},
		{nobody, "aws:PrincipalIsAWSService=false", "anonymous"},
		{nobody, "aws:userid=AIDAX", "anonymous"},
		{nobody, "aws:username=Bob", "anonymous"},
		{nobody, "aws:TokenIssueTime=2020-01-01", "anonymous"},
		{nobody, "aws:PrincipalAccount=anonymous aws:PrincipalType=Anonymous", ""},
		{nobody, "aws:PrincipalAccount=" + acct, "of no account"},
		{nobody, "kms:CallerAccount=" + acct, "anonymous"},
		{nobody, "aws:PrincipalType=User", "PrincipalType"},

		// Account and ARN.
		{session, "aws:PrincipalAccount=" + acct + " kms:CallerAccount=" + acct, ""},
		{user, "aws:PrincipalAccount=" + other, "principalaccount"},
		{user, "AWS:principalaccount=" + other, "principalaccount"},
		{user, "kms:CallerAccount=" + other, "calleraccount"},
		{user, "aws:PrincipalArn=" + userARN, ""},
		{session, "aws:PrincipalArn=" + roleARN, ""},
		{session, "aws:PrincipalArn=arn:aws:sts::" + acct + ":assumed-role/audit/s1", "PrincipalArn"},
		{user, "aws:PrincipalArn=" + roleARN, "PrincipalArn"},
		{user, "aws:PrincipalType=User", ""},
		{session, "aws:PrincipalType=AssumedRole", ""},
		{root, "aws:PrincipalType=Account", ""},
		{fedUser, "aws:PrincipalType=FederatedUser", ""},
		{user, "aws:PrincipalType=Account", "PrincipalType"},
		{user, "aws:PrincipalType=Anonymous", "PrincipalType"},

		// User names and unique ids.
		{user, "aws:username=Bob", ""},
		{user, "aws:username=bob", "username"},
		{user, "aws:username=team/Bob", "username"},
		{session, "aws:username=audit", "username"},
		{root, "aws:username=root", "username"},
		{trail, "aws:username=x", "username"},
		{canon, "aws:username=x", ""},
		{user, "aws:userid=AIDAX", ""},
		{user, "aws:userid=AROAX", "userid"},
		{user, "aws:userid=AIDAX:s1", "userid"},
		{session, "aws:userid=AROAX:s1", ""},
		{session, "aws:userid=AROAX:s2", "userid"},
		{session, "aws:userid=AIDAX", "userid"},
		{root, "aws:userid=" + acct, ""},
		{fedUser, "aws:userid=" + acct + ":Eve", ""},

		// Services.
		{trail, "aws:PrincipalIsAWSService=true aws:PrincipalServiceName=cloudtrail.amazonaws.com", ""},
		{trail, "aws:PrincipalIsAWSService=false", "PrincipalIsAWSService"},
		{user, "aws:PrincipalIsAWSService=false", ""},
		{user, "aws:PrincipalIsAWSService=true", "PrincipalIsAWSService"},
		{user, "aws:PrincipalServiceName=s3.amazonaws.com", "principalservicename"},
		{trail, "aws:PrincipalServiceName=s3.amazonaws.com", "PrincipalServiceName"},
		{trail, "aws:PrincipalServiceNamesList=cloudtrail.amazonaws.com|cloudtrail.us-east-1.amazonaws.com", ""},
		{trail, "aws:PrincipalOrgID=o-a", "no organization"},

		// Organizations.
		{user, "aws:PrincipalOrgID=o-a aws:PrincipalOrgPaths=o-a/r-b/ou-c/|o-a/r-b/", ""},
		{user, "aws:PrincipalOrgID=o-a aws:PrincipalOrgPaths=o-ab/r-b/", "not in organization"},
		{user, "aws:SourceOrgID=o-a aws:SourceOrgPaths=o-b/r-b/", "not in organization"},

		// The resource that a service acts for, with any caller.
		{user, "aws:SourceArn=arn:aws:sns:us-east-1:" + acct + ":t aws:SourceAccount=" + acct + " aws:SourceOrgID=o-a aws:SourceOwner=" + acct, ""},
		{nobody, "aws:SourceArn=arn:aws:s3:::b aws:SourceAccount=" + acct, ""},
		{nobody, "aws:SourceArn=arn:aws:s3::" + acct + ":b", "bucket"},
		{nobody, "aws:SourceArn=arn:aws:s3:us-east-1::b", "bucket"},
		{nobody, "aws:SourceArn=arn:aws:s3:us-east-1:" + acct + ":accesspoint/a", ""},
		{trail, "aws:SourceArn=arn:aws:sns:us-east-1:" + acct + ":t aws:SourceAccount=" + other, "SourceAccount"},
		{nobody, "aws:SourceAccount=" + other, ""},

		// Networks.
		{nobody, "aws:SourceIp=203.0.113.9", ""},
		{nobody, "aws:SourceIp=2001:4860::1", ""},
		{nobody, "aws:SourceIp=10.1.2.3", "public"},
		{nobody, "aws:SourceIp=172.16.0.1", "public"},
		{nobody, "aws:SourceIp=172.32.0.1", ""},
		{nobody, "aws:SourceIp=192.168.0.1", "public"},
		{nobody, "aws:SourceIp=127.0.0.1", "public"},
		{nobody, "aws:SourceIp=169.254.1.1", "public"},
		{nobody, "aws:SourceIp=fc00::1", "public"},
		{nobody, "aws:SourceIp=fe80::1", "public"},
		{nobody, "aws:SourceIp=::ffff:10.1.2.3", "public"},
		{nobody, "aws:SourceVpc=vpc-1 aws:SourceVpce=vpce-1 aws:VpcSourceIp=10.1.2.3", ""},
		{nobody, "aws:SourceVpc=vpc-1", "come together"},
		{nobody, "aws:SourceVpce=vpce-1", "come together"},
		{nobody, "aws:SourceIp=203.0.113.9 aws:SourceVpc=vpc-1 aws:SourceVpce=vpce-1", "exclude"},
		{nobody, "aws:SourceIp=203.0.113.9 aws:VpcSourceIp=10.0.0.1", "exclude"},
		{nobody, "aws:SourceIp=203.0.113.9 aws:VpceOrgID=o-a", "exclude"},

		// Values.
		{user, "aws:TagKeys=a|b aws:CalledVia=a|b s3:whatever=a|b", ""},
		{user, "aws:SourceIp=203.0.113.9|203.0.113.8", "one value"},
		{user, "aws:PrincipalTag/team=a|b", "one value"},
		{user, "aws:SourceArn=topic", "value"},
		{user, "aws:SourceArn=arn:aws:sns", "value"},
		{user, "aws:SourceIp=203.0.113.0/24", "value"},
		{user, "aws:SecureTransport=yes", "value"},
		{user, "aws:SecureTransport=TRUE aws:MultiFactorAuthAge=10 aws:CurrentTime=2020-01-01T00:00:00Z aws:EpochTime=1577836800", ""},
		{user, "aws:CurrentTime=today", "value"},
		{user, "aws:MultiFactorAuthAge=ten", "value"},
		{user, "aws:TagKeys=a AWS:tagkeys=b", "twice"},
	} {
		err := WellFormed(Request{Principal: tt.caller, Action: "s3:GetObject", Resource: "arn:aws:s3:::b/k", Context: keys(tt.keys)})
		switch {
		case err == nil && tt.err != "":
			t.Errorf("%v %s: no error, want one about %q", tt.caller, tt.keys, tt.err)
		case err != nil && (tt.err == "" || !strings.Contains(err.Error(), tt.err)):
			t.Errorf("%v %s: got %q, want %q", tt.caller, tt.keys, err, tt.err)
		}
	}
	for _, action := range []string{"", "GetObject", "s3:", ":GetObject"} {
		if WellFormed(Request{Principal: user, Action: action}) == nil {
			t.Errorf("action %q is well-formed", action)
		}
	}
	if WellFormed(Request{Principal: user, Action: "s3:GetObject", Context: map[string][]string{"s3:x": nil}}) == nil {
		t.Error("a key without a value is well-formed")
	}
}

// The keys are spelt as context.first looks them up.
func TestGlobalKeys(t *testing.T) {
	for _, key := range append(append(sortedKeys(globalKeys), signed...), viaEndpoint...) {
		if key != strings.ToLower(key) {
			t.Errorf("%s is not in lower case", key)
		}
	}
	for _, key := range viaEndpoint {
		if _, ok := globalKeys[key]; !ok {
			t.Errorf("%s is not among the global keys", key)
		}
	}
}
