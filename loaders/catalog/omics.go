package catalog

var omicsRows = []Row{
	{
		Kind: "AWS::Omics::SequenceStore",
		ARN:  "arn:{partition}:omics:{region}:{account}:sequenceStore/{name}",
		Resource: []Form{
			{Type: "AWS::Omics::SequenceStore", Policy: p("S3AccessPolicy"), Attr: map[string]string{"SequenceStoreId": "{name}"}},
		},
	},
}
