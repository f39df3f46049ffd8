//! Services that others find by name inside the network.

use super::Assembly;
use crate::import::report::Fate;
use crate::import::stack::{Block, reference};
use crate::import::workload::{Kind, Workload};

impl Assembly<'_> {
    /// Remembers a service that the input says can be found, and that nothing leads to from outside.
    pub(super) fn list(&mut self, name: &str, workload: &Workload) {
        let Some(origin) = workload.discovered.as_ref().filter(|_| workload.kind == Kind::Service) else {
            return;
        };
        let open = workload.containers.iter().flat_map(|c| &c.ports).any(|port| port.published.is_some());
        if workload.routes.is_empty() && !open {
            self.listed.push((name.to_owned(), origin.clone()));
        }
    }

    /// Services that others call get a name in DNS.
    pub(super) fn discover(&mut self, blocks: &mut [Block]) {
        for (name, origin) in std::mem::take(&mut self.listed) {
            if self.called.insert(name.clone()) {
                let words = format!(
                    "`service.{name}.host` is its name in AWS, and no variable of the input has it: give one to each that \
                     calls it, which also lets it in"
                );
                self.report.remark(Fate::NeedsYou, &origin, words);
            }
        }
        if self.called.is_empty() {
            return;
        }
        self.file.push(Block::new("namespace", Some("main")));
        for block in blocks {
            let called = block.label.as_deref().is_some_and(|name| self.called.contains(name));
            if block.kind == "service" && called {
                block.set("discovery", reference(&["namespace", "main"]));
            }
        }
    }
}
