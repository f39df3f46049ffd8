//! What CloudFront has under fixed names: managed policies, price classes, the region of its certificates.

/// The managed cache policy `CachingOptimized`: compressed, no cookies or query strings in the key, as long as the origin
/// says and a day otherwise. Source: CloudFront Developer Guide, "Use managed cache policies".
pub const CACHING_OPTIMIZED: &str = "658327ea-f89d-4fab-a63d-7e88639e58f6";

/// The prefix of every certificate that a distribution can have: it has to be in this one region. Source: CloudFront
/// Developer Guide, "Requirements for using SSL/TLS certificates with CloudFront".
pub const CERTIFICATE_PREFIX: &str = "arn:aws:acm:us-east-1:";

/// Whether a text is the ARN of a certificate that a distribution can have.
pub fn is_certificate(arn: &str) -> bool {
    let rest = arn.strip_prefix(CERTIFICATE_PREFIX).and_then(|rest| rest.split_once(":certificate/"));
    rest.is_some_and(|(account, id)| account.len() == 12 && !id.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn certificates_of_one_region_only_do() {
        assert!(is_certificate("arn:aws:acm:us-east-1:111111111111:certificate/0a1b"));
        for bad in [
            "arn:aws:acm:eu-west-1:111111111111:certificate/0a1b",
            "arn:aws:acm:us-east-1:111111111111:certificate/",
            "arn:aws:acm:us-east-1:certificate/0a1b",
            "0a1b",
        ] {
            assert!(!is_certificate(bad), "{bad}");
        }
    }
}
