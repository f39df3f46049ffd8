"""CodeBuild: projects inside a pipeline, all their settings, and changing them."""

import json

from moto.codebuild import responses
from moto.codebuild.responses import CodeBuildResponse
from moto.core.responses import ActionResult

from .corrections import added, wrapped


def outside_pipelines(check):
    """ProjectSource and ProjectArtifacts: `location` is not used where the type is CODEPIPELINE. Moto asks for it."""
    return lambda settings: None if settings.get("type") == "CODEPIPELINE" else check(settings)


for name in ("_validate_required_params_source", "_validate_required_params_artifacts"):
    setattr(responses, name, outside_pipelines(getattr(responses, name)))


def keep(response, project):
    """The type Project has every member of the request; moto drops those it does not know."""
    project.update(json.loads(response.body))


@wrapped(CodeBuildResponse)
def create_project(original, self):
    """CreateProject."""
    answer = original(self)
    keep(self, answer.result["project"])
    return answer


@added(CodeBuildResponse)
def update_project(self):
    """UpdateProject: members that are not in the request stay."""
    project = self.codebuild_backend.codebuild_projects[self._get_param("name")].project_metadata
    keep(self, project)
    return ActionResult({"project": project})
