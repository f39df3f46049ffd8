//! `log_group`: a CloudWatch log group that several containers write to; or one that exists.

use std::sync::Arc;

use crate::aws::limits::names::LOG_GROUP;
use crate::aws::logs;
use crate::model::{Attribute, Checker, Component, Context, Kind, PhysicalName};
use crate::settings::codes::INVALID_VALUE;
use crate::settings::input::Input;
use crate::settings::settings;
use crate::settings::values::Int;
use crate::terms::{Export, Id, Offer, Offered, Term, View};

/// The table line of this component.
pub static KIND: Kind = Kind {
    key: "log_group",
    module: "services",
    template: include_str!("../../templates/modules/log_group.tf.tera"),
    data: &[],
    stays: &[],
    attributes: &[Attribute::plain("name", "Name of the log group. Opens nothing.")],
    implies: &["key"],
    needs: &[],
    whole: true,
    codes: &[],
    info: <LogGroup as crate::settings::Settings>::info,
    read: crate::model::read::<LogGroup>,
};

settings! {
    /// A CloudWatch log group, encrypted with the stack's key. Every service and task has one of its own; write one to
    /// let several share it or to choose its name, and refer to it with `log_group`.
    pub struct LogGroup {
        /// Name of the log group; `/<stack>-<environment>/<name>` by default. Environments of one account need
        /// different names: `"/shop/${environment.name}/app"`.
        name: Option<Input>,
        /// Days that logs are kept; by default a year where the environment protects data, otherwise 30 days.
        retention: Option<Int<1, 3_653>>,
        /// Name of a log group that exists, to be used instead.
        existing: Option<Arc<str>>,
    }
}

impl LogGroup {
    /// The name of a log group that is made.
    fn made(&self, id: &Id, context: &Context<'_>) -> Term {
        let usual = vec![Term::string("/"), Term::Prefix, Term::string(format!("/{}", id.dashed()))];
        match &self.name {
            Some(name) => context.plain(name),
            None => context.name_of(id, "aws_cloudwatch_log_group", &id.name, Term::Template(usual)),
        }
    }
}

impl Component for LogGroup {
    fn check(&self, _id: &Id, at: &mut Checker<'_>) {
        if self.existing.is_some() {
            for setting in ["name", "retention"].into_iter().filter(|key| at.table.get(key).is_some()) {
                let message = format!("`{setting}` has no effect on a log group that exists");
                at.error(&INVALID_VALUE, &[setting], message, |found| {
                    found.help(format!("remove `{setting}`, or remove `existing` to create a log group"))
                });
            }
        }
        if let Some(days) = self.retention.filter(|days| !logs::is_retention(days.0 as u32)) {
            let near = logs::nearest_retention(days.0 as u32);
            let message = format!("CloudWatch does not keep logs for {} days", days.0);
            at.error(&INVALID_VALUE, &["retention"], message, |found| {
                found.help(format!("the nearest it has: {near}"))
            });
        }
    }

    fn offer(&self, id: &Id, attribute: &str) -> Option<Offer> {
        let value = Offered::Plain(Term::Export(id.clone(), "name"));
        (attribute == "name").then_some(Offer { value, grants: Vec::new() })
    }

    fn names(&self, _id: &Id, context: &Context<'_>) -> Vec<PhysicalName> {
        let name = match (&self.existing, &self.name) {
            (Some(name), _) => Some(("existing", name.to_string())),
            (None, Some(name)) => context.text(name).map(|name| ("name", name)),
            (None, None) => None,
        };
        let name = name.map(|(setting, name)| PhysicalName { limit: LOG_GROUP, setting, name });
        name.into_iter().collect()
    }

    fn exports(&self, id: &Id, context: &Context<'_>) -> Vec<Export> {
        let own = |attribute| Term::own_in("created", "aws_cloudwatch_log_group", &id.name, attribute);
        let (name, arn) = match &self.existing {
            None => (own("name"), own("arn")),
            Some(name) => {
                let arn = vec![
                    Term::string(format!("arn:{}:logs:", context.partition())),
                    context.region(),
                    Term::string(":"),
                    context.account(),
                    Term::string(format!(":log-group:{name}")),
                ];
                (Term::string(name.clone()), Term::Template(arn))
            }
        };
        vec![
            Export::string("name", "Name of the log group.", name),
            Export::string("arn", "ARN of the log group.", arn),
        ]
    }

    fn view(&self, id: &Id, context: &Context<'_>) -> View {
        let mut view = View::default();
        let created = self.existing.is_none().then(|| {
            let mut group = View::default();
            group.set("name", self.made(id, context));
            let retention = self.retention.map(|days| Term::from(days.0));
            group.set("retention", retention.unwrap_or_else(|| context.log_retention()));
            group.set("key_arn", context.export("key", "arn"));
            group
        });
        view.group("created", created);
        view
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{codes, compile, generated, has_line, stack};

    fn logs(settings: &str, service: &str, overlay: &str) -> String {
        let service = format!("service \"web\" {{\nimage = \"nginx:1\"\n{service}\n}}");
        stack(&format!("log_group \"app\" {{\n{settings}\n}}\n{service}"), overlay)
    }

    #[test]
    fn several_containers_write_to_one_group_and_no_other_is_made() {
        let text = logs("", "log_group = log_group.app\ncontainer \"log\" {}", "");
        let (found, tree) = compile(&text);
        assert!(found.is_empty(), "{found:#?}");
        let service = &tree.files["modules/services/service_web.tf"];
        assert!(!service.contains("resource \"aws_cloudwatch_log_group\""), "{service}");
        let group = "awslogs-group = aws_cloudwatch_log_group.app.name";
        assert_eq!(service.lines().filter(|line| has_line(line, group)).count(), 2, "{service}");
        assert!(service.contains("[\"${aws_cloudwatch_log_group.app.arn}:*\"]"), "{service}");
        let group = &tree.files["modules/services/log_group_app.tf"];
        assert!(has_line(group, "name = \"/${var.name}/app\""), "{group}");
        assert!(has_line(group, "retention_in_days = var.protect ? 365 : 30"), "{group}");
    }

    #[test]
    fn a_container_may_have_a_group_of_its_own() {
        let text = generated(
            &logs("", "container \"log\" { log_group = log_group.app }", ""),
            "modules/services/service_web.tf",
        );
        assert!(text.contains("resource \"aws_cloudwatch_log_group\" \"web\""), "{text}");
        assert!(has_line(&text, "awslogs-group = aws_cloudwatch_log_group.app.name"), "{text}");
        assert!(has_line(&text, "awslogs-group = aws_cloudwatch_log_group.web.name"), "{text}");
    }

    #[test]
    fn a_group_that_exists_is_only_written_to() {
        let text = logs("existing = \"/shop/app\"", "log_group = log_group.app", "");
        let (found, tree) = compile(&text);
        assert!(
            found.is_empty() && !tree.files.contains_key("modules/services/log_group_app.tf"),
            "{found:#?}"
        );
        let service = &tree.files["modules/services/service_web.tf"];
        let arn = "\"arn:aws:logs:eu-west-1:${var.account_id}:log-group:/shop/app:*\"";
        assert!(service.contains(arn) && service.contains("\"/shop/app\""), "{service}");
        assert_eq!(codes(&logs("existing = \"/shop\"\nretention = 7", "", "")), ["invalid-value"]);
    }

    #[test]
    fn names_and_periods_are_those_of_cloudwatch() {
        let text = generated(
            &logs("name = \"/shop/${environment.name}/app\"", "", ""),
            "modules/services/log_group_app.tf",
        );
        assert!(has_line(&text, "name = \"/shop/${var.environment}/app\""), "{text}");
        assert_eq!(codes(&logs("name = \"/shop app\"", "", "")), ["name-refused"]);
        assert!(
            codes(&logs("name = \"/shop\"", "", "")).is_empty(),
            "the environments have accounts of their own"
        );
        let one_account = logs("name = \"/shop\"", "", "").replace("222222222222", "111111111111");
        assert_eq!(codes(&one_account), ["duplicate-name"]);
        assert_eq!(codes(&logs("retention = 10", "", "")), ["invalid-value"]);
    }
}
