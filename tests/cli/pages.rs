//! Commands that print what is known without a stack, and `new`.

use crate::sandbox::Sandbox;

#[test]
fn explain_lists_all_codes_prints_pages_and_guesses() {
    let sandbox = Sandbox::new(&[]);
    let all = sandbox.run(&["explain"]).out;
    assert_eq!(all.lines().count(), groundplan::catalog::codes().len());
    assert!(all.lines().is_sorted());
    for code in groundplan::catalog::codes() {
        let page = sandbox.run(&["explain", code.name]).out;
        assert!(page.starts_with(&format!("{} ({}): {}\n\n", code.name, code.severity.name(), code.title)));
        assert!(page.ends_with(&format!("{}\n", code.explanation.trim())));
    }
    let near = sandbox.run(&["explain", "unknwon-key"]).err;
    assert!(near.contains("did you mean `unknown-key`?"), "{near}");
    let far = sandbox.run(&["explain", "xyzzy"]).err;
    assert!(far.contains("`groundplan explain` lists all"), "{far}");
}

#[test]
fn schema_prints_a_json_schema() {
    let schema: serde_json::Value = serde_json::from_str(&Sandbox::new(&[]).run(&["schema"]).out).unwrap();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    assert_eq!(schema["required"], serde_json::json!(["stack", "environment"]));
}

#[test]
fn new_writes_a_named_preset_and_never_overwrites() {
    let sandbox = Sandbox(tempfile::tempdir().unwrap());
    for preset in ["minimal", "rails", "mastodon"] {
        let path = format!("stacks/my_{preset}.hcl");
        let ran = sandbox.run(&["new", &format!("my_{preset}"), "--preset", preset]);
        assert_eq!((ran.code, ran.out.as_str()), (Some(0), ""), "{}", ran.err);
        assert!(ran.err.starts_with(&format!("wrote {path}\nnext: ")), "{}", ran.err);
        assert!(sandbox.read(&path).contains(&format!("stack \"my_{preset}\" {{\n")));
    }
    let before = sandbox.snapshot();
    let again = sandbox.run(&["new", "my_rails"]);
    assert_eq!(again.code, Some(1));
    assert!(again.err.contains("cannot create `stacks/my_rails.hcl`"), "{}", again.err);
    for name in ["../escape", "a/b", "", "Shop", "a__b"] {
        assert_eq!(sandbox.run(&["new", name]).code, Some(1), "{name}");
    }
    assert_eq!(sandbox.snapshot(), before);
}

#[test]
fn completions_and_the_manual_name_every_command() {
    let sandbox = Sandbox::new(&[]);
    let commands = groundplan::cli::command();
    let names: Vec<&str> = commands.get_subcommands().map(clap::Command::get_name).collect();
    for arguments in
        [&["completions", "bash"][..], &["completions", "zsh"], &["completions", "fish"], &["man"]]
    {
        let text = sandbox.run(arguments).out;
        for name in &names {
            assert!(text.contains(name), "{arguments:?} does not have {name}");
        }
    }
    let help = sandbox.run(&["--help"]).out;
    assert!(names.iter().all(|name| help.contains(&format!("\n  {name} "))), "{help}");
}

#[test]
fn graph_draws_a_stack_in_three_languages_and_one_environment_at_a_time() {
    let sandbox = Sandbox::new(&[("shop.hcl", &crate::sandbox::stack("shop", 2))]);
    let draw = |arguments: &[&str]| sandbox.run(&[&["graph", "stacks/shop.hcl"], arguments].concat());
    for (format, beginning) in [("svg", "<svg xmlns="), ("mermaid", "flowchart LR\n"), ("dot", "digraph ")] {
        let ran = draw(&["--format", format]);
        assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{format}");
        assert!(ran.out.starts_with(beginning), "{}", ran.out);
    }
    assert_eq!(draw(&[]).out, draw(&["--format", "svg"]).out);
    let unknown = draw(&["--environment", "nowhere"]);
    assert_eq!((unknown.code, unknown.out.as_str()), (Some(1), ""));
    assert!(unknown.err.contains("there is no environment `nowhere`; the stack has `"), "{}", unknown.err);
    let broken = sandbox.pipe(&["graph", "-"], "stack \"shop\" {}");
    assert_eq!((broken.code, broken.out.as_str()), (Some(1), ""));
    assert!(broken.err.contains("error["), "{}", broken.err);
}
