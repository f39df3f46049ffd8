//! The functions of Terraform that generated trees call.

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

use super::value::Value;

/// Calls a function. What it makes of a collection that only AWS knows is known only to AWS.
///
/// # Errors
/// What is wrong, as a phrase: a function that no generated tree calls, or arguments that it does not take.
pub(super) fn call(name: &str, arguments: Vec<Value>) -> Result<Value, String> {
    let refused = || format!("`{name}` does not take these arguments here");
    let value = match (name, arguments.as_slice()) {
        ("jsonencode", [value]) => Some(value.clone().json()),
        ("join", [Value::String(separator), Value::List(items)]) => join(separator, items),
        (
            "cidrsubnet" | "compact" | "concat" | "contains" | "join" | "keys" | "length" | "merge" | "one"
            | "split" | "toset" | "values" | "zipmap",
            arguments,
        ) if arguments.iter().any(|argument| matches!(argument, Value::Later(_))) && name != "contains" => {
            Some(Value::derived(name, arguments.to_vec()))
        }
        ("cidrsubnet", [Value::String(network), Value::Number(bits), Value::Number(number)]) => {
            subnet(network, *bits, *number).map(|network| Value::String(network.into()))
        }
        ("compact", [Value::List(items)]) => {
            let empty = |item: &&Value| matches!(item, Value::Null) || **item == Value::from("");
            Some(Value::List(items.iter().filter(|item| !empty(item)).cloned().collect()))
        }
        ("concat", lists) => {
            lists.iter().map(as_list).collect::<Option<Vec<_>>>().map(|lists| Value::List(lists.concat()))
        }
        ("contains", [Value::List(items), wanted]) if wanted.is_known() || items.contains(wanted) => {
            let found = items.contains(wanted);
            let known = found || items.iter().all(Value::is_known);
            Some(if known { Value::Bool(found) } else { Value::derived(name, arguments.clone()) })
        }
        ("keys", [Value::Object(entries)]) => {
            Some(Value::List(entries.keys().map(|key| Value::from(key.as_str())).collect()))
        }
        ("length", [Value::List(items)]) => Some(Value::Number(items.len() as f64)),
        ("length", [Value::Object(entries)]) => Some(Value::Number(entries.len() as f64)),
        ("merge", objects) => objects
            .iter()
            .map(|object| match object {
                Value::Object(entries) => Some(entries.clone()),
                Value::Null => Some(Default::default()),
                _ => None,
            })
            .collect::<Option<Vec<_>>>()
            .map(|objects| Value::Object(objects.into_iter().flatten().collect())),
        ("one", [Value::List(items)]) if items.len() < 2 => {
            Some(items.first().cloned().unwrap_or(Value::Null))
        }
        ("split", [Value::String(separator), Value::String(text)]) => {
            Some(Value::List(text.split(&**separator).map(Value::from).collect()))
        }
        ("toset", [Value::List(items)]) => set(items),
        ("values", [Value::Object(entries)]) => Some(Value::List(entries.values().cloned().collect())),
        ("zipmap", [Value::List(keys), Value::List(values)]) if keys.len() == values.len() => {
            let keys = keys.iter().map(Value::as_text).collect::<Option<Vec<_>>>();
            keys.map(|keys| Value::Object(keys.into_iter().zip(values.iter().cloned()).collect()))
        }
        _ => None,
    };
    value.ok_or_else(refused)
}

fn as_list(value: &Value) -> Option<Vec<Value>> {
    match value {
        Value::List(items) => Some(items.clone()),
        _ => None,
    }
}

fn join(separator: &str, items: &[Value]) -> Option<Value> {
    let between = |index: usize| (index > 0).then(|| Value::from(separator));
    Value::text(
        items.iter().enumerate().flat_map(|(index, item)| between(index).into_iter().chain([item.clone()])),
    )
}

/// Sorted, and nothing twice; as it is when only AWS knows what is in it.
fn set(items: &[Value]) -> Option<Value> {
    if !items.iter().all(Value::is_known) {
        return Some(Value::derived("toset", items.to_vec()));
    }
    let mut texts = items.iter().map(Value::as_text).collect::<Option<Vec<_>>>()?;
    texts.sort();
    texts.dedup();
    Some(Value::List(texts.iter().map(|text| Value::from(text.as_str())).collect()))
}

fn subnet(network: &str, bits: f64, number: f64) -> Option<String> {
    let network: Ipv4Net = network.parse().ok()?;
    let length = network.prefix_len().checked_add(bits as u8).filter(|length| *length <= 32)?;
    let number = number as u32;
    if u64::from(number) >= 1 << (bits as u32) {
        return None;
    }
    let address = u32::from(network.network()) | number.checked_shl(32 - u32::from(length)).unwrap_or(0);
    Some(format!("{}/{length}", Ipv4Addr::from(address)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(items: &[&str]) -> Value {
        Value::List(items.iter().map(|item| Value::from(*item)).collect())
    }

    #[test]
    fn subnets_are_numbered_inside_their_network() {
        let cut = |network: &str, bits: f64, number: f64| {
            call("cidrsubnet", vec![Value::from(network), Value::Number(bits), Value::Number(number)])
        };
        assert_eq!(cut("10.20.0.0/16", 6.0, 24.0), Ok(Value::from("10.20.96.0/22")));
        assert_eq!(cut("10.20.0.0/16", 4.0, 2.0), Ok(Value::from("10.20.32.0/20")));
        assert!(cut("10.20.0.0/16", 4.0, 16.0).is_err());
        assert!(cut("10.20.0.0/30", 4.0, 0.0).is_err());
    }

    #[test]
    fn sets_are_sorted_and_hold_nothing_twice() {
        assert_eq!(call("toset", vec![list(&["c", "a", "c"])]), Ok(list(&["a", "c"])));
    }

    #[test]
    fn an_empty_text_splits_into_one_empty_item_that_compact_drops() {
        let split = call("split", vec![Value::from(","), Value::from("")]).unwrap();
        assert_eq!(split, list(&[""]));
        assert_eq!(call("compact", vec![split]), Ok(list(&[])));
    }

    #[test]
    fn one_of_nothing_is_null() {
        assert_eq!(call("one", vec![list(&[])]), Ok(Value::Null));
        assert_eq!(call("one", vec![list(&["a"])]), Ok(Value::from("a")));
        assert!(call("one", vec![list(&["a", "b"])]).is_err());
    }

    #[test]
    fn what_is_joined_may_be_known_only_to_aws() {
        let id = Value::attribute("aws_vpc.main", "id");
        let joined =
            call("join", vec![Value::from(","), Value::List(vec![Value::from("a"), id.clone()])]).unwrap();
        assert_eq!(joined.to_json(), "a,${aws_vpc.main.id}");
        assert!(!call("length", vec![id]).unwrap().is_known());
    }

    #[test]
    fn functions_that_no_tree_calls_are_refused() {
        assert!(call("timestamp", vec![]).is_err());
    }
}
