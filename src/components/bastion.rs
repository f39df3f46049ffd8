//! `bastion`: the way in for people: a small instance that only Session Manager reaches.
//!
//! Nothing listens on it and nothing connects to it; it connects to Systems Manager and to what `access` names.

use std::sync::Arc;

use indexmap::IndexMap;

use super::access::rules;
use crate::aws::limits::names::IAM_ROLE;
use crate::model::{Checker, Component, Context, Kind, PhysicalName};
use crate::settings::codes::INVALID_VALUE;
use crate::settings::input::{ComponentRef, Target};
use crate::settings::settings;
use crate::terms::{Drawing, Grant, Id, Offered, Output, Term, View};

/// The table line of this component.
pub static KIND: Kind = Kind {
    key: "bastion",
    module: "bastion",
    template: include_str!("../../templates/modules/bastion.tf.tera"),
    data: &[],
    stays: &[],
    attributes: &[],
    implies: &["key"],
    needs: &["network"],
    whole: false,
    codes: &[],
    info: <Bastion as crate::settings::Settings>::info,
    read: crate::model::read::<Bastion>,
};

/// A reference to what a person may reach through a bastion.
#[derive(Debug, Clone)]
pub struct Reachable;

impl Target for Reachable {
    const KINDS: &'static [&'static str] = &["database", "cache"];
}

settings! {
    /// An instance through which people reach databases and caches from their own machines. Session Manager is the
    /// only way in: there is no SSH, no key and no open port, and IAM says who may. The output `bastion_<name>_tunnels`
    /// has the command for each thing in `access`.
    pub struct Bastion {
        /// Instance type. Nothing runs on it, so the smallest will do.
        instance: Arc<str> = "t4g.nano".into(),
        /// What can be reached through it: `[database.main, cache.main]`.
        access: Vec<ComponentRef<Reachable>>,
        /// Id of an AMI, `ami-..`, to be used instead of the newest Amazon Linux 2023. It must have the SSM Agent, and
        /// its root device must be `/dev/xvda`, as that of Amazon Linux is.
        existing_ami: Option<Arc<str>>,
    }
}

/// The public parameter that holds the newest Amazon Linux 2023, without the architecture (AWS Systems Manager,
/// "Calling AMI public parameters"). Not the minimal image: that one comes without the SSM Agent (Amazon Linux 2023 User
/// Guide, "Comparing packages installed on AMIs").
const IMAGE: &str = "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-";

/// Seconds after which the instance is replaced by one of the newest image: 30 days.
const LIFETIME: i64 = 30 * 24 * 60 * 60;

/// Something that a person may reach through a bastion, and where it listens.
struct Peer {
    id: Id,
    host: Term,
    port: u16,
}

impl Bastion {
    fn peers(&self, context: &Context<'_>) -> Vec<Peer> {
        let mut peers: IndexMap<Id, Peer> = IndexMap::new();
        for target in &self.access {
            let Some(id) = context.component(&target.reference) else { continue };
            let Some(offer) = context.environment.components[&id].component.offer(&id, "host") else {
                continue;
            };
            let Offered::Plain(host) = offer.value else { continue };
            for grant in offer.grants {
                if let Grant::Connect { to, port } = grant {
                    peers.insert(to.clone(), Peer { id: to, host: host.clone(), port });
                }
            }
        }
        peers.sort_unstable_keys();
        peers.into_values().collect()
    }

    fn image(&self) -> Term {
        match &self.existing_ami {
            Some(ami) => Term::string(ami.clone()),
            None => Term::string(format!("{IMAGE}{}", architecture(&self.instance))),
        }
    }
}

/// The architecture of an instance type, as AMIs name it. The letters behind a family's generation have a `g` when its
/// processor is a Graviton (Amazon EC2 Instance Types, "Instance type naming conventions"); `a1` is older than that rule.
fn architecture(instance: &str) -> &'static str {
    let family = instance.split('.').next().unwrap_or_default();
    let options = family.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let options = options.trim_start_matches(|c: char| c.is_ascii_digit());
    if options.contains('g') || family == "a1" { "arm64" } else { "x86_64" }
}

/// The physical name without its prefix, also that of the role.
fn dashed(id: &Id) -> String {
    format!("bastion-{}", id.dashed())
}

impl Component for Bastion {
    fn check(&self, _id: &Id, at: &mut Checker<'_>) {
        let part = |text: &str| {
            !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        };
        if !self.instance.split_once('.').is_some_and(|(family, size)| part(family) && part(size)) {
            let message = format!("`{}` is no instance type", self.instance);
            at.error(&INVALID_VALUE, &["instance"], message, |found| {
                found.help("write a family and a size: `t4g.nano`")
            });
        }
        let hex = |id: &str| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_hexdigit());
        if let Some(ami) = &self.existing_ami
            && !ami.strip_prefix("ami-").is_some_and(hex)
        {
            let message = format!("`{ami}` is no id of an AMI");
            at.error(&INVALID_VALUE, &["existing_ami"], message, |found| {
                found.help("write it like `ami-0a1b2c3d4e5f67890`")
            });
        }
    }

    fn names(&self, id: &Id, context: &Context<'_>) -> Vec<PhysicalName> {
        vec![PhysicalName { limit: IAM_ROLE, setting: "", name: context.physical(&dashed(id)) }]
    }

    fn uses(&self, _id: &Id, context: &Context<'_>) -> Vec<Grant> {
        self.peers(context).into_iter().map(|peer| Grant::Connect { to: peer.id, port: peer.port }).collect()
    }

    fn drawing(&self, _id: &Id, context: &Context<'_>) -> Drawing {
        Drawing::at(context.task_site())
            .size("instance", &self.instance, "")
            .reached("Operators", "Session Manager")
    }

    fn view(&self, id: &Id, context: &Context<'_>) -> View {
        let mut view = View::default();
        view.set("name", Term::named(&dashed(id)));
        view.set("name_prefix", Term::named(&format!("{}-", dashed(id))));
        view.set("instance", Term::string(self.instance.clone()));
        view.set("image", self.image());
        let renewed = self.existing_ami.is_none();
        view.flag("renewed", renewed);
        view.set("lifetime", if renewed { Term::from(LIFETIME) } else { Term::NULL });
        view.set("vpc_id", context.export("network", "vpc_id"));
        view.set("subnet_ids", context.export("network", "task_subnet_ids"));
        view.set("public_ip", context.export("network", "tasks_are_public"));
        let policy = format!("arn:{}:iam::aws:policy/AmazonSSMManagedInstanceCore", context.partition());
        view.set("policy_arn", Term::string(policy));
        view.text("consumer", id.described());
        view.items("peers", rules(self.peers(context).into_iter().map(|peer| (peer.id, peer.port))));
        view
    }

    fn outputs(&self, id: &Id, context: &Context<'_>) -> Vec<Output> {
        let tunnels: IndexMap<Arc<str>, Term> = self
            .peers(context)
            .into_iter()
            .map(|peer| (Arc::from(peer.id.ident()), tunnel(id, &peer, context)))
            .collect();
        if tunnels.is_empty() {
            return Vec::new();
        }
        let description = format!(
            "Shell commands that open a port on this machine to what the bastion `{}` reaches, through Session Manager.",
            id.name
        );
        vec![Output { name: "tunnels", description, term: Term::Object(tunnels) }]
    }
}

/// The command that forwards a local port to a peer. The instance comes and goes, so its id is looked up by its name.
fn tunnel(id: &Id, peer: &Peer, context: &Context<'_>) -> Term {
    let port = peer.port;
    Term::Template(vec![
        Term::string("aws ssm start-session --region "),
        context.region(),
        Term::string(" --target \"$(aws ec2 describe-instances --region "),
        context.region(),
        Term::string(" --filters Name=tag:Name,Values="),
        Term::named(&dashed(id)),
        Term::string(
            " Name=instance-state-name,Values=running --query 'Reservations[0].Instances[0].InstanceId' --output text)\" \
             --document-name AWS-StartPortForwardingSessionToRemoteHost --parameters 'host=",
        ),
        peer.host.clone(),
        Term::string(format!(",portNumber={port},localPortNumber={port}'")),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::compile;
    use crate::tree::Tree;

    const STACK: &str = r#"
stack "shop" { region = "eu-west-1" }
environment "staging" { account = "111111111111" }
environment "production" { account = "222222222222" }
network "main" {
  cidr  = "10.20.0.0/16"
  zones = ["a", "b"]
  nat   = "NAT"
}
database "main" {
  engine  = "postgres"
  version = "16"
  class   = "db.t4g.small"
}
"#;

    fn tree(settings: &str, nat: &str) -> Tree {
        let stack = STACK.replace("NAT", nat);
        let (found, tree) = compile(&format!("{stack}bastion \"main\" {{\n{settings}\n}}"));
        assert!(found.is_empty(), "{found:?}");
        tree
    }

    fn file(settings: &str, nat: &str) -> String {
        tree(settings, nat).files.remove("modules/bastion/bastion_main.tf").expect("the bastion has a file")
    }

    #[test]
    fn nothing_connects_to_it() {
        let text = file("", "single");
        assert!(!text.contains("ingress") && !text.contains("key_name"), "{text}");
        assert!(text.contains("http_tokens                 = \"required\""), "{text}");
        assert!(text.contains("encrypted   = true"), "{text}");
        assert!(text.contains("associate_public_ip_address = false"), "{text}");
        assert_eq!(text.matches("aws_iam_role_policy_attachment\" ").count(), 1, "{text}");
    }

    #[test]
    fn without_nat_it_reaches_systems_manager_from_a_public_address() {
        assert!(file("", "none").contains("associate_public_ip_address = true"));
    }

    #[test]
    fn access_opens_both_sides_and_prints_the_command() {
        let tree = tree("access = [database.main]", "single");
        let text = &tree.files["modules/bastion/bastion_main.tf"];
        for label in ["egress_rule\" \"main_database_main", "ingress_rule\" \"database_main_main"] {
            let (_, rule) = text.split_once(label).expect(label);
            assert!(rule.split_once("}\n").is_some_and(|(rule, _)| rule.contains("= 5432")), "{text}");
        }
        let outputs = &tree.files["outputs.tf"];
        let host = "host=${module.data.database_main_address},portNumber=5432,localPortNumber=5432'";
        assert!(outputs.contains("output \"bastion_main_tunnels\"") && outputs.contains(host), "{outputs}");
        assert!(outputs.contains("Name=tag:Name,Values=${local.env.name}-bastion-main "), "{outputs}");
        assert!(text.contains("value               = \"${var.name}-bastion-main\""), "{text}");
    }

    #[test]
    fn there_are_no_tunnels_where_there_is_no_bastion() {
        let tree = tree("access = [database.main]\nenvironments = [\"staging\"]", "single");
        let outputs = &tree.files["outputs.tf"];
        assert!(outputs.contains("value = local.env.bastion_main_exists ? {"), "{outputs}");
    }

    #[test]
    fn an_image_of_its_own_is_kept() {
        let text = file("existing_ami = \"ami-0a1b2c3d\"", "single");
        assert!(
            text.contains("image_id      = \"ami-0a1b2c3d\"") && !text.contains("max_instance_lifetime"),
            "{text}"
        );
    }

    #[test]
    fn the_image_has_the_architecture_of_the_instance() {
        for arm in ["t4g.nano", "a1.medium", "c7gn.large", "is4gen.large", "m8g.large", "x2gd.medium"] {
            assert_eq!(architecture(arm), "arm64", "{arm}");
        }
        for intel in ["t3.nano", "t3a.nano", "g4dn.xlarge", "m7i-flex.large", "c5n.large", "p4de.24xlarge"] {
            assert_eq!(architecture(intel), "x86_64", "{intel}");
        }
    }

    #[test]
    fn what_cannot_be_an_instance_or_an_image_is_refused() {
        for (settings, code) in [
            ("instance = \"t4g\"", "invalid-value"),
            ("instance = \"t4g.\"", "invalid-value"),
            ("existing_ami = \"al2023\"", "invalid-value"),
            ("access = [network.main]", "invalid-reference"),
            ("access = [database.other]", "unknown-reference"),
        ] {
            let stack = STACK.replace("NAT", "single");
            let (found, _) = compile(&format!("{stack}bastion \"main\" {{\n{settings}\n}}"));
            let codes: Vec<&str> = found.iter().map(|found| found.code.name).collect();
            assert_eq!(codes, [code], "{settings}");
        }
    }
}
