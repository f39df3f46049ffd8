//! What one block says and another does not, as an overlay of an environment.

use super::Block;
use crate::hcl::{Expr, Literal};

impl Block {
    /// Settings that are null, and entries of maps that are, as `setting.entry`.
    pub fn removals(&self) -> Vec<String> {
        let null = |value: &Expr| *value == Expr::Literal(Literal::Null);
        let settings = self.settings.iter().flat_map(|setting| {
            let entries = match &setting.value {
                Expr::Object(entries) => entries.as_slice(),
                _ => &[],
            };
            let gone = entries.iter().filter(|(_, value)| null(value));
            let gone = gone.map(|(key, _)| format!("{}.{key}", setting.name));
            null(&setting.value).then(|| setting.name.to_owned()).into_iter().chain(gone)
        });
        settings.collect()
    }

    /// What has to be laid over this block so that it says what `other` says. Of a map only the entries that differ
    /// stand there, and what `other` does not have is `null`.
    pub fn difference(&self, other: &Block) -> Block {
        let mut over = Block::new(self.kind, self.label.as_deref());
        for setting in &other.settings {
            match (self.get(setting.name), &setting.value) {
                (Some(own), value) if own == value => {}
                (Some(Expr::Object(own)), Expr::Object(entries)) => {
                    let differing = entries.iter().filter(|entry| !own.contains(entry)).cloned();
                    let gone = own.iter().filter(|(key, _)| !entries.iter().any(|(kept, _)| kept == key));
                    let gone = gone.map(|(key, _)| (key.clone(), Expr::Literal(Literal::Null)));
                    over.set(setting.name, Expr::Object(differing.chain(gone).collect()));
                }
                _ => over.put(setting.name, setting.value.clone(), setting.comment.clone()),
            }
        }
        over.settings.retain(|setting| setting.value != Expr::Object(Vec::new()));
        for setting in self.settings.iter().filter(|setting| other.get(setting.name).is_none()) {
            over.set(setting.name, Expr::Literal(Literal::Null));
        }
        let same = |one: &Block, two: &Block| one.kind == two.kind && one.label == two.label;
        for block in &other.blocks {
            match self.blocks.iter().find(|own| same(own, block)) {
                Some(own) => {
                    let inner = own.difference(block);
                    if !inner.is_empty() {
                        over.push(inner);
                    }
                }
                None => over.push(block.clone()),
            }
        }
        for block in self.blocks.iter().filter(|own| !other.blocks.iter().any(|block| same(own, block))) {
            match &block.label {
                Some(label) if other.blocks.iter().any(|kept| kept.kind == block.kind) => {
                    // A key is a block or a setting: with one that goes, the others of the kind are entries beside it.
                    for inner in over.take_blocks(|inner| inner.kind == block.kind) {
                        let label = inner.label.clone().unwrap_or_default();
                        over.add(block.kind, &label, inner.object());
                    }
                    over.add(block.kind, label, Expr::Literal(Literal::Null));
                }
                _ => over.set(block.kind, Expr::Literal(Literal::Null)),
            }
        }
        over
    }

    /// The block as a value.
    fn object(&self) -> Expr {
        let settings = self.settings.iter().map(|setting| (setting.name.into(), setting.value.clone()));
        let blocks = self.blocks.iter().map(|block| match &block.label {
            None => (block.kind.into(), block.object()),
            Some(label) => (block.kind.into(), Expr::Object(vec![(label.as_str().into(), block.object())])),
        });
        Expr::Object(settings.chain(blocks).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::super::{StackFile, number};
    use super::*;

    #[test]
    fn a_difference_says_what_changes_and_what_goes() {
        let block = |tasks: u32, variables: &[(&str, &str)], routes: &[&str]| {
            let mut block = Block::new("service", Some("web"));
            block.set("tasks", number(tasks));
            for (name, value) in variables {
                block.add("environment", name, Expr::string(*value));
            }
            for path in routes {
                let mut route = Block::new("route", Some(path));
                route.set("drain", number(tasks));
                block.push(route);
            }
            block
        };
        let difference = |one: &Block, other: &Block| {
            let mut file = StackFile::default();
            file.push(one.difference(other));
            file.print().unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
        };
        let base = block(1, &[("A", "1"), ("B", "2")], &["/", "/a"]);
        assert!(base.difference(&base).is_empty());
        assert_eq!(
            difference(&base, &block(2, &[("A", "1"), ("B", "3")], &["/", "/a"])),
            r#"service "web" { tasks = 2 environment = { B = "3" } route "/" { drain = 2 } route "/a" { drain = 2 } }"#
        );
        assert_eq!(
            difference(&base, &block(1, &[("A", "1")], &["/", "/b"])),
            r#"service "web" { environment = { B = null } route = { "/b" = { drain = 1 } "/a" = null } }"#
        );
        assert_eq!(
            difference(&base, &block(1, &[], &[])),
            r#"service "web" { environment = null route = null }"#
        );
        let removed = |other: &Block| base.difference(other).removals();
        assert_eq!(removed(&block(1, &[("A", "1")], &["/", "/b"])), ["environment.B", "route./a"]);
        assert_eq!(removed(&block(1, &[], &[])), ["environment", "route"]);
    }
}
