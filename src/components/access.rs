//! What references open, in the words of templates: IAM statements and security-group rules.
//!
//! Not a component. Says how an opening is printed; who may open what is decided by the grants of
//! [`crate::terms::Grant`].

use std::sync::Arc;

use indexmap::IndexMap;

use crate::terms::{Admission, Grant, Id, Term, View};

/// A statement of an IAM policy that allows `actions` on `resources`, a list.
pub(super) fn statement(sid: &str, actions: &[&str], resources: Term) -> Term {
    object([
        ("Sid", Term::string(sid)),
        ("Effect", Term::string("Allow")),
        ("Action", Term::strings(actions.iter().copied())),
        ("Resource", resources),
    ])
}

/// The statements of the policy that says what somebody may do: a user, a task, a schedule, a pipeline.
#[derive(Debug, Default)]
pub(super) struct Statements(IndexMap<Arc<str>, Term>);

impl Statements {
    /// What these grants allow; the others open nothing for a role or user.
    pub(super) fn of(grants: impl IntoIterator<Item = Grant>) -> Self {
        let mut statements = Self::default();
        grants.into_iter().for_each(|grant| statements.take(grant));
        statements
    }

    /// Adds what a grant allows, once for each key.
    pub(super) fn take(&mut self, grant: Grant) {
        let Grant::Allow { key, actions, resources, condition } = grant else { return };
        match condition {
            Some(condition) => self.allow_if(&key, actions, Term::List(resources), condition),
            None => self.allow(&key, actions, Term::List(resources)),
        }
    }

    /// Allows `actions` on `resources`, a list.
    pub(super) fn allow(&mut self, sid: &str, actions: &[&str], resources: Term) {
        self.0.insert(sid.into(), statement(sid, actions, resources));
    }

    /// The same under a condition, an object of operators.
    pub(super) fn allow_if(&mut self, sid: &str, actions: &[&str], resources: Term, condition: Term) {
        let mut statement = statement(sid, actions, resources);
        if let Term::Object(entries) = &mut statement {
            entries.insert("Condition".into(), condition);
        }
        self.0.insert(sid.into(), statement);
    }

    /// Whether nothing is allowed.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The list of statements, by `Sid`.
    pub(super) fn into_term(mut self) -> Term {
        self.0.sort_unstable_keys();
        Term::Keyed(self.0)
    }
}

/// A JSON object.
pub(super) fn object<const N: usize>(entries: [(&str, Term); N]) -> Term {
    Term::Object(entries.into_iter().map(|(key, term)| (Arc::from(key), term)).collect())
}

/// The statement of a resource policy that lets an AWS service in, by its `Sid`; `arn` is the resource, or `*` where
/// the policy is that of a key and means the key itself.
pub(super) fn admission(admission: Admission, arn: &Term) -> (Arc<str>, Term) {
    let resources = admission.resources.iter().map(|&below| match below {
        "" => arn.clone(),
        below => Term::Template(vec![arn.clone(), Term::string(below)]),
    });
    let statement = object([
        ("Sid", Term::string(admission.key.clone())),
        ("Effect", Term::string("Allow")),
        ("Principal", object([("Service", admission.service)])),
        ("Action", Term::strings(admission.actions.iter().copied())),
        ("Resource", Term::List(resources.collect())),
        ("Condition", admission.condition),
    ]);
    (admission.key.into(), statement)
}

/// The security-group rules towards a TCP port of each peer, by the peer's identifier. Every peer exports
/// `security_group_id`.
pub(super) fn rules(peers: impl IntoIterator<Item = (Id, u16)>) -> impl Iterator<Item = (String, View)> {
    peers.into_iter().map(|(peer, port)| {
        let mut rule = View::default();
        rule.text("peer", peer.described());
        rule.set("port", i64::from(port));
        rule.set("security_group_id", Term::Export(peer.clone(), "security_group_id"));
        (peer.ident(), rule)
    })
}

#[cfg(test)]
mod tests {
    use crate::testing::{generated, has_line, stack};

    fn policy(access: &str) -> String {
        let components = "secret \"api\" {}\nparameter \"mode\" { value = \"x\" }\nbucket \"media\" {}\n\
                          secret \"old\" { existing = \"arn:aws:secretsmanager:eu-west-1:222222222222:secret:a\" }";
        let app = format!(
            "app \"shop\" {{\nimage = \"nginx:1\"\naccess = [bucket.media]\nservice \"web\" {{\n{access}\n}}\n\
             service \"worker\" {{}}\n}}"
        );
        generated(&stack(&format!("{components}\n{app}"), ""), "modules/services/service_web.tf")
    }

    #[test]
    fn whole_references_open_what_their_components_say() {
        for (access, lines) in [
            (
                "secret.api",
                ["Action = [\"ssm:GetParameter\", \"ssm:GetParameters\"]", "Resource = [var.secret_api_arn]"],
            ),
            ("secret.old", ["Action = [\"secretsmanager:GetSecretValue\"]", "Action = [\"kms:Decrypt\"]"]),
            ("parameter.mode", ["Sid = \"ReadParameterMode\"", "Resource = [var.parameter_mode_arn]"]),
            ("key.main", ["Action = [\"kms:Decrypt\", \"kms:DescribeKey\"]", "Resource = [var.key_arn]"]),
            (
                "service.worker",
                [
                    "Action = [\"ecs:DescribeServices\", \"ecs:UpdateService\"]",
                    "Resource = [aws_ecs_service.worker.id]",
                ],
            ),
        ] {
            let text = policy(&format!("access = [{access}]"));
            for line in lines {
                assert!(has_line(&text, line), "{access}: {line}\n{text}");
            }
            assert!(!text.contains("s3:"), "the list of the app is replaced\n{text}");
        }
    }

    #[test]
    fn access_comes_from_the_app_and_opens_no_variable() {
        let text = policy("");
        assert!(text.contains("s3:PutObject") && !text.contains("environment ="), "{text}");
    }

    #[test]
    fn who_may_change_the_number_of_tasks_owns_it() {
        let number = |access: &str| {
            let services = format!(
                "service \"web\" {{\nimage = \"nginx:1\"\n{access}\n}}\nservice \"worker\" {{ image = \"nginx:1\" }}"
            );
            generated(&stack(&services, ""), "modules/services/service_worker.tf")
        };
        let text = number("access = [service.worker]");
        assert!(has_line(&text, "ignore_changes = [desired_count]"), "{text}");
        assert!(!number("").contains("ignore_changes"));
    }

    #[test]
    fn a_right_that_is_given_twice_stands_once() {
        let text =
            policy("access = [bucket.media, bucket.media.name]\nenvironment = { B = bucket.media.name }");
        assert_eq!(text.matches("\"BucketMediaObjects\"").count(), 1, "{text}");
    }
}
