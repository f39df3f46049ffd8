//! ARNs and addresses as the input has them: with placeholders where an account should be.

/// The account of an ARN or of the address of an ECR repository, if it is one.
pub fn account(text: &str) -> Option<&str> {
    let found = match text.strip_prefix("arn:") {
        Some(_) => text.split(':').nth(4)?,
        None => text.split_once(".dkr.ecr.")?.0,
    };
    is_account(found).then_some(found)
}

/// The region of an ARN or of the address of an ECR repository.
pub fn region(text: &str) -> Option<&str> {
    let found = match text.strip_prefix("arn:") {
        Some(_) => text.split(':').nth(3)?,
        None => text.split_once(".dkr.ecr.")?.1.split('.').next()?,
    };
    crate::aws::region::is_region(found).then_some(found)
}

/// An ARN with account and region where it has placeholders.
pub fn complete(arn: &str, region: &str, account: &str) -> String {
    let mut parts: Vec<&str> = arn.splitn(6, ':').collect();
    if let [_, partition, _, at_region, at_account, _] = &mut parts[..] {
        if !at_account.is_empty() && !is_account(at_account) {
            *at_account = account;
        }
        if !at_region.is_empty() && !crate::aws::region::is_region(at_region) {
            *at_region = region;
        }
        if !partition.starts_with("aws") {
            *partition = "aws";
        }
    }
    parts.join(":")
}

/// Whether a text is twelve digits.
pub fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A role as a stack wants it: its ARN, or its name where the ARN has placeholders.
pub fn role(arn: &str) -> String {
    match account(arn) {
        Some(_) => arn.to_owned(),
        None => arn.rsplit('/').next().unwrap_or(arn).to_owned(),
    }
}

/// Whether a text is an id that AWS gives to something of a kind, such as `subnet-`, and no placeholder.
pub fn is_id(text: &str, kind: &str) -> bool {
    let digits = text.strip_prefix(kind).unwrap_or_default();
    digits.len() >= 8 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The ARN of a secret or parameter that is known by ARN or name.
pub fn whole(from: &str, region: &str, account: &str) -> String {
    match from.starts_with("arn:") {
        true => stored(&complete(from, region, account)),
        false => format!("arn:aws:ssm:{region}:{account}:parameter/{}", from.trim_start_matches('/')),
    }
}

/// An ARN with one of the services that keep secrets, where a placeholder or a slip stands in its place.
fn stored(arn: &str) -> String {
    let mut parts: Vec<&str> = arn.split(':').collect();
    match parts.get_mut(2) {
        Some(service) if !matches!(*service, "ssm" | "secretsmanager") => {
            *service = if arn.contains(":parameter/") { "ssm" } else { "secretsmanager" };
        }
        _ => {}
    }
    parts.join(":")
}

/// What to call a secret that exists: the last part of its name, without the six characters that AWS adds.
pub fn stored_name(arn: &str) -> &str {
    let name = arn.rsplit([':', '/']).next().unwrap_or(arn);
    match name.rsplit_once('-') {
        Some((start, suffix)) if suffix.len() == 6 && arn.contains(":secretsmanager:") => start,
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_kept_by_one_of_two_services() {
        for (from, expected) in [
            (
                "arn:aws:ssm:eu-west-1:111111111111:parameter/a",
                "arn:aws:ssm:eu-west-1:111111111111:parameter/a",
            ),
            (
                "arn:aws:${S}:eu-west-1:111111111111:parameter/a",
                "arn:aws:ssm:eu-west-1:111111111111:parameter/a",
            ),
            ("arn:aws:x:y:z:secret:a", "arn:aws:secretsmanager:us-east-1:222222222222:secret:a"),
            ("/a", "arn:aws:ssm:us-east-1:222222222222:parameter/a"),
        ] {
            assert_eq!(whole(from, "us-east-1", "222222222222"), expected, "{from}");
        }
    }

    #[test]
    fn accounts_and_regions_are_found_where_they_are_real() {
        assert_eq!(account("111122223333.dkr.ecr.eu-west-1.amazonaws.com/a"), Some("111122223333"));
        assert_eq!(region("111122223333.dkr.ecr.eu-west-1.amazonaws.com/a"), Some("eu-west-1"));
        assert_eq!(account("arn:aws:iam::ACCOUNT:role/x"), None);
        assert_eq!(region("arn:aws:ssm:eu-west-1:1:parameter/x"), Some("eu-west-1"));
        assert_eq!((account("nginx"), region("nginx")), (None, None));
    }

    #[test]
    fn placeholders_are_filled() {
        let arn = complete("arn:aws:ssm:REGION:ACCOUNT_ID:parameter/a:b", "eu-west-1", "111122223333");
        assert_eq!(arn, "arn:aws:ssm:eu-west-1:111122223333:parameter/a:b");
        assert_eq!(
            complete("arn:aws:iam::111122223333:role/x", "r", "a"),
            "arn:aws:iam::111122223333:role/x"
        );
        assert_eq!(role("arn:aws:iam::ACCOUNT_ID:role/path/x"), "x");
        assert_eq!(role("arn:aws:iam::111122223333:role/x"), "arn:aws:iam::111122223333:role/x");
    }

    #[test]
    fn ids_are_told_from_placeholders() {
        assert!(is_id("fs-0a1b2c3d", "fs-") && is_id("subnet-0a1b2c3d4e5f60001", "subnet-"));
        assert!(!is_id("fs-", "fs-") && !is_id("fs-placeholder", "fs-") && !is_id("0a1b2c3d", "fs-"));
    }
}
