//! A database that exists: where it is, and what a connection to it needs.

use std::sync::Arc;

use crate::model::{Checker, Component, Context};
use crate::settings::codes::INVALID_VALUE;
use crate::settings::input::{ComponentRef, Reference, Target};
use crate::settings::settings;
use crate::settings::values::Int;
use crate::terms::{Drawing, Export, Grant, Id, Literal, Offer, Offered, Site, Term, View};

/// A reference to a secret.
#[derive(Debug, Clone)]
pub struct SecretTarget;

impl Target for SecretTarget {
    const KINDS: &'static [&'static str] = &["secret"];
}

settings! {
    /// A database that exists.
    pub struct ExistingDatabase {
        /// A database that exists, to be used instead; nothing else is then written here.
        existing: Existing,
    }
}

settings! {
    /// Where a database is that exists, and who may connect.
    pub struct Existing {
        /// DNS name of the database, without the port.
        host: Arc<str>,
        /// TCP port.
        port: Int<1, 65_535>,
        /// Name of the database in it.
        name: Option<Arc<str>>,
        /// Name of the user.
        user: Option<Arc<str>>,
        /// The user's password: `secret.database_password`.
        password: Option<ComponentRef<SecretTarget>>,
        /// Id of its security group, `sg-..`. What refers to the database is let in there. Without it no rule is made:
        /// join a `security_group` that may connect.
        security_group: Option<Arc<str>>,
    }
}

impl Component for ExistingDatabase {
    fn check(&self, _id: &Id, at: &mut Checker<'_>) {
        let host = &self.existing.host;
        if host.is_empty() || host.contains(|c: char| c.is_whitespace() || "/:@".contains(c)) {
            let message = format!("`{host}` is no DNS name");
            at.error(&INVALID_VALUE, &["existing", "host"], message, |found| {
                found.help("write the name alone, and the port as `port`")
            });
        }
    }

    fn offer(&self, id: &Id, attribute: &str) -> Option<Offer> {
        let given = |value: &Option<Arc<str>>| value.clone().map(Term::string);
        let value = match attribute {
            "host" => Term::Export(id.clone(), "address"),
            "port" => Term::from(self.existing.port.0),
            "name" => given(&self.existing.name)?,
            "user" => given(&self.existing.user)?,
            _ => return None,
        };
        let port = u16::try_from(self.existing.port.0).ok()?;
        let connect = self.existing.security_group.is_some().then(|| Grant::Connect { to: id.clone(), port });
        Some(Offer { value: Offered::Plain(value), grants: connect.into_iter().collect() })
    }

    fn stands_for(&self, attribute: &str) -> Option<&Reference> {
        let password = self.existing.password.as_ref().filter(|_| attribute == "password")?;
        Some(&password.reference)
    }

    fn exports(&self, _id: &Id, _context: &Context<'_>) -> Vec<Export> {
        let group = Term::optional(self.existing.security_group.clone().map(Literal::String));
        vec![
            Export::string("address", "DNS name of the database.", Term::string(self.existing.host.clone())),
            Export::string("security_group_id", "Security group of the database.", group),
        ]
    }

    fn drawing(&self, _id: &Id, _context: &Context<'_>) -> Drawing {
        Drawing::at(Site::Data).line("host", &self.existing.host, "")
    }

    fn view(&self, _id: &Id, _context: &Context<'_>) -> View {
        let mut view = View::default();
        view.group("created", None);
        view
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{codes, generated, has_line, stack};

    const EXISTING: &str = r#"
secret "db" { existing = "arn:aws:ssm:eu-west-1:111111111111:parameter/db" }
database "main" {
  existing {
    host           = "db.example.com"
    port           = 5433
    user           = "shop"
    password       = secret.db
    security_group = "sg-0db"
  }
}
"#;

    const SERVICE: &str = r#"
service "web" {
  image       = "nginx:1"
  environment = { HOST = database.main.host, PORT = database.main.port, USER = database.main.user }
  secrets     = { PASSWORD = database.main.password }
}
"#;

    #[test]
    fn references_to_a_database_that_exists_open_the_same() {
        let text = generated(&stack(&format!("{EXISTING}{SERVICE}"), ""), "modules/services/service_web.tf");
        for line in [
            "HOST = \"db.example.com\"",
            "PORT = \"5433\"",
            "PASSWORD = \"arn:aws:ssm:eu-west-1:111111111111:parameter/db\"",
            "referenced_security_group_id = \"sg-0db\"",
            "security_group_id = \"sg-0db\"",
            "from_port = 5433",
        ] {
            assert!(has_line(&text, line), "{line}: {text}");
        }
    }

    #[test]
    fn without_its_security_group_no_rule_is_made() {
        let text = format!("{EXISTING}{SERVICE}").replace("security_group = \"sg-0db\"", "");
        let text = generated(&stack(&text, ""), "modules/services/service_web.tf");
        assert!(!text.contains("database_main"), "{text}");
    }

    #[test]
    fn a_database_may_exist_in_one_environment_only() {
        let new =
            "database \"main\" {\nengine = \"postgres\"\nversion = \"16\"\nclass = \"db.t4g.small\"\n}\n";
        let overlay = "database \"main\" {\nengine = null\nversion = null\nclass = null\nexisting {\nhost = \"db.example.com\"\n\
                       port = 5432\nsecurity_group = \"sg-0db\"\n}\n}";
        let service =
            "service \"web\" {\nimage = \"nginx:1\"\nenvironment = { HOST = database.main.host }\n}";
        let text = stack(&format!("{new}{service}"), overlay);
        let database = generated(&text, "modules/data/database_main.tf");
        assert!(has_line(&database, "count = var.database_main_created ? 1 : 0"), "{database}");
        assert!(has_line(&database, "subnet_ids = var.network_data_subnet_ids"), "{database}");
        let outputs = generated(&text, "modules/data/outputs.tf");
        assert!(outputs.contains("one(aws_db_instance.main[*].address)"), "{outputs}");
    }

    #[test]
    fn settings_of_a_new_one_are_refused_beside_it() {
        let text =
            EXISTING.replace("existing {\n    host", "class = \"db.t4g.small\"\n  existing {\n    host");
        assert_eq!(codes(&stack(&text, "")), ["existing-form"]);
        assert_eq!(
            codes(&stack(&EXISTING.replace("db.example.com", "db.example.com:5432"), "")),
            ["invalid-value"]
        );
    }
}
