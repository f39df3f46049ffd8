//! The rules of the managed rule groups of AWS WAF, which can be made to count instead of block.

/// The rules of `AWSManagedRulesCommonRuleSet` (AWS WAF Developer Guide, "Baseline rule groups").
pub const COMMON: &[&str] = &[
    "CrossSiteScripting_BODY",
    "CrossSiteScripting_COOKIE",
    "CrossSiteScripting_QUERYARGUMENTS",
    "CrossSiteScripting_URIPATH",
    "EC2MetaDataSSRF_BODY",
    "EC2MetaDataSSRF_COOKIE",
    "EC2MetaDataSSRF_QUERYARGUMENTS",
    "EC2MetaDataSSRF_URIPATH",
    "GenericLFI_BODY",
    "GenericLFI_QUERYARGUMENTS",
    "GenericLFI_URIPATH",
    "GenericRFI_BODY",
    "GenericRFI_QUERYARGUMENTS",
    "GenericRFI_URIPATH",
    "NoUserAgent_HEADER",
    "RestrictedExtensions_QUERYARGUMENTS",
    "RestrictedExtensions_URIPATH",
    "SizeRestrictions_BODY",
    "SizeRestrictions_Cookie_HEADER",
    "SizeRestrictions_QUERYSTRING",
    "SizeRestrictions_URIPATH",
    "UserAgent_BadBots_HEADER",
];

/// The rules of `AWSManagedRulesKnownBadInputsRuleSet` (the same page).
pub const KNOWN_BAD_INPUTS: &[&str] = &[
    "ExploitablePaths_URIPATH",
    "Host_localhost_HEADER",
    "JavaDeserializationRCE_BODY",
    "JavaDeserializationRCE_HEADER",
    "JavaDeserializationRCE_QUERYSTRING",
    "JavaDeserializationRCE_URIPATH",
    "Log4JRCE_BODY",
    "Log4JRCE_HEADER",
    "Log4JRCE_QUERYSTRING",
    "Log4JRCE_URIPATH",
    "PROPFIND_METHOD",
    "ReactJSRCE_BODY",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_stands_once_and_in_one_group() {
        for group in [COMMON, KNOWN_BAD_INPUTS] {
            assert!(group.is_sorted_by(|one, other| one < other));
        }
        assert!(!COMMON.iter().any(|rule| KNOWN_BAD_INPUTS.contains(rule)));
    }
}
