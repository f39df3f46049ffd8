"""EFS: policies that can be changed and deleted."""

import json

from moto.efs.models import FileSystem
from moto.efs.responses import EFSResponse

from .corrections import added

DONE = {"ENABLING": "ENABLED", "DISABLING": "DISABLED"}


@added(EFSResponse)
def put_backup_policy(self):
    """PutBackupPolicy: the status of the request, once AWS Backup has been told; the transitional ones pass by."""
    status = self._get_param("BackupPolicy")["Status"]
    file_system = self.efs_backend.describe_file_systems(file_system_id=self._get_param("FileSystemId"))[1][0]
    file_system._backup_status = DONE.get(status, status)
    return json.dumps({"BackupPolicy": {"Status": file_system._backup_status}}), {"Content-Type": "application/json"}


@added(EFSResponse)
def delete_file_system_policy(self):
    """DeleteFileSystemPolicy: back to the default policy, of which DescribeFileSystemPolicy says PolicyNotFound."""
    file_system = self.efs_backend.describe_file_systems(file_system_id=self._get_param("FileSystemId"))[1][0]
    file_system.file_system_policy = None
    return "", {"status": 200}


original = FileSystem.backup_policy


# DescribeBackupPolicy: a policy that was put stays, disabled ones as well.
FileSystem.backup_policy = property(
    lambda self: {"Status": self._backup_status} if hasattr(self, "_backup_status") else original.fget(self)
)
