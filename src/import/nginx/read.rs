//! A configuration, read: what it leads where, and what becomes of each directive.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::address::{Address, Pattern, address, patterns};
use super::directives::{REDIRECTED, Sense, sense};
use super::known::{Known, find};
use super::syntax::Directive;
use crate::aws::hosts::is_host_pattern;

/// How deep files may include each other.
const DEPTH: usize = 8;
/// How often a file may be included.
const TIMES: u32 = 64;

/// The configuration of one nginx.
#[derive(Debug, Default)]
pub struct Input {
    /// Its files, by their paths inside the container.
    pub files: Vec<(String, Vec<Directive>)>,
    /// Variables that templates are filled in from.
    pub variables: BTreeMap<String, String>,
    /// Whether files stand beside it that it may serve.
    pub serves: bool,
}

/// A place: the number of the file, and where in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The number of the file in [`Input::files`].
    pub file: usize,
    /// Where in it.
    pub range: Range<usize>,
}

/// A way to a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lead {
    /// Where its `location` stands.
    pub place: Place,
    /// Patterns of paths.
    pub paths: Vec<String>,
    /// Names for which it is; all when empty.
    pub hosts: Vec<String>,
    /// The host that it leads to.
    pub host: String,
    /// The port there.
    pub port: u16,
    /// Seconds that an answer may take.
    pub timeout: Option<u32>,
}

/// What becomes of a directive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Where it stands.
    pub place: Place,
    /// Its name.
    pub directive: String,
    /// What becomes of it.
    pub sense: Sense,
}

/// What a configuration says.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// Ways to services, in the order of the files.
    pub leads: Vec<Lead>,
    /// Every directive, except those that are ways.
    pub lines: Vec<Line>,
    /// Hosts that it passes requests on to, those of ways and others.
    pub hosts: BTreeSet<String>,
    /// Names that it answers with HTTPS, the first of them first.
    pub names: Vec<(String, Place)>,
}

impl Reading {
    /// What keeps nginx, because a load balancer cannot do it.
    pub fn kept(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(|line| matches!(line.sense, Sense::Keeps(_)))
    }
}

/// Reads a configuration.
pub fn read(input: &Input) -> Reading {
    let mut reader = Reader {
        input,
        known: Known::of(input),
        included: BTreeMap::new(),
        said: BTreeSet::new(),
        reading: Reading::default(),
    };
    for (file, (path, directives)) in input.files.iter().enumerate() {
        if is_read_by_itself(path) {
            reader.block(file, directives, &Around::default());
        }
    }
    let mut reading = reader.reading;
    // Where one server answers for everything, it does so under every name.
    let servers: BTreeSet<&Vec<String>> = reading.leads.iter().map(|lead| &lead.hosts).collect();
    if servers.len() == 1 {
        reading.leads.iter_mut().for_each(|lead| lead.hosts.clear());
    }
    reading
}

/// The name of a directive. Another word that stands in its place may be anything, also a secret.
fn shown(name: &str) -> String {
    let is_name = name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if is_name { name.to_owned() } else { "no directive".to_owned() }
}

/// Whether nginx reads a file although no other includes it by name.
fn is_read_by_itself(path: &str) -> bool {
    let directories = ["conf.d", "http.d", "sites-enabled"].map(|name| format!("/etc/nginx/{name}/"));
    path == "/etc/nginx/nginx.conf" || directories.iter().any(|directory| path.starts_with(directory))
}

/// What is around a directive and holds for it, too.
#[derive(Debug, Clone, Default)]
struct Around {
    /// The names of the server.
    hosts: Vec<String>,
    /// `proxy_read_timeout`.
    timeout: Option<u32>,
    /// How many files include each other.
    depth: usize,
}

struct Reader<'a> {
    input: &'a Input,
    known: Known,
    /// How often files were included, by number.
    included: BTreeMap<usize, u32>,
    /// Where directives stand of which it is said what they become.
    said: BTreeSet<(usize, usize)>,
    reading: Reading,
}

impl<'a> Reader<'a> {
    fn say(&mut self, file: usize, directive: &Directive, sense: Sense) {
        // A file that is included twice says everything twice.
        if self.said.insert((file, directive.place.start)) {
            let place = Place { file, range: directive.place.clone() };
            self.reading.lines.push(Line { place, directive: shown(&directive.name), sense });
        }
    }

    fn block(&mut self, file: usize, directives: &'a [Directive], around: &Around) {
        let mut around = around.clone();
        let timeout = find(directives, "proxy_read_timeout").and_then(|found| seconds(found.words.first()?));
        around.timeout = timeout.or(around.timeout);
        for directive in directives {
            let words = &directive.words;
            match (directive.name.as_str(), &directive.block) {
                ("include", _) => self.include(file, directive, &around),
                ("http" | "events", Some(block)) => self.block(file, block, &around),
                ("server", Some(block)) => self.server(file, block, &around),
                ("upstream", Some(block)) => {
                    let inner = block.iter().filter(|inner| inner.name != "server");
                    inner.for_each(|inner| self.plain(file, inner));
                    self.plain(file, directive);
                }
                ("location", Some(block)) => self.location(file, directive, block, &around),
                ("if", Some(block)) if redirects(words.first().map_or("", String::as_str), block) => {
                    self.say(file, directive, Sense::Same(REDIRECTED));
                }
                ("return", _) => self.answer(file, directive, &around),
                ("server_name", _) => {
                    let odd = words.iter().any(|name| name.starts_with('~'));
                    let expression =
                        Sense::Keeps("a regular expression, which a load balancer does not know");
                    match odd {
                        true => self.say(file, directive, expression),
                        false => self.plain(file, directive),
                    }
                }
                ("proxy_pass", _) => {}
                _ => self.plain(file, directive),
            }
        }
    }

    fn plain(&mut self, file: usize, directive: &Directive) {
        if let (true, Some(address)) = (directive.name.ends_with("_pass"), directive.words.first()) {
            let address = self.known.filled(address);
            let authority = address.split("://").last().unwrap_or_default();
            self.reading.hosts.extend(authority.split([':', '/']).next().map(str::to_owned));
        }
        let sense = sense(&directive.name, &directive.words, self.input.serves);
        self.say(file, directive, sense);
    }

    /// What another file says stands here; that of the image is about nginx itself.
    fn include(&mut self, file: usize, directive: &Directive, around: &Around) {
        let named = directive.words.first().map_or("", String::as_str);
        let path = if named.starts_with('/') { named.to_owned() } else { format!("/etc/nginx/{named}") };
        let files = &self.input.files;
        match files.iter().position(|(known, _)| *known == path) {
            Some(other) if around.depth < DEPTH && self.may_include(other) => {
                let around = Around { depth: around.depth + 1, ..around.clone() };
                self.block(other, &files[other].1, &around);
            }
            _ if named.contains('*') || is_of_the_image(named) => self.plain(file, directive),
            _ => self.say(file, directive, Sense::Keeps("the file that it names is not given")),
        }
    }

    fn may_include(&mut self, file: usize) -> bool {
        let times = self.included.entry(file).or_default();
        *times += 1;
        *times <= TIMES
    }

    fn server(&mut self, file: usize, block: &'a [Directive], around: &Around) {
        let mut hosts = Vec::new();
        let mut secure = false;
        for directive in block {
            let words = &directive.words;
            match directive.name.as_str() {
                "server_name" => {
                    for name in words {
                        let name = self.known.filled(name);
                        // A dot at the start is for the name itself and for everything below it.
                        let names = match name.strip_prefix('.') {
                            Some(name) => vec![name.to_owned(), format!("*.{name}")],
                            None => vec![name],
                        };
                        let place = Place { file, range: directive.place.clone() };
                        let real =
                            |name: &String| name.contains('.') && is_host_pattern(name) && !is_address(name);
                        hosts.extend(names.into_iter().filter(real).map(|name| (name, place.clone())));
                    }
                }
                "listen" => {
                    secure |= words.iter().any(|word| word == "ssl" || word.ends_with("443"));
                }
                _ => {}
            }
        }
        let known = |names: &[(String, Place)], name: &str| names.iter().any(|(known, _)| known == name);
        for (name, place) in hosts.iter().filter(|(name, _)| secure && !name.contains('*')) {
            if !known(&self.reading.names, name) {
                self.reading.names.push((name.clone(), place.clone()));
            }
        }
        let hosts = hosts.into_iter().map(|(name, _)| name).collect();
        self.block(file, block, &Around { hosts, ..around.clone() });
    }

    fn location(&mut self, file: usize, directive: &Directive, block: &'a [Directive], around: &Around) {
        let words = &directive.words;
        let path = words.last().map_or("", String::as_str);
        if path.starts_with("/.well-known/acme-challenge") {
            let words = "ACM makes and renews the certificate";
            return self.say(file, directive, Sense::Same(words));
        }
        let behind = || {
            let name = find(block, "try_files")?.words.last()?;
            self.known.named.get(name)
        };
        let pass = find(block, "proxy_pass");
        let url = pass.and_then(|pass| pass.words.first()).or_else(behind).cloned();
        match url.filter(|_| !path.starts_with('@')) {
            Some(url) => match self.lead(words, &url) {
                Ok((paths, host, port)) => {
                    let place = Place { file, range: directive.place.clone() };
                    let timeout =
                        find(block, "proxy_read_timeout").and_then(|found| seconds(found.words.first()?));
                    let timeout = timeout.or(around.timeout);
                    let hosts = around.hosts.clone();
                    self.reading.leads.push(Lead { place, paths, hosts, host, port, timeout });
                }
                Err(why) => self.say(file, pass.unwrap_or(directive), Sense::Keeps(why)),
            },
            None if block.is_empty() => self.say(file, directive, Sense::Lost("nothing stands in it")),
            None => {}
        }
        self.block(file, block, around);
    }

    /// The patterns of a location, and the host and port that its requests go to.
    fn lead(&mut self, words: &[String], url: &str) -> Result<(Vec<String>, String, u16), &'static str> {
        let Some(Address { mut hosts, path }) = address(&self.known.filled(url), &self.known.upstreams)
        else {
            return Err(
                "it leads to an address that is not known before a request comes, or that is none of HTTP",
            );
        };
        self.reading.hosts.extend(hosts.iter().map(|(host, _)| host.clone()));
        hosts.dedup();
        let [(host, port)] = &hosts[..] else {
            return Err("it spreads requests over several services, and a `route` leads to one");
        };
        if path.is_some_and(|path| words.last() != Some(&path)) {
            return Err(
                "it changes the path, and a load balancer passes it on as it is: have the program serve it there",
            );
        }
        match patterns(words) {
            Pattern::Paths(paths) => Ok((paths, host.clone(), port.unwrap_or(80))),
            Pattern::Unknown => Err("its `location` compares what a load balancer cannot"),
        }
    }

    /// What a `return` becomes.
    fn answer(&mut self, file: usize, directive: &Directive, around: &Around) {
        let words = &directive.words;
        let (code, to) = match &words[..] {
            [code, to, ..] => (code.as_str(), to.as_str()),
            [code] => (code.as_str(), ""),
            [] => ("", ""),
        };
        let same = |to: &str| {
            let host = to.split('/').next().unwrap_or_default();
            host.starts_with('$') || around.hosts.iter().any(|known| known == host)
        };
        let sense = match (code, to.strip_prefix("https://")) {
            ("301" | "302" | "307" | "308", Some(to)) if same(to) => Sense::Same(REDIRECTED),
            ("301" | "302" | "307" | "308", Some(_)) => Sense::NeedsYou(
                "it leads to another name: have the program do it, or let that name lead here in DNS",
            ),
            ("200" | "204", _) => Sense::Assumed(
                "the load balancer asks the services themselves whether they are well: `health_check` of a `route`",
            ),
            ("444" | "404" | "421", _) if around.hosts.is_empty() => {
                Sense::Same("the load balancer answers 404 where no `route` leads")
            }
            _ => Sense::Keeps("an answer of its own, which a `route` does not give"),
        };
        self.say(file, directive, sense);
    }
}

/// Whether an `if` does nothing but lead plain HTTP to HTTPS.
fn redirects(condition: &str, block: &[Directive]) -> bool {
    let plain = ["($scheme", "($http_x_forwarded_proto", "($server_port", "($https", "($ssl_protocol"];
    let leads = |directive: &Directive| {
        let to = directive.words.iter().any(|word| word.starts_with("https://"));
        matches!(directive.name.as_str(), "return" | "rewrite") && to
    };
    plain.iter().any(|start| condition.starts_with(start)) && block.iter().all(leads)
}

/// Files that nginx and its tools bring with them.
fn is_of_the_image(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    path.contains("letsencrypt/")
        || ["mime.types", "proxy_params", "fastcgi_params", "fastcgi.conf", "uwsgi_params", "scgi_params"]
            .contains(&name)
}

fn is_address(name: &str) -> bool {
    name.parse::<std::net::IpAddr>().is_ok()
}

/// A time: seconds without a unit.
fn seconds(text: &str) -> Option<u32> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let number: u32 = text[..end].parse().ok()?;
    let unit = match &text[end..] {
        "" | "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return None,
    };
    number.checked_mul(unit)
}

#[cfg(test)]
mod tests;
