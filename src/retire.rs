//! Nothing that holds data leaves in silence: what an earlier run generated against what this one would.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::model::Model;
use crate::settings::codes::INVALID_VALUE;
use crate::tree::{Address, Tree};

/// The codes of this rule.
pub const CODES: &[&Code] = &[&DATA_WOULD_GO];

/// A resource with data that the new tree lacks.
pub static DATA_WOULD_GO: Code = Code {
    name: "data-would-go",
    severity: Severity::Error,
    title: "a component with data would disappear",
    explanation: r#"
The last run generated a resource that holds data: a database, a cache, a bucket, a registry, a key or a secret. It is
gone from the stack file, perhaps because it was renamed, and the next `terraform apply` would destroy it. Groundplan
knows from `groundplan.lock`, which is committed beside the output.

```hcl
database "primary" {}         # was called "main": a new, empty database
```

If it was renamed, say so: Terraform then moves it, and nothing is made anew.

```hcl
database "primary" {
  renamed_from = "main"
}
```

If it is to leave this stack, say what becomes of its data: with `retire` Terraform forgets it and it lives on in AWS, with
`destroy` it is destroyed. The entry can be removed when every environment is applied.

```hcl
stack "shop" {
  region  = "eu-west-1"
  retire  = ["database.main"]
  destroy = ["cache.sessions"]
}
```
"#,
};

/// Compares the addresses of an earlier run with a new tree.
pub fn check(previous: &BTreeMap<String, Address>, tree: &Tree, model: &Model) -> Vec<Diagnostic> {
    let settings = &model.stack.settings;
    let said =
        |component: &str| settings.retire.iter().chain(&settings.destroy).any(|one| **one == *component);
    let mut lost: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (address, known) in previous {
        let kept = tree.addresses.contains_key(tree.moves.get(address).unwrap_or(address));
        if known.data && !kept && !said(&known.component) {
            lost.entry(&known.component).or_default().insert(address);
        }
    }
    let lost = lost.into_iter().map(|(component, addresses)| {
        let addresses: Vec<&str> = addresses.into_iter().collect();
        let name = component.split_once('.').map_or(component, |(_, name)| name);
        let help = format!(
            "if it was renamed, write `renamed_from = \"{name}\"` in it; otherwise write here \
                 `retire = [\"{component}\"]`, and it lives on in AWS, or `destroy = [\"{component}\"]`"
        );
        Diagnostic::new(
            &DATA_WOULD_GO,
            model.stack.place,
            format!("`{component}` is gone, and its data would go with it"),
        )
        .label(format!("would destroy {}", addresses.join(", ")))
        .help(help)
    });
    still_there(tree, model).into_iter().chain(lost).collect()
}

/// What is retired and stands in the tree all the same: a key that other components bring along.
fn still_there(tree: &Tree, model: &Model) -> Option<Diagnostic> {
    let address = tree.forgotten.iter().find(|address| tree.addresses.contains_key(*address))?;
    let component = &tree.addresses[address].component;
    let message = format!("`{address}` cannot be retired: `{component}` is still there");
    let found = Diagnostic::new(&INVALID_VALUE, model.stack.place, message);
    Some(found.help("leave it out of `retire` for as long as the stack needs it"))
}
