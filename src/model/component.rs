//! The contract of components: what a kind says of itself, and what a component of it answers.

use std::fmt::Debug;

use super::{COMMON_KEYS, Context};
use crate::aws::limits::NameLimit;
use crate::diagnostic::{Code, Diagnostic};
use crate::settings::input::Reference;
use crate::settings::{BlockInfo, Reading, Settings};
use crate::source::Span;
use crate::syntax::{Node, Table, Value};
use crate::terms::{
    Admission, Breach, Deployed, Drawing, Export, Grant, Id, Metrics, Offer, Output, Reaction, Route, Term,
    View,
};

/// A kind of component: everything that is known without an instance of it.
#[derive(Debug)]
pub struct Kind {
    /// The key in the stack language, also the name of its file, template, example and page.
    pub key: &'static str,
    /// The Terraform module its files go to.
    pub module: &'static str,
    /// The template of its file.
    pub template: &'static str,
    /// The resource types that hold data: losing one is never silent.
    pub data: &'static [&'static str],
    /// What a retired component leaves in AWS: types and labels, `*` being its name. Its data, and whatever that could not
    /// live on without or would be less safe without.
    pub stays: &'static [(&'static str, &'static str)],
    /// What can be referred to: `database.main.host`.
    pub attributes: &'static [Attribute],
    /// The kinds that it brings along: when none of such a kind is written, there is one called `main`.
    pub implies: &'static [&'static str],
    /// The kinds it cannot be without.
    pub needs: &'static [&'static str],
    /// Whether settings refer to the whole component, as in `image = registry.app`.
    pub whole: bool,
    /// The diagnostics it can raise besides the common ones.
    pub codes: &'static [&'static Code],
    /// Its settings.
    pub info: fn() -> BlockInfo,
    /// Reads one.
    pub read: fn(&Table, Span, &mut Reading) -> Option<Box<dyn Component>>,
}

/// An attribute that references can name.
#[derive(Debug)]
pub struct Attribute {
    /// Its name: `host`.
    pub name: &'static str,
    /// One sentence for the reference page.
    pub doc: &'static str,
    /// Whether it may only stand under `secrets`.
    pub secret: bool,
    /// Whether it is known before the component exists, so that components may name each other by it.
    pub known: bool,
}

impl Attribute {
    /// An attribute that may stand in plain sight.
    pub const fn plain(name: &'static str, doc: &'static str) -> Self {
        Self { name, doc, secret: false, known: false }
    }

    /// An attribute that only a container's secrets may hold.
    pub const fn secret(name: &'static str, doc: &'static str) -> Self {
        Self { name, doc, secret: true, known: false }
    }

    /// The same, known before the component exists.
    pub const fn known(self) -> Self {
        Self { known: true, ..self }
    }
}

/// One component in one environment.
pub trait Component: Debug + Send + Sync {
    /// Reports what is wrong with its own settings, in the order of the settings.
    fn check(&self, _id: &Id, _at: &mut Checker<'_>) {}

    /// What a reference to an attribute of its kind gives; `None` when these settings do not have it.
    fn offer(&self, _id: &Id, _attribute: &str) -> Option<Offer> {
        None
    }

    /// The reference that an attribute stands for, when the component only hands on what another one offers.
    fn stands_for(&self, _attribute: &str) -> Option<&Reference> {
        None
    }

    /// What a reference to it as a whole opens, besides what the setting that refers to it says.
    fn grants(&self, _id: &Id, _context: &Context<'_>) -> Vec<Grant> {
        Vec::new()
    }

    /// What its own references open: the ports that it may connect to, and what it may read and do.
    fn uses(&self, _id: &Id, _context: &Context<'_>) -> Vec<Grant> {
        Vec::new()
    }

    /// How a picture of the architecture shows it.
    fn drawing(&self, _id: &Id, _context: &Context<'_>) -> Drawing {
        Drawing::default()
    }

    /// The statements it needs in the resource policies of other components.
    fn admissions(&self, _id: &Id, _context: &Context<'_>) -> Vec<Admission> {
        Vec::new()
    }

    /// The buckets whose uploads it follows.
    fn watches(&self, _context: &Context<'_>) -> Vec<Id> {
        Vec::new()
    }

    /// The services that may change their number of tasks with its rights.
    fn resizes(&self, _context: &Context<'_>) -> Vec<Id> {
        Vec::new()
    }

    /// What it has alarms do.
    fn reactions(&self, _id: &Id, _context: &Context<'_>) -> Vec<Reaction> {
        Vec::new()
    }

    /// The metrics that an alarm on it can watch, by namespace; the first is the one it watches unless told otherwise.
    fn metrics(&self, _id: &Id, _context: &Context<'_>) -> Vec<Metrics> {
        Vec::new()
    }

    /// Of an alarm: on which side of its threshold it goes off, when that is known.
    fn breach(&self) -> Option<Breach> {
        None
    }

    /// The listener rules it asks for.
    fn routes(&self, _id: &Id, _context: &Context<'_>) -> Vec<Route> {
        Vec::new()
    }

    /// How a pipeline deploys it, if one does.
    fn deployed(&self, _id: &Id, _context: &Context<'_>) -> Option<Deployed> {
        None
    }

    /// The security groups that it is a member of, besides its own.
    fn memberships(&self, _context: &Context<'_>) -> Vec<Id> {
        Vec::new()
    }

    /// The TCP ports on which its members reach each other, when it is a group that others join.
    fn member_ports(&self) -> Vec<u16> {
        Vec::new()
    }

    /// Physical names whose length depends on the environment: what it names, its limit, the name.
    fn names(&self, _id: &Id, _context: &Context<'_>) -> Vec<PhysicalName> {
        Vec::new()
    }

    /// What other modules may use.
    fn exports(&self, _id: &Id, _context: &Context<'_>) -> Vec<Export> {
        Vec::new()
    }

    /// What its template prints.
    fn view(&self, id: &Id, context: &Context<'_>) -> View;

    /// Its parts of files that are not Terraform.
    fn documents(&self, _id: &Id, _context: &Context<'_>) -> Vec<Document> {
        Vec::new()
    }

    /// Outputs of the whole stack.
    fn outputs(&self, _id: &Id, _context: &Context<'_>) -> Vec<Output> {
        Vec::new()
    }

    /// Secrets that a person fills: what the README tells about.
    fn handmade(&self, _id: &Id) -> Vec<Handmade> {
        Vec::new()
    }
}

/// The part that a component has, in one environment, in a file that is not Terraform: a script, the configuration of a
/// build server. All parts of one path become one file.
#[derive(Debug, Clone)]
pub struct Document {
    /// The path in the tree: `pipelines/main/circleci.yml`.
    pub path: String,
    /// The name of the template, which finds the parts under `parts`, in the order of components and environments.
    pub template: &'static str,
    /// What the part prints. Its terms are known before Terraform runs, and it has no groups and no items.
    pub part: View,
}

/// A name that AWS limits in length.
#[derive(Debug, Clone)]
pub struct PhysicalName {
    /// What is named, and what AWS accepts as its name.
    pub limit: NameLimit,
    /// The setting that it comes from; empty when it is made from the names of stack, environment and component.
    pub setting: &'static str,
    /// The name in this environment.
    pub name: String,
}

impl PhysicalName {
    /// A name that is made from those of stack, environment and component, or that of what is adopted.
    pub fn made(limit: NameLimit, name: &Term, context: &Context<'_>) -> Self {
        Self { limit, setting: "", name: context.known(name).unwrap_or_default() }
    }
}

/// A secret value that is set outside Terraform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handmade {
    /// The SSM parameter's name below `/<stack>/<environment>/`.
    pub parameter: String,
    /// The shell command whose standard output is the value; `None` when only a person knows it.
    pub command: Option<String>,
    /// What it is, one phrase.
    pub purpose: String,
}

/// Reports mistakes in the settings of one component.
#[derive(Debug)]
pub struct Checker<'a> {
    /// The component's settings as written, overlays merged.
    pub table: &'a Table,
    /// The component's header.
    pub header: Span,
    /// Where diagnostics go.
    pub reading: &'a mut Reading,
}

impl Checker<'_> {
    /// The place of the value at a route of keys, a number for an item of a list; or of the nearest thing that exists.
    pub fn place(&self, route: &[&str]) -> Span {
        let mut found: Option<&Node> = None;
        for key in route {
            let next = match found.map(|node| &node.value) {
                None => self.table.get(key).map(|entry| &entry.node),
                Some(Value::Table(table)) => table.get(key).map(|entry| &entry.node),
                Some(Value::List(items)) => key.parse().ok().and_then(|index: usize| items.get(index)),
                Some(_) => None,
            };
            let Some(next) = next else { break };
            found = Some(next);
        }
        found.map_or(self.header, |node| node.span)
    }

    /// Reports a mistake at a route of keys.
    pub fn error(
        &mut self,
        code: &'static Code,
        route: &[&str],
        message: impl Into<String>,
        finish: impl FnOnce(Diagnostic) -> Diagnostic,
    ) {
        let diagnostic = self.reading.diagnostic(code, self.place(route), message);
        self.reading.push(finish(diagnostic));
    }
}

/// Reads a component of type `C`: the usual [`Kind::read`].
pub fn read<C: Settings + Component + 'static>(
    table: &Table,
    header: Span,
    reading: &mut Reading,
) -> Option<Box<dyn Component>> {
    let component = C::read_block(table, header, COMMON_KEYS, reading)?;
    Some(Box::new(component))
}
