//! What the shipped systems are, read in the generated code where a plan cannot know it yet.

#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests read files, and fail by panicking")]

#[path = "support/compile.rs"]
mod compile;
#[path = "support/stacks.rs"]
mod stacks;

use std::collections::BTreeMap;

use groundplan::render::Engine;

/// The generated files of a shipped stack.
fn files(stack: &str) -> BTreeMap<String, String> {
    let engine = Engine::new().expect("the templates parse");
    let found = stacks::all().into_iter().find(|known| known.name == stack);
    found.unwrap_or_else(|| panic!("no stack {stack}")).tree(&engine).files
}

/// The value of the first argument of a name in a file.
fn argument<'f>(file: &'f str, name: &str) -> Option<&'f str> {
    file.lines().find_map(|line| {
        let (key, value) = line.split_once('=')?;
        (key.trim() == name).then(|| value.trim())
    })
}

#[test]
fn mastodon_runs_three_services_and_two_tasks_from_one_image() {
    let files = files("mastodon");
    let workloads: Vec<&str> = files
        .iter()
        .filter(|(_, text)| text.contains("resource \"aws_ecs_task_definition\""))
        .map(|(path, text)| {
            let image = argument(text, "image");
            assert_eq!(image, Some("\"${var.registry_mastodon_repository_url}:v4.2.13\""), "{path}");
            path.as_str()
        })
        .collect();
    let names = ["service_sidekiq", "service_streaming", "service_web", "task_make_admin", "task_migrate"];
    assert_eq!(workloads, names.map(|name| format!("modules/services/{name}.tf")));
    let balanced =
        |name: &str| files[&format!("modules/services/service_{name}.tf")].contains("load_balancer {");
    assert!(balanced("web") && balanced("streaming") && !balanced("sidekiq"));
}

#[test]
fn the_key_of_proffs_iam_user_reaches_the_container_as_a_secret_only() {
    let files = files("proff");
    let service = &files["modules/services/service_app.tf"];
    let (plain, secrets) = service.split_once("secrets = [").expect("the service has secrets");
    for (name, parameter) in [
        ("AWS_ACCESS_KEY_ID", "var.user_app_access_key_id_arn"),
        ("AWS_SECRET_ACCESS_KEY", "var.user_app_secret_access_key_arn"),
    ] {
        assert_eq!(argument(secrets, name), Some(parameter));
        assert!(!plain.contains(name), "{name} is in plain sight");
    }
    assert!(
        !files.values().any(|text| text.contains("aws_iam_access_key")),
        "Terraform would keep the key in its state"
    );
}
