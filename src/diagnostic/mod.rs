//! What Groundplan says about a user's mistake: a stable code, a place, and a way out.
//!
//! A mistake in a stack file is always a [`Diagnostic`], never an `Err`. Codes are declared beside the rule that
//! raises them; [`crate::catalog`] lists them all. Knows nothing about the disk or the terminal: the renderers
//! return text.

pub mod github;
pub mod human;
pub mod json;
pub mod sarif;

use crate::source::Span;

/// How bad a diagnostic is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing is generated.
    Error,
    /// Generated all the same.
    Warning,
}

impl Severity {
    /// `error` or `warning`.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        }
    }
}

/// A kind of mistake, declared as a `static` beside the rule that finds it.
#[derive(Debug)]
pub struct Code {
    /// Stable kebab-case name that says the problem, not the remedy: `fargate-size`.
    pub name: &'static str,
    /// Whether it stops generation.
    pub severity: Severity,
    /// One lower-case phrase.
    pub title: &'static str,
    /// Markdown for `groundplan explain`: what it means, why it matters, an example, what to do instead.
    pub explanation: &'static str,
}

impl PartialEq for Code {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Code {}

/// A place in a source file and what to say about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// Lower-case phrase shown under the place; may be empty.
    pub text: String,
}

/// One mistake, at one place, with a way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which rule.
    pub code: &'static Code,
    /// Lower-case phrase, names in backticks, no full stop.
    pub message: String,
    /// Where; rendered with the source line.
    pub primary: Label,
    /// Other places that explain it, such as the first definition of a duplicate.
    pub related: Vec<Label>,
    /// What to do about it.
    pub help: Option<String>,
    /// The environments that have the mistake; empty when it does not depend on the environment.
    pub environments: Vec<String>,
}

impl Diagnostic {
    /// A diagnostic at `span`. Every diagnostic has a place.
    pub fn new(code: &'static Code, span: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            primary: Label { span, text: String::new() },
            related: Vec::new(),
            help: None,
            environments: Vec::new(),
        }
    }

    /// Sets the phrase under the primary place.
    pub fn label(mut self, text: impl Into<String>) -> Self {
        self.primary.text = text.into();
        self
    }

    /// Adds another place.
    pub fn related(mut self, span: Span, text: impl Into<String>) -> Self {
        self.related.push(Label { span, text: text.into() });
        self
    }

    /// Sets the way out.
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// Adds a "did you mean" for `word` among `candidates`, when one is near; otherwise lists up to eight of them.
    pub fn suggest<'a>(self, word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Self {
        let candidates: Vec<&str> = candidates.into_iter().collect();
        if let Some(near) = nearest(word, &candidates) {
            let help = format!("did you mean `{near}`?");
            return self.help(help);
        }
        match candidates.len() {
            0 => self,
            n => {
                let shown: Vec<String> = candidates.iter().take(8).map(|c| format!("`{c}`")).collect();
                let more = if n > 8 { format!(" and {} more", n - 8) } else { String::new() };
                self.help(format!("known here: {}{more}", shown.join(", ")))
            }
        }
    }

    /// Whether it stops generation.
    pub fn is_error(&self) -> bool {
        self.code.severity == Severity::Error
    }

    /// Which environments have it: "in environments `staging`, `production`". `None` when it does not depend on them.
    pub fn note(&self) -> Option<String> {
        let names: Vec<String> = self.environments.iter().map(|name| format!("`{name}`")).collect();
        let plural = if names.len() == 1 { "" } else { "s" };
        (!names.is_empty()).then(|| format!("in environment{plural} {}", names.join(", ")))
    }

    /// What is said without the source line: the message, the phrase under the place, the way out, the environments.
    fn phrases(&self) -> Vec<String> {
        let label = Some(self.primary.text.clone()).filter(|text| !text.is_empty());
        let help = self.help.as_ref().map(|help| format!("help: {help}"));
        std::iter::once(self.message.clone()).chain(label).chain(help).chain(self.note()).collect()
    }
}

/// The candidate nearest to `word`, if it is near enough to be a typing mistake.
pub fn nearest<'a>(word: &str, candidates: &[&'a str]) -> Option<&'a str> {
    let limit = 1 + word.chars().count() / 3;
    candidates
        .iter()
        .map(|candidate| (strsim::osa_distance(&word.to_lowercase(), &candidate.to_lowercase()), *candidate))
        .filter(|&(distance, _)| distance <= limit)
        .min()
        .map(|(_, candidate)| candidate)
}

/// A value and what was found on the way. The next phase runs only if there is no error.
#[derive(Debug)]
pub struct Outcome<T> {
    /// `None` when the mistakes left nothing to work with.
    pub value: Option<T>,
    /// In the order found; see [`sort`].
    pub diagnostics: Vec<Diagnostic>,
}

impl<T> Outcome<T> {
    /// Whether some diagnostic stops generation.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }
}

/// Sorts by place and merges equal diagnostics of several environments into one. One that all of `environments`
/// have in common loses its environment list: it does not depend on the environment.
pub fn sort(mut diagnostics: Vec<Diagnostic>, environments: &[String]) -> Vec<Diagnostic> {
    diagnostics.sort_by(|a, b| {
        let key = |d: &Diagnostic| (d.primary.span, d.code.severity, d.code.name);
        let related = |d: &Diagnostic| d.related.iter().map(|label| label.span).collect::<Vec<_>>();
        // Twins of several environments must come to stand side by side.
        key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message)).then_with(|| related(a).cmp(&related(b)))
    });
    let mut merged: Vec<Diagnostic> = Vec::new();
    for diagnostic in diagnostics {
        let twin = merged.last_mut().filter(|last| {
            (last.code, &last.message, &last.primary, &last.related)
                == (diagnostic.code, &diagnostic.message, &diagnostic.primary, &diagnostic.related)
        });
        match twin {
            Some(last) => {
                for environment in diagnostic.environments {
                    if !last.environments.contains(&environment) {
                        last.environments.push(environment);
                    }
                }
            }
            None => merged.push(diagnostic),
        }
    }
    for diagnostic in &mut merged {
        if !environments.is_empty() && environments.iter().all(|e| diagnostic.environments.contains(e)) {
            diagnostic.environments.clear();
        }
    }
    merged
}
