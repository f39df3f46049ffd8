//! Which CPU and memory pairs a Fargate task may have.
//!
//! Source: Amazon ECS Developer Guide, "Troubleshoot Amazon ECS task definition invalid CPU or memory errors", and
//! the `memory` parameter of `RegisterTaskDefinition`. Linux tasks only; Windows tasks have fewer sizes.

/// The memory that goes with one CPU value, in MiB.
#[derive(Debug, Clone, Copy)]
enum Memory {
    Values(&'static [u32]),
    Range { first: u32, last: u32, step: u32 },
}

impl Memory {
    fn values(self) -> Vec<u32> {
        match self {
            Memory::Values(values) => values.to_vec(),
            Memory::Range { first, last, step } => (first..=last).step_by(step as usize).collect(),
        }
    }
}

const SIZES: &[(u32, Memory)] = &[
    (256, Memory::Values(&[512, 1024, 2048])),
    (512, Memory::Range { first: 1024, last: 4096, step: 1024 }),
    (1024, Memory::Range { first: 2048, last: 8192, step: 1024 }),
    (2048, Memory::Range { first: 4096, last: 16_384, step: 1024 }),
    (4096, Memory::Range { first: 8192, last: 30_720, step: 1024 }),
    (8192, Memory::Range { first: 16_384, last: 61_440, step: 4096 }),
    (16_384, Memory::Range { first: 32_768, last: 122_880, step: 8192 }),
];

/// The CPU values a task may have, ascending, in CPU units (1024 is one vCPU).
pub fn cpu_values() -> impl Iterator<Item = u32> {
    SIZES.iter().map(|&(cpu, _)| cpu)
}

/// The memory values, ascending, in MiB, that go with `cpu` units; `None` if no task can have that CPU.
pub fn memory_values(cpu: u32) -> Option<Vec<u32>> {
    memory(cpu).map(Memory::values)
}

/// Whether a task may have `cpu` units and `memory` MiB.
pub fn is_legal(cpu: u32, memory: u32) -> bool {
    memory_values(cpu).is_some_and(|values| values.contains(&memory))
}

/// The legal pair with the least CPU, then the least memory, that has at least `cpu` units and `memory` MiB; `None`
/// if no task is that large.
pub fn nearest(cpu: u32, memory: u32) -> Option<(u32, u32)> {
    SIZES.iter().filter(|&&(size, _)| size >= cpu).find_map(|&(size, range)| {
        let enough = range.values().into_iter().find(|&value| value >= memory)?;
        Some((size, enough))
    })
}

/// The memory that goes with `cpu` units, in words: `1024 to 4096 in steps of 1024`.
pub fn memory_text(cpu: u32) -> Option<String> {
    Some(match memory(cpu)? {
        Memory::Range { first, last, step } => format!("{first} to {last} in steps of {step}"),
        Memory::Values(values) => {
            let words: Vec<String> = values.iter().map(u32::to_string).collect();
            words.join(", ")
        }
    })
}

fn memory(cpu: u32) -> Option<Memory> {
    SIZES.iter().find(|&&(size, _)| size == cpu).map(|&(_, memory)| memory)
}

#[cfg(test)]
mod tests {
    use super::*;

    // ECS Developer Guide, "Troubleshoot Amazon ECS task definition invalid CPU or memory errors".
    #[test]
    fn the_documented_number_of_pairs_is_legal() {
        let counts: Vec<usize> = cpu_values().map(|cpu| memory_values(cpu).unwrap().len()).collect();
        assert_eq!(counts, [3, 4, 7, 13, 23, 12, 12]);
    }

    #[test]
    fn pairs_at_the_edges_of_the_documented_table() {
        for (cpu, memory) in
            [(256, 512), (256, 2048), (512, 4096), (4096, 30_720), (8192, 61_440), (16_384, 122_880)]
        {
            assert!(is_legal(cpu, memory), "{cpu}/{memory}");
        }
        for (cpu, memory) in [
            (256, 1536),
            (256, 4096),
            (512, 512),
            (4096, 31_744),
            (8192, 17_408),
            (16_384, 40_000),
            (300, 512),
            (0, 0),
        ] {
            assert!(!is_legal(cpu, memory), "{cpu}/{memory}");
        }
    }

    #[test]
    fn sizes_ascend() {
        assert!(SIZES.is_sorted_by(|a, b| a.0 < b.0));
        for cpu in cpu_values() {
            assert!(memory_values(cpu).unwrap().is_sorted_by(|a, b| a < b));
        }
    }

    #[test]
    fn the_nearest_pair_is_never_smaller_and_a_legal_pair_is_its_own_nearest() {
        assert_eq!(nearest(256, 4096), Some((512, 4096)));
        assert_eq!(nearest(256, 1500), Some((256, 2048)));
        assert_eq!(nearest(300, 100), Some((512, 1024)));
        assert_eq!(nearest(704, 1408), Some((1024, 2048)));
        assert_eq!(nearest(0, 0), Some((256, 512)));
        assert_eq!(nearest(16_384, 122_881), None);
        assert_eq!(nearest(16_385, 512), None);
        for cpu in cpu_values() {
            for memory in memory_values(cpu).unwrap() {
                assert_eq!(nearest(cpu, memory), Some((cpu, memory)));
            }
        }
    }

    #[test]
    fn memory_in_words() {
        assert_eq!(memory_text(256).unwrap(), "512, 1024, 2048");
        assert_eq!(memory_text(512).unwrap(), "1024 to 4096 in steps of 1024");
        assert_eq!(memory_text(300), None);
    }
}
