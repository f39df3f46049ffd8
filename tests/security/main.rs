//! Security that scanners do not see, read in the generated code of every shipped stack. What only a plan knows is in
//! `tests/terraform/security.rs`.

#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests read files, and fail by panicking")]

mod code;
#[path = "../support/compile.rs"]
mod compile;
mod rules;
#[path = "../support/stacks.rs"]
mod stacks;

use std::collections::BTreeMap;

use groundplan::render::Engine;

use crate::rules::RULES;

/// What is wrong with the files of a tree, by rule.
fn broken(files: &BTreeMap<String, String>) -> Vec<String> {
    let resources = code::resources(files);
    let found = RULES.iter().flat_map(|(rule, check)| {
        check(&resources).into_iter().map(move |problem| format!("{rule}: {problem}"))
    });
    found.collect()
}

#[test]
fn every_stack_keeps_every_rule() {
    let engine = Engine::new().unwrap();
    let problems = stacks::all().into_iter().flat_map(|stack| {
        let found = broken(&stack.tree(&engine).files);
        found.into_iter().map(move |problem| format!("{}: {problem}", stack.name))
    });
    let problems: Vec<String> = problems.collect();
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

/// A mistake for each rule, in its order.
const MISTAKES: &[&str] = &[
    r#"resource "aws_iam_role_policy" "a" {
      policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:*", Resource = [aws_s3_bucket.a.arn] }] })
    }"#,
    r#"resource "aws_iam_role_policy" "a" {
      policy = jsonencode({
        Statement = [for item in [{ Effect = "Allow", Action = ["s3:GetObject"], Resource = "*" }, null] : item if item != null]
      })
    }"#,
    r#"resource "aws_vpc_security_group_ingress_rule" "load_balancer_a_ssh" {
      cidr_ipv4 = "0.0.0.0/0"
      from_port = 22
      to_port   = 22
    }"#,
    r#"resource "aws_vpc" "a" {}"#,
    r#"resource "aws_lb_listener" "a_redirect" {
      load_balancer_arn = aws_lb.a.arn
      port              = 80
    }"#,
    r#"resource "aws_lb_listener" "a" {
      protocol   = "HTTPS"
      ssl_policy = "ELBSecurityPolicy-2016-08"
    }"#,
    r#"resource "aws_launch_template" "a" {}"#,
    r#"resource "aws_cloudwatch_log_group" "a" {
      retention_in_days = 30
    }"#,
    r#"resource "aws_s3_bucket" "a" {}"#,
    r#"resource "aws_s3_bucket_logging" "a" {
      target_bucket = "logs"
    }"#,
    r#"resource "aws_s3_bucket_policy" "a" {
      policy = jsonencode({ Statement = [
        { Effect = "Deny", Condition = { Bool = { "aws:SecureTransport" = "false" } } },
        { Effect = "Allow", Principal = { Service = "cloudfront.amazonaws.com" }, Action = "s3:GetObject" },
      ] })
    }
    resource "aws_s3_bucket_server_side_encryption_configuration" "a" {
      rule {
        apply_server_side_encryption_by_default {
          sse_algorithm = "aws:kms"
        }
      }
    }"#,
    r#"resource "aws_cloudfront_distribution" "a" {
      logging_config {
        bucket = "logs"
      }
    }"#,
];

#[test]
fn every_rule_can_be_broken() {
    assert_eq!(MISTAKES.len(), RULES.len());
    for ((rule, _), mistake) in RULES.iter().zip(MISTAKES) {
        let files = BTreeMap::from([("modules/a/main.tf".to_owned(), (*mistake).to_owned())]);
        let broken = broken(&files);
        assert!(
            broken.iter().all(|problem| problem.starts_with(rule)) && !broken.is_empty(),
            "{rule}: {broken:?}"
        );
    }
}
