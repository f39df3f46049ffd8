//! A container: the main one of a manifest, or a sidecar.

use std::collections::BTreeMap;

use super::addon::{self, Offer};
use super::fill::Filling;
use super::http::seconds;
use super::valid;
use crate::import::environments::Build;
use crate::import::read::{At, Sourced};
use crate::import::report::Fate;
use crate::import::session::{Refusal, Session};
use crate::import::shell;
use crate::import::workload::{Container, HealthCheck, Image, Mount, Port, Setting, Variable};

/// What containers are read with.
pub(super) struct Reader<'a, 's> {
    pub(super) session: &'a mut Session<'s>,
    pub(super) names: Filling<'a>,
    /// The directory that paths of a manifest begin in; empty, or with a `/` behind.
    pub(super) root: &'a str,
    /// What addons export.
    pub(super) exports: &'a BTreeMap<String, Offer>,
    pub(super) builds: &'a mut BTreeMap<String, Build>,
}

impl Reader<'_, '_> {
    /// The container of the service itself.
    pub(super) fn main(&mut self, at: &At, name: &str) -> Container {
        let image = at.get("image");
        let built = match &image {
            Some(image) => self.image(image, name),
            None => None,
        };
        let image_value = built.unwrap_or_else(|| {
            let words = "no image is named here: an empty registry until you name it";
            self.session.report.remark(Fate::NeedsYou, &at.origin(), words);
            at.sourced(Image::Unknown(name.to_owned()))
        });
        let mut container = Container::new(name, image_value);
        if let Some(image) = &image {
            self.port(image, &mut container);
            self.depends_on(image, &mut container);
            self.health(image, &mut container);
        }
        self.common(at, &mut container);
        container
    }

    /// A sidecar; none without an image.
    pub(super) fn sidecar(&mut self, at: &At, name: &str, service: &str) -> Option<Container> {
        let Some(image) = at.get("image") else {
            self.session.report.misshapen(&at.origin(), "a sidecar with an `image`");
            return None;
        };
        let image = self.image(&image, &format!("{service}-{name}"))?;
        let mut container = Container::new(name, image);
        self.port(at, &mut container);
        self.depends_on(at, &mut container);
        self.health(at, &mut container);
        self.common(at, &mut container);
        let report = &mut self.session.report;
        if let Some(essential) = at.get("essential") {
            container.essential = essential.boolean(report).unwrap_or(true);
            report.mapped(&essential.origin(), "`essential`");
        }
        for mount in at.get("mount_points").map(|mounts| mounts.list(report)).unwrap_or_default() {
            let source = mount.get("source_volume").and_then(|source| source.text(report));
            let path = mount.get("path").and_then(|path| path.text(report));
            let read_only = mount.get("read_only").and_then(|only| only.boolean(report)).unwrap_or(true);
            if let (Some(source), Some(path)) = (source, path) {
                container.mounts.push(Mount { source, path, read_only, origin: mount.origin() });
            }
        }
        Some(container)
    }

    /// `image`: a name, or how it is built; `called` is what to call the latter.
    fn image(&mut self, at: &At, called: &str) -> Option<Sourced<Image>> {
        let report = &mut self.session.report;
        if !at.is_map() {
            return at.text(report).map(|text| at.sourced(self.named(&text, called)));
        }
        if let Some(location) = at.get("location") {
            return location.text(report).map(|text| location.sourced(self.named(&text, called)));
        }
        let build = at.get("build")?;
        let mut how = Build::default();
        if build.is_map() {
            for (key, setting) in [("dockerfile", &mut how.dockerfile), ("context", &mut how.context)] {
                let Some(found) = build.get(key) else { continue };
                *setting = found.text(report).map(|text| path(&text));
                report.mapped(&found.origin(), format!("`{key}`, for whatever builds the image"));
            }
            for (name, value) in build.get("args").map(|args| args.entries()).unwrap_or_default() {
                let filled = self.names.everywhere(&value.text(report).unwrap_or_default());
                if filled.unknown {
                    report
                        .needs_you(&value.origin(), "its value comes from elsewhere: write it under `args`");
                } else if !valid::argument(&name) {
                    report.needs_you(&value.origin(), "no name of a build argument");
                } else if crate::suspicion::suspicion(&name, &filled.text).is_some() {
                    report.needs_you(
                        &value.origin(),
                        "it looks like a secret: give it to the build as one, its value is not copied",
                    );
                } else {
                    how.args.push((name.to_string(), filled.text));
                    report.mapped(&value.origin(), "`args`, for whatever builds the image");
                }
            }
        } else {
            how.dockerfile = build.text(report).map(|text| path(&text));
        }
        let directory = |file: &str| file.rsplit_once('/').map(|(directory, _)| directory.to_owned());
        match (&how.dockerfile, &how.context) {
            (None, Some(context)) if context != "." => how.dockerfile = Some(format!("{context}/Dockerfile")),
            (Some(file), None) => how.context = directory(file),
            _ => {}
        }
        how.context = how.context.filter(|context| context != ".");
        how.dockerfile = how.dockerfile.filter(|file| file != "Dockerfile");
        // What is built alike is one image, whichever services it is for.
        let known = self.builds.iter().find(|(_, known)| **known == how).map(|(name, _)| name.clone());
        let name = known.unwrap_or_else(|| called.to_owned());
        if self.builds.get(&name).is_some_and(|known| *known != how) {
            let words = "all environments share one image, and here it is built in another way";
            self.session.report.remark(Fate::NeedsYou, &build.origin(), words);
        } else {
            self.builds.insert(name.clone(), how);
        }
        Some(build.sourced(Image::Built(name)))
    }

    fn named(&self, text: &str, called: &str) -> Image {
        let filled = self.names.here(text);
        match filled.unknown {
            true => Image::Unknown(called.to_owned()),
            false => Image::Named(filled.text),
        }
    }

    /// `8080`, or with a protocol.
    fn port(&mut self, at: &At, container: &mut Container) {
        let Some(port) = at.get("port") else { return };
        let report = &mut self.session.report;
        let Some(text) = port.text(report) else { return };
        let (number, protocol) = text.split_once('/').unwrap_or((&text, "tcp"));
        if protocol.eq_ignore_ascii_case("udp") {
            report.dropped(&port.origin(), "a port of UDP: a stack opens TCP only");
            return;
        }
        match number.trim().parse::<u16>() {
            Ok(number) if number > 0 => {
                container.ports.push(Port { number, published: None, origin: port.origin() });
            }
            _ => report.needs_you(&port.origin(), "this is no port: write `port`"),
        }
    }

    fn depends_on(&mut self, at: &At, container: &mut Container) {
        for (name, condition) in at.get("depends_on").map(|waits| waits.entries()).unwrap_or_default() {
            let report = &mut self.session.report;
            let text = condition.text(report).unwrap_or_default().to_ascii_lowercase();
            let condition_name = match text.as_str() {
                "complete" => "complete",
                "success" => "success",
                "healthy" => "healthy",
                _ => "started",
            };
            container.depends_on.push((name.to_string(), condition_name));
            report.mapped(&condition.origin(), "`depends_on`");
        }
    }

    fn health(&mut self, at: &At, container: &mut Container) {
        let Some(check) = at.get("healthcheck") else { return };
        let report = &mut self.session.report;
        let command = check.get("command").map(|command| match command.is_list() {
            true => command.texts(report),
            false => ["CMD-SHELL".to_owned()].into_iter().chain(command.text(report)).collect(),
        });
        // What Copilot asks when only the times are written.
        let fallback = || ["CMD-SHELL", "curl -f http://localhost/ || exit 1"].map(str::to_owned).to_vec();
        let Some(mut health) = HealthCheck::of(command.unwrap_or_else(fallback)) else {
            report.mapped(&check.origin(), "no health check");
            return;
        };
        let mut time = |key: &str| check.get(key).and_then(|found| seconds(&found, report));
        health.interval = Some(time("interval").unwrap_or(10));
        health.timeout = Some(time("timeout").unwrap_or(5));
        health.start_period = time("start_period");
        let written = health.interval;
        health.retries = Some(check.get("retries").and_then(|retries| retries.number(report)).unwrap_or(2));
        health.timeout = health.timeout.map(|timeout| timeout.clamp(2, 60));
        // A check ends before the next one begins.
        if health.timeout >= health.interval.map(|interval| interval.clamp(5, 300)) {
            health.interval = health.timeout.map(|timeout| timeout + 1);
        }
        if health.interval == written && health.retries != Some(0) {
            report.mapped(&check.origin(), "`health_check`");
        } else {
            report.assumed(&check.origin(), "`health_check`, with numbers that ECS takes");
        }
        container.health_check = Some(health);
    }

    /// What the main container and sidecars say alike.
    fn common(&mut self, at: &At, container: &mut Container) {
        for (key, list) in [("command", &mut container.command), ("entrypoint", &mut container.entry_point)] {
            let Some(found) = at.get(key) else { continue };
            let report = &mut self.session.report;
            let words = if found.is_list() {
                found.texts(report)
            } else {
                let text = found.text(report).unwrap_or_default();
                shell::words(&text).unwrap_or_else(|| {
                    report.misshapen(&found.origin(), "a command whose quotes are closed");
                    Vec::new()
                })
            };
            let words: Vec<String> = words.iter().map(|word| self.names.here(word).text).collect();
            if words.is_empty() {
                report.mapped(&found.origin(), "empty: that of the image");
            } else {
                *list = Some(found.sourced(words));
            }
        }
        self.env_file(at, container);
        self.variables(at, container);
        self.secrets(at, container);
    }

    /// The lines of a file of variables: a name, `=` and a value that is taken as it is.
    fn env_file(&mut self, at: &At, container: &mut Container) {
        let Some(file) = at.get("env_file") else { return };
        let Some(name) = file.text(&mut self.session.report) else { return };
        let whole = format!("{}{}", self.root, path(&self.names.here(&name).text));
        let words = match self.session.optional(&whole) {
            Ok(read) => {
                let text = self.session.text(read);
                let mut count = 0;
                for line in text.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
                    let Some((name, value)) = line.split_once('=') else { continue };
                    let value = Setting::Constant(value.to_owned());
                    container.variables.push(Variable {
                        name: name.trim().to_owned(),
                        value,
                        origin: file.origin(),
                    });
                    count += 1;
                }
                format!("{count} variables")
            }
            Err(refusal) => {
                let why = match refusal {
                    Refusal::Missing => "there is no such file",
                    Refusal::Outside => {
                        "the file stands outside of the directory that was given, so give the one above `copilot/`"
                    }
                    Refusal::Unreadable(_) => "the file cannot be read",
                };
                let words = format!("{why}; or write its variables under `environment` and `secrets`");
                self.session.report.needs_you(&file.origin(), words);
                return;
            }
        };
        self.session.report.mapped(&file.origin(), words);
    }

    fn variables(&mut self, at: &At, container: &mut Container) {
        for (name, at) in at.get("variables").map(|variables| variables.entries()).unwrap_or_default() {
            if self.imported(&name, &at, container) {
                continue;
            }
            let value = if at.get("from_cfn").is_some() {
                Setting::Unknown
            } else if matches!(at.node.value, crate::import::yaml::Value::Null) {
                Setting::Constant(String::new())
            } else {
                let filled = self.names.everywhere(&at.text(&mut self.session.report).unwrap_or_default());
                if filled.unknown { Setting::Unknown } else { Setting::Constant(filled.text) }
            };
            // Of two of one name the one that stands in the manifest holds.
            container.variables.retain(|known| *known.name != *name);
            container.variables.push(Variable { name: name.to_string(), value, origin: at.origin() });
        }
    }

    /// Whether a variable takes what an addon exports, of which it then becomes one or several.
    fn imported(&mut self, name: &str, at: &At, container: &mut Container) -> bool {
        let Some(from) = at.get("from_cfn") else { return false };
        let Some(text) = from.node.text() else { return false };
        let wanted = self.names.everywhere(text).text;
        let Some(offer) = self.exports.get(&wanted) else { return false };
        for variable in addon::variables(offer, name, &at.origin(), &mut self.session.report) {
            container.variables.retain(|known| known.name != variable.name);
            container.variables.push(variable);
        }
        true
    }

    fn secrets(&mut self, at: &At, container: &mut Container) {
        for (name, at) in at.get("secrets").map(|secrets| secrets.entries()).unwrap_or_default() {
            if self.imported(&name, &at, container) {
                continue;
            }
            let report = &mut self.session.report;
            let value = if let Some(managed) = at.get("secretsmanager") {
                let filled = self.names.here(&managed.text(report).unwrap_or_default());
                if filled.unknown {
                    Setting::Secret(name.to_string())
                } else {
                    in_secrets_manager(&filled.text)
                }
            } else if at.is_map() {
                Setting::Secret(name.to_string())
            } else {
                let filled = self.names.here(&at.text(report).unwrap_or_default());
                let secret = filled.text.contains(":secretsmanager:");
                match filled.unknown && !filled.text.starts_with("arn:") {
                    true => Setting::Secret(name.to_string()),
                    false if filled.text.starts_with("arn:") && !valid::stored(&filled.text) => {
                        Setting::Secret(name.to_string())
                    }
                    false if secret => in_secrets_manager(&filled.text),
                    false => Setting::Stored(filled.text, None),
                }
            };
            container.variables.retain(|known| *known.name != *name);
            container.variables.push(Variable { name: name.to_string(), value, origin: at.origin() });
        }
    }
}

/// A secret by name or ARN, with the field, the stage and the version of it behind colons.
fn in_secrets_manager(text: &str) -> Setting {
    let (start, rest) = match text.starts_with("arn:") {
        true => {
            let end = text.match_indices(':').nth(6).map_or(text.len(), |(at, _)| at);
            text.split_at(end)
        }
        false => text.split_at(text.find(':').unwrap_or(text.len())),
    };
    let arn = match text.starts_with("arn:") {
        true => start.to_owned(),
        false => format!("arn:aws:secretsmanager:REGION:ACCOUNT:secret:{start}"),
    };
    let field = rest.trim_start_matches(':').split(':').next().filter(|field| !field.is_empty());
    Setting::Stored(arn, field.map(str::to_owned))
}

/// A path without what leads to where it begins.
fn path(text: &str) -> String {
    let text = text.trim().trim_start_matches("./").trim_end_matches('/');
    if text.is_empty() { ".".to_owned() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_of_secrets_manager_have_fields() {
        for (text, arn, field) in [
            ("app/test/db", "arn:aws:secretsmanager:REGION:ACCOUNT:secret:app/test/db", None),
            ("db:password::", "arn:aws:secretsmanager:REGION:ACCOUNT:secret:db", Some("password")),
            (
                "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf:user::",
                "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf",
                Some("user"),
            ),
        ] {
            let expected = Setting::Stored(arn.to_owned(), field.map(str::to_owned));
            assert_eq!(in_secrets_manager(text), expected, "{text}");
        }
    }

    #[test]
    fn paths_begin_in_the_root() {
        for (text, expected) in [("./web/Dockerfile", "web/Dockerfile"), ("./", "."), ("web/", "web")] {
            assert_eq!(path(text), expected);
        }
    }
}
