//! The regions of AWS, the partition each belongs to, and the letters of its zones.

use std::fmt;

/// A group of regions with its own accounts, ARNs and domain names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Partition {
    /// The commercial regions.
    Aws,
    /// Mainland China.
    AwsCn,
    /// GovCloud (US).
    AwsUsGov,
}

impl Partition {
    /// The second part of an ARN: `aws`, `aws-cn` or `aws-us-gov`.
    pub fn name(self) -> &'static str {
        match self {
            Partition::Aws => "aws",
            Partition::AwsCn => "aws-cn",
            Partition::AwsUsGov => "aws-us-gov",
        }
    }

    /// What the domain names of its services end in.
    ///
    /// Source: the `dnsSuffix` of the partition in the endpoint data of the AWS SDKs.
    pub fn dns_suffix(self) -> &'static str {
        match self {
            Partition::Aws | Partition::AwsUsGov => "amazonaws.com",
            Partition::AwsCn => "amazonaws.com.cn",
        }
    }
}

impl fmt::Display for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One region.
#[derive(Debug, Clone, Copy)]
pub struct Region {
    /// Its code: `eu-central-1`.
    pub name: &'static str,
    /// The partition it belongs to.
    pub partition: Partition,
}

/// The letters an availability zone can have.
///
/// A zone is its region followed by a letter (AWS Regions and Availability Zones, "AWS Availability Zones"). Which
/// letters a region has depends on the account: `ca-central-1` has a, b and d, and older accounts see letters in
/// `ap-northeast-1` that newer ones do not. So no letter up to f, the last one anywhere, can be called wrong.
const ZONE_LETTERS: &str = "abcdef";

/// All regions, by name.
///
/// Source: the regions of the partitions `aws`, `aws-cn` and `aws-us-gov` in the endpoint data of the AWS SDKs.
/// Provider 5.100 does not know `ap-southeast-6`.
pub const REGIONS: &[Region] = &[
    region("af-south-1", Partition::Aws),
    region("ap-east-1", Partition::Aws),
    region("ap-east-2", Partition::Aws),
    region("ap-northeast-1", Partition::Aws),
    region("ap-northeast-2", Partition::Aws),
    region("ap-northeast-3", Partition::Aws),
    region("ap-south-1", Partition::Aws),
    region("ap-south-2", Partition::Aws),
    region("ap-southeast-1", Partition::Aws),
    region("ap-southeast-2", Partition::Aws),
    region("ap-southeast-3", Partition::Aws),
    region("ap-southeast-4", Partition::Aws),
    region("ap-southeast-5", Partition::Aws),
    region("ap-southeast-6", Partition::Aws),
    region("ap-southeast-7", Partition::Aws),
    region("ca-central-1", Partition::Aws),
    region("ca-west-1", Partition::Aws),
    region("cn-north-1", Partition::AwsCn),
    region("cn-northwest-1", Partition::AwsCn),
    region("eu-central-1", Partition::Aws),
    region("eu-central-2", Partition::Aws),
    region("eu-north-1", Partition::Aws),
    region("eu-south-1", Partition::Aws),
    region("eu-south-2", Partition::Aws),
    region("eu-west-1", Partition::Aws),
    region("eu-west-2", Partition::Aws),
    region("eu-west-3", Partition::Aws),
    region("il-central-1", Partition::Aws),
    region("me-central-1", Partition::Aws),
    region("me-south-1", Partition::Aws),
    region("mx-central-1", Partition::Aws),
    region("sa-east-1", Partition::Aws),
    region("us-east-1", Partition::Aws),
    region("us-east-2", Partition::Aws),
    region("us-gov-east-1", Partition::AwsUsGov),
    region("us-gov-west-1", Partition::AwsUsGov),
    region("us-west-1", Partition::Aws),
    region("us-west-2", Partition::Aws),
];

const fn region(name: &'static str, partition: Partition) -> Region {
    Region { name, partition }
}

/// The region of that name.
pub fn find(name: &str) -> Option<&'static Region> {
    REGIONS.iter().find(|region| region.name == name)
}

/// Whether a region has that name.
pub fn is_region(name: &str) -> bool {
    find(name).is_some()
}

/// Whether `letter`, the `a` of `eu-central-1a`, can name an availability zone.
pub fn is_zone_letter(letter: &str) -> bool {
    letter.len() == 1 && ZONE_LETTERS.contains(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_are_sorted_and_unique() {
        assert!(REGIONS.is_sorted_by(|a, b| a.name < b.name));
        assert_eq!(REGIONS.len(), 38);
    }

    // Endpoint data of the AWS SDKs: a region's prefix decides its partition.
    #[test]
    fn the_prefix_of_a_region_agrees_with_its_partition() {
        for region in REGIONS {
            let expected = match region.name {
                name if name.starts_with("cn-") => Partition::AwsCn,
                name if name.starts_with("us-gov-") => Partition::AwsUsGov,
                _ => Partition::Aws,
            };
            assert_eq!(region.partition, expected, "{}", region.name);
        }
        assert_eq!(find("cn-north-1").unwrap().partition.dns_suffix(), "amazonaws.com.cn");
        assert_eq!(find("us-gov-west-1").unwrap().partition.to_string(), "aws-us-gov");
    }

    #[test]
    fn what_is_not_a_region() {
        for name in ["", "us-east-1a", "us-east-3", "US-EAST-1", "aws-global", "eu-central"] {
            assert!(!is_region(name), "{name}");
        }
    }

    #[test]
    fn zone_letters_are_single() {
        assert!(is_zone_letter("a") && is_zone_letter("f"));
        assert!(!is_zone_letter("") && !is_zone_letter("ab") && !is_zone_letter("g") && !is_zone_letter("A"));
    }
}
