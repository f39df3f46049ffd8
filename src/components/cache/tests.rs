//! What a cache becomes, and what is refused.

use crate::testing::{codes, compile, generated, has_line, stack};

const CACHE: &str = r#"engine = "redis"
    version = "7.1"
    node = "cache.t4g.micro""#;

fn cache(settings: &str, overlay: &str) -> String {
    stack(&format!("cache \"main\" {{\n{settings}\n}}"), overlay)
}

fn file(settings: &str, overlay: &str) -> String {
    generated(&cache(settings, overlay), "modules/data/cache_main.tf")
}

fn service(variables: &str) -> String {
    format!("service \"web\" {{\nimage = \"nginx:1\"\n{variables}\n}}\ncache \"main\" {{\n{CACHE}\n")
}

#[test]
fn protection_decides_about_nodes_failover_and_snapshots() {
    let text = file(CACHE, "");
    for line in [
        "num_cache_clusters = var.protect ? 2 : 1",
        "automatic_failover_enabled = var.protect",
        "multi_az_enabled = var.protect",
        "snapshot_retention_limit = var.protect ? 7 : 0",
        "final_snapshot_identifier = var.protect ? \"${var.name}-main-final\" : null",
    ] {
        assert!(has_line(&text, line), "{line}\n{text}");
    }
}

#[test]
fn failover_follows_from_the_nodes() {
    for (nodes, failover) in [(1, false), (2, true), (6, true)] {
        let text = file(&format!("{CACHE}\nnodes = {nodes}"), "");
        assert!(has_line(&text, &format!("num_cache_clusters = {nodes}")), "{text}");
        assert!(has_line(&text, &format!("automatic_failover_enabled = {failover}")), "{text}");
        assert!(has_line(&text, &format!("multi_az_enabled = {failover}")), "{text}");
    }
}

#[test]
fn a_cache_is_encrypted_in_every_version() {
    for (version, mode) in [("7.1", true), ("6.2", false)] {
        let text = file(&CACHE.replace("7.1", version), "");
        assert!(has_line(&text, "transit_encryption_enabled = true"), "{text}");
        assert!(has_line(&text, "at_rest_encryption_enabled = true"), "{text}");
        assert_eq!(has_line(&text, "transit_encryption_mode = \"required\""), mode, "{text}");
    }
}

#[test]
fn a_parameter_group_is_named_after_its_family() {
    let text = file(&CACHE.replace("7.1", "6.2"), "");
    assert!(has_line(&text, "name = \"${var.name}-main-redis6-x\""), "{text}");
    assert!(has_line(&text, "family = \"redis6.x\""), "{text}");
}

#[test]
fn parameters_are_printed_by_name() {
    let text = file(
        &format!("{CACHE}\nparameters = {{ timeout = \"300\", \"maxmemory-policy\" = \"noeviction\" }}"),
        "",
    );
    let (policy, timeout) = (text.find("\"maxmemory-policy\""), text.find("\"timeout\""));
    assert!(policy.is_some() && policy < timeout, "{text}");
}

#[test]
fn nodes_with_a_disk_say_so() {
    let tiered = CACHE.replace("cache.t4g.micro", "cache.r6gd.xlarge");
    assert!(has_line(&file(&tiered, ""), "data_tiering_enabled = true"));
    assert!(!file(CACHE, "").contains("data_tiering"));
}

#[test]
fn versions_and_node_types_must_exist() {
    assert_eq!(codes(&cache(&CACHE.replace("7.1", "8.0"), "")), ["cache-version"]);
    assert_eq!(codes(&cache(&CACHE.replace("cache.t4g", "t4g"), "")), ["node-type"]);
    assert_eq!(codes(&cache(&CACHE.replace("t4g.micro", "t2.micro"), "")), ["node-type"]);
    let overlay = r#"cache "main" { node = "cache.t9.micro" }"#;
    let (found, _) = compile(&cache(CACHE, overlay));
    assert_eq!(found[0].code.name, "node-type");
    assert_eq!(found[0].environments, ["production"]);
}

#[test]
fn a_name_fits_a_replication_group() {
    let text = format!("cache \"a_name_of_twenty_five_char\" {{\n{CACHE}\n}}");
    let (found, _) = compile(&stack(&text, ""));
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(found[0].code.name, "name-too-long");
    assert_eq!(found[0].environments, ["production"]);
}

#[test]
fn a_url_without_token_is_plain_and_connects() {
    let text = service("environment = { REDIS_URL = cache.main.url }") + "}";
    let service = generated(&stack(&text, ""), "modules/services/service_web.tf");
    assert!(service.contains("\"rediss://${var.cache_main_host}:6379\""), "{service}");
    assert!(service.contains("\"web_cache_main\""), "{service}");
    assert!(!service.contains("ssm:GetParameters"), "{service}");
}

#[test]
fn a_url_with_token_is_a_secret() {
    let plain = service("environment = { REDIS_URL = cache.main.url }") + "auth = \"token\"\n}";
    assert_eq!(codes(&stack(&plain, "")), ["secret-exposed"]);
    let secret = service("secrets = { REDIS_URL = cache.main.url }") + "auth = \"token\"\n}";
    let service = generated(&stack(&secret, ""), "modules/services/service_web.tf");
    assert!(service.contains("valueFrom"), "{service}");
    assert!(service.contains("ssm:GetParameters"), "{service}");
    assert!(service.contains("\"web_cache_main\""), "{service}");
}

#[test]
fn a_token_may_exist_in_one_environment_only() {
    let text = service("secrets = { REDIS_URL = cache.main.url }") + "}";
    let text = stack(&text, r#"cache "main" { auth = "token" }"#);
    let cache = generated(&text, "modules/data/cache_main.tf");
    assert!(has_line(&cache, "count = var.cache_main_token_exists ? 1 : 0"), "{cache}");
    let readme = generated(&text, "README.md");
    assert!(readme.contains("| put cache/main/url "), "{readme}");
    assert!(readme.contains("terraform output -raw cache_main_group_id"), "{readme}");
}

#[test]
fn a_token_is_made_with_only_the_arguments_that_keep_it_out_of_the_state() {
    let text = file(&format!("{CACHE}\nauth = \"token\""), "");
    let (_, parameter) = text.split_once("resource \"aws_ssm_parameter\"").unwrap();
    let body = parameter.split_once('{').unwrap().1.split_once("\n}").unwrap().0;
    let names: Vec<&str> =
        body.lines().filter_map(|line| line.split_once(" = ")).map(|(name, _)| name.trim()).collect();
    assert_eq!(names, ["name", "type", "key_id", "value_wo", "value_wo_version"]);
    assert!(!text.contains("auth_token"), "{text}");
}

#[test]
fn a_parameter_may_differ_between_environments_but_not_be_missing() {
    let chosen = format!("{CACHE}\nparameters = {{ \"maxmemory-policy\" = \"noeviction\" }}");
    let overlay = |parameters: &str| format!("cache \"main\" {{ parameters = {{ {parameters} }} }}");
    let text = file(&chosen, &overlay("\"maxmemory-policy\" = \"allkeys-lru\""));
    assert!(has_line(&text, "value = var.cache_main_parameters_maxmemory_policy_value"), "{text}");
    assert_eq!(codes(&cache(&chosen, &overlay("timeout = \"300\""))), ["cannot-differ"]);
    let odd = format!("{CACHE}\nparameters = {{ \"max memory\" = \"1\" }}");
    assert_eq!(codes(&cache(&odd, "")), ["invalid-value"]);
}
