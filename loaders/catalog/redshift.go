package catalog

var redshiftRows = []Row{
	{
		Kind: "AWS::Redshift::Cluster",
		ARN:  "arn:{partition}:redshift:{region}:{account}:namespace:{ClusterNamespaceArn}",
		Resource: []Form{
			{Type: "AWS::Redshift::Cluster", Name: "ClusterIdentifier", Policy: p("NamespaceResourcePolicy"), Attr: map[string]string{"ClusterNamespaceArn": "{arn}"}},
			{Type: "aws_redshift_cluster", Name: "cluster_identifier", ARN: "arn:{partition}:redshift:{region}:{account}:namespace:{cluster_namespace_arn}", Attr: map[string]string{
				"cluster_namespace_arn": "{arn}", "arn": "arn:{partition}:redshift:{region}:{account}:cluster:{name}",
			}},
		},
		Parts: []Form{{Type: "aws_redshift_resource_policy", Of: p("resource_arn"), Policy: p("policy")}},
	},
	{
		Kind: "AWS::RedshiftServerless::Namespace",
		ARN:  "arn:{partition}:redshift-serverless:{region}:{account}:namespace/{id}",
		Resource: []Form{
			{Type: "AWS::RedshiftServerless::Namespace", Name: "NamespaceName", Policy: p("NamespaceResourcePolicy"), Attr: map[string]string{"Namespace.NamespaceArn": "{arn}"}},
			{Type: "aws_redshiftserverless_namespace", Name: "namespace_name"},
			{Type: "aws_redshiftserverless_snapshot", Name: "snapshot_name", ARN: "arn:{partition}:redshift-serverless:{region}:{account}:snapshot/{id}"},
		},
		Parts: []Form{{Type: "aws_redshiftserverless_resource_policy", Of: p("resource_arn"), Policy: p("policy")}},
	},
	{
		Kind: "AWS::Redshift::DataShare",
		ARN:  "",
		Resource: []Form{
			{Type: "aws_redshift_data_share_authorization", Read: shared("consumer_identifier"), Where: "consumer_identifier"},
		},
	},
	{
		Kind: "AWS::Redshift::EndpointAuthorization",
		ARN:  "",
		Resource: []Form{
			{Type: "AWS::Redshift::EndpointAuthorization", Read: shared("Account"), Where: "Account"},
			{Type: "aws_redshift_endpoint_authorization", Read: shared("account"), Where: "account"},
		},
	},
}
