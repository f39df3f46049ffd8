//! The regions of AWS, the partition each belongs to, its zones, and who delivers load balancer logs there.

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
    /// Which principal a bucket policy has to let in, for an Application Load Balancer to deliver its access logs.
    pub log_delivery: LogDelivery,
}

/// The principal that writes the access logs of a load balancer.
///
/// Source: Elastic Load Balancing User Guide, "Enable access logs for your Application Load Balancer": regions
/// opened before August 2022 have an account each, all later ones the service. The guide now also lists a policy
/// with the service for the older regions and calls the one with the account legacy; both are in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogDelivery {
    /// This AWS account, twelve digits; the principal is its root.
    Account(&'static str),
    /// The service principal [`LOG_DELIVERY_SERVICE`].
    Service,
}

/// The service principal of [`LogDelivery::Service`].
pub const LOG_DELIVERY_SERVICE: &str = "logdelivery.elasticloadbalancing.amazonaws.com";

/// The letters an availability zone can have.
///
/// A zone is its region followed by a letter (AWS Regions and Availability Zones, "AWS Availability Zones"). Which
/// letters a region has depends on the account: `ca-central-1` has a, b and d, and older accounts see letters in
/// `ap-northeast-1` that newer ones do not. So no letter up to f, the last one anywhere, can be called wrong.
pub const ZONE_LETTERS: &str = "abcdef";

/// All regions, by name.
///
/// Source: the regions of the partitions `aws`, `aws-cn` and `aws-us-gov` in the endpoint data of the AWS SDKs; the
/// accounts as the `aws_elb_service_account` data source of provider 5.100 gives them. That provider does not know
/// `ap-southeast-6`.
pub const REGIONS: &[Region] = &[
    region("af-south-1", Partition::Aws, Some("098369216593")),
    region("ap-east-1", Partition::Aws, Some("754344448648")),
    region("ap-east-2", Partition::Aws, None),
    region("ap-northeast-1", Partition::Aws, Some("582318560864")),
    region("ap-northeast-2", Partition::Aws, Some("600734575887")),
    region("ap-northeast-3", Partition::Aws, Some("383597477331")),
    region("ap-south-1", Partition::Aws, Some("718504428378")),
    region("ap-south-2", Partition::Aws, None),
    region("ap-southeast-1", Partition::Aws, Some("114774131450")),
    region("ap-southeast-2", Partition::Aws, Some("783225319266")),
    region("ap-southeast-3", Partition::Aws, Some("589379963580")),
    region("ap-southeast-4", Partition::Aws, None),
    region("ap-southeast-5", Partition::Aws, None),
    region("ap-southeast-6", Partition::Aws, None),
    region("ap-southeast-7", Partition::Aws, None),
    region("ca-central-1", Partition::Aws, Some("985666609251")),
    region("ca-west-1", Partition::Aws, None),
    region("cn-north-1", Partition::AwsCn, Some("638102146993")),
    region("cn-northwest-1", Partition::AwsCn, Some("037604701340")),
    region("eu-central-1", Partition::Aws, Some("054676820928")),
    region("eu-central-2", Partition::Aws, None),
    region("eu-north-1", Partition::Aws, Some("897822967062")),
    region("eu-south-1", Partition::Aws, Some("635631232127")),
    region("eu-south-2", Partition::Aws, None),
    region("eu-west-1", Partition::Aws, Some("156460612806")),
    region("eu-west-2", Partition::Aws, Some("652711504416")),
    region("eu-west-3", Partition::Aws, Some("009996457667")),
    region("il-central-1", Partition::Aws, None),
    region("me-central-1", Partition::Aws, None),
    region("me-south-1", Partition::Aws, Some("076674570225")),
    region("mx-central-1", Partition::Aws, None),
    region("sa-east-1", Partition::Aws, Some("507241528517")),
    region("us-east-1", Partition::Aws, Some("127311923021")),
    region("us-east-2", Partition::Aws, Some("033677994240")),
    region("us-gov-east-1", Partition::AwsUsGov, Some("190560391635")),
    region("us-gov-west-1", Partition::AwsUsGov, Some("048591011584")),
    region("us-west-1", Partition::Aws, Some("027434742980")),
    region("us-west-2", Partition::Aws, Some("797873946194")),
];

const fn region(name: &'static str, partition: Partition, account: Option<&'static str>) -> Region {
    let log_delivery = match account {
        Some(account) => LogDelivery::Account(account),
        None => LogDelivery::Service,
    };
    Region { name, partition, log_delivery }
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

    // ELB User Guide, "Enable access logs for your Application Load Balancer".
    #[test]
    fn log_delivery_is_an_account_in_old_regions_and_the_service_in_new_ones() {
        assert_eq!(find("us-east-1").unwrap().log_delivery, LogDelivery::Account("127311923021"));
        assert_eq!(find("eu-central-1").unwrap().log_delivery, LogDelivery::Account("054676820928"));
        for name in
            ["ap-south-2", "ap-southeast-4", "ca-west-1", "eu-central-2", "il-central-1", "me-central-1"]
        {
            assert_eq!(find(name).unwrap().log_delivery, LogDelivery::Service, "{name}");
        }
    }

    #[test]
    fn accounts_are_twelve_digits_and_differ() {
        let accounts: Vec<&str> = REGIONS
            .iter()
            .filter_map(|region| match region.log_delivery {
                LogDelivery::Account(account) => Some(account),
                LogDelivery::Service => None,
            })
            .collect();
        assert!(accounts.iter().all(|a| a.len() == 12 && a.bytes().all(|byte| byte.is_ascii_digit())));
        let unique: std::collections::BTreeSet<&&str> = accounts.iter().collect();
        assert_eq!((accounts.len(), unique.len()), (26, 26));
    }

    #[test]
    fn zone_letters_are_single() {
        assert!(is_zone_letter("a") && is_zone_letter("f"));
        assert!(!is_zone_letter("") && !is_zone_letter("ab") && !is_zone_letter("g") && !is_zone_letter("A"));
    }
}
