//! Secrets among the words of commands and health checks: whoever may read a task definition would see them.

use super::Assembly;
use crate::check::secrets::suspicion;
use crate::import::read::Sourced;
use crate::import::report::Fate;
use crate::import::workload::{Container, HealthCheck};

impl Assembly<'_> {
    /// Takes what looks like a secret out of a command: a shell puts it in from a variable. Gives the names and values
    /// of those variables.
    pub(super) fn hide(
        &mut self,
        container: &Container,
        entry_point: &mut Option<Sourced<Vec<String>>>,
        command: &mut Option<Sourced<Vec<String>>>,
    ) -> Vec<(String, String)> {
        let mut hidden = Vec::new();
        for list in [entry_point, command].into_iter().flatten() {
            if (0..list.value.len()).all(|at| !is_secret(&list.value, at)) {
                continue;
            }
            let mut line = "exec".to_owned();
            for (at, word) in list.value.iter().enumerate() {
                if is_secret(&list.value, at) {
                    let name = format!("ARGUMENT_{}", hidden.len() + 1);
                    line += &format!(" \"${name}\"");
                    hidden.push((name, word.clone()));
                } else {
                    line += &format!(" '{}'", word.replace('\'', r"'\''"));
                }
            }
            list.value = vec!["sh".to_owned(), "-c".to_owned(), line];
            let words = format!(
                "an argument looks like a secret: a shell takes it from a variable; look whether the image `{}` has a \
                 shell and no entry point of its own",
                container.name
            );
            self.report.needs_you(&list.origin, words);
        }
        hidden
    }

    /// The health check of a container; one that holds a secret has a shell take the whole of it from a variable.
    pub(super) fn hide_check(
        &mut self,
        container: &Container,
        hidden: &mut Vec<(String, String)>,
    ) -> Option<HealthCheck> {
        let check = container.health_check.as_ref()?;
        let words = check.shell.as_ref().map_or_else(|| check.command.clone(), |line| vec![line.clone()]);
        if (0..words.len()).all(|at| !is_secret(&words, at)) {
            return Some(check.clone());
        }
        hidden.push(("HEALTH_CHECK".to_owned(), words.join(" ")));
        let words = "its health check has something in it that looks like a secret: a shell takes the whole line from a variable, to \
                     be filled by hand";
        self.report.remark(Fate::NeedsYou, &container.image.origin, words);
        Some(HealthCheck {
            command: Vec::new(),
            shell: Some("eval \"$HEALTH_CHECK\"".to_owned()),
            ..check.clone()
        })
    }
}

/// Whether a word looks like a secret: by itself, by its name (`--password=x`, `--password x`, `Token: x`), or because it is
/// a line of a shell with such a word in it.
fn is_secret(words: &[String], at: usize) -> bool {
    let word = words[at].trim_matches(['"', '\'', ';', ',']);
    if word.split_whitespace().nth(1).is_some() {
        let inner: Vec<String> = word.split_whitespace().map(str::to_owned).collect();
        return (0..inner.len()).any(|at| is_secret(&inner, at));
    }
    // A `$` is a variable of a shell, which is how a secret gets into a command.
    if word.contains('$') {
        return false;
    }
    let name = |text: &str| text.trim_matches(['-', '"', '\'', ':']).replace('-', "_");
    let before = at.checked_sub(1).map(|at| words[at].as_str()).unwrap_or_default();
    let named = before.starts_with("--") && !before.contains('=') || before.ends_with(':');
    let assigned = word.split_once('=').is_some_and(|(key, value)| is_named(&name(key), value));
    let bears = matches!(before, "Bearer" | "Basic") && word.len() > 8;
    let of_mysql = word.len() > 2 && word.starts_with("-p") && words.iter().any(|word| is_mysql(word));
    let follows = named && !word.starts_with('-') && is_named(&name(before), word);
    assigned || bears || of_mysql || follows || suspicion("", word).is_some()
}

/// Whether a value is a secret by its name; a path says where one is to be found.
fn is_named(name: &str, value: &str) -> bool {
    !value.starts_with('/') && suspicion(name, value).is_some()
}

/// Whether a word starts a client of MySQL, whose `-p` has its value without a blank.
fn is_mysql(word: &str) -> bool {
    let program = word.rsplit('/').next().unwrap_or(word);
    program.starts_with("mysql") || program.starts_with("mariadb")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_found_among_words() {
        for (line, hidden) in [
            ("start --db-password=hunter22", "--db-password=hunter22"),
            ("start --api-key hunter22 --port 80", "hunter22"),
            ("mysqldump -uroot -phunter22 --all", "-phunter22"),
            ("curl -H X-Token: hunter22", "hunter22"),
            ("curl -H Authorization: Bearer abcdefghij", "abcdefghij"),
            ("fetch https://a:hunter22@host/", "https://a:hunter22@host/"),
            ("server -port 80 --password $PASSWORD -pidfile x", ""),
            ("ssh -p2222 host --token-file /run/token", ""),
        ] {
            let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
            let found = words.iter().enumerate().filter(|(at, _)| is_secret(&words, *at));
            let found: Vec<&str> = found.map(|(_, word)| word.as_str()).collect();
            assert_eq!(found.join(" "), hidden, "{line}");
        }
        assert!(is_secret(&["curl -H 'X-Token: hunter22' localhost".to_owned()], 0));
        assert!(!is_secret(&["echo \"$TOKEN\" && exec web --port=80".to_owned()], 0));
    }
}
