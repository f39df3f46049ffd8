//! Common mistakes: each is found at the place where it was made, and none hides another.

use super::{hcl, json};

#[track_caller]
fn assert_said(text: &str, expected: &[&str]) {
    assert_eq!(hcl(text).said(), expected, "in:\n{text}");
}

#[test]
fn a_missing_quote_is_told_at_the_opening_quote() {
    assert_said(
        "service \"web\" {\n  image = \"abc\n  cpu = 1 2\n}\n",
        &[
            "2:11 syntax-error: this string is not closed",
            "3:11 syntax-error: unexpected `2` after the value",
        ],
    );
    assert_said(
        "service \"web {\n}\n",
        &[
            "1:9 syntax-error: this string is not closed",
            "2:1 syntax-error: unexpected `}`: no block is open here",
        ],
    );
}

#[test]
fn an_unclosed_block_is_told_at_its_header() {
    let told = "1:1 syntax-error: block `service \"a\"` is not closed";
    assert_said("service \"a\" {\n  cpu = 1\n\nservice \"b\" {\n  cpu = 1\n}\n", &[told]);
    assert_said("service \"a\" {", &[told]);
}

#[test]
fn indentation_tells_which_of_several_blocks_is_not_closed() {
    assert_said(
        "app \"x\" {\n  service \"a\" {\n    cpu = 1\n\n  service \"b\" {\n    cpu = 2\n  }\n}\n",
        &["2:3 syntax-error: block `service \"a\"` is not closed"],
    );
    assert_said(
        "app \"x\" {\n  cpu = 1\n  environment = {\n    A = 1\n\n  cpu = 2\n}\n",
        &["3:17 syntax-error: this `{` is not closed"],
    );
}

#[test]
fn an_unclosed_bracket_ends_where_the_next_attribute_starts() {
    assert_said(
        "a = [1, 2\nb = 'x'\nc = {\n  d = 1\nservice \"x\" {\n}\n",
        &[
            "1:5 syntax-error: this `[` is not closed",
            "2:5 syntax-error: `'` does not quote a string",
            "3:5 syntax-error: this `{` is not closed",
        ],
    );
}

#[test]
fn other_quotes_colons_semicolons_and_commas_are_named() {
    assert_said(
        "a = 'x'\nb = “hi”\nc = 1;\nd = 2,\ne: 3\nf => 4\n",
        &[
            "1:5 syntax-error: `'` does not quote a string",
            "2:5 syntax-error: `“` does not quote a string",
            "3:6 syntax-error: unexpected `;`",
            "4:6 syntax-error: unexpected `,`",
            "5:2 syntax-error: `:` instead of `=`",
            "6:3 syntax-error: `=>` instead of `=`",
        ],
    );
}

#[test]
fn missing_values_and_equals_signs_are_told_at_the_key() {
    assert_said(
        "a =\nb\nc 5\nd \"x\"\nservice \"w\" = {\n}\n\"e\" = 1\n",
        &[
            "1:1 syntax-error: `a` has no value",
            "2:1 syntax-error: `b` has no value",
            "3:2 syntax-error: expected `=` or `{` after `c`",
            "4:2 syntax-error: expected `=` after `d`",
            "5:13 syntax-error: unexpected `=`",
            "7:1 syntax-error: unexpected `\"`",
        ],
    );
}

#[test]
fn missing_commas_and_equals_signs_inside_values_are_told() {
    assert_said(
        "a = [\"b\" \"c\"]\nd = { A = 1 B = 2 }\ne = { F 1 }\ng = bundle exec\nh = i.\n",
        &[
            "1:9 syntax-error: missing `,` in a list",
            "2:12 syntax-error: missing `,` or line break in an object",
            "3:8 syntax-error: expected `=` after a key",
            "4:12 syntax-error: unexpected `exec` after the value",
            "5:6 syntax-error: expected a name after `.`",
        ],
    );
}

#[test]
fn bad_escapes_and_large_numbers_are_refused() {
    assert_said(
        "a = \"x\\q\"\nb = \"\\u00\"\nc = 99999999999999999999\n",
        &[
            "1:7 syntax-error: unknown escape `\\q` in a string",
            "2:8 syntax-error: `\\u` needs four hexadecimal digits, `\\U` eight",
            "3:5 syntax-error: the number `99999999999999999999` is too large",
        ],
    );
}

#[test]
fn a_block_on_one_line_holds_one_attribute() {
    assert_said(
        "a \"m\" { b = \"x\"  c = true }\nd { e { f = 1 } }\ng { h = 1\n  i = 2 }\nj {\n  k = 1 }\nl = 1 m = 2\n",
        &[
            "1:18 syntax-error: `c` needs a line of its own",
            "2:5 syntax-error: `e` needs a line of its own",
            "4:3 syntax-error: unexpected line break in a one-line block",
            "6:9 syntax-error: `}` needs a line of its own",
            "7:7 syntax-error: `m` needs a line of its own",
        ],
    );
}

#[test]
fn unclosed_interpolations_heredocs_and_comments_are_told_at_their_start() {
    assert_said(
        "a = \"${b.c\"\nd = \"x ${b.c\ne = <<EOT\nEOTX\n",
        &[
            "1:6 syntax-error: this `${` is not closed on its line",
            "2:8 syntax-error: this `${` is not closed on its line",
            "3:5 syntax-error: this heredoc is not closed: no line holds only `EOT`",
        ],
    );
    assert_said("a = 1 /* b\n", &["1:7 syntax-error: this comment is not closed"]);
    assert_said("/* b\n", &["1:1 syntax-error: this comment is not closed"]);
}

#[test]
fn stray_brackets_are_told_once() {
    assert_said(
        "}\na = ]\nb = [(1]\n",
        &[
            "1:1 syntax-error: unexpected `}`: no block is open here",
            "2:5 syntax-error: unexpected `]`: nothing is open here",
            "3:6 syntax-error: this `(` is not closed",
        ],
    );
}

#[test]
fn another_language_gets_one_answer() {
    assert_said("services:\n  web:\n    image: x\n", &["1:1 syntax-error: this looks like YAML"]);
    assert_said("# c\n---\na: 1\n", &["2:1 syntax-error: this looks like YAML"]);
    assert_said("\n{\"a\": 1}\n", &["2:1 syntax-error: this looks like JSON, in a file read as HCL"]);
}

#[test]
fn whatever_is_no_value_or_reference_is_refused_by_name() {
    let cases = [
        ("upper(\"x\")", "a function call"),
        ("1 + 2", "an operator"),
        ("!a", "an operator"),
        ("-a", "an operator"),
        ("a ? 1 : 2", "a conditional (`? :`)"),
        ("[for x in y : x]", "a `for` expression"),
        ("a[0]", "an index"),
        ("a.0", "an index"),
        ("a.*.b", "a splat (`*`)"),
        ("a[*].b", "a splat (`*`)"),
        ("(1)", "a parenthesis"),
        ("\"%{ if x }y%{ endif }\"", "a template directive (`%{`)"),
        ("\"${upper(\"x\")}\"", "a function call"),
        ("\"${1}\"", "a literal in a template"),
        ("\"${~ a }\"", "a strip marker (`~`)"),
        ("{ (a) = 1 }", "a computed key"),
    ];
    for (value, what) in cases {
        let said = hcl(&format!("a = {value}\n")).said();
        assert_eq!(said.len(), 1, "{said:?}");
        let expected = format!("unsupported-expression: {what} cannot stand in a stack file");
        assert!(said[0].ends_with(&expected), "{value}: {said:?}");
    }
}

#[test]
fn duplicates_are_told_with_both_places_and_the_first_is_kept() {
    let read = hcl("a = 1\na = 2\ns = { A = 1, A = 2, \"A\" = f(), B = g() }\n");
    assert_eq!(
        read.said(),
        [
            "2:1 duplicate-key: `a` is set twice",
            "3:14 duplicate-key: `A` is set twice",
            "3:21 duplicate-key: `A` is set twice",
            "3:36 unsupported-expression: a function call cannot stand in a stack file",
        ]
    );
    let first = &read.outcome.diagnostics[1].related[0];
    assert_eq!(read.sources.position(first.span).to_string(), "3:7");
    let root = &read.outcome.value.as_ref().unwrap().root;
    assert_eq!(read.text(root.place(&["a"]).unwrap()), "1");
    assert_eq!(read.text(root.place(&["s", "A"]).unwrap()), "1");
}

#[test]
fn a_name_is_used_in_one_way() {
    assert_said(
        "s \"a\" {}\ns \"a\" {}\ns {}\nt {}\nt {}\nt = 1\nt \"x\" {}\nu = 1\nu {}\nv \"a\" \"b\" {}\nw \"${x}\" {}\n",
        &[
            "2:3 duplicate-key: block `s \"a\"` is written twice",
            "3:1 duplicate-key: `s` is a block both with and without a label",
            "5:1 duplicate-key: block `t` is written twice",
            "6:1 duplicate-key: `t` is both an attribute and a block",
            "7:1 duplicate-key: `t` is a block both with and without a label",
            "9:1 duplicate-key: `u` is both an attribute and a block",
            "10:7 syntax-error: `v` takes one label",
            "11:3 syntax-error: a label is plain text",
        ],
    );
}

#[test]
fn json_mistakes_are_told_in_the_words_of_json() {
    let cases = [
        ("{\"a\": 1,}", "1:8 syntax-error: a `,` behind the last item"),
        ("{\"a\": 1 \"b\": 2}", "1:8 syntax-error: missing `,`"),
        ("{\"a\": 'x'}", "1:7 syntax-error: `'` does not quote a string"),
        ("{a: 1}", "1:2 syntax-error: the key `a` needs double quotes"),
        ("{\"a\" 1}", "1:6 syntax-error: expected `:` after the key"),
        ("// x\n{}", "1:1 syntax-error: JSON has no comments"),
        ("{\"a\": [1", "1:7 syntax-error: this `[` is not closed"),
        ("{\"a\": 1", "1:1 syntax-error: this `{` is not closed"),
        ("{\"a\": \"x", "1:7 syntax-error: this string is not closed"),
        ("{\"a\": \"x\ny\"}", "1:9 syntax-error: a raw `\\n` in a string"),
        ("{\"a\": \"\\ud800\"}", "1:8 syntax-error: half of a surrogate pair"),
        ("{\"a\": \"\\q\"}", "1:8 syntax-error: unknown escape in a string"),
        ("{\"a\": 01}", "1:8 syntax-error: a number starts with a zero"),
        ("{\"a\": 1e999}", "1:7 syntax-error: the number `1e999` is too large"),
        ("{“a”: 1}", "1:2 syntax-error: unexpected `“` outside a string"),
        ("{} {}", "1:4 syntax-error: unexpected `{` behind the end"),
        ("[1]", "1:1 syntax-error: a stack file in JSON is one object"),
        ("", "1:1 syntax-error: a stack file in JSON is one object"),
        ("{\"a\": 1, \"a\": 2}", "1:10 duplicate-key: `a` is set twice"),
        ("{\"a\": \"x${b\"}", "1:7 syntax-error: this string has a `${` or `%{` that is no reference"),
        ("{\"a\": \"${f(1)}\"}", "1:10 unsupported-expression: a function call cannot stand in a stack file"),
    ];
    for (text, expected) in cases {
        assert_eq!(json(text).said(), [expected], "in: {text}");
    }
}
