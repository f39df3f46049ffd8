"""CodePipeline: the time when a pipeline was made."""

from moto.codepipeline.models import CodePipeline

# PipelineMetadata: `created` and `updated` are timestamps, which are numbers in JSON 1.1; moto answers with text.
CodePipeline.metadata = property(
    lambda self: {
        "pipelineArn": self._arn,
        "created": self._created.timestamp(),
        "updated": self._updated.timestamp(),
    }
)
