//! Which settings decide about which resources, found by trying: one setting is given another value, the stack is
//! compiled again, and what is different then is what the setting influences.
//!
//! So nothing here knows a component, a setting or a resource, and a new one needs no line here.

mod other;
mod trial;
mod variant;

use crate::evaluate::{self, Instances};
use crate::model::{self, Model};
use crate::pipeline::{self, Compiled};
use crate::predict;
use crate::render::{Bug, Engine};
use crate::review::{Change, Place};
use crate::show;
use crate::source::Sources;
use crate::syntax::{Document, Value};
use crate::tree::Tree;

use trial::Trial;

/// What a setting decides about, in one environment.
#[derive(Debug, Clone, PartialEq)]
pub struct Influence {
    /// The component whose setting it is; `environment` or `stack` for theirs.
    pub component: String,
    /// The keys from the component's block to the value.
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

    /// What the settings of a component decide about: its own ones, and those of others that refer to it. Settings that
    /// decide about nothing are left out.
    ///
    /// # Errors
    /// Only faults of this program.
    pub fn influences(&self, component: &str) -> Result<Vec<Influence>, Bug> {
        let mut found = Vec::new();
        for one in show::components(self.model, self.environment, self.sources) {
            for trial in trial::trials(self.model, self.environment, &one) {
                if one.name == component || trial.refers_to(component) {
                    found.extend(self.attempt(trial)?);
                }
            }
        }
        Ok(found)
    }

    /// What the settings of `environment` and `stack` decide about.
    ///
    /// # Errors
    /// Only faults of this program.
    pub fn common(&self) -> Result<Vec<Influence>, Bug> {
        let mut found = Vec::new();
        for one in show::components(self.model, self.environment, self.sources) {
            if !one.name.contains('.') {
                for trial in trial::trials(self.model, self.environment, &one) {
                    found.extend(self.attempt(trial)?);
                }
            }
        }
        Ok(found)
    }

    /// Tries the values of a trial until one compiles.
    fn attempt(&self, trial: Trial) -> Result<Option<Influence>, Bug> {
        let mut refused = None;
        for value in &trial.others {
            let document = variant::with(self.model, self.environment, &trial, value);
            let Some((tree, valid)) = self.tree(&document, trial.is_scalar)? else { continue };
            if valid {
                return self.influence(trial.clone(), value, &tree);
            }
            refused = refused.or(Some((value, tree)));
        }
        // A value that a rule refuses still shows where it would go.
        match refused {
            Some((value, tree)) => self.influence(trial.clone(), value, &tree),
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

    fn influence(&self, trial: Trial, value: &Value, tree: &Tree) -> Result<Option<Influence>, Bug> {
        if tree.files == self.tree.files {
            return Ok(None);
        }
        let changes =
            predict::changes(&self.instances, &instances(tree, &self.environment.name)?, &Default::default());
        if changes.is_empty() {
            return Ok(None);
        }
        let tried = (*value != Value::Null).then(|| show::print(value));
        let Trial { component, route, place, value, .. } = trial;
        Ok(Some(Influence { component, route, place, value, tried, changes }))
    }
}

fn instances(tree: &Tree, environment: &str) -> Result<Instances, Bug> {
    evaluate::instances(tree, environment)
        .map_err(|problem| Bug { file: problem.file.clone(), problem: problem.to_string() })
}
