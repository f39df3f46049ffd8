"""IAM: credentials for single services, which moto lacks."""

from moto.core.responses import ActionResult
from moto.iam.responses import IamResponse

from .corrections import added


@added(IamResponse)
def list_service_specific_credentials(self):
    """ListServiceSpecificCredentials: an empty list for a user who has none, and nothing here makes any."""
    self.backend.get_user(self._get_param("UserName"))
    return ActionResult({"ServiceSpecificCredentials": [], "IsTruncated": False})
