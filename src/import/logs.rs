//! Where a container logs: the options of the driver `awslogs`, which compose and ECS name alike.

use super::read::At;
use super::report::Report;
use super::workload::Log;

/// Reads `logDriver` or `driver`, and `options` beside it.
pub fn read(driver: Option<At>, options: Option<At>, report: &mut Report) -> Option<Log> {
    if let Some(driver) = driver {
        match driver.text(report).as_deref() {
            Some("awslogs") => report.mapped(&driver.origin(), "logs go to CloudWatch"),
            Some("awsfirelens") => report.needs_you(
                &driver.origin(),
                "logs go to CloudWatch instead: subscribe to the log group what forwards them, and take the log router out",
            ),
            Some("json-file" | "local" | "journald" | "none") => {
                report.dropped(&driver.origin(), "logs go to CloudWatch instead of to a host");
            }
            _ => report.needs_you(
                &driver.origin(),
                "Fargate has no such driver: logs go to CloudWatch, which others can read",
            ),
        }
    }
    let options = options?;
    let option = |key: &str, report: &mut Report| {
        let found = options.get(key)?;
        Some(found.sourced(found.text(report)?))
    };
    let group = option("awslogs-group", report)?;
    let (region, prefix) = (option("awslogs-region", report), option("awslogs-stream-prefix", report));
    if let Some(region) = &region {
        report.mapped(&region.origin, "`region` of the stack");
    }
    Some(Log { group, prefix, region })
}
