//! Services that others find by name inside the network.

use std::collections::BTreeSet;

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

    /// Says which services nothing leads to, where the input has everybody reach everybody. One that shares its image with
    /// a service that listens works in the background.
    pub(super) fn uncalled(&mut self, workloads: &[(String, Workload)]) {
        let services = || workloads.iter().filter(|(_, workload)| workload.kind == Kind::Service);
        let image = |one: &'_ Workload| one.containers[0].image.value.clone();
        let listens = |one: &Workload| one.containers.iter().any(|container| !container.ports.is_empty());
        let published = |one: &Workload| {
            let mut ports = one.containers.iter().flat_map(|container| &container.ports);
            !one.routes.is_empty() || ports.any(|port| port.published.is_some())
        };
        let heard: BTreeSet<_> =
            services().filter(|(_, one)| listens(one)).map(|(_, one)| image(one)).collect();
        let uncalled = services().filter(|(name, one)| {
            let works = !listens(one) && heard.contains(&image(one));
            !works && !published(one) && !self.called.contains(name)
        });
        let uncalled: Vec<String> = uncalled.map(|(name, _)| format!("`service.{name}`")).collect();
        if services().count() > 1 && !uncalled.is_empty() {
            let words = format!(
                "nothing in the input says who calls {}, if anybody does: give what is called a `port`, and whoever calls \
                 it a variable with its `host`, because names open no way here",
                uncalled.join(", ")
            );
            self.report.without_place(Fate::NeedsYou, "service", words);
        }
    }
}
