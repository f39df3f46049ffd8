//! Tests of databases.

use crate::testing::{generated, has_line, stack};

fn file(class: &str, overlay: &str) -> String {
    let text =
        format!("database \"main\" {{\nengine = \"mysql\"\nversion = \"8.4\"\nclass = \"{class}\"\n}}");
    generated(&stack(&text, overlay), "modules/data/database_main.tf")
}

#[test]
fn performance_insights_are_encrypted_where_the_class_has_them() {
    let large = file("db.m6g.large", "");
    assert!(has_line(&large, "performance_insights_kms_key_id = var.key_arn"), "{large}");
    let small = file("db.t4g.small", "");
    assert!(has_line(&small, "performance_insights_enabled = false"), "{small}");
    assert!(!small.contains("performance_insights_kms_key_id"), "{small}");
    let both = file("db.t4g.small", "database \"main\" { class = \"db.m6g.large\" }");
    let key = "performance_insights_kms_key_id = var.database_main_insights ? var.key_arn : null";
    assert!(has_line(&both, key), "{both}");
}

#[test]
fn the_instance_waits_for_a_role_that_may_write_its_metrics() {
    let text = file("db.t4g.small", "");
    assert!(has_line(&text, "monitoring_role_arn = aws_iam_role.database_main_monitoring.arn"), "{text}");
    assert!(has_line(&text, "aws_iam_role_policy_attachment.database_main_monitoring,"), "{text}");
}
