//! What references open, in the words of templates: IAM statements and security-group rules.
//!
//! Not a component. Says how an opening is printed; who may open what is decided by the grants of
//! [`crate::terms::Grant`].

use std::sync::Arc;

use crate::terms::{Admission, Id, Term, View};

/// A statement of an IAM policy that allows `actions` on `resources`, a list.
pub(super) fn statement(sid: &str, actions: &[&str], resources: Term) -> Term {
    object([
        ("Sid", Term::string(sid)),
        ("Effect", Term::string("Allow")),
        ("Action", Term::strings(actions.iter().copied())),
        ("Resource", resources),
    ])
}

/// A JSON object.
pub(super) fn object<const N: usize>(entries: [(&str, Term); N]) -> Term {
    Term::Object(entries.into_iter().map(|(key, term)| (Arc::from(key), term)).collect())
}

/// The statement of a resource policy that lets an AWS service in, by its `Sid`; `arn` is the resource, or `*` where
/// the policy is that of a key and means the key itself.
pub(super) fn admission(admission: Admission, arn: &Term) -> (Arc<str>, Term) {
    let resources = admission.resources.iter().map(|&below| match below {
        "" => arn.clone(),
        below => Term::Template(vec![arn.clone(), Term::string(below)]),
    });
    let statement = object([
        ("Sid", Term::string(admission.key.clone())),
        ("Effect", Term::string("Allow")),
        ("Principal", object([("Service", admission.service)])),
        ("Action", Term::strings(admission.actions.iter().copied())),
        ("Resource", Term::List(resources.collect())),
        ("Condition", admission.condition),
    ]);
    (admission.key.into(), statement)
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
