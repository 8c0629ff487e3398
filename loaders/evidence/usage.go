package evidence

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/iaclint/iaclint/analysis/finding"
	"github.com/iaclint/iaclint/analysis/source"
	"github.com/iaclint/iaclint/analysis/usage"
	"github.com/iaclint/iaclint/analysis/value"
	"github.com/iaclint/iaclint/loaders/jsontree"
)

// ReadUsage reads evidence of use, as one of these, and adds it to what is known:
//
//   - the output of get-service-last-accessed-details, with either granularity, and with entities
//   - the output of get-account-authorization-details, get-role and list-roles
//   - the credential report, as CSV or as get-credential-report gives it
//   - findings of unused access, of list-findings-v2 and get-finding-v2
//   - the output of CloudTrail's lookup-events; its files are for ReadTrail
//
// It reports whether the file is one of them.
func ReadUsage(file *source.File, to *usage.Evidence) (recognised bool, diags []source.Diagnostic) {
	u := &accounts{reader: reader{file: file}, to: to}
	start := bytes.TrimLeft(bytes.TrimPrefix(file.Content, []byte("\ufeff")), " \t\r\n")
	if bytes.HasPrefix(start, []byte("user,arn,")) {
		u.credentials(file.Content, func(offset int) *finding.Location {
			return finding.Place(source.Span{File: file, Start: offset, End: min(offset+1, len(file.Content))})
		})
		return true, u.diags
	}
	if len(start) == 0 || start[0] != '{' && start[0] != '[' {
		return false, nil
	}
	for v, wrong := range jsontree.Values(file) {
		if wrong != nil {
			return true, append(u.diags, wrong...)
		}
		recognised = u.root(v) || recognised
	}
	return recognised, u.diags
}

type accounts struct {
	reader
	to *usage.Evidence
}

func (u *accounts) root(v value.Value) bool {
	switch {
	case v.Kind == value.List:
		some := false
		for _, item := range v.Items {
			some = u.root(item) || some
		}
		return some
	case v.Get("ServicesLastAccessed").Kind == value.List:
		u.lastAccessed(v)
	case v.Get("EntityDetailsList").Kind == value.List:
		u.entities(v)
	case v.Get("RoleDetailList").Kind == value.List || v.Get("UserDetailList").Kind == value.List:
		u.each(v.Get("RoleDetailList"), u.identity)
		u.each(v.Get("UserDetailList"), u.identity)
	case v.Get("Role").Kind == value.Map:
		u.identity(v.Get("Role"))
	case v.Get("Roles").Kind == value.List:
		u.each(v.Get("Roles"), u.identity)
	case v.Get("ReportFormat").Kind == value.String || v.Get("Content").Kind == value.String && v.Get("GeneratedTime").Kind == value.String:
		u.encodedReport(v)
	case v.Get("findings").Kind == value.List:
		u.each(v.Get("findings"), u.finding)
	case v.Get("findingType").Kind == value.String:
		u.finding(v)
	case v.Get("Events").Kind == value.List:
		u.each(v.Get("Events"), u.lookedUp)
	default:
		return false
	}
	return true
}

func (u *accounts) each(list value.Value, read func(value.Value)) {
	for _, item := range list.Items {
		read(item)
	}
}

// date reads a time; what is none is said, as it would count for never.
func (u *accounts) date(v value.Value) (t time.Time, ok bool) {
	switch v.Kind {
	case value.Absent, value.Null:
		return t, true
	case value.String:
		if t, err := time.Parse(time.RFC3339, v.Text.Literal); err == nil {
			u.to.Seen(t)
			return t, true
		}
	}
	u.errorf(v.Span, "expected a date such as 2027-01-31T00:00:00Z")
	return t, false
}

// lastAccessed reads what a job says of one entity. The output does not name it:
// it is the one that used a service, or else the file has its name.
//
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetServiceLastAccessedDetails.html
func (u *accounts) lastAccessed(v value.Value) {
	if status := text(v.Get("JobStatus")); status != "COMPLETED" && status != "" {
		u.errorf(v.Get("JobStatus").Span, "expected \"JobStatus\" COMPLETED: the output of an unfinished job says nothing")
		return
	}
	if truncated := flag(v.Get("IsTruncated")); truncated != nil && *truncated {
		u.warnf(v.Get("IsTruncated").Span, "the output is one page of several; of the services of the others nothing is known")
	}
	u.date(v.Get("JobCompletionDate"))
	list := v.Get("ServicesLastAccessed")
	x := u.owner(v, list)
	if x == nil {
		u.errorf(v.Span, "it is not said whose services these are: call the file as the role, such as app.json or role/app.json, or add \"Arn\" to it")
		return
	}
	x.Asked = true
	for _, item := range list.Items {
		prefix := text(item.Get("ServiceNamespace"))
		used, ok := u.date(item.Get("LastAuthenticated"))
		if prefix == "" || !ok {
			continue
		}
		s := x.Service(prefix)
		s.Asked = true
		s.Used = maxTime(s.Used, used)
		for _, a := range item.Get("TrackedActionsLastAccessed").Items {
			if t, ok := u.date(a.Get("LastAccessedTime")); ok && text(a.Get("ActionName")) != "" {
				s.Track(text(a.Get("ActionName")), t)
			}
		}
	}
}

// owner is the entity that last-accessed details are of.
func (u *accounts) owner(v, list value.Value) *usage.Entity {
	if arn := text(v.Get("Arn")); arn != "" {
		return u.to.Of(arn)
	}
	var arns []string
	for _, item := range list.Items {
		if arn := text(item.Get("LastAuthenticatedEntity")); arn != "" && !slices.Contains(arns, arn) {
			arns = append(arns, arn)
		}
	}
	if len(arns) == 1 {
		return u.to.Of(arns[0])
	}
	if len(arns) > 1 {
		return nil // of a policy or a group
	}
	name := strings.TrimSuffix(path.Base(u.file.Name), path.Ext(u.file.Name))
	kind := "role"
	if path.Base(path.Dir(u.file.Name)) == "user" {
		kind = "user"
	}
	return u.to.Of("arn:aws:iam:::" + kind + "/" + name) // of whichever account
}

// entities reads which entities used a service: that they did is all it says.
func (u *accounts) entities(v value.Value) {
	u.date(v.Get("JobCompletionDate"))
	for _, item := range v.Get("EntityDetailsList").Items {
		if x := u.to.Of(text(item.Get("EntityInfo").Get("Arn"))); x != nil {
			if t, ok := u.date(item.Get("LastAuthenticated")); ok {
				x.Use(t)
			}
		}
	}
}

// identity reads a role or a user. RoleLastUsed without a date is a role that was
// not used; one that is not there says nothing.
//
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_RoleLastUsed.html
func (u *accounts) identity(v value.Value) {
	x := u.to.Of(text(v.Get("Arn")))
	if x == nil {
		return
	}
	x.Location = place(v.Get("Arn"))
	if t, ok := u.date(v.Get("CreateDate")); ok {
		x.Created = t
	}
	if last := v.Get("RoleLastUsed"); last.Kind == value.Map {
		if t, ok := u.date(last.Get("LastUsedDate")); ok {
			x.Asked = true
			x.Use(t)
		}
	}
	for _, tag := range v.Get("Tags").Items {
		x.Tags[text(tag.Get("Key"))] = text(tag.Get("Value"))
	}
	for _, p := range v.Get("AttachedManagedPolicies").Items {
		if arn := text(p.Get("PolicyArn")); arn != "" {
			x.Policies = append(x.Policies, arn)
		}
	}
}

// finding reads a finding of unused access.
//
// https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_FindingDetails.html
func (u *accounts) finding(v value.Value) {
	kind := text(v.Get("findingType"))
	if text(v.Get("status")) == "RESOLVED" || !strings.HasPrefix(kind, "Unused") {
		return
	}
	x := u.to.Of(text(v.Get("resource")))
	if x == nil {
		return
	}
	u.date(v.Get("analyzedAt"))
	x.Location = place(v.Get("resource"))
	details := v.Get("findingDetails").Items
	if kind == "UnusedIAMRole" && len(details) == 0 {
		x.Asked = true // list-findings-v2 names the role only
	}
	for _, d := range details {
		if role := d.Get("unusedIamRoleDetails"); role.Kind == value.Map {
			if t, ok := u.date(role.Get("lastAccessed")); ok {
				x.Asked = true
				x.Use(t)
			}
		}
		if key := d.Get("unusedIamUserAccessKeyDetails"); key.Kind == value.Map {
			if t, ok := u.date(key.Get("lastAccessed")); ok {
				x.Keys = append(x.Keys, usage.Credential{Name: keyName(text(key.Get("accessKeyId"))), Used: t, Created: reported(t), Location: place(v)})
			}
		}
		if password := d.Get("unusedIamUserPasswordDetails"); password.Kind == value.Map {
			if t, ok := u.date(password.Get("lastAccessed")); ok {
				x.Password = &usage.Credential{Name: "password", Used: t, Created: reported(t), Location: place(v)}
			}
		}
		if p := d.Get("unusedPermissionDetails"); p.Kind == value.Map {
			u.permission(x, p)
		}
	}
}

// reported is when a credential that the analyzer calls unused existed at the
// latest: the analyzer judges nothing younger than its age.
func reported(used time.Time) time.Time {
	if used.IsZero() {
		return time.Unix(0, 0).UTC()
	}
	return used
}

// permission reads which actions of a service an entity has not used; without
// actions it is the service.
func (u *accounts) permission(x *usage.Entity, p value.Value) {
	used, ok := u.date(p.Get("lastAccessed"))
	prefix := text(p.Get("serviceNamespace"))
	if !ok || prefix == "" {
		return
	}
	s := x.Service(prefix)
	s.Asked = true
	s.Used = maxTime(s.Used, used)
	for _, a := range p.Get("actions").Items {
		if t, ok := u.date(a.Get("lastAccessed")); ok {
			name := text(a.Get("action"))
			s.Track(name[strings.IndexByte(name, ':')+1:], t)
		}
	}
}

// keyName tells an access key by its end, which is enough to find it.
func keyName(id string) string {
	if len(id) < 8 {
		return "access key"
	}
	return "access key …" + id[len(id)-4:]
}

func maxTime(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// encodedReport reads the credential report as the API gives it.
//
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetCredentialReport.html
func (u *accounts) encodedReport(v value.Value) {
	content := v.Get("Content")
	if content.Kind != value.String {
		u.errorf(v.Span, "expected \"Content\" with the report")
		return
	}
	u.date(v.Get("GeneratedTime"))
	table, err := base64.StdEncoding.DecodeString(content.Text.Literal)
	if err != nil {
		u.errorf(content.Span, "expected the report in base64")
		return
	}
	at := place(content)
	u.credentials(table, func(int) *finding.Location { return at })
}

// credentials reads the rows of a credential report.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
func (u *accounts) credentials(content []byte, at func(offset int) *finding.Location) {
	t, err := newTable(content)
	if err != nil {
		u.errorf(source.Span{File: u.file}, "expected a credential report: %s", err)
		return
	}
	for {
		row, offset, err := t.next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			u.errorf(source.Span{File: u.file}, "expected a row of CSV: %s", err)
			return
		}
		get := func(column string) string {
			if i := slices.Index(t.header, column); i >= 0 && i < len(row) {
				return row[i]
			}
			return ""
		}
		when := func(column string) time.Time { // "N/A" and "no_information" are not dates
			d, _ := time.Parse(time.RFC3339, get(column))
			u.to.Seen(d)
			return d
		}
		x := u.to.Of(get("arn"))
		if x == nil {
			continue // the root user has no ARN of a user
		}
		x.Created, x.Location = when("user_creation_time"), at(offset)
		if get("password_enabled") == "true" {
			created := when("password_last_changed")
			x.Password = &usage.Credential{Name: "password", Created: maxTime(created, x.Created), Used: when("password_last_used"), Location: x.Location}
		}
		for _, n := range []string{"1", "2"} {
			if get("access_key_"+n+"_active") == "true" {
				x.Keys = append(x.Keys, usage.Credential{
					Name: "access key " + n, Created: when("access_key_" + n + "_last_rotated"), Used: when("access_key_" + n + "_last_used_date"), Location: x.Location,
				})
			}
		}
	}
}

// lookedUp reads an event of lookup-events, which is a text.
func (u *accounts) lookedUp(v value.Value) {
	if t := v.Get("CloudTrailEvent"); t.Kind == value.String && t.Text.Parts == nil {
		if err := addEvent([]byte(t.Text.Literal), u.to); err != nil {
			u.errorf(t.Span, "expected an event of CloudTrail in this text")
		}
	}
}
