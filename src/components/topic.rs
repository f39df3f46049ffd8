//! `topic`: an SNS topic that tells people what happens to the stack.
//!
//! Alarms publish to it. So does EventBridge, with `deployments`, what ECS says of services and tasks that fail.

use std::sync::Arc;

use super::access::object;
use crate::aws::limits::names::{EVENT_RULE, TOPIC};
use crate::model::{Attribute, Checker, Component, Context, Kind, PhysicalName};
use crate::settings::codes::INVALID_VALUE;
use crate::settings::settings;
use crate::terms::{Admission, Drawing, Export, Grant, Id, Offer, Offered, Output, Term, View};

/// The table line of this component.
pub static KIND: Kind = Kind {
    key: "topic",
    module: "monitoring",
    template: include_str!("../../templates/modules/topic.tf.tera"),
    data: &[],
    stays: &[],
    attributes: &[Attribute::plain("arn", "Its ARN, for programs that publish to it; they may.")],
    implies: &["key"],
    needs: &[],
    whole: true,
    codes: &[],
    info: <Topic as crate::settings::Settings>::info,
    read: crate::model::read::<Topic>,
};

settings! {
    /// An SNS topic, encrypted, that tells people what happens: alarms that refer to it, and deployments that fail. For
    /// Slack or Teams let Amazon Q Developer in chat applications subscribe to it, in the console, where a person
    /// has to sign in to the chat once.
    pub struct Topic {
        /// Mail addresses. AWS sends each a message with a link that must be followed once; until then it gets nothing.
        emails: Vec<Arc<str>>,
        /// Whether it also tells of deployments of the stack's services that fail, and of their tasks and of one-off
        /// tasks that do not start or end with an error.
        deployments: bool = false,
        /// ARN of a topic that exists, to be used instead. Its policy must let CloudWatch publish, and so must that of the
        /// key that encrypts it.
        existing: Option<Arc<str>>,
    }
}

/// Who publishes to the topic, as a `Sid` says it, and its service.
const ALARMS: (&str, &str) = ("Alarms", "cloudwatch.amazonaws.com");
const EVENTS: (&str, &str) = ("Events", "events.amazonaws.com");

/// The name of a topic that is made.
fn name(id: &Id, context: &Context<'_>) -> Term {
    context.name_of(id, "aws_sns_topic", &id.name, Term::named(&id.dashed()))
}

impl Topic {
    /// The ARN, made of facts: the key's policy names the topic, and the topic its key.
    fn arn(id: &Id, context: &Context<'_>) -> Vec<Term> {
        let partition = context.partition();
        vec![
            Term::string(format!("arn:{partition}:sns:")),
            context.region(),
            Term::string(":"),
            context.account(),
            Term::string(":"),
            name(id, context),
        ]
    }

    /// The services that publish to it.
    fn publishers(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        [ALARMS].into_iter().chain(self.deployments.then_some(EVENTS))
    }

    /// The statements of the topic's policy.
    fn policy(&self, id: &Id, context: &Context<'_>) -> Term {
        let arn = Term::own_in("created", "aws_sns_topic", &id.name, "arn");
        let statements = self.publishers().map(|(key, service)| {
            let mut statement = vec![
                ("Sid", Term::string(key)),
                ("Effect", Term::string("Allow")),
                ("Principal", object([("Service", Term::string(service))])),
                ("Action", Term::string("sns:Publish")),
                ("Resource", arn.clone()),
            ];
            // EventBridge User Guide, "Amazon SNS permissions": a policy with a condition keeps EventBridge out.
            if service != EVENTS.1 {
                let of_account = object([("aws:SourceAccount", context.account())]);
                statement.push(("Condition", object([("StringEquals", of_account)])));
            }
            let statement = statement.into_iter().map(|(name, term)| (Arc::from(name), term));
            (Arc::from(key), Term::Object(statement.collect()))
        });
        Term::Keyed(statements.collect())
    }

    fn created(&self, id: &Id, context: &Context<'_>) -> View {
        let mut view = View::default();
        view.set("name", name(id, context));
        view.set("key_arn", context.export("key", "arn"));
        view.flag("for_events", self.deployments);
        view.set("statements", self.policy(id, context));
        view
    }

    /// What is told of services and tasks, in a stack that has a cluster.
    fn events(&self, id: &Id, context: &Context<'_>) -> Option<View> {
        context.first("cluster").filter(|_| self.deployments)?;
        let cluster = |kind: &str| {
            vec![
                Term::string(format!("arn:{}:ecs:", context.partition())),
                context.region(),
                Term::string(":"),
                context.account(),
                Term::string(format!(":{kind}/")),
                context.export("cluster", "name"),
            ]
        };
        let mut services = cluster("service");
        services.push(Term::string("/"));
        let mut view = View::default();
        view.set("deployments_name", Term::named(&format!("{}-deployments", id.dashed())));
        view.set("tasks_name", Term::named(&format!("{}-tasks", id.dashed())));
        view.set("cluster_arn", Term::Template(cluster("cluster")));
        view.set("services", Term::Template(services));
        Some(view)
    }
}

/// An address as part of a Terraform label: `ops_example_com`.
fn label(email: &str) -> String {
    let word = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
    email.chars().map(word).collect()
}

impl Component for Topic {
    fn check(&self, _id: &Id, at: &mut Checker<'_>) {
        for (index, email) in self.emails.iter().enumerate() {
            let address = email.split_once('@').filter(|(name, host)| {
                !name.is_empty() && host.contains('.') && !email.contains(char::is_whitespace)
            });
            let earlier = self.emails[..index].iter().any(|other| label(other) == label(email));
            let problem = if address.is_none() {
                "is no mail address"
            } else if earlier {
                "is here twice"
            } else {
                continue;
            };
            let route = ["emails", &index.to_string()];
            at.error(&INVALID_VALUE, &route, format!("`{email}` {problem}"), |found| {
                found.help("write each address once, like `ops@example.com`")
            });
        }
        let Some(arn) = &self.existing else { return };
        if !(arn.starts_with("arn:aws") && arn.contains(":sns:")) {
            at.error(&INVALID_VALUE, &["existing"], format!("`{arn}` is no ARN of a topic"), |found| {
                found.help("write it like `arn:aws:sns:<region>:<account>:<name>`")
            });
        }
        for setting in ["emails", "deployments"] {
            if at.table.get(setting).is_some() {
                let message = format!("`{setting}` has no effect on a topic that exists");
                at.error(&INVALID_VALUE, &[setting], message, |found| {
                    found.help(format!("remove `{setting}`, or remove `existing` to create a topic"))
                });
            }
        }
    }

    fn offer(&self, id: &Id, attribute: &str) -> Option<Offer> {
        if attribute != "arn" {
            return None;
        }
        let arn = Term::Export(id.clone(), "arn");
        let allow = |what: &str, actions, resource| {
            Grant::allow(format!("Topic{}{what}", id.statement()), actions, vec![resource])
        };
        let mut grants = vec![allow("Messages", &["sns:Publish"], arn.clone())];
        if self.existing.is_none() {
            let key = Term::Export(id.clone(), "key_arn");
            grants.push(allow("Key", &["kms:Decrypt", "kms:GenerateDataKey"], key));
        }
        Some(Offer { value: Offered::Plain(arn), grants })
    }

    fn admissions(&self, id: &Id, context: &Context<'_>) -> Vec<Admission> {
        let Some(key) = context.first("key").filter(|_| self.existing.is_none()) else { return Vec::new() };
        // Of the topic's messages alone: EventBridge says nothing of its account when it encrypts one (SNS Developer
        // Guide, "Managing encryption keys").
        let of_topic =
            object([("kms:EncryptionContext:aws:sns:topicArn", Term::Template(Self::arn(id, context)))]);
        let admissions = self.publishers().map(|(who, service)| Admission {
            to: key.clone(),
            key: format!("Topic{}{who}", id.statement()),
            service: Term::string(service),
            actions: &["kms:Decrypt", "kms:GenerateDataKey*"],
            resources: &[""],
            condition: object([("StringEquals", of_topic.clone())]),
        });
        admissions.collect()
    }

    fn names(&self, id: &Id, context: &Context<'_>) -> Vec<PhysicalName> {
        if self.existing.is_some() {
            return Vec::new();
        }
        let rule = Term::named(&format!("{}-deployments", id.dashed()));
        let rule = self.deployments.then(|| PhysicalName::made(EVENT_RULE, &rule, context));
        [PhysicalName::made(TOPIC, &name(id, context), context)].into_iter().chain(rule).collect()
    }

    fn exports(&self, id: &Id, context: &Context<'_>) -> Vec<Export> {
        let arn = match &self.existing {
            Some(arn) => Term::string(arn.clone()),
            None => Term::own_in("created", "aws_sns_topic", &id.name, "arn"),
        };
        let key = context.export("key", "arn");
        vec![
            Export::string("arn", "ARN of the topic.", arn),
            Export::string("key_arn", "ARN of the key that encrypts the topic's messages.", key),
        ]
    }

    fn drawing(&self, _id: &Id, _context: &Context<'_>) -> Drawing {
        let mails = (!self.emails.is_empty()).then(|| format!("mail to {}", self.emails.len()));
        Drawing::default().maybe("emails", mails, "").maybe(
            "deployments",
            self.deployments.then_some("failed deployments"),
            "",
        )
    }

    fn view(&self, id: &Id, context: &Context<'_>) -> View {
        let mut view = View::default();
        let created = self.existing.is_none();
        view.group("created", created.then(|| self.created(id, context)));
        view.items(
            "emails",
            self.emails.iter().map(|email| {
                let mut subscription = View::default();
                let label = label(email);
                subscription.text("label", format!("{}_{label}", id.name));
                subscription.set("address", Term::string(email.clone()));
                (label, subscription)
            }),
        );
        view.group("events", self.events(id, context).filter(|_| created));
        view
    }

    fn outputs(&self, id: &Id, _context: &Context<'_>) -> Vec<Output> {
        let description = format!("ARN of the topic `{}`, for further subscriptions.", id.name);
        vec![Output { name: "arn", description, term: Term::Export(id.clone(), "arn") }]
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{codes, generated, stack};

    const SERVICE: &str = "service \"web\" { image = \"nginx:1\" }";

    fn topic(settings: &str) -> String {
        format!("topic \"ops\" {{\n{settings}\n}}")
    }

    #[test]
    fn the_key_admits_who_publishes_to_the_topic() {
        let key = |settings| generated(&stack(&topic(settings), ""), "modules/encryption/key.tf");
        let alarms = key("");
        assert!(alarms.contains("TopicOpsAlarms") && !alarms.contains("events.amazonaws.com"), "{alarms}");
        assert!(alarms.contains("${var.account_id}:${var.name}-ops"), "{alarms}");
        assert!(key("deployments = true").contains("events.amazonaws.com"));
        assert!(!key("existing = \"arn:aws:sns:eu-west-1:111111111111:ops\"").contains("Topic"));
    }

    #[test]
    fn failed_deployments_are_told_where_there_are_any() {
        let file = |rest: &str| {
            generated(
                &stack(&(topic("deployments = true") + "\n" + rest), ""),
                "modules/monitoring/topic_ops.tf",
            )
        };
        assert!(!file("").contains("aws_cloudwatch_event_rule"));
        let told = file(SERVICE);
        assert_eq!(told.matches("resource \"aws_cloudwatch_event_rule\"").count(), 2, "{told}");
    }

    #[test]
    fn an_environment_may_tell_other_people() {
        let text =
            stack(&topic("emails = [\"ops@example.com\"]"), &topic("emails = [\"oncall@example.com\"]"));
        let file = generated(&text, "modules/monitoring/topic_ops.tf");
        assert!(file.contains("count = var.topic_ops_emails_oncall_example_com_exists ? 1 : 0"), "{file}");
        assert!(generated(&text, "README.md").contains("PendingConfirmation"));
    }

    #[test]
    fn a_topic_that_exists_is_taken_as_it_is() {
        let existing = "existing = \"arn:aws:sns:eu-west-1:111111111111:ops\"";
        assert!(codes(&stack(&topic(existing), "")).is_empty());
        let both = format!("{existing}\nemails = [\"ops@example.com\"]");
        assert_eq!(codes(&stack(&topic(&both), "")), ["invalid-value"]);
        assert_eq!(codes(&stack(&topic("existing = \"ops\""), "")), ["invalid-value"]);
    }

    #[test]
    fn whoever_refers_to_the_topic_may_publish() {
        let service = "service \"web\" {\nimage = \"nginx:1\"\nenvironment = { OPS = topic.ops.arn }\n}";
        let text = generated(&stack(&(topic("") + "\n" + service), ""), "modules/services/service_web.tf");
        assert!(text.contains("sns:Publish") && text.contains("kms:GenerateDataKey"), "{text}");
    }
}
