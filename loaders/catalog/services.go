package catalog

// Endpoints: what answers requests over the network.
var endpoints = []Row{
	{
		Kind:     "AWS::ApiGateway::RestApi",
		ARN:      "arn:{partition}:execute-api:{region}:{account}:{name}",
		Combined: "resource policy, also in the body's x-amazon-apigateway-policy; without one an API is open, unless it is private; authorization of its methods",
		Resource: []Form{
			{Type: "AWS::ApiGateway::RestApi", Policy: p("Policy"), Read: apiDefinition, Attr: map[string]string{"RestApiId": "{name}"}},
			{Type: "aws_api_gateway_rest_api", Policy: p("policy"), Read: apiDefinition, Attr: map[string]string{
				"arn": "arn:{partition}:apigateway:{region}::/restapis/{name}", "execution_arn": "{arn}",
			}},
		},
		Parts: []Form{
			{Type: "aws_api_gateway_rest_api_policy", Of: p("rest_api_id"), Policy: p("policy")},
			{Type: "AWS::ApiGateway::Method", Of: p("RestApiId"), Setting: true, Aside: true, Read: method, Where: "AuthorizationType"},
			{Type: "aws_api_gateway_method", Of: p("rest_api_id"), Setting: true, Aside: true, Read: method, Where: "authorization"},
		},
		Settle: settleAPI,
	},
	{
		Kind:     "AWS::ApiGatewayV2::Api",
		ARN:      "arn:{partition}:execute-api:{region}:{account}:{name}",
		Combined: "authorization of its routes, of a WebSocket API of $connect; an HTTP API has no policy",
		Resource: []Form{
			{Type: "AWS::ApiGatewayV2::Api", Read: definedMethods, Attr: map[string]string{"ApiId": "{name}"}, Where: "AuthorizationType of its routes"},
			{Type: "aws_apigatewayv2_api", Read: definedMethods, Where: "authorization_type of its routes", Attr: map[string]string{
				"arn": "arn:{partition}:apigateway:{region}::/apis/{name}", "execution_arn": "{arn}",
			}},
		},
		Parts: []Form{
			{Type: "AWS::ApiGatewayV2::Route", Of: p("ApiId"), Setting: true, Aside: true, Read: method, Where: "AuthorizationType"},
			{Type: "aws_apigatewayv2_route", Of: p("api_id"), Setting: true, Aside: true, Read: method, Where: "authorization_type"},
		},
		Settle: settleHTTP,
	},
	{
		Kind: "AWS::ApiGateway::DomainNameV2",
		ARN:  "arn:{partition}:execute-api:{region}:{account}:/domainnames/{name}+{id}",
		Resource: []Form{
			{Type: "AWS::ApiGateway::DomainNameV2", Name: "DomainName", Policy: p("Policy"), Attr: map[string]string{"Ref": domainNameARN, "DomainNameArn": domainNameARN}},
			{Type: "aws_api_gateway_domain_name", Name: "domain_name", Has: p("policy"), Policy: p("policy"), Attr: map[string]string{"arn": domainNameARN}},
		},
	},
	{
		Kind:     "AWS::OpenSearchService::Domain",
		ARN:      "arn:{partition}:es:{region}:{account}:domain/{name}",
		Combined: "access policy; in a VPC only its network reaches the domain",
		Resource: []Form{
			{Type: "AWS::OpenSearchService::Domain", Name: "DomainName", Policy: p("AccessPolicies"), Read: searchDomain, Attr: map[string]string{"DomainArn": "{arn}"}},
			{Type: "AWS::Elasticsearch::Domain", Name: "DomainName", Policy: p("AccessPolicies"), Read: searchDomain, Attr: map[string]string{"DomainArn": "{arn}"}},
			{Type: "aws_opensearch_domain", Name: "domain_name", Policy: p("access_policies"), Read: searchDomain, Attr: idARN},
			{Type: "aws_elasticsearch_domain", Name: "domain_name", Policy: p("access_policies"), Read: searchDomain, Attr: idARN},
		},
		Parts: []Form{
			{Type: "aws_opensearch_domain_policy", Of: p("domain_name"), ByName: true, Policy: p("access_policies")},
			{Type: "aws_elasticsearch_domain_policy", Of: p("domain_name"), ByName: true, Policy: p("access_policies")},
		},
		Settle: settleSearch,
	},
	{
		Kind: "AWS::OpenSearchService::VpcEndpointAccess",
		ARN:  "arn:{partition}:es:{region}:{account}:domain/{name}",
		Resource: []Form{
			{Type: "aws_opensearch_authorize_vpc_endpoint_access", Name: "domain_name", Read: shared("account"), Where: "account"},
		},
	},
	{
		Kind: "AWS::OpenSearchServerless::Collection",
		ARN:  "",
		Resource: []Form{
			{Type: "AWS::OpenSearchServerless::AccessPolicy", Name: "Name", Read: dataAccess, Where: "Policy"},
			{Type: "aws_opensearchserverless_access_policy", Name: "name", Read: dataAccess, Where: "policy"},
		},
	},
	{
		Kind: "AWS::CloudSearch::Domain",
		ARN:  "arn:{partition}:cloudsearch:{region}:{account}:domain/{name}",
		Resource: []Form{
			{Type: "aws_cloudsearch_domain", Name: "name"},
		},
		Parts: []Form{{Type: "aws_cloudsearch_domain_service_access_policy", Of: p("domain_name"), ByName: true, Policy: p("access_policy")}},
	},
	{
		Kind:     "AWS::ECR::PublicRepository",
		ARN:      "arn:{partition}:ecr-public::{account}:repository/{name}",
		Combined: "anyone may pull; the policy governs pushing",
		Resource: []Form{
			{Type: "AWS::ECR::PublicRepository", Name: "RepositoryName", Policy: p("RepositoryPolicyText")},
			{Type: "aws_ecrpublic_repository", Name: "repository_name"},
		},
		Parts: []Form{{Type: "aws_ecrpublic_repository_policy", Of: p("repository_name"), ByName: true, Policy: p("policy")}},
	},
	{
		Kind: "AWS::ECR::RegistryPolicy",
		Resource: []Form{
			{Type: "AWS::ECR::RegistryPolicy", Policy: p("PolicyText")},
			{Type: "aws_ecr_registry_policy", Policy: p("policy")},
		},
	},
	{
		Kind: "AWS::ECR::RepositoryCreationTemplate",
		ARN:  "",
		Resource: []Form{
			{Type: "AWS::ECR::RepositoryCreationTemplate", Name: "Prefix", Policy: p("RepositoryPolicy")},
			{Type: "aws_ecr_repository_creation_template", Name: "prefix", Policy: p("repository_policy")},
		},
	},
	{
		Kind: "AWS::VpcLattice::AuthPolicy",
		ARN:  "arn:{partition}:vpc-lattice:{region}:{account}:service/{name}",
		Resource: []Form{
			{Type: "AWS::VpcLattice::Service", Attr: map[string]string{"Ref": "{arn}", "Id": "{name}"}},
			{Type: "AWS::VpcLattice::ServiceNetwork", AnyARN: true, ARN: networkARN, Attr: map[string]string{"Ref": networkARN, "Id": "{name}"}},
			{Type: "aws_vpclattice_service"},
			{Type: "aws_vpclattice_service_network", AnyARN: true, ARN: networkARN},
		},
		Parts: []Form{
			{Type: "AWS::VpcLattice::AuthPolicy", Of: p("ResourceIdentifier"), Policy: p("Policy")},
			{Type: "aws_vpclattice_auth_policy", Of: p("resource_identifier"), Policy: p("policy")},
		},
		OnlyWithPolicy: true,
	},
	{
		Kind: "AWS::VpcLattice::ResourcePolicy",
		ARN:  "arn:{partition}:vpc-lattice:{region}:{account}:service/{name}",
		Resource: []Form{
			{Type: "AWS::VpcLattice::Service", Attr: map[string]string{"Ref": "{arn}", "Id": "{name}"}},
			{Type: "AWS::VpcLattice::ServiceNetwork", ARN: networkARN, Attr: map[string]string{"Ref": networkARN, "Id": "{name}"}},
			{Type: "aws_vpclattice_service"},
			{Type: "aws_vpclattice_service_network", ARN: networkARN},
		},
		Parts: []Form{
			{Type: "AWS::VpcLattice::ResourcePolicy", Of: p("ResourceArn"), Policy: p("Policy")},
			{Type: "aws_vpclattice_resource_policy", Of: p("resource_arn"), Policy: p("policy")},
		},
		OnlyWithPolicy: true,
	},
	{
		Kind: "AWS::MediaStore::Container",
		ARN:  "arn:{partition}:mediastore:{region}:{account}:container/{name}",
		Resource: []Form{
			{Type: "AWS::MediaStore::Container", Name: "ContainerName", Policy: p("Policy"), Attr: refARN},
			{Type: "aws_media_store_container", Name: "name"},
		},
		Parts: []Form{{Type: "aws_media_store_container_policy", Of: p("container_name"), ByName: true, Policy: p("policy")}},
	},
	{
		Kind: "AWS::MediaPackageV2::Channel",
		ARN:  "arn:{partition}:mediapackagev2:{region}:{account}:channelGroup/*/channel/{name}",
		Resource: []Form{
			{Type: "AWS::MediaPackageV2::Channel", Name: "ChannelName", ARN: "arn:{partition}:mediapackagev2:{region}:{account}:channelGroup/{ChannelGroupName}/channel/{name}", Attr: refARN},
		},
		Parts: []Form{{Type: "AWS::MediaPackageV2::ChannelPolicy", Of: p("ChannelName"), ByName: true, Policy: p("Policy")}},
	},
	{
		Kind: "AWS::MediaPackageV2::OriginEndpoint",
		ARN:  "arn:{partition}:mediapackagev2:{region}:{account}:channelGroup/*/channel/*/originEndpoint/{name}",
		Resource: []Form{
			{Type: "AWS::MediaPackageV2::OriginEndpoint", Name: "OriginEndpointName", ARN: "arn:{partition}:mediapackagev2:{region}:{account}:channelGroup/{ChannelGroupName}/channel/{ChannelName}/originEndpoint/{name}", Attr: refARN},
		},
		Parts: []Form{{Type: "AWS::MediaPackageV2::OriginEndpointPolicy", Of: p("OriginEndpointName"), ByName: true, Policy: p("Policy")}},
	},
	{
		Kind:     "AWS::MediaTailor::Channel",
		ARN:      "arn:{partition}:mediatailor:{region}:{account}:channel/{name}",
		Resource: []Form{{Type: "AWS::MediaTailor::Channel", Name: "ChannelName"}},
		Parts:    []Form{{Type: "AWS::MediaTailor::ChannelPolicy", Of: p("ChannelName"), ByName: true, Policy: p("Policy")}},
	},
	{
		Kind: "AWS::RUM::AppMonitor",
		ARN:  "arn:{partition}:rum:{region}:{account}:appmonitor/{name}",
		Resource: []Form{
			{Type: "AWS::RUM::AppMonitor", Name: "Name", Policy: p("ResourcePolicy.PolicyDocument")},
		},
	},
}

const (
	domainNameARN = "arn:{partition}:apigateway:{region}::/domainnames/{name}+{id}"
	networkARN    = "arn:{partition}:vpc-lattice:{region}:{account}:servicenetwork/{name}"
)

// Streams, events, logs, data.
var streams = []Row{
	{
		Kind: "AWS::Kinesis::Stream",
		ARN:  "arn:{partition}:kinesis:{region}:{account}:stream/{name}",
		Resource: []Form{
			{Type: "AWS::Kinesis::Stream", Name: "Name"},
			{Type: "aws_kinesis_stream", Name: "name", Attr: idARN},
		},
		Parts: []Form{
			{Type: "AWS::Kinesis::ResourcePolicy", Of: p("ResourceArn"), Policy: p("ResourcePolicy")},
			{Type: "aws_kinesis_resource_policy", Of: p("resource_arn"), Policy: p("policy")},
		},
	},
	{
		Kind: "AWS::Kinesis::StreamConsumer",
		ARN:  "arn:{partition}:kinesis:{region}:{account}:stream/*/consumer/{name}:*",
		Resource: []Form{
			{Type: "AWS::Kinesis::StreamConsumer", Name: "ConsumerName", ARN: "{StreamARN}/consumer/{name}:{ConsumerCreationTimestamp}", Attr: map[string]string{"Ref": "{arn}", "ConsumerARN": "{arn}"}},
			{Type: "aws_kinesis_stream_consumer", Name: "name", ARN: "{stream_arn}/consumer/{name}:{creation_timestamp}", Attr: idARN},
		},
		Parts: []Form{
			{Type: "AWS::Kinesis::ResourcePolicy", Of: p("ResourceArn"), Policy: p("ResourcePolicy")},
			{Type: "aws_kinesis_resource_policy", Of: p("resource_arn"), Policy: p("policy")},
		},
	},
	{
		Kind:    "AWS::Events::EventBus",
		Several: true,
		ARN:     "arn:{partition}:events:{region}:{account}:event-bus/{name}",
		Resource: []Form{
			{Type: "AWS::Events::EventBus", Name: "Name", Policy: p("Policy")},
			{Type: "aws_cloudwatch_event_bus", Name: "name"},
		},
		Parts: []Form{
			{Type: "AWS::Events::EventBusPolicy", Of: p("EventBusName"), Default: "default", Read: busPermission, Where: "Statement, or Principal with Action and Condition"},
			{Type: "AWS::EventsV2::ResourcePolicy", Of: p("EventBusArn"), Policy: p("PolicyDocument")},
			{Type: "aws_cloudwatch_event_bus_policy", Of: p("event_bus_name"), Default: "default", Policy: p("policy")},
			{Type: "aws_cloudwatch_event_permission", Of: p("event_bus_name"), Default: "default", Read: busPermission, Where: "principal with action and condition"},
		},
	},
	{
		Kind: "AWS::EventSchemas::Registry",
		ARN:  "arn:{partition}:schemas:{region}:{account}:registry/{name}",
		Resource: []Form{
			{Type: "AWS::EventSchemas::Registry", Name: "RegistryName", Attr: map[string]string{"Ref": "{arn}", "RegistryArn": "{arn}"}},
			{Type: "aws_schemas_registry", Name: "name"},
		},
		Parts: []Form{
			{Type: "AWS::EventSchemas::RegistryPolicy", Of: p("RegistryName"), Policy: p("Policy")},
			{Type: "aws_schemas_registry_policy", Of: p("registry_name"), Policy: p("policy")},
		},
	},
	{
		Kind:    "AWS::Logs::ResourcePolicy",
		Several: true,
		ARN:     "",
		Resource: []Form{
			{Type: "AWS::Logs::ResourcePolicy", Name: "PolicyName", Policy: p("PolicyDocument")},
			// What GetAtt gives ends in ":*", as policies want it; Terraform's attribute does not.
			{Type: "AWS::Logs::LogGroup", Name: "LogGroupName", ARN: "arn:{partition}:logs:{region}:{account}:log-group:{name}", Has: p("ResourcePolicyDocument"), Policy: p("ResourcePolicyDocument"), Attr: map[string]string{"Arn": "{arn}:*"}},
			{Type: "aws_cloudwatch_log_resource_policy", Name: "policy_name", Policy: p("policy_document")},
		},
	},
	{
		Kind: "AWS::Logs::Destination",
		ARN:  "arn:{partition}:logs:{region}:{account}:destination:{name}",
		Resource: []Form{
			{Type: "AWS::Logs::Destination", Name: "DestinationName", Policy: p("DestinationPolicy")},
			{Type: "aws_cloudwatch_log_destination", Name: "name"},
		},
		Parts: []Form{{Type: "aws_cloudwatch_log_destination_policy", Of: p("destination_name"), ByName: true, Policy: p("access_policy")}},
	},
	{
		Kind: "AWS::Logs::DeliveryDestination",
		ARN:  "arn:{partition}:logs:{region}:{account}:delivery-destination:{name}",
		Resource: []Form{
			{Type: "AWS::Logs::DeliveryDestination", Name: "Name", Policy: p("DeliveryDestinationPolicy.DeliveryDestinationPolicy")},
			{Type: "aws_cloudwatch_log_delivery_destination", Name: "name"},
		},
		Parts: []Form{{Type: "aws_cloudwatch_log_delivery_destination_policy", Of: p("delivery_destination_name"), ByName: true, Policy: p("delivery_destination_policy")}},
	},
	{
		Kind: "AWS::Oam::Sink",
		ARN:  "arn:{partition}:oam:{region}:{account}:sink/{id}",
		Resource: []Form{
			{Type: "AWS::Oam::Sink", Policy: p("Policy"), Attr: refARN},
			{Type: "aws_oam_sink", Attr: idARN},
		},
		Parts: []Form{{Type: "aws_oam_sink_policy", Of: p("sink_identifier"), Policy: p("policy")}},
	},
	{
		Kind: "AWS::XRay::ResourcePolicy",
		ARN:  "",
		Resource: []Form{
			{Type: "AWS::XRay::ResourcePolicy", Name: "PolicyName", Policy: p("PolicyDocument")},
			{Type: "aws_xray_resource_policy", Name: "policy_name", Policy: p("policy_document")},
		},
	},
	{
		Kind: "AWS::APS::Workspace",
		ARN:  "arn:{partition}:aps:{region}:{account}:workspace/{name}",
		Resource: []Form{
			{Type: "AWS::APS::Workspace", Attr: map[string]string{"Ref": "{arn}", "WorkspaceId": "{name}"}},
			{Type: "aws_prometheus_workspace"},
		},
		Parts: []Form{
			{Type: "AWS::APS::ResourcePolicy", Of: p("WorkspaceArn"), Policy: p("PolicyDocument")},
			{Type: "aws_prometheus_resource_policy", Of: p("workspace_id"), Policy: p("policy_document")},
		},
	},
	{
		Kind: "AWS::CloudTrail::EventDataStore",
		ARN:  "arn:{partition}:cloudtrail:{region}:{account}:eventdatastore/{name}",
		Resource: []Form{
			{Type: "AWS::CloudTrail::EventDataStore", Attr: map[string]string{"Ref": "{arn}", "EventDataStoreArn": "{arn}"}},
			{Type: "aws_cloudtrail_event_data_store", Where: "its policy cannot be declared", Attr: idARN},
		},
		Parts: []Form{{Type: "AWS::CloudTrail::ResourcePolicy", Of: p("ResourceArn"), Policy: p("ResourcePolicy")}},
	},
	{
		Kind: "AWS::CloudTrail::Dashboard",
		ARN:  "arn:{partition}:cloudtrail:{region}:{account}:dashboard/{name}",
		Resource: []Form{
			{Type: "AWS::CloudTrail::Dashboard", Name: "Name", Attr: map[string]string{"Ref": "{arn}", "DashboardArn": "{arn}"}},
		},
		Parts: []Form{{Type: "AWS::CloudTrail::ResourcePolicy", Of: p("ResourceArn"), Policy: p("ResourcePolicy")}},
	},
	{
		Kind: "AWS::CloudTrail::Channel",
		ARN:  "arn:{partition}:cloudtrail:{region}:{account}:channel/{name}",
		Resource: []Form{
			{Type: "AWS::CloudTrail::Channel", Attr: map[string]string{"Ref": "{arn}", "ChannelArn": "{arn}"}},
		},
		Parts: []Form{{Type: "AWS::CloudTrail::ResourcePolicy", Of: p("ResourceArn"), Policy: p("ResourcePolicy")}},
	},
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
	{
		Kind: "AWS::OSIS::Pipeline",
		ARN:  "arn:{partition}:osis:{region}:{account}:pipeline/{name}",
		Resource: []Form{
			{Type: "AWS::OSIS::Pipeline", Name: "PipelineName", Policy: p("ResourcePolicy.Policy"), Attr: map[string]string{"Ref": "{arn}", "PipelineArn": "{arn}"}},
		},
	},
	{
		Kind: "AWS::Glue::DataCatalog",
		ARN:  "arn:{partition}:glue:{region}:{account}:catalog",
		Resource: []Form{
			{Type: "aws_glue_resource_policy", Policy: p("policy")},
		},
	},
	{
		Kind: "AWS::LakeFormation::PrincipalPermissions",
		ARN:  "",
		Resource: []Form{
			{Type: "AWS::LakeFormation::PrincipalPermissions", Read: lakePrincipal("Principal.DataLakePrincipalIdentifier"), Where: "Principal"},
			{Type: "AWS::LakeFormation::Permissions", Read: lakePrincipal("DataLakePrincipal.DataLakePrincipalIdentifier"), Where: "DataLakePrincipal"},
			{Type: "aws_lakeformation_permissions", Read: lakePrincipal("principal"), Where: "principal"},
		},
	},
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
	{
		Kind: "AWS::SageMaker::ModelPackageGroup",
		ARN:  "arn:{partition}:sagemaker:{region}:{account}:model-package-group/{name}",
		Resource: []Form{
			{Type: "AWS::SageMaker::ModelPackageGroup", Name: "ModelPackageGroupName", Policy: p("ModelPackageGroupPolicy"), Attr: map[string]string{"Ref": "{arn}", "ModelPackageGroupArn": "{arn}"}},
			{Type: "aws_sagemaker_model_package_group", Name: "model_package_group_name"},
		},
		Parts: []Form{{Type: "aws_sagemaker_model_package_group_policy", Of: p("model_package_group_name"), ByName: true, Policy: p("resource_policy")}},
	},
	{
		Kind: "AWS::Lex::ResourcePolicy",
		ARN:  "",
		Resource: []Form{
			{Type: "AWS::Lex::ResourcePolicy", ARN: "{ResourceArn}", Policy: p("Policy")},
		},
	},
	{
		Kind: "AWS::Bedrock::ResourcePolicy",
		ARN:  "",
		Resource: []Form{
			{Type: "AWS::Bedrock::ResourcePolicy", ARN: "{ResourceArn}", Policy: p("PolicyDocument")},
			{Type: "AWS::Bedrock::KnowledgeBasePolicy", ARN: "arn:{partition}:bedrock:{region}:{account}:knowledge-base/{KnowledgeBaseId}", Policy: p("PolicyDocument")},
		},
	},
	{
		Kind: "AWS::BedrockAgentCore::ResourcePolicy",
		ARN:  "",
		Resource: []Form{
			{Type: "AWS::BedrockAgentCore::ResourcePolicy", ARN: "{ResourceArn}", Policy: p("Policy")},
		},
	},
	{
		Kind: "AWS::Comprehend::DocumentClassifier",
		ARN:  "arn:{partition}:comprehend:{region}:{account}:document-classifier/{name}",
		Resource: []Form{
			{Type: "AWS::Comprehend::DocumentClassifier", Name: "DocumentClassifierName", Policy: p("ModelPolicy"), Attr: refARN},
		},
	},
	{
		Kind: "AWS::EntityResolution::PolicyStatement",
		ARN:  "",
		Resource: []Form{
			{Type: "AWS::EntityResolution::PolicyStatement", ARN: "{Arn}", Read: inlineStatement("Effect", "Principal", "Action", "Condition"), Where: "Principal with Effect, Action and Condition"},
		},
	},
	{
		Kind: "AWS::QBusiness::Application",
		ARN:  "arn:{partition}:qbusiness:{region}:{account}:application/{name}",
		Resource: []Form{
			{Type: "AWS::QBusiness::Application", Attr: map[string]string{"ApplicationArn": "{arn}", "ApplicationId": "{name}"}},
		},
		Parts:          []Form{{Type: "AWS::QBusiness::Permission", Of: p("ApplicationId"), Read: inlineStatement("", "Principal", "Actions", ""), Where: "Principal with Actions; its conditions are left out"}},
		OnlyWithPolicy: true,
	},
	{
		Kind: "AWS::DSQL::Cluster",
		ARN:  "arn:{partition}:dsql:{region}:{account}:cluster/{name}",
		Resource: []Form{
			{Type: "AWS::DSQL::Cluster", Policy: p("PolicyDocument"), Attr: map[string]string{"ResourceArn": "{arn}", "Identifier": "{name}"}},
			{Type: "aws_dsql_cluster", Attr: map[string]string{"identifier": "{name}"}},
		},
		Parts: []Form{{Type: "aws_dsql_cluster_policy", Of: p("identifier"), Policy: p("policy")}},
	},
}

const kafkaARN = "arn:{partition}:kafka:{region}:{account}:cluster/{name}/{id}"

// Development, operation, keys, networks.
var operations = []Row{
	{
		Kind: "AWS::CodeArtifact::Domain",
		ARN:  "arn:{partition}:codeartifact:{region}:{account}:domain/{name}",
		Resource: []Form{
			{Type: "AWS::CodeArtifact::Domain", Name: "DomainName", Policy: p("PermissionsPolicyDocument"), Attr: refARN},
			{Type: "aws_codeartifact_domain", Name: "domain", Attr: idARN},
		},
		Parts: []Form{{Type: "aws_codeartifact_domain_permissions_policy", Of: p("domain"), Policy: p("policy_document")}},
	},
	{
		Kind: "AWS::CodeArtifact::Repository",
		ARN:  "arn:{partition}:codeartifact:{region}:{account}:repository/*/{name}",
		Resource: []Form{
			{Type: "AWS::CodeArtifact::Repository", Name: "RepositoryName", ARN: "arn:{partition}:codeartifact:{region}:{account}:repository/{DomainName}/{name}", Policy: p("PermissionsPolicyDocument"), Attr: refARN},
			{Type: "aws_codeartifact_repository", Name: "repository", ARN: "arn:{partition}:codeartifact:{region}:{account}:repository/{domain}/{name}", Attr: idARN},
		},
		Parts: []Form{{Type: "aws_codeartifact_repository_permissions_policy", Of: p("repository"), Policy: p("policy_document")}},
	},
	{
		Kind: "AWS::CodeBuild::Project",
		ARN:  "arn:{partition}:codebuild:{region}:{account}:project/{name}",
		Resource: []Form{
			{Type: "aws_codebuild_project", Name: "name", Attr: idARN},
			{Type: "aws_codebuild_report_group", Name: "name", ARN: "arn:{partition}:codebuild:{region}:{account}:report-group/{name}", Attr: idARN},
		},
		Parts:          []Form{{Type: "aws_codebuild_resource_policy", Of: p("resource_arn"), Policy: p("policy")}},
		OnlyWithPolicy: true,
	},
	{
		Kind: "AWS::CodeGuruProfiler::ProfilingGroup",
		ARN:  "arn:{partition}:codeguru-profiler:{region}:{account}:profilingGroup/{name}",
		Resource: []Form{
			{Type: "AWS::CodeGuruProfiler::ProfilingGroup", Name: "ProfilingGroupName", Read: sharedFor(p("codeguru-profiler:ConfigureAgent", "codeguru-profiler:PostAgentProfile"), "AgentPermissions.Principals"), Where: "AgentPermissions.Principals"},
		},
	},
	{
		Kind: "AWS::Signer::SigningProfile",
		ARN:  "arn:{partition}:signer:{region}:{account}:/signing-profiles/{name}",
		Resource: []Form{
			{Type: "AWS::Signer::SigningProfile", Name: "ProfileName", Attr: refARN},
			{Type: "aws_signer_signing_profile", Name: "name"},
		},
		Parts: []Form{
			{Type: "AWS::Signer::ProfilePermission", Of: p("ProfileName"), Read: inlineStatement("", "Principal", "Action", ""), Where: "Principal with Action"},
			{Type: "aws_signer_signing_profile_permission", Of: p("profile_name"), Read: inlineStatement("", "principal", "action", ""), Where: "principal with action"},
		},
	},
	{
		Kind:    "AWS::SES::EmailIdentity",
		Several: true,
		ARN:     "arn:{partition}:ses:{region}:{account}:identity/{name}",
		Resource: []Form{
			{Type: "aws_ses_email_identity", Name: "email"},
			{Type: "aws_ses_domain_identity", Name: "domain"},
			{Type: "aws_sesv2_email_identity", Name: "email_identity"},
		},
		Parts: []Form{
			{Type: "aws_ses_identity_policy", Of: p("identity"), Policy: p("policy")},
			{Type: "aws_sesv2_email_identity_policy", Of: p("email_identity"), Policy: p("policy")},
		},
	},
	{
		Kind: "AWS::SSM::ResourcePolicy",
		ARN:  "",
		Resource: []Form{
			{Type: "AWS::SSM::ResourcePolicy", ARN: "{ResourceArn}", Policy: p("Policy")},
		},
	},
	{
		Kind: "AWS::SMSVOICE::ResourcePolicy",
		ARN:  "",
		Resource: []Form{
			{Type: "AWS::SMSVOICE::ResourcePolicy", ARN: "{ResourceArn}", Policy: p("PolicyDocument")},
			{Type: "aws_pinpointsmsvoicev2_resource_policy", ARN: "{resource_arn}", Policy: p("policy")},
		},
	},
	{
		Kind: "AWS::AIOps::InvestigationGroup",
		ARN:  "arn:{partition}:aiops:{region}:{account}:investigation-group/{id}",
		Resource: []Form{
			{Type: "AWS::AIOps::InvestigationGroup", Policy: p("InvestigationGroupPolicy"), Attr: refARN},
		},
	},
	{
		Kind: "AWS::Organizations::ResourcePolicy",
		ARN:  "",
		Resource: []Form{
			{Type: "AWS::Organizations::ResourcePolicy", Policy: p("Content")},
			{Type: "aws_organizations_resource_policy", Policy: p("content")},
		},
	},
	{
		Kind: "AWS::ACMPCA::CertificateAuthority",
		ARN:  "arn:{partition}:acm-pca:{region}:{account}:certificate-authority/{id}",
		Resource: []Form{
			{Type: "AWS::ACMPCA::CertificateAuthority", Attr: refARN},
			{Type: "aws_acmpca_certificate_authority", Attr: idARN},
		},
		Parts: []Form{
			{Type: "AWS::ACMPCA::Permission", Of: p("CertificateAuthorityArn"), Read: authorityPermission("Principal", "Actions", "SourceAccount"), Where: "Principal with Actions"},
			{Type: "aws_acmpca_policy", Of: p("resource_arn"), Policy: p("policy")},
			{Type: "aws_acmpca_permission", Of: p("certificate_authority_arn"), Read: authorityPermission("principal", "actions", "source_account"), Where: "principal with actions"},
		},
	},
	{
		Kind: "AWS::PaymentCryptography::Key",
		ARN:  "arn:{partition}:payment-cryptography:{region}:{account}:key/{id}",
		Resource: []Form{
			{Type: "AWS::PaymentCryptography::Key", Policy: p("Policy"), Attr: map[string]string{"Ref": "{arn}", "KeyIdentifier": "{arn}"}},
		},
	},
	{
		Kind: "AWS::NetworkFirewall::FirewallPolicy",
		ARN:  "arn:{partition}:network-firewall:{region}:{account}:firewall-policy/{name}",
		Resource: []Form{
			{Type: "aws_networkfirewall_firewall_policy", Name: "name", Attr: idARN},
			{Type: "aws_networkfirewall_rule_group", Name: "name", ARN: "arn:{partition}:network-firewall:{region}:{account}:{type}-rulegroup/{name}", Attr: idARN},
		},
		Parts:          []Form{{Type: "aws_networkfirewall_resource_policy", Of: p("resource_arn"), Policy: p("policy")}},
		OnlyWithPolicy: true,
	},
	{
		Kind: "AWS::EC2::VPCEndpointService",
		ARN:  "arn:{partition}:ec2:{region}:{account}:vpc-endpoint-service/{name}",
		Resource: []Form{
			{Type: "AWS::EC2::VPCEndpointService", Attr: map[string]string{"ServiceId": "{name}"}},
			{Type: "aws_vpc_endpoint_service", Read: shared("allowed_principals"), Where: "allowed_principals"},
		},
		Parts: []Form{
			{Type: "AWS::EC2::VPCEndpointServicePermissions", Of: p("ServiceId"), Read: shared("AllowedPrincipals"), Where: "AllowedPrincipals"},
			{Type: "aws_vpc_endpoint_service_allowed_principal", Of: p("vpc_endpoint_service_id"), Read: shared("principal_arn"), Where: "principal_arn"},
		},
	},
	{
		Kind: "AWS::EC2::NetworkInterfacePermission",
		ARN:  "",
		Resource: []Form{
			{Type: "AWS::EC2::NetworkInterfacePermission", ARN: "arn:{partition}:ec2:{region}:{account}:network-interface/{NetworkInterfaceId}", Read: shared("AwsAccountId"), Where: "AwsAccountId"},
			{Type: "aws_network_interface_permission", ARN: "arn:{partition}:ec2:{region}:{account}:network-interface/{network_interface_id}", Read: shared("aws_account_id"), Where: "aws_account_id"},
		},
	},
}

// Sharing lists, and what only limits.
var shares = []Row{
	{
		Kind:     "AWS::EC2::Image",
		ARN:      "arn:{partition}:ec2:{region}::image/{name}",
		Combined: "launch permissions, Block Public Access of the account",
		Resource: []Form{
			{Type: "aws_ami"}, {Type: "aws_ami_copy"}, {Type: "aws_ami_from_instance"},
			{Type: "AWS::ImageBuilder::DistributionConfiguration", Name: "Name", ARN: imagesARN, Read: imageSharing, Where: "Distributions[].AmiDistributionConfiguration.LaunchPermissionConfiguration", Attr: map[string]string{"Ref": builderARN, "Arn": builderARN}},
			{Type: "aws_imagebuilder_distribution_configuration", Name: "name", ARN: imagesARN, Read: imageSharing, Where: "distribution[].ami_distribution_configuration[].launch_permission[]", Attr: map[string]string{"id": builderARN, "arn": builderARN}},
		},
		Parts: []Form{
			{Type: "aws_ami_launch_permission", Of: p("image_id"), Read: shared("account_id", "group", "organization_arn", "organizational_unit_arn"), Where: "account_id, group, organization_arn, organizational_unit_arn"},
			{Type: "aws_ec2_image_block_public_access", Of: p(all), Setting: true, Read: newImages, Where: "state"},
		},
	},
	{
		Kind:     shareKind,
		ARN:      "arn:{partition}:ram:{region}:{account}:resource-share/{id}",
		Combined: "principals, whether they may be outside the organization",
		Resource: []Form{
			{Type: "AWS::RAM::ResourceShare", Read: shared("Principals"), Where: "Principals", Attr: refARN},
			{Type: "aws_ram_resource_share", Attr: idARN},
		},
		Parts:  []Form{{Type: "aws_ram_principal_association", Of: p("resource_share_arn"), Read: shared("principal"), Where: "principal"}},
		Settle: settleShare,
	},
	{
		Kind: "AWS::SSM::Document",
		ARN:  "arn:{partition}:ssm:{region}:{account}:document/{name}",
		Resource: []Form{
			{Type: "aws_ssm_document", Name: "name", Read: documentPermissions, Where: "permissions"},
		},
	},
	{
		Kind: "AWS::ServiceCatalog::Portfolio",
		ARN:  "arn:{partition}:catalog:{region}:{account}:portfolio/{name}",
		Resource: []Form{
			{Type: "AWS::ServiceCatalog::Portfolio", Attr: map[string]string{"Id": "{name}"}},
			{Type: "aws_servicecatalog_portfolio"},
		},
		Parts: []Form{
			{Type: "AWS::ServiceCatalog::PortfolioShare", Of: p("PortfolioId"), Read: shared("AccountId"), Where: "AccountId"},
			{Type: "aws_servicecatalog_portfolio_share", Of: p("portfolio_id"), Read: shared("principal_id"), Where: "principal_id"},
		},
	},
	{
		Kind: "AWS::Config::AggregationAuthorization",
		ARN:  "arn:{partition}:config:{region}:{account}:aggregation-authorization/{id}",
		Resource: []Form{
			{Type: "AWS::Config::AggregationAuthorization", Read: shared("AuthorizedAccountId"), Where: "AuthorizedAccountId"},
			{Type: "aws_config_aggregate_authorization", Read: shared("account_id"), Where: "account_id"},
		},
	},
	{
		Kind: "AWS::GlobalAccelerator::CrossAccountAttachment",
		ARN:  "arn:{partition}:globalaccelerator::{account}:attachment/{id}",
		Resource: []Form{
			{Type: "AWS::GlobalAccelerator::CrossAccountAttachment", Read: shared("Principals"), Where: "Principals", Attr: refARN},
			{Type: "aws_globalaccelerator_cross_account_attachment", Read: shared("principals"), Where: "principals"},
		},
	},
	{
		Kind: "AWS::LicenseManager::Grant",
		ARN:  "arn:{partition}:license-manager::{account}:grant:{id}",
		Resource: []Form{
			{Type: "AWS::LicenseManager::Grant", Read: shared("Principals"), Where: "Principals", Attr: refARN},
			{Type: "aws_licensemanager_grant", Read: shared("principal"), Where: "principal", Attr: idARN},
		},
	},
	{
		Kind: "AWS::Route53::HostedZone",
		ARN:  "arn:{partition}:route53:::hostedzone/{name}",
		Resource: []Form{
			{Type: "aws_route53_zone", Attr: map[string]string{"zone_id": "{name}"}, Where: "it is shared by VPC, which the code gives no account for"},
		},
		OnlyWithPolicy: true,
	},
	{
		Kind: "AWS::EC2::VPCEndpoint",
		ARN:  "arn:{partition}:ec2:{region}:{account}:vpc-endpoint/{name}",
		Resource: []Form{
			{Type: "AWS::EC2::VPCEndpoint", Policy: p("PolicyDocument")},
			{Type: "aws_vpc_endpoint", Policy: p("policy")},
		},
		Parts:    []Form{{Type: "aws_vpc_endpoint_policy", Of: p("vpc_endpoint_id"), Policy: p("policy")}},
		Combined: "limits what passes, grants nothing",
	},
	{
		Kind: "AWS::IoT::Policy",
		ARN:  "arn:{partition}:iot:{region}:{account}:policy/{name}",
		Resource: []Form{
			{Type: "AWS::IoT::Policy", Name: "PolicyName", Where: "PolicyDocument, in a language of its own"},
			{Type: "aws_iot_policy", Name: "name", Where: "policy, in a language of its own"},
		},
		Combined: "grants to certificates of the account, no principal",
	},
	{
		Kind: "AWS::IAM::Policy",
		ARN:  "arn:{partition}:iam::{account}:policy{path:Path}{name}",
		Resource: []Form{
			{Type: "AWS::IAM::ManagedPolicy", Name: "ManagedPolicyName", Policy: p("PolicyDocument"), Attr: map[string]string{"Ref": "{arn}", "PolicyArn": "{arn}"}},
			{Type: "AWS::IAM::Policy", AnyARN: true, Policy: p("PolicyDocument")},
			{Type: "AWS::IAM::RolePolicy", AnyARN: true, Policy: p("PolicyDocument")},
			{Type: "AWS::IAM::UserPolicy", AnyARN: true, Policy: p("PolicyDocument")},
			{Type: "AWS::IAM::GroupPolicy", AnyARN: true, Policy: p("PolicyDocument")},
			{Type: "aws_iam_policy", Name: "name", ARN: policyARN, Policy: p("policy"), Attr: map[string]string{"id": policyARN}},
			{Type: "aws_iam_role_policy", Name: "name", AnyARN: true, Policy: p("policy")},
			{Type: "aws_iam_user_policy", Name: "name", AnyARN: true, Policy: p("policy")},
			{Type: "aws_iam_group_policy", Name: "name", AnyARN: true, Policy: p("policy")},
			{Type: "AWS::IAM::Role", AnyARN: true, Policy: p("Policies.PolicyDocument"), Has: p("Policies")},
			{Type: "AWS::IAM::User", Name: "UserName", ARN: "arn:{partition}:iam::{account}:user{path:Path}{name}", AnyARN: true, Policy: p("Policies.PolicyDocument"), Has: p("Policies")},
			{Type: "AWS::IAM::Group", Name: "GroupName", ARN: "arn:{partition}:iam::{account}:group{path:Path}{name}", AnyARN: true, Policy: p("Policies.PolicyDocument"), Has: p("Policies")},
			{Type: "AWS::SSO::PermissionSet", AnyARN: true, Policy: p("InlinePolicy"), Has: p("InlinePolicy")},
			{Type: "aws_iam_role", AnyARN: true, Policy: p("inline_policy.policy"), Has: p("inline_policy")},
			{Type: "aws_ssoadmin_permission_set_inline_policy", AnyARN: true, Policy: p("inline_policy")},
		},
		Combined: "grants to identities of the account, no principal",
	},
	{
		Kind: "AWS::Organizations::Policy",
		ARN:  "",
		Resource: []Form{
			{Type: "AWS::Organizations::Policy", Name: "Name", Read: organizationPolicy, Where: "Content", Attr: map[string]string{"Ref": "{Id}", "Id": "{Id}"}},
			{Type: "aws_organizations_policy", Name: "name", Read: organizationPolicy, Where: "content", Attr: map[string]string{"id": "{id}"}},
		},
		Combined: "limits what accounts may do, grants nothing",
	},
}

const (
	policyARN  = "arn:{partition}:iam::{account}:policy{path:path}{name}"
	builderARN = "arn:{partition}:imagebuilder:{region}:{account}:distribution-configuration/{name}"
	imagesARN  = "arn:{partition}:ec2:{region}::image/*" // of the images that it will make
)
