//! What several formats can say and Fargate cannot do, in the same words for all of them.

use super::read::At;
use super::report::Report;
use super::workload::Container;

/// What becomes of a GPU or another device.
pub const GPU: &str = "Fargate has no GPU and no other device: run that part on EC2, or call a managed model";

/// Refuses Windows containers; `at` is what says that these are some.
pub fn windows(at: &At, report: &mut Report) {
    let help = "a stack has Linux containers only: leave it where it is, or bring it to Linux";
    report.impossible(at.origin().span, "these are Windows containers", help);
}

/// Says what becomes of the rights of a host's administrator.
pub fn privileged(at: Option<At>, report: &mut Report) {
    let Some(at) = at else { return };
    match at.boolean(report) {
        Some(true) => report.needs_you(
            &at.origin(),
            "Fargate has no privileged containers: run that part on EC2, or build images in a `pipeline`",
        ),
        _ => report.mapped(&at.origin(), "Fargate has no privileged containers"),
    }
}

/// A limit of the operating system, of which a stack has one for soft and hard.
pub fn limit(
    name: String,
    limit: &At,
    [soft, hard]: [Option<At>; 2],
    container: &mut Container,
    report: &mut Report,
) {
    let text = |at: &Option<At>| at.as_ref().and_then(|at| at.node.text().map(str::to_owned));
    let differ = hard.is_some() && soft.is_some() && text(&soft) != text(&hard);
    let Some(used) = soft.or(hard) else { return };
    const MOST: u32 = i32::MAX as u32;
    let number = match used.node.text() {
        // Without a limit.
        Some("-1") => Some(MOST),
        _ => used.number(report),
    };
    let Some(number) = number else { return };
    container.ulimits.push((name, number.min(MOST)));
    match differ {
        true => report.assumed(
            &limit.origin(),
            "`ulimits`, with the soft limit for both: write the hard one where the program raises its own",
        ),
        false => report.mapped(&limit.origin(), "`ulimits`, soft and hard alike"),
    }
}
