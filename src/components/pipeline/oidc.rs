//! Who may take on the role of a pipeline that runs outside AWS: what its token says of itself.

use super::{Pipeline, Platform};
use crate::components::access::object;
use crate::terms::{Id, Literal, Term, View};

/// The issuer of GitHub's tokens, without `https://`.
const GITHUB: &str = "token.actions.githubusercontent.com";

impl Pipeline {
    /// The issuer of the platform's tokens, without `https://`.
    fn issuer(&self) -> String {
        match (self.platform, &self.organization) {
            (Platform::CircleCi, Some(organization)) => format!("oidc.circleci.com/org/{organization}"),
            _ => GITHUB.to_owned(),
        }
    }

    /// The identity provider, and the trust policy of the role.
    pub(super) fn view_identity(&self, id: &Id, view: &mut View) {
        let issuer = self.issuer();
        let audience = match (self.platform, &self.organization) {
            (Platform::CircleCi, Some(organization)) => organization.to_string(),
            _ => "sts.amazonaws.com".to_owned(),
        };
        let created = self.identity_provider.is_none().then(|| {
            let mut provider = View::default();
            provider.set("url", Term::string(format!("https://{issuer}")));
            provider.set("audience", Term::string(audience.clone()));
            provider
        });
        view.group("identity_provider", created);
        let provider = match &self.identity_provider {
            Some(arn) => Term::Literal(Literal::String(arn.clone())),
            None => Term::own_in("identity_provider", "aws_iam_openid_connect_provider", &id.name, "arn"),
        };
        view.set("provider", provider);
        let is =
            |claim: &str, value: Term| Term::Object([(format!("{issuer}:{claim}").into(), value)].into());
        let subject = self.subject();
        let conditions = match self.platform {
            Platform::CircleCi => object([
                ("StringEquals", is("aud", Term::string(audience))),
                ("StringLike", is("sub", subject)),
            ]),
            _ => {
                let claims = [("aud", Term::string(audience)), ("sub", subject)];
                let claims = claims.map(|(claim, value)| (format!("{issuer}:{claim}").into(), value));
                object([("StringEquals", Term::Object(claims.into()))])
            }
        };
        view.set("conditions", conditions);
    }

    /// What the token says of the build: on GitHub the repository and the environment, whose protection rules then
    /// hold; on CircleCI the project, the repository and the branch, whoever started it.
    fn subject(&self) -> Term {
        let repository = self.repository.as_deref().unwrap_or_default();
        match (self.platform, &self.organization, &self.project) {
            (Platform::CircleCi, Some(organization), Some(project)) => {
                let subject = format!(
                    "org/{organization}/project/{project}/user/*/vcs-origin/github.com/{repository}/vcs-ref/refs/heads/{}",
                    self.branch
                );
                Term::Named("subject", subject.as_str().into())
            }
            _ => Term::Template(vec![
                Term::string(format!("repo:{repository}:environment:")),
                Term::Environment,
            ]),
        }
    }
}
