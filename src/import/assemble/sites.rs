//! What stands beside workloads: buckets, web sites of files, and the pipeline.

use std::collections::BTreeMap;

use super::Assembly;
use crate::aws::limits::names::BUCKET;
use crate::hcl::Expr;
use crate::import::environments::{Bucket, Build, ENVIRONMENT_NAME, Environment, Pipeline};
use crate::import::names::{base_name, valid};
use crate::import::report::Fate;
use crate::import::stack::{Block, boolean, reference, templated};
use crate::import::workload::System;

impl Assembly<'_> {
    /// Buckets and web sites.
    pub(super) fn beside(&mut self, system: &System) {
        for bucket in &system.buckets {
            let name = self.names.claim("bucket", &bucket.name);
            self.file.push(Block::new("bucket", Some(&name)));
            let words = if !self.taken_over(&name, bucket) {
                format!(
                    "`bucket.{name}`, a new and empty one: write `existing` with the name of the old bucket to keep that"
                )
            } else if bucket.kept {
                format!(
                    "`bucket.{name}` takes over the one that exists: apply the stack, delete the old stack of CloudFormation, \
                     which keeps the bucket and takes its policy along, and apply again"
                )
            } else {
                format!(
                    "`bucket.{name}`, which exists and goes when its stack of CloudFormation is deleted: give it \
                     `DeletionPolicy: Retain` and deploy that first; then `import` instead of `existing` takes it over"
                )
            };
            self.report.needs_you(&bucket.origin, words);
            self.buckets.insert(bucket.name.clone(), name);
        }
        for site in &system.sites {
            let bucket = self.names.claim("bucket", &site.name);
            self.file.push(Block::new("bucket", Some(&bucket)));
            let name = self.names.claim("cdn", &site.name);
            let mut cdn = Block::new("cdn", Some(&name));
            cdn.set("bucket", reference(&["bucket", &bucket]));
            if let Some((domain, certificate)) = &site.domain {
                cdn.set("domain", templated(domain));
                cdn.set("certificate", Expr::string(certificate.as_str()));
            }
            self.file.push(cdn);
            let words = format!(
                "`cdn.{name}` in front of `bucket.{bucket}`: upload the files with `aws s3 sync` for each release"
            );
            self.report.needs_you(&site.origin, words);
        }
    }

    /// Names the bucket that exists in every environment, when that is certain.
    fn taken_over(&mut self, name: &str, bucket: &Bucket) -> bool {
        let Some(known) = &bucket.known_as else { return false };
        let whose: Vec<(String, String)> =
            self.environments.keys().map(|one| (one.clone(), known.replace(ENVIRONMENT_NAME, one))).collect();
        if whose.is_empty() || whose.iter().any(|(_, known)| BUCKET.check(known).is_err()) {
            return false;
        }
        for (environment, known) in whose {
            let mut over = Block::new("bucket", Some(name));
            let known = Expr::string(known);
            if bucket.kept {
                over.set("import", Expr::Object(vec![("aws_s3_bucket".into(), known)]));
            } else {
                over.set("existing", known);
            }
            self.lay_over(&environment, over);
        }
        true
    }

    /// The pipeline, which owns every image that is built.
    pub(super) fn pipeline(
        &mut self,
        pipeline: &Pipeline,
        environments: &[Environment],
        builds: &BTreeMap<String, Build>,
        blocks: &mut [Block],
    ) {
        let own = self.registries.clone();
        let registries: Vec<&String> = builds.keys().filter_map(|built| own.get(built)).collect();
        let name = self.names.claim("pipeline", base_name(&pipeline.name));
        let replaced = |block: &Block, environment: &String| {
            let inner = self.file.named("environment", environment).map(Block::inner).unwrap_or_default();
            let same = |over: &&Block| over.kind == block.kind && over.label == block.label;
            inner.iter().find(same).is_some_and(|over| over.get("image").is_some())
        };
        let deployed = |block: &Block| {
            let image = block.get("image").map(Expr::print);
            registries.iter().any(|registry| image.as_deref() == Some(&format!("registry.{registry}")))
        };
        let (other, mut built): (Vec<&mut Block>, Vec<&mut Block>) = blocks
            .iter_mut()
            .filter(|block| deployed(block))
            .partition(|block| self.environments.values().any(|environment| replaced(block, environment)));
        for block in other {
            block.comment("Needs you: no pipeline deploys it, because environments have other images.");
            let words = format!(
                "`{}` has another image in some environment, which a pipeline cannot deploy: build it for all of them",
                block.label.as_deref().unwrap_or_default()
            );
            self.report.remark(Fate::NeedsYou, &pipeline.origin, words);
        }
        let architecture = |block: &Block| block.get("architecture").cloned();
        let Some(first) = built.first().map(|block| architecture(block)) else {
            self.report.dropped(&pipeline.origin, "no image is built, so there is nothing to deploy");
            return;
        };
        for block in &mut built {
            if architecture(block) == first {
                block.set("deployed_by", reference(&["pipeline", &name]));
            } else {
                block.comment("Needs you: a pipeline of its own, for its other processor architecture.");
                let words = format!(
                    "a pipeline builds for one processor architecture: `{}` needs one of its own",
                    block.label.as_deref().unwrap_or_default()
                );
                self.report.remark(Fate::NeedsYou, &pipeline.origin, words);
            }
        }
        let used: Vec<String> = built
            .iter()
            .filter(|block| block.get("deployed_by").is_some())
            .flat_map(|block| block.inner().iter().chain([&**block]))
            .filter_map(|block| block.get("image").map(Expr::print))
            .collect();
        let mut block = Block::new("pipeline", Some(&name));
        block.set("platform", Expr::string("codepipeline"));
        let repository = pipeline.repository.as_deref().unwrap_or("owner/name");
        block.set("repository", Expr::string(repository));
        block.set_some("branch", pipeline.branch.as_deref().map(Expr::string));
        let connection = format!(
            "arn:aws:codeconnections:{}:{}:connection/00000000-0000-0000-0000-000000000000",
            self.region, self.account
        );
        let words = "Needs you: the ARN of the connection to the repository.";
        block.set_with("connection", Expr::string(connection), words);
        for (built, build) in builds {
            let used = |registry: &&String| used.contains(&format!("registry.{registry}"));
            let Some(registry) = own.get(built).filter(used) else { continue };
            let mut inner = Block::new("build", Some(registry));
            inner.set_some("dockerfile", build.dockerfile.as_deref().map(Expr::string));
            inner.set_some("context", build.context.as_deref().map(Expr::string));
            if !build.args.is_empty() {
                let args = build.args.iter().map(|(name, value)| (name.as_str().into(), templated(value)));
                inner.set("args", Expr::Object(args.collect()));
            }
            if !inner.is_empty() {
                block.push(inner);
            }
        }
        self.file.push(block);
        for environment in environments.iter().filter(|environment| environment.approval) {
            let mut over = Block::new("pipeline", Some(&name));
            over.set("approval", boolean(true));
            self.lay_over(&environment.name, over);
        }
        let words = format!(
            "`pipeline.{name}`: every environment has its own and deploys `branch` by itself, not one after the other; \
             write the ARN of the connection"
        );
        self.report.needs_you(&pipeline.origin, words);
        if name != valid(&pipeline.name) {
            self.report.remark(
                Fate::Assumed,
                &pipeline.origin,
                format!("called `pipeline.{name}` in the stack"),
            );
        }
    }
}
