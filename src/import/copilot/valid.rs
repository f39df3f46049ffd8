//! Whether a text can be what AWS wants in its place: what cannot is for a person to write, and breaks no stack.

use crate::aws::{cidr, hosts};
use crate::import::arn;
use crate::import::environments::ENVIRONMENT_NAME;

/// A host, perhaps with the name of the environment in it.
pub(super) fn host(text: &str) -> bool {
    hosts::is_host_pattern(&text.replace(ENVIRONMENT_NAME, "x"))
}

/// A domain that a CDN serves.
pub(super) fn domain(text: &str) -> bool {
    host(text) && !text.contains(['*', '?']) && !text.ends_with('.') && !text.contains("..")
}

/// The ARN of a certificate of ACM.
pub(super) fn certificate(arn: &str) -> bool {
    let whole = arn::account(arn).is_some() && arn::region(arn).is_some();
    let id = arn.rsplit_once(":certificate/").is_some_and(|(_, id)| !id.is_empty());
    whole && arn.contains(":acm:") && id && word(arn, ":/-_")
}

/// An identifier with a prefix: `sg-`, `subnet-`.
pub(super) fn identifier(text: &str, prefix: &str) -> bool {
    text.strip_prefix(prefix).is_some_and(|rest| !rest.is_empty() && word(rest, "-"))
}

/// A range of addresses.
pub(super) fn range(text: &str) -> bool {
    cidr::parse(text).is_ok()
}

/// A range that a VPC can have.
pub(super) fn network(text: &str) -> bool {
    cidr::parse(text).is_ok_and(|range| (16..=20).contains(&range.prefix_len()))
}

/// A pattern of paths of a load balancer.
pub(super) fn pattern(path: &str) -> bool {
    path.starts_with('/') && path.len() <= 128 && word(path, "_-.$/~\"'@:+&*?")
}

/// The name of a branch.
pub(super) fn branch(text: &str) -> bool {
    !text.is_empty() && word(text, "-_./")
}

/// The name of a build argument.
pub(super) fn argument(text: &str) -> bool {
    !text.is_empty() && word(text, "_") && !text.starts_with(|c: char| c.is_ascii_digit())
}

/// The ARN of a parameter or of a secret.
pub(super) fn stored(arn: &str) -> bool {
    [":ssm:", ":secretsmanager:"].iter().any(|service| arn.contains(service))
}

fn word(text: &str, also: &str) -> bool {
    text.chars().all(|c| c.is_ascii_alphanumeric() || also.contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_aws_would_refuse_is_known() {
        assert!(host("\u{1}.example.com") && !host("example.co'm") && !host("localhost"));
        assert!(domain("a.example.com") && !domain("*.example.com"));
        assert!(
            certificate("arn:aws:acm:us-east-1:111122223333:certificate/0a1b")
                && !certificate("arn:aws:acm:us-east-1:111122223333:certificate/")
                && !certificate("mock-cert")
        );
        assert!(identifier("sg-0a1b", "sg-") && !identifier("sg-", "sg-") && !identifier("vpc-1", "sg-"));
        assert!(
            range("10.0.0.0/8") && !range("10.0.0.1/8") && network("10.0.0.0/16") && !network("10.0.0.0/8")
        );
        assert!(pattern("/a/*") && !pattern("/a b") && !pattern("a"));
        assert!(branch("release/1") && !branch("") && argument("A_1") && !argument("1A"));
        assert!(stored("arn:aws:ssm:eu-west-1:1:parameter/x") && !stored("arn:aws:s3:::x"));
    }
}
