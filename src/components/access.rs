//! What references open, in the words of templates: IAM statements and security-group rules.
//!
//! Not a component. Says how an opening is printed; who may open what is decided by the grants of
//! [`crate::terms::Grant`].

use std::sync::Arc;

use indexmap::IndexMap;

use crate::terms::{Id, Term, View};

/// A statement of an IAM policy that allows `actions` on `resources`, a list.
pub(super) fn statement(sid: &str, actions: &[&str], resources: Term) -> Term {
    Term::Object(IndexMap::from_iter([
        (Arc::from("Sid"), Term::string(sid)),
        (Arc::from("Effect"), Term::string("Allow")),
        (Arc::from("Action"), Term::strings(actions.iter().copied())),
        (Arc::from("Resource"), resources),
    ]))
}

/// The security-group rules towards a TCP port of each peer, by the peer's identifier. Every peer exports
/// `security_group_id`.
pub(super) fn rules(peers: impl IntoIterator<Item = (Id, u16)>) -> impl Iterator<Item = (String, View)> {
    peers.into_iter().map(|(peer, port)| {
        let mut rule = View::default();
        rule.text("peer", peer.to_string());
        rule.set("port", i64::from(port));
        rule.set("security_group_id", Term::Export(peer.clone(), "security_group_id"));
        (peer.ident(), rule)
    })
}
