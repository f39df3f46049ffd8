"""CloudFront: distributions that use cache policies, origin access controls and certificates of ACM."""

from moto.cloudfront.models import DefaultCacheBehaviour, Origin, ViewerCertificate

from .corrections import after_init


@after_init(DefaultCacheBehaviour)
def _(self, config):
    """DefaultCacheBehavior: with a cache policy there are neither `ForwardedValues` nor the deprecated TTLs."""
    if config.get("CachePolicyId"):
        self.forwarded_values = self.min_ttl = self.default_ttl = self.max_ttl = None


@after_init(Origin)
def _(self, origin):
    """Origin has `OriginAccessControlId`."""
    self.origin_access_control_id = origin.get("OriginAccessControlId")


@after_init(ViewerCertificate)
def _(self, config):
    """ViewerCertificate: the certificates that are not used are left out, and `CloudFrontDefaultCertificate` is false where
    one of them is. Moto has empty texts."""
    self.acm_certificate_arn = config.get("ACMCertificateArn")
    self.iam_certificate_id = config.get("IAMCertificateId")
    if self.acm_certificate_arn or self.iam_certificate_id:
        self.cloud_front_default_certificate = False
