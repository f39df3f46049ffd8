//! Typed settings: one declaration gives the struct, its reader, the JSON Schema and the reference page.
//!
//! `settings!` declares a block of the stack language. A field's type says how it is read ([`Setting`]); its doc
//! comment is its documentation. Readers report every mistake they find and go on.

pub mod codes;
pub mod input;
pub mod schema;
pub mod values;

use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::{Entry, Form, Node, Table, Value};

/// What is known while a document is read.
#[derive(Debug, Default)]
pub struct Reading {
    /// The environment whose document is read; empty while the stack itself is read.
    pub environment: Option<Arc<str>>,
    /// What was found.
    pub diagnostics: Vec<Diagnostic>,
}

impl Reading {
    /// Starts a diagnostic of this environment; finish it with [`Reading::push`].
    pub fn diagnostic(&self, code: &'static Code, span: Span, message: impl Into<String>) -> Diagnostic {
        let mut diagnostic = Diagnostic::new(code, span, message);
        diagnostic.environments.extend(self.environment.as_deref().map(str::to_owned));
        diagnostic
    }

    /// Keeps a diagnostic.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Reports a value of the wrong type.
    pub fn mistyped(&mut self, node: &Node, wanted: &str) {
        let found = node.value.describe();
        let diagnostic = self
            .diagnostic(&codes::WRONG_TYPE, node.span, format!("expected {wanted}, found {found}"))
            .label(format!("this is {found}"))
            .help(format!("write {wanted} here"));
        self.push(diagnostic);
    }

    /// Reports a value that is of the right type but not allowed.
    pub fn invalid(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) {
        let diagnostic = self.diagnostic(&codes::INVALID_VALUE, span, message).help(help);
        self.push(diagnostic);
    }
}

/// How a setting is read from a node, documented, and described in the JSON Schema.
pub trait Setting: Sized {
    /// Reads the value; on a mistake reports it and gives nothing.
    fn read(node: &Node, reading: &mut Reading) -> Option<Self>;

    /// What a person writes there.
    fn kind() -> Kind;

    /// The value of a setting that was left out, for types that allow it.
    fn absent() -> Option<Self> {
        None
    }

    /// How a default is printed in the documentation.
    fn show(&self) -> String {
        String::new()
    }
}

/// What a person writes for a setting.
#[derive(Debug, Clone)]
pub enum Kind {
    /// `true` or `false`
    Bool,
    /// A whole number in a range.
    Integer {
        /// The smallest allowed.
        min: i64,
        /// The largest allowed; `i64::MAX` when there is no limit.
        max: i64,
    },
    /// A number, whole or not.
    Number,
    /// Text, with what it must look like.
    String {
        /// In words, `the name of an environment`; empty for any text.
        format: &'static str,
    },
    /// One of a few words.
    Enum(&'static [&'static str]),
    /// A string, number or boolean, a reference, or a string with references.
    Input,
    /// A reference to a component of one of these kinds.
    Component(&'static [&'static str]),
    /// A list.
    List(Box<Kind>),
    /// One of something, or a list of them.
    OneOrMore(Box<Kind>),
    /// An object with keys of the user's choice.
    Map(Box<Kind>),
    /// A nested block without a label.
    Block(fn() -> BlockInfo),
    /// Nested blocks with a label, which is described by the string.
    Blocks(&'static str, fn() -> BlockInfo),
}

/// The documentation of a block.
#[derive(Debug, Clone)]
pub struct BlockInfo {
    /// Its purpose, from the doc comment.
    pub doc: String,
    /// Its settings, in the order declared.
    pub fields: Vec<Field>,
}

/// The documentation of a setting.
#[derive(Debug, Clone)]
pub struct Field {
    /// The key.
    pub name: &'static str,
    /// What a person writes.
    pub kind: Kind,
    /// Whether it must be written.
    pub required: bool,
    /// The default, printed, if there is one.
    pub default: Option<String>,
    /// What it does, from the doc comment.
    pub doc: String,
}

impl Field {
    /// What holds where the setting is left out and that depends on other things, in the words of its documentation:
    /// `the stack's name`.
    pub fn rule(&self) -> Option<String> {
        let doc = schema::one_line(&self.doc);
        let sentences = doc.split_inclusive(". ").map(|sentence| sentence.trim_end().trim_end_matches('.'));
        sentences.flat_map(|sentence| sentence.split("; ")).find_map(|clause| {
            let rest = clause.strip_prefix("by default ").or(clause.strip_prefix("By default "));
            rest.or(clause.split_once(" by default").map(|(rule, _)| rule)).map(str::to_owned)
        })
    }
}

/// A block declared with `settings!`.
pub trait Settings: Sized {
    /// Its documentation.
    fn info() -> BlockInfo;

    /// Whether a key belongs to it.
    fn has(key: &str) -> bool;

    /// What to write instead of a key that people know from elsewhere and that it does not have.
    fn instead(key: &str) -> Option<&'static str>;

    /// Reads its own keys and leaves others alone; `header` is the place of the block, for missing settings.
    fn read_fields(table: &Table, header: Span, reading: &mut Reading) -> Option<Self>;

    /// Reads the whole block and refuses keys that are neither its own nor listed in `also`.
    fn read_block(table: &Table, header: Span, also: &[&str], reading: &mut Reading) -> Option<Self> {
        for (key, entry) in &table.entries {
            if !Self::has(key) && !also.contains(&&**key) {
                let info = Self::info();
                let known = info.fields.iter().map(|field| field.name).chain(also.iter().copied());
                let found = reading
                    .diagnostic(&codes::UNKNOWN_KEY, entry.key, format!("unknown setting `{key}`"))
                    .label("not a setting of this block");
                reading.push(match Self::instead(key) {
                    Some(help) => found.help(help),
                    None => found.suggest(key, known),
                });
            }
        }
        Self::read_fields(table, header, reading)
    }
}

/// Reads one field of a block: used by `settings!`.
pub fn field<T: Setting>(
    table: &Table,
    header: Span,
    name: &'static str,
    default: Option<T>,
    reading: &mut Reading,
) -> Option<T> {
    match table.get(name) {
        Some(entry) if !form_fits::<T>(entry, name, reading) => None,
        Some(entry) => T::read(&entry.node, reading),
        None => default.or_else(T::absent).or_else(|| {
            let diagnostic = reading
                .diagnostic(&codes::MISSING_KEY, header, format!("missing setting `{name}`"))
                .label(format!("this block needs `{name}`"))
                .help(format!("add `{name} = ..`: {}", describe(&T::kind())));
            reading.push(diagnostic);
            None
        }),
    }
}

/// A block must be written as one and a value as one; JSON has one form for both.
fn form_fits<T: Setting>(entry: &Entry, name: &str, reading: &mut Reading) -> bool {
    let wants_block = matches!(T::kind(), Kind::Block(_) | Kind::Blocks(..));
    let wants_label = matches!(T::kind(), Kind::Blocks(..));
    // Only a block without a label and without settings gives an empty table: with a label, that is in the table.
    let unlabelled = wants_label && entry.node.value.as_table().is_some_and(|table| table.entries.is_empty());
    let (ok, help) = match entry.form {
        Form::Json => (true, String::new()),
        Form::Block if unlabelled => (false, format!("write `{name} \"..\" {{ .. }}`, with a label")),
        Form::Block => (wants_block, format!("write `{name} = ..`")),
        Form::Attribute if wants_label => (false, format!("write `{name} \"..\" {{ .. }}` without `=`")),
        Form::Attribute => (!wants_block, format!("write `{name} {{ .. }}` without `=`")),
    };
    if !ok {
        let what = match (wants_block, wants_label) {
            (true, true) => "is a block with a label",
            (true, false) => "is a block",
            (false, _) => "is not a block",
        };
        let diagnostic = reading
            .diagnostic(&codes::WRONG_TYPE, entry.key, format!("`{name}` {what}"))
            .label("written in the wrong form")
            .help(help);
        reading.push(diagnostic);
    }
    ok
}

/// Reads a node that must be a table.
pub fn table<'a>(node: &'a Node, reading: &mut Reading) -> Option<&'a Arc<Table>> {
    match &node.value {
        Value::Table(table) => Some(table),
        _ => {
            reading.mistyped(node, "a block");
            None
        }
    }
}

/// A kind in words: `a whole number from 1 to 10`.
pub fn describe(kind: &Kind) -> String {
    match kind {
        Kind::Bool => "`true` or `false`".into(),
        Kind::Integer { min, max: i64::MAX } => format!("a whole number of at least {min}"),
        Kind::Integer { min, max } => format!("a whole number from {min} to {max}"),
        Kind::Number => "a number".into(),
        Kind::String { format: "" } => "a string".into(),
        Kind::String { format } => (*format).into(),
        Kind::Enum(words) => {
            words.iter().map(|word| format!("`\"{word}\"`")).collect::<Vec<_>>().join(" or ")
        }
        Kind::Input => "a value or a reference".into(),
        Kind::Component(kinds) => {
            let kinds: Vec<String> = kinds.iter().map(|kind| format!("`{kind}.<name>`")).collect();
            format!("a reference {}", kinds.join(" or "))
        }
        Kind::List(inner) => format!("a list, each item {}", describe(inner)),
        Kind::OneOrMore(inner) => format!("{0}, or a list, each item {0}", describe(inner)),
        Kind::Map(inner) => format!("a map, each value {}", describe(inner)),
        Kind::Block(_) => "a block".into(),
        Kind::Blocks(label, _) => format!("blocks, each labelled with {label}"),
    }
}

/// Joins the lines of doc comments.
pub fn doc(lines: &[&str]) -> String {
    lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join("\n").trim().to_owned()
}

/// Declares a block of the stack language: a struct with one line per setting.
///
/// `name: Type` must be written unless the type has a value for its absence (`Option`, lists, maps, blocks);
/// `name: Type = default` may be left out; `..name: Type` shares the settings of another block. Behind the struct,
/// `instead = function;` says what to write instead of settings that people look for and that are not there.
macro_rules! settings {
    (
        $(#[doc = $doc:literal])*
        $vis:vis struct $name:ident {
            $( ..$shared:ident : $shared_type:ty, )*
            $( $(#[doc = $field_doc:literal])* $field:ident : $type:ty $(= $default:expr)? , )*
        }
        $( instead = $instead:path; )?
    ) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone)]
        $vis struct $name {
            $( #[doc = "Settings shared with other blocks."] pub $shared: $shared_type, )*
            $( $(#[doc = $field_doc])* pub $field: $type, )*
        }

        impl $crate::settings::Settings for $name {
            fn info() -> $crate::settings::BlockInfo {
                #[allow(unused_mut)]
                let mut fields = vec![$({
                    #[allow(unused_mut, unused_assignments)]
                    let mut default: Option<$type> = None;
                    $( default = Some($default); )?
                    $crate::settings::Field {
                        name: stringify!($field),
                        kind: <$type as $crate::settings::Setting>::kind(),
                        required: default.is_none()
                            && <$type as $crate::settings::Setting>::absent().is_none(),
                        default: default.map(|value| $crate::settings::Setting::show(&value)),
                        doc: $crate::settings::doc(&[$($field_doc),*]),
                    }
                }),*];
                $( fields.extend(<$shared_type as $crate::settings::Settings>::info().fields); )*
                $crate::settings::BlockInfo { doc: $crate::settings::doc(&[$($doc),*]), fields }
            }

            fn has(key: &str) -> bool {
                [$(stringify!($field)),*].contains(&key)
                    $( || <$shared_type as $crate::settings::Settings>::has(key) )*
            }

            fn instead(_key: &str) -> Option<&'static str> {
                None
                    $( .or_else(|| $instead(_key)) )?
                    $( .or_else(|| <$shared_type as $crate::settings::Settings>::instead(_key)) )*
            }

            fn read_fields(
                table: &$crate::syntax::Table,
                header: $crate::source::Span,
                reading: &mut $crate::settings::Reading,
            ) -> Option<Self> {
                $( let $shared = <$shared_type as $crate::settings::Settings>::read_fields(
                    table, header, reading,
                ); )*
                $(
                    #[allow(unused_mut, unused_assignments)]
                    let mut default: Option<$type> = None;
                    $( default = Some($default); )?
                    let $field = $crate::settings::field(
                        table, header, stringify!($field), default, reading,
                    );
                )*
                Some(Self { $( $shared: $shared?, )* $( $field: $field?, )* })
            }
        }

        impl $crate::settings::Setting for $name {
            fn read(
                node: &$crate::syntax::Node,
                reading: &mut $crate::settings::Reading,
            ) -> Option<Self> {
                let table = $crate::settings::table(node, reading)?;
                <Self as $crate::settings::Settings>::read_block(table, node.span, &[], reading)
            }

            fn kind() -> $crate::settings::Kind {
                $crate::settings::Kind::Block(<Self as $crate::settings::Settings>::info)
            }
        }
    };
}
pub(crate) use settings;
