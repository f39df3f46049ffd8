//! One image with several commands becomes one `app` with several services and tasks.

use std::collections::BTreeSet;
use std::sync::Arc;

use indexmap::IndexMap;

use crate::hcl::Expr;
use crate::import::names::{Names, base_name};
use crate::import::stack::Block;

/// An image, and its tag when it is in a registry.
type Pulled = (Expr, Option<Expr>);

/// What has one image, by how that is printed.
type Groups = IndexMap<(Option<String>, Option<String>), (Option<Pulled>, Vec<Block>)>;

/// Puts services and tasks of one image into an app, with what they have in common; the others stay as they are. What
/// an environment takes away from one of them stays with each, because what an app has cannot be taken from its members.
pub(super) fn grouped(blocks: Vec<Block>, taken: &BTreeSet<String>, names: &mut Names) -> Vec<Block> {
    let mut groups = Groups::new();
    for block in blocks {
        let pulled = block.get("image").cloned().map(|image| (image, block.get("tag").cloned()));
        let printed = |setting: &str| block.get(setting).map(Expr::print);
        let key = match &pulled {
            Some(_) => (printed("image"), printed("tag")),
            // Without an image it is alone.
            None => (None, block.label.clone()),
        };
        groups.entry(key).or_insert_with(|| (pulled, Vec::new())).1.push(block);
    }
    let mut result = Vec::new();
    for (pulled, members) in groups.into_values() {
        match pulled {
            Some((image, tag)) if members.len() > 1 => result.push(app(&image, tag, members, taken, names)),
            _ => result.extend(members),
        }
    }
    result
}

fn app(
    image: &Expr,
    tag: Option<Expr>,
    mut members: Vec<Block>,
    taken: &BTreeSet<String>,
    names: &mut Names,
) -> Block {
    let text = image.print();
    let name = names.claim("app", base_name(text.trim_matches('"')).trim_start_matches("registry."));
    let mut app = Block::new("app", Some(&name));
    app.set("image", image.clone());
    app.set_some("tag", tag.filter(|_| !taken.contains("tag")));
    let alike = [
        "architecture",
        "security_groups",
        "egress",
        "execution_role",
        "task_role",
        "execute_command",
        "log_group",
    ];
    for setting in alike.into_iter().filter(|setting| !taken.contains(*setting)) {
        let value = members[0].get(setting).cloned();
        if value.is_some() && members.iter().all(|member| member.get(setting) == value.as_ref()) {
            members.iter_mut().for_each(|member| drop(member.take(setting)));
            app.set_some(setting, value);
        }
    }
    let comments = std::mem::take(&mut members[0].comments);
    let (common, own): (Vec<String>, Vec<String>) = comments
        .into_iter()
        .partition(|comment| members[1..].iter().all(|member| member.comments.contains(comment)));
    members[0].comments = own;
    for member in &mut members[1..] {
        member.comments.retain(|comment| !common.contains(comment));
    }
    app.comments = common;
    for setting in ["environment", "secrets"] {
        let mut shared = shared(&members, setting);
        let stays = |key: &str| taken.contains(setting) || taken.contains(&format!("{setting}.{key}"));
        shared.retain(|(key, _)| !stays(key));
        if shared.is_empty() {
            continue;
        }
        for member in &mut members {
            let Some(Expr::Object(own)) = member.take(setting) else { continue };
            let own: Vec<_> = own.into_iter().filter(|entry| !shared.contains(entry)).collect();
            if !own.is_empty() {
                member.set(setting, Expr::Object(own));
            }
        }
        app.set(setting, Expr::Object(shared));
    }
    for mut member in members {
        member.take("image");
        if !taken.contains("tag") {
            member.take("tag");
        }
        app.push(member);
    }
    app
}

/// The entries of a map that every member has alike.
fn shared(members: &[Block], setting: &str) -> Vec<(Arc<str>, Expr)> {
    let entries = |block: &Block| match block.get(setting) {
        Some(Expr::Object(entries)) => entries.clone(),
        _ => Vec::new(),
    };
    let mut shared = entries(&members[0]);
    for member in &members[1..] {
        let own = entries(member);
        shared.retain(|entry| own.contains(entry));
    }
    shared
}
