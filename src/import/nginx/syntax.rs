//! The syntax of nginx: directives of words, some with a block of directives, each with its place.

use std::ops::Range;

/// How deep blocks may stand in blocks.
const DEPTH: usize = 16;

/// A directive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directive {
    /// Its first word.
    pub name: String,
    /// The words behind it, without quotes.
    pub words: Vec<String>,
    /// What stands between its braces, if it has any.
    pub block: Option<Vec<Directive>>,
    /// Where its first word stands in the text.
    pub place: Range<usize>,
}

/// Why a text cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// Where.
    pub place: Range<usize>,
    /// What is wrong.
    pub words: &'static str,
}

/// A word with its place, or a brace or semicolon.
#[derive(Debug)]
enum Token {
    Word(String),
    Open,
    Close,
    End,
}

/// Reads the directives of a text.
///
/// # Errors
/// When braces or quotes do not close, or a directive has no end.
pub fn parse(text: &str) -> Result<Vec<Directive>, Mistake> {
    // What is open: the directive whose block it is, and what stands in it so far.
    let mut open: Vec<(Directive, Vec<Directive>)> = Vec::new();
    let mut found: Vec<Directive> = Vec::new();
    let mut statement: Option<Directive> = None;
    for (token, place) in tokens(text)? {
        let mistake = |words| Mistake { place: place.clone(), words };
        match token {
            Token::Word(word) => match &mut statement {
                Some(directive) => directive.words.push(word),
                None => {
                    statement = Some(Directive { name: word, words: Vec::new(), block: None, place });
                }
            },
            Token::End => match statement.take() {
                Some(directive) => found.push(directive),
                None => return Err(mistake("a `;` ends nothing")),
            },
            Token::Open => {
                let Some(directive) = statement.take() else {
                    return Err(mistake("a `{` belongs to no directive"));
                };
                if open.len() == DEPTH {
                    return Err(mistake("too many blocks inside each other"));
                }
                open.push((directive, std::mem::take(&mut found)));
            }
            Token::Close => {
                let (Some((directive, before)), None) = (open.pop(), &statement) else {
                    return Err(mistake("a `}` closes nothing"));
                };
                let block = std::mem::replace(&mut found, before);
                found.push(Directive { block: Some(block), ..directive });
            }
        }
    }
    let unfinished = statement.or_else(|| open.pop().map(|(directive, _)| directive));
    match unfinished {
        Some(directive) => Err(Mistake { place: directive.place, words: "this directive has no end" }),
        None => Ok(found),
    }
}

/// Words without quotes and comments, braces and semicolons.
fn tokens(text: &str) -> Result<Vec<(Token, Range<usize>)>, Mistake> {
    let mut found = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        match c {
            c if c.is_whitespace() => {}
            '#' => while chars.next_if(|(_, c)| *c != '\n').is_some() {},
            '{' => found.push((Token::Open, start..start + 1)),
            '}' => found.push((Token::Close, start..start + 1)),
            ';' => found.push((Token::End, start..start + 1)),
            quote @ ('"' | '\'') => {
                let mut word = String::new();
                loop {
                    match chars.next() {
                        Some((end, c)) if c == quote => {
                            found.push((Token::Word(word), start..end + 1));
                            break;
                        }
                        Some((_, '\\')) => word.extend(escaped(chars.next().map(|(_, c)| c), quote)),
                        Some((_, c)) => word.push(c),
                        None => {
                            return Err(Mistake { place: start..start + 1, words: "a quote does not close" });
                        }
                    }
                }
            }
            first => {
                let mut word = String::from(first);
                let mut end = start + first.len_utf8();
                // `${NAME}` is part of a word, and its braces are none of a block.
                let mut within = false;
                while let Some((at, c)) = chars.next_if(|(_, c)| {
                    !(c.is_whitespace()
                        || *c == ';'
                        || !within && !word.ends_with('$') && matches!(c, '{' | '}'))
                }) {
                    within = c == '{' || within && c != '}';
                    word.push(c);
                    end = at + c.len_utf8();
                }
                found.push((Token::Word(word), start..end));
            }
        }
    }
    Ok(found)
}

/// A backslash and what stands behind it: only a quote is protected by it, as in nginx.
fn escaped(next: Option<char>, quote: char) -> Vec<char> {
    match next {
        Some(c) if c == quote || c == '\\' => vec![c],
        Some(c) => vec!['\\', c],
        None => vec!['\\'],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Directives as text: name and words, and in brackets what is inside.
    fn shown(directives: &[Directive]) -> String {
        let one = |directive: &Directive| {
            let words = [std::slice::from_ref(&directive.name), &directive.words].concat().join("|");
            match &directive.block {
                Some(block) => format!("{words}[{}]", shown(block)),
                None => words,
            }
        };
        directives.iter().map(one).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn blocks_quotes_comments_and_variables_are_read() {
        let text = r#"
            # not { a block
            server { server_name ${DOMAIN} b; add_header X "a; b {\"" always; }
            location ~ ^/a{2}$ {} # end
            map $x $y { default ''; }"#;
        // Braces in a regular expression without quotes are those of a block, for nginx as well.
        assert!(parse(text).is_err());
        let text = text.replace("^/a{2}$", "'^/a{2}$'");
        let expected = "server[server_name|${DOMAIN}|b add_header|X|a; b {\"|always] location|~|^/a{2}$[] \
                        map|$x|$y[default|]";
        assert_eq!(shown(&parse(&text).unwrap()), expected);
    }

    #[test]
    fn a_directive_knows_its_place() {
        let text = "é {\n  listen 80;\n}";
        let found = parse(text).unwrap();
        let inner = found[0].block.as_ref().unwrap();
        assert_eq!(&text[inner[0].place.clone()], "listen");
    }

    #[test]
    fn what_does_not_close_is_a_mistake() {
        for text in ["}", "{", "a", "a {", "a { b }", "a \"b;", ";", &"a {".repeat(100)] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
