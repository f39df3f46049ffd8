//! Sizes that Fargate has, from sizes that the input asks for.

use crate::aws::fargate;

/// CPU units and memory in MiB of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// CPU units.
    pub cpu: u32,
    /// MiB.
    pub memory: u32,
}

/// The smallest size of Fargate with at least so much, and what to say when it is another.
pub fn round(cpu: Option<u32>, memory: Option<u32>) -> (Size, Option<String>) {
    let (asked_cpu, asked_memory) = (cpu.unwrap_or(0), memory.unwrap_or(0));
    let Some((cpu, memory)) = fargate::nearest(asked_cpu, asked_memory) else {
        let words = format!(
            "{asked_cpu} CPU units and {asked_memory} MiB are more than a task can have: the largest is taken"
        );
        return (Size { cpu: 16_384, memory: 122_880 }, Some(words));
    };
    let differs = (asked_cpu > 0 && cpu != asked_cpu) || (asked_memory > 0 && memory != asked_memory);
    let asked = match (asked_cpu, asked_memory) {
        (0, memory) => format!("{memory} MiB"),
        (cpu, 0) => format!("{cpu} CPU units"),
        (cpu, memory) => format!("{cpu} CPU units and {memory} MiB"),
    };
    let words = format!("{asked} rounded up to a size of Fargate: {cpu} CPU units and {memory} MiB");
    (Size { cpu, memory }, differs.then_some(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_rounded_up_and_never_down() {
        let size = |cpu, memory| Size { cpu, memory };
        assert_eq!(round(Some(512), Some(1024)), (size(512, 1024), None));
        assert_eq!(round(None, None), (size(256, 512), None));
        let (rounded, words) = round(Some(100), Some(600));
        assert_eq!(rounded, size(256, 1024));
        assert!(words.unwrap().starts_with("100 CPU units and 600 MiB rounded up"));
        let (largest, words) = round(None, Some(500_000));
        assert_eq!(largest, size(16_384, 122_880));
        assert!(words.unwrap().contains("more than a task can have"));
    }
}
