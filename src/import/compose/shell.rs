//! A command written as one text, split into words as compose does it.

/// The words of a text: quotes hold words together, a backslash takes the next character as it is. `None` when a quote
/// is not closed.
pub(super) fn words(text: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\'' => {
                let word = word.get_or_insert_default();
                loop {
                    match chars.next()? {
                        '\'' => break,
                        c => word.push(c),
                    }
                }
            }
            '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match chars.next()? {
                        '"' => break,
                        '\\' if matches!(chars.peek(), Some('"' | '\\' | '$' | '`' | '\n')) => {
                            word.extend(chars.next())
                        }
                        c => word.push(c),
                    }
                }
            }
            '\\' => match chars.next() {
                Some('\n') | None => {}
                Some(c) => word.get_or_insert_default().push(c),
            },
            c if c.is_whitespace() => words.extend(word.take()),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    Some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_split_as_a_shell_splits_it() {
        for (text, expected) in [
            ("rails s -p 3000", vec!["rails", "s", "-p", "3000"]),
            (r#"sh -c "echo \"a b\" && exit""#, vec!["sh", "-c", r#"echo "a b" && exit"#]),
            (r"a\ b '' 'c d'e", vec!["a b", "", "c de"]),
            ("  \n", vec![]),
            (r#""\n""#, vec![r"\n"]),
        ] {
            assert_eq!(words(text).unwrap(), expected, "{text}");
        }
        assert_eq!(words("echo 'open"), None);
    }
}
