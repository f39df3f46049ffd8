//! What components offer each other and what they say, for one environment. The only thing they share.
//!
//! A [`Term`] is a value that may still name an environment's fact or another component's resource; `fold` turns
//! the terms of all environments into one [`crate::hcl::Expr`]. Components never import each other.

mod asks;
mod drawing;
mod id;

use std::borrow::Cow;
use std::sync::Arc;

use indexmap::IndexMap;

pub use crate::hcl::Literal;
pub use asks::{
    Admission, AlarmState, Breach, Deployed, Grant, Metrics, Offer, Offered, Reaction, Release, Route,
    SecretStore,
};
pub use drawing::{Drawing, Line, Part, Reached, Reaches, Site};
pub use id::{Id, SINGLE};

/// A value in one environment.
#[derive(Debug, Clone, PartialEq)]
pub enum Term {
    /// A constant. Printed where all environments agree, otherwise moved to the environment table.
    Literal(Literal),
    /// A constant that always stands in the environment table, because people change it per environment.
    Setting(Literal),
    /// A constant with a column name of its own, so that several places share one column.
    Named(&'static str, Literal),
    /// A fact of the environment: the `domain`, `account`, `protect` of its block.
    Fact(Fact, Literal),
    /// `<stack>-<environment>`: the prefix of all physical names.
    Prefix,
    /// The environment's name, which is the workspace.
    Environment,
    /// The AWS region.
    Region(Arc<str>),
    /// The concatenation of terms.
    Template(Vec<Term>),
    /// A list of which each environment has all items or its own.
    List(Vec<Term>),
    /// A list whose items have identities; an item that only some environments have is left out in the others.
    Keyed(IndexMap<Arc<str>, Term>),
    /// `{ a = b }`
    Object(IndexMap<Arc<str>, Term>),
    /// A map in the form ECS wants: `[{ name = .., <value> = .. }]`.
    NameValues(&'static str, IndexMap<Arc<str>, Term>),
    /// An attribute of a resource of the same component.
    Own(Own),
    /// Any other expression over resources or locals of the component's own module, such as `local.zones`.
    Module(&'static str),
    /// What another component exports under a name.
    Export(Id, &'static str),
    /// What another component exports for a part of it that a person named, under a name made of that: the ARN of the
    /// policy of one of its scaling steps.
    Part(Id, Arc<str>),
    /// `!a`
    Not(Box<Term>),
    /// `a ? b : c`
    If(Box<[Term; 3]>),
    /// `name(..)`
    Call(&'static str, Vec<Term>),
}

/// An attribute of a resource that the component's own template makes.
#[derive(Debug, Clone, PartialEq)]
pub struct Own {
    /// The resource type: `aws_db_instance`.
    pub resource: &'static str,
    /// Its label.
    pub label: Arc<str>,
    /// The attribute, `arn`, possibly with an index: `master_user_secret[0].secret_arn`.
    pub attribute: &'static str,
    /// The group of the view that the resource stands in, or the items, when it stands in one.
    pub group: Option<&'static str>,
    /// Its key among the items.
    pub item: Option<Arc<str>>,
}

/// The facts an environment block states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Fact {
    /// The 12-digit AWS account id.
    Account,
    /// The domain name the environment serves.
    Domain,
    /// Whether data is protected from deletion.
    Protect,
}

impl Fact {
    /// The column in the environment table.
    pub fn column(self) -> &'static str {
        match self {
            Fact::Account => "account_id",
            Fact::Domain => "domain",
            Fact::Protect => "protect",
        }
    }

    /// What the column holds, for the description of module variables.
    pub fn description(self) -> &'static str {
        match self {
            Fact::Account => "AWS account id of the environment.",
            Fact::Domain => "Domain name of the environment.",
            Fact::Protect => "Whether data is protected from deletion.",
        }
    }
}

impl Term {
    /// `null`: the argument is left out.
    pub const NULL: Term = Term::Literal(Literal::Null);

    /// A string constant.
    pub fn string(text: impl Into<Arc<str>>) -> Self {
        Term::Literal(Literal::String(text.into()))
    }

    /// `<prefix>-<suffix>`: the physical name of something.
    pub fn named(suffix: &str) -> Self {
        Term::Template(vec![Term::Prefix, Term::string(format!("-{suffix}"))])
    }

    /// An attribute of the component's own resource.
    pub fn own(resource: &'static str, label: &str, attribute: &'static str) -> Self {
        Term::Own(Own { resource, label: label.into(), attribute, group: None, item: None })
    }

    /// An attribute of the component's own resource that stands in a group of its view.
    pub fn own_in(group: &'static str, resource: &'static str, label: &str, attribute: &'static str) -> Self {
        Term::Own(Own { resource, label: label.into(), attribute, group: Some(group), item: None })
    }

    /// An attribute of the component's own resource that is one of the `items` of its view, by the item's key.
    pub fn own_item(
        (items, key): (&'static str, &str),
        resource: &'static str,
        label: &str,
        attribute: &'static str,
    ) -> Self {
        let item = Some(key.into());
        Term::Own(Own { resource, label: label.into(), attribute, group: Some(items), item })
    }

    /// `condition ? yes : no`
    pub fn choose(condition: Term, yes: impl Into<Term>, no: impl Into<Term>) -> Self {
        Term::If(Box::new([condition, yes.into(), no.into()]))
    }

    /// `!condition`
    pub fn negate(condition: Term) -> Self {
        Term::Not(Box::new(condition))
    }

    /// A constant, or null when there is none.
    pub fn optional(value: Option<impl Into<Literal>>) -> Self {
        value.map_or(Term::NULL, |value| Term::Literal(value.into()))
    }

    /// A list of strings.
    pub fn strings<'a>(items: impl IntoIterator<Item = &'a str>) -> Self {
        Term::List(items.into_iter().map(Term::string).collect())
    }
}

impl<T: Into<Literal>> From<T> for Term {
    fn from(value: T) -> Self {
        Term::Literal(value.into())
    }
}

/// What a template may print, all decisions taken. Names are those the template uses.
#[derive(Debug, Clone, Default)]
pub struct View {
    /// Slots by name.
    pub slots: IndexMap<&'static str, Slot>,
}

/// One name of a [`View`].
#[derive(Debug, Clone)]
pub enum Slot {
    /// A value.
    Term(Term),
    /// Printed if it holds in any environment.
    Flag(bool),
    /// Text that is the same in every environment by construction: a Terraform label, a comment.
    Text(String),
    /// Blocks that exist or not as a whole; in environments without it their `count` is 0.
    Group(Option<View>),
    /// Blocks by key, each of which some environments may lack.
    Items(IndexMap<String, View>),
    /// A switch that Terraform cannot vary between environments, with what it decides in words.
    Shape(&'static str, bool),
    /// Blocks by key within a resource; which ones cannot vary between environments. With what they are in words.
    Nested(&'static str, IndexMap<String, View>),
}

impl View {
    /// Adds a value.
    pub fn set(&mut self, name: &'static str, term: impl Into<Term>) {
        self.slots.insert(name, Slot::Term(term.into()));
    }

    /// Adds a switch for blocks that are printed when any environment needs them.
    pub fn flag(&mut self, name: &'static str, value: bool) {
        self.slots.insert(name, Slot::Flag(value));
    }

    /// Adds a label or other fixed text.
    pub fn text(&mut self, name: &'static str, text: impl Into<String>) {
        self.slots.insert(name, Slot::Text(text.into()));
    }

    /// Adds blocks that exist as a whole or not.
    pub fn group(&mut self, name: &'static str, group: Option<View>) {
        self.slots.insert(name, Slot::Group(group));
    }

    /// Adds a switch that must be the same in all environments; `what` completes "… cannot differ".
    pub fn shape(&mut self, name: &'static str, what: &'static str, value: bool) {
        self.slots.insert(name, Slot::Shape(what, value));
    }

    /// Adds blocks within a resource, the same ones in all environments. The block with an empty key stands for the
    /// component itself: it comes first, and its columns bear no name besides the component's.
    pub fn nested(
        &mut self,
        name: &'static str,
        what: &'static str,
        items: impl IntoIterator<Item = (String, View)>,
    ) {
        self.slots.insert(name, Slot::Nested(what, items.into_iter().collect()));
    }

    /// Adds blocks by key.
    pub fn items(&mut self, name: &'static str, items: impl IntoIterator<Item = (String, View)>) {
        self.slots.insert(name, Slot::Items(items.into_iter().collect()));
    }
}

/// A value of a component that other modules may use. Becomes a module output only when somebody does.
#[derive(Debug, Clone)]
pub struct Export {
    /// The name: `security_group_id`.
    pub name: Cow<'static, str>,
    /// The Terraform type: `string`, `list(string)`.
    pub type_name: &'static str,
    /// One sentence with a full stop.
    pub description: &'static str,
    /// The value inside the component's module.
    pub term: Term,
}

impl Export {
    /// An export of the type `string`.
    pub fn string(name: impl Into<Cow<'static, str>>, description: &'static str, term: Term) -> Self {
        Self { name: name.into(), type_name: "string", description, term }
    }
}

/// An output of the whole stack.
#[derive(Debug, Clone)]
pub struct Output {
    /// Its name; the component's identifier comes before it: `load_balancer_public_dns_name`.
    pub name: &'static str,
    /// One sentence with a full stop.
    pub description: String,
    /// The value, over exports only.
    pub term: Term,
}
