"""Secrets Manager: secrets that another service owns."""

from moto.secretsmanager.models import SecretsManagerBackend

from .corrections import wrapped


@wrapped(SecretsManagerBackend)
def cancel_rotate_secret(original, self, secret_id):
    """CancelRotateSecret turns off the rotation of a secret that RDS owns, too: it rotates without a Lambda function
    (Secrets Manager user guide, "Managed rotation"). Moto insists on a function. Terraform's provider relies on it:
    hashicorp/terraform-provider-aws#49659, and terraform-aws-modules/terraform-aws-rds#580 before that."""
    secret = self.secrets[secret_id]
    if secret.name.startswith("rds!"):
        secret.rotation_enabled = False
        return secret.to_short_dict()
    return original(self, secret_id)
