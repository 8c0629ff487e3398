package bombs

import (
	"fmt"
	"strings"
)

// All are the bombs, by the kind of input.
var All = []Bomb{
	// Functions of Terraform
	{"format of a width", bucket(`format("%999999999d", 1)`)},
	{"formats of widths", bucket(`join("", formatlist("%9999999d", range(1000)))`)},
	{"yamlencode of a tree", bucket(`yamlencode([for a in range(1000) : [for b in range(1000) : [for c in range(100) : c]]])`)},
	{"jsonencode in jsonencode", bucket(strings.Repeat("jsonencode([", 60) + `"\"\\"` + strings.Repeat("])", 60))},
	{"jsonencode in loops", bucket(`join("", [for a in range(1000) : jsonencode([for b in range(1000) : jsonencode({ a = a, b = b })])])`)},
	{"transpose", bucket(`length(transpose({ for a in range(1000) : "k${a}" => [for b in range(1000) : "v${b}"] }))`)},
	{"distinct of objects", bucket(`length(distinct([for a in flatten([for i in range(30) : range(1000)]) : { a = a }]))`)},
	{"distinct of texts", bucket(`length(distinct(flatten([for i in range(500) : [for j in range(1000) : "${i}-${j}"]])))`)},
	{"ranges in ranges", bucket(`length(flatten([for a in range(1000) : [for b in range(1000) : range(1000)]]))`)},
	{"formatlist", bucket(`formatlist("%s-%s", [for a in range(1000) : join("", range(1000))], join("", range(1000)))`)},
	{"parseint", bucket(`"${parseint("` + strings.Repeat("9", 5<<20) + `", 10)}"`)},
	{"a number literal", bucket(strings.Repeat("9", 9<<20))},
	{"number literals", bucket("[" + strings.Repeat(strings.Repeat("9", 4000)+",", 2000) + "]")},
	{"a number in JSON syntax", file("main.tf.json", func() string { return `{"locals":{"a":` + strings.Repeat("9", 9<<20) + `}}` })},
	{"a number in variables", func() map[string]string {
		return map[string]string{"main.tf": "variable \"a\" {}\n", "terraform.tfvars": "a = " + strings.Repeat("9", 9<<20) + "\n"}
	}},
	{"yamldecode nested", bucket(`yamldecode("` + strings.Repeat("- ", 4<<20) + `a")`)},
	{"yamldecode nested on one line", bucket(`yamldecode("` + strings.Repeat("[", 490) + strings.Repeat("{a: 1}, ", 500_000) + `")`)},
	{"yamldecode of keys", bucket(`yamldecode("{` + strings.Repeat("a, ", 1<<20) + `}")`)},
	{"regexall", bucket(`length(regexall("(((((((((a?)?)?)?)?)?)?)?)?)", "` + strings.Repeat("ab", 2<<20) + `"))`)},
	{"setproduct", bucket(`length(setproduct(range(1000), range(1000), range(10)))`)},
	{"lists in lists", bucket(`length([for a in range(1000) : [for b in range(1000) : [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]]])`)},
	{"objects in lists", bucket(`length([for a in range(1000) : [for b in range(1000) : { a = a, b = b, c = { d = a } }]])`)},
	{"try in loops", bucket(`length([for a in range(1000) : [for b in range(1000) : try(var.x[a].y, var.y[b], jsonencode([a, b]), can(var.z[a]))]])`)},
	{"templatestring", bucket(`templatestring("` + strings.Repeat("$${a}", 1<<20) + `", { a = "b" })`)},
	{"templatestring in loops", bucket(`length([for a in range(1000) : templatestring("%%{ for b in l }$${b}%%{ endfor }", { l = range(1000) })])`)},
	{"conditions in loops", bucket(`length([for a in range(1000) : [for b in range(1000) : var.x == a ? [a, b] : [b, a]]])`)},
	{"conditions in conditions", bucket(strings.Repeat(`(var.x == "a" ? `, 60) + `["a"]` + strings.Repeat(` : ["b"])`, 60))},
	{"choices of objects", bucket(`var.x == "a" ? { for a in range(1000) : "k${a}" => [for b in range(500) : "v${b}"] } : { for a in range(1000) : "k${a}" => [for b in range(500) : "w${b}"] }`)},
	{"merge", bucket(`merge([for a in range(1000) : { for b in range(1000) : "k${a}-${b}" => b }]...)`)},
	{"split", bucket(`length(split(",", "` + strings.Repeat(",", 9<<20) + `"))`)},
	{"strings of one text", bucket(`[for a in range(1000) : [for b in range(1000) : var.x == "` + strings.Repeat("x", 1<<20) + `"]]`)},
	{"modules in modules", nestedModules},
	{"lists of megabytes", module(func() string { return "locals {\n  a = [" + strings.Repeat("1,", 4<<20) + "]\n}\n" })},
	{"objects of megabytes", module(func() string { return "locals {\n  a = {" + numbered(900_000, ",", "k%d=1") + "}\n}\n" })},
	{"blocks of megabytes", module(func() string { return strings.Repeat("a {}\n", 2<<20) })},
	{"attributes of megabytes", module(func() string { return "locals {\n" + numbered(800_000, "", "a%d = 1\n") + "}\n" })},
	{"resources of megabytes", module(func() string {
		return numbered(200_000, "", "resource \"aws_sqs_queue\" \"q%d\" {}\n")
	})},
	{"templates of megabytes", bucket(`"` + strings.Repeat("${a}", 2<<20) + `"`)},
	{"heredoc of lines", bucket("<<EOT\n" + strings.Repeat("${a.b}\n", 1<<20) + "EOT")},
	{"brackets of megabytes", bucket(strings.Repeat("[", 9<<20))},
	{"JSON syntax of megabytes", file("main.tf.json", func() string { return `{"locals":{` + numbered(500_000, ",", `"a%d":"${1}"`) + `}}` })},

	// Policies
	{"actions", policy(func() string {
		return document(statement(`"*"`, "["+numbered(100_000, ",", `"s3:Get%dObject"`)+"]", `"*"`, ""))
	})},
	{"patterns of actions", policy(func() string {
		return document(statement(`"*"`, "["+numbered(100_000, ",", `"s3:*Get%d*"`)+"]", `"*"`, ""))
	})},
	{"actions, as many as are read", policy(func() string {
		return document(statement(`"*"`, "["+numbered(11_500, ",", `"s3:Get%dObject"`)+"]", `"*"`, ""))
	})},
	{"patterns of actions, as many as are read", policy(func() string {
		return document(statement(`"*"`, "["+numbered(11_500, ",", `"s3:*Get%d*"`)+"]", `"*"`, ""))
	})},
	{"resources, as many as are read", policy(func() string {
		return document(statement(`"*"`, `"s3:GetObject"`, "["+numbered(11_500, ",", `"arn:aws:s3:::b*/*%d*"`)+"]", ""))
	})},
	{"principals, as many as are read", policy(func() string {
		return document(statement(`{"AWS":[`+numbered(11_500, ",", `"arn:aws:iam::%012d:role/r"`)+`]}`, `"s3:GetObject"`, `"*"`, ""))
	})},
	{"conditions, as many as are read", policy(func() string {
		return document(statement(`"*"`, `"s3:GetObject"`, `"*"`, `,"Condition":{"StringLike":{"aws:PrincipalArn":[`+numbered(11_500, ",", `"*a%d*"`)+`]}}`))
	})},
	{"condition keys, as many as are read", policy(func() string {
		return document(statement(`"*"`, `"s3:GetObject"`, `"*"`, `,"Condition":{"StringLike":{`+numbered(11_500, ",", `"aws:PrincipalTag/k%d":"*a*"`)+`}}`))
	})},
	{"addresses, as many as are read", policy(func() string {
		return document(statement(`"*"`, `"s3:GetObject"`, `"*"`, `,"Condition":{"IpAddress":{"aws:SourceIp":[`+each(11_500, ",", func(i int) string {
			return fmt.Sprintf(`"9.%d.%d.0/24"`, i>>8&255, i&255)
		})+`]}}`))
	})},
	{"statements, as many as are read", policy(func() string {
		return document(each(1_999, ",", func(i int) string {
			return statement(fmt.Sprintf(`{"AWS":"arn:aws:iam::%012d:role/r"}`, i), fmt.Sprintf(`"s3:Get%d*"`, i), fmt.Sprintf(`"arn:aws:s3:::b/*%d*"`, i), "")
		}))
	})},
	{"statements", policy(func() string {
		return document(each(50_000, ",", func(i int) string {
			return statement(`"*"`, `"s3:GetObject"`, fmt.Sprintf(`"arn:aws:s3:::b/%d*"`, i), "")
		}))
	})},
	{"statements of resources", policy(func() string {
		return document(each(10_000, ",", func(i int) string {
			return statement(`"*"`, fmt.Sprintf(`"s3:Get%d*"`, i), fmt.Sprintf(`"arn:aws:s3:::b/*%d*"`, i), "")
		}))
	})},
	{"principals", policy(func() string {
		return document(statement(`{"AWS":[`+numbered(100_000, ",", `"arn:aws:iam::%012d:root"`)+`]}`, `"s3:GetObject"`, `"*"`, ""))
	})},
	{"principals of statements", policy(func() string {
		return document(each(10_000, ",", func(i int) string {
			return statement(fmt.Sprintf(`{"AWS":"arn:aws:iam::%012d:role/r"}`, i), `"s3:GetObject"`, `"*"`, "")
		}))
	})},
	{"conditions", policy(func() string {
		return document(statement(`"*"`, `"s3:GetObject"`, `"*"`, `,"Condition":{"StringLike":{"aws:PrincipalArn":[`+numbered(100_000, ",", `"*a%d*"`)+`]}}`))
	})},
	{"condition keys", policy(func() string {
		return document(statement(`"*"`, `"s3:GetObject"`, `"*"`, `,"Condition":{"StringLike":{`+numbered(50_000, ",", `"aws:PrincipalTag/k%d":"*a*"`)+`}}`))
	})},
	{"addresses", policy(func() string {
		return document(statement(`"*"`, `"s3:GetObject"`, `"*"`, `,"Condition":{"IpAddress":{"aws:SourceIp":[`+each(100_000, ",", func(i int) string {
			return fmt.Sprintf(`"%d.%d.%d.0/24"`, 1+i>>16, i>>8&255, i&255)
		})+`]}}`))
	})},
	{"wildcards", policy(func() string {
		return document(statement(`"*"`, `"s3:`+strings.Repeat("*a", 1<<20)+`"`, `"arn:aws:s3:::`+strings.Repeat("?*b", 1<<20)+`"`, ""))
	})},
	{"keys twice", policy(func() string {
		return `{"Version":"2012-10-17","Statement":[],` + strings.Repeat(`"Id":"a",`, 500_000) + `"Id":"b"}`
	})},
	{"a number in JSON", policy(func() string {
		return `{"Version":"2012-10-17","Id":` + strings.Repeat("9", 9<<20) + `,"Statement":[]}`
	})},
	{"brackets in JSON", policy(func() string { return `{"Statement":` + strings.Repeat("[", 9<<20) })},
	{"errors", policy(func() string { return document(strings.Repeat("1,", 2<<20) + "1") })},

	// Templates
	{"Sub of references", template(func() string {
		return resources(`"B":{"Type":"AWS::S3::Bucket","Properties":{"BucketName":{"Fn::Sub":"` + strings.Repeat("${AWS::StackName}", 200_000) + `"}}}`)
	})},
	{"Sub of variables", template(func() string {
		return resources(`"B":{"Type":"AWS::S3::Bucket","Properties":{"BucketName":{"Fn::Sub":["` + numbered(100_000, "", "${v%d}") + `",{` + numbered(100_000, ",", `"v%d":"x"`) + `}]}}}`)
	})},
	{"Join in Join", template(func() string {
		return resources(`"B":{"Type":"AWS::S3::Bucket","Properties":{"BucketName":` + strings.Repeat(`{"Fn::Join":["",["a",`, 200) + `"b"` + strings.Repeat("]]}", 200) + `}}`)
	})},
	{"ForEach", yaml(func() string {
		return "Transform: AWS::LanguageExtensions\nResources:\n  Fn::ForEach::A:\n    - I\n    - [" + numbered(20_000, ",", "a%d") + "]\n    - B${I}:\n        Type: AWS::S3::Bucket\n        Properties: {BucketName: !Sub 'x-${I}'}\n"
	})},
	{"ForEach in ForEach", yaml(loopsInLoops)},
	{"functions of SAM", template(func() string {
		return `{"Transform":"AWS::Serverless-2016-10-31","Resources":{` + numbered(20_000, ",", `"F%d":{"Type":"AWS::Serverless::Function","Properties":{"Handler":"a","Runtime":"nodejs20.x","CodeUri":"s3://a/b","Events":{"A":{"Type":"Api","Properties":{"Path":"/","Method":"get"}}}}}`) + `}}`
	})},
	{"resources", template(func() string { return resources(numbered(200_000, ",", `"B%d":{"Type":"AWS::S3::Bucket"}`)) })},
	{"resources and policies", template(func() string {
		return resources(doubled(40_000, ",", `"B%d":{"Type":"AWS::S3::Bucket"},"P%[1]d":{"Type":"AWS::S3::BucketPolicy","Properties":{"Bucket":{"Ref":"B%[2]d"},"PolicyDocument":{"Statement":[]}}}`))
	})},
	{"policies of one bucket", template(func() string {
		return resources(`"B":{"Type":"AWS::S3::Bucket"},` + numbered(50_000, ",", `"P%d":{"Type":"AWS::S3::BucketPolicy","Properties":{"Bucket":{"Ref":"B"},"PolicyDocument":{"Statement":[]}}}`))
	})},
	{"resources in YAML", yaml(func() string { return "Resources:\n" + numbered(50_000, "", "  B%d:\n    Type: AWS::S3::Bucket\n") })},
	{"permissions of functions", template(func() string {
		return resources(`"F":{"Type":"AWS::Lambda::Function"},` + numbered(30_000, ",", `"P%d":{"Type":"AWS::Lambda::Permission","Properties":{"FunctionName":{"Ref":"F"},"Action":"lambda:InvokeFunction","Principal":"s3.amazonaws.com"}}`))
	})},
	{"a number in YAML", yaml(func() string {
		return "Resources:\n  B:\n    Type: AWS::S3::Bucket\n    Properties: {BucketName: " + strings.Repeat("9", 900_000) + "}\n"
	})},
	{"conditions of templates", template(func() string {
		return `{"Parameters":{` + numbered(2000, ",", `"P%d":{"Type":"String"}`) + `},"Conditions":{` + doubled(2000, ",", `"C%d":{"Fn::Equals":[{"Ref":"P%d"},"a"]}`) + `},` + resources(doubled(2000, ",", `"B%d":{"Type":"AWS::S3::Bucket","Condition":"C%d","Properties":{"BucketName":{"Fn::If":["C1","a",{"Fn::If":["C2","b",{"Fn::If":["C3","c","d"]}]}]}}}`))[1:]
	})},
	{"aliases", yaml(func() string {
		return "a0: &a0 [x]\n" + doubled(1, "", "") + each(40, "", func(i int) string { return fmt.Sprintf("a%d: &a%d [*a%d, *a%d]\n", i+1, i+1, i, i) }) + "Resources:\n  B: {Type: 'AWS::S3::Bucket', Properties: {BucketName: *a40}}\n"
	})},
	{"flows in YAML", yaml(func() string { return "Resources: " + strings.Repeat("[", 1<<20) })},
	{"lists in YAML", yaml(func() string { return "Resources: " + strings.Repeat("- ", 1<<19) })},
	{"lists of YAML", yaml(func() string {
		return "Resources:\n  B:\n    Type: AWS::S3::Bucket\n    Tags: [" + strings.Repeat("a,", 500_000) + "]\n"
	})},

	// Many policies of which each is as large as is read, or has as many findings
	{"principals of policies", template(func() string {
		return policies(16, func(i int) string {
			return statement(`{"AWS":[`+each(11_500, ",", func(j int) string { return fmt.Sprintf(`"arn:aws:iam::%012d:role/r"`, i*11_500+j) })+`]}`, `"s3:GetObject"`, `"*"`, "")
		})
	})},
	{"few principals of policies", template(func() string {
		return policies(800, func(i int) string {
			return statement(`{"AWS":[`+each(220, ",", func(j int) string { return fmt.Sprintf(`"arn:aws:iam::%012d:role/r"`, i*220+j) })+`]}`, `"s3:GetObject"`, `"*"`, "")
		})
	})},
	{"statements of policies", template(func() string {
		return policies(90, func(i int) string {
			return each(900, ",", func(j int) string {
				return statement(fmt.Sprintf(`{"AWS":"%012d"}`, i*1000+j), `"s3:GetObject"`, `"*"`, "")
			})
		})
	})},
	{"services of policies", template(func() string {
		return policies(16, func(int) string {
			return statement(`{"Service":[`+numbered(11_500, ",", `"s%d.amazonaws.com"`)+`]}`, `"s3:GetObject"`, `"*"`, "")
		})
	})},
	{"unknown actions of policies", template(func() string { return policies(1000, unknownActions) })},
	{"unknown actions of a module", module(func() string {
		return each(1000, "", func(i int) string {
			return fmt.Sprintf("resource \"aws_s3_bucket_policy\" \"p%d\" {\n  bucket = \"b%d\"\n  policy = jsonencode(%s)\n}\n", i, i, document(unknownActions(i)))
		})
	})},
	{"faults of policies", template(func() string {
		return resources(each(500, ",", func(i int) string {
			return fmt.Sprintf(`"P%d":{"Type":"AWS::IAM::ManagedPolicy","Properties":{"PolicyDocument":%s}}`, i, document(each(20, ",", func(j int) string {
				return fmt.Sprintf(`{"Effect":"Allow","Action":[`+numbered(30, ",", `"x%d:y"`)+`],"Resource":["arn:aws:s3:::b/%d","foo"],"Condition":{"StringEquls":{"aws:foo%d":"a"},"Bool":{"aws:SecureTransport":"maybe"}}}`, j, j)
			})))
		}))
	})},

	// Plans and trees
	{"resources of a plan", file("plan.json", func() string {
		return `{"format_version":"1.2","terraform_version":"1.9.0","resource_changes":[` + numbered(40_000, ",", `{"address":"aws_sqs_queue.q%[1]d","mode":"managed","type":"aws_sqs_queue","name":"q%[1]d","provider_name":"registry.terraform.io/hashicorp/aws","change":{"actions":["create"],"before":null,"after":{},"after_unknown":{}}}`) + `]}`
	})},
	{"configuration of a plan", file("plan.json", func() string {
		return `{"format_version":"1.2","terraform_version":"1.9.0","resource_changes":[],"configuration":{"root_module":{"resources":[` + numbered(60_000, ",", `{"address":"aws_sqs_queue.q%[1]d","mode":"managed","type":"aws_sqs_queue","name":"q%[1]d","expressions":{"name":{"references":["local.a"]}}}`) + `]}}}`
	})},
	{"modules of a plan", file("plan.json", func() string {
		return `{"format_version":"1.2","terraform_version":"1.9.0","resource_changes":[],"configuration":{"root_module":` + strings.Repeat(`{"module_calls":{"m":{"module":`, 5000) + "{}" + strings.Repeat("}}}", 5000) + `}}`
	})},
	{"a number in a plan", file("plan.json", func() string {
		return `{"format_version":"1.2","terraform_version":"1.9.0","resource_changes":[{"address":"aws_sqs_queue.q","mode":"managed","type":"aws_sqs_queue","name":"q","provider_name":"registry.terraform.io/hashicorp/aws","change":{"actions":["create"],"before":null,"after":{"delay_seconds":` + strings.Repeat("9", 9<<20) + `},"after_unknown":{}}}]}`
	})},
	{"directories", func() map[string]string {
		return map[string]string{strings.Repeat("d/", 1900) + "policy.json": document("")}
	}},
	{"files", func() map[string]string {
		files := map[string]string{}
		for i := range 20_000 {
			files[fmt.Sprintf("d%d/p%d.json", i/100, i)] = document("")
		}
		return files
	}},
	{"modules that loop", eight(bucket(`length([for a in range(1000) : [for b in range(1000) : try(var.x[a].y, var.y[b], jsonencode([a, b]), can(var.z[a]))]])`))},
	{"modules of lists", eight(module(func() string { return "locals {\n  a = [" + strings.Repeat("1,", 600_000) + "]\n}\n" }))},
	{"modules with modules in modules", eight(nestedModules)},
	{"templates that loop", eight(yaml(loopsInLoops))},
	{"policies of patterns of actions", eight(policy(func() string {
		return document(statement(`"*"`, "["+numbered(11_500, ",", `"s3:*Get%d*"`)+"]", `"*"`, ""))
	}))},
	{"policies of conditions", eight(policy(func() string {
		return document(statement(`"*"`, `"s3:GetObject"`, `"*"`, `,"Condition":{"StringLike":{"aws:PrincipalArn":[`+numbered(11_500, ",", `"arn:aws:iam::*:role/*%d*"`)+`]}}`))
	}))},
	{"templates that stacks of a module deploy", module(func() string {
		return "resource \"aws_cloudformation_stack\" \"s\" {\n  count = 100\n  name = \"s${count.index}\"\n  template_body = <<EOT\n" + strings.ReplaceAll(loopsInLoops(), "${", "$${") + "EOT\n}\n"
	})},
	{"modules", func() map[string]string {
		files := map[string]string{}
		for i := range 3000 {
			files[fmt.Sprintf("m%d/main.tf", i)] = fmt.Sprintf("module \"n\" {\n  source = \"../m%d\"\n}\n", i+1)
		}
		return files
	}},
}

// eight puts copies of an input beside one another.
func eight(one func() map[string]string) func() map[string]string {
	return func() map[string]string {
		files := map[string]string{}
		for name, text := range one() {
			for i := range 8 {
				files[fmt.Sprintf("d%d/%s", i, name)] = text
			}
		}
		return files
	}
}

// loopsInLoops is a template with loops three deep.
func loopsInLoops() string {
	list := "[" + numbered(300, ",", "a%d") + "]"
	return "Transform: AWS::LanguageExtensions\nResources:\n  Fn::ForEach::A:\n    - I\n    - " + list + "\n    - Fn::ForEach::B:\n        - J\n        - " + list + "\n        - Fn::ForEach::C:\n            - K\n            - " + list + "\n            - B${I}${J}${K}: {Type: 'AWS::S3::Bucket'}\n"
}

// nestedModules calls modules with count, six deep.
func nestedModules() map[string]string {
	files := map[string]string{"main.tf": "module \"m\" {\n  source = \"./m0\"\n  count = 1000\n}\n"}
	for i := range 6 {
		files[fmt.Sprintf("m%d/main.tf", i)] = fmt.Sprintf("module \"m\" {\n  source = \"../m%d\"\n  count = 1000\n}\nresource \"aws_s3_bucket\" \"b\" {}\n", i+1)
	}
	files["m6/main.tf"] = "resource \"aws_s3_bucket\" \"b\" {}\n"
	return files
}

// policies is a template with buckets, each with a policy of statements.
func policies(n int, statements func(i int) string) string {
	return resources(each(n, ",", func(i int) string {
		return fmt.Sprintf(`"B%d":{"Type":"AWS::S3::Bucket"},"P%d":{"Type":"AWS::S3::BucketPolicy","Properties":{"Bucket":{"Ref":"B%d"},"PolicyDocument":%s}}`, i, i, i, document(statements(i)))
	}))
}

func unknownActions(i int) string {
	return statement(`"*"`, "["+each(600, ",", func(j int) string { return fmt.Sprintf(`"s3:Got%d"`, i*600+j) })+"]", `"*"`, "")
}
