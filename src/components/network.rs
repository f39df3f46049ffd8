//! `network`: a VPC with public, private and data subnets in some zones, routes and NAT; or one that exists.

mod drawing;

use std::sync::Arc;

use crate::aws::cidr;
use crate::aws::region::is_zone_letter;
use crate::diagnostic::{Code, Severity};
use crate::model::{Attribute, Checker, Component, Context, Kind};
use crate::settings::settings;
use crate::settings::values::choice;
use crate::source::Span;
use crate::syntax::Value;
use crate::terms::{Drawing, Export, Id, Literal, Offer, Offered, Term, View};

/// The table line of this component.
pub static KIND: Kind = Kind {
    key: "network",
    module: "network",
    template: include_str!("../../templates/modules/network.tf.tera"),
    data: &[],
    stays: &[],
    attributes: &[
        Attribute::plain("vpc_id", "Identifier of the VPC."),
        Attribute::plain("cidr", "The VPC's address range."),
    ],
    implies: &["key"],
    needs: &[],
    whole: false,
    codes: &[&CIDR, &CIDR_OVERLAP, &ZONES, &NETWORK_FORM],
    info: <Network as crate::settings::Settings>::info,
    read: crate::model::read::<Network>,
};

choice! {
    /// How private subnets reach the internet.
    pub enum Nat {
        /// Not at all; tasks run in the public subnets with public addresses.
        None = "none",
        /// Through one NAT gateway: cheap, and down when its zone is.
        Single = "single",
        /// Through a NAT gateway in each zone.
        PerZone = "per-zone",
    }
}

settings! {
    /// The VPC that everything stands in. Each zone has a public subnet (load balancer, NAT), a private one (tasks)
    /// and one for data (no route to the internet). A zone's subnets have fixed places in the address range, so
    /// adding a zone never renumbers another.
    pub struct Network {
        /// Address range of the VPC, from /16 to /20.
        cidr: Option<Arc<str>>,
        /// Letters of the availability zones, at least two.
        zones: Vec<Arc<str>>,
        /// How private subnets reach the internet. With `none`, tasks run in public subnets with public addresses.
        nat: Nat = Nat::Single,
        /// Address ranges that this network is or will be connected to by peering or VPN; they must not overlap it.
        connected: Vec<Arc<str>>,
        /// A VPC that exists: nothing is created, and subnets are named by identifier.
        existing: Option<Existing>,
    }
}

settings! {
    /// A VPC that exists, with its subnets.
    pub struct Existing {
        /// Identifier of the VPC, `vpc-..`.
        vpc_id: Arc<str>,
        /// Identifiers of public subnets, for the load balancer.
        public_subnets: Vec<Arc<str>>,
        /// Identifiers of the subnets that tasks run in.
        private_subnets: Vec<Arc<str>>,
        /// Identifiers of the subnets for databases and caches; the private ones by default.
        data_subnets: Vec<Arc<str>>,
        /// Whether tasks need public addresses, because their subnets have no NAT.
        public_tasks: bool = false,
    }
}

/// An address range that is none, or not one for a VPC.
pub static CIDR: Code = Code {
    name: "cidr",
    severity: Severity::Error,
    title: "an address range that is malformed or unusable",
    explanation: r#"
An address range is written `10.20.0.0/16`: an IPv4 network address without host bits, and a prefix length. A VPC's
range goes from /16 (the largest AWS has) to /20 (below that a public subnet is smaller than the /27 that a load
balancer needs).

```hcl
network "main" {
  cidr = "10.20.0.1/16"       # host bits: write 10.20.0.0/16
}
```

Choose it from the private ranges 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16. It cannot be changed later without
replacing the VPC.
"#,
};

/// Address ranges that overlap.
pub static CIDR_OVERLAP: Code = Code {
    name: "cidr-overlap",
    severity: Severity::Error,
    title: "address ranges that overlap",
    explanation: r#"
The VPC overlaps a range that it is to be connected to. Peering is then refused, and a VPN routes packets into the
wrong network.

```hcl
network "main" {
  cidr      = "10.20.0.0/16"
  connected = ["10.20.128.0/20"]      # lies within the VPC's own range
}
```

Choose another range while the VPC does not exist yet: it cannot be changed later.
"#,
};

/// Too few zones, or letters that are none.
pub static ZONES: Code = Code {
    name: "zones",
    severity: Severity::Error,
    title: "too few availability zones, or ones that do not exist",
    explanation: r#"
A load balancer, a database subnet group and a cache subnet group need subnets in at least two availability zones.
Terraform plans with one; AWS refuses at apply. Zones are the letters behind the region's name, each once.

```hcl
network "main" {
  cidr  = "10.20.0.0/16"
  zones = ["a"]               # add another: ["a", "c"]
}
```
"#,
};

/// A network that is neither described nor existing.
pub static NETWORK_FORM: Code = Code {
    name: "network-form",
    severity: Severity::Error,
    title: "a network that is neither new nor existing",
    explanation: r#"
A network is either described (`cidr` and `zones`) and created, or it exists (`existing { .. }`) and is only used.

```hcl
network "main" {
  existing {
    vpc_id          = "vpc-0a1b2c3d"
    public_subnets  = ["subnet-1", "subnet-2"]
    private_subnets = ["subnet-3", "subnet-4"]
  }
}
```
"#,
};

impl Network {
    fn check_cidr(&self, at: &mut Checker<'_>) {
        let Some(text) = &self.cidr else { return };
        let range = match cidr::parse(text) {
            Ok(range) => range,
            Err(problem) => {
                at.error(&CIDR, &["cidr"], format!("`{text}` is no address range"), |found| {
                    found.label(problem.to_string()).help("write it like `10.20.0.0/16`")
                });
                return;
            }
        };
        if !(16..=20).contains(&range.prefix_len()) {
            let message = format!("a VPC cannot have the range `{text}`");
            at.error(&CIDR, &["cidr"], message, |found| found.help("use a prefix length from /16 to /20"));
        }
        for (index, other) in self.connected.iter().enumerate() {
            let place = self.item(at, "connected", index);
            let found = match cidr::parse(other) {
                Err(problem) => at
                    .reading
                    .diagnostic(&CIDR, place, format!("`{other}` is no address range"))
                    .label(problem.to_string())
                    .help("write it like `10.8.0.0/16`"),
                Ok(other_range) if cidr::overlap(range, other_range) => at
                    .reading
                    .diagnostic(&CIDR_OVERLAP, place, format!("`{other}` overlaps the network's own range"))
                    .related(at.place(&["cidr"]), format!("`{text}`"))
                    .help("choose a `cidr` that does not overlap the networks it is connected to"),
                Ok(_) => continue,
            };
            at.reading.push(found);
        }
    }

    fn item(&self, at: &Checker<'_>, key: &str, index: usize) -> Span {
        match at.table.get(key).map(|entry| &entry.node.value) {
            Some(Value::List(items)) if index < items.len() => items[index].span,
            _ => at.place(&[key]),
        }
    }

    fn check_zones(&self, at: &mut Checker<'_>) {
        for (index, zone) in self.zones.iter().enumerate() {
            let message = match is_zone_letter(zone) {
                false => format!("`{zone}` is no zone letter"),
                true if self.zones[..index].contains(zone) => format!("zone `{zone}` is listed twice"),
                true => continue,
            };
            let found = at.reading.diagnostic(&ZONES, self.item(at, "zones", index), message);
            at.reading.push(found.help("zones are letters from `a` to `f`, each once: `[\"a\", \"c\"]`"));
        }
        if self.zones.len() < 2 {
            let message = format!("{} zone, but at least two are needed", self.zones.len());
            at.error(&ZONES, &["zones"], message, |found| {
                found.help("the load balancer and the databases need two: `zones = [\"a\", \"c\"]`")
            });
        }
    }

    fn nat_zones(&self) -> &[Arc<str>] {
        match self.nat {
            Nat::None => &[],
            Nat::Single => &self.zones[..1],
            Nat::PerZone => &self.zones,
        }
    }
}

/// The names of the role that writes the flow logs and of their log group.
fn flow_logs(id: &Id, context: &Context<'_>) -> (Term, Term) {
    let group = Term::Template(vec![Term::string("/"), Term::Prefix, Term::string("/flow-logs")]);
    let name = |resource, usual| context.name_of(id, resource, "flow_logs", usual);
    (name("aws_iam_role", Term::named("flow-logs")), name("aws_cloudwatch_log_group", group))
}

impl Component for Network {
    fn check(&self, _id: &Id, at: &mut Checker<'_>) {
        match (&self.existing, &self.cidr) {
            (None, None) => {
                at.error(&NETWORK_FORM, &[], "this network has neither `cidr` nor `existing`", |found| {
                    found.help("add `cidr = \"10.20.0.0/16\"` and `zones = [\"a\", \"c\"]`")
                });
            }
            (Some(_), Some(_)) => at.only_for_new(&["cidr", "zones", "nat"]),
            (None, Some(_)) => {
                self.check_cidr(at);
                self.check_zones(at);
            }
            (Some(existing), None) => {
                for (key, subnets) in [
                    ("public_subnets", &existing.public_subnets),
                    ("private_subnets", &existing.private_subnets),
                ] {
                    if subnets.len() < 2 {
                        let message =
                            format!("`{key}` names {} subnets, but at least two are needed", subnets.len());
                        at.error(&ZONES, &["existing", key], message, |found| {
                            found.help("name subnets in at least two availability zones")
                        });
                    }
                }
            }
        }
    }

    fn offer(&self, id: &Id, attribute: &str) -> Option<Offer> {
        let term = match attribute {
            "vpc_id" => Term::Export(id.clone(), "vpc_id"),
            "cidr" => Term::Literal(self.cidr.clone().map(Literal::String)?),
            _ => return None,
        };
        Some(Offer { value: Offered::Plain(term), grants: Vec::new() })
    }

    fn exports(&self, id: &Id, _context: &Context<'_>) -> Vec<Export> {
        let public = match &self.existing {
            Some(existing) => existing.public_tasks,
            None => self.nat == Nat::None,
        };
        let public_tasks = Term::Named("tasks_are_public", Literal::Bool(public));
        let ids = |tier: &'static str, listed: &[Arc<str>]| match &self.existing {
            Some(_) => Term::strings(listed.iter().map(|id| &**id)),
            None => Term::Module(tier),
        };
        let listed = self.existing.as_ref();
        let public_ids = ids(
            "values(aws_route_table_association.public)[*].subnet_id",
            listed.map_or(&[], |existing| &existing.public_subnets),
        );
        let private_ids = ids(
            "values(aws_route_table_association.private)[*].subnet_id",
            listed.map_or(&[], |existing| &existing.private_subnets),
        );
        let data = listed.map_or(&[][..], |existing| match existing.data_subnets.as_slice() {
            [] => &existing.private_subnets,
            data => data,
        });
        let data_ids = ids("values(aws_subnet.data)[*].id", data);
        // By the zone's letter, so that what stands in each of them does not move when a zone comes or goes.
        let by_zone = match &self.existing {
            Some(_) => Term::Call("zipmap", vec![data_ids.clone(), data_ids.clone()]),
            None => Term::Module("{ for zone, subnet in aws_subnet.data : zone => subnet.id }"),
        };
        let vpc = match &self.existing {
            Some(existing) => Term::string(existing.vpc_id.clone()),
            None => Term::own("aws_vpc", &id.name, "id"),
        };
        let tasks = match &self.existing {
            Some(_) => private_ids,
            None => Term::choose(public_tasks.clone(), public_ids.clone(), private_ids),
        };
        let export = |name: &'static str, type_name, description, term| Export {
            name: name.into(),
            type_name,
            description,
            term,
        };
        vec![
            export("vpc_id", "string", "Identifier of the VPC.", vpc),
            export("public_subnet_ids", "list(string)", "Subnets of the load balancer.", public_ids),
            export("data_subnet_ids", "list(string)", "Subnets of databases and caches.", data_ids),
            export("data_subnets", "map(string)", "Subnets of file systems, by zone.", by_zone),
            export("task_subnet_ids", "list(string)", "Subnets that tasks run in.", tasks),
            export("tasks_are_public", "bool", "Whether tasks have public addresses.", public_tasks),
        ]
    }

    fn drawing(&self, _id: &Id, _context: &Context<'_>) -> Drawing {
        self.drawn()
    }

    fn view(&self, id: &Id, context: &Context<'_>) -> View {
        let mut view = View::default();
        view.flag("created", self.existing.is_none());
        if self.existing.is_some() {
            return view;
        }
        let zones = |zones: &[Arc<str>]| Term::strings(zones.iter().map(|zone| &**zone));
        view.set("cidr", Term::optional(self.cidr.clone().map(Literal::String)));
        view.set("zones", zones(&self.zones));
        view.flag("nat", self.nat != Nat::None);
        view.set("nat_zones", zones(self.nat_zones()));
        view.set("region", context.region());
        view.set("account", context.account());
        view.set("key_arn", context.export("key", "arn"));
        view.set("log_retention", context.log_retention());
        view.set("traffic", Term::choose(context.protect(), "ALL", "REJECT"));
        view.set("name", Term::Prefix);
        let (flow_role, flow_logs) = flow_logs(id, context);
        view.set("flow_role", flow_role);
        view.set(
            "log_groups",
            Term::Template(vec![
                Term::string(format!("arn:{}:logs:", context.partition())),
                context.region(),
                Term::string(":"),
                context.account(),
                Term::string(":log-group:*"),
            ]),
        );
        view.set("flow_log_group", flow_logs);
        view
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::compile;

    fn tree(nat: &str) -> String {
        let (found, tree) = compile(&format!(
            "stack \"shop\" {{ region = \"eu-west-1\" }}\nenvironment \"staging\" {{ account = \"111111111111\" }}\n\
             network \"main\" {{\n  cidr  = \"10.0.0.0/16\"\n  zones = [\"a\", \"b\"]\n  nat   = \"{nat}\"\n}}\n\
             service \"web\" {{ image = \"example/shop:1\" }}\n"
        ));
        assert!(found.is_empty(), "{found:?}");
        let file = |name: &str| tree.files[&format!("modules/network/{name}")].clone();
        file("network.tf") + &file("outputs.tf")
    }

    #[test]
    fn tasks_wait_for_their_way_to_the_internet() {
        let text = tree("single");
        assert!(text.contains("depends_on = [aws_route.private_nat]"), "{text}");
        assert!(text.contains("values(aws_route_table_association.private)[*].subnet_id"), "{text}");
    }

    #[test]
    fn without_nat_nothing_waits_for_its_routes() {
        let text = tree("none");
        assert!(!text.contains("private_nat"), "{text}");
        assert!(text.contains("values(aws_route_table_association.public)[*].subnet_id"), "{text}");
    }
}
