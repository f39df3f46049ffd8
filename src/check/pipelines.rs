//! Pipelines and what they deploy: images that they build, tasks in order, one identity provider for each account.

use indexmap::IndexMap;

use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::model::{Checker, Context, Model};
use crate::settings::Reading;
use crate::settings::codes::INVALID_VALUE;
use crate::source::Span;
use crate::syntax::{Table, Value};
use crate::terms::{Deployed, Id};

/// The codes of this rule.
pub const CODES: &[&Code] = &[&DEPLOYS_NOTHING, &IMAGE_NOT_BUILT, &RELEASE_ORDER, &IDENTITY_PROVIDER_TWICE];

/// A pipeline, or one of its builds, that no service or task uses.
pub static DEPLOYS_NOTHING: Code = Code {
    name: "deploys-nothing",
    severity: Severity::Error,
    title: "a pipeline or a build that nothing uses",
    explanation: r#"
A pipeline deploys the services and tasks that name it in `deployed_by`, and builds the images of their registries. One
that nobody names would deploy nothing, and a `build` for another registry would never run.

```hcl
pipeline "main" {
  platform   = "github-actions"
  repository = "example/shop"

  build "worker" {}                 # no service or task of this pipeline has `image = registry.worker`
}
```

Write `deployed_by = pipeline.<name>` in the app, service or task, and name the `build` like its registry.
"#,
};

/// A workload of a pipeline whose image the pipeline does not build.
pub static IMAGE_NOT_BUILT: Code = Code {
    name: "image-not-built",
    severity: Severity::Error,
    title: "a pipeline that does not build the image it deploys",
    explanation: r#"
A pipeline builds images for the registries of the stack, all of them for one processor architecture, and puts them into
the task definitions of what it deploys. A service or task with another image has nothing to deploy.

```hcl
service "web" {
  image       = "nginx:1.27"            # write registry.<name>, or leave `deployed_by` out
  deployed_by = pipeline.main
}
```
"#,
};

/// An order of tasks that no pipeline follows.
pub static RELEASE_ORDER: Code = Code {
    name: "release-order",
    severity: Severity::Error,
    title: "an order of tasks that nothing follows",
    explanation: r#"
`after` puts tasks in order that a pipeline runs before it updates the services. So both tasks need `before = "deploy"`,
and the same pipeline in `deployed_by`.

```hcl
task "validate" {
  before = "deploy"
  after  = task.migrate               # needs before = "deploy", too
}
```
"#,
};

/// An identity provider that an account would get twice.
pub static IDENTITY_PROVIDER_TWICE: Code = Code {
    name: "identity-provider-twice",
    severity: Severity::Error,
    title: "an identity provider that an account would get twice",
    explanation: r#"
An AWS account has one OpenID Connect provider for each issuer: one for GitHub Actions, one for an organization on
CircleCI. Two pipelines, or two environments in one account, cannot both create it; the second would fail at apply.

```hcl
environment "staging"    { account = "111111111111" }
environment "production" { account = "111111111111" }     # the same account

pipeline "main" {
  platform = "github-actions"
}
```

Let one of them make it, and give the other ones its ARN in `identity_provider`; or create it outside and give it to
all of them.
"#,
};

/// Looks at the pipelines of an environment, and at what says that it belongs to one.
pub fn check(context: &Context<'_>, reading: &mut Reading) {
    let components = &context.environment.components;
    let deployed: Vec<Deployed> =
        components.iter().filter_map(|(id, entry)| entry.component.deployed(id, context)).collect();
    for id in context.all("pipeline") {
        let own: Vec<&Deployed> = deployed.iter().filter(|one| one.pipeline == *id).collect();
        let entry = &components[id];
        let mut at = Checker { table: &entry.table, header: entry.header, reading };
        pipeline(id, &own, &mut at);
        for bucket in entry.component.watches(context) {
            let entry = &components[&bucket];
            versions(id, &mut Checker { table: &entry.table, header: entry.header, reading });
        }
    }
    for one in &deployed {
        let entry = &components[&one.workload];
        let mut at = Checker { table: &entry.table, header: entry.header, reading };
        let first = deployed.iter().find(|first| first.pipeline == one.pipeline && !first.images.is_empty());
        image(one, first, &mut at);
    }
    for id in context.all("task") {
        let entry = &components[id];
        let mut at = Checker { table: &entry.table, header: entry.header, reading };
        order(id, &deployed, &mut at);
    }
}

/// Whether the bucket that a pipeline has its source in keeps versions.
fn versions(pipeline: &Id, at: &mut Checker<'_>) {
    if at.table.get("versioning").is_some_and(|entry| entry.node.value == Value::Bool(false)) {
        let message = format!("`{pipeline}` needs versions of the archive in this bucket");
        at.error(&INVALID_VALUE, &["versioning"], message, |found| {
            found.help("remove `versioning`: the source of a pipeline keeps versions by itself")
        });
    }
}

/// Whether the pipeline and each of its builds is used.
fn pipeline(id: &Id, own: &[&Deployed], at: &mut Checker<'_>) {
    if own.is_empty() {
        let message = format!("`{id}` deploys nothing");
        at.error(&DEPLOYS_NOTHING, &[], message, |found| {
            found.help(format!("write `deployed_by = {id}` in an app, a service or a task"))
        });
        return;
    }
    let used: Vec<&Id> = own.iter().flat_map(|one| one.images.values()).collect();
    for (name, place) in labels(at.table, "build") {
        if !used.iter().any(|registry| *registry.name == *name) {
            let message = format!("nothing that `{id}` deploys has `image = registry.{name}`");
            let found = at.reading.diagnostic(&DEPLOYS_NOTHING, place, message);
            at.reading.push(found.suggest(&name, used.iter().map(|registry| &*registry.name)));
        }
    }
}

/// The labels of the blocks of a key.
fn labels(table: &Table, key: &str) -> Vec<(String, Span)> {
    let blocks = table.get(key).and_then(|entry| entry.node.value.as_table());
    let blocks = blocks.into_iter().flat_map(|blocks| &blocks.entries);
    blocks.map(|(label, entry)| (label.to_string(), entry.key)).collect()
}

/// Whether the pipeline builds the image, on one kind of processor with the `first` of its workloads.
fn image(one: &Deployed, first: Option<&Deployed>, at: &mut Checker<'_>) {
    if one.images.is_empty() {
        let message = format!("`{}` does not build this image", one.pipeline);
        at.error(&IMAGE_NOT_BUILT, &["image"], message, |found| {
            found.help("write `image = registry.<name>`, or let Terraform deploy it: remove `deployed_by`")
        });
    } else if let Some(first) = first.filter(|first| first.arm != one.arm) {
        let message = format!("`{}` builds for one processor architecture", one.pipeline);
        at.error(&IMAGE_NOT_BUILT, &["architecture"], message, |found| {
            found.help(format!("write the `architecture` of `{}`, or use another pipeline", first.workload))
        });
    }
}

/// Whether the order of a task means something.
fn order(id: &Id, deployed: &[Deployed], at: &mut Checker<'_>) {
    let Some(Value::Reference(words)) = at.table.get("after").map(|entry| &entry.node.value) else { return };
    let release = |name: &str| {
        deployed
            .iter()
            .find(|one| *one.workload.name == *name && one.release.is_some())
            .map(|one| &one.pipeline)
    };
    let (Some(other), own) = (words.get(1), release(&id.name)) else { return };
    let followed = release(&other.text);
    if own.is_some() && own == followed {
        return;
    }
    let message = match (own, followed) {
        (Some(_), Some(_)) => format!("`{id}` and `task.{}` have different pipelines", other.text),
        (None, _) => format!("no pipeline runs `{id}`"),
        (_, None) => format!("no pipeline runs `task.{}`", other.text),
    };
    at.error(&RELEASE_ORDER, &["after"], message, |found| {
        found.help("both tasks need `before = \"deploy\"` and the same `deployed_by`")
    });
}

/// Compares what the pipelines of all environments make in each account.
pub fn check_accounts(model: &Model) -> Vec<Diagnostic> {
    let mut reading = Reading::default();
    let mut makers: IndexMap<(String, String), Span> = IndexMap::new();
    for environment in &model.environments {
        for (id, entry) in environment.components.iter().filter(|(id, _)| id.kind == "pipeline") {
            let Some(issuer) = issuer(&entry.table) else { continue };
            let account = environment.settings.account.to_string();
            let Some(first) = makers.insert((account, issuer), entry.header) else { continue };
            let account = &environment.settings.account;
            let message = format!("account {account} would get an identity provider twice");
            let found = reading.diagnostic(&IDENTITY_PROVIDER_TWICE, entry.header, message);
            let found = found.help(format!(
                "give `{id}` the ARN of the one that exists: `identity_provider = \"arn:aws:iam::{account}:oidc-provider/..\"`"
            ));
            reading.push(if first == entry.header {
                found.label("in two environments")
            } else {
                found.related(first, "the first")
            });
        }
    }
    reading.diagnostics
}

/// What tells apart the identity providers that pipelines make; nothing where none is made.
fn issuer(table: &Table) -> Option<String> {
    let text = |key: &str| match table.get(key).map(|entry| &entry.node.value) {
        Some(Value::String(text)) => text.to_string(),
        _ => String::new(),
    };
    let platform = text("platform");
    let made =
        matches!(&*platform, "circleci" | "github-actions") && table.get("identity_provider").is_none();
    made.then(|| platform + "/" + &text("organization"))
}

#[cfg(test)]
mod tests {
    use crate::testing::{codes, stack};

    const PIPELINE: &str = "registry \"app\" {}\npipeline \"main\" {\nplatform = \"github-actions\"\nrepository = \"example/shop\"\n";

    /// The codes of a stack with a pipeline with these settings and these workloads.
    fn found(settings: &str, workloads: &str) -> Vec<&'static str> {
        codes(&stack(&format!("{PIPELINE}{settings}\n}}\n{workloads}"), ""))
    }

    const WEB: &str = "service \"web\" {\nimage = registry.app\ndeployed_by = pipeline.main\n}\n";

    #[test]
    fn a_pipeline_deploys_something() {
        assert!(found("build \"app\" {}", WEB).is_empty());
        assert_eq!(found("", ""), ["deploys-nothing"]);
        assert_eq!(found("build \"other\" {}", WEB), ["deploys-nothing"]);
    }

    #[test]
    fn a_pipeline_builds_what_it_deploys() {
        let other = "service \"proxy\" {\nimage = \"nginx:1\"\ndeployed_by = pipeline.main\n}";
        assert_eq!(found("", &(WEB.to_owned() + other)), ["image-not-built"]);
        let arm =
            WEB.replace("web", "worker").replace("deployed_by", "architecture = \"arm64\"\ndeployed_by");
        assert_eq!(found("", &(WEB.to_owned() + &arm)), ["image-not-built"]);
    }

    #[test]
    fn tasks_have_an_order_within_a_release() {
        let task = |name: &str, rest: &str| {
            format!("task \"{name}\" {{\nimage = registry.app\ndeployed_by = pipeline.main\n{rest}\n}}\n")
        };
        let migrate = task("migrate", "before = \"deploy\"");
        let validate = task("validate", "before = \"deploy\"\nafter = task.migrate");
        assert!(found("", &(migrate.clone() + &validate)).is_empty());
        let idle = task("validate", "after = task.migrate");
        assert_eq!(found("", &(migrate + &idle)), ["release-order"]);
        assert_eq!(found("", &(task("migrate", "") + &validate)), ["release-order"]);
    }

    #[test]
    fn a_circle_of_tasks_is_a_mistake() {
        let task = |name: &str, after: &str| {
            format!(
                "task \"{name}\" {{\nimage = registry.app\ndeployed_by = pipeline.main\nbefore = \"deploy\"\nafter = task.{after}\n}}\n"
            )
        };
        assert_eq!(found("", &(task("a", "b") + &task("b", "a"))), ["reference-cycle"]);
    }

    #[test]
    fn an_account_has_one_identity_provider() {
        let text = stack(&format!("{PIPELINE}}}\n{WEB}"), "").replace("222222222222", "111111111111");
        assert_eq!(codes(&text), ["identity-provider-twice"]);
        let provider = "identity_provider = \"arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com\"";
        let known =
            text.replace("protect = true", &format!("protect = true\npipeline \"main\" {{ {provider} }}"));
        assert!(codes(&known).is_empty());
    }
}
