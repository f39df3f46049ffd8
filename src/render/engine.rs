//! Templates: text with holes, filled through filters and no other way.
//!
//! In Terraform `{{ value | hcl }}` prints an expression and `{{ value | part }}` prints it inside a quoted string. In
//! YAML `{{ value | yaml }}` prints a string or a list of strings. `{{ script | lines }}` prints a script of this program
//! as it is, in YAML with the indentation of its block. A value without a filter fails to render, and so does a name
//! that the view does not have.

use std::io;

use tera::{Context, Error, Kwargs, Map, State, Tera, TeraResult, Value};

use super::Bug;
use crate::components::KINDS;
use crate::fold::{Folded, Slot};
use crate::hcl::Expr;

/// Marks a line that is dropped: an argument whose value is null in every environment.
const DROPPED: char = '\u{0}';

/// Before a printed expression: a value that only the filters may print.
const PRINTED: char = '\u{1}';

/// The templates of this program, parsed once.
#[derive(Debug)]
pub struct Engine {
    tera: Tera,
}

/// The templates that are not a component's: name and text.
const SHARED: &[(&str, &str)] = &[
    ("container_definition", include_str!("../../templates/modules/container_definition.tf.tera")),
    ("buildspec.yml", include_str!("../../templates/delivery/buildspec.yml.tera")),
    ("circleci.yml", include_str!("../../templates/delivery/circleci.yml.tera")),
    ("github-actions.yml", include_str!("../../templates/delivery/github-actions.yml.tera")),
    ("run-task", include_str!("../../templates/scripts/run-task.tera")),
    ("peer_rules", include_str!("../../templates/modules/peer_rules.tf.tera")),
    ("pipeline_codepipeline", include_str!("../../templates/modules/pipeline_codepipeline.tf.tera")),
    ("pipeline_identity", include_str!("../../templates/modules/pipeline_identity.tf.tera")),
    ("service_discovery", include_str!("../../templates/modules/service_discovery.tf.tera")),
    ("service_routes", include_str!("../../templates/modules/service_routes.tf.tera")),
    ("service_scaling", include_str!("../../templates/modules/service_scaling.tf.tera")),
    ("service_scaling_renewal", include_str!("../../templates/modules/service_scaling_renewal.tf.tera")),
    ("task_definition", include_str!("../../templates/modules/task_definition.tf.tera")),
    ("task_schedule", include_str!("../../templates/modules/task_schedule.tf.tera")),
    ("backend.tf", include_str!("../../templates/root/backend.tf.tera")),
    ("environments.tf", include_str!("../../templates/root/environments.tf.tera")),
    ("gitignore", include_str!("../../templates/root/gitignore.tera")),
    ("imports.tf", include_str!("../../templates/root/imports.tf.tera")),
    ("main.tf", include_str!("../../templates/root/main.tf.tera")),
    ("moved.tf", include_str!("../../templates/root/moved.tf.tera")),
    ("outputs.tf", include_str!("../../templates/root/outputs.tf.tera")),
    ("providers.tf", include_str!("../../templates/root/providers.tf.tera")),
    ("README.md", include_str!("../../templates/root/README.md.tera")),
    ("removed.tf", include_str!("../../templates/root/removed.tf.tera")),
    ("stack.tftest.hcl", include_str!("../../templates/root/stack.tftest.hcl.tera")),
    ("terraform.tf", include_str!("../../templates/root/terraform.tf.tera")),
    ("variables.tf", include_str!("../../templates/root/variables.tf.tera")),
];

impl Engine {
    /// Parses all templates.
    ///
    /// # Errors
    /// A template that does not parse: a fault of this program, not of the user.
    pub fn new() -> Result<Self, Bug> {
        let mut tera = Tera::default();
        tera.register_filter("hcl", hcl);
        tera.register_filter("part", part);
        tera.register_filter("yaml", yaml);
        tera.register_filter("lines", lines);
        tera.autoescape_on([""]);
        tera.set_escape_fn(refuse_unfiltered);
        let components = KINDS.iter().map(|kind| (kind.key, kind.template));
        let templates = components.chain(SHARED.iter().copied());
        tera.add_raw_templates(templates.map(|(name, text)| (name, without_tag_lines(text))))
            .map_err(|error| Bug { file: "templates".to_owned(), problem: error.to_string() })?;
        Ok(Self { tera })
    }

    /// Fills a template and drops the arguments that are null.
    ///
    /// # Errors
    /// A name that the view lacks or a value without a filter: a fault of this program.
    pub fn render(&self, template: &str, view: Map) -> TeraResult<String> {
        let mut context = Context::new();
        for (key, value) in view {
            let key = key.as_str().unwrap_or_default().to_owned();
            context.insert_value(key, value);
        }
        let text = self.tera.render(template, &context)?;
        if !text.contains(DROPPED) {
            return Ok(text);
        }
        Ok(text.split_inclusive('\n').filter(|line| !line.contains(DROPPED)).collect())
    }
}

/// Joins a line that holds nothing but a tag to the next one, so that tags leave no blank lines behind.
fn without_tag_lines(template: &str) -> String {
    let mut text = String::with_capacity(template.len());
    for line in template.split_inclusive('\n') {
        let trimmed = line.trim();
        text.push_str(if trimmed.starts_with("{%") && trimmed.ends_with("%}") { trimmed } else { line });
    }
    text
}

fn refuse_unfiltered(text: &str, out: &mut dyn io::Write) -> io::Result<()> {
    if text.chars().all(|c| c.is_ascii_alphanumeric() || "_-. ".contains(c)) {
        return out.write_all(text.as_bytes());
    }
    Err(io::Error::other(format!("a value without the hcl filter: {text:?}")))
}

/// A value as the templates get it: only the filters can print it.
pub fn value(expr: &Expr) -> Value {
    if expr.is_null() {
        Value::none()
    } else {
        Value::bytes(format!("{PRINTED}{}", expr.print()).into_bytes())
    }
}

/// Text that a template prints as it is: a label, a name made by this program, `[0]`.
pub fn text(text: &str) -> Value {
    Value::safe_string(text)
}

/// A folded view as a template's names: its slots, and `count` and `at` for resources that may not exist.
pub fn view(folded: &Folded) -> Map {
    let mut map = Map::default();
    let count = folded.count.as_ref().map(|count| format!("count = {}\n", count.print()));
    map.insert("at".into(), text(if count.is_some() { "[0]" } else { "" }));
    map.insert("count".into(), text(&count.unwrap_or_else(|| DROPPED.to_string())));
    for (name, slot) in &folded.slots {
        let value = match slot {
            Slot::Expr(expr) => value(expr),
            Slot::Flag(flag) => Value::from(*flag),
            Slot::Text(text) => Value::normal_string(text),
            Slot::Group(group) => Value::from(view(group)),
            Slot::Items(items) => {
                Value::from(items.iter().map(|(key, item)| self::item(key, item)).collect::<Vec<_>>())
            }
        };
        map.insert((*name).into(), value);
    }
    map
}

fn item(key: &str, folded: &Folded) -> Value {
    let mut map = view(folded);
    map.insert("key".into(), Value::normal_string(key));
    Value::from(map)
}

fn printed(value: &Value, state_error: &str) -> TeraResult<Option<String>> {
    if value.is_undefined() {
        return Err(Error::message(state_error));
    }
    if value.is_none() {
        return Ok(None);
    }
    if let Some(bytes) = value.as_bytes() {
        let text = std::str::from_utf8(bytes).unwrap_or_default();
        return Ok(Some(text.trim_start_matches(PRINTED).to_owned()));
    }
    match value.as_str() {
        Some(text) => Ok(Some(crate::hcl::quote(text))),
        None => Ok(Some(value.to_string())),
    }
}

fn hcl(value: &Value, _: Kwargs, _: &State) -> TeraResult<Value> {
    let text = printed(value, "the view has no such name")?;
    Ok(Value::safe_string(&text.unwrap_or_else(|| DROPPED.to_string())))
}

fn part(value: &Value, _: Kwargs, _: &State) -> TeraResult<Value> {
    let text = printed(value, "the view has no such name")?.unwrap_or_default();
    let inner = match text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
        Some(inner) => inner.to_owned(),
        None => format!("${{{text}}}"),
    };
    Ok(Value::safe_string(&inner))
}

/// Quotes as JSON does, which YAML reads as the same string: no line break, no tag, no anchor gets out.
fn yaml(value: &Value, _: Kwargs, _: &State) -> TeraResult<Value> {
    let quote = |value: &Value| {
        let text = value.as_str().ok_or_else(|| Error::message("only strings are printed as YAML"))?;
        Ok::<String, Error>(serde_json::Value::from(text).to_string())
    };
    if value.is_none() {
        return Ok(Value::safe_string(&DROPPED.to_string()));
    }
    let text = match value.as_array() {
        Some(items) => {
            let items: Result<Vec<String>, Error> = items.iter().map(quote).collect();
            format!("[{}]", items?.join(", "))
        }
        None => quote(value)?,
    };
    Ok(Value::safe_string(&text))
}

/// The lines of a script; those after the first with `indent` spaces before them.
fn lines(value: &Value, kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    let text = value.as_str().ok_or_else(|| Error::message("a script is text"))?;
    let indent = " ".repeat(kwargs.get::<usize>("indent")?.unwrap_or(0));
    let mut out = String::with_capacity(text.len());
    for (index, line) in text.trim_end().lines().enumerate() {
        if index > 0 {
            out.push('\n');
            if !line.is_empty() {
                out.push_str(&indent);
            }
        }
        out.push_str(line);
    }
    Ok(Value::safe_string(&out))
}
