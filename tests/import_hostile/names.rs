//! Names and values that mean something elsewhere: to HCL, to a terminal, to a browser.

use crate::Gives::{Mistake, Report, Stack};
use crate::assert_files_give;

#[test]
fn names_become_names_of_components() {
    let long = "a".repeat(1000);
    for (names, gives) in [
        (&["web-1", "web.1", "web_1", "WEB 1"][..], Stack("service \"web_1_4\"")),
        (&["---"], Stack("service \"main\"")),
        (&["", "!", "日本"], Stack("service \"main_3\"")),
        (&["null", "true", "1"], Stack("service \"x1\"")),
        (&["</script>"], Stack("service \"script\"")),
        (&["${evil}", "%{ if true }"], Stack("service \"evil\"")),
        (&[&long], Stack("service \"aaaaaaaaaaaaaaaaaaaaaa\"")),
        (&["count", "for_each", "provider"], Stack("service \"for_each\"")),
    ] {
        let services: String = names
            .iter()
            .map(|name| format!("  {}: {{image: nginx}}\n", serde_json::Value::from(*name)))
            .collect();
        let text = format!("services:\n{services}");
        assert_files_give(&text, &[("a.yml", text.as_bytes())], "compose a.yml", &gives);
    }
}

#[test]
fn values_stay_what_they_are() {
    for (value, stack) in [
        ("${HOME} %{ if true }x%{ endif }", r#"A = "$${HOME} %%{ if true }x%%{ endif }""#),
        ("\"; } resource \"x\" \"y\" {", r#"A = "\"; } resource \"x\" \"y\" {""#),
        ("a\nb\tc\rd", r#"A = "a\nb\tc\rd""#),
        ("</script><script>", r#"A = "</script><script>""#),
        ("<<EOF\nx\nEOF", r#"A = "<<EOF\nx\nEOF""#),
        ("/* # // */", r#"A = "/* # // */""#),
        ("\\u0041\\", r#"A = "\\u0041\\""#),
        ("\u{202e}\u{2066}x", "A = \""),
        ("\u{1b}[31m\u{7}", "A = \""),
    ] {
        let text = serde_json::json!({
            "apiVersion": "v1", "kind": "Pod", "metadata": { "name": "web" },
            "spec": { "containers": [{ "name": "a", "image": "b", "env": [{ "name": "A", "value": value }] }] },
        });
        let text = escaped(&text);
        assert_files_give(value, &[("a.json", text.as_bytes())], "kubernetes a.json", &Stack(stack));
    }
}

#[test]
fn what_a_terminal_obeys_stands_in_no_report() {
    for (key, value) in [
        ("\u{1b}[2J\u{1b}]0;title\u{7}", "x"),
        ("a\nb: c", "x"),
        ("\u{202e}gnp.exe", "x"),
        ("\u{9b}31m", "x"),
        ("key", "\u{1b}[31m"),
    ] {
        let whole = serde_json::json!({ "services": { "web": { "image": "nginx", key: value } } });
        let text = escaped(&whole);
        assert_files_give(key, &[("a.json", text.as_bytes())], "compose a.json", &Report("an unknown key"));
        let wrong = serde_json::json!({ "services": { key: { "image": [value] } } });
        let text = escaped(&wrong);
        assert_files_give(key, &[("a.json", text.as_bytes())], "compose a.json", &Mistake("is not text"));
        let named = serde_json::json!({ "services": { "web": { "image": "nginx", "env_file": key, "command": [key] } } });
        let text = escaped(&named);
        assert_files_give(key, &[("a.json", text.as_bytes())], "compose a.json", &Report("there is no file"));
    }
}

/// JSON in which everything but ASCII is escaped, because YAML refuses some of it as it is.
fn escaped(value: &serde_json::Value) -> String {
    let mut text = String::new();
    for unit in value.to_string().encode_utf16() {
        match u8::try_from(unit) {
            Ok(byte) if byte.is_ascii() => text.push(char::from(byte)),
            _ => text += &format!("\\u{unit:04x}"),
        }
    }
    text
}
