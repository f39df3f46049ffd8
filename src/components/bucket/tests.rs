//! What a bucket becomes, and what is refused.

use crate::testing::{codes, compile, generated, has_line, stack};

fn bucket(settings: &str, overlay: &str) -> String {
    stack(&format!("bucket \"media\" {{\n{settings}\n}}"), overlay)
}

fn file(settings: &str, overlay: &str) -> String {
    generated(&bucket(settings, overlay), "modules/data/bucket_media.tf")
}

fn policy_of_a_service(settings: &str, variable: &str) -> String {
    let service = format!("service \"web\" {{\nimage = \"nginx:1\"\nenvironment = {{ A = {variable} }}\n}}");
    generated(&(bucket(settings, "") + &service), "modules/services/service_web.tf")
}

#[test]
fn a_bucket_is_private_and_encrypted_with_the_key() {
    let text = file("", "");
    for line in [
        "bucket = \"${var.name}-media-${var.account_id}\"",
        "force_destroy = !var.protect",
        "block_public_acls = true",
        "block_public_policy = true",
        "ignore_public_acls = true",
        "restrict_public_buckets = true",
        "object_ownership = \"BucketOwnerEnforced\"",
        "sse_algorithm = \"aws:kms\"",
        "bucket_key_enabled = true",
        "status = var.protect ? \"Enabled\" : \"Suspended\"",
    ] {
        assert!(has_line(&text, line), "{line}\n{text}");
    }
    assert!(text.contains("aws:SecureTransport") && !text.contains("PublicRead"), "{text}");
}

#[test]
fn everybody_reads_objects_that_no_key_hides() {
    let text = file("public_read = true", "");
    for line in [
        "block_public_acls = true",
        "block_public_policy = false",
        "restrict_public_buckets = false",
        "sse_algorithm = \"AES256\"",
        "bucket_key_enabled = false",
    ] {
        assert!(has_line(&text, line), "{line}\n{text}");
    }
    assert!(text.contains("PublicRead") && !text.contains("kms_master_key_id"), "{text}");
}

#[test]
fn acls_open_acls_only() {
    let text = file("acls = true", "");
    for line in [
        "block_public_acls = false",
        "block_public_policy = true",
        "ignore_public_acls = false",
        "restrict_public_buckets = true",
        "object_ownership = \"BucketOwnerPreferred\"",
        "sse_algorithm = \"AES256\"",
    ] {
        assert!(has_line(&text, line), "{line}\n{text}");
    }
    assert!(!text.contains("PublicRead"), "{text}");
}

#[test]
fn a_bucket_may_be_public_in_one_environment_only() {
    let text = file("", r#"bucket "media" { public_read = true }"#);
    assert!(text.contains("PublicRead") && text.contains("if item != null"), "{text}");
}

#[test]
fn the_name_lets_in_and_the_domain_does_not() {
    for attribute in ["name", "arn"] {
        let text = policy_of_a_service("", &format!("bucket.media.{attribute}"));
        for action in ["s3:ListBucket", "s3:PutObject\"", "kms:GenerateDataKey"] {
            assert!(text.contains(action), "{action}\n{text}");
        }
        assert!(!text.contains("PutObjectAcl"), "{text}");
    }
    for attribute in ["domain", "url"] {
        let text = policy_of_a_service("", &format!("bucket.media.{attribute}"));
        assert!(!text.contains("s3:"), "{text}");
    }
}

#[test]
fn the_key_opens_only_what_it_encrypts() {
    for settings in ["public_read = true", "acls = true", "existing = \"shop-media\""] {
        let text = policy_of_a_service(settings, "bucket.media.name");
        assert!(text.contains("s3:GetObject") && !text.contains("kms:GenerateDataKey"), "{text}");
    }
    assert!(policy_of_a_service("acls = true", "bucket.media.name").contains("s3:PutObjectAcl"));
}

#[test]
fn a_bucket_that_exists_is_only_used() {
    let text = policy_of_a_service("existing = \"shop-media\"", "bucket.media.url");
    assert!(text.contains("\"https://shop-media.s3.eu-west-1.amazonaws.com\""), "{text}");
    let (found, tree) = compile(&bucket("existing = \"shop-media\"", ""));
    assert!(found.is_empty() && !tree.files.contains_key("modules/data/bucket_media.tf"));
    let text = bucket("existing = \"shop-media\"\nversioning = true\nacls = true", "");
    assert_eq!(codes(&text), ["existing-form"]);
}

#[test]
fn a_bucket_may_exist_in_one_environment_and_be_made_in_another() {
    let text = file("", r#"bucket "media" { existing = "shop-media" }"#);
    assert!(has_line(&text, "count = var.bucket_media_created ? 1 : 0"), "{text}");
    assert!(text.contains("aws_s3_bucket.media[0].arn"), "{text}");
}

#[test]
fn names_are_those_that_s3_accepts() {
    assert_eq!(codes(&bucket("name = \"Media\"", "")), ["name-refused"]);
    assert_eq!(codes(&bucket("existing = \"my_media\"", "")), ["name-refused"]);
    let long = bucket("", "").replace("\"media\"", "\"a_name_of_thirty_one_characters\"");
    let found = codes(&long.replace("production", "productionineurope"));
    assert_eq!(found, ["name-too-long"]);
}

#[test]
fn origins_are_inputs() {
    let text = file("cors = [\"https://${environment.domain}\"]", "");
    assert!(has_line(&text, "allowed_origins = [\"https://${var.domain}\"]"), "{text}");
    assert!(!file("", "").contains("cors"));
}

#[test]
fn a_bucket_that_keeps_logs_lets_them_in_and_lets_them_expire() {
    let logged = "bucket \"media\" { access_logs = bucket.logs }\nbucket \"logs\" {}";
    let (found, tree) = compile(&stack(logged, ""));
    assert!(found.is_empty(), "{found:?}");
    let media = &tree.files["modules/data/bucket_media.tf"];
    assert!(has_line(media, "target_bucket = aws_s3_bucket_policy.logs.bucket"), "{media}");
    assert!(has_line(media, "target_prefix = \"access-logs/buckets/media/\""), "{media}");
    let logs = &tree.files["modules/data/bucket_logs.tf"];
    for line in [
        "Sid = \"BucketMediaLogs\"",
        "Service = \"logging.s3.amazonaws.com\"",
        "Resource = [\"${aws_s3_bucket.logs.arn}/access-logs/buckets/*\"]",
        "\"aws:SourceArn\" = aws_s3_bucket.media.arn",
        "sse_algorithm = \"AES256\"",
        "prefix = \"access-logs/\"",
        "days = var.protect ? 365 : 30",
    ] {
        assert!(has_line(logs, line), "{line}\n{logs}");
    }
    assert!(media.contains("aws:kms") && !media.contains("access-logs\"\n    status"), "{media}");
}

#[test]
fn a_bucket_does_not_log_into_itself() {
    assert_eq!(codes(&bucket("access_logs = bucket.media", "")), ["reference-cycle"]);
}
