# Package tags reads the tags of a resource, whichever language declares it.
package lib.tags

# may_be holds if a tag has a value, or if that is not known: who asks for what must
# not be reached should not take an answer that is missing for a no.
may_be(resource, key, value) if of(resource)[key] == value

may_be(resource, key, _) if of(resource)[key].unknown

may_be(resource, _, _) if resource.properties.tags.unknown

may_be(resource, _, _) if resource.properties.Tags.unknown

# of is an object of the tags that are known.
of(resource) := resource.properties.tags if {
	is_object(resource.properties.tags)
	not resource.properties.tags.unknown
}

else := {tag.Key: tag.Value | some tag in resource.properties.Tags} if is_array(resource.properties.Tags)

else := {}
