//! What a stack file says, resolved: every setting of every component in every environment, with where it comes from.
//!
//! [`components`] gives one environment as data, which `show` prints side by side and two versions of a file can be
//! compared by. Knows no kind of component: settings are what the tables hold and what the kinds document.

mod json;
mod origin;
mod settings;
mod sheet;
mod text;
mod value;

use std::sync::Arc;

use crate::hcl::{is_bare_key, quote};
use crate::model::{self, Entry, EnvironmentSettings, Model, StackSettings};
use crate::review::Place;
use crate::settings::Settings;
use crate::source::{Sources, Span};
use crate::syntax::Value;

pub use json::json;
use origin::Layers;
use settings::Reader;
pub use text::text;
pub(crate) use text::{KEPT, WIDTH, wrap};

/// One environment with everything that holds in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Environment {
    /// Its name.
    pub name: String,
    /// Its components, and what [`components`] gives before them.
    pub components: Vec<Component>,
}

/// A component of one environment; or the environment itself, or the stack.
#[derive(Debug, Clone, PartialEq)]
pub struct Component {
    /// `service.web`; `stack` and `environment` for the settings of these blocks.
    pub name: String,
    /// Its header; nothing for a component that others bring along and nobody wrote.
    pub place: Option<Place>,
    /// Its settings, those that were left out included, in the order of the documentation.
    pub settings: Vec<Setting>,
}

/// A setting of a component in one environment.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// The keys from the component's block to the value: `["scaling", "max"]`, `["route", "/cable*", "drain"]`. Entries
    /// of maps are settings of their own, lists are one.
    pub route: Vec<String>,
    /// The value in HCL, on one line: `"a"`, `[80, 443]`, `database.main.host`. [`BLOCK`] for a nested block, which
    /// comes before its settings; for [`Origin::Rule`] the rule in words. What looks like a secret is [`HIDDEN`].
    pub value: String,
    /// Where it comes from.
    pub origin: Origin,
}

/// The value of a nested block.
pub const BLOCK: &str = "{ .. }";

/// What stands for a value that looks like a secret.
pub const HIDDEN: &str = "(hidden)";

/// Where the value of a setting comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum Origin {
    /// It is the default.
    Default,
    /// It is the default, which depends on other things.
    Rule,
    /// It is written.
    Written {
        /// Where.
        place: Place,
        /// The environment whose overlay it stands in.
        overlay: Option<Arc<str>>,
        /// The app that hands it on to its services and tasks.
        app: Option<Arc<str>>,
    },
}

impl Setting {
    /// Where it is written, if it is.
    pub fn place(&self) -> Option<&Place> {
        match &self.origin {
            Origin::Written { place, .. } => Some(place),
            Origin::Default | Origin::Rule => None,
        }
    }
}

/// Everything that holds in one environment: the settings of `stack`, those of `environment`, then the components in the
/// order of the table of kinds. What is left out has its default, so that two versions of a file can be compared setting
/// by setting.
pub fn components(model: &Model, environment: &model::Environment, sources: &Sources) -> Vec<Component> {
    let layers = Layers::of(&model.document);
    let reader = Reader { layers: &layers, sources };
    let written = |kind: &str, name: &str| {
        let entry = model.document.root.entry(&[kind, name])?;
        Some((entry.node.span, entry.node.value.as_table()?.clone()))
    };
    let mut found = Vec::new();
    if let Some((header, table)) = written("stack", &model.stack.name) {
        let settings = reader.read(&table, &StackSettings::info());
        found.push(Component { name: "stack".to_owned(), place: Some(place(header, sources)), settings });
    }
    if let Some((header, table)) = written("environment", &environment.name) {
        let settings = reader.read(&table, &EnvironmentSettings::info());
        found.push(Component {
            name: "environment".to_owned(),
            place: Some(place(header, sources)),
            settings,
        });
    }
    for (id, Entry { table, header, .. }) in &environment.components {
        let Some(kind) = model.stack.kind(id.kind) else { continue };
        let settings = reader.read(table, &(kind.info)());
        let implied = *header == model.document.span;
        let place = (!implied).then(|| place(*header, sources));
        found.push(Component { name: id.to_string(), place, settings });
    }
    found
}

/// Every environment of a stack.
pub fn environments(model: &Model, sources: &Sources) -> Vec<Environment> {
    let environments = model.environments.iter();
    let read = |one: &model::Environment| components(model, one, sources);
    environments.map(|one| Environment { name: one.name.to_string(), components: read(one) }).collect()
}

/// A route as people read it: `scaling.max`, `route "/cable*".drain`.
pub fn path(route: &[String]) -> String {
    let mut text = String::new();
    for key in route {
        match is_bare_key(key) {
            true if text.is_empty() => text += key,
            true => text += &format!(".{key}"),
            false => text += &format!(" {}", quote(key)),
        }
    }
    text
}

/// A value in HCL, on one line.
pub fn print(value: &Value) -> String {
    value::print(value, &|_| false)
}

/// The place where a span starts.
pub fn place(span: Span, sources: &Sources) -> Place {
    let position = sources.position(span);
    let file = sources.get(span.file).name.to_string();
    Place { file, line: position.line, column: position.column }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Source, Syntax};
    use crate::testing::stack;

    /// The components of production.
    fn production(text: &str) -> Vec<Component> {
        let mut sources = Sources::default();
        let file = sources.add(Source::new("stacks/shop.hcl", text, Syntax::Hcl));
        let model = crate::pipeline::check(&sources, file).value.expect("a stack that can be read");
        let environment = model.environments.iter().find(|one| &*one.name == "production").unwrap();
        components(&model, environment, &sources)
    }

    /// A setting as `value from`: the line where it is written, with its layers.
    fn setting(components: &[Component], component: &str, route: &[&str]) -> Option<String> {
        let component = components.iter().find(|one| one.name == component)?;
        let setting = component.settings.iter().find(|one| one.route == route)?;
        let from = match &setting.origin {
            Origin::Default => "default".to_owned(),
            Origin::Rule => "rule".to_owned(),
            Origin::Written { place, overlay, app } => [overlay.as_deref(), app.as_deref()]
                .into_iter()
                .flatten()
                .fold(place.line.to_string(), |text, layer| format!("{text} {layer}")),
        };
        Some(format!("{} {from}", setting.value))
    }

    const SHOP: &str = r#"app "shop" {
  image       = "nginx:1"
  environment = {
    SECRET_WORD = "hunter2"
    PASS_COLOR  = "green"
  }
  not_secret  = ["PASS_COLOR"]
  service "web" {
    port = 80
    cpu  = 512
    route "/" {}
    scaling {
      min = 1
      max = 2
      cpu = 60
    }
  }
}
cache "main" {
  existing { host = "cache.example" }
}
load_balancer "public" {}
"#;

    #[test]
    fn every_setting_has_its_value_and_where_it_comes_from() {
        let overlays =
            "app \"shop\" {\nimage = \"nginx:2\"\n}\nservice \"web\" {\ncpu = 1024\nscaling { max = 9 }\n}";
        let found = production(&stack(SHOP, overlays));
        let web = |route: &[&str]| setting(&found, "service.web", route);
        for (route, expected) in [
            (&["image"][..], "\"nginx:2\" 12 production shop"),
            (&["port"], "80 31"),
            (&["cpu"], "1024 15 production"),
            (&["memory"], "512 default"),
            (&["route", "/"], "{ .. } 33"),
            (&["route", "/", "priority"], "it follows from the pattern and never moves rule"),
            (&["scaling"], "{ .. } 34"),
            (&["scaling", "max"], "9 16 production"),
            (&["scaling", "min"], "1 35"),
            (&["scaling", "cooldown"], "300 default"),
            (&["environment", "PASS_COLOR"], "\"green\" 27 shop"),
            (&["environment", "SECRET_WORD"], "(hidden) 26 shop"),
        ] {
            assert_eq!(web(route).as_deref(), Some(expected), "{route:?}");
        }
        assert_eq!(web(&["deployed_by"]), None, "what is left out and has no default is not there");
        assert_eq!(setting(&found, "stack", &["region"]).as_deref(), Some("\"eu-west-1\" 2"));
        assert_eq!(setting(&found, "environment", &["protect"]).as_deref(), Some("true 10"));
        assert_eq!(setting(&found, "environment", &["service"]), None);
        assert_eq!(setting(&found, "cache.main", &["existing", "port"]).as_deref(), Some("6379 default"));
        assert_eq!(setting(&found, "cache.main", &["nodes"]), None, "what exists has no defaults");
    }

    #[test]
    fn what_others_bring_along_has_no_place() {
        let found = production(&stack(SHOP, ""));
        let place = |name: &str| &found.iter().find(|one| one.name == name).unwrap().place;
        assert_eq!(*place("cluster.main"), None);
        assert_eq!(place("service.web").as_ref().map(|place| place.line), Some(24));
    }
}
