//! `security_group`: a group whose members reach each other on some ports, made or existing.

use std::sync::Arc;

use crate::diagnostic::{Code, Severity};
use crate::model::{Checker, Component, Context, Kind};
use crate::settings::codes::INVALID_VALUE;
use crate::settings::settings;
use crate::settings::values::Int;
use crate::terms::{Drawing, Export, Id, Site, Term, View};

/// The table line of this component.
pub static KIND: Kind = Kind {
    key: "security_group",
    module: "network",
    template: include_str!("../../templates/modules/security_group.tf.tera"),
    data: &[],
    stays: &[],
    attributes: &[],
    implies: &[],
    needs: &["network"],
    whole: true,
    codes: &[&GROUP_WITHOUT_PORTS],
    info: <SecurityGroup as crate::settings::Settings>::info,
    read: crate::model::read::<SecurityGroup>,
};

settings! {
    /// A security group that lets its members reach each other and nobody else. Services, tasks and load balancers join
    /// it with `security_groups = [security_group.<name>]`, besides the group of their own, whose rules follow from
    /// references. Between two members of a group that opens the port, no such rule is made: membership is enough.
    pub struct SecurityGroup {
        /// TCP ports on which members reach each other. Of a group that exists: the ports that its own rules open
        /// among its members.
        ports: Vec<Int<1, 65_535>>,
        /// Id of a security group that exists, `sg-..`, in the VPC of the stack. Its rules stay as they are.
        existing: Option<Arc<str>>,
    }
}

/// A group that would let nobody do anything.
pub static GROUP_WITHOUT_PORTS: Code = Code {
    name: "group-without-ports",
    severity: Severity::Error,
    title: "a security group that opens nothing",
    explanation: r#"
The members of a security group reach each other on its `ports`. A new group without any would open nothing.

```hcl
security_group "service" {
  ports = [80]              # members reach each other on port 80
}

security_group "redis" {
  existing = "sg-0a1b2c3d4e5f60718"     # its rules say what is open
}
```
"#,
};

impl Component for SecurityGroup {
    fn check(&self, _id: &Id, at: &mut Checker<'_>) {
        match &self.existing {
            None if self.ports.is_empty() => {
                at.error(&GROUP_WITHOUT_PORTS, &["ports"], "this security group opens no port", |found| {
                    found.help("add `ports = [80]`, or name one that exists: `existing = \"sg-..\"`")
                });
            }
            Some(id) if !id.starts_with("sg-") => {
                let message = format!("`{id}` is no id of a security group");
                at.error(&INVALID_VALUE, &["existing"], message, |found| {
                    found.help("write the group's id, which begins with `sg-`, not its name")
                });
            }
            _ => {}
        }
    }

    fn member_ports(&self) -> Vec<u16> {
        self.ports.iter().filter_map(|port| u16::try_from(port.0).ok()).collect()
    }

    fn exports(&self, id: &Id, _context: &Context<'_>) -> Vec<Export> {
        let term = match &self.existing {
            Some(existing) => Term::string(existing.clone()),
            None => Term::own_in("created", "aws_security_group", &id.name, "id"),
        };
        vec![Export::string("id", "Security group whose members reach each other.", term)]
    }

    fn drawing(&self, _id: &Id, _context: &Context<'_>) -> Drawing {
        Drawing::at(Site::Vpc)
    }

    fn view(&self, id: &Id, context: &Context<'_>) -> View {
        let mut view = View::default();
        let ports = if self.existing.is_none() { self.ports.as_slice() } else { &[] };
        view.group(
            "created",
            self.existing.is_none().then(|| {
                let mut created = View::default();
                created.set("name_prefix", Term::named(&format!("{}-", id.dashed())));
                created.set("vpc_id", context.export("network", "vpc_id"));
                created
            }),
        );
        view.text("dashed", id.dashed());
        view.items(
            "ports",
            ports.iter().map(|port| {
                let mut rule = View::default();
                rule.set("port", port.0);
                (port.0.to_string(), rule)
            }),
        );
        view
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{codes, generated, has_line, stack};

    const SERVICE: &str = "load_balancer \"main\" {\nhttps = false\nLB\n}\nservice \"web\" {\nimage = \"nginx:1\"\n\
                           port = 80\nroute \"/\" {}\nSERVICE\n}";

    /// The file of a service behind a load balancer, with these settings of each and these groups beside them.
    fn service(groups: &str, load_balancer: &str, service: &str) -> String {
        let text = SERVICE.replace("LB", load_balancer).replace("SERVICE", service);
        generated(&stack(&format!("{groups}\n{text}"), ""), "modules/services/service_web.tf")
    }

    #[test]
    fn the_only_rules_of_a_group_are_those_among_its_members() {
        let text = stack("security_group \"service\" { ports = [80, 443] }", "");
        let text = generated(&text, "modules/network/security_group_service.tf");
        assert_eq!(text.matches("referenced_security_group_id = aws_security_group.service.id").count(), 4);
        assert!(!text.contains("cidr_ipv4"), "{text}");
    }

    #[test]
    fn a_group_that_exists_is_only_joined() {
        let text = service(
            "security_group \"redis\" { existing = \"sg-1\" }",
            "",
            "security_groups = [security_group.redis]",
        );
        assert!(has_line(&text, "security_groups = [aws_security_group.web.id, \"sg-1\"]"), "{text}");
    }

    #[test]
    fn between_members_no_rule_is_made_for_a_port_of_the_group() {
        let joins = "security_groups = [security_group.service]";
        for (ports, load_balancer, opens) in [("80", joins, false), ("81", joins, true), ("80", "", true)] {
            let group = format!("security_group \"service\" {{ ports = [{ports}] }}");
            let text = service(&group, load_balancer, joins);
            assert_eq!(text.contains("\"web_load_balancer\""), opens, "{ports} {load_balancer}: {text}");
            assert!(has_line(
                &text,
                "security_groups = [aws_security_group.web.id, var.security_group_service_id]"
            ));
        }
    }

    #[test]
    fn a_group_may_exist_in_one_environment_and_be_made_in_another() {
        let overlay = "security_group \"service\" { existing = \"sg-1\" }";
        let text = stack(
            &format!(
                "security_group \"service\" {{ ports = [80] }}\n{}",
                SERVICE.replace("LB", "").replace("SERVICE", "security_groups = [security_group.service]")
            ),
            overlay,
        );
        let group = generated(&text, "modules/network/security_group_service.tf");
        assert!(group.contains("count = var.security_group_service_created ? 1 : 0"), "{group}");
    }

    #[test]
    fn an_interface_has_five_groups() {
        let groups: String = (1..=5)
            .map(|number| format!("security_group \"g{number}\" {{ ports = [{number}] }}\n"))
            .collect();
        let join = |count: i32| {
            let list: Vec<String> = (1..=count).map(|number| format!("security_group.g{number}")).collect();
            let worker = format!(
                "service \"worker\" {{\nimage = \"nginx:1\"\nsecurity_groups = [{}]\n}}",
                list.join(", ")
            );
            codes(&stack(&format!("{groups}{worker}"), ""))
        };
        assert!(join(4).is_empty());
        assert_eq!(join(5), ["invalid-value"]);
        let twice = "security_group \"a\" { ports = [1] }\nservice \"worker\" {\nimage = \"nginx:1\"\n\
                     security_groups = [security_group.a, security_group.a]\n}";
        assert_eq!(codes(&stack(twice, "")), ["invalid-value"]);
    }
}
