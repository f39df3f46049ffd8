"""Application Auto Scaling: tags of scalable targets, which moto lacks."""

import json

from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse

from .corrections import added, wrapped

TAGS = {}


@wrapped(ApplicationAutoScalingResponse)
def register_scalable_target(original, self):
    """RegisterScalableTarget takes `Tags`."""
    answer = original(self)
    arn = json.loads(answer)["ScalableTargetARN"]
    TAGS.setdefault(arn, {}).update(self._get_param("Tags") or {})
    return answer


@added(ApplicationAutoScalingResponse)
def list_tags_for_resource(self):
    """ListTagsForResource: the tags as a map."""
    return json.dumps({"Tags": TAGS.get(self._get_param("ResourceARN"), {})})


@added(ApplicationAutoScalingResponse)
def tag_resource(self):
    """TagResource: adds or changes tags."""
    TAGS.setdefault(self._get_param("ResourceARN"), {}).update(self._get_param("Tags"))
    return "{}"


@added(ApplicationAutoScalingResponse)
def untag_resource(self):
    """UntagResource: removes the tags of `TagKeys`."""
    for key in self._get_param("TagKeys"):
        TAGS.get(self._get_param("ResourceARN"), {}).pop(key, None)
    return "{}"
