//! Commands that explain one stack: `show`, `why`.

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
        (&["--environment", "x"], "there is no environment `x`; the stack has `production`, `staging`"),
    ] {
        let ran = sandbox.run(&[&["show", "stacks/shop.hcl"], arguments].concat());
        assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""), "{arguments:?}");
        assert!(ran.err.contains(expected), "{}", ran.err);
    }
    let broken = sandbox.run(&["show", "stacks/broken.hcl"]);
    assert_eq!((broken.code, broken.out.as_str()), (Some(1), ""));
    assert!(broken.err.contains("error[unknown-key]"), "{}", broken.err);
}

#[test]
fn why_explains_a_resource_to_people_and_to_programs() {
    let sandbox = shop();
    let arguments =
        ["why", "stacks/shop.hcl", "module.services.aws_ecs_service.web", "--environment", "staging"];
    let ran = sandbox.run(&arguments);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    let expected = "\
module.services.aws_ecs_service.web
  made by  service.web  stacks/shop.hcl:14
  in production  yes
  in staging     yes

Who changes it in staging
  Terraform, everything

What a change of the stack file does to it
";
    assert!(ran.out.starts_with(expected), "{}", ran.out);
    assert!(
        ran.out.contains("\n  in place: desired_count\n    tasks :21, environment paused (default)\n"),
        "{}",
        ran.out
    );

    let json = sandbox.run(&[&arguments[..], &["--format", "json"]].concat());
    let answer: Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(
        (&answer["component"], &answer["place"]["line"]),
        (&Value::from("service.web"), &Value::from(14))
    );
    let settings = answer["settings"].as_array().unwrap();
    let tasks = settings.iter().find(|one| one["setting"] == "tasks").unwrap();
    assert_eq!((&tasks["value"], &tasks["tried"]), (&Value::from("3"), &Value::from("4")));
    assert_eq!(
        (&tasks["action"], &tasks["arguments"]),
        (&Value::from("update"), &serde_json::json!(["desired_count"]))
    );
}

#[test]
fn why_suggests_addresses() {
    let ran = shop().run(&["why", "stacks/shop.hcl", "aws_ecs_service.web"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""));
    let expected = "error: no environment has `aws_ecs_service.web`; did you mean `module.services.aws_ecs_service.web`?\n";
    assert_eq!(ran.err, expected);
}
