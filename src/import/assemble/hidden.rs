//! Secrets among the words of commands and health checks: whoever may read a task definition would see them.

use super::Assembly;
use crate::import::read::Sourced;
use crate::import::report::Fate;
use crate::import::workload::{Container, HealthCheck};
use crate::suspicion::on_command_line;

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

/// Whether a word of a command looks like a secret. A client of MySQL has its password behind `-p` without a blank.
fn is_secret(words: &[String], at: usize) -> bool {
    let before = at.checked_sub(1).map(|at| words[at].as_str());
    let program = |word: &String| {
        let program = word.rsplit('/').next().unwrap_or(word);
        program.starts_with("mysql") || program.starts_with("mariadb")
    };
    let of_mysql = words[at].len() > 2 && words[at].starts_with("-p") && !words[at].contains('$');
    on_command_line(before, &words[at]).is_some() || of_mysql && words.iter().any(program)
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
            ("server -port 80 --password $PASSWORD -pidfile x", ""),
        ] {
            let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
            let found = words.iter().enumerate().filter(|(at, _)| is_secret(&words, *at));
            let found: Vec<&str> = found.map(|(_, word)| word.as_str()).collect();
            assert_eq!(found.join(" "), hidden, "{line}");
        }
    }
}
