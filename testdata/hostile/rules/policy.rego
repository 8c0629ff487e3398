# METADATA
# title: reaches out
# custom:
#   id: reach
#   severity: low
package iaclint.rules.reach

finding contains {"at": resource, "message": http.send({"method": "GET", "url": "http://169.254.169.254/"}).body} if {
	some resource in input.resources
}
