//! Discovery of a service: its name in DNS, and what its tasks open towards each other.

use super::Service;
use crate::model::Context;
use crate::settings::input::{ComponentRef, Target};
use crate::settings::{Kind, Reading, Setting, settings};
use crate::syntax::{Node, Value};
use crate::terms::{Export, Grant, Id, Offer, Offered, Term, View};

/// A reference to a namespace.
#[derive(Debug, Clone)]
pub struct NamespaceTarget;

impl Target for NamespaceTarget {
    const KINDS: &'static [&'static str] = &["namespace"];
}

settings! {
    /// How the tasks of a service are found, by others and by each other.
    pub struct Discovery {
        /// Namespace that knows the service: `namespace.main`. Its name, `service.<name>.host`, then leads to its tasks;
        /// DNS answers with the addresses of all of them, or of eight when there are more.
        discovery: Option<ComponentRef<NamespaceTarget>>,
        /// TCP ports and ranges of ports on which tasks of this service reach each other, as the nodes of a cluster do:
        /// `["4369", "9100-9155"]`.
        peer_ports: Vec<PortRange>,
    }
}

/// A TCP port, or a range of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PortRange {
    from: u16,
    to: u16,
}

impl PortRange {
    fn parse(text: &str) -> Option<Self> {
        let (from, to) = text.split_once('-').unwrap_or((text, text));
        let (from, to) = (from.parse().ok()?, to.parse().ok()?);
        (1 <= from && from <= to).then_some(Self { from, to })
    }

    /// `9100_9155`, as part of a Terraform label.
    fn label(self) -> String {
        if self.from == self.to { self.from.to_string() } else { format!("{}_{}", self.from, self.to) }
    }
}

impl Setting for PortRange {
    fn read(node: &Node, reading: &mut Reading) -> Option<Self> {
        let Value::String(text) = &node.value else {
            reading.mistyped(node, &crate::settings::describe(&Self::kind()));
            return None;
        };
        let range = Self::parse(text);
        if range.is_none() {
            let help = "write a port, `\"4369\"`, or the first and the last of several, `\"9100-9155\"`";
            reading.invalid(node.span, format!("`{text}` is no range of ports"), help);
        }
        range
    }

    fn kind() -> Kind {
        Kind::String { format: "a port or a range of ports in quotes" }
    }
}

impl Service {
    /// Its name in DNS, and its port.
    pub(super) fn offer_discovery(&self, id: &Id, attribute: &str) -> Option<Offer> {
        self.discovery.discovery.as_ref()?;
        let port = self.ports.port.and_then(|port| u16::try_from(port.0).ok());
        let value = match attribute {
            "host" => Term::Export(id.clone(), "host"),
            "port" => Term::from(i64::from(port?)),
            _ => return None,
        };
        let connect = port.map(|port| Grant::Connect { to: id.clone(), port });
        Some(Offer { value: Offered::Plain(value), grants: connect.into_iter().collect() })
    }

    /// What those who refer to the service need.
    pub(super) fn discovery_exports(&self, id: &Id, context: &Context<'_>) -> Vec<Export> {
        let Some(namespace) = self.namespace(context) else { return Vec::new() };
        let host = vec![Term::string(format!("{}.", id.dashed())), Term::Export(namespace, "name")];
        vec![
            Export::string("host", "Name of the service in DNS.", Term::Template(host)),
            Export::string(
                "security_group_id",
                "Security group of the service's tasks.",
                Term::own("aws_security_group", &id.name, "id"),
            ),
        ]
    }

    fn namespace(&self, context: &Context<'_>) -> Option<Id> {
        context.component(&self.discovery.discovery.as_ref()?.reference)
    }

    /// What the template prints for discovery and for the ports among tasks.
    pub(super) fn view_discovery(&self, context: &Context<'_>, view: &mut View) {
        let namespace = self.namespace(context);
        view.shape("discovered", "whether a service has `discovery`", namespace.is_some());
        view.group(
            "discovery",
            namespace.map(|namespace| {
                let mut discovery = View::default();
                discovery.set("namespace_id", Term::Export(namespace, "id"));
                discovery
            }),
        );
        view.items(
            "peer_ports",
            self.discovery.peer_ports.iter().map(|ports| {
                let mut rule = View::default();
                rule.set("from", i64::from(ports.from));
                rule.set("to", i64::from(ports.to));
                (ports.label(), rule)
            }),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{codes, compile, generated, has_line, stack};

    fn two(web: &str, api: &str) -> String {
        let block = |name: &str, settings: &str| {
            format!(
                "service \"{name}\" {{\nimage = \"nginx:1\"\ndiscovery = namespace.main\n{settings}\n}}\n"
            )
        };
        stack(&format!("namespace \"main\" {{}}\n{}{}", block("web", web), block("api", api)), "")
    }

    fn web(web: &str, api: &str) -> String {
        generated(&two(web, api), "modules/services/service_web.tf")
    }

    #[test]
    fn a_service_is_registered_under_its_name() {
        let text = web("", "");
        for line in [
            "name = \"web\"",
            "namespace_id = aws_service_discovery_private_dns_namespace.main.id",
            "registry_arn = aws_service_discovery_service.web.arn",
        ] {
            assert!(has_line(&text, line), "{line}: {text}");
        }
    }

    #[test]
    fn a_reference_to_the_host_opens_the_port_of_the_service_and_no_other() {
        let text = web("environment = { API = service.api.host }", "port = 8080\nports = [9394]");
        assert!(text.contains("\"api.${var.name}.internal\""), "{text}");
        for label in ["egress_rule\" \"web_service_api\"", "ingress_rule\" \"service_api_web\""] {
            assert!(text.contains(label), "{label}: {text}");
        }
        assert!(has_line(&text, "from_port = 8080") && !text.contains("9394"), "{text}");
    }

    #[test]
    fn services_may_name_each_other_and_themselves() {
        let (web, api) =
            ("environment = { API = service.api.host }", "environment = { WEB = service.web.host }");
        assert!(codes(&two(&format!("port = 80\n{web}"), &format!("port = 81\n{api}"))).is_empty());
        let text = generated(
            &two("port = 80\nenvironment = { ME = service.web.host }", ""),
            "modules/services/service_web.tf",
        );
        assert!(text.contains("\"web.${var.name}.internal\"") && !text.contains("service_web_web"), "{text}");
    }

    #[test]
    fn without_discovery_there_is_no_host() {
        let text = "service \"web\" {\nimage = \"nginx:1\"\nenvironment = { ME = service.web.host }\n}";
        assert_eq!(codes(&stack(text, "")), ["unknown-reference"]);
    }

    #[test]
    fn tasks_reach_each_other_on_the_ports_among_peers() {
        let text = web("peer_ports = [\"4369\", \"9100-9155\"]", "");
        assert_eq!(
            text.matches("referenced_security_group_id = aws_security_group.web.id").count(),
            4,
            "{text}"
        );
        assert!(has_line(&text, "from_port = 9100") && has_line(&text, "to_port = 9155"), "{text}");
    }

    #[test]
    fn ports_and_ranges_are_told_from_other_text() {
        assert_eq!(PortRange::parse("4369"), Some(PortRange { from: 4369, to: 4369 }));
        assert_eq!(PortRange::parse("9100-9155"), Some(PortRange { from: 9100, to: 9155 }));
        for bad in ["", "0", "9155-9100", "1-2-3", "65536", "a", "4369-"] {
            assert_eq!(PortRange::parse(bad), None, "{bad}");
        }
        let (found, _) = compile(&two("peer_ports = [\"http\"]", ""));
        assert_eq!(found.iter().map(|found| found.code.name).collect::<Vec<_>>(), ["invalid-value"]);
    }
}
