//! Pipelines at work: the scripts run against an AWS that a stub plays, the configurations parse. Needs bash and jq.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests read and write files, and fail by panicking"
)]

#[path = "../support/compile.rs"]
mod compile;
mod stage;

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use groundplan::render::Engine;
use groundplan::source::Syntax;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::compile::Addresses;
use crate::stage::Stage;

/// The platforms with the settings that each needs.
const PLATFORMS: [(&str, &str); 3] = [
    ("github-actions", "repository = \"example/shop\""),
    (
        "circleci",
        r#"
  repository   = "example/shop"
  approval     = true
  organization = "11111111-2222-3333-4444-555555555555"
  project      = "66666666-7777-8888-9999-000000000000"
"#,
    ),
    (
        "codepipeline",
        r#"
  repository = "example/shop"
  connection = "arn:aws:codeconnections:eu-west-1:111111111111:connection/1"
"#,
    ),
];

fn tree(platform: &str, settings: &str) -> BTreeMap<String, String> {
    let text = format!(
        r#"
stack "shop" {{ region = "eu-west-1" }}
environment "staging" {{ account = "111111111111" }}
environment "production" {{
  account = "222222222222"
  pipeline "main" {{ branch = "release/1" }}
}}
network "main" {{
  cidr  = "10.20.0.0/16"
  zones = ["a", "c"]
}}
registry "app" {{}}
pipeline "main" {{
  platform = "{platform}"
  {settings}
}}
app "main" {{
  image       = registry.app
  deployed_by = pipeline.main
  service "web" {{}}
  task "migrate" {{ before = "deploy" }}
}}
"#
    );
    let engine = Engine::new().unwrap();
    let (_, outcome) = compile::compile(&engine, ("stacks/shop.hcl", &text, Syntax::Hcl), &Addresses::new());
    outcome.value.unwrap_or_else(|| panic!("{:#?}", outcome.diagnostics)).files
}

/// The configuration of a platform.
fn configuration(platform: &str, settings: &str) -> Value {
    let files = tree(platform, settings);
    let name = match platform {
        "github-actions" => "pipelines/main/github-actions.yml",
        "circleci" => "pipelines/main/circleci.yml",
        _ => "modules/delivery/pipeline_main/buildspec.yml",
    };
    serde_saphyr::from_str(&files[name]).unwrap_or_else(|error| panic!("{name}: {error}\n{}", files[name]))
}

/// The deploy script as a platform runs it.
fn script(platform: &str, configuration: &Value) -> String {
    let found = match platform {
        "github-actions" => &configuration["jobs"]["staging"]["steps"][2]["run"],
        "circleci" => &configuration["commands"]["run-steps"]["steps"][2]["run"]["command"],
        _ => &configuration["phases"]["build"]["commands"][0],
    };
    found.as_str().unwrap_or_else(|| panic!("{platform} has no script:\n{configuration:#}")).to_owned()
}

#[test]
fn every_platform_runs_the_same_script() {
    let scripts = PLATFORMS.map(|(platform, settings)| script(platform, &configuration(platform, settings)));
    assert!(scripts.iter().all(|script| script.trim_end() == scripts[0].trim_end()));
    for script in [&scripts[0], &tree("codepipeline", PLATFORMS[2].1)["scripts/run-task"]] {
        let dir = TempDir::new().unwrap();
        let path = dir.path().join("script");
        fs::write(&path, script).unwrap();
        assert!(Command::new("bash").arg("-n").arg(&path).status().unwrap().success());
        // Variables of jq stand in single quotes, and should (SC2016).
        if let Ok(output) =
            Command::new("shellcheck").args(["--shell=bash", "--exclude=SC2016"]).arg(&path).output()
        {
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        }
        assert!(!script.contains("<<<") && !script.contains("${{"), "CI systems would read it as their own");
    }
}

#[test]
fn github_has_a_job_for_each_environment() {
    let found = configuration("github-actions", PLATFORMS[0].1);
    assert_eq!(found["permissions"], json!({ "contents": "read", "id-token": "write" }));
    for (environment, branch, account) in
        [("staging", "main", "111111111111"), ("production", "release/1", "222222222222")]
    {
        let job = &found["jobs"][environment];
        assert_eq!(job["environment"], environment);
        assert_eq!(job["if"], format!("github.ref_name == '{branch}'"));
        let role = format!("arn:aws:iam::{account}:role/shop-{environment}-pipeline-main");
        assert_eq!(job["steps"][1]["with"]["role-to-assume"], role);
        let parameter = format!("/shop/{environment}/pipeline/main");
        assert_eq!(job["steps"][2]["env"], json!({ "PARAMETER": parameter, "STEPS": "build deploy" }));
    }
    assert_eq!(found["on"]["push"]["branches"], json!(["release/1", "main"]));
}

#[test]
fn circleci_asks_a_person_before_it_deploys() {
    let found = configuration("circleci", PLATFORMS[1].1);
    let workflow = &found["workflows"]["production"]["jobs"];
    assert_eq!(workflow[0]["production"]["steps"], "build");
    assert_eq!(workflow[1]["approve"], json!({ "type": "approval", "requires": ["build"] }));
    assert_eq!(workflow[2]["production"]["requires"], json!(["approve"]));
    let alone = configuration("circleci", &PLATFORMS[1].1.replace("true", "false"));
    assert_eq!(alone["workflows"]["staging"]["jobs"][1]["staging"]["requires"], json!(["build"]));
}

#[test]
fn a_release_builds_migrates_updates_and_waits_in_this_order() {
    let stage = Stage::new();
    let played = stage.deploy();
    assert_eq!(played.code, 0, "{}", played.said);
    let revision = |name: &str| {
        format!("--task-definition arn:aws:ecs:eu-west-1:111111111111:task-definition/shop-staging-{name}:8")
    };
    let order = [
        "aws ecr describe-images".to_owned(),
        "docker build".to_owned(),
        "docker run".to_owned(),
        "docker push".to_owned(),
        "aws ecs register-task-definition".to_owned(),
        format!("aws ecs run-task --cluster shop-staging {}", revision("migrate")),
        format!("aws ecs run-task --cluster shop-staging {}", revision("audit")),
        format!(
            "aws ecs update-service --cluster shop-staging --service shop-staging-web {}",
            revision("web")
        ),
        "aws ecs describe-services".to_owned(),
    ];
    let places: Vec<usize> = order.iter().map(|call| played.place(call)).collect();
    assert!(places.is_sorted(), "{places:?}\n{}", played.calls.join("\n"));
    assert!(played.said.contains("== CreateUsers: migrated"), "the log of a task is shown");
    assert!(played.calls("aws ecs run-task")[0].contains("\"securityGroups\":[\"sg-1\"]"));
}

#[test]
fn only_the_images_built_here_change() {
    let stage = Stage::new();
    stage.deploy();
    let registered = stage.registered();
    assert_eq!(
        registered.keys().collect::<Vec<_>>(),
        ["shop-staging-audit", "shop-staging-migrate", "shop-staging-web"]
    );
    let web = &registered["shop-staging-web"];
    let image = "111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop-staging-app:abc123";
    assert_eq!(web["containerDefinitions"][0]["image"], image);
    assert_eq!(web["containerDefinitions"][1]["image"], "public.ecr.aws/sidecar:2");
    assert_eq!(web["cpu"], "256");
    assert!(web.get("revision").is_none() && web.get("taskDefinitionArn").is_none(), "{web:#}");
}

#[test]
fn secrets_stand_on_no_command_line_and_in_no_log() {
    let played = Stage::new().deploy();
    let build = played.calls("docker build")[0];
    for argument in [
        "--file docker/Dockerfile",
        "--build-arg MODE=two words",
        "--build-arg GIT_SHA=abc123",
        "--build-arg TOKEN ",
        "--secret id=TOKEN,env=TOKEN",
    ] {
        assert!(build.contains(argument), "{argument}\n{build}");
    }
    let commands = played.calls.iter().filter(|call| !call.starts_with("in the environment"));
    assert!(!commands.clone().any(|call| call.contains("hunter2") || call.contains("AKIDROLE")));
    assert!(!played.said.contains("hunter2"), "{}", played.said);
    assert_eq!(played.calls("in the environment")[0], "in the environment: TOKEN=hunter2");
    assert!(!build.contains("ELSEWHERE"), "what an environment lacks is passed over");
}

#[test]
fn an_image_is_built_once() {
    let stage = Stage::new();
    fs::write(stage.path("pushed"), "shop-staging-app").unwrap();
    let played = stage.with("STEPS", "build").deploy();
    assert_eq!(played.code, 0, "{}", played.said);
    assert!(played.calls("docker").is_empty());
}

#[test]
fn whatever_fails_before_the_update_changes_no_service() {
    for (variable, value, said) in [
        ("EXIT_CODE", "3", "migrate failed with exit code 3: no service was changed"),
        ("NEVER_ENDS", "1", "ran longer than 1 seconds and was stopped"),
        ("NEVER_RUNS", "1", "The container never ran: CannotPullContainerError"),
        ("NO_CAPACITY", "1", "ECS did not start the task: RESOURCE:ENI"),
        ("NOT_REGISTERED", "1", "no new revision of shop-staging-audit was registered"),
        ("CONTAINER", "other", "shop-staging-audit has no container audit"),
        ("SECRET", "unset", "has no value yet"),
        ("STEPS", "deploy", "has no image abc123"),
    ] {
        let played = Stage::new().with(variable, value).deploy();
        assert_eq!(played.code, 1, "{variable}: {}", played.said);
        assert!(played.said.contains(said), "{variable}: {}", played.said);
        assert!(played.calls("aws ecs update-service").is_empty(), "{variable}");
        assert!(played.calls("aws ecs run-task").len() <= 1, "{variable}");
        assert_eq!(played.calls("aws ecs stop-task").len(), usize::from(variable == "NEVER_ENDS"));
    }
}

#[test]
fn a_service_that_does_not_become_stable_fails_the_release() {
    for (variable, value, said) in [
        ("ROLLS_BACK", "1", "ECS rolled back shop-staging-web"),
        ("ROLLOUT", "IN_PROGRESS", "shop-staging-web is not stable yet"),
    ] {
        let played = Stage::new().with(variable, value).deploy();
        assert_eq!(played.code, 1, "{}", played.said);
        assert!(played.said.contains(said), "{}", played.said);
    }
}

#[test]
fn a_task_is_run_by_its_name() {
    let played =
        Stage::new().with("EXIT_CODE", "0").run_task(&["make_admin", "--", "tootctl", "-v", "two words"]);
    let call = played.calls("aws ecs run-task")[0];
    for argument in [
        "--cluster shop-staging --task-definition shop-staging-make-admin ",
        "\"assignPublicIp\":\"ENABLED\"",
        "--enable-execute-command",
        "\"two words\"",
    ] {
        assert!(played.calls.join("\n").contains(argument), "{argument}\n{call}");
    }
}

#[test]
fn the_exit_code_of_a_task_is_that_of_its_container() {
    let outputs = |stage: Stage| {
        let text = fs::read_to_string(stage.path("outputs.json")).unwrap().replace("make-admin", "migrate");
        fs::write(stage.path("outputs.json"), text.replace("make_admin", "migrate")).unwrap();
        stage
    };
    let played = outputs(Stage::new().with("EXIT_CODE", "7")).run_task(&["migrate"]);
    assert_eq!(played.code, 7, "{}", played.said);
    assert!(played.said.contains("== CreateUsers: migrated"));
    let unknown = Stage::new().run_task(&["migrate"]);
    assert_eq!(unknown.code, 1);
    assert!(unknown.said.contains("one of: make_admin"), "{}", unknown.said);
}
