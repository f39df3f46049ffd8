//! Who needs whom: references open the way, so what uses another has to refer to it.

use super::Assembly;
use crate::import::report::Fate;
use crate::import::stack::{Block, reference};
use crate::import::variables::Target;
use crate::import::workload::Workload;

impl Assembly<'_> {
    /// What a workload waits for: what it does not refer to gets variables, because a reference opens the way.
    pub(super) fn needs(&mut self, workload: &Workload, block: &mut Block, beside: &[Block]) {
        for need in &workload.needs {
            let refers =
                |text: &str| block.mentions(text) || beside.iter().any(|container| container.mentions(text));
            let (kind, name, facts) = match self.targets.get(&need.value) {
                Some(Target::Database(database)) => {
                    let facts = ["host", "port", "name", "user", "password"].into_iter();
                    let facts = facts.filter(|fact| !database.missing.contains(fact)).collect();
                    ("database", database.name.clone(), facts)
                }
                Some(Target::Cache(name)) => ("cache", name.clone(), vec!["url"]),
                Some(Target::Service(name)) => {
                    let words = match refers(&format!("service.{name}.")) {
                        true => format!("`service.{name}`, to which a variable refers"),
                        false => format!(
                            "services start in no order; if it calls `{}` by that name, give it a variable with \
                             `service.{name}.host`",
                            need.value
                        ),
                    };
                    self.report.dropped(&need.origin, words);
                    continue;
                }
                None => {
                    let words = match self.tasks.get(&need.value) {
                        Some(task) => {
                            format!("`task.{task}`, which has to run before: by a pipeline, or by hand")
                        }
                        None => format!("`{}` is not in the stack", need.value),
                    };
                    self.report.dropped(&need.origin, words);
                    continue;
                }
            };
            let found = |fact: &&str| refers(&format!("{kind}.{name}.{fact}"));
            if ["host", "url"].iter().any(found) {
                self.report.mapped(&need.origin, format!("`{kind}.{name}`, to which a variable refers"));
                continue;
            }
            let missing: Vec<&str> = facts.into_iter().filter(|fact| !found(fact)).collect();
            let mut given = Vec::new();
            for fact in missing {
                let usual = format!("{}_{}", name.to_uppercase(), fact.to_uppercase());
                let taken = ["environment", "secrets"].iter().any(|setting| block.has_entry(setting, &usual));
                let variable = if taken { format!("{}_{usual}", kind.to_uppercase()) } else { usual };
                let setting = if fact == "password" { "secrets" } else { "environment" };
                block.add(setting, &variable, reference(&[kind, &name, fact]));
                given.push(format!("`{variable}`"));
            }
            self.report.needs_you(
                &need.origin,
                format!(
                    "`{}` is no name in AWS, and no variable says where it is: have the application read {}",
                    need.value,
                    given.join(", ")
                ),
            );
        }
    }

    /// Data stores to which nothing refers, and which nothing can reach for that reason.
    pub(super) fn unused(&mut self, stores: &[Workload], blocks: &[Block]) {
        for store in stores {
            let (whole, fact) = match self.targets.get(&store.name) {
                Some(Target::Database(database)) => (format!("database.{}", database.name), "host"),
                Some(Target::Cache(name)) => (format!("cache.{name}"), "url"),
                _ => continue,
            };
            if blocks.iter().any(|block| block.mentions(&format!("{whole}."))) {
                continue;
            }
            let words = format!(
                "nothing in the input says who uses `{whole}`, so nobody may connect: give those who do a variable with \
                 `{whole}.{fact}`"
            );
            self.report.remark(Fate::NeedsYou, &store.origin, words);
        }
    }
}
