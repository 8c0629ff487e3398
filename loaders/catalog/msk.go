package catalog

var mskRows = []Row{
	{
		Kind: "AWS::MSK::Cluster",
		ARN:  "arn:{partition}:kafka:{region}:{account}:cluster/{name}/*",
		Resource: []Form{
			{Type: "AWS::MSK::Cluster", Name: "ClusterName", ARN: kafkaARN, Attr: map[string]string{"Ref": kafkaARN}},
			{Type: "AWS::MSK::ServerlessCluster", Name: "ClusterName", ARN: kafkaARN, Attr: map[string]string{"Ref": kafkaARN}},
			{Type: "aws_msk_cluster", Name: "cluster_name", ARN: kafkaARN, Attr: map[string]string{"id": kafkaARN}},
			{Type: "aws_msk_serverless_cluster", Name: "cluster_name", ARN: kafkaARN, Attr: map[string]string{"id": kafkaARN}},
		},
		Parts: []Form{
			{Type: "AWS::MSK::ClusterPolicy", Of: p("ClusterArn"), Policy: p("Policy")},
			{Type: "aws_msk_cluster_policy", Of: p("cluster_arn"), Policy: p("policy")},
		},
	},
}

const kafkaARN = "arn:{partition}:kafka:{region}:{account}:cluster/{name}/{id}"
