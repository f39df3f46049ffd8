//! The codes of mistakes in the shape of a stack.

use crate::diagnostic::{Code, Severity};

/// Every code of this module.
pub const CODES: &[&Code] = &[
    &MISSING_BLOCK,
    &OVERLAY_OF_NOTHING,
    &UNKNOWN_ENVIRONMENT,
    &DUPLICATE_NAME,
    &FORMER_NAME_TAKEN,
    &ONLY_ONE,
    &super::existing::EXISTING_FORM,
];

/// The file lacks a block that every stack has.
pub static MISSING_BLOCK: Code = Code {
    name: "missing-block",
    severity: Severity::Error,
    title: "a block that every stack needs is missing",
    explanation: r#"
A stack file has exactly one `stack` block, at least one `environment` block, and whatever the components need: a
service needs a network, a route needs a load balancer.

```hcl
stack "shop" {
  region = "eu-west-1"
}

environment "production" {
  account = "111111111111"
}
```
"#,
};

/// An overlay that names no component.
pub static OVERLAY_OF_NOTHING: Code = Code {
    name: "overlay-of-nothing",
    severity: Severity::Error,
    title: "an overlay of a component that does not exist",
    explanation: r#"
A block of a component inside an environment is an overlay: it changes settings of a component that stands elsewhere
in the file. This one names a component that the file does not have, so it would change nothing.

```hcl
environment "production" {
  account = "111111111111"
  service "wbe" { tasks = 4 }        # there is no service "wbe"
}
```

Correct the name. To have a component in some environments only, write it outside the environments and list them:
`environments = ["production"]`.
"#,
};

/// `environments` names one that the stack does not have.
pub static UNKNOWN_ENVIRONMENT: Code = Code {
    name: "unknown-environment",
    severity: Severity::Error,
    title: "an environment that does not exist",
    explanation: r#"
`environments` lists the environments that have a component, and names one that the stack does not have.

```hcl
bastion "main" {
  environments = ["prod"]            # the environment is called "production"
}
```
"#,
};

/// Two components that share a name they must not share.
pub static DUPLICATE_NAME: Code = Code {
    name: "duplicate-name",
    severity: Severity::Error,
    title: "two components whose names collide",
    explanation: r#"
Services and tasks of all apps share the names of one cluster: their task definitions, log groups and roles are named
after them. Two of the same name would overwrite each other. The same holds for a name that another component's
resources have already: the roles of a service `web` are `web` and `web_execution`, so no other service can be called
`web_execution`.

The name of a bucket is unique in all of S3, so environments cannot share the `name` of one either. That of an alarm is
unique in its account and region: a second one would overwrite it.

```hcl
app "shop"  { service "web" { cpu = 256 } }
app "admin" { service "web" { cpu = 256 } }     # write service "admin_web"
```
"#,
};

/// A former name that something else has.
pub static FORMER_NAME_TAKEN: Code = Code {
    name: "former-name-taken",
    severity: Severity::Error,
    title: "a former name that something else has",
    explanation: r#"
`renamed_from` hands the resources of a name over to the component that says so. A name that another component has now,
or claims as well, cannot be handed over: Terraform would have two resources for one, or one for two.

```hcl
database "main"    { renamed_from = "primary" }
database "primary" {}                            # which of the two is the one that exists?
```

A former name is free again when every environment is applied and `groundplan moved --prune` has replaced `renamed_from`
by `aws_name`. So two components swap their names in two steps, by way of a third name.
"#,
};

/// More than one of a kind of which a stack has one.
pub static ONLY_ONE: Code = Code {
    name: "only-one",
    severity: Severity::Error,
    title: "more than one of a kind of which a stack has one",
    explanation: r#"
A stack has one network: every component stands in it, and none has to say so. Two networks are two stacks.

```hcl
network "main"  { cidr = "10.0.0.0/16" }
network "other" { cidr = "10.1.0.0/16" }        # a second network
```
"#,
};
