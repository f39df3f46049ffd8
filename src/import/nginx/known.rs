//! What one directive says of another: upstreams, variables, locations with a name.

use std::collections::BTreeMap;

use super::read::Input;
use super::syntax::Directive;

/// The longest word that variables are put into: theirs may have others in them.
const LENGTH: usize = 4_096;

/// What directives elsewhere refer to.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Variables of the container, of which templates are made.
    environment: BTreeMap<String, String>,
    /// Servers by upstream.
    pub(super) upstreams: BTreeMap<String, Vec<String>>,
    /// What `set` gives to variables.
    variables: BTreeMap<String, String>,
    /// What locations with a name pass on to.
    pub(super) named: BTreeMap<String, String>,
}

impl Known {
    /// Looks through every file.
    pub(super) fn of(input: &Input) -> Self {
        let mut known = Known { environment: input.variables.clone(), ..Known::default() };
        input.files.iter().for_each(|(_, directives)| known.gather(directives));
        known
    }

    fn gather(&mut self, directives: &[Directive]) {
        for directive in directives {
            let block = directive.block.as_deref().unwrap_or_default();
            match (directive.name.as_str(), &directive.words[..]) {
                ("upstream", [name, ..]) => {
                    let servers = block.iter().filter(|inner| inner.name == "server");
                    let servers = servers.filter_map(|server| server.words.first().cloned());
                    self.upstreams.insert(name.clone(), servers.collect());
                }
                ("set", [name, value]) => {
                    self.variables.insert(name.clone(), value.clone());
                }
                ("location", [name]) if name.starts_with('@') => {
                    let url = find(block, "proxy_pass").and_then(|pass| pass.words.first().cloned());
                    self.named.extend(url.map(|url| (name.clone(), url)));
                }
                _ => {}
            }
            self.gather(block);
        }
    }

    /// A word with the variables that are known.
    pub(super) fn filled(&self, word: &str) -> String {
        let mut word = word.to_owned();
        for (name, value) in &self.environment {
            word = word.replace(&format!("${{{name}}}"), value);
        }
        // Of names that begin alike the longer one comes first.
        for (name, value) in self.variables.iter().rev() {
            if word.len() > LENGTH {
                break;
            }
            word = word.replace(name.as_str(), value);
        }
        word
    }
}

/// The first directive of a name.
pub(super) fn find<'d>(directives: &'d [Directive], name: &str) -> Option<&'d Directive> {
    directives.iter().find(|directive| directive.name == name)
}
