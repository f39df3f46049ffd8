//! How long CloudWatch Logs can keep the events of a log group.

/// The retention periods a log group may have, ascending, in days.
///
/// Source: CloudWatch Logs API Reference, `PutRetentionPolicy`, `retentionInDays`. A group with no policy keeps its
/// events for ever; that is the absence of a value, not one of these.
pub const RETENTION_DAYS: &[u32] = &[
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/// Whether a log group may keep its events for `days`.
pub fn is_retention(days: u32) -> bool {
    RETENTION_DAYS.contains(&days)
}

/// The shortest period that is at least `days`, or the longest one there is.
pub fn nearest_retention(days: u32) -> u32 {
    let longest = RETENTION_DAYS[RETENTION_DAYS.len() - 1];
    RETENTION_DAYS.iter().copied().find(|&period| period >= days).unwrap_or(longest)
}

#[cfg(test)]
mod tests {
    use super::*;

    // CloudWatch Logs API Reference, `PutRetentionPolicy`.
    #[test]
    fn the_documented_periods_ascend() {
        assert_eq!(RETENTION_DAYS.len(), 22);
        assert!(RETENTION_DAYS.is_sorted_by(|a, b| a < b));
        assert!(is_retention(30) && is_retention(3653));
        assert!(!is_retention(0) && !is_retention(2) && !is_retention(10) && !is_retention(3650));
    }

    #[test]
    fn the_nearest_period_keeps_events_at_least_as_long() {
        assert_eq!(nearest_retention(0), 1);
        assert_eq!(nearest_retention(10), 14);
        assert_eq!(nearest_retention(14), 14);
        assert_eq!(nearest_retention(10_000), 3653);
    }
}
