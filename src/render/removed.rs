//! `removed.tf`: what Terraform forgets and AWS keeps.

use tera::{Map, Value};

use super::{Bug, Renderer, engine};
use crate::components::kind;
use crate::hcl::Expr;

/// The retired components of the stack. Which of their resources there are in a state is not known here: Terraform passes
/// over what it does not find.
pub(super) fn render(renderer: &mut Renderer<'_>) -> Result<(), Bug> {
    let retired = renderer.fold.model.stack.settings.retire.iter();
    let named = retired.filter_map(|component| component.split_once('.'));
    let stays = named.filter_map(|(key, name)| Some((kind(key)?, name))).flat_map(|(kind, name)| {
        kind.stays.iter().map(move |(resource, label)| {
            format!("module.{}.{resource}.{}", kind.module, label.replace('*', name))
        })
    });
    renderer.tree.forgotten = stays.collect();
    let addresses = renderer.tree.forgotten.iter();
    let addresses = addresses.map(|address| engine::value(&Expr::Traversal(address.as_str().into())));
    let mut view = Map::default();
    view.insert("addresses".into(), Value::from(addresses.collect::<Vec<_>>()));
    renderer.terraform("removed.tf", "removed.tf", view).map(drop)
}

#[cfg(test)]
mod tests {
    use crate::testing::{compile, generated, stack};

    fn leaving(line: &str) -> String {
        stack("", "")
            .replace("{ region = \"eu-west-1\" }", &format!("{{\nregion = \"eu-west-1\"\n{line}\n}}"))
    }

    #[test]
    fn what_is_retired_is_forgotten_with_all_that_its_data_needs() {
        let text = leaving("retire = [\"registry.app\"]");
        let expected = "\
removed {
  from = module.registry.aws_ecr_lifecycle_policy.app

  lifecycle {
    destroy = false
  }
}

removed {
  from = module.registry.aws_ecr_repository.app

  lifecycle {
    destroy = false
  }
}
";
        assert_eq!(generated(&text, "removed.tf").split_once("\n\n").map(|(_, text)| text), Some(expected));
    }

    #[test]
    fn what_is_destroyed_needs_no_file() {
        let (found, tree) = compile(&leaving("destroy = [\"registry.app\"]"));
        assert!(found.is_empty() && !tree.files.contains_key("removed.tf"), "{found:?}");
    }
}
