//! Reads the JSON form of a stack file into the same tree.
//!
//! Strict JSON. Strings may hold references as `${database.main.host}`, as in Terraform's own JSON syntax.

use std::ops::Range;
use std::sync::Arc;

use jsonc_parser::ast::{Object, StringLit, Value as Json};
use jsonc_parser::common::Ranged;
use jsonc_parser::errors::{ParseError, ParseErrorKind};
use jsonc_parser::{CollectOptions, ParseOptions, ParseStringErrorKind};

use super::builder::{Name, TableBuilder};
use super::document::{Form, Node, Table, Value};
use super::expression;
use super::limits::{self, FILE_LIMIT};
use super::mistake::SYNTAX_ERROR;
use super::reading::{Reading, Stop};
use super::words;

const STRICT: ParseOptions = ParseOptions {
    allow_comments: false,
    allow_loose_object_property_names: false,
    allow_trailing_commas: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

/// Reads the whole text, which must be one object.
pub(super) fn read(reading: &mut Reading<'_>) -> Result<Table, Stop> {
    check_outside_strings(reading)?;
    let parsed = match jsonc_parser::parse_to_ast(reading.text, &CollectOptions::default(), &STRICT) {
        Ok(parsed) => parsed.value,
        Err(error) => return Err(refuse(reading, &error)),
    };
    match parsed {
        Some(Json::Object(root)) => table(reading, &root, 1),
        other => {
            let place = other.map_or(0..0, |value| bytes(&value));
            let diagnostic = reading
                .at(&SYNTAX_ERROR, place, "a stack file in JSON is one object")
                .help("start with `{` and end with `}`");
            Err(reading.refuse(diagnostic))
        }
    }
}

fn bytes(ranged: &impl Ranged) -> Range<usize> {
    ranged.start()..ranged.end()
}

fn table(reading: &mut Reading<'_>, object: &Object<'_>, depth: usize) -> Result<Table, Stop> {
    let mut table = TableBuilder::default();
    for member in &object.properties {
        if let jsonc_parser::ast::ObjectPropName::String(key) = &member.name {
            check_controls(reading, key)?;
        }
        let node = node(reading, &member.value, depth)?;
        let key = Name { text: member.name.as_str(), place: bytes(&member.name) };
        if let Some(node) = node {
            table.value(reading, key, Form::Json, node)?;
        }
    }
    Ok(table.finish())
}

fn node(reading: &mut Reading<'_>, json: &Json<'_>, depth: usize) -> Result<Option<Node>, Stop> {
    let place = bytes(json);
    let value = match json {
        Json::NullKeyword(_) => Some(Value::Null),
        Json::BooleanLit(literal) => Some(Value::Bool(literal.value)),
        Json::NumberLit(literal) => number(reading, literal.value, &place)?,
        Json::StringLit(literal) => string(reading, literal)?,
        Json::Array(array) => {
            limits::check_depth(reading, depth + 1, place.start)?;
            let mut nodes = Vec::with_capacity(array.elements.len());
            for element in &array.elements {
                nodes.extend(node(reading, element, depth + 1)?);
            }
            Some(Value::List(nodes.into()))
        }
        Json::Object(object) => {
            limits::check_depth(reading, depth + 1, place.start)?;
            Some(Value::Table(Arc::new(table(reading, object, depth + 1)?)))
        }
    };
    Ok(value.map(|value| Node { span: reading.span(place), value }))
}

fn number(reading: &mut Reading<'_>, text: &str, place: &Range<usize>) -> Result<Option<Value>, Stop> {
    let number = words::number(text);
    if number.is_none() {
        let diagnostic =
            reading.at(&SYNTAX_ERROR, place.clone(), format!("the number `{text}` is too large"));
        reading.say(diagnostic.help("write it as a string if its digits matter"))?;
    }
    Ok(number)
}

fn string(reading: &mut Reading<'_>, literal: &StringLit<'_>) -> Result<Option<Value>, Stop> {
    check_controls(reading, literal)?;
    let place = bytes(literal);
    let exact = literal.value.len() + 2 == place.len();
    expression::lower_json_string(reading, &literal.value, place, exact)
}

/// `jsonc-parser` takes any Unicode blank between values; JSON has four, all of ASCII.
fn check_outside_strings(reading: &mut Reading<'_>) -> Result<(), Stop> {
    let (mut in_string, mut escaped) = (false, false);
    for (at, c) in reading.text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = in_string,
            '"' => in_string = !in_string,
            _ if !in_string && (!c.is_ascii() || matches!(c, '\u{b}' | '\u{c}')) => {
                let message = format!("unexpected `{}` outside a string", words::shown(&c.to_string()));
                let diagnostic = reading.at(&SYNTAX_ERROR, at..at + c.len_utf8(), message);
                return Err(reading.refuse(diagnostic.help("strings stand in `\"`")));
            }
            _ => {}
        }
    }
    Ok(())
}

/// `jsonc-parser` lets line breaks and control characters stand in strings; JSON does not.
fn check_controls(reading: &mut Reading<'_>, literal: &StringLit<'_>) -> Result<(), Stop> {
    let place = bytes(literal);
    match reading.text.as_bytes()[place.clone()].iter().position(|byte| *byte < 0x20) {
        None => Ok(()),
        Some(offset) => {
            let at = place.start + offset;
            let piece = words::shown(&reading.text[at..at + 1]);
            let diagnostic = reading
                .at(&SYNTAX_ERROR, at..at + 1, format!("a raw `{piece}` in a string"))
                .related(reading.span(place.start..place.start + 1), "the string starts here")
                .help(format!("write it as `{piece}`, or close the string"));
            reading.say(diagnostic)
        }
    }
}

fn refuse(reading: &mut Reading<'_>, error: &ParseError) -> Stop {
    use ParseErrorKind as Kind;
    let range = error.range();
    let text = reading.text;
    let start = (0..=range.start.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    let end = (range.end..=text.len()).find(|&at| text.is_char_boundary(at)).unwrap_or(text.len());
    let piece = words::shown(&text[start..end.max(start)].chars().take(20).collect::<String>());
    let (message, help) = match error.kind() {
        Kind::NestingDepthExceeded => {
            let message = format!("more than {} levels inside each other", limits::DEPTH);
            let diagnostic = reading.at(&FILE_LIMIT, start..start + 1, message);
            return reading.refuse(diagnostic);
        }
        Kind::CommentsNotAllowed | Kind::UnterminatedCommentBlock => {
            ("JSON has no comments".to_owned(), "write the stack file in HCL to comment it")
        }
        Kind::TrailingCommasNotAllowed => ("a `,` behind the last item".to_owned(), "remove it"),
        Kind::ExpectedComma
            if text[..start].ends_with('0') && text[start..].starts_with(|c: char| c.is_ascii_digit()) =>
        {
            ("a number starts with a zero".to_owned(), "write it as a string if its digits matter")
        }
        Kind::ExpectedComma => ("missing `,`".to_owned(), "put a `,` between the items"),
        Kind::SingleQuotedStringsNotAllowed => {
            ("`'` does not quote a string".to_owned(), "write `\"` on both sides")
        }
        Kind::ExpectedStringObjectProperty => {
            (format!("the key `{piece}` needs double quotes"), "in JSON every key is a string")
        }
        Kind::ExpectedColonAfterObjectKey => {
            ("expected `:` after the key".to_owned(), "write `\"key\": value`")
        }
        Kind::ExpectedObjectValue => ("this key has no value".to_owned(), "write a value behind the `:`"),
        Kind::UnterminatedObject => ("this `{` is not closed".to_owned(), "close it with `}`"),
        Kind::UnterminatedArray => ("this `[` is not closed".to_owned(), "close it with `]`"),
        Kind::String(ParseStringErrorKind::UnterminatedStringLiteral) => {
            ("this string is not closed".to_owned(), "close it with `\"`")
        }
        Kind::String(ParseStringErrorKind::InvalidUnicodeEscapeSequence(_)) => {
            ("half of a surrogate pair".to_owned(), "write the character itself, or both halves")
        }
        Kind::String(_) => ("unknown escape in a string".to_owned(), "write `\\\\` for a backslash"),
        Kind::MultipleRootJsonValues => {
            (format!("unexpected `{piece}` behind the end"), "a stack file in JSON is one object")
        }
        _ => (
            format!("unexpected `{piece}`"),
            "write strings in double quotes, lists in `[]`, objects in `{}`",
        ),
    };
    // Only the opening of what is not closed: its end is the end of the file.
    let opening = matches!(
        error.kind(),
        Kind::UnterminatedObject
            | Kind::UnterminatedArray
            | Kind::String(ParseStringErrorKind::UnterminatedStringLiteral)
    );
    let end = if opening { (start + 1).min(text.len()) } else { end.max(start) };
    let diagnostic = reading.at(&SYNTAX_ERROR, start..end, message).help(help);
    reading.refuse(diagnostic)
}
