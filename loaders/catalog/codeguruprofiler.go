package catalog

var codeguruprofilerRows = []Row{
	{
		Kind: "AWS::CodeGuruProfiler::ProfilingGroup",
		ARN:  "arn:{partition}:codeguru-profiler:{region}:{account}:profilingGroup/{name}",
		Resource: []Form{
			{Type: "AWS::CodeGuruProfiler::ProfilingGroup", Name: "ProfilingGroupName", Read: sharedFor(p("codeguru-profiler:ConfigureAgent", "codeguru-profiler:PostAgentProfile"), "AgentPermissions.Principals"), Where: "AgentPermissions.Principals"},
		},
	},
}
