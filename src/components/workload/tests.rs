use crate::testing::{codes, compile, generated, has_line, stack};

/// A service `app` with these settings; `MORE` around it.
fn app(settings: &str, overlay: &str) -> String {
    let around = "load_balancer \"public\" { https = false }\nsecret \"token\" {}\nsecret \"other\" {}\n\
                  bucket \"logs\" {}\nregistry \"app\" { mutable = true }\nregistry \"log\" { mutable = true }";
    stack(&format!("{around}\nservice \"app\" {{\nimage = registry.app\n{settings}\n}}"), overlay)
}

fn file(settings: &str, overlay: &str) -> String {
    generated(&app(settings, overlay), "modules/services/service_app.tf")
}

/// The definition of a container in a file.
fn definition<'f>(file: &'f str, name: &str) -> &'f str {
    let start = file.find(&format!("name      = \"{name}\"")).unwrap_or_else(|| panic!("no {name}: {file}"));
    let end = file[start..].find("\n    },\n").expect("the end of a container");
    &file[start..start + end]
}

#[test]
fn a_container_with_an_image_of_its_own_has_only_its_own_configuration() {
    let text = file(
        "environment = { A = \"1\" }\nsecrets = { TOKEN = secret.token }\n\
         container \"log\" {\nimage = registry.log\nenvironment = { B = bucket.logs.name }\n}",
        "",
    );
    let log = definition(&text, "log");
    assert!(log.contains("registry_log_repository_url") && log.contains("bucket_logs_name"), "{log}");
    assert!(!log.contains("TOKEN") && !log.contains("A = "), "{log}");
    for part in ["var.registry_app_repository_arn, var.registry_log_repository_arn", "s3:PutObject"] {
        assert!(text.contains(part), "the task has one role for all: {part}\n{text}");
    }
}

#[test]
fn a_container_without_an_image_has_the_configuration_of_the_main_one_besides_its_own() {
    let text = file(
        "tag = \"v2\"\nenvironment = { A = \"1\", B = \"1\" }\nsecrets = { C = secret.token, D = secret.token }\n\
         container \"log\" {\nenvironment = { B = \"2\", C = \"3\" }\nsecrets = { D = secret.other }\n}",
        "",
    );
    let log = definition(&text, "log");
    assert!(log.contains("${var.registry_app_repository_url}:v2"), "{log}");
    for line in ["A = \"1\"", "B = \"2\"", "C = \"3\"", "D = var.secret_other_arn"] {
        assert!(has_line(log, line), "{line}\n{log}");
    }
    assert!(!log.contains("secret_token"), "{log}");
    assert_eq!(codes(&app("container \"log\" { tag = \"v3\" }", "")), ["invalid-value"]);
}

#[test]
fn routes_lead_to_containers_each_with_a_target_group() {
    let text = file(
        "port = 4000\ncontainer \"web\" { port = 80 }\nroute \"/\" {\ncontainer = \"web\"\nhealth_check = \"/up\"\n}\n\
         route \"/api*\" {}\nroute \"/socket*\" { container = \"app\" }",
        "",
    );
    for label in ["app", "app_web"] {
        assert!(text.contains(&format!("resource \"aws_lb_target_group\" \"{label}\"")), "{label}\n{text}");
    }
    assert_eq!(text.matches("target_group_arn = aws_lb_target_group.app.arn").count(), 3, "{text}");
    assert_eq!(text.matches("target_group_arn = aws_lb_target_group.app_web.arn").count(), 2, "{text}");
    assert!(has_line(&text, "container_name = \"web\"") && has_line(&text, "path = \"/up\""), "{text}");
    let only = file("container \"web\" { port = 80 }\nroute \"/\" { container = \"web\" }", "");
    assert!(!only.contains("\"aws_lb_target_group\" \"app\""), "{only}");
    assert_eq!(
        codes(&app("port = 1\ncontainer \"web\" {}\nroute \"/\" { container = \"web\" }", "")),
        ["route-without-port"]
    );
}

#[test]
fn what_differs_between_environments_bears_the_name_of_its_container() {
    let overlay = "service \"app\" {\nenvironment = { A = \"2\" }\ncontainer \"log\" { user = \"root\" }\n}";
    let text = file("environment = { A = \"1\" }\ncontainer \"log\" { image = registry.log }", overlay);
    assert!(has_line(&text, "A = var.service_app_environment_a"), "{text}");
    assert!(has_line(&text, "user = var.service_app_containers_log_user"), "{text}");
    assert_eq!(codes(&app("", "service \"app\" {\ncontainer \"log\" {}\n}")), ["cannot-differ"]);
}

#[test]
fn a_role_that_exists_is_neither_made_nor_changed() {
    let settings = "execution_role = \"ecsTaskExecutionRole\"\ntask_role = \"arn:aws:iam::111111111111:role/app\"\n\
                    secrets = { TOKEN = secret.token }\nenvironment = { B = bucket.logs.name }";
    let text = file(settings, "");
    assert!(!text.contains("aws_iam_role"), "{text}");
    for line in [
        "execution_role_arn = \"arn:aws:iam::${var.account_id}:role/ecsTaskExecutionRole\"",
        "task_role_arn = \"arn:aws:iam::111111111111:role/app\"",
    ] {
        assert!(has_line(&text, line), "{line}\n{text}");
    }
    for role in ["arn:aws:iam::111111111111:user/app", "my role", "arn:aws:iam::111111111111:role/"] {
        assert_eq!(codes(&app(&format!("task_role = \"{role}\""), "")), ["invalid-value"], "{role}");
    }
}

#[test]
fn a_role_may_exist_in_one_environment_only() {
    let text = file("", "service \"app\" { execution_role = \"ecs\" }");
    assert!(has_line(&text, "count = var.service_app_execution_exists ? 1 : 0"), "{text}");
    assert!(text.contains("aws_iam_role.app_execution[0].arn"), "{text}");
}

#[test]
fn a_task_has_containers_and_volumes_too() {
    let text = stack(
        "task \"migrate\" {\nimage = \"shop:1\"\nmounts = { work = \"/work\" }\nvolume \"work\" {}\n\
         container \"proxy\" {\nimage = \"proxy:1\"\nport = 5432\n}\n}",
        "",
    );
    let text = generated(&text, "modules/services/task_migrate.tf");
    assert!(has_line(definition(&text, "proxy"), "containerPort = 5432"), "{text}");
    assert!(has_line(definition(&text, "migrate"), "sourceVolume = \"work\""), "{text}");
}

#[test]
fn a_health_check_is_a_command_or_a_line_for_the_shell() {
    let text = file("health_check { command = [\"curl\", \"-f\", \"http://127.0.0.1/\"] }", "");
    assert!(text.contains("[\"CMD\", \"curl\", \"-f\", \"http://127.0.0.1/\"]"), "{text}");
    let text =
        file("health_check {\nshell = \"curl -f http://127.0.0.1/ || exit 1\"\nstart_period = 60\n}", "");
    assert!(text.contains("[\"CMD-SHELL\", \"curl -f http://127.0.0.1/ || exit 1\"]"), "{text}");
    assert!(has_line(&text, "startPeriod = 60"), "{text}");
}

#[test]
fn what_ecs_refuses_is_refused() {
    for (settings, code) in [
        ("stop_timeout = 121", "invalid-value"),
        ("user = \"\"", "invalid-value"),
        ("working_directory = \"app\"", "invalid-value"),
        ("log_group = log_group.all\nlog_retention = 7", "invalid-value"),
        ("depends_on = { app = \"started\" }", "container-cycle"),
        ("command = [\"run\", \"AKIAIOSFODNN7EXAMPLE\"]", "plain-secret"),
        ("container \"log\" { secrets = { A = \"b\" } }", "plain-secret"),
        ("container \"log\" { image = bucket.logs.name }", "invalid-reference"),
        ("container \"log\" { environment = { A = secret.token } }", "secret-exposed"),
        ("volume \"Data\" {}\nmounts = { Data = \"/data\" }", "invalid-name"),
    ] {
        let text = app(settings, "") + "log_group \"all\" {}";
        assert_eq!(codes(&text), [code], "{settings}");
    }
    let many: String = (0..10).map(|number| format!("container \"c{number}\" {{}}\n")).collect();
    assert_eq!(codes(&app(&many, "")), ["invalid-value"]);
}

#[test]
fn a_shell_may_put_a_secret_into_a_command() {
    let text = app("command = [\"sh\", \"-c\", \"exec app --redis redis://:$PASSWORD@127.0.0.1\"]", "");
    assert!(codes(&text).is_empty());
}

#[test]
fn containers_that_wait_for_many_others_are_followed_in_linear_time() {
    let containers: String = (0..60)
        .map(|one| {
            let others = (0..60).filter(|other| *other > one).map(|other| format!("c{other} = \"started\""));
            let others: Vec<String> = others.collect();
            format!("container \"c{one}\" {{ depends_on = {{ {} }} }}\n", others.join(", "))
        })
        .collect();
    let (found, _) = compile(&app(&containers, ""));
    assert!(found.iter().all(|found| found.code.name != "container-cycle"));
}

#[test]
fn an_app_has_one_entry_point_for_all_its_commands() {
    let text = stack(
        "app \"shop\" {\nimage = \"shop:1\"\nentry_point = [\"prehook\", \"--\"]\n\
         service \"web\" { command = [\"puma\"] }\ntask \"migrate\" { command = [\"rake\"] }\n}",
        "",
    );
    for (path, command) in [("service_web", "puma"), ("task_migrate", "rake")] {
        let text = generated(&text, &format!("modules/services/{path}.tf"));
        for line in [r#"entryPoint = ["prehook", "--"]"#.to_owned(), format!("command = [\"{command}\"]")] {
            assert!(has_line(&text, &line), "{line}\n{text}");
        }
    }
}
