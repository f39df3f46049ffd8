//! What a component sees of its environment: facts, and what references give.

use std::sync::OnceLock;

use indexmap::IndexMap;

use super::{Component, Environment, FactName, Stack};
use crate::aws::adoption;
use crate::aws::region::{self, Partition};
use crate::settings::input::{Input, InputPart, Reference};
use crate::terms::{Admission, Deployed, Fact, Grant, Id, Literal, Offer, Offered, Reaction, Site, Term};

/// One environment, seen by one of its components. References in it are known to resolve.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The stack.
    pub stack: &'a Stack,
    /// The environment.
    pub environment: &'a Environment,
}

/// Why a reference gives nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unresolved {
    /// The first word is no kind, nor `stack` or `environment`.
    Kind,
    /// `stack.` or `environment.` has no such fact.
    Fact,
    /// The environment has no such domain.
    NoDomain,
    /// No component of this name.
    Component,
    /// The kind has no such attribute.
    Attribute,
    /// The kind has it, but not with this component's settings.
    NotWithSettings,
}

impl Context<'_> {
    /// `<stack>-<environment>`, the prefix of physical names.
    pub fn prefix(&self) -> String {
        format!("{}-{}", self.stack.name, self.environment.name).replace('_', "-")
    }

    /// The physical name with a suffix, in this environment.
    pub fn physical(&self, suffix: &str) -> String {
        format!("{}-{suffix}", self.prefix())
    }

    /// The name of a resource of a component: the one that is usual for it, or that of what the component adopts.
    pub fn name_of(&self, id: &Id, resource: &str, label: &str, usual: Term) -> Term {
        let entry = self.environment.components.get(id);
        let identifier = entry.and_then(|entry| entry.common.adopted(resource, label));
        let adopted = identifier.and_then(|identifier| adoption::adopted(resource, identifier));
        adopted.map_or(usual, |adopted| Term::string(adopted.name))
    }

    /// The name of an SSM parameter: `/<stack>/<environment>/<path>`.
    pub fn parameter(&self, path: &str) -> Term {
        let below = Term::string(format!("/{path}"));
        match &self.stack.settings.parameter_path {
            Some(Input::Template(parts)) => {
                let parts = parts.iter().map(|part| match part {
                    InputPart::Text(text) => Term::string(text.clone()),
                    InputPart::Reference(_) => Term::Environment,
                });
                Term::Template(parts.chain([below]).collect())
            }
            _ => {
                let stack = Term::string(format!("/{}/", self.stack.name));
                Term::Template(vec![stack, Term::Environment, below])
            }
        }
    }

    /// Whether data is protected, as a term.
    pub fn protect(&self) -> Term {
        Term::Fact(Fact::Protect, Literal::Bool(self.environment.settings.protect))
    }

    /// The account id, as a term.
    pub fn account(&self) -> Term {
        Term::Fact(Fact::Account, Literal::String(self.environment.settings.account.clone()))
    }

    /// The region, as a term.
    pub fn region(&self) -> Term {
        Term::Region(self.environment.region.clone())
    }

    /// The AWS partition of the region, which displays as ARNs have it.
    pub fn partition(&self) -> Partition {
        region::find(&self.environment.region).map_or(Partition::Aws, |region| region.partition)
    }

    /// How many tasks a service runs that is to have so many: none where the environment is paused.
    pub fn running(&self, tasks: i64) -> i64 {
        if self.environment.settings.paused { 0 } else { tasks }
    }

    /// The ARN of something of this account in this region, `rest` being what comes after the account.
    pub fn arn(&self, service: &str, rest: impl IntoIterator<Item = Term>) -> Term {
        let partition = Term::string(format!("arn:{}:{service}:", self.partition()));
        let own = [partition, self.region(), Term::string(":"), self.account()];
        Term::Template(own.into_iter().chain(rest).collect())
    }

    /// How many days logs are kept: a year where data is protected, otherwise a month.
    pub fn log_retention(&self) -> Term {
        Term::choose(self.protect(), Literal::Integer(365), Literal::Integer(30))
    }

    /// The components of a kind.
    pub fn all(&self, kind: &str) -> impl Iterator<Item = &Id> {
        self.environment.components.keys().filter(move |id| id.kind == kind)
    }

    /// The first component of a kind: the only one, for kinds of which there is at most one.
    pub fn first(&self, kind: &str) -> Option<Id> {
        self.all(kind).next().cloned()
    }

    /// An export of the environment's only component of a kind; null without one.
    pub fn export(&self, kind: &str, name: &'static str) -> Term {
        self.first(kind).map_or(Term::NULL, |id| Term::Export(id, name))
    }

    /// The statements that other components need in the resource policy of this one, in the order of components.
    pub fn admissions(&self, to: &Id) -> Vec<Admission> {
        self.asked(|id, component| component.admissions(id, self), |admission| admission.to == *to)
    }

    /// Whether a component follows the uploads to a bucket.
    pub fn is_watched(&self, bucket: &Id) -> bool {
        !self.asked(|_, component| component.watches(self), |id| id == bucket).is_empty()
    }

    /// Whether another component may change the number of tasks of a service.
    pub fn is_resized(&self, service: &Id) -> bool {
        let resized = &self.environment.asked.resized;
        let found = self.index(resized, |_, component| component.resizes(self), |id| id);
        found.contains_key(service)
    }

    /// What other components have this alarm do, in the order of components.
    pub fn reactions(&self, alarm: &Id) -> &[Reaction] {
        let reactions = &self.environment.asked.reactions;
        let found = self.index(reactions, |id, component| component.reactions(id, self), |one| &one.alarm);
        found.get(alarm).map_or(&[], Vec::as_slice)
    }

    /// All that components ask for, by whom it concerns.
    fn index<'i, T>(
        &self,
        found: &'i OnceLock<IndexMap<Id, Vec<T>>>,
        ask: impl Fn(&Id, &dyn Component) -> Vec<T>,
        concerns: impl Fn(&T) -> &Id,
    ) -> &'i IndexMap<Id, Vec<T>> {
        found.get_or_init(|| {
            let mut index: IndexMap<Id, Vec<T>> = IndexMap::new();
            for one in self.asked(ask, |_| true) {
                index.entry(concerns(&one).clone()).or_default().push(one);
            }
            index
        })
    }

    /// The services and tasks that a pipeline deploys, services first, in the order of their names in AWS.
    pub fn deployed_by(&self, pipeline: &Id) -> Vec<Deployed> {
        let mut deployed = self.asked(
            |id, component| component.deployed(id, self).into_iter().collect(),
            |one: &Deployed| one.pipeline == *pipeline,
        );
        // A rename leaves the order of a release as it was.
        deployed.sort_by(|a, b| {
            a.workload.kind.cmp(b.workload.kind).then(a.workload.aws_name().cmp(b.workload.aws_name()))
        });
        deployed
    }

    /// Where tasks stand: in public subnets where the network has no NAT.
    pub fn task_site(&self) -> Site {
        let exports = self.first("network").map(|id| (self.find(&id), id));
        let exports = exports.and_then(|(network, id)| Some(network?.exports(&id, self))).unwrap_or_default();
        let public = exports.iter().find(|export| export.name == "tasks_are_public");
        let public = public.and_then(|export| self.known(&export.term));
        Site::Tasks { public: public.as_deref() == Some("true") }
    }

    /// Whether two components are members of one security group that opens a TCP port among its members: then they
    /// need no rule of their own.
    pub fn are_members_together(&self, one: &Id, other: &Id, port: u16) -> bool {
        let component = |id: &Id| self.environment.components.get(id).map(|entry| &entry.component);
        let groups = |id: &Id| component(id).map(|found| found.memberships(self)).unwrap_or_default();
        let others = groups(other);
        let opens = |group: &Id| component(group).is_some_and(|found| found.member_ports().contains(&port));
        groups(one).iter().any(|group| others.contains(group) && opens(group))
    }

    /// Of all that components ask for, what concerns one of them.
    fn asked<T>(&self, ask: impl Fn(&Id, &dyn Component) -> Vec<T>, concerns: impl Fn(&T) -> bool) -> Vec<T> {
        let components = self.environment.components.iter();
        let asked = components.flat_map(|(id, entry)| ask(id, &*entry.component));
        asked.filter(|one| concerns(one)).collect()
    }

    /// Another component, for what it answers about itself.
    pub fn find(&self, id: &Id) -> Option<&dyn Component> {
        self.environment.components.get(id).map(|entry| &*entry.component)
    }

    /// What a reference gives.
    pub fn resolve(&self, reference: &Reference) -> Result<Offer, Unresolved> {
        let plain = |term| Ok(Offer { value: Offered::Plain(term), grants: Vec::new() });
        let (first, second) = (reference.word(0), reference.word(1));
        if matches!(first, "stack" | "environment") {
            let settings = &self.environment.settings;
            let text = format!("{first}.{second}");
            let fact = [
                FactName::StackName,
                FactName::StackRegion,
                FactName::EnvironmentName,
                FactName::EnvironmentDomain,
                FactName::EnvironmentAccount,
            ]
            .into_iter()
            .find(|fact| fact.word() == text && reference.words.len() == 2);
            return match fact {
                None => Err(Unresolved::Fact),
                Some(FactName::StackName) => plain(Term::string(self.stack.name.clone())),
                Some(FactName::StackRegion) => plain(self.region()),
                Some(FactName::EnvironmentName) => plain(Term::Environment),
                Some(FactName::EnvironmentAccount) => plain(self.account()),
                Some(FactName::EnvironmentDomain) => match &settings.domain {
                    None => Err(Unresolved::NoDomain),
                    Some(domain) => plain(Term::Fact(Fact::Domain, Literal::String(domain.clone()))),
                },
            };
        }
        let kind = self.stack.kind(first).ok_or(Unresolved::Kind)?;
        let id = self.id(kind.key, second).ok_or(Unresolved::Component)?;
        // `secret.smtp_password` is short for its value.
        let attribute = if reference.words.len() == 2 { "value" } else { reference.word(2) };
        if reference.words.len() > 3 || !kind.attributes.iter().any(|known| known.name == attribute) {
            return Err(Unresolved::Attribute);
        }
        let entry = &self.environment.components[&id];
        if let Some(reference) = entry.component.stands_for(attribute) {
            return self.resolve(reference);
        }
        entry.component.offer(&id, attribute).ok_or(Unresolved::NotWithSettings)
    }

    /// The component of a kind and name, if this environment has it.
    pub fn id(&self, kind: &'static str, name: &str) -> Option<Id> {
        let stored = self.environment.components.get_key_value(&Id::new(kind, name));
        stored.map(|(id, _)| id.clone())
    }

    /// The component that a whole-component reference names; references were checked before.
    pub fn component(&self, reference: &Reference) -> Option<Id> {
        self.id(self.stack.kind(reference.word(0))?.key, reference.word(1))
    }

    /// The value of an input and what its references open. Text with a secret in it counts as plain here: a rule refused
    /// it before (`secret-exposed`).
    pub fn input(&self, input: &Input) -> (Offered, Vec<Grant>) {
        match input {
            Input::Literal(literal) => (Offered::Plain(Term::Literal(literal.clone())), Vec::new()),
            Input::Reference(reference) => match self.resolve(reference) {
                Ok(offer) => (offer.value, offer.grants),
                Err(_) => (Offered::Plain(Term::NULL), Vec::new()),
            },
            Input::Template(parts) => {
                let mut grants = Vec::new();
                let terms = parts.iter().map(|part| match part {
                    InputPart::Text(text) => Term::string(text.clone()),
                    InputPart::Reference(reference) => match self.resolve(reference) {
                        Ok(offer) => {
                            grants.extend(offer.grants);
                            match offer.value {
                                Offered::Plain(term) | Offered::Secret(term) => term,
                            }
                        }
                        Err(_) => Term::NULL,
                    },
                });
                let terms = terms.collect();
                (Offered::Plain(Term::Template(terms)), grants)
            }
        }
    }

    /// What the references of an `access` setting open: those to whole components what these say, the others the same as
    /// anywhere else.
    pub fn access(&self, inputs: &[Input]) -> Vec<Grant> {
        inputs.iter().flat_map(|input| self.opens(input)).collect()
    }

    /// The whole components of a kind among the references of an `access` setting.
    pub fn whole(&self, inputs: &[Input], kind: &str) -> Vec<Id> {
        let whole = inputs.iter().filter_map(|input| match input {
            Input::Reference(reference) if self.is_whole(reference) => self.component(reference),
            _ => None,
        });
        whole.filter(|id| id.kind == kind).collect()
    }

    fn opens(&self, input: &Input) -> Vec<Grant> {
        match input {
            Input::Reference(reference) if self.is_whole(reference) => match self.component(reference) {
                Some(id) => self.environment.components[&id].component.grants(&id, self),
                None => Vec::new(),
            },
            input => self.input(input).1,
        }
    }

    /// Whether a reference is one to a whole component, of a kind that can be referred to like that.
    pub fn is_whole(&self, reference: &Reference) -> bool {
        reference.words.len() == 2 && self.stack.kind(reference.word(0)).is_some_and(|kind| kind.whole)
    }

    /// An input that must be in plain sight, as a term.
    pub fn plain(&self, input: &Input) -> Term {
        match self.input(input).0 {
            Offered::Plain(term) | Offered::Secret(term) => term,
        }
    }

    /// The text of an input in this environment, when it can be known before Terraform runs.
    pub fn text(&self, input: &Input) -> Option<String> {
        self.known(&self.plain(input))
    }

    /// The text of a term in this environment, when it can be known before Terraform runs.
    pub fn known(&self, term: &Term) -> Option<String> {
        constant(term, self)
    }
}

fn constant(term: &Term, context: &Context<'_>) -> Option<String> {
    match term {
        Term::Literal(literal)
        | Term::Setting(literal)
        | Term::Named(_, literal)
        | Term::Fact(_, literal) => Some(literal.to_text()),
        Term::Prefix => Some(context.prefix()),
        Term::Environment => Some(context.environment.name.to_string()),
        Term::Region(region) => Some(region.to_string()),
        Term::Template(parts) => parts.iter().map(|part| constant(part, context)).collect(),
        _ => None,
    }
}
