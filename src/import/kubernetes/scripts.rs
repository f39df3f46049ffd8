//! Secrets that no manifest has, because a shell script makes them: `kubectl create secret generic NAME --from-literal=..`.
//!
//! Only names and keys are read. Values never leave the script.

/// The Secrets that a script makes, each with its keys.
pub(super) fn secrets(text: &str) -> Vec<(String, Vec<String>)> {
    let joined = text.replace("\\\r\n", " ").replace("\\\n", " ");
    joined.lines().filter_map(secret).collect()
}

fn secret(line: &str) -> Option<(String, Vec<String>)> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let at = words.windows(3).position(|words| words == ["create", "secret", "generic"])?;
    let mut rest = words[at + 3..].iter();
    let name = rest.find(|word| !word.starts_with('-'))?;
    let mut keys = Vec::new();
    let mut rest = words[at + 3..].iter().copied();
    while let Some(word) = rest.next() {
        let (option, value) = match word.split_once('=') {
            Some((option, value)) => (option, Some(value)),
            None => (word, None),
        };
        if !matches!(option, "--from-literal" | "--from-file") {
            continue;
        }
        let Some(value) = value.or_else(|| rest.next()) else { break };
        let value = value.trim_start_matches(['"', '\'']);
        let key = match value.split_once('=') {
            Some((key, _)) => key,
            // The key of a file without one is its name.
            None => value.rsplit('/').next().unwrap_or(value).trim_end_matches(['"', '\'']),
        };
        keys.push(key.to_owned());
    }
    Some(((*name).to_owned(), keys))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_keys_are_read_and_no_values() {
        let script = "#!/bin/sh\nkubectl create secret generic app \\\n  --from-literal=TOKEN=abc \\\n  --from-literal 'A=b c' \
                      --from-file=keys/tls.pem --from-file=k.json=x.json\nkubectl create namespace x\n";
        let keys = ["TOKEN", "A", "tls.pem", "k.json"].map(str::to_owned).to_vec();
        assert_eq!(secrets(script), [("app".to_owned(), keys)]);
        assert_eq!(secrets("kubectl create secret generic"), []);
    }
}
