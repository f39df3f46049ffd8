//! What pipelines become on each platform.

use crate::testing::{codes, compile, generated, has_line, stack};

const GITHUB: &str = "platform = \"github-actions\"\nrepository = \"example/shop\"";
const CIRCLECI: &str = r#"
  platform     = "circleci"
  repository   = "example/shop"
  organization = "11111111-2222-3333-4444-555555555555"
  project      = "66666666-7777-8888-9999-000000000000"
"#;
const CODEPIPELINE: &str = r#"
  platform   = "codepipeline"
  repository = "example/shop"
  connection = "arn:aws:codeconnections:eu-west-1:111111111111:connection/1"
"#;

/// A stack with a service, two tasks that run before it, and one that does not.
fn text(settings: &str, overlay: &str) -> String {
    let components = format!(
        r#"
registry "app" {{}}
bucket "source" {{}}
secret "token" {{}}
pipeline "main" {{
  {settings}
}}
app "main" {{
  image       = registry.app
  deployed_by = pipeline.main
  service "web" {{}}
  task "migrate" {{
    before  = "deploy"
    timeout = 600
  }}
  task "audit" {{
    before = "deploy"
    after  = task.migrate
  }}
  task "console" {{}}
}}
"#
    );
    stack(&components, overlay)
}

fn file(settings: &str, overlay: &str) -> String {
    generated(&text(settings, overlay), "modules/delivery/pipeline_main.tf")
}

#[test]
fn settings_name_what_is_deployed_in_order() {
    let text = file(GITHUB, "");
    let (_, tasks) = text.split_once("tasks = [").expect("there are tasks");
    let (migrate, audit) = tasks.split_once("\"audit\"").expect("the audit is a task");
    assert!(has_line(migrate, "order = 1") && has_line(migrate, "timeout = 600"), "{migrate}");
    assert!(has_line(audit, "order = 2"), "{audit}");
    assert!(has_line(&text, "services = [\"web\"]"), "{text}");
    let (families, _) = tasks.split_once("services").expect("the services follow");
    assert!(!families.contains("console"), "a task that nothing runs stands among the release tasks");
}

#[test]
fn no_right_is_wider_than_what_it_is_for() {
    for settings in [GITHUB, CIRCLECI, CODEPIPELINE] {
        let text = file(settings, "");
        let statements: Vec<&str> = text.split("Sid").collect();
        let wide = statements.iter().filter(|statement| statement.contains("Resource = [\"*\"]"));
        let wide: Vec<&str> = wide.filter_map(|statement| statement.split('"').nth(1)).collect();
        assert_eq!(wide, ["RegisterRevisions", "RegistryLogin"], "{text}");
        for part in [
            "\"arn:aws:ecs:eu-west-1:${var.account_id}:task-definition/${var.name}-migrate:*\"",
            "\"arn:aws:ecs:eu-west-1:${var.account_id}:service/${var.cluster_name}/${var.name}-web\"",
            "\"iam:PassedToService\" = \"ecs-tasks.amazonaws.com\"",
            "var.service_web_execution_role_arn",
            "var.task_console_role_arn",
        ] {
            assert!(text.contains(part), "{part}\n{text}");
        }
        assert!(!text.contains("task-definition/${var.name}-console"), "nothing runs the console");
    }
}

#[test]
fn github_is_trusted_by_repository_and_environment() {
    let text = file(GITHUB, "");
    let subject =
        "\"token.actions.githubusercontent.com:sub\" = \"repo:example/shop:environment:${var.environment}\"";
    assert!(has_line(&text, subject), "{text}");
    assert!(has_line(&text, "url = \"https://token.actions.githubusercontent.com\""), "{text}");
}

#[test]
fn circleci_is_trusted_by_project_repository_and_branch() {
    let text = file(CIRCLECI, "");
    for part in [
        "\"org/11111111-2222-3333-4444-555555555555/project/66666666-7777-8888-9999-000000000000/user/*/",
        "/vcs-origin/github.com/example/shop/vcs-ref/refs/heads/main\"",
    ] {
        assert!(text.contains(part), "{text}");
    }
    assert!(has_line(&text, "client_id_list = [\"11111111-2222-3333-4444-555555555555\"]"), "{text}");
}

#[test]
fn an_identity_provider_that_exists_is_not_made() {
    let arn = "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com";
    let text = file(&format!("{GITHUB}\nidentity_provider = \"{arn}\""), "");
    assert!(!text.contains("aws_iam_openid_connect_provider"), "{text}");
    assert!(has_line(&text, &format!("Principal = {{ Federated = \"{arn}\" }}")), "{text}");
}

#[test]
fn a_person_approves_where_it_says_so() {
    assert!(!file(CODEPIPELINE, "").contains("Manual"));
    let everywhere = file(&format!("{CODEPIPELINE}\napproval = true"), "");
    assert!(everywhere.contains("Manual") && !everywhere.contains("dynamic"), "{everywhere}");
    let production = file(CODEPIPELINE, "pipeline \"main\" { approval = true }");
    assert!(
        has_line(&production, "for_each = var.pipeline_main_approval ? [\"Approve\"] : []"),
        "{production}"
    );
}

#[test]
fn an_archive_in_a_bucket_is_a_source() {
    let text = file("platform = \"codepipeline\"\nsource = bucket.source", "");
    for line in [
        "provider = \"S3\"",
        "S3Bucket = var.bucket_source_name",
        "Resource = [\"${var.bucket_source_arn}/source.zip\"]",
        "{ name = \"COMMIT\", value = \"#{Source.ETag}\" },",
        "PollForSourceChanges = \"false\"",
        "bucket = { name = [var.bucket_source_name] }",
    ] {
        assert!(has_line(&text, line), "{line}\n{text}");
    }
    assert!(!file(CODEPIPELINE, "").contains("aws_cloudwatch_event_rule"));
}

#[test]
fn the_bucket_of_an_archive_keeps_versions_and_tells_of_uploads() {
    let archive = "platform = \"codepipeline\"\nsource = bucket.source";
    let bucket = |settings: &str| generated(&text(settings, ""), "modules/data/bucket_source.tf");
    let source = bucket(archive);
    assert!(has_line(&source, "status = \"Enabled\"") && has_line(&source, "eventbridge = true"), "{source}");
    assert!(!bucket(CODEPIPELINE).contains("aws_s3_bucket_notification"));
    assert_eq!(codes(&text(archive, "bucket \"source\" { versioning = false }")), ["invalid-value"]);
}

#[test]
fn builds_get_arguments_in_plain_sight_and_secrets_by_their_place() {
    let build = "build \"app\" {\nargs = { MODE = environment.name }\nsecrets = { TOKEN = secret.token }\n}";
    let text = file(&format!("{GITHUB}\n{build}"), "");
    assert!(has_line(&text, "MODE = var.environment"), "{text}");
    assert!(has_line(&text, "TOKEN = var.secret_token_arn"), "{text}");
    assert!(text.contains("ReadBuildParameters"), "{text}");
    assert!(!file(GITHUB, "").contains("ReadBuildParameters"));
}

#[test]
fn a_build_may_begin_with_an_image_of_another_registry() {
    let build = "build \"app\" {\nargs = { BASE = registry.base.url }\n}";
    let text = format!("registry \"base\" {{}}\n{}", text(&format!("{CODEPIPELINE}\n{build}"), ""));
    let text = generated(&text, "modules/delivery/pipeline_main.tf");
    assert!(has_line(&text, "BASE = var.registry_base_repository_url"), "{text}");
    let (_, pull) = text.split_once("PullFromBase").expect("a statement for the base");
    let (pull, _) = pull.split_once("},").expect("the statement ends");
    assert!(pull.contains("registry_base_repository_arn") && !pull.contains("ecr:PutImage"), "{pull}");
    let (_, push) = text.split_once("PushImages").expect("a statement for what is built");
    let (push, _) = push.split_once("},").expect("the statement ends");
    assert!(!push.contains("registry_base"), "{push}");
}

#[test]
fn a_secret_among_build_arguments_is_a_mistake() {
    let build = |also: &str| {
        codes(&text(
            &format!("{GITHUB}\nbuild \"app\" {{\nargs = {{ API_TOKEN = \"abc-123\" }}\n{also}\n}}"),
            "",
        ))
    };
    assert_eq!(build(""), ["plain-secret"]);
    assert!(build("not_secret = [\"API_TOKEN\"]").is_empty());
}

#[test]
fn the_pipeline_owns_the_revision_and_nothing_else() {
    let service = |settings: &str| generated(&text(GITHUB, settings), "modules/services/service_web.tf");
    let text = service("");
    assert!(has_line(&text, "ignore_changes = [task_definition]"), "{text}");
    assert!(has_line(&text, "skip_destroy = true"), "{text}");
    let plain = stack("service \"web\" { image = \"nginx:1\" }", "");
    let plain = generated(&plain, "modules/services/service_web.tf");
    assert!(!plain.contains("ignore_changes") && !plain.contains("skip_destroy"), "{plain}");
}

#[test]
fn who_owns_the_image_cannot_vary() {
    let pipeline = format!("pipeline \"main\" {{\n{GITHUB}\nenvironments = [\"production\"]\n}}\n");
    let workloads = "registry \"app\" {}\nservice \"web\" {\nimage = registry.app\ntag = \"v1\"\n}";
    let text = stack(&(pipeline + workloads), "service \"web\" { deployed_by = pipeline.main }");
    assert_eq!(codes(&text), ["cannot-differ"]);
}

#[test]
fn settings_fit_the_platform() {
    let of = |settings: &str| -> Vec<&str> {
        let mut found = codes(&text(settings, ""));
        found.dedup();
        found
    };
    for settings in [
        "platform = \"codepipeline\"".to_owned(),
        "platform = \"github-actions\"".to_owned(),
        CIRCLECI.replace("project ", "#"),
        format!("{GITHUB}\ncompute = \"large\""),
        format!("{CODEPIPELINE}\nsource = bucket.source"),
        "platform = \"codepipeline\"\nsource = bucket.source\nbranch = \"main\"".to_owned(),
    ] {
        assert_eq!(of(&settings), ["pipeline-form"], "{settings}");
    }
    for (right, wrong) in
        [("example/shop", "shop"), ("example/shop", "example/*"), ("github-actions", "jenkins")]
    {
        assert_eq!(of(&GITHUB.replace(right, wrong)), ["invalid-value"], "{wrong}");
    }
    assert_eq!(of(&format!("{GITHUB}\nbranch = \"feature/*\"")), ["invalid-value"]);
    assert_eq!(of(&CIRCLECI.replace("66666666", "*")), ["invalid-value"]);
    assert_eq!(
        of(&format!("{GITHUB}\nbuild \"app\" {{ secrets = {{ TOKEN = \"x\" }} }}")),
        ["invalid-value"]
    );
}

#[test]
fn every_tree_with_tasks_has_a_runner() {
    let (_, tree) = compile(&text(GITHUB, ""));
    assert!(tree.files["scripts/run-task"].starts_with("#!/usr/bin/env bash\n"));
    let (_, tree) = compile(&stack("service \"web\" { image = \"nginx:1\" }", ""));
    assert!(!tree.files.contains_key("scripts/run-task"));
}
