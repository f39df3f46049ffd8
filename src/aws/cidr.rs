//! IPv4 networks, read strictly, and the arithmetic that Terraform does with them.
//!
//! Knows nothing about which subnets a stack has: it parses, compares and divides.

use std::fmt;
use std::net::Ipv4Addr;

pub use ipnet::Ipv4Net;

/// What is wrong with a network; displays as a phrase that follows the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CidrProblem {
    /// Not `a.b.c.d/n`.
    Syntax,
    /// A number has a leading zero, which some programs read as octal.
    LeadingZero,
    /// An address inside a network, not the network, which is given.
    HostBits(Ipv4Net),
    /// Larger than /16 or smaller than /28.
    VpcSize(u8),
}

impl fmt::Display for CidrProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CidrProblem::Syntax => f.write_str("is not an IPv4 network such as `10.0.0.0/16`"),
            CidrProblem::LeadingZero => f.write_str("has a number with a leading zero"),
            CidrProblem::HostBits(network) => write!(f, "is an address inside the network `{network}`"),
            CidrProblem::VpcSize(length) => {
                write!(f, "is a /{length}, but a VPC and its subnets are /16 to /28")
            }
        }
    }
}

/// Reads `a.b.c.d/n` where all bits after the prefix are zero, as Terraform and EC2 write it.
pub fn parse(text: &str) -> Result<Ipv4Net, CidrProblem> {
    let (address, length) = text.split_once('/').ok_or(CidrProblem::Syntax)?;
    let mut octets = [0_u8; 4];
    let mut count = 0;
    for part in address.split('.') {
        let slot = octets.get_mut(count).ok_or(CidrProblem::Syntax)?;
        *slot = number(part)?;
        count += 1;
    }
    if count != octets.len() {
        return Err(CidrProblem::Syntax);
    }
    let net = Ipv4Net::new(Ipv4Addr::from(octets), number(length)?).map_err(|_| CidrProblem::Syntax)?;
    if net != net.trunc() {
        return Err(CidrProblem::HostBits(net.trunc()));
    }
    Ok(net)
}

/// A decimal number up to 255 with neither sign nor leading zero.
fn number(text: &str) -> Result<u8, CidrProblem> {
    let digits = (1..=3).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits {
        return Err(CidrProblem::Syntax);
    }
    if text.len() > 1 && text.starts_with('0') {
        return Err(CidrProblem::LeadingZero);
    }
    text.parse().map_err(|_| CidrProblem::Syntax)
}

/// Whether a VPC, or a subnet of one, may have this size.
///
/// Source: Amazon VPC User Guide, "VPC CIDR blocks" and "Subnet sizing": /16 to /28.
pub fn check_vpc_size(net: Ipv4Net) -> Result<(), CidrProblem> {
    match net.prefix_len() {
        16..=28 => Ok(()),
        length => Err(CidrProblem::VpcSize(length)),
    }
}

/// Whether two networks have an address in common. One of two overlapping networks always contains the other.
pub fn overlap(a: Ipv4Net, b: Ipv4Net) -> bool {
    a.contains(&b) || b.contains(&a)
}

/// Whether the whole network is private by RFC 1918, which the Amazon VPC User Guide recommends for a VPC.
pub fn is_private(net: Ipv4Net) -> bool {
    // Both ends suffice: a network that reached from one private block into another would end outside of both.
    net.network().is_private() && net.broadcast().is_private()
}

/// The network that Terraform's `cidrsubnet(net, newbits, netnum)` gives; `None` where it fails.
pub fn subnet(net: Ipv4Net, newbits: u8, netnum: u32) -> Option<Ipv4Net> {
    let length = net.prefix_len().checked_add(newbits).filter(|&length| length <= 32)?;
    if u64::from(netnum) >= 1_u64 << newbits {
        return None;
    }
    let offset = u64::from(netnum) << (32 - length);
    let start = u64::from(u32::from(net.network())) + offset;
    Ipv4Net::new(Ipv4Addr::from(u32::try_from(start).ok()?), length).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn net(text: &str) -> Ipv4Net {
        parse(text).unwrap()
    }

    #[test]
    fn only_the_plain_form_of_a_network_is_read() {
        assert_eq!(net("10.20.0.0/16").to_string(), "10.20.0.0/16");
        assert_eq!(net("0.0.0.0/0").to_string(), "0.0.0.0/0");
        assert_eq!(net("255.255.255.255/32").to_string(), "255.255.255.255/32");
        for text in [
            "",
            "10.0.0.0",
            "10.0.0/16",
            "10.0.0.0.0/16",
            "10.0.0.0/33",
            "10.0.0.256/32",
            "10.0.0.0/",
            " 10.0.0.0/16",
        ] {
            assert_eq!(parse(text), Err(CidrProblem::Syntax), "{text}");
        }
        for text in [
            "+10.0.0.0/16",
            "10.0.0.0/+16",
            "10.0.0.0/16/16",
            "::/0",
            "10..0.0/8",
            "1０.0.0.0/8",
            "10.0.0.0/999",
        ] {
            assert_eq!(parse(text), Err(CidrProblem::Syntax), "{text}");
        }
    }

    #[test]
    fn leading_zeros_and_host_bits_are_named() {
        assert_eq!(parse("010.0.0.0/8"), Err(CidrProblem::LeadingZero));
        assert_eq!(parse("10.0.0.0/08"), Err(CidrProblem::LeadingZero));
        let problem = parse("10.20.5.7/16").unwrap_err();
        assert_eq!(problem.to_string(), "is an address inside the network `10.20.0.0/16`");
    }

    // Amazon VPC User Guide, "VPC CIDR blocks".
    #[test]
    fn a_vpc_is_between_16_and_28() {
        assert!(check_vpc_size(net("10.0.0.0/16")).is_ok());
        assert!(check_vpc_size(net("10.0.0.0/28")).is_ok());
        assert_eq!(check_vpc_size(net("10.0.0.0/15")), Err(CidrProblem::VpcSize(15)));
        assert_eq!(check_vpc_size(net("10.0.0.0/29")), Err(CidrProblem::VpcSize(29)));
    }

    #[test]
    fn overlap_is_containment_either_way() {
        assert!(overlap(net("10.0.0.0/16"), net("10.0.4.0/24")));
        assert!(overlap(net("10.0.4.0/24"), net("10.0.0.0/16")));
        assert!(overlap(net("10.0.0.0/16"), net("10.0.0.0/16")));
        assert!(!overlap(net("10.0.0.0/24"), net("10.0.1.0/24")));
    }

    #[test]
    fn private_means_wholly_inside_rfc_1918() {
        for text in ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "172.31.0.0/16"] {
            assert!(is_private(net(text)), "{text}");
        }
        for text in
            ["172.32.0.0/16", "172.0.0.0/8", "192.0.0.0/8", "100.64.0.0/16", "8.8.8.0/24", "0.0.0.0/0"]
        {
            assert!(!is_private(net(text)), "{text}");
        }
    }

    // Expected values printed by `terraform console` 1.11.4.
    #[test]
    fn subnets_are_those_of_terraform() {
        let cases = [
            ("10.20.0.0/16", 4, 15, "10.20.240.0/20"),
            ("10.20.0.0/16", 8, 0, "10.20.0.0/24"),
            ("10.20.0.0/16", 8, 255, "10.20.255.0/24"),
            ("172.16.0.0/12", 4, 2, "172.18.0.0/16"),
            ("10.1.2.0/24", 0, 0, "10.1.2.0/24"),
            ("10.1.2.0/24", 8, 77, "10.1.2.77/32"),
            ("0.0.0.0/0", 32, 4_294_967_295, "255.255.255.255/32"),
            ("255.255.255.0/24", 8, 255, "255.255.255.255/32"),
        ];
        for (prefix, newbits, netnum, expected) in cases {
            let found = subnet(net(prefix), newbits, netnum).unwrap().to_string();
            assert_eq!(found, expected, "cidrsubnet({prefix}, {newbits}, {netnum})");
        }
        assert_eq!(subnet(net("10.20.0.0/16"), 4, 16), None);
        assert_eq!(subnet(net("10.20.0.0/16"), 17, 0), None);
        assert_eq!(subnet(net("10.20.0.0/16"), 255, 0), None);
    }
}
