//! The diagnostics of workloads.

use crate::diagnostic::{Code, Severity};

/// CPU and memory that Fargate does not offer together.
pub static FARGATE_SIZE: Code = Code {
    name: "fargate-size",
    severity: Severity::Error,
    title: "a pair of CPU and memory that Fargate does not offer",
    explanation: r#"
Fargate has fixed pairs of CPU units and memory. Terraform plans any pair; ECS refuses the wrong ones at apply.

| CPU | memory in MiB |
|---|---|
| 256 | 512, 1024, 2048 |
| 512 | 1024 to 4096 in steps of 1024 |
| 1024 | 2048 to 8192 in steps of 1024 |
| 2048 | 4096 to 16384 in steps of 1024 |
| 4096 | 8192 to 30720 in steps of 1024 |
| 8192 | 16384 to 61440 in steps of 4096 |
| 16384 | 32768 to 122880 in steps of 8192 |

```hcl
service "web" {
  cpu    = 256
  memory = 4096        # 256 CPU units go up to 2048
}
```

The message names the smallest pair that is large enough.
"#,
};

/// A secret attribute outside `secrets`.
pub static SECRET_EXPOSED: Code = Code {
    name: "secret-exposed",
    severity: Severity::Error,
    title: "a reference to a secret outside `secrets`",
    explanation: r#"
The attribute is a secret: its value never leaves its store, and only ECS reads it, when a task starts. It can stand
under `secrets`, alone, and nowhere else. In particular it cannot be part of a longer string, because ECS does not
compose values.

```hcl
environment = {
  DB_PASS = database.main.password                       # move it to secrets
  DB_URL  = "postgres://app:${database.main.password}@"  # cannot be composed
}
```
"#,
};

/// A variable that is both plain and secret.
pub static VARIABLE_TWICE: Code = Code {
    name: "variable-twice",
    severity: Severity::Error,
    title: "an environment variable that is both plain and secret",
    explanation: r#"
The same variable stands under `environment` and under `secrets`. ECS refuses a task definition in which a secret has
the name of a plain variable.

```hcl
environment = { REDIS_URL = "redis://localhost" }
secrets     = { REDIS_URL = cache.main.url }         # remove one of the two
```
"#,
};

/// A port that two containers want, or that is listed twice.
pub static PORT_TWICE: Code = Code {
    name: "port-twice",
    severity: Severity::Error,
    title: "a port used twice in a task",
    explanation: r#"
The containers of a Fargate task share one network interface, so each port exists once in a task. ECS refuses a task
definition that maps a port twice.

```hcl
service "web" {
  port  = 3000
  ports = [9394, 3000]        # 3000 is taken

  container "proxy" {
    image = "nginx:1.27"
    port  = 9394              # and so is 9394
  }
}
```
"#,
};

/// A container that the task does not have.
pub static UNKNOWN_CONTAINER: Code = Code {
    name: "unknown-container",
    severity: Severity::Error,
    title: "a container that the task does not have",
    explanation: r#"
A `route` or a `depends_on` names a container that this task does not have. The main container has the name of its
service or task; the others have their labels.

```hcl
service "app" {
  image      = registry.app
  depends_on = { logs = "started" }        # write log

  container "log" {
    image = registry.log
  }
}
```
"#,
};

/// A volume that the task does not have.
pub static UNKNOWN_VOLUME: Code = Code {
    name: "unknown-volume",
    severity: Severity::Error,
    title: "a volume that the task does not have",
    explanation: r#"
`mounts` and `read_only_mounts` name volumes, each with the path where it is mounted. ECS refuses a task definition
that mounts a volume it does not have.

```hcl
service "web" {
  image  = registry.web
  mounts = { static = "/var/www" }         # there is no volume "static"

  volume "assets" {}
}
```
"#,
};

/// A volume that no container mounts.
pub static VOLUME_UNUSED: Code = Code {
    name: "volume-unused",
    severity: Severity::Warning,
    title: "a volume that no container mounts",
    explanation: r#"
The task has a volume that none of its containers mounts, so nothing is ever written to it.

```hcl
service "web" {
  image = registry.web

  volume "assets" {}          # add mounts = { assets = "/var/www" }
}
```

Mount the volume or remove it. In an `app`, write it in the services that mount it.
"#,
};

/// Two volumes at one path.
pub static MOUNT_TWICE: Code = Code {
    name: "mount-twice",
    severity: Severity::Error,
    title: "two volumes mounted at the same path",
    explanation: r#"
A path in a container leads to one volume. The task would not start.

```hcl
service "web" {
  image  = registry.web
  mounts = { assets = "/var/www", uploads = "/var/www" }       # one of them elsewhere

  volume "assets" {}
  volume "uploads" {}
}
```
"#,
};

/// A database's data on a volume that goes with its task.
pub static DATA_NOT_KEPT: Code = Code {
    name: "data-not-kept",
    severity: Severity::Warning,
    title: "a database on a volume that goes with its task",
    explanation: r#"
The path is where a database keeps its data. The volume is on no file system, so it is empty when a task starts and
goes when the task stops: at every deployment, and whenever AWS replaces the machine beneath it.

```hcl
service "postgres" {
  image  = "public.ecr.aws/docker/library/postgres:16"
  mounts = { data = "/var/lib/postgresql/data" }

  volume "data" {}            # empty after every deployment
}
```

Use a `database` or a `cache` of the stack. What is no database but must stay belongs on a `file_system`.
"#,
};

/// A condition that cannot come true.
pub static CONTAINER_CONDITION: Code = Code {
    name: "container-condition",
    severity: Severity::Error,
    title: "a condition between containers that cannot come true",
    explanation: r#"
A container can wait for another one to be `healthy` only if that one has a `health_check`; ECS does not look at a
`HEALTHCHECK` of the image. It can wait for `complete` and `success` only if the task does not end with the other one,
which has `essential = false`. ECS refuses anything else.

```hcl
service "app" {
  image      = registry.app
  depends_on = { setup = "success" }

  container "setup" {
    command   = ["bin/setup"]
    essential = false         # without it the task would end when the set-up does
  }
}
```
"#,
};

/// Containers that wait for each other.
pub static CONTAINER_CYCLE: Code = Code {
    name: "container-cycle",
    severity: Severity::Error,
    title: "containers that wait for each other",
    explanation: r#"
The containers wait for each other in a circle, so none of them could start first.

```hcl
service "app" {
  image      = registry.app
  depends_on = { proxy = "started" }

  container "proxy" {
    image      = registry.proxy
    depends_on = { app = "started" }
  }
}
```

Break the circle: what only needs the other one at the first request need not wait for it.
"#,
};

/// Limits of containers that the task has no room for.
pub static CONTAINER_LIMITS: Code = Code {
    name: "container-limits",
    severity: Severity::Error,
    title: "limits of containers that do not fit the task",
    explanation: r#"
The containers of a task share its CPU and memory. What is kept for containers beside the main one must leave something
to it, no container may use more memory than the task has, and what is kept for a container is less than what it may
use. ECS refuses anything else.

```hcl
service "app" {
  image  = registry.app
  cpu    = 256
  memory = 512

  container "log" {
    image  = registry.log
    memory = 1024             # the task has 512
  }
}
```
"#,
};

/// `localhost` for another container of the task.
pub static LOCALHOST: Code = Code {
    name: "localhost",
    severity: Severity::Warning,
    title: "`localhost` for another container of the task",
    explanation: r#"
The containers of a task reach each other at `127.0.0.1`. The name `localhost` may also mean the IPv6 address `::1`,
where most servers do not listen: nginx then answers some requests with 502.

```hcl
service "app" {
  image = registry.app
  port  = 4000

  container "web" {
    image       = registry.web
    environment = { UPSTREAM = "localhost:4000" }        # write 127.0.0.1:4000
  }
}
```
"#,
};

/// The codes of this module.
pub const CODES: &[&Code] = &[
    &FARGATE_SIZE,
    &SECRET_EXPOSED,
    &VARIABLE_TWICE,
    &PORT_TWICE,
    &UNKNOWN_CONTAINER,
    &UNKNOWN_VOLUME,
    &VOLUME_UNUSED,
    &MOUNT_TWICE,
    &DATA_NOT_KEPT,
    &CONTAINER_CONDITION,
    &CONTAINER_CYCLE,
    &CONTAINER_LIMITS,
    &LOCALHOST,
];
