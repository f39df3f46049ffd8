//! What ECS takes in a task definition, whoever runs its tasks.

/// The most containers that a task definition has (Amazon ECS service quotas).
pub const CONTAINERS: usize = 10;

/// The limits of the operating system that a container can set (Amazon ECS API Reference, `Ulimit`, `name`).
pub const ULIMITS: [&str; 15] = [
    "core",
    "cpu",
    "data",
    "fsize",
    "locks",
    "memlock",
    "msgqueue",
    "nice",
    "nofile",
    "nproc",
    "rss",
    "rtprio",
    "rttime",
    "sigpending",
    "stack",
];
