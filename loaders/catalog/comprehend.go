package catalog

var comprehendRows = []Row{
	{
		Kind: "AWS::Comprehend::DocumentClassifier",
		ARN:  "arn:{partition}:comprehend:{region}:{account}:document-classifier/{name}",
		Resource: []Form{
			{Type: "AWS::Comprehend::DocumentClassifier", Name: "DocumentClassifierName", Policy: p("ModelPolicy"), Attr: refARN},
		},
	},
}
