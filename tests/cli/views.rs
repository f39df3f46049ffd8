//! Commands that explain one stack: `show`.

use serde_json::Value;

use crate::sandbox::{BROKEN, Sandbox, stack};

/// The service of the sandbox's stack with more tasks in staging.
fn shop() -> Sandbox {
    let staging =
        "\nenvironment \"staging\" {\n  account = \"222222222222\"\n  service \"web\" { tasks = 3 }\n}\n";
    Sandbox::new(&[("shop.hcl", &(stack("shop", 1) + staging)), ("broken.hcl", BROKEN)])
}

#[test]
fn show_puts_environments_side_by_side_with_the_lines_they_come_from() {
    let ran = shop().run(&["show", "stacks/shop.hcl", "service.web"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    let expected = "\
service.web  stacks/shop.hcl:14
         production  staging
  tasks  1 :16       3 :21 overlay
  image  \"public.ecr.aws/nginx/nginx:1.27\"  :15
  by default: cpu 256, ";
    assert!(ran.out.starts_with(expected), "{}", ran.out);
}

#[test]
fn show_prints_json_of_one_environment() {
    let ran =
        shop().run(&["show", "stacks/shop.hcl", "service", "--environment", "staging", "--format", "json"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let shown: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(shown["stack"], "shop");
    assert_eq!(shown["environments"].as_object().unwrap().keys().collect::<Vec<_>>(), ["staging"]);
    let web = &shown["environments"]["staging"][0];
    assert_eq!((&web["component"], &web["implied"]), (&Value::from("service.web"), &Value::from(false)));
    let settings = web["settings"].as_array().unwrap();
    let tasks = settings.iter().find(|setting| setting["setting"] == "tasks").unwrap();
    let expected = serde_json::json!({
        "setting": "tasks",
        "route": ["tasks"],
        "value": "3",
        "origin": "written",
        "overlay": "staging",
        "app": null,
        "place": { "file": "stacks/shop.hcl", "line": 21, "column": 19 },
    });
    assert_eq!(*tasks, expected);
}

#[test]
fn show_knows_what_it_was_asked_for() {
    let sandbox = shop();
    for (arguments, expected) in [
        (&["service.wep"][..], "there is no component `service.wep`; did you mean `service.web`?"),
        (&["--environment", "prodution"], "there is no environment `prodution`; did you mean `production`?"),
        (&["--environment", "x"], "there is no environment `x`; there are `production`, `staging`"),
    ] {
        let ran = sandbox.run(&[&["show", "stacks/shop.hcl"], arguments].concat());
        assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""), "{arguments:?}");
        assert!(ran.err.contains(expected), "{}", ran.err);
    }
    let broken = sandbox.run(&["show", "stacks/broken.hcl"]);
    assert_eq!((broken.code, broken.out.as_str()), (Some(1), ""));
    assert!(broken.err.contains("error[unknown-key]"), "{}", broken.err);
}
