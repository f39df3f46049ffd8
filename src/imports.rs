//! Adoption: which resource becomes of what exists in AWS, and under which name.
//!
//! A stack file names resources by what tells them apart within their component. Which ones there are is read from the
//! generated Terraform, environment by environment, so that every address that is printed is one that Terraform has; and
//! so is the name of each, because what is adopted under another name would be renamed or replaced.

use std::collections::BTreeMap;

use crate::aws::adoption::{Adopted, adopted};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::evaluate::{Configuration, Instance, Instances, Key, Problem, Value};
use crate::model::Model;
use crate::settings::Reading;
use crate::source::Span;
use crate::terms::Id;
use crate::tree::Tree;

/// The codes of this rule.
pub const CODES: &[&Code] = &[&IMPORT_TARGET, &IMPORT_NAME];

/// An entry of `import` that is no resource.
pub static IMPORT_TARGET: Code = Code {
    name: "import-target",
    severity: Severity::Error,
    title: "an import into a resource that the component does not have",
    explanation: r#"
`import` says which resources of a component exist in AWS already. Its keys are types of resources, with the label where
the component has several of the type, and with the key of the instance where a resource has several. This key is none
of them in this environment, so Terraform would have nowhere to put what it adopts.

```hcl
environment "production" {
  account = "111111111111"
  database "main" {
    import = { aws_db_cluster = "shop" }       # the database is an aws_db_instance
  }
}
```

The message lists the keys that there are. In an overlay, write the entry in the environment whose resource exists.
"#,
};

/// What is adopted would get another name.
pub static IMPORT_NAME: Code = Code {
    name: "import-name",
    severity: Severity::Error,
    title: "what is adopted would get another name",
    explanation: r#"
Some resources are known by their name: a database instance, a bucket, a log group. What is adopted keeps the one that it
has. Here something else decides about the name: a setting such as `name`, or a resource whose name AWS completes. The
first `terraform apply` would rename what it has just adopted, or replace it.

```hcl
bucket "media" {
  name   = "shop-media"
  import = { aws_s3_bucket = "legacy-media" }  # which of the two is it?
}
```

Write the same name in both places, or leave out the setting. Where no setting has the name, leave out the entry: the
component makes a resource of its own, and the one that exists can be deleted when nothing uses it any more.
"#,
};

/// A resource that what exists becomes in some environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adoption {
    /// The address of the instance.
    pub address: String,
    /// The column of the environment table that holds the identifiers.
    pub column: String,
}

/// Where something is adopted in some environment, in order of the addresses, and what is wrong with the entries.
///
/// # Errors
/// Only faults of this program: generated Terraform that it cannot evaluate.
pub fn resolve(tree: &Tree, model: &Model) -> Result<(Vec<Adoption>, Vec<Diagnostic>), Problem> {
    if tree.imports.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    let configuration = Configuration::read(tree)?;
    let (mut columns, mut diagnostics) = (BTreeMap::new(), Vec::new());
    let mut owners: BTreeMap<_, String> = BTreeMap::new();
    for environment in &model.environments {
        let instances = configuration.instances(&environment.name)?;
        let mut reading = Reading { environment: Some(environment.name.clone()), diagnostics };
        for (id, entry) in &environment.components {
            let component = id.to_string();
            let entries = &entry.common.import.0;
            let targets =
                if entries.is_empty() { BTreeMap::new() } else { targets(&component, tree, &instances) };
            for (key, (place, identifier)) in entries {
                let Some((address, instance)) = targets.get(&**key) else {
                    no_target(id, key, *place, targets.keys().map(String::as_str), &mut reading);
                    continue;
                };
                check_identifier(instance, identifier, *place, &mut reading);
                let account = &environment.settings.account;
                let what = (account, &environment.region, instance.resource.clone(), identifier);
                if let Some(owner) = owners.insert(what, format!("`{id}` in `{}`", environment.name)) {
                    let message = format!("`{identifier}` becomes {owner} already");
                    let help = "write the entry once, in the overlay of the environment that it belongs to";
                    reading.invalid(*place, message, help);
                }
                let import = tree.imports.iter().find(|one| one.component == component && one.key == **key);
                columns.extend(import.map(|import| ((*address).to_owned(), import.column.clone())));
            }
        }
        diagnostics = reading.diagnostics;
    }
    let adoptions = columns.into_iter().map(|(address, column)| Adoption { address, column });
    Ok((adoptions.collect(), diagnostics))
}

/// The instances of a component in an environment, by the keys that the stack file has for them. A key means the same in
/// every environment, because it depends on what the component has in any of them.
fn targets<'i>(
    component: &str,
    tree: &Tree,
    instances: &'i Instances,
) -> BTreeMap<String, (&'i str, &'i Instance)> {
    let own = tree.addresses.iter().filter(|(_, known)| known.component == component);
    let types: Vec<&str> = own.filter_map(|(address, _)| Some(type_and_label(address)?.0)).collect();
    let instances = instances.resources.iter();
    let own = instances.filter(|(_, instance)| instance.component.as_deref() == Some(component));
    own.filter_map(|(address, instance)| {
        let (resource, label) = type_and_label(address)?;
        let alone = types.iter().filter(|other| **other == resource).count() == 1;
        let key = match &instance.key {
            Some(Key::Name(key)) => format!("{resource}.{label}.{key}"),
            _ if alone => resource.to_owned(),
            _ => format!("{resource}.{label}"),
        };
        Some((key, (address.as_str(), instance)))
    })
    .collect()
}

/// The type and the label in an address: `module.network.aws_subnet.public["a"]`.
fn type_and_label(address: &str) -> Option<(&str, &str)> {
    let mut words = address.split('[').next()?.rsplit('.');
    let label = words.next()?;
    Some((words.next()?, label))
}

/// Reports a key that is no resource, with those that there are: of its type, if there are any.
fn no_target<'k>(
    id: &Id,
    key: &str,
    place: Span,
    known: impl Iterator<Item = &'k str>,
    reading: &mut Reading,
) {
    let known: Vec<&str> = known.collect();
    let resource = |key: &'k str| key.split('.').next().unwrap_or(key);
    let alike: Vec<&str> =
        known.iter().copied().filter(|known| key.split('.').next() == Some(resource(known))).collect();
    let listed = if alike.is_empty() { &known } else { &alike };
    let listed: Vec<String> = listed.iter().map(|key| format!("`{key}`")).collect();
    let help = match listed.as_slice() {
        [] => "nothing is made here that could be what exists: remove the entry".to_owned(),
        [one] => format!("write {one}"),
        several => format!("write one of {}", several.join(", ")),
    };
    let message = format!("`{id}` has no resource `{key}`");
    let found = reading.diagnostic(&IMPORT_TARGET, place, message).help(help);
    reading.push(found);
}

/// Reports an identifier that cannot be one, and a name that what is adopted would lose.
fn check_identifier(instance: &Instance, identifier: &str, place: Span, reading: &mut Reading) {
    if identifier.trim().is_empty() {
        reading.invalid(place, "an identifier is empty", "write what exists, or remove the entry");
    }
    let Some(Adopted { argument, name }) = adopted(&instance.resource, identifier) else { return };
    let text = |argument: &str| instance.arguments.get(argument).and_then(Value::as_text);
    let (becomes, help) = match (text(argument), text("name_prefix")) {
        (Some(becomes), _) if becomes == name => return,
        (Some(becomes), _) => {
            let help = "write the same name where the component has a setting for it; otherwise remove the entry, and \
                        the component makes one of its own";
            (format!("becomes `{becomes}`"), help)
        }
        (None, Some(prefix)) if name.strip_prefix(&*prefix).is_some_and(is_suffix) => return,
        (None, prefix) => (
            format!("becomes `{}` and what AWS adds", prefix.unwrap_or_default()),
            "remove the entry: the component makes one of its own",
        ),
    };
    let message = format!("`{name}` would get another name");
    let found = reading.diagnostic(&IMPORT_NAME, place, message).label(becomes).help(help);
    reading.push(found);
}

/// What Terraform puts behind a prefix to make a name of it: the time and a number (`id.UniqueIDSuffixLength` of its
/// plugin SDK).
fn is_suffix(text: &str) -> bool {
    text.len() == 26 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use crate::evaluate::{Value, instances};
    use crate::testing::{codes, compile, generated, has_line, stack};

    const COMPONENTS: &str = "database \"main\" {\nengine = \"postgres\"\nversion = \"16\"\nclass = \"db.t4g.small\"\n}\n\
                              bucket \"media\" {}";

    fn adopting(block: &str, entries: &str) -> String {
        stack(COMPONENTS, &format!("{block} {{\nimport = {{\n{entries}\n}}\n}}"))
    }

    #[test]
    fn a_workspace_without_an_identifier_adopts_nothing() {
        let text = adopting("database \"main\"", "aws_db_instance = \"legacy\"");
        let imports = generated(&text, "imports.tf");
        let expected = "\
import {
  for_each = local.env.database_main_import_db_instance[*]
  to       = module.data.aws_db_instance.main
  id       = each.value
}
";
        assert_eq!(imports.split_once("\n\n").map(|(_, text)| text), Some(expected));
        let table = generated(&text, "environments.tf");
        assert!(has_line(&table, "database_main_import_db_instance = \"legacy\""), "{table}");
        assert!(has_line(&table, "database_main_import_db_instance = null"), "{table}");
        let imports = |environment| instances(&compile(&text).1, environment).unwrap().imports;
        let adopted = [("module.data.aws_db_instance.main".to_owned(), Value::from("legacy"))];
        assert_eq!((imports("production"), imports("staging")), (adopted.into(), [].into()));
        assert!(!compile(&stack(COMPONENTS, "")).1.files.contains_key("imports.tf"));
    }

    #[test]
    fn what_is_adopted_keeps_its_name_and_so_does_what_is_called_after_it() {
        let text = adopting("database \"main\"", "aws_db_instance = \"legacy\"");
        let table = generated(&text, "environments.tf");
        assert!(has_line(&table, "database_main_identifier = \"legacy\""), "{table}");
        assert!(has_line(&table, "database_main_identifier = \"shop-staging-main\""), "{table}");
        let file = generated(&text, "modules/data/database_main.tf");
        assert!(has_line(&file, "identifier = var.database_main_identifier"), "{file}");
        assert!(
            has_line(&file, "name = \"/aws/rds/instance/${var.database_main_identifier}/upgrade\""),
            "{file}"
        );
        let subnet_group = "resource \"aws_db_subnet_group\" \"main\" {\n  name       = \"${var.name}-main\"";
        assert!(file.contains(subnet_group), "{file}");
    }

    #[test]
    fn one_of_several_is_told_by_its_label_and_by_the_key_of_its_instance() {
        let text = adopting(
            "network \"main\"",
            "\"aws_subnet.public.a\" = \"subnet-1\"\n\"aws_subnet.data.c\" = \"subnet-2\"\naws_vpc = \"vpc-1\"",
        );
        let imports = generated(&text, "imports.tf");
        for line in [
            "to = module.network.aws_subnet.data[\"c\"]",
            "to = module.network.aws_subnet.public[\"a\"]",
            "to = module.network.aws_vpc.main",
            "for_each = local.env.network_import_subnet_public_a[*]",
        ] {
            assert!(has_line(&imports, line), "{line}\n{imports}");
        }
    }

    #[test]
    fn what_some_environments_lack_is_adopted_at_its_index() {
        let text = stack(
            "bucket \"media\" {\nenvironments = [\"production\"]\nimport = { aws_s3_bucket = \"legacy-media\" }\n}",
            "",
        );
        let imports = generated(&text, "imports.tf");
        assert!(has_line(&imports, "to = module.data.aws_s3_bucket.media[0]"), "{imports}");
    }

    #[test]
    fn a_key_that_is_no_resource_is_answered_with_those_that_there_are() {
        let found = |entries: &str| compile(&adopting("network \"main\"", entries)).0.remove(0);
        let subnet = found("aws_subnet = \"subnet-1\"");
        let message = "`network.main` has no resource `aws_subnet`";
        assert_eq!((subnet.code.name, &*subnet.message), ("import-target", message));
        let help = subnet.help.unwrap_or_default();
        assert!(help.starts_with("write one of `aws_subnet.data.a`, `aws_subnet.data.c`, "), "{help}");
        assert_eq!(subnet.environments, ["production"]);
        assert_eq!(found("\"aws_vpc.main\" = \"vpc-1\"").help.as_deref(), Some("write `aws_vpc`"));
        let existing = adopting("bucket \"media\"", "aws_s3_bucket = \"x\"")
            .replace("bucket \"media\" {}", "bucket \"media\" { existing = \"legacy\" }");
        assert!(
            compile(&existing).0.remove(0).help.is_some_and(|help| help.starts_with("nothing is made here"))
        );
    }

    #[test]
    fn a_name_that_would_change_is_refused() {
        let named = |name: &str| {
            let import = "import = { aws_s3_bucket = \"legacy-media\" }";
            codes(&stack(COMPONENTS, &format!("bucket \"media\" {{\nname = \"{name}\"\n{import}\n}}")))
        };
        assert_eq!(named("other"), ["import-name"]);
        assert!(named("legacy-media").is_empty());
    }

    #[test]
    fn a_name_that_terraform_completed_is_adopted_and_another_is_refused() {
        let group =
            |name: &str| adopting("database \"main\"", &format!("aws_db_parameter_group = \"{name}\""));
        assert_eq!(codes(&group("legacy")), ["import-name"]);
        assert!(codes(&group("shop-production-main-20260102030405060700000001")).is_empty());
    }

    #[test]
    fn what_exists_becomes_one_resource_of_one_environment() {
        let twice = stack(COMPONENTS, "").replace(
            "bucket \"media\" {}",
            "log_group \"a\" { import = { aws_cloudwatch_log_group = \"/x\" } }",
        );
        assert!(codes(&twice).is_empty());
        assert_eq!(codes(&twice.replace("222222222222", "111111111111")), ["invalid-value"]);
    }

    #[test]
    fn an_empty_identifier_is_refused() {
        assert_eq!(codes(&adopting("network \"main\"", "aws_vpc = \"\"")), ["invalid-value"]);
    }
}
