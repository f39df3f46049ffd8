//! A MinIO becomes buckets of S3, whose interface it has.

use crate::import::assemble;
use crate::import::environments::Bucket;
use crate::import::images;
use crate::import::names::base_name;
use crate::import::read::Origin;
use crate::import::report::{Fate, Report};
use crate::import::workload::{Container, Image, Setting, System, Workload};

/// Takes out every MinIO, and gives those who use it buckets instead.
pub(super) fn replace(system: &mut System, report: &mut Report) {
    let (stores, mut workloads): (Vec<Workload>, Vec<Workload>) =
        std::mem::take(&mut system.workloads).into_iter().partition(|workload| is_image(workload, "minio"));
    for store in &stores {
        report.withdraw(&store.origin, &[Fate::Mapped, Fate::Assumed, Fate::Dropped, Fate::NeedsYou]);
        let hosts: Vec<&String> = [&store.name].into_iter().chain(&store.aliases).collect();
        let keys: Vec<&str> = store.containers[0]
            .variables
            .iter()
            .filter(|variable| variable.name.starts_with("MINIO_"))
            .filter_map(|variable| constant(&variable.value))
            .collect();
        workloads.retain(|workload| {
            let makes = is_image(workload, "mc") && calls(&workload.containers[0], &hosts);
            if makes {
                report.withdraw(
                    &workload.origin,
                    &[Fate::Mapped, Fate::Assumed, Fate::Dropped, Fate::NeedsYou],
                );
                report.dropped(&workload.origin, "it makes buckets, which Terraform does");
            }
            !makes
        });
        let known = system.buckets.len();
        for workload in &mut workloads {
            workload.needs.retain(|need| {
                let here = hosts.contains(&&need.value);
                if here {
                    report.mapped(&need.origin, "S3, which is always there");
                }
                !here
            });
            for container in workload.containers.iter_mut().filter(|container| calls(container, &hosts)) {
                give(container, &hosts, &keys, &mut system.buckets, report);
            }
        }
        if system.buckets.len() == known {
            system.buckets.push(bucket(&store.name, &store.origin));
            let words =
                "a `bucket` of S3: give those who use it a variable with its `name`, which opens it to them";
            report.needs_you(&store.origin, words);
        } else {
            report.mapped(&store.origin, "S3 itself: its objects have to be moved");
        }
    }
    system.workloads = workloads;
}

/// Whether a workload runs an image of this name, of the makers of MinIO.
fn is_image(workload: &Workload, name: &str) -> bool {
    let [only] = &workload.containers[..] else { return false };
    let Image::Named(image) = &only.image.value else { return false };
    let repository = images::split(image).0;
    let owner = repository.rsplit('/').nth(1).unwrap_or_default();
    base_name(image) == name
        && matches!(owner, "minio" | "bitnami" | "bitnamilegacy")
        && !assemble::is_data_store(workload)
}

/// A new bucket: what MinIO has is not in S3.
fn bucket(name: &str, origin: &Origin) -> Bucket {
    Bucket { name: name.to_owned(), origin: origin.clone(), known_as: None, kept: false }
}

fn constant(setting: &Setting) -> Option<&str> {
    match setting {
        Setting::Constant(text) => Some(text),
        _ => None,
    }
}

/// Whether a container names one of these hosts, in a variable or a command.
fn calls(container: &Container, hosts: &[&String]) -> bool {
    let variables = container.variables.iter().filter_map(|variable| constant(&variable.value));
    let words = container
        .command
        .iter()
        .chain(&container.entry_point)
        .flat_map(|list| &list.value)
        .map(String::as_str);
    variables.chain(words).any(|text| names(text, hosts))
}

fn names(text: &str, hosts: &[&String]) -> bool {
    let mut words = text.split(|c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c)));
    words.any(|word| hosts.iter().any(|host| *host == word))
}

/// Takes from a container what led to MinIO, and gives it references to buckets.
fn give(
    container: &mut Container,
    hosts: &[&String],
    keys: &[&str],
    buckets: &mut Vec<Bucket>,
    report: &mut Report,
) {
    container.variables.retain_mut(|variable| {
        let upper = variable.name.to_uppercase();
        let Some(value) = constant(&variable.value).filter(|value| !value.is_empty()) else { return true };
        if names(value, hosts) {
            let words = "left out, because S3 itself is meant, which a program finds by its region";
            report.assumed(&variable.origin, words);
            return false;
        }
        if keys.contains(&value) || upper.ends_with("ACCESS_KEY_ID") || upper.ends_with("ACCESS_KEY") {
            report
                .dropped(&variable.origin, "a reference to the `bucket` opens it to the task, without a key");
            return false;
        }
        if upper.ends_with("BUCKET") || upper.ends_with("BUCKET_NAME") {
            let value = value.to_owned();
            if buckets.iter().all(|bucket| bucket.name != value) {
                buckets.push(bucket(&value, &variable.origin));
            }
            variable.value = Setting::Bucket(value);
        }
        true
    });
}
