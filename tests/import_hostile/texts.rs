//! Texts that are too large, too deep, in another encoding, or no text at all.

use crate::Gives::{self, Mistake, Report, Stack};
use crate::assert_files_give;

/// A compose file with one service that has something.
fn service(line: &str) -> String {
    format!("services:\n  web:\n    image: nginx\n    {line}\n")
}

#[test]
fn what_is_no_text_says_where() {
    let utf16: Vec<u8> = "\u{feff}services: {}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let rows: &[(&str, &[u8], Gives<'_>)] = &[
        ("UTF-16", &utf16, Mistake("`a.yml` is not UTF-8 at 1:1")),
        ("invalid UTF-8", b"services:\n  w\xffb: {}\n", Mistake("`a.yml` is not UTF-8 at 2:4")),
        ("half a character", b"services: \xf0\x9f", Mistake("is not UTF-8 at 1:11")),
        ("NUL", b"services:\n  web: {image: \"a\0b\"}\n", Mistake("a.yml:2:")),
        ("an escape of a terminal", b"services:\n  web: {image: \x1b[31m}\n", Mistake("a.yml:2:")),
        ("a byte order mark", b"\xef\xbb\xbfservices: {web: {image: nginx}}", Stack("service \"web\"")),
        ("CRLF", b"services:\r\n  web:\r\n    image: nginx\r\n", Stack("image = \"nginx\"\n")),
        ("CR alone", b"services:\r  web:\r    image: nginx\r", Stack("image = \"nginx\"\n")),
        ("tabs", b"services:\n\tweb: {image: nginx}\n", Mistake("a.yml:2:")),
    ];
    for (name, bytes, gives) in rows {
        assert_files_give(name, &[("a.yml", bytes)], "compose a.yml", gives);
    }
}

#[test]
fn a_file_of_another_shape_says_what_is_wanted() {
    for (text, message) in [
        ("", "a.yml:1:1"),
        ("# nothing\n", "a.yml:1:1"),
        ("---\n---\n", "this is no compose file"),
        ("- a\n- b\n", "this is no compose file"),
        ("nginx\n", "this is no compose file"),
        ("42", "this is no compose file"),
        ("!reset {}\n", "there is no service here"),
        ("services: []\n", "there is no service here"),
        ("services: 7\n", "there is no service here"),
        ("services: {web: null}\n", "a.yml:1:"),
        ("services: {web: [image]}\n", "a.yml:1:"),
        ("services: {web: {image: [nginx]}}\n", "is not text"),
        ("services: {web: {image: {a: b}}}\n", "is not text"),
        ("services: {? [a] : b}\n", "a key of a mapping is text"),
        ("<<: 1\n", "`<<` merges a mapping"),
    ] {
        assert_files_give(text, &[("a.yml", text.as_bytes())], "compose a.yml", &Mistake(message));
    }
    for (command, text, message) in [
        ("kubernetes", "", "no object here makes pods"),
        ("kubernetes", "[1, 2]", "no object here makes pods"),
        ("kubernetes", "apiVersion: v1\nkind: List\nitems: 3\n", "no object here makes pods"),
        ("task-definition", "", "there is nothing to import here"),
        ("task-definition", "true", "there is no container definition here"),
        ("task-definition", "[]", "there is no container definition here"),
        ("copilot", "", "a.yml:1:1"),
        ("copilot", "- web\n", "a.yml:1:1"),
    ] {
        let name = format!("{command}: {text}");
        assert_files_give(
            &name,
            &[("a.yml", text.as_bytes())],
            &format!("{command} a.yml"),
            &Mistake(message),
        );
    }
}

#[test]
fn numbers_beyond_all_bounds_are_no_numbers() {
    for (line, gives) in [
        ("ports: [99999999999999999999]", Report("a.yml:4:13: services.web.ports[0]: this is no port")),
        ("ports: [-1]", Report("a.yml:4:13: services.web.ports[0]: this is no port")),
        ("ports: [.nan]", Report("a.yml:4:13: services.web.ports[0]: this is no port")),
        ("ports: ['1-65535:1-65535']", Report("services.web.ports[0]: this is no port")),
        ("cpus: 1e400", Mistake("a.yml:4:")),
        ("cpus: .inf", Mistake("a.yml:4:")),
        ("cpus: -5", Mistake("a.yml:4:")),
        ("mem_limit: 99999999999999999999g", Mistake("a.yml:4:")),
        ("mem_limit: 9999999g", Mistake("a.yml:4:")),
        ("mem_limit: 999g", Report("services.web.mem_limit")),
        ("deploy: {replicas: 4294967296}", Mistake("a.yml:4:")),
        ("stop_grace_period: 99999999999999999999s", Mistake("a.yml:4:")),
    ] {
        assert_files_give(line, &[("a.yml", service(line).as_bytes())], "compose a.yml", &gives);
    }
}

#[test]
fn tags_are_never_obeyed() {
    for (text, gives) in [
        ("!!python/object/apply:os.system [touch found]", Mistake("is not text")),
        ("!!python/object:os.system nginx", Stack("image = \"nginx\"")),
        ("!<tag:yaml.org,2002:binary> bmdpbng=", Stack("image = \"bmdpbng=\"")),
        ("!Ref Image", Stack("image = \"Image\"")),
    ] {
        let text = format!("services:\n  web:\n    image: {text}\n");
        assert_files_give(&text, &[("a.yml", text.as_bytes())], "compose a.yml", &gives);
    }
}

#[test]
fn what_is_too_large_ends_at_once() {
    let mut deep = String::new();
    for level in 0..1500 {
        deep += &format!("{}a:\n", " ".repeat(level));
    }
    let entries = |line: &str, times: usize| -> String {
        (0..times).map(|at| line.replace('#', &at.to_string())).collect()
    };
    let many_keys = service("environment:") + &entries("      A#: b\n", 250_000);
    let repeated = format!("x: &x {}\n", "x".repeat(1 << 20))
        + &service("environment:")
        + &entries("      A#: *x\n", 100_000);
    let bases = "x-base: &base\n  image: nginx\n  environment:\n".to_owned()
        + &entries("    A#: b\n", 20_000)
        + "services:\n  base: *base\n"
        + &entries("  s#: {extends: base}\n", 500);
    let defaults = service(&format!("command: \"{}{}\"", "${A:-".repeat(1000), "}".repeat(1000)));
    for (name, text, message) in [
        ("levels of blocks", &deep, "more than 64 levels inside each other"),
        ("keys", &many_keys, "more than 200000 values"),
        ("documents", &"---\n".repeat(300_000), "more than 200000 values"),
        ("aliases of a long text", &repeated, "more than 200000 values"),
        ("services that extend a large one", &bases, "what is repeated comes to more than 200000 values"),
        ("defaults in defaults", &defaults, "more than 16 defaults inside each other"),
    ] {
        assert_files_give(name, &[("a.yml", text.as_bytes())], "compose a.yml", &Mistake(message));
    }
    let huge = "#".repeat(50 << 20);
    let message = "`a.yml` is larger than 4 MiB";
    assert_files_give("a long line", &[("a.yml", huge.as_bytes())], "compose a.yml", &Mistake(message));
    let plain = service("command: a");
    // Every variable is twice the one before, and the last ones are used often.
    let mut doubled = format!("A0={}\n", "x".repeat(64));
    for at in 1..14 {
        doubled += &format!("A{at}=$A{0}$A{0}\n", at - 1);
    }
    doubled += &entries("B#=$A13\n", 1000);
    let files: &[(&str, &[u8])] = &[("a.yml", plain.as_bytes()), (".env", doubled.as_bytes())];
    let message = "variables make more than 64 MiB of text";
    assert_files_give("variables of variables", files, "compose a.yml", &Mistake(message));
    let used = service("environment:") + &entries("      A#: $A\n", 1000);
    let long = format!("A={}\n", "x".repeat(1 << 19));
    let files: &[(&str, &[u8])] = &[("a.yml", used.as_bytes()), (".env", long.as_bytes())];
    assert_files_give("uses of a variable", files, "compose a.yml", &Mistake(message));
}

#[test]
fn what_objects_repeat_of_each_other_is_limited() {
    let data: String = (0..70_000).map(|at| format!("  A{at}: b\n")).collect();
    let text = format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\ndata:\n{data}---\napiVersion: v1\nkind: Pod\nmetadata: {{name: p}}\nspec: \
         {{containers: [{{name: a, image: b, envFrom: [&a {{configMapRef: {{name: a}}}}, *a, *a]}}]}}\n"
    );
    let message = "what is repeated comes to more than 200000 values";
    assert_files_give("a ConfigMap", &[("a.yml", text.as_bytes())], "kubernetes a.yml", &Mistake(message));
    let variables: String = (0..20_000).map(|at| format!("  A{at}: b\n")).collect();
    let environments: String = (0..100).map(|at| format!("  e{at}: {{count: 1}}\n")).collect();
    let text = format!(
        "name: a\ntype: Worker Service\nimage: {{location: b}}\nvariables:\n{variables}environments:\n{environments}"
    );
    let files: &[(&str, &[u8])] = &[("copilot/a/manifest.yml", text.as_bytes())];
    assert_files_give("environments", files, "copilot copilot", &Mistake(message));
}
