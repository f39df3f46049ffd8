//! What the deploy script has to know, as the value of one SSM parameter.

use std::sync::Arc;

use indexmap::IndexMap;

use super::{Build, Pipeline, release};
use crate::components::access::object;
use crate::model::Context;
use crate::settings::input::Input;
use crate::settings::values::Map;
use crate::terms::{Id, Literal, Offered, Term};

impl Pipeline {
    /// The settings of the script. What an environment lacks is null there, and the script passes it over.
    pub(super) fn settings(&self, id: &Id, context: &Context<'_>) -> Term {
        let deployed = context.deployed_by(id);
        let builds = release::registries(&deployed).into_iter().map(|(registry, arm)| {
            (registry.aws_name().into(), self.build_settings(&registry, arm, context))
        });
        let families = deployed.iter().map(|one| {
            let images = one
                .images
                .iter()
                .map(|(container, registry)| (container.clone(), Term::string(registry.aws_name())));
            (release::key(one), Term::Object(images.collect()))
        });
        let tasks = release::tasks(&deployed).into_iter().enumerate().map(|(index, (one, release))| {
            let task = object([
                ("name", Term::string(release::key(one))),
                ("order", Term::from(index as i64 + 1)),
                ("container", Term::string(release.container.clone())),
                ("security_groups", release.security_groups.clone()),
                ("timeout", Term::optional(release.timeout)),
            ]);
            (release::key(one), task)
        });
        let services = deployed.iter().filter(|one| one.workload.kind == "service");
        let services = services.map(|one| (release::key(one), Term::string(release::key(one))));
        let public = context.export("network", "tasks_are_public");
        object([
            ("prefix", Term::Prefix),
            ("cluster", context.export("cluster", "name")),
            ("subnets", context.export("network", "task_subnet_ids")),
            ("public_ip", Term::choose(public, "ENABLED", "DISABLED")),
            ("timeout", Term::from(self.timeout.0)),
            ("builds", Term::Object(builds.collect())),
            ("families", Term::Object(families.collect())),
            ("tasks", Term::Keyed(tasks.collect())),
            ("services", Term::Keyed(services.collect())),
        ])
    }

    /// How one image is built.
    fn build_settings(&self, registry: &Id, arm: bool, context: &Context<'_>) -> Term {
        let build = self.build.0.get(&registry.name).map(|(_, build)| build);
        let text = |text: Option<&Arc<str>>, default: &str| {
            Term::string(text.map_or_else(|| default.into(), Arc::clone))
        };
        let mut settings: IndexMap<Arc<str>, Term> = IndexMap::from([
            ("repository".into(), Term::Export(registry.clone(), "repository_url")),
            ("dockerfile".into(), text(build.map(|build| &build.dockerfile), "Dockerfile")),
            ("context".into(), text(build.map(|build| &build.context), ".")),
            ("platform".into(), Term::string(if arm { "linux/arm64" } else { "linux/amd64" })),
        ]);
        if let Some(build) = build {
            settings.extend(build.described(context));
        }
        Term::Object(settings)
    }
}

impl Build {
    /// What the block says besides where the Dockerfile is.
    fn described(&self, context: &Context<'_>) -> IndexMap<Arc<str>, Term> {
        let mut settings: IndexMap<Arc<str>, Term> = IndexMap::new();
        let mut add = |key: &str, map: &Map<Input>| {
            if !map.0.is_empty() {
                settings.insert(key.into(), values(map, context));
            }
        };
        add("args", &self.args);
        add("secrets", &self.secrets);
        add("environment", &self.environment);
        if let Some(name) = &self.commit_arg {
            settings.insert("commit_arg".into(), Term::string(name.clone()));
        }
        if !self.run.is_empty() {
            let runs = self.run.iter().map(|run| Term::strings(run.iter().map(|word| &**word)));
            settings.insert("run".into(), Term::List(runs.collect()));
        }
        settings
    }
}

/// Values by name; of a secret, where it lies.
fn values(map: &Map<Input>, context: &Context<'_>) -> Term {
    let value = |input: &Input| match context.input(input).0 {
        Offered::Plain(Term::Literal(literal)) => Term::Literal(Literal::from(literal.to_text())),
        Offered::Plain(term) | Offered::Secret(term) => term,
    };
    let mut values: IndexMap<Arc<str>, Term> =
        map.0.iter().map(|(name, (_, input))| (name.clone(), value(input))).collect();
    values.sort_unstable_keys();
    Term::Object(values)
}
