package catalog

var sagemakerRows = []Row{
	{
		Kind: "AWS::SageMaker::ModelPackageGroup",
		ARN:  "arn:{partition}:sagemaker:{region}:{account}:model-package-group/{name}",
		Resource: []Form{
			{Type: "AWS::SageMaker::ModelPackageGroup", Name: "ModelPackageGroupName", Policy: p("ModelPackageGroupPolicy"), Attr: map[string]string{"Ref": "{arn}", "ModelPackageGroupArn": "{arn}"}},
			{Type: "aws_sagemaker_model_package_group", Name: "model_package_group_name"},
		},
		Parts: []Form{{Type: "aws_sagemaker_model_package_group_policy", Of: p("model_package_group_name"), ByName: true, Policy: p("resource_policy")}},
	},
}
