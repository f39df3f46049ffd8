//! Host names as a load balancer compares them. Knows nothing about where they are written.

/// How many values the conditions of one listener rule may have in all: "Quotas for your Application Load Balancers".
pub const CONDITION_VALUES: usize = 5;

/// Whether a load balancer can compare a text with the host of a request: letters, digits, `-`, `.`, and the wildcards
/// `*` and `?`, at most 128 characters and with a dot, as the API of `CreateRule` says.
pub fn is_host_pattern(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-.*?".contains(c);
    text.len() <= 128 && text.contains('.') && !text.starts_with('.') && text.chars().all(allowed)
}

/// Whether a text can be the id of a Route 53 hosted zone: `Z0123456789ABCDEFGHIJ`. Route 53 API, `ResourceId`.
pub fn is_zone_id(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    text.starts_with('Z') && text.len() <= 32 && text.bytes().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_is_named_by_its_id() {
        assert!(is_zone_id("Z1") && is_zone_id("Z0123456789ABCDEFGHIJ"));
        for bad in ["", "example.com", "z1", "A1", "Z1/", &"Z".repeat(33)] {
            assert!(!is_zone_id(bad), "{bad}");
        }
    }

    #[test]
    fn names_and_wildcards_are_told_from_urls() {
        for good in ["a.example", "*.shop.example.com", "A-1.example", "a?.example"] {
            assert!(is_host_pattern(good), "{good}");
        }
        for bad in
            ["", "localhost", "https://a.example", "a.example/", "a b.example", ".example", &"a.".repeat(65)]
        {
            assert!(!is_host_pattern(bad), "{bad}");
        }
    }
}
