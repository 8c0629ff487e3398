package catalog

var paymentcryptographyRows = []Row{
	{
		Kind: "AWS::PaymentCryptography::Key",
		ARN:  "arn:{partition}:payment-cryptography:{region}:{account}:key/{id}",
		Resource: []Form{
			{Type: "AWS::PaymentCryptography::Key", Policy: p("Policy"), Attr: map[string]string{"Ref": "{arn}", "KeyIdentifier": "{arn}"}},
		},
	},
}
