//! Which settings decide about which resources, found by trying: one setting is given another value, the stack is
//! compiled again, and what is different then is what the setting influences.
//!
//! So nothing here knows a component, a setting or a resource, and a new one needs no line here.

mod causes;
mod other;
mod trial;
mod variant;

use crate::evaluate::{Instances, instances};
use crate::model::{self, Model};
use crate::parallel::in_parallel;
use crate::pipeline::{self, Compiled};
use crate::predict;
use crate::render::{Bug, Engine};
use crate::review::{Change, Place};
use crate::show;
use crate::source::Sources;
use crate::syntax::{Document, Value};
use crate::tree::Tree;

pub use causes::locate;

use trial::Trial;

/// What a setting decides about, in one environment.
#[derive(Debug, Clone, PartialEq)]
pub struct Influence {
    /// The component whose setting it is; `environment` or `stack` for theirs.
    pub component: String,
    /// The keys from the component's block to the value. Empty for all references to the component that is the `value`,
    /// together.
    pub route: Vec<String>,
    /// Where it is written; nothing for a default.
    pub place: Option<Place>,
    /// The value that it has, as the stack file writes it.
    pub value: String,
    /// The value that was tried instead; nothing when the setting was taken away.
    pub tried: Option<String>,
    /// What would happen.
    pub changes: Vec<Change>,
}

/// A stack whose settings are tried in one environment.
#[derive(Debug)]
pub struct Experiment<'a> {
    engine: &'a Engine,
    sources: &'a Sources,
    model: &'a Model,
    tree: &'a Tree,
    environment: &'a model::Environment,
    instances: Instances,
}

impl<'a> Experiment<'a> {
    /// Prepares to try settings of a stack without errors.
    ///
    /// # Errors
    /// Generated Terraform that cannot be evaluated is a fault of this program.
    pub fn new(
        engine: &'a Engine,
        sources: &'a Sources,
        compiled: &'a Compiled,
        environment: &'a model::Environment,
    ) -> Result<Self, Bug> {
        let Compiled { model, tree, .. } = compiled;
        let instances = instances(tree, &environment.name)?;
        Ok(Self { engine, sources, model, tree, environment, instances })
    }

    /// What the stack comes to as it is.
    pub fn instances(&self) -> &Instances {
        &self.instances
    }

    /// What settings decide about: those of a component, those of others that refer to it, and those of `environment` and
    /// `stack`. Settings that decide about nothing are left out.
    ///
    /// # Errors
    /// Only faults of this program.
    pub fn influences(&self, component: &str) -> Result<Vec<Influence>, Bug> {
        let components = show::components(self.model, self.environment, self.sources);
        let trials = components.iter().flat_map(|one| trial::trials(self.model, self.environment, one));
        let trials: Vec<Trial> = trials.filter(|trial| trial.concerns(component)).collect();
        let found =
            in_parallel(&trials, |trial| self.attempt(trial)).into_iter().collect::<Result<Vec<_>, _>>();
        Ok(found?.into_iter().flatten().collect())
    }

    /// Tries the values of a trial until one compiles that is another.
    fn attempt(&self, trial: &Trial) -> Result<Option<Influence>, Bug> {
        let mut refused = None;
        for value in &trial.others {
            let document = variant::with(self.model, self.environment, trial, value);
            let also_refused = trial.is_scalar && refused.is_none();
            let Some((tree, valid)) = self.tree(&document, also_refused)? else { continue };
            if valid {
                match self.influence(trial, value, &tree)? {
                    // It may be the value that it has.
                    None if !trial.is_known => continue,
                    found => return Ok(found),
                }
            }
            refused = refused.or(Some((value, tree)));
        }
        // A value that a rule refuses still shows where it would go.
        match refused {
            Some((value, tree)) => self.influence(trial, value, &tree),
            None => Ok(None),
        }
    }

    /// What a document becomes, and whether it has no errors.
    fn tree(&self, document: &Document, also_refused: bool) -> Result<Option<(Tree, bool)>, Bug> {
        let checked = pipeline::check_document(document);
        let failed = checked.has_errors();
        let Some(model) = checked.value.filter(|model| !failed || also_refused && self.is_whole(model))
        else {
            return Ok(None);
        };
        let rendered = match crate::render::render(self.engine, &model, &self.tree.stack) {
            Ok(rendered) => rendered,
            // What a rule refuses need not be possible to print.
            Err(_) if failed => return Ok(None),
            Err(bug) => return Err(bug),
        };
        let valid = !failed && !rendered.has_errors();
        Ok(rendered.value.map(|tree| (tree, valid)))
    }

    /// Whether a model has every component of the stack.
    fn is_whole(&self, model: &Model) -> bool {
        let count = |model: &Model| -> Vec<usize> {
            model.environments.iter().map(|one| one.components.len()).collect()
        };
        count(model) == count(self.model)
    }

    fn influence(&self, trial: &Trial, value: &Value, tree: &Tree) -> Result<Option<Influence>, Bug> {
        if tree.files == self.tree.files {
            return Ok(None);
        }
        let changes =
            predict::changes(&self.instances, &instances(tree, &self.environment.name)?, &Default::default());
        if changes.is_empty() {
            return Ok(None);
        }
        let tried = (*value != Value::Null).then(|| show::print(value));
        let Trial { component, route, place, value, .. } = trial.clone();
        Ok(Some(Influence { component, route, place, value, tried, changes }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::Action;
    use crate::source::{Source, Syntax};
    use crate::testing::stack;

    /// What the settings that concern a component do in production: the setting with its line, what was tried, and the
    /// changes of resources whose address ends with `resource`.
    fn found(
        text: &str,
        component: &str,
        resource: &str,
    ) -> Vec<(String, Option<String>, Action, Vec<String>)> {
        let mut sources = Sources::default();
        let file = sources.add(Source::new("a.hcl", text, Syntax::Hcl));
        let engine = Engine::new().unwrap();
        let compiled =
            pipeline::compile(&engine, &sources, file, |_| Default::default()).unwrap().value.unwrap();
        let environment = compiled.model.environments.iter().find(|one| &*one.name == "production").unwrap();
        let experiment = Experiment::new(&engine, &sources, &compiled, environment).unwrap();
        let mut found = Vec::new();
        for influence in experiment.influences(component).unwrap() {
            let line =
                influence.place.as_ref().map_or_else(|| "default".to_owned(), |place| place.line.to_string());
            let name = format!("{} {} {line}", influence.component, show::path(&influence.route));
            let changes = influence.changes.iter().filter(|change| change.address.ends_with(resource));
            found.extend(changes.map(|change| {
                let fields = change.fields.iter().map(|field| field.path.clone()).collect();
                (name.clone(), influence.tried.clone(), change.action, fields)
            }));
        }
        found
    }

    const DATABASE: &str = r#"database "main" {
  engine  = "postgres"
  version = "16"
  class   = "db.t4g.small"
}
service "web" {
  image       = "nginx:1"
  environment = { DB_HOST = database.main.host }
  port        = 80
  route "/" {}
}
load_balancer "public" {
  domain      = environment.domain
  certificate = "arn:aws:acm:eu-west-1:222222222222:certificate/1"
}
"#;

    #[test]
    fn settings_are_found_with_what_they_change_whether_they_are_written_or_not() {
        let overlay = "database \"main\" { class = \"db.r6g.large\" }";
        let found = found(&stack(DATABASE, overlay), "database.main", "aws_db_instance.main");
        let fields = |name: &str| found.iter().find(|one| one.0 == name).map(|one| (one.2, one.3.join(" ")));
        assert_eq!(fields("database.main class 11"), Some((Action::Update, "instance_class".to_owned())));
        assert_eq!(
            fields("database.main backup_days default"),
            Some((Action::Update, "backup_retention_period".to_owned()))
        );
        let storage = fields("database.main storage default").map(|(_, fields)| fields);
        assert_eq!(storage.as_deref(), Some("allocated_storage max_allocated_storage"));
        assert!(
            fields("environment protect 10")
                .is_some_and(|(_, fields)| fields.contains("deletion_protection"))
        );
        assert_eq!(fields("database.main rotation_days default"), None);
    }

    #[test]
    fn references_from_elsewhere_are_tried_too() {
        let logs = "bucket \"logs\" {}\nbucket \"media\" { access_logs = bucket.logs }\n";
        let found = found(&stack(logs, ""), "bucket.logs", "aws_s3_bucket_policy.logs");
        let reference = found.iter().find(|one| one.0 == "bucket.media access_logs 18").unwrap();
        assert_eq!(reference.2, Action::Update);
        assert!(reference.3.iter().all(|field| field.starts_with("policy.Statement.")), "{:?}", reference.3);
    }

    #[test]
    fn what_several_references_open_closes_when_all_of_them_go() {
        let text = DATABASE.replace("database.main.host", "database.main.host, DB_PORT = database.main.port");
        let found =
            found(&stack(&text, ""), "service.web", "aws_vpc_security_group_ingress_rule.database_main_web");
        let found: Vec<(&str, Action)> = found.iter().map(|one| (one.0.as_str(), one.2)).collect();
        assert!(found.contains(&("service.web  24", Action::Destroy)), "{found:?}");
        assert!(!found.iter().any(|(name, _)| name.contains("DB_PORT")), "{found:?}");
    }

    #[test]
    fn a_block_alone_and_a_value_that_no_rule_accepts_are_tried_too() {
        let found = found(&stack(DATABASE, ""), "service.web", "");
        let of = |name: &str| found.iter().filter(|one| one.0.starts_with(name)).count();
        assert!(of("service.web route \"/\" ") > 0, "{found:#?}");
        // No size has 512 MiB and another number of CPU units.
        assert!(of("service.web cpu default") > 0, "{found:#?}");
    }
}
