//! IPv4 networks, read strictly and compared.
//!
//! Knows nothing about which subnets a stack has, nor how large a VPC may be.

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
}

impl fmt::Display for CidrProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CidrProblem::Syntax => f.write_str("is not an IPv4 network such as `10.0.0.0/16`"),
            CidrProblem::LeadingZero => f.write_str("has a number with a leading zero"),
            CidrProblem::HostBits(network) => write!(f, "is an address inside the network `{network}`"),
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

/// Whether two networks have an address in common. One of two overlapping networks always contains the other.
pub fn overlap(a: Ipv4Net, b: Ipv4Net) -> bool {
    a.contains(&b) || b.contains(&a)
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

    #[test]
    fn overlap_is_containment_either_way() {
        assert!(overlap(net("10.0.0.0/16"), net("10.0.4.0/24")));
        assert!(overlap(net("10.0.4.0/24"), net("10.0.0.0/16")));
        assert!(overlap(net("10.0.0.0/16"), net("10.0.0.0/16")));
        assert!(!overlap(net("10.0.0.0/24"), net("10.0.1.0/24")));
    }
}
