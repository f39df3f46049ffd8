//! HCL expressions as types, and how they print. The only way a value gets into generated Terraform.

use std::fmt::Write as _;
use std::sync::Arc;

use super::quote::{is_bare_key, write_quoted};

/// A constant.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction; always finite.
    Float(f64),
    /// A string, printed quoted and escaped.
    String(Arc<str>),
}

impl Literal {
    /// The text a template interpolation of it gives.
    pub fn to_text(&self) -> String {
        match self {
            Literal::Null => String::new(),
            Literal::Bool(value) => value.to_string(),
            Literal::Integer(value) => value.to_string(),
            Literal::Float(value) => value.to_string(),
            Literal::String(text) => text.to_string(),
        }
    }

    /// The Terraform type that holds it; `None` for null, which every type holds.
    pub fn type_name(&self) -> Option<&'static str> {
        match self {
            Literal::Null => None,
            Literal::Bool(_) => Some("bool"),
            Literal::Integer(_) | Literal::Float(_) => Some("number"),
            Literal::String(_) => Some("string"),
        }
    }
}

impl From<&str> for Literal {
    fn from(text: &str) -> Self {
        Literal::String(text.into())
    }
}

impl From<String> for Literal {
    fn from(text: String) -> Self {
        Literal::String(text.into())
    }
}

impl From<bool> for Literal {
    fn from(value: bool) -> Self {
        Literal::Bool(value)
    }
}

impl From<i64> for Literal {
    fn from(value: i64) -> Self {
        Literal::Integer(value)
    }
}

/// An expression of the generated Terraform.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// A constant.
    Literal(Literal),
    /// `"a${b}c"`: the concatenation of its parts.
    Template(Vec<Expr>),
    /// `[a, b]`
    List(Vec<Expr>),
    /// `{ a = b }`
    Object(Vec<(Arc<str>, Expr)>),
    /// `aws_vpc.main.id`, `var.name`: printed as it is. Built only from names that this program made.
    Traversal(Arc<str>),
    /// `name(a, b)`
    Call(&'static str, Vec<Expr>),
    /// `!a`
    Not(Box<Expr>),
    /// `a ? b : c`
    If(Box<[Expr; 3]>),
    /// `[for item in LIST : item if item != null]`: a list some of whose items are null in some environments.
    Compact(Vec<Expr>),
    /// `[for name, value in OBJECT : { name = name, value = value }]`, the form ECS wants for maps.
    NameValues {
        /// Value by name, in the order printed.
        entries: Vec<(Arc<str>, Expr)>,
        /// The key beside `name`: `value`, `valueFrom`.
        value: &'static str,
        /// Whether entries that are null in an environment are left out there.
        sparse: bool,
    },
}

/// A list longer than this, in characters, is printed with one item per line.
const LINE: usize = 76;

impl Expr {
    /// A string constant.
    pub fn string(text: impl Into<Arc<str>>) -> Self {
        Expr::Literal(Literal::String(text.into()))
    }

    /// Whether it is the constant `null`.
    pub fn is_null(&self) -> bool {
        matches!(self, Expr::Literal(Literal::Null))
    }

    /// The constant, if it is one.
    pub fn literal(&self) -> Option<&Literal> {
        match self {
            Expr::Literal(literal) => Some(literal),
            _ => None,
        }
    }

    /// `if condition { yes } else { no }`, decided now when the condition is a constant.
    pub fn choose(condition: Expr, yes: Expr, no: Expr) -> Self {
        match condition {
            Expr::Literal(Literal::Bool(true)) => yes,
            Expr::Literal(Literal::Bool(false)) => no,
            _ if yes == no => yes,
            Expr::Not(inner) => Expr::If(Box::new([*inner, no, yes])),
            condition => Expr::If(Box::new([condition, yes, no])),
        }
    }

    /// `!inner`, decided now when it is a constant.
    pub fn negate(inner: Expr) -> Self {
        match inner {
            Expr::Literal(Literal::Bool(value)) => Expr::Literal(Literal::Bool(!value)),
            Expr::Not(inner) => *inner,
            inner => Expr::Not(Box::new(inner)),
        }
    }

    /// The concatenation of `parts`, with neighbouring constants joined; a constant when all are.
    pub fn concat(parts: impl IntoIterator<Item = Expr>) -> Self {
        let mut joined: Vec<Expr> = Vec::new();
        for part in parts.into_iter().flat_map(|part| match part {
            Expr::Template(parts) => parts,
            part => vec![part],
        }) {
            match (joined.last_mut(), part) {
                (Some(Expr::Literal(left)), Expr::Literal(right)) => {
                    *left = Literal::from(left.to_text() + &right.to_text());
                }
                (_, Expr::Literal(literal)) => joined.push(Expr::Literal(Literal::from(literal.to_text()))),
                (_, part) => joined.push(part),
            }
        }
        match joined.len() {
            0 => Expr::string(""),
            1 if matches!(joined[0], Expr::Literal(_) | Expr::Traversal(_)) => joined.remove(0),
            _ => Expr::Template(joined),
        }
    }

    /// The expression as HCL. Layout is left to [`super::format`]; line breaks are chosen here.
    pub fn print(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }

    fn write(&self, out: &mut String) {
        match self {
            Expr::Literal(literal) => write_literal(out, literal),
            Expr::Traversal(text) => out.push_str(text),
            Expr::Template(parts) => {
                out.push('"');
                for part in parts {
                    match part {
                        Expr::Literal(literal) => {
                            let mut quoted = String::new();
                            write_quoted(&mut quoted, &literal.to_text());
                            out.push_str(&quoted[1..quoted.len() - 1]);
                            // A `$` or `%` at the end of the text would join the marker that follows it.
                            if quoted.ends_with("$\"") || quoted.ends_with("%\"") {
                                let marker = out.pop().unwrap_or('$');
                                let _ = write!(out, "\\u{:04X}", marker as u32);
                            }
                        }
                        part => {
                            out.push_str("${");
                            part.write(out);
                            out.push('}');
                        }
                    }
                }
                out.push('"');
            }
            Expr::List(items) => write_list(out, items),
            Expr::Object(entries) => write_object(out, entries),
            Expr::Call(name, arguments) => {
                let _ = write!(out, "{name}(");
                for (index, argument) in arguments.iter().enumerate() {
                    if index > 0 {
                        out.push_str(", ");
                    }
                    argument.write(out);
                }
                out.push(')');
            }
            Expr::Not(inner) => {
                out.push('!');
                inner.write_operand(out);
            }
            Expr::If(parts) => {
                let [condition, yes, no] = &**parts;
                condition.write_operand(out);
                out.push_str(" ? ");
                yes.write(out);
                out.push_str(" : ");
                no.write(out);
            }
            Expr::Compact(items) => {
                out.push_str("[for item in ");
                write_list(out, items);
                out.push_str(" : item if item != null]");
            }
            Expr::NameValues { entries, .. } if entries.is_empty() => out.push_str("[]"),
            Expr::NameValues { entries, value, sparse } => {
                out.push_str("[for name, value in ");
                write_object(out, entries);
                let _ = write!(out, " : {{ name = name, {value} = value }}");
                out.push_str(if *sparse { " if value != null]" } else { "]" });
            }
        }
    }

    /// As an operand: a conditional binds weaker than every operator.
    fn write_operand(&self, out: &mut String) {
        if matches!(self, Expr::If(_)) {
            out.push('(');
            self.write(out);
            out.push(')');
        } else {
            self.write(out);
        }
    }
}

fn write_literal(out: &mut String, literal: &Literal) {
    match literal {
        Literal::Null => out.push_str("null"),
        Literal::String(text) => write_quoted(out, text),
        other => out.push_str(&other.to_text()),
    }
}

fn write_list(out: &mut String, items: &[Expr]) {
    let printed: Vec<String> = items.iter().map(Expr::print).collect();
    let width: usize = printed.iter().map(|item| item.len() + 2).sum();
    if width <= LINE && !printed.iter().any(|item| item.contains('\n')) {
        let _ = write!(out, "[{}]", printed.join(", "));
        return;
    }
    if let [only] = printed.as_slice()
        && matches!(items[0], Expr::Object(_))
    {
        let _ = write!(out, "[{only}]");
        return;
    }
    out.push_str("[\n");
    for item in &printed {
        let _ = writeln!(out, "{item},");
    }
    out.push(']');
}

fn write_object(out: &mut String, entries: &[(Arc<str>, Expr)]) {
    if entries.is_empty() {
        out.push_str("{}");
        return;
    }
    out.push_str("{\n");
    for (key, value) in entries {
        if is_bare_key(key) {
            out.push_str(key);
        } else {
            write_quoted(out, key);
        }
        out.push_str(" = ");
        value.write(out);
        out.push('\n');
    }
    out.push('}');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_join_and_decide() {
        let name = Expr::Traversal("var.name".into());
        let joined = Expr::concat([name.clone(), Expr::string("-"), Expr::string("web")]);
        assert_eq!(joined.print(), r#""${var.name}-web""#);
        assert_eq!(Expr::concat([Expr::string("a"), Expr::string("b")]), Expr::string("ab"));
        let yes = Expr::Literal(Literal::Bool(true));
        assert_eq!(Expr::choose(yes, name.clone(), Expr::string("x")), name);
    }

    #[test]
    fn a_conditional_is_one_operand() {
        let name = |name: &str| Expr::Traversal(name.into());
        let inner = Expr::choose(name("a"), name("b"), name("c"));
        assert_eq!(Expr::Not(Box::new(inner.clone())).print(), "!(a ? b : c)");
        assert_eq!(Expr::choose(inner, name("d"), name("e")).print(), "(a ? b : c) ? d : e");
    }

    #[test]
    fn a_marker_before_an_interpolation_stays_text() {
        let template = Expr::concat([Expr::string("100%$"), Expr::Traversal("var.x".into())]);
        assert_eq!(template.print(), r#""100%\u0024${var.x}""#);
    }

    #[test]
    fn maps_become_name_value_lists() {
        let entries = vec![("A".into(), Expr::string("${x}"))];
        let printed = Expr::NameValues { entries, value: "value", sparse: true }.print();
        let text =
            "[for name, value in {\nA = \"$${x}\"\n} : { name = name, value = value } if value != null]";
        assert_eq!(printed, text);
    }
}
