//! An nginx that is built: its configuration, where its Dockerfile does nothing but copy it.

use super::Project;
use super::load::beside;
use crate::import::images::{self, Role};
use crate::import::names::base_name;
use crate::import::read::At;

/// What such a Dockerfile copies.
pub(super) struct Copied {
    /// Paths of files as they are found from where the command was started, by their paths in the image.
    pub(super) files: Vec<(String, String)>,
    /// Other paths in the image that something is copied to.
    pub(super) others: Vec<String>,
}

/// Reads the Dockerfile of a `build`; nothing when there is none, when it is no nginx, or when it does more than copy.
pub(super) fn read(build: &At, project: &mut Project<'_, '_>) -> Option<Copied> {
    let field = |key: &str| build.node.map().and_then(|map| map.get(key)?.node.text());
    let context = field("context").or(build.node.text()).unwrap_or(".");
    let own = project.session.sources.get(build.node.span.file).name.to_string();
    let inside = |path: &str| beside(&own, &joined(context, path));
    let file = project.session.optional(&inside(field("dockerfile").unwrap_or("Dockerfile"))).ok()?;
    let mut copied = copied(&project.session.text(file))?;
    copied.files.iter_mut().for_each(|(_, path)| *path = inside(path));
    Some(copied)
}

fn joined(directory: &str, path: &str) -> String {
    let path = path.trim_start_matches("./");
    match directory.trim_start_matches("./").trim_end_matches('/') {
        "" | "." => path.to_owned(),
        directory => format!("{directory}/{path}"),
    }
}

/// What a Dockerfile copies.
fn copied(text: &str) -> Option<Copied> {
    let mut copied = Copied { files: Vec::new(), others: Vec::new() };
    let mut based = false;
    let text = text.replace("\\\r\n", " ").replace("\\\n", " ");
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let mut words = line.split_whitespace();
        let instruction = words.next().unwrap_or_default().to_ascii_uppercase();
        let words: Vec<&str> = words.filter(|word| !word.starts_with("--")).collect();
        match instruction.as_str() {
            // A second stage has its files from a first one, which nobody builds here.
            "FROM" if based => return None,
            "FROM" => {
                let image = words.first()?;
                based = images::role(image) == Role::Proxy && base_name(image).starts_with("nginx");
                if !based {
                    return None;
                }
            }
            "COPY" | "ADD" => {
                let (to, from) = words.split_last()?;
                for from in from {
                    let to = match to.ends_with('/') || is_directory(to) {
                        true => format!("{}/{}", to.trim_end_matches('/'), base_name(from)),
                        false => (*to).to_owned(),
                    };
                    if to.starts_with("/etc/nginx/") {
                        copied.files.push((to, (*from).to_owned()));
                    } else {
                        copied.others.push(to);
                    }
                }
            }
            "RUN" if words.first() == Some(&"rm") => {}
            "EXPOSE" | "LABEL" | "MAINTAINER" | "STOPSIGNAL" | "ENV" | "ARG" | "USER" | "WORKDIR"
            | "HEALTHCHECK" => {}
            "CMD" | "ENTRYPOINT" if line.contains("nginx") => {}
            _ => return None,
        }
    }
    (based && !copied.files.is_empty()).then_some(copied)
}

/// Whether a path names a directory of nginx, so that a file copied there keeps its name.
fn is_directory(path: &str) -> bool {
    ["/etc/nginx", "/etc/nginx/conf.d", "/etc/nginx/templates"].contains(&path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(text: &str) -> Option<Vec<String>> {
        Some(copied(text)?.files.into_iter().map(|(to, from)| format!("{from} {to}")).collect())
    }

    #[test]
    fn what_is_copied_into_an_nginx_is_found() {
        let text = "# A front\nFROM nginx:1.27-alpine\nRUN rm /etc/nginx/conf.d/default.conf\n\
                    COPY --chown=nginx ./a.conf \\\n  b.conf /etc/nginx/conf.d/\nADD nginx.conf /etc/nginx\nEXPOSE 80\n\
                    CMD [\"nginx\", \"-g\", \"daemon off;\"]";
        let expected = [
            "./a.conf /etc/nginx/conf.d/a.conf",
            "b.conf /etc/nginx/conf.d/b.conf",
            "nginx.conf /etc/nginx/nginx.conf",
        ];
        assert_eq!(files(text), Some(expected.map(str::to_owned).to_vec()));
    }

    #[test]
    fn what_does_more_is_left_alone() {
        for text in [
            "",
            "FROM node\nCOPY a /etc/nginx/nginx.conf",
            "FROM node AS build\nFROM nginx\nCOPY a /etc/nginx/nginx.conf",
            "FROM nginx\nRUN apk add certbot\nCOPY a /etc/nginx/nginx.conf",
            "FROM nginx\nCOPY html /usr/share/nginx/html",
            "COPY a /etc/nginx/nginx.conf",
        ] {
            assert_eq!(files(text), None, "{text}");
        }
    }

    #[test]
    fn paths_are_those_of_the_context() {
        assert_eq!(joined("./front", "./a.conf"), "front/a.conf");
        assert_eq!((joined(".", "a"), joined("front/", "a")), ("a".to_owned(), "front/a".to_owned()));
    }
}
