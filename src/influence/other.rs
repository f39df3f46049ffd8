//! Other values for a setting: of its kind, and near to its own, so that rules are likely to accept them.

use std::sync::Arc;

use crate::settings::Kind;
use crate::source::{FileId, Span};
use crate::syntax::{Node, Part, Value, Word};

/// The place of what stands in no file.
const NOWHERE: Span = Span { file: FileId(0), start: 0, end: 0 };

/// The values to try instead of `value`, the likeliest first. `components` gives the components of the kinds that a
/// reference may name.
pub(super) fn values(
    kind: &Kind,
    value: Option<&Value>,
    components: &dyn Fn(&[&str]) -> Vec<String>,
) -> Vec<Value> {
    match (kind, value) {
        (Kind::Bool, None) => vec![Value::Bool(true), Value::Bool(false)],
        (Kind::Integer { min, max }, None) => {
            let near = [7, 2, 30, 100, *min, *max];
            near.into_iter().filter(|number| (min..=max).contains(&number)).map(Value::Integer).collect()
        }
        (Kind::Enum(words), value) => {
            let others = words.iter().map(|word| text(word));
            others.filter(|other| Some(other) != value).collect()
        }
        (Kind::Component(kinds), Some(value)) => {
            let others = components(kinds).into_iter().map(|name| reference(&name));
            others.filter(|other| show(other) != show(value)).collect()
        }
        (Kind::String { .. } | Kind::Input, None) => vec![text("changed")],
        (_, None) => Vec::new(),
        (kind, Some(value)) => near(kind, value),
    }
}

/// Values near to one.
fn near(kind: &Kind, value: &Value) -> Vec<Value> {
    match value {
        Value::Bool(value) => vec![Value::Bool(!value)],
        Value::Integer(number) => {
            let (min, max) = match kind {
                Kind::Integer { min, max } => (*min, *max),
                _ => (i64::MIN, i64::MAX),
            };
            let near =
                [number.checked_add(1), number.checked_mul(2), Some(number / 2), number.checked_sub(1)];
            let near =
                near.into_iter().flatten().filter(|other| other != number && (min..=max).contains(other));
            near.map(Value::Integer).collect()
        }
        Value::Float(number) => vec![Value::Float(number + 0.5)],
        Value::String(written) => texts(written).iter().map(|other| text(other)).collect(),
        Value::Template(parts) => {
            let more = parts.iter().cloned().chain([Part::Text("x".into())]);
            vec![Value::Template(more.collect())]
        }
        Value::Reference(_) => vec![text("changed.example"), text("changed")],
        Value::List(items) => lists(kind, items),
        Value::Table(_) | Value::Null => Vec::new(),
    }
}

/// Texts near to one: with another number, with another letter at the end, with more behind it.
fn texts(written: &str) -> Vec<String> {
    let mut found = vec![format!("{written}x")];
    let digits: Vec<usize> =
        written.char_indices().filter(|(_, c)| c.is_ascii_digit()).map(|(at, _)| at).collect();
    for at in digits {
        let digit = written.as_bytes()[at] - b'0';
        for other in [digit + 1, digit.wrapping_sub(1)].into_iter().filter(|other| *other < 10) {
            found.push(format!("{}{other}{}", &written[..at], &written[at + 1..]));
        }
    }
    if let Some(last @ b'a'..=b'y') = written.bytes().last() {
        found.push(format!("{}{}", &written[..written.len() - 1], char::from(last + 1)));
    }
    found
}

/// A list with one item more, then with one less. What a list of references opens is seen when it is empty.
fn lists(kind: &Kind, items: &Arc<[Node]>) -> Vec<Value> {
    if items.iter().any(|item| matches!(item.value, Value::Reference(_))) {
        return vec![Value::List(Arc::default())];
    }
    let inner = match kind {
        Kind::List(inner) => inner,
        _ => kind,
    };
    let more = items.last().map(|last| values(inner, Some(&last.value), &|_| Vec::new())).unwrap_or_default();
    let more = more.into_iter().map(|value| {
        let added = Node { span: NOWHERE, value };
        Value::List(items.iter().cloned().chain([added]).collect())
    });
    let fewer = items.split_last().map(|(_, rest)| Value::List(rest.iter().cloned().collect()));
    more.chain(fewer).collect()
}

fn text(text: &str) -> Value {
    Value::String(text.into())
}

/// A reference to a whole component.
fn reference(name: &str) -> Value {
    let word = |text: &str| Word { text: text.into(), span: NOWHERE };
    Value::Reference(name.split('.').map(word).collect())
}

fn show(value: &Value) -> String {
    crate::show::print(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(kind: &Kind, value: Option<&Value>) -> Vec<String> {
        let components = |kinds: &[&str]| {
            kinds.iter().flat_map(|kind| [format!("{kind}.a"), format!("{kind}.b")]).collect()
        };
        values(kind, value, &components).iter().map(show).collect()
    }

    #[test]
    fn other_values_are_of_the_kind_and_within_its_bounds() {
        let port = Kind::Integer { min: 1, max: 5 };
        assert_eq!(shown(&port, Some(&Value::Integer(5))), ["2", "4"]);
        assert_eq!(shown(&port, None), ["2", "1", "5"]);
        assert_eq!(shown(&Kind::Bool, None), ["true", "false"]);
        assert_eq!(shown(&Kind::Enum(&["a", "b"]), Some(&text("a"))), ["\"b\""]);
        assert_eq!(shown(&Kind::Component(&["bucket"]), Some(&reference("bucket.b"))), ["bucket.a"]);
        assert_eq!(shown(&Kind::Input, None), ["\"changed\""]);
    }

    #[test]
    fn texts_change_by_a_number_a_letter_or_an_end() {
        assert_eq!(texts("v1"), ["v1x", "v2", "v0"]);
        assert_eq!(texts("a"), ["ax", "b"]);
        assert_eq!(texts("19."), ["19.x", "29.", "09.", "18."]);
    }

    #[test]
    fn lists_grow_and_shrink_and_references_go() {
        let item = |value| Node { span: NOWHERE, value };
        let zones = Value::List([item(text("a"))].into());
        let kind = Kind::List(Box::new(Kind::String { format: "" }));
        assert_eq!(shown(&kind, Some(&zones)), ["[\"a\", \"ax\"]", "[\"a\", \"b\"]", "[]"]);
        let access = Value::List([item(reference("bucket.a"))].into());
        assert_eq!(shown(&Kind::List(Box::new(Kind::Input)), Some(&access)), ["[]"]);
    }
}
