//! What containers call outside: ports that a stack has to open, because it opens 443 and what references name.

use super::Assembly;
use crate::import::report::Fate;
use crate::import::workload::Variable;

/// Schemes of URLs with the port that they have when none is written.
const PORTS: [(&str, u16); 12] = [
    ("amqp", 5672),
    ("amqps", 5671),
    ("mongodb", 27017),
    ("mysql", 3306),
    ("nats", 4222),
    ("postgres", 5432),
    ("postgresql", 5432),
    ("redis", 6379),
    ("rediss", 6379),
    ("smtp", 587),
    ("smtps", 465),
    ("mqtts", 8883),
];

impl Assembly<'_> {
    /// Opens the port of a variable that leads out.
    pub(super) fn far_away(&mut self, variable: &Variable, value: &str) {
        let Some(port) = port(&variable.name, value).filter(|port| *port != 443) else { return };
        if self.egress.insert(port) {
            let words = format!("`egress`: port {port} is open towards everywhere");
            self.report.remark(Fate::Assumed, &variable.origin, words);
        }
    }
}

/// The port of a host outside: that of a mail server, or of a URL.
fn port(name: &str, value: &str) -> Option<u16> {
    let name = name.to_ascii_uppercase();
    if name.ends_with("PORT") && ["SMTP", "MAIL"].iter().any(|word| name.contains(word)) {
        return value.parse().ok();
    }
    let (scheme, rest) = value.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let address = authority.rsplit('@').next()?;
    let (host, written) = match address.rsplit_once(':') {
        Some((host, port)) => (host, port.parse().ok()),
        None => (address, None),
    };
    // What has a dot is a name of DNS; an address is most often one's own.
    let outside = host.contains('.') && host.contains(|c: char| c.is_ascii_alphabetic());
    let usual = || PORTS.iter().find(|(known, _)| *known == scheme).map(|(_, port)| *port);
    written.or_else(usual).filter(|_| outside)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_that_lead_out_are_found() {
        for (name, value, expected) in [
            ("SMTP_PORT", "2525", Some(2525)),
            ("MAILER_PORT", "587", Some(587)),
            ("PORT", "3000", None),
            ("BROKER", "amqps://u:p@mq.example.com/x", Some(5671)),
            ("STORE", "https://store.example.com:9200", Some(9200)),
            ("SITE", "http://shop.example.com/a:1", None),
            ("DB", "postgres://u:p@db:5432/x", None),
            ("BIND", "http://0.0.0.0:3000", None),
        ] {
            assert_eq!(port(name, value), expected, "{name}={value}");
        }
    }
}
