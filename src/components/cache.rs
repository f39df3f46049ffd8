//! `cache`: Redis or Valkey on ElastiCache, one primary with replicas.
//!
//! Whether there is a standby follows from the number of nodes; no setting contradicts it.

mod existing;

use std::sync::Arc;

use crate::aws::class::ClassProblem;
use crate::aws::elasticache::{self, MIN_FAILOVER_NODES, PORT};
use crate::aws::limits::names::REPLICATION_GROUP;
use crate::diagnostic::{Code, Severity};
use crate::model::{Attribute, Checker, Component, Context, Handmade, Kind, PhysicalName};
use crate::settings::settings;
use crate::settings::values::{Int, Map, choice};
use crate::terms::{
    Drawing, Export, Grant, Id, Literal, Metrics, Offer, Offered, Output, SecretStore, Site, Term, View,
};

/// The table line of this component.
pub static KIND: Kind = Kind {
    key: "cache",
    module: "data",
    template: include_str!("../../templates/modules/cache.tf.tera"),
    data: &["aws_elasticache_replication_group", "aws_ssm_parameter"],
    stays: &[
        ("aws_elasticache_replication_group", "*"),
        ("aws_elasticache_subnet_group", "*"),
        ("aws_elasticache_parameter_group", "*"),
        ("aws_security_group", "cache_*"),
        ("aws_ssm_parameter", "cache_*_url"),
    ],
    attributes: &[
        Attribute::plain("host", "DNS name of the primary node, without the port."),
        Attribute::plain("port", "TCP port."),
        Attribute::plain(
            "url",
            "`rediss://<host>:<port>`. With `auth = \"token\"` it holds the token and is a secret.",
        ),
    ],
    implies: &["key"],
    needs: &["network"],
    whole: true,
    codes: &[&CACHE_VERSION, &NODE_TYPE],
    info: existing::info,
    read: existing::read,
};

choice! {
    /// What a cache runs.
    pub enum Engine {
        /// Redis OSS.
        Redis = "redis",
        /// Valkey, which speaks Redis's protocol.
        Valkey = "valkey",
    }
}

impl Engine {
    fn facts(self) -> elasticache::Engine {
        match self {
            Engine::Redis => elasticache::Engine::Redis,
            Engine::Valkey => elasticache::Engine::Valkey,
        }
    }
}

choice! {
    /// How clients prove who they are, besides standing in a security group that may connect.
    pub enum Auth {
        /// Not at all.
        None = "none",
        /// With a token, which is set outside Terraform.
        Token = "token",
    }
}

settings! {
    /// A Redis or Valkey cache on ElastiCache: encrypted, reachable only from what refers to it, over TLS only. It has
    /// one shard. With two nodes or more a replica in another zone takes over when the primary fails.
    pub struct Cache {
        /// What it runs.
        engine: Engine,
        /// Engine version, `"7.1"`; minor upgrades beyond it are left to ElastiCache.
        version: Arc<str>,
        /// Node type, `cache.t4g.micro`.
        node: Arc<str>,
        /// How many nodes there are, the primary included; by default 2 in protected environments, otherwise
        /// 1.
        nodes: Option<Int<1, 6>>,
        /// Days that daily snapshots are kept, 0 for none; by default 7 in protected environments, otherwise
        /// 0.
        snapshot_days: Option<Int<0, 35>>,
        /// How clients prove who they are. With `token` the `url` is a secret, and the generated README has the
        /// commands that set the token: Terraform would keep it in its state.
        auth: Auth = Auth::None,
        /// Engine parameters: `{ "maxmemory-policy" = "noeviction" }`.
        parameters: Map<Arc<str>>,
    }
}

/// An engine version that ElastiCache does not have.
pub static CACHE_VERSION: Code = Code {
    name: "cache-version",
    severity: Severity::Error,
    title: "a cache version that does not exist",
    explanation: r#"
ElastiCache offers certain versions of Redis and of Valkey, and the provider accepts one spelling of each: major and
minor from version 6 on, with the patch before that. Terraform plans many others; ElastiCache refuses them at apply,
after the network and everything else was created.

```hcl
cache "main" {
  engine  = "redis"
  version = "8.0"           # Valkey has 8.0, Redis on ElastiCache ends with 7.1
  node    = "cache.t4g.micro"
}
```

The message lists the versions of the engine. Redis became Valkey with 7.2: to go beyond 7.1, write
`engine = "valkey"`.
"#,
};

/// A node type that does not exist or does not run the version.
pub static NODE_TYPE: Code = Code {
    name: "node-type",
    severity: Severity::Error,
    title: "a node type that does not exist for the cache",
    explanation: r#"
A node type is `cache.`, a family, a dot and a size: `cache.t4g.micro`, `cache.r7g.large`. Not every family comes in
every size, families of previous generations take no new nodes, and the families that keep part of the data on disk
need Redis 6.2 or Valkey. The wrong ones fail at apply.

```hcl
cache "main" {
  engine  = "redis"
  version = "7.1"
  node    = "t4g.micro"     # write cache.t4g.micro
}
```
"#,
};

/// The versions to choose from, in words.
fn versions(engine: elasticache::Engine) -> String {
    let names: Vec<String> =
        elasticache::versions(engine).map(|version| format!("`\"{}\"`", version.name)).collect();
    format!("versions of {engine}: {}", names.join(", "))
}

/// The secret's name below `/<stack>/<environment>/`.
fn url_parameter(id: &Id) -> String {
    format!("cache/{}/url", id.aws_name())
}

impl Cache {
    fn version(&self) -> Option<&'static elasticache::Version> {
        elasticache::find_version(self.engine.facts(), &self.version)
    }

    /// Whether a replica takes over when the primary fails.
    fn failover(&self, context: &Context<'_>) -> Term {
        match self.nodes {
            Some(nodes) => Term::from(nodes.0 >= i64::from(MIN_FAILOVER_NODES)),
            None => context.protect(),
        }
    }
}

/// The identifier of the replication group.
fn replication_group(id: &Id, context: &Context<'_>) -> Term {
    context.name_of(id, "aws_elasticache_replication_group", &id.name, Term::named(&id.dashed()))
}

impl Component for Cache {
    fn check(&self, _id: &Id, at: &mut Checker<'_>) {
        let engine = self.engine.facts();
        for (name, (place, _)) in &self.parameters.0 {
            if name.contains(|c: char| !(c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')) {
                let help =
                    "names of parameters are lower-case letters, digits and hyphens: `maxmemory-policy`";
                at.reading.invalid(*place, format!("`{name}` is no parameter of {engine}"), help);
            }
        }
        let Some(version) = self.version() else {
            let message = format!("ElastiCache has no {engine} `{}`", self.version);
            at.error(&CACHE_VERSION, &["version"], message, |found| found.help(versions(engine)));
            return;
        };
        if let Err(problem) = elasticache::check_class(version, &self.node) {
            let message = format!("`{}` is no node type for {version}", self.node);
            at.error(&NODE_TYPE, &["node"], message, |found| {
                let found = found.label(format!("`{}` {problem}", self.node));
                match &problem {
                    ClassProblem::Family { family, known } => found.suggest(family, known.iter().copied()),
                    _ => found.help("a node type is written like `cache.t4g.micro` or `cache.r7g.large`"),
                }
            });
        }
    }

    fn offer(&self, id: &Id, attribute: &str) -> Option<Offer> {
        let mut grants = vec![Grant::Connect { to: id.clone(), port: PORT }];
        let host = Term::Export(id.clone(), "host");
        let value = match (attribute, self.auth) {
            ("host", _) => Offered::Plain(host),
            ("port", _) => Offered::Plain(Term::from(i64::from(PORT))),
            ("url", Auth::None) => {
                let port = Term::string(format!(":{PORT}"));
                Offered::Plain(Term::Template(vec![Term::string("rediss://"), host, port]))
            }
            ("url", Auth::Token) => {
                let arn = Term::Export(id.clone(), "url_arn");
                grants.push(Grant::ReadSecret { store: SecretStore::Parameter, arn: arn.clone() });
                Offered::Secret(arn)
            }
            _ => return None,
        };
        Some(Offer { value, grants })
    }

    fn names(&self, id: &Id, context: &Context<'_>) -> Vec<PhysicalName> {
        vec![PhysicalName::made(REPLICATION_GROUP, &replication_group(id, context), context)]
    }

    fn exports(&self, id: &Id, _context: &Context<'_>) -> Vec<Export> {
        let group =
            |attribute| Term::own_in("created", "aws_elasticache_replication_group", &id.name, attribute);
        let export = Export::string;
        let mut exports = vec![
            export("host", "DNS name of the cache's primary node.", group("primary_endpoint_address")),
            export("group_id", "Identifier of the cache's replication group.", group("id")),
            export(
                "security_group_id",
                "Security group of the cache.",
                Term::own_in("created", "aws_security_group", &id.ident(), "id"),
            ),
        ];
        if self.auth == Auth::Token {
            let label = format!("{}_url", id.ident());
            exports.push(export(
                "url_arn",
                "SSM parameter that holds the cache's URL with its token.",
                Term::own_in("token", "aws_ssm_parameter", &label, "arn"),
            ));
        }
        exports
    }

    fn metrics(&self, id: &Id, _context: &Context<'_>) -> Vec<Metrics> {
        // ElastiCache counts by node, and numbers the nodes of a group from 001.
        let first = Term::Template(vec![Term::Export(id.clone(), "group_id"), Term::string("-001")]);
        vec![Metrics { namespace: "AWS/ElastiCache", dimensions: vec![("CacheClusterId", first)] }]
    }

    fn drawing(&self, _id: &Id, context: &Context<'_>) -> Drawing {
        let protect = context.environment.settings.protect;
        let nodes = self.nodes.map_or(if protect { 2 } else { 1 }, |nodes| nodes.0);
        Drawing::at(Site::Data)
            .line("engine", format!("{} {}", self.engine.word(), self.version), "")
            .size("node", &self.node, "")
            .size("nodes", nodes, "nodes")
    }

    fn view(&self, id: &Id, context: &Context<'_>) -> View {
        let mut view = View::default();
        view.group("created", Some(View::default()));
        let protect = context.protect();
        let family = self.version().map_or("", |version| version.family);
        let on = |holds: bool, term: Term| if holds { term } else { Term::NULL };
        view.set("name", replication_group(id, context));
        let usual = Term::named(&id.dashed());
        view.set("subnet_group", context.name_of(id, "aws_elasticache_subnet_group", &id.name, usual));
        view.set("engine", Term::string(self.engine.word()));
        view.set("version", Term::string(self.version.clone()));
        view.set("node", Term::string(self.node.clone()));
        view.set("data_tiering", on(elasticache::has_data_tiering(&self.node), Term::from(true)));
        view.set("port", i64::from(PORT));
        view.set(
            "nodes",
            match self.nodes {
                Some(nodes) => Term::from(nodes.0),
                None => Term::choose(protect.clone(), Literal::Integer(2), Literal::Integer(1)),
            },
        );
        view.set("failover", self.failover(context));
        let demanded = self.version().is_some_and(elasticache::has_encryption_mode);
        view.set("encryption_mode", on(demanded, Term::string("required")));
        view.set(
            "snapshot_days",
            match self.snapshot_days {
                Some(days) => Term::from(days.0),
                None => Term::choose(protect.clone(), Literal::Integer(7), Literal::Integer(0)),
            },
        );
        let final_snapshot = Term::named(&format!("{}-final", id.dashed()));
        view.set("final_snapshot", Term::choose(protect, final_snapshot, Term::NULL));
        view.set("key_arn", context.export("key", "arn"));
        view.set("vpc_id", context.export("network", "vpc_id"));
        view.set("subnet_ids", context.export("network", "data_subnet_ids"));
        view.set("security_group_prefix", Term::named(&format!("{}-{}-", id.kind, id.dashed())));
        view.set("family", Term::string(family));
        let usual = vec![Term::named(&format!("{}-", id.dashed())), Term::string(family.replace('.', "-"))];
        let usual = Term::Template(usual);
        view.set("group_name", context.name_of(id, "aws_elasticache_parameter_group", &id.name, usual));
        let mut parameters: Vec<_> = self.parameters.0.iter().collect();
        parameters.sort_by_key(|(name, _)| *name);
        view.nested(
            "parameters",
            "which `parameters` a cache has",
            parameters.into_iter().map(|(name, (_, value))| {
                let mut parameter = View::default();
                parameter.set("name", Term::string(name.clone()));
                parameter.set("value", Term::string(value.clone()));
                (name.replace('-', "_"), parameter)
            }),
        );
        let token = (self.auth == Auth::Token).then(|| {
            let mut token = View::default();
            token.set("name", context.parameter(&url_parameter(id)));
            token
        });
        view.group("token", token);
        view
    }

    fn outputs(&self, id: &Id, _context: &Context<'_>) -> Vec<Output> {
        let output =
            |name, description, export| Output { name, description, term: Term::Export(id.clone(), export) };
        let mut outputs = vec![output("host", format!("DNS name of the cache `{}`.", id.name), "host")];
        if self.auth == Auth::Token {
            let description = format!("Replication group of the cache `{}`, for setting its token.", id.name);
            outputs.push(output("group_id", description, "group_id"));
        }
        outputs
    }

    fn handmade(&self, id: &Id) -> Vec<Handmade> {
        if self.auth == Auth::None {
            return Vec::new();
        }
        // ROTATE lets the token in beside clients without one, SET then shuts those out: ElastiCache allows SET only
        // after ROTATE. The token goes through standard input, because arguments can be seen by every process.
        let ident = id.ident();
        let command = format!(
            r#"(
  set -e
  group=$(terraform output -raw {ident}_group_id)
  token=$(openssl rand -hex 32)
  for strategy in ROTATE SET; do
    printf %s "$token" | aws elasticache modify-replication-group --replication-group-id "$group" \
      --auth-token file:///dev/stdin --auth-token-update-strategy "$strategy" --apply-immediately >&2
    aws elasticache wait replication-group-available --replication-group-id "$group"
  done
  printf 'rediss://:%s@%s:{PORT}' "$token" "$(terraform output -raw {ident}_host)"
)"#
        );
        let purpose = format!("the URL of cache {} with a new token, set in two steps", id.name);
        vec![Handmade { parameter: url_parameter(id), command: Some(command), purpose }]
    }
}

#[cfg(test)]
mod tests;
