//! What a load balancer becomes, and how routes reach it.

use crate::testing::compile;

const HEAD: &str = r#"
stack "shop" { region = "eu-west-1" }
environment "staging" {
  account = "111111111111"
  domain  = "staging.example.com"
}
environment "production" {
  account = "222222222222"
  domain  = "example.com"
  OVERLAY
}
network "main" {
  cidr  = "10.20.0.0/16"
  zones = ["a", "b"]
}
"#;

const CERTIFICATE: &str = "arn:aws:acm:eu-west-1:111111111111:certificate/0a1b";

/// The file of the load balancer `public` with these settings, and this overlay in production.
fn file(settings: &str, overlay: &str) -> String {
    let block = format!("load_balancer \"public\" {{\n{settings}\n}}");
    let (found, mut tree) = compile(&(HEAD.replace("OVERLAY", overlay) + &block));
    assert!(found.is_empty(), "{found:?}");
    tree.files.remove("modules/edge/load_balancer_public.tf").expect("the load balancer has a file")
}

#[test]
fn a_zone_gets_the_records_and_validates_the_certificate() {
    let text =
        file("domain = environment.domain\naliases = [\"www.${environment.domain}\"]\nzone = \"Z1\"", "");
    assert!(text.contains("subject_alternative_names = [\"www.${var.domain}\"]"), "{text}");
    assert!(
        text.contains("certificate_arn   = aws_acm_certificate_validation.public.certificate_arn"),
        "{text}"
    );
    for label in ["public_validation", "public", "public_www_environment_domain"] {
        assert!(text.contains(&format!("\"aws_route53_record\" \"{label}\"")), "{label}: {text}");
    }
}

#[test]
fn a_certificate_that_exists_is_used_and_nothing_is_recorded() {
    let text = file(&format!("domain = environment.domain\ncertificate = \"{CERTIFICATE}\""), "");
    assert!(text.contains(&format!("certificate_arn   = \"{CERTIFICATE}\"")), "{text}");
    assert!(!text.contains("aws_acm_") && !text.contains("aws_route53_"), "{text}");
}

#[test]
fn plain_http_only_redirects_unless_there_is_no_https() {
    let with = file(&format!("certificate = \"{CERTIFICATE}\""), "");
    assert_eq!(with.matches("type = \"redirect\"").count(), 1, "{with}");
    assert_eq!(with.matches("type = \"fixed-response\"").count(), 1, "{with}");
    let without = file("https = false", "");
    assert!(!without.contains("redirect") && !without.contains("443"), "{without}");
}

#[test]
fn https_may_differ_between_environments() {
    let overlay = format!("load_balancer \"public\" {{\nhttps = true\ncertificate = \"{CERTIFICATE}\"\n}}");
    let text = file("https = false", &overlay);
    for label in ["public_https", "public_redirect", "public_http", "load_balancer_public_https"] {
        let (_, after) = text.split_once(&format!("\"{label}\" {{\n")).expect(label);
        assert!(after.starts_with("  count = var.load_balancer_public_"), "{label}: {text}");
    }
}

#[test]
fn everybody_may_connect_unless_ranges_are_given() {
    assert!(file("https = false", "").contains("\"0.0.0.0/0\""));
    let text = file("https = false\nallow = [\"10.0.0.0/8\", \"192.0.2.0/24\"]", "");
    assert_eq!(text.matches("aws_vpc_security_group_ingress_rule").count(), 2, "{text}");
    assert!(!text.contains("\"0.0.0.0/0\""), "{text}");
    assert!(text.contains("\"HTTP from 192.0.2.0/24\""), "{text}");
}

#[test]
fn an_internal_one_stands_in_the_subnets_of_tasks() {
    let text = file("https = false\ninternal = true", "");
    assert!(text.contains("subnets            = var.network_task_subnet_ids"), "{text}");
}

const SERVICES: &str = r#"
app "shop" {
  image = "example/shop:1"
  service "web" {
    port = 3000
    route "/" {}
  }
  service "streaming" {
    port = 4000
    route "/api/v1/streaming*" { idle_timeout = 300 }
  }
}
load_balancer "public" {
  https = false
  SETTINGS
}
"#;

#[test]
fn routes_lead_to_their_services_which_wait_for_them() {
    let (found, tree) = compile(&(HEAD.replace("OVERLAY", "") + &SERVICES.replace("SETTINGS", "")));
    assert!(found.is_empty(), "{found:?}");
    for (service, label, path, port) in [
        ("web", "web_root", "/*", 3000),
        ("streaming", "streaming_api_v1_streaming", "/api/v1/streaming*", 4000),
    ] {
        let text = &tree.files[&format!("modules/services/service_{service}.tf")];
        assert!(text.contains(&format!("    aws_lb_listener_rule.{label},\n")), "{text}");
        assert!(text.contains(&format!("values = [\"{path}\"]")), "{text}");
        assert!(text.contains(&format!("container_port   = {port}")), "{text}");
        assert!(text.contains("listener_arn = var.load_balancer_public_listener_arn"), "{text}");
    }
    let listener = "value       = aws_lb_listener.public_http.arn";
    assert!(tree.files["modules/edge/outputs.tf"].contains(listener));
}

#[test]
fn the_idle_timeout_is_the_longest_of_its_routes_unless_it_is_given() {
    for (settings, routes, expected) in [("", "300", 300), ("", "20", 60), ("idle_timeout = 90", "300", 90)] {
        let services = SERVICES.replace("SETTINGS", settings).replace("300", routes);
        let (found, tree) = compile(&(HEAD.replace("OVERLAY", "") + &services));
        assert!(found.is_empty(), "{found:?}");
        let text = &tree.files["modules/edge/load_balancer_public.tf"];
        assert!(text.contains(&format!("idle_timeout       = {expected}\n")), "{expected}: {text}");
    }
}

#[test]
fn names_may_stay_where_they_are_while_the_certificate_is_made() {
    let text = file("domain = environment.domain\nzone = \"Z1\"\nrecords = false", "");
    assert!(text.contains("\"aws_route53_record\" \"public_validation\""), "{text}");
    assert!(!text.contains("\"aws_route53_record\" \"public\""), "{text}");
}

#[test]
fn access_logs_go_to_a_bucket_that_lets_them_in() {
    let logged =
        "load_balancer \"public\" {\nhttps = false\naccess_logs = bucket.logs\n}\nbucket \"logs\" {}";
    let (found, tree) = compile(&(HEAD.replace("OVERLAY", "") + logged));
    assert!(found.is_empty(), "{found:?}");
    let text = &tree.files["modules/edge/load_balancer_public.tf"];
    assert!(text.contains("bucket  = var.bucket_logs_log_bucket"), "{text}");
    let outputs = &tree.files["modules/data/outputs.tf"];
    assert!(outputs.contains("aws_s3_bucket_policy.logs.bucket"), "{outputs}");
    let policy = &tree.files["modules/data/bucket_logs.tf"];
    for part in [
        "\"logdelivery.elasticloadbalancing.amazonaws.com\"",
        ":loadbalancer/app/${var.name}-public/*",
        "/access-logs/load-balancers/*",
        "\"AES256\"",
    ] {
        assert!(policy.contains(part), "{part}\n{policy}");
    }
}

#[test]
fn access_logs_may_be_kept_in_one_environment_only() {
    let overlay = "load_balancer \"public\" { access_logs = bucket.logs }";
    let settings = "https = false\n}\nbucket \"logs\" {\nenvironments = [\"production\"]";
    let text = file(settings, overlay);
    assert!(text.contains("enabled = var.load_balancer_public_logged\n"), "{text}");
    let bucket = "bucket  = var.load_balancer_public_logged ? var.bucket_logs_log_bucket : \"\"";
    assert!(text.contains(bucket), "{text}");
}
