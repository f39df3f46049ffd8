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

#[test]
fn one_column_says_where_mastodons_redis_is_managed() {
    let files = files("mastodon");
    let table = &files["environments.tf"];
    let (types, _) = table.split_once("default = {").expect("the table has values");
    let columns: Vec<&str> = types.lines().filter(|line| line.contains("cache")).map(str::trim).collect();
    assert_eq!(columns.len(), 1, "{columns:?}");
    let web = &files["modules/services/service_web.tf"];
    assert!(web.contains("count = var.cache_main_created ? 1 : 0"), "{web}");
}

#[test]
fn a_stack_is_at_most_a_quarter_of_the_terraform_it_becomes() {
    let engine = Engine::new().expect("the templates parse");
    for stack in stacks::all() {
        let files = stack.tree(&engine).files;
        let terraform = files.iter().filter(|(path, _)| path.ends_with(".tf"));
        let terraform: usize = terraform.map(|(_, text)| text.lines().count()).sum();
        let written = stack.text.lines().count();
        println!("{}: {written} lines become {terraform}", stack.name);
        assert!(written * 4 <= terraform, "{}: {written} lines become {terraform}", stack.name);
    }
}
