//! Strings and names as HCL source text.
//!
//! The one place that knows how a value is escaped. Everything else that writes HCL calls it.

/// A string as a quoted HCL literal that stands for exactly that string.
///
/// The rule was checked against Terraform 1.11: besides the quote, the backslash and control characters, a `$` or
/// `%` needs care only directly before `{`, where it is doubled.
pub fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    write_quoted(&mut out, text);
    out
}

/// Appends [`quote`] of a string.
pub fn write_quoted(out: &mut String, text: &str) {
    out.push('"');
    let mut copied = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escape = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            b'$' if text.as_bytes().get(at + 1) == Some(&b'{') => "$$",
            b'%' if text.as_bytes().get(at + 1) == Some(&b'{') => "%%",
            0x00..0x20 | 0x7f => "",
            _ => continue,
        };
        out.push_str(&text[copied..at]);
        if escape.is_empty() {
            out.push_str("\\u00");
            out.extend(
                [byte >> 4, byte & 15].map(|digit| char::from(b"0123456789abcdef"[usize::from(digit)])),
            );
        } else {
            out.push_str(escape);
        }
        copied = at + 1;
    }
    out.push_str(&text[copied..]);
    out.push('"');
}

/// Whether a text is an identifier made of ASCII letters, digits, `_` and `-`, not starting with a digit or `-`.
///
/// HCL allows other letters too; names that we write keep to these.
pub fn is_identifier(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
        && bytes.all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
}

/// Whether a text can stand unquoted as the key of an object: an identifier that is no keyword.
pub fn is_bare_key(text: &str) -> bool {
    is_identifier(text) && !matches!(text, "null" | "true" | "false" | "for" | "if")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::hcl::{Kind, lex};

    /// What `hcl::edit` reads back from a quoted string.
    fn read_back(quoted: &str) -> Option<String> {
        let body: hcl::edit::structure::Body = format!("a = {quoted}\n").parse().ok()?;
        body.get_attribute("a")?.value.as_str().map(str::to_owned)
    }

    #[test]
    fn escapes_what_hcl_reads_otherwise() {
        assert_eq!(quote("a\"b\\c\n\r\t\u{0}\u{1f}\u{7f}é"), r#""a\"b\\c\n\r\t\u0000\u001f\u007fé""#);
    }

    #[test]
    fn doubles_a_sign_only_directly_before_a_brace() {
        for (text, quoted) in [
            ("${a}", r#""$${a}""#),
            ("%{a}", r#""%%{a}""#),
            ("$${", r#""$$${""#),
            ("${${", r#""$${$${""#),
            ("$%{", r#""$%%{""#),
            ("100%$", r#""100%$""#),
            ("${USER} is 100%${terraform.workspace}", r#""$${USER} is 100%$${terraform.workspace}""#),
        ] {
            assert_eq!(quote(text), quoted);
        }
    }

    #[test]
    fn a_bare_key_is_an_identifier_and_no_keyword() {
        assert!(["a", "_", "a-b", "A1", "in", "iff"].into_iter().all(is_bare_key));
        assert!(
            !["", "1a", "-a", "a b", "é", "a.b", "for", "if", "null", "true", "false"]
                .into_iter()
                .any(is_bare_key)
        );
        assert!(is_identifier("for"));
    }

    fn hostile() -> impl Strategy<Value = String> {
        prop_oneof![r#"[$%{}"\\~a\n]{0,12}"#, any::<String>()]
    }

    proptest! {
        #[test]
        fn hcl_edit_reads_back_the_same_string(text in hostile()) {
            prop_assert_eq!(read_back(&quote(&text)), Some(text));
        }

        #[test]
        fn our_lexer_sees_one_literal_without_code(text in hostile()) {
            let quoted = quote(&text);
            let tokens = lex(&quoted).unwrap();
            let kinds: Vec<Kind> = tokens.iter().map(|t| t.kind).collect();
            let expected: &[Kind] = match text.is_empty() {
                true => &[Kind::OpenQuote, Kind::CloseQuote],
                false => &[Kind::OpenQuote, Kind::Text, Kind::CloseQuote],
            };
            prop_assert_eq!(kinds, expected);
        }
    }
}
