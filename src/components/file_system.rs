//! `file_system`: an EFS file system that tasks mount as a volume; or one that exists.

use std::sync::Arc;

use super::access::object;
use crate::model::{Checker, Component, Context, Kind};
use crate::settings::codes::INVALID_VALUE;
use crate::settings::settings;
use crate::settings::values::{Int, choice};
use crate::terms::{Drawing, Export, Grant, Id, Literal, Output, Site, Term, View};

/// The table line of this component.
pub static KIND: Kind = Kind {
    key: "file_system",
    module: "data",
    template: include_str!("../../templates/modules/file_system.tf.tera"),
    data: &["aws_efs_file_system"],
    stays: &[
        ("aws_efs_file_system", "*"),
        ("aws_efs_file_system_policy", "*"),
        ("aws_efs_backup_policy", "*"),
        ("aws_efs_mount_target", "*"),
        ("aws_efs_access_point", "*"),
        ("aws_security_group", "file_system_*"),
    ],
    attributes: &[],
    implies: &["key"],
    needs: &["network"],
    whole: true,
    codes: &[],
    info: <FileSystem as crate::settings::Settings>::info,
    read: crate::model::read::<FileSystem>,
};

/// The TCP port of NFS.
const PORT: u16 = 2049;

/// The longest path of an access point, and how many directories it may have (Amazon EFS API Reference,
/// `RootDirectory`).
const PATH: (usize, usize) = (100, 4);

/// What a reference lets a task do.
const ACTIONS: &[&str] = &["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"];

choice! {
    /// How fast the file system is.
    pub enum Throughput {
        /// As fast as needed, paid by what is read and written.
        Elastic = "elastic",
        /// By how much it holds, with credits for more: cheaper for files that are seldom touched.
        Bursting = "bursting",
    }
}

settings! {
    /// An EFS file system: a directory that all tasks share and that outlives them, encrypted with the stack's key. It
    /// can be mounted over TLS only, and only from a `volume` that refers to it, which opens port 2049 and the right to
    /// read and write. Files that nobody has read for a month move to a cheaper class.
    pub struct FileSystem {
        /// The directory that tasks see, made when the first of them mounts it: at most 100 characters and four levels.
        /// `/<name>` by default.
        path: Option<Arc<str>>,
        /// The user that owns all files, whichever a container runs as.
        uid: Int<0, 4_294_967_295> = Int(1_000),
        /// The group that owns all files.
        gid: Int<0, 4_294_967_295> = Int(1_000),
        /// How fast it is.
        throughput: Throughput = Throughput::Elastic,
        /// Whether AWS Backup keeps a copy of every day for five weeks; in protected environments by default.
        backup: Option<bool>,
        /// A file system that exists, to be used instead.
        existing: Option<Existing>,
    }
}

settings! {
    /// A file system that exists. It needs a mount target in the zones of the tasks, and a policy that lets them in by
    /// IAM, or none.
    pub struct Existing {
        /// Its identifier, `fs-..`.
        id: Arc<str>,
        /// Identifier of the access point to mount it through, `fsap-..`; its root directory without one.
        access_point: Option<Arc<str>>,
        /// Identifier of the security group of its mount targets, `sg-..`, which is opened to what mounts it.
        security_group: Arc<str>,
    }
}

impl FileSystem {
    fn path(&self, id: &Id) -> Arc<str> {
        self.path.clone().unwrap_or_else(|| format!("/{}", id.dashed()).into())
    }

    fn created(&self, id: &Id, context: &Context<'_>) -> View {
        let mut view = View::default();
        view.set("name", Term::named(&id.dashed()));
        view.set("key_arn", context.export("key", "arn"));
        view.set("throughput", Term::string(self.throughput.word()));
        view.set("subnets", context.export("network", "data_subnets"));
        view.set("vpc_id", context.export("network", "vpc_id"));
        view.set("security_group_prefix", Term::named(&format!("file-system-{}-", id.dashed())));
        view.set("path", Term::string(self.path(id)));
        view.set("uid", self.uid.0);
        view.set("gid", self.gid.0);
        let backup = self.backup.map_or(context.protect(), Term::from);
        view.set("backup", Term::choose(backup, "ENABLED", "DISABLED"));
        let insecure = object([("Bool", object([("aws:SecureTransport", Term::string("false"))]))]);
        let tls_only = object([
            ("Sid", Term::string("TlsOnly")),
            ("Effect", Term::string("Deny")),
            ("Principal", object([("AWS", Term::string("*"))])),
            ("Action", Term::string("*")),
            ("Resource", Term::own_in("created", "aws_efs_file_system", &id.name, "arn")),
            ("Condition", insecure),
        ]);
        view.set("statements", Term::List(vec![tls_only]));
        view
    }
}

impl Component for FileSystem {
    fn check(&self, _id: &Id, at: &mut Checker<'_>) {
        if let Some(existing) = &self.existing {
            for setting in ["path", "uid", "gid", "throughput", "backup"] {
                if at.table.get(setting).is_some() {
                    let message = format!("`{setting}` has no effect on a file system that exists");
                    at.error(&INVALID_VALUE, &[setting], message, |found| {
                        found
                            .help(format!("remove `{setting}`, or remove `existing` to create a file system"))
                    });
                }
            }
            let named = [
                ("id", "fs-", Some(&existing.id)),
                ("access_point", "fsap-", existing.access_point.as_ref()),
                ("security_group", "sg-", Some(&existing.security_group)),
            ];
            for (setting, prefix, value) in named {
                if let Some(value) = value.filter(|value| !value.starts_with(prefix)) {
                    let message = format!("`{}` is no identifier of this kind", value.escape_debug());
                    at.error(&INVALID_VALUE, &["existing", setting], message, |found| {
                        found.help(format!("write an identifier that begins with `{prefix}`"))
                    });
                }
            }
        }
        if let Some(path) = &self.path {
            let (longest, deepest) = PATH;
            let allowed = |c: char| c.is_ascii_alphanumeric() || "/_.-".contains(c);
            let levels = path.split('/').skip(1).filter(|level| !level.is_empty()).count();
            let plain = path.starts_with('/') && path.chars().all(allowed) && !path.contains("//");
            if !plain || path.ends_with('/') || path.len() > longest || levels > deepest {
                let message = format!("`{}` is no directory of a file system", path.escape_debug());
                at.error(&INVALID_VALUE, &["path"], message, |found| {
                    found.help("write it from the root on, with at most four levels: `/shop/uploads`")
                });
            }
        }
    }

    fn grants(&self, id: &Id, _context: &Context<'_>) -> Vec<Grant> {
        let key = format!("FileSystem{}", id.statement());
        let resources = vec![Term::Export(id.clone(), "arn")];
        vec![Grant::Connect { to: id.clone(), port: PORT }, Grant::allow(key, ACTIONS, resources)]
    }

    fn exports(&self, id: &Id, context: &Context<'_>) -> Vec<Export> {
        let own = |resource, label: &str, attribute| Term::own_in("created", resource, label, attribute);
        let (system, arn, point, group) = match &self.existing {
            None => (
                own("aws_efs_file_system", &id.name, "id"),
                own("aws_efs_file_system", &id.name, "arn"),
                own("aws_efs_access_point", &id.name, "id"),
                own("aws_security_group", &id.ident(), "id"),
            ),
            Some(existing) => {
                let arn = vec![
                    Term::string(format!("arn:{}:elasticfilesystem:", context.partition())),
                    context.region(),
                    Term::string(":"),
                    context.account(),
                    Term::string(format!(":file-system/{}", existing.id)),
                ];
                (
                    Term::string(existing.id.clone()),
                    Term::Template(arn),
                    Term::optional(existing.access_point.clone().map(Literal::String)),
                    Term::string(existing.security_group.clone()),
                )
            }
        };
        let export = Export::string;
        vec![
            export("id", "Identifier of the file system.", system),
            export("arn", "ARN of the file system.", arn),
            export("access_point_id", "Access point that tasks mount the file system through.", point),
            export("security_group_id", "Security group of the file system.", group),
        ]
    }

    fn drawing(&self, _id: &Id, _context: &Context<'_>) -> Drawing {
        Drawing::at(Site::Data)
    }

    fn view(&self, id: &Id, context: &Context<'_>) -> View {
        let mut view = View::default();
        view.group("created", self.existing.is_none().then(|| self.created(id, context)));
        view
    }

    fn outputs(&self, id: &Id, _context: &Context<'_>) -> Vec<Output> {
        let description = format!("Identifier of the file system `{}`.", id.name);
        vec![Output { name: "id", description, term: Term::Export(id.clone(), "id") }]
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{codes, compile, generated, has_line, stack};

    fn shop(settings: &str, overlay: &str) -> String {
        let service = "service \"web\" {\nimage = \"nginx:1\"\nmounts = { files = \"/files\" }\n\
                       volume \"files\" { file_system = file_system.uploads }\n}";
        stack(&format!("file_system \"uploads\" {{\n{settings}\n}}\n{service}"), overlay)
    }

    #[test]
    fn it_is_encrypted_at_rest_and_in_transit() {
        let text = generated(&shop("", ""), "modules/data/file_system_uploads.tf");
        for line in [
            "encrypted = true",
            "kms_key_id = var.key_arn",
            "throughput_mode = \"elastic\"",
            "for_each = var.network_data_subnets",
            "path = \"/uploads\"",
            "status = var.protect ? \"ENABLED\" : \"DISABLED\"",
        ] {
            assert!(has_line(&text, line), "{line}\n{text}");
        }
        assert!(text.contains("aws:SecureTransport"), "{text}");
    }

    #[test]
    fn mounting_is_a_grant() {
        let text = generated(&shop("", ""), "modules/services/service_web.tf");
        for part in [
            "elasticfilesystem:ClientMount",
            "[var.file_system_uploads_arn]",
            "\"web_file_system_uploads\"",
            "transit_encryption = \"ENABLED\"",
            "access_point_id = var.file_system_uploads_access_point_id",
        ] {
            assert!(text.contains(part), "{part}\n{text}");
        }
    }

    #[test]
    fn a_volume_that_nobody_mounts_opens_nothing() {
        let unused = shop("", "").replace("mounts = { files = \"/files\" }", "");
        let (found, tree) = compile(&unused);
        assert!(found.iter().all(|found| found.code.name == "volume-unused"), "{found:#?}");
        let text = &tree.files["modules/services/service_web.tf"];
        assert!(!text.contains("elasticfilesystem:") && !text.contains("file_system_uploads\""), "{text}");
    }

    #[test]
    fn one_that_exists_is_only_mounted() {
        let existing = "existing {\nid = \"fs-1\"\nsecurity_group = \"sg-1\"\n}";
        let (found, tree) = compile(&shop(existing, ""));
        assert!(
            found.is_empty() && !tree.files.contains_key("modules/data/file_system_uploads.tf"),
            "{found:#?}"
        );
        let text = &tree.files["modules/services/service_web.tf"];
        assert!(
            text.contains("\"fs-1\"") && text.contains("\"sg-1\"") && !text.contains("access_point"),
            "{text}"
        );
        assert_eq!(codes(&shop(&format!("{existing}\nuid = 5"), "")), ["invalid-value"]);
        assert_eq!(codes(&shop(&existing.replace("fs-1", "1"), "")), ["invalid-value"]);
    }

    #[test]
    fn one_that_only_some_environments_have_has_mount_targets_only_there() {
        let text = generated(
            &(stack("file_system \"uploads\" { environments = [\"production\"] }", "")
                + "service \"web\" { image = \"nginx:1\" }"),
            "modules/data/file_system_uploads.tf",
        );
        let each = "for_each = length(aws_efs_file_system.uploads) > 0 ? var.network_data_subnets : {}";
        assert!(has_line(&text, each), "{text}");
        assert!(text.contains("aws_efs_file_system.uploads[0].id"), "{text}");
    }

    #[test]
    fn paths_are_those_of_access_points() {
        assert!(codes(&shop("path = \"/a/b/c/d\"", "")).is_empty());
        for path in ["a", "/a/b/c/d/e", "/a/", "//a", "/a b"] {
            assert_eq!(codes(&shop(&format!("path = \"{path}\""), "")), ["invalid-value"], "{path}");
        }
    }
}
