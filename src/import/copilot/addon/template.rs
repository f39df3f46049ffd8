//! What values of a CloudFormation template say, as far as Copilot's own parameters and defaults decide about it.

use crate::import::environments::ENVIRONMENT_NAME;
use crate::import::read::At;
use crate::import::yaml::Node;

/// What parameters stand for.
pub(super) struct Template<'a> {
    pub(super) application: &'a str,
    pub(super) service: &'a str,
    pub(super) whole: &'a At,
}

impl Template<'_> {
    /// Text with what is known filled in, and with a mark where the name of the environment belongs; none when only a
    /// deployment decides.
    pub(super) fn text(&self, node: &Node) -> Option<String> {
        if let Some(parameter) = referred(node) {
            return self.parameter(parameter);
        }
        match node.tag.as_deref() {
            None if node.map().is_some() => self.filled(field(node, "Fn::Sub")?.text()?),
            None => node.text().map(str::to_owned),
            Some("Sub") => self.filled(node.text()?),
            Some(_) => None,
        }
    }

    /// The text of a property of a resource.
    pub(super) fn property(&self, resource: &Node, name: &str) -> Option<String> {
        self.text(property(resource, name)?)
    }

    /// The value of a parameter: one of Copilot's three, or a default.
    fn parameter(&self, name: &str) -> Option<String> {
        match name {
            "App" => Some(self.application.to_owned()),
            "Env" => Some(ENVIRONMENT_NAME.to_string()),
            "Name" => Some(self.service.to_owned()),
            _ => {
                let parameters = field(&self.whole.node, "Parameters")?;
                field(field(parameters, name)?, "Default")?.text().map(str::to_owned)
            }
        }
    }

    /// A text of `Fn::Sub`; none when it names anything but parameters.
    fn filled(&self, text: &str) -> Option<String> {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let (name, behind) = after.split_once('}')?;
            filled.push_str(before);
            filled.push_str(&self.parameter(name.trim())?);
            rest = behind;
        }
        filled.push_str(rest);
        Some(filled)
    }
}

/// The value of a key.
pub(super) fn field<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    Some(&node.map()?.get(key)?.node)
}

/// A property of a resource.
pub(super) fn property<'n>(resource: &'n Node, name: &str) -> Option<&'n Node> {
    field(field(resource, "Properties")?, name)
}

/// The type of a resource: `AWS::S3::Bucket`.
pub(super) fn kind(resource: &Node) -> &str {
    field(resource, "Type").and_then(Node::text).unwrap_or_default()
}

/// The logical id or parameter behind `!Ref` or `Ref`.
pub(super) fn referred(value: &Node) -> Option<&str> {
    match value.tag.as_deref() {
        Some("Ref") => value.text(),
        Some(_) => None,
        None => field(value, "Ref").and_then(Node::text),
    }
}

/// The logical id and the attribute behind `!GetAtt` or `Fn::GetAtt`, in each of their forms.
pub(super) fn attribute(value: &Node) -> Option<(String, String)> {
    let node = match value.tag.as_deref() {
        Some("GetAtt") => value,
        _ => field(value, "Fn::GetAtt")?,
    };
    let whole = match &node.value {
        crate::import::yaml::Value::List(items) => {
            items.iter().filter_map(Node::text).collect::<Vec<_>>().join(".")
        }
        _ => node.text()?.to_owned(),
    };
    let (id, attribute) = whole.split_once('.')?;
    Some((id.to_owned(), attribute.to_owned()))
}
