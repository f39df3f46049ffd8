//! Changes of resources as data.

use serde_json::Value;

/// What happens in one environment.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Environment {
    /// Its name, which is the workspace.
    pub name: String,
    /// What the stack file says differently; empty when only a plan is known.
    pub settings: Vec<Setting>,
    /// What happens to resources, by address.
    pub changes: Vec<Change>,
}

/// A setting of the stack file that has another value, in one environment.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// The component, `service.web`; `environment` for settings of the environment itself, `stack` for the stack's.
    pub component: String,
    /// The keys from the component's block to the value: `["scaling", "max"]`. Empty when the component as a whole comes
    /// or goes.
    pub route: Vec<String>,
    /// The value before as the stack file writes it; `None` when there was none.
    pub before: Option<String>,
    /// The value now.
    pub after: Option<String>,
    /// Where it is written now, or was.
    pub place: Option<Place>,
}

/// A place in a stack file, as diagnostics name it. Lines and columns are 1-based.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file as the user named it.
    pub file: String,
    /// The line.
    pub line: usize,
    /// The column, in characters.
    pub column: usize,
}

/// What happens to one resource instance.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Its address once it has happened: `module.network.aws_subnet.public["a"]`.
    pub address: String,
    /// Its type: `aws_subnet`.
    pub resource: String,
    /// What is done.
    pub action: Action,
    /// The address it had until now, when that was another.
    pub moved_from: Option<String>,
    /// The identifier under which it is taken over, when Terraform did not manage it until now.
    pub imported: Option<String>,
    /// The component of the stack file that makes it, `database.main`, when that is known.
    pub component: Option<String>,
    /// Whether losing it loses data.
    pub data: bool,
    /// What of it changes, by path. Of what is created or destroyed as a whole, what tells it from others of its type.
    pub fields: Vec<Field>,
}

/// What is done with a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// Destroyed, and made anew.
    Replace,
    /// Destroyed.
    Destroy,
    /// No longer managed, and left as it is.
    Forget,
    /// Changed in place.
    Update,
    /// Made.
    Create,
    /// Nothing: only its address changes, or Terraform begins to manage it as it is.
    Keep,
}

/// The only resource that is replaced by design: a new revision beside the old one.
const REVISED: &str = "aws_ecs_task_definition";

impl Change {
    /// Whether a replacement is only a new revision of what stays as it is.
    pub fn is_revision(&self) -> bool {
        self.action == Action::Replace && self.resource == REVISED
    }

    /// Whether what exists becomes this resource, and stays.
    pub fn is_adopted(&self) -> bool {
        self.imported.is_some() && matches!(self.action, Action::Update | Action::Keep)
    }

    /// Whether data is lost.
    pub fn loses_data(&self) -> bool {
        self.data && matches!(self.action, Action::Replace | Action::Destroy)
    }
}

/// A part of a resource that changes.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Where it is: `instance_class`, `rule[0].priority`, `container_definitions.web.environment.RAILS_ENV`.
    pub path: String,
    /// What it was.
    pub before: Shown,
    /// What it becomes.
    pub after: Shown,
    /// Whether this is a cause of the replacement.
    pub replaces: bool,
    /// Where the stack file sets it, when that is known.
    pub place: Option<Place>,
}

/// A value as a report may show it.
#[derive(Debug, Clone, PartialEq)]
pub enum Shown {
    /// There is none.
    Absent,
    /// The value.
    Value(Value),
    /// Known only after the apply.
    Later,
    /// Never shown.
    Sensitive,
}

/// Both states of a resource instance, in the form of Terraform's plan as JSON: what [`Field`]s are made from.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sides {
    /// The attributes before; null when there was none.
    pub before: Value,
    /// The attributes planned; null when it is destroyed.
    pub after: Value,
    /// In the shape of `after`: `true` where a value is known only after the apply.
    pub unknown: Value,
    /// In the shape of `before`: `true` where a value must not be shown.
    pub sensitive_before: Value,
    /// The same for `after`.
    pub sensitive_after: Value,
    /// The attributes that force the replacement: `[["engine"], ["ingress", 0, "from_port"]]`.
    pub replace_paths: Vec<Vec<Value>>,
}
