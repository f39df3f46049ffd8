//! Where the name of what exists stands in the identifier that Terraform imports it by.
//!
//! From the section "Import" on the page of each resource in the documentation of the provider.

/// How an import identifier holds the name.
#[derive(Debug, Clone, Copy)]
enum Form {
    /// It is the name.
    Name,
    /// The name comes after the last of these: `:` in the ARN of a topic, `/` in `cluster/service`.
    After(char),
    /// The name stands between the last two slashes: `.../loadbalancer/app/shop/50dc6c495c0c9188`.
    BetweenSlashes,
}

/// The types whose name is known from the import identifier, and the argument that has it.
const NAMED: &[(&str, &str, Form)] = &[
    ("aws_autoscaling_group", "name", Form::Name),
    ("aws_cloudwatch_log_group", "name", Form::Name),
    ("aws_cloudwatch_metric_alarm", "alarm_name", Form::Name),
    ("aws_codebuild_project", "name", Form::Name),
    ("aws_codepipeline", "name", Form::Name),
    ("aws_db_instance", "identifier", Form::Name),
    ("aws_db_parameter_group", "name", Form::Name),
    ("aws_db_subnet_group", "name", Form::Name),
    ("aws_ecr_repository", "name", Form::Name),
    ("aws_ecs_cluster", "name", Form::Name),
    ("aws_ecs_service", "name", Form::After('/')),
    ("aws_elasticache_parameter_group", "name", Form::Name),
    ("aws_elasticache_replication_group", "replication_group_id", Form::Name),
    ("aws_elasticache_subnet_group", "name", Form::Name),
    ("aws_iam_group", "name", Form::Name),
    ("aws_iam_instance_profile", "name", Form::Name),
    ("aws_iam_role", "name", Form::Name),
    ("aws_iam_user", "name", Form::Name),
    ("aws_kms_alias", "name", Form::Name),
    ("aws_lb", "name", Form::BetweenSlashes),
    ("aws_lb_target_group", "name", Form::BetweenSlashes),
    ("aws_s3_bucket", "bucket", Form::Name),
    ("aws_scheduler_schedule_group", "name", Form::Name),
    ("aws_sns_topic", "name", Form::After(':')),
    ("aws_ssm_parameter", "name", Form::Name),
    ("aws_wafv2_web_acl", "name", Form::BetweenSlashes),
];

/// What an import identifier says of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Adopted<'i> {
    /// The argument of the resource that is its name: `identifier`.
    pub argument: &'static str,
    /// The name in AWS.
    pub name: &'i str,
}

/// The name of what an identifier imports, when a resource of this type is known by one.
pub fn adopted<'i>(resource: &str, id: &'i str) -> Option<Adopted<'i>> {
    let (_, argument, form) = NAMED.iter().find(|(known, ..)| *known == resource)?;
    let name = match form {
        Form::Name => id,
        Form::After(sign) => id.rsplit(*sign).next().unwrap_or(id),
        Form::BetweenSlashes => id.rsplit('/').nth(1).unwrap_or(id),
    };
    Some(Adopted { argument, name })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_found_in_every_form_of_an_identifier() {
        let load_balancer =
            "arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/shop/50dc6c495c0c9188";
        for (resource, id, argument, name) in [
            ("aws_db_instance", "shop-production", "identifier", "shop-production"),
            ("aws_ecs_service", "shop/web", "name", "web"),
            ("aws_sns_topic", "arn:aws:sns:eu-west-1:111111111111:ops", "name", "ops"),
            ("aws_lb", load_balancer, "name", "shop"),
            ("aws_wafv2_web_acl", "a1b2c3d4/shop/REGIONAL", "name", "shop"),
        ] {
            assert_eq!(adopted(resource, id), Some(Adopted { argument, name }), "{id}");
        }
    }

    #[test]
    fn what_has_an_identifier_of_its_own_has_no_name_in_it() {
        assert_eq!(adopted("aws_vpc", "vpc-0a1b2c3d"), None);
    }
}
