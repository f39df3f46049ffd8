//! What a container becomes: image, command, ports, mounts, health.

use super::Assembly;
use crate::aws::limits::names::ECR_REPOSITORY;
use crate::hcl::Expr;
use crate::import::images;
use crate::import::names::{base_name, valid};
use crate::import::stack::{Block, boolean, number, reference, texts};
use crate::import::variables::Targets;
use crate::import::workload::{Container, HealthCheck, Image, Workload};

/// The host of an ECR repository and the account and region in it.
struct Repository<'a> {
    host: &'a str,
    region: &'a str,
    path: &'a str,
}

impl<'a> Repository<'a> {
    /// Reads an address; one with placeholders, too, as long as the repository is written.
    fn parse(repository: &'a str) -> Option<Self> {
        let (host, path) = repository.split_once('/')?;
        let (account, rest) = host.split_once(".dkr.ecr.")?;
        let (region, _) = rest.split_once(".amazonaws.com")?;
        let whole = !account.contains('.') && !path.contains(".dkr.ecr.");
        (whole && ECR_REPOSITORY.check(path).is_ok()).then_some(Self { host, region, path })
    }
}

/// Whether a text can be a tag of an image.
fn is_tag(text: &str) -> bool {
    let fine = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
    !text.is_empty() && text.len() <= 128 && !text.starts_with(['.', '-']) && text.chars().all(fine)
}

impl Assembly<'_> {
    /// The image, with a registry when it is one's own.
    pub(super) fn image(&mut self, container: &Container, block: &mut Block) {
        let origin = &container.image.origin;
        match &container.image.value {
            Image::Named(image) => {
                let (repository, tag) = images::split(image);
                let digest = image.contains('@');
                match Repository::parse(repository) {
                    Some(found) if !digest && tag.is_none_or(is_tag) => {
                        let registry = self.existing_registry(&found);
                        block.set("image", reference(&["registry", &registry]));
                        block.set_some("tag", tag.map(Expr::string));
                        let words =
                            format!("`registry.{registry}`, which exists, so that tasks may pull from it");
                        self.report.mapped(origin, words);
                    }
                    _ => {
                        block.set("image", Expr::string(image.as_str()));
                        self.report.mapped(origin, "`image`");
                    }
                }
            }
            Image::Built(name) => {
                let registry = self.own_registry(name);
                block.set("image", reference(&["registry", &registry]));
                let words = format!(
                    "build it, and push it to `registry.{registry}` with a tag of its own for each build"
                );
                self.report.needs_you(origin, words);
            }
            Image::Unknown(name) => {
                let registry = self.own_registry(name);
                block.set("image", reference(&["registry", &registry]));
                let words = format!(
                    "the image is filled in by another program: `registry.{registry}` until you name it"
                );
                self.report.needs_you(origin, words);
            }
        }
    }

    fn own_registry(&mut self, wanted: &str) -> String {
        if let Some(name) = self.registries.get(wanted) {
            return name.clone();
        }
        let name = self.names.claim("registry", base_name(wanted));
        let mut block = Block::new("registry", Some(&name));
        block.set_with(
            "mutable",
            boolean(true),
            "So that `latest` can be pushed again; better is a tag for each build.",
        );
        self.file.push(block);
        self.registries.insert(wanted.to_owned(), name.clone());
        name
    }

    fn existing_registry(&mut self, found: &Repository<'_>) -> String {
        let address = format!("{}/{}", found.host, found.path);
        if let Some(name) = self.registries.get(&address) {
            return name.clone();
        }
        let name = self.names.claim("registry", base_name(found.path));
        // An address whose account is a placeholder is that of the environment, as one in its account and region is.
        let account = found.host.split('.').next().unwrap_or_default();
        let whole = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
        let whole = whole && crate::aws::region::is_region(found.region);
        let here = account == self.account && found.region == self.region;
        let mut block = Block::new("registry", Some(&name));
        block.set("existing", Expr::string(if whole && !here { address.as_str() } else { found.path }));
        self.file.push(block);
        self.registries.insert(address, name.clone());
        name
    }

    /// Everything else about a container.
    pub(super) fn container(&mut self, container: &Container, workload: &Workload, block: &mut Block) {
        let mut entry_point = container.entry_point.clone();
        let mut command = container.command.clone();
        let mut hidden = self.hide(container, &mut entry_point, &mut command);
        let changed = !hidden.is_empty();
        let check = self.hide_check(container, &mut hidden);
        for (name, list) in [("entry_point", &entry_point), ("command", &command)] {
            let Some(list) = list else { continue };
            let flags = ["-h", "-H", "--host", "--hostname"];
            let asks = |two: &[String]| flags.contains(&&*two[0]) && self.targets.contains_key(&two[1]);
            if list.value.windows(2).any(asks)
                || list.value.iter().any(|word| called(word, &self.targets).is_some())
            {
                let words = "it names other containers by host, and those names do not exist in AWS: give it variables";
                self.report.needs_you(&list.origin, words);
            } else if !changed {
                self.report.mapped(&list.origin, format!("`{name}`"));
            }
            block.set(name, texts(&list.value));
        }
        block.set_some("working_directory", container.working_directory.as_deref().map(Expr::string));
        block.set_some("user", container.user.as_deref().map(Expr::string));
        self.ports(container, block);
        block.set_some("stop_timeout", container.stop_timeout.map(|seconds| number(seconds.clamp(2, 120))));
        if container.read_only {
            block.set("read_only", boolean(true));
        }
        if !container.ulimits.is_empty() {
            let limits = container.ulimits.iter().map(|(name, limit)| (name.as_str().into(), number(*limit)));
            block.set("ulimits", Expr::Object(limits.collect()));
        }
        self.mounts(container, block);
        if !container.depends_on.is_empty() {
            let conditions = container.depends_on.iter();
            let conditions = conditions.map(|(name, what)| (name.as_str().into(), Expr::string(*what)));
            block.set("depends_on", Expr::Object(conditions.collect()));
        }
        let needs = workload.needs.iter().map(|need| need.value.as_str());
        let main = &workload.containers[0];
        let own = (workload.containers.len() > 1).then_some(main.name.as_str());
        self.variables(container, needs, hidden, own, block);
        self.logs(container, main, block);
        if let Some(check) = &check {
            block.push(health_check(check));
        }
    }

    fn ports(&mut self, container: &Container, block: &mut Block) {
        let mut numbers: Vec<u16> = Vec::new();
        for port in &container.ports {
            if !numbers.contains(&port.number) {
                numbers.push(port.number);
            }
            let words = match numbers.first() {
                Some(first) if *first == port.number => "`port`",
                _ => "`ports`",
            };
            if port.published.is_none() && block.kind != "task" {
                self.report.mapped(&port.origin, words);
            }
        }
        let Some((first, others)) = numbers.split_first() else { return };
        if block.kind == "task" {
            for port in &container.ports {
                self.report.dropped(&port.origin, "a `task` runs to its end, and nobody calls it");
            }
            return;
        }
        block.set("port", number(*first));
        if !others.is_empty() {
            block.set("ports", Expr::List(others.iter().map(|port| number(*port)).collect()));
        }
    }

    fn mounts(&mut self, container: &Container, block: &mut Block) {
        for (setting, read_only) in [("mounts", false), ("read_only_mounts", true)] {
            let mut entries: Vec<(std::sync::Arc<str>, Expr)> = Vec::new();
            for mount in container.mounts.iter().filter(|mount| mount.read_only == read_only) {
                let name = valid(base_name(&mount.source));
                let words = match self.stores.get(&mount.source) {
                    Some(store) => format!("`{setting}`, on `file_system.{store}`"),
                    None => format!("`{setting}`, on a volume that goes with the task"),
                };
                self.report.mapped(&mount.origin, words);
                entries.push((name.into(), Expr::string(mount.path.as_str())));
            }
            if !entries.is_empty() {
                block.set(setting, Expr::Object(entries));
            }
        }
    }
}

/// The first host of the input that a text names: in a URL, or with a port.
pub(super) fn called<'t>(text: &'t str, targets: &Targets) -> Option<&'t str> {
    let pieces = text.split([' ', '=', ',', '"', '\'', ';', '(', ')']);
    pieces.into_iter().find_map(|piece| {
        let (scheme, rest) = piece.split_once("://").unwrap_or(("", piece));
        let authority = rest.split('/').next().unwrap_or_default();
        let authority = authority.rsplit('@').next().unwrap_or_default();
        let (host, port) = authority.split_once(':').unwrap_or((authority, ""));
        let named = !scheme.is_empty() || port.parse::<u16>().is_ok();
        (named && targets.contains_key(host)).then_some(host)
    })
}

fn health_check(check: &HealthCheck) -> Block {
    let mut check = check.clone();
    check.fit();
    let mut block = Block::new("health_check", None);
    match &check.shell {
        Some(shell) => block.set("shell", Expr::string(shell.as_str())),
        None => block.set("command", texts(&check.command)),
    }
    block.set_some("interval", check.interval.map(number));
    block.set_some("timeout", check.timeout.map(number));
    block.set_some("retries", check.retries.map(number));
    block.set_some("start_period", check.start_period.map(number));
    block
}
