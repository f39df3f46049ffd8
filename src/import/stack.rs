//! A stack file as data, and its text.
//!
//! Knows the shape of a stack file and none of its components. Values are expressions of [`crate::hcl`], so nothing is
//! quoted here; the text is laid out by the same pass as generated Terraform.

mod difference;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::environments::ENVIRONMENT_NAME;
use crate::hcl::{self, Expr, Literal, quote};

/// The order in which components stand in the file; those not named here come before the workloads.
const ORDER: [&str; 17] = [
    "stack",
    "environment",
    "network",
    "security_group",
    "database",
    "cache",
    "file_system",
    "bucket",
    "registry",
    "log_group",
    "secret",
    "load_balancer",
    "namespace",
    "user",
    "app",
    "service",
    "task",
];

/// A block: a component, an environment, or what stands inside of one.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// `service`.
    pub kind: &'static str,
    /// `web`; none for blocks such as `health_check`.
    pub label: Option<String>,
    /// Lines of comment above it.
    pub comments: Vec<String>,
    settings: Vec<Setting>,
    blocks: Vec<Block>,
}

#[derive(Debug, Clone, PartialEq)]
struct Setting {
    name: &'static str,
    comment: Option<String>,
    value: Expr,
}

impl Block {
    /// An empty block.
    pub fn new(kind: &'static str, label: Option<&str>) -> Self {
        let label = label.map(str::to_owned);
        Self { kind, label, comments: Vec::new(), settings: Vec::new(), blocks: Vec::new() }
    }

    /// Adds a line of comment above the block.
    pub fn comment(&mut self, text: impl Into<String>) {
        self.comments.push(text.into());
    }

    /// Writes a setting; the last one of a name holds.
    pub fn set(&mut self, name: &'static str, value: impl Into<Expr>) {
        self.put(name, value.into(), None);
    }

    /// Writes a setting with a comment above it.
    pub fn set_with(&mut self, name: &'static str, value: impl Into<Expr>, comment: impl Into<String>) {
        self.put(name, value.into(), Some(comment.into()));
    }

    /// Writes a setting if there is a value.
    pub fn set_some(&mut self, name: &'static str, value: Option<impl Into<Expr>>) {
        if let Some(value) = value {
            self.set(name, value);
        }
    }

    fn put(&mut self, name: &'static str, value: Expr, comment: Option<String>) {
        match self.settings.iter_mut().find(|setting| setting.name == name) {
            Some(setting) => (setting.value, setting.comment) = (value, comment),
            None => self.settings.push(Setting { name, comment, value }),
        }
    }

    /// The value of a setting.
    pub fn get(&self, name: &str) -> Option<&Expr> {
        self.settings.iter().find(|setting| setting.name == name).map(|setting| &setting.value)
    }

    /// Adds an entry to a map, if it has none of that name.
    pub fn add(&mut self, setting: &'static str, key: &str, value: Expr) {
        if self.has_entry(setting, key) {
            return;
        }
        let mut entries = match self.get(setting) {
            Some(Expr::Object(entries)) => entries.clone(),
            _ => Vec::new(),
        };
        entries.push((key.into(), value));
        self.put(setting, Expr::Object(entries), None);
    }

    /// Whether a map has an entry of that name.
    pub fn has_entry(&self, setting: &str, key: &str) -> bool {
        matches!(self.get(setting), Some(Expr::Object(entries)) if entries.iter().any(|(known, _)| **known == *key))
    }

    /// Whether a setting here or further inside holds a text, such as the beginning of a reference.
    pub fn mentions(&self, text: &str) -> bool {
        let own = self.settings.iter().any(|setting| setting.value.print().contains(text));
        own || self.blocks.iter().any(|block| block.mentions(text))
    }

    /// Takes a setting out.
    pub fn take(&mut self, name: &str) -> Option<Expr> {
        let at = self.settings.iter().position(|setting| setting.name == name)?;
        Some(self.settings.remove(at).value)
    }

    /// Adds a block inside.
    pub fn push(&mut self, block: Block) {
        self.blocks.push(block);
    }

    /// The blocks inside.
    pub fn inner(&self) -> &[Block] {
        &self.blocks
    }

    /// The blocks inside, to be changed.
    pub fn inner_mut(&mut self) -> &mut [Block] {
        &mut self.blocks
    }

    /// Whether nothing stands in it.
    pub fn is_empty(&self) -> bool {
        self.settings.is_empty() && self.blocks.is_empty()
    }

    /// Takes over everything of a block of the same kind and name.
    pub fn absorb(&mut self, other: Block) {
        for setting in other.settings {
            self.put(setting.name, setting.value, setting.comment);
        }
        self.blocks.extend(other.blocks);
    }

    /// Takes out the blocks inside of which something holds.
    pub fn take_blocks(&mut self, what: impl Fn(&Block) -> bool) -> Vec<Block> {
        self.blocks.extract_if(.., |block| what(block)).collect()
    }

    /// A block inside, made when there is none.
    pub fn block(&mut self, kind: &'static str, label: &str) -> &mut Block {
        let known = |block: &Block| block.kind == kind && block.label.as_deref() == Some(label);
        let at = self.blocks.iter().position(known).unwrap_or_else(|| {
            self.blocks.push(Block::new(kind, Some(label)));
            self.blocks.len() - 1
        });
        &mut self.blocks[at]
    }

    fn write(&self, out: &mut String) {
        for comment in &self.comments {
            write_comment(out, comment);
        }
        out.push_str(self.kind);
        if let Some(label) = &self.label {
            let _ = write!(out, " {}", quote(label));
        }
        if self.settings.is_empty() && self.blocks.is_empty() {
            out.push_str(" {}\n");
            return;
        }
        out.push_str(" {\n");
        let mut after_long = false;
        for (index, setting) in self.settings.iter().enumerate() {
            let value = setting.value.print();
            let long = value.contains('\n') || setting.comment.is_some();
            // What takes several lines stands apart, so that the short ones align.
            if index > 0 && (long || after_long) {
                out.push('\n');
            }
            if let Some(comment) = &setting.comment {
                write_comment(out, comment);
            }
            let _ = writeln!(out, "{} = {value}", setting.name);
            after_long = long;
        }
        for (index, block) in self.blocks.iter().enumerate() {
            if index > 0 || !self.settings.is_empty() {
                out.push('\n');
            }
            block.write(out);
        }
        out.push_str("}\n");
    }
}

/// A comment of one line per line of text: no text can leave it.
fn write_comment(out: &mut String, text: &str) {
    for line in text.lines() {
        let line: String = line.chars().filter(|c| !c.is_control()).collect();
        let _ = writeln!(out, "# {}", line.trim());
    }
}

/// A stack file.
#[derive(Debug, Default)]
pub struct StackFile {
    /// Lines of comment at its top.
    pub comments: Vec<String>,
    blocks: Vec<Block>,
    /// Where the blocks are, by kind and label.
    places: BTreeMap<(&'static str, String), usize>,
}

impl StackFile {
    /// Adds a block of the top level.
    pub fn push(&mut self, block: Block) {
        if let Some(label) = &block.label {
            self.places.entry((block.kind, label.clone())).or_insert(self.blocks.len());
        }
        self.blocks.push(block);
    }

    /// The block of a kind and label, to be changed.
    pub fn find(&mut self, kind: &'static str, label: &str) -> Option<&mut Block> {
        let place = *self.places.get(&(kind, label.to_owned()))?;
        self.blocks.get_mut(place)
    }

    /// The block of a kind and label.
    pub fn named(&self, kind: &'static str, label: &str) -> Option<&Block> {
        self.blocks.get(*self.places.get(&(kind, label.to_owned()))?)
    }

    /// Whether there is a block of a kind and label.
    pub fn has_named(&self, kind: &'static str, label: &str) -> bool {
        self.places.contains_key(&(kind, label.to_owned()))
    }

    /// Whether there is a block of a kind.
    pub fn has(&self, kind: &str) -> bool {
        self.blocks.iter().any(|block| block.kind == kind)
    }

    /// The text: blocks by kind, those of one kind in the order in which they were added.
    ///
    /// # Errors
    /// Only faults of this program: what is printed from data is always HCL.
    pub fn print(&self) -> Result<String, hcl::SyntaxError> {
        let mut blocks: Vec<&Block> = self.blocks.iter().collect();
        let workloads = ORDER.len() - 3;
        blocks.sort_by_key(|block| {
            ORDER.iter().position(|kind| *kind == block.kind).map_or((workloads, 0), |at| (at, 1))
        });
        let mut text = String::new();
        for comment in &self.comments {
            write_comment(&mut text, comment);
        }
        for block in blocks {
            text.push('\n');
            block.write(&mut text);
        }
        hcl::format(&text)
    }
}

/// A reference: `database.main.host`.
pub fn reference(words: &[&str]) -> Expr {
    Expr::Traversal(words.join(".").into())
}

/// A text with the name of the environment where that belongs.
pub fn templated(text: &str) -> Expr {
    let name = || reference(&["environment", "name"]);
    let pieces = text.split(ENVIRONMENT_NAME).enumerate();
    let parts = pieces.flat_map(|(index, piece)| {
        let name = (index > 0).then(name);
        name.into_iter().chain((!piece.is_empty()).then(|| Expr::string(piece)))
    });
    match text.contains(ENVIRONMENT_NAME) {
        true => Expr::concat(parts.collect::<Vec<_>>()),
        false => Expr::string(text),
    }
}

/// A list of texts.
pub fn texts(items: &[String]) -> Expr {
    Expr::List(items.iter().map(|item| Expr::string(item.as_str())).collect())
}

/// A whole number.
pub fn number(value: impl Into<i64>) -> Expr {
    Expr::Literal(Literal::Integer(value.into()))
}

/// True or false.
pub fn boolean(value: bool) -> Expr {
    Expr::Literal(Literal::Bool(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_the_environment_is_a_reference() {
        let text = format!("a.{ENVIRONMENT_NAME}.b");
        assert_eq!(templated(&text).print(), r#""a.${environment.name}.b""#);
        assert_eq!(templated("\u{1}").print(), "environment.name");
        assert_eq!(templated("${x}").print(), r#""$${x}""#);
    }

    #[test]
    fn a_file_is_commented_ordered_and_laid_out() {
        let mut file = StackFile { comments: vec!["From a test.".to_owned()], ..StackFile::default() };
        let mut web = Block::new("service", Some("web"));
        web.comment("two\nlines\u{7}");
        web.set("image", Expr::string("nginx"));
        web.set("port", number(80u32));
        web.set("port", number(8080u32));
        web.set_with("tasks", number(2u32), "Guessed.");
        let mut route = Block::new("route", Some("/"));
        route.set("health_check", Expr::string("/${x}"));
        web.push(route);
        file.push(web);
        file.push(Block::new("network", Some("main")));
        let expected = r#"# From a test.

network "main" {}

# two
# lines
service "web" {
  image = "nginx"
  port  = 8080

  # Guessed.
  tasks = 2

  route "/" {
    health_check = "/$${x}"
  }
}
"#;
        assert_eq!(file.print().unwrap(), expected);
    }
}
