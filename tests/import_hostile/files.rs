//! Files that name each other, that are not there, that are none, and that stand where nothing may be read.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use crate::Gives::{self, Mistake, Report};
use crate::{assert_files_give, assert_gives, import};

/// A word in files that may not be read.
const OUTSIDE: &str = "stands-outside";

#[test]
fn files_that_name_each_other_in_a_circle_are_told() {
    let web = "services: {web: {image: nginx}}";
    for (name, files, message) in [
        (
            "extends itself",
            &[("a.yml", "services: {web: {extends: web}}")][..],
            "`web` extends itself, by way of others",
        ),
        (
            "extends in a circle",
            &[
                ("a.yml", "services: {web: {extends: {file: b.yml, service: web}}}"),
                ("b.yml", "services: {web: {extends: {file: a.yml, service: web}}}"),
            ],
            "`web` extends itself, by way of others",
        ),
        (
            "includes itself, often",
            &[("a.yml", "include: [a.yml, a.yml, a.yml, a.yml, a.yml, a.yml, a.yml, a.yml, a.yml, a.yml]")],
            "files include each other without end",
        ),
        (
            "includes in a circle",
            &[("a.yml", "include: [b.yml, b.yml]"), ("b.yml", "include: [a.yml, a.yml]")],
            "files include each other without end",
        ),
        ("a file that is missing", &[("a.yml", "include: [b.yml]")], "there is no file `b.yml`"),
        (
            "a service that is missing",
            &[("a.yml", "services: {web: {extends: {file: b.yml, service: api}}}"), ("b.yml", web)],
            "there is no service `api` to extend in `b.yml`",
        ),
        (
            "extends a file that is missing",
            &[("a.yml", "services: {web: {extends: {file: b.yml, service: web}}}")],
            "there is no file `b.yml`",
        ),
        ("an included file that is empty", &[("a.yml", "include: [b.yml]"), ("b.yml", "")], "b.yml:1:1"),
    ] {
        let files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
        assert_files_give(name, &files, "compose a.yml", &Mistake(message));
    }
}

#[test]
fn a_file_that_two_others_include_is_there_once() {
    let mut files: Vec<(String, String)> = (0..30)
        .map(|at| {
            (
                format!("f{at}.yml"),
                format!("include: [f{0}.yml, f{0}.yml]\nservices: {{s{at}: {{image: a}}}}", at + 1),
            )
        })
        .collect();
    files.push(("f30.yml".to_owned(), "services: {last: {image: b}}".to_owned()));
    let files: Vec<(&str, &[u8])> =
        files.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
    assert_files_give("a ladder", &files, "compose f0.yml", &Gives::Stack("service \"last\""));
}

/// A directory with a file outside of what may be read, and one inside that leads there.
fn directory() -> (tempfile::TempDir, std::path::PathBuf) {
    let above = tempfile::tempdir().unwrap();
    let inside = above.path().join("inside");
    fs::create_dir(&inside).unwrap();
    let compose = format!("services: {{web: {{image: {OUTSIDE}, environment: {{A: {OUTSIDE}}}}}}}");
    fs::write(above.path().join("outside.yml"), compose).unwrap();
    fs::write(above.path().join("outside.env"), format!("A={OUTSIDE}\n")).unwrap();
    symlink("../outside.env", inside.join("link.env")).unwrap();
    symlink("..", inside.join("up")).unwrap();
    symlink("loop", inside.join("loop")).unwrap();
    fs::create_dir(inside.join("directory")).unwrap();
    pipe(&inside.join("pipe"));
    (above, inside)
}

/// A named pipe that nobody writes to.
fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

#[test]
fn nothing_is_read_outside_of_the_directory() {
    for (text, gives) in [
        ("services: {web: {image: a, env_file: ../outside.env}}", Mistake("`../outside.env` is outside")),
        ("services: {web: {image: a, env_file: link.env}}", Mistake("`link.env` is outside")),
        ("services: {web: {image: a, env_file: up/outside.env}}", Mistake("`up/outside.env` is outside")),
        ("services: {web: {image: a, env_file: /etc/passwd}}", Mistake("`/etc/passwd` is outside")),
        (
            "services: {web: {image: a, env_file: [{path: ../outside.env, required: false}]}}",
            Mistake("is outside"),
        ),
        (
            "services: {web: {extends: {file: ../outside.yml, service: web}}}",
            Mistake("`../outside.yml` is outside"),
        ),
        ("include: [../outside.yml]", Mistake("`../outside.yml` is outside")),
        ("include: [{path: up/outside.yml}]", Mistake("`up/outside.yml` is outside")),
        // The files of secrets and configs are never read at all.
        (
            "services: {web: {image: a, secrets: [s]}}\nsecrets: {s: {file: ../outside.env}}",
            Report("`secret.s`"),
        ),
        (
            "services: {web: {image: a, configs: [c]}}\nconfigs: {c: {file: ../outside.env}}",
            Report("configs"),
        ),
        ("services: {web: {image: a, env_file: /dev/zero}}", Mistake("`/dev/zero` is outside")),
        ("services: {web: {image: a, env_file: pipe}}", Mistake("`pipe` is not a regular file")),
        ("services: {web: {image: a, env_file: directory}}", Mistake("`directory` is not a regular file")),
        ("services: {web: {image: a, env_file: loop}}", Mistake("a.yml:1:")),
        ("include: [pipe]", Mistake("`pipe` is not a regular file")),
        ("include: [directory]", Mistake("`directory` is not a regular file")),
        ("services: {web: {image: a, env_file: none.env}}", Report("there is no file `none.env`")),
        ("services: {web: {image: a, env_file: \"a\\0b\"}}", Mistake("a.yml:1:")),
    ] {
        let (above, inside) = directory();
        fs::write(inside.join("a.yml"), text).unwrap();
        assert_gives(text, &inside, "compose a.yml", &gives);
        let output = import(&inside, "compose a.yml --format json");
        for bytes in [output.stdout, output.stderr] {
            assert!(!String::from_utf8(bytes).unwrap().contains(OUTSIDE), "{text}");
        }
        drop(above);
    }
}

#[test]
fn what_is_no_file_is_not_waited_for() {
    let (_above, inside) = directory();
    let web = "services: {web: {image: a}}";
    fs::write(inside.join("a.yml"), web).unwrap();
    for (arguments, message) in [
        ("compose pipe", "`pipe` is not a regular file"),
        ("compose directory", "`directory` is not a regular file"),
        ("compose /dev/zero", "`/dev/zero` is not a regular file"),
        ("compose none.yml", "none.yml"),
        ("compose loop", "loop"),
        ("compose a.yml --env-file pipe", "`pipe` is not a regular file"),
        ("compose a.yml --ecs-params /dev/zero", "`/dev/zero` is not a regular file"),
        ("task-definition pipe", "`pipe` is not a regular file"),
        ("task-definition a.yml --service /dev/zero", "`/dev/zero` is not a regular file"),
        ("kubernetes pipe", "`pipe` is not a regular file"),
        ("kubernetes none", "none"),
        ("copilot none", "none"),
        ("ecs-cli a.yml", "a.yml"),
        ("ecs-cli none", "none"),
    ] {
        assert_gives(arguments, &inside, arguments, &Mistake(message));
    }
}

#[test]
fn what_stands_in_a_directory_and_is_no_file_of_it_is_left_alone() {
    let (above, inside) = directory();
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: a, image: b}]}\n";
    fs::write(inside.join("pod.yml"), pod).unwrap();
    let outside = pod.replace("image: b", &format!("image: {OUTSIDE}"));
    fs::write(above.path().join("outside.yml"), outside).unwrap();
    symlink("../outside.yml", inside.join("other.yml")).unwrap();
    pipe(&inside.join("pipe.yml"));
    let output = import(&inside, "kubernetes .");
    let stack = String::from_utf8(output.stdout).unwrap();
    assert!(stack.contains("service \"web\"") && !stack.contains(OUTSIDE), "{stack}");
    fs::create_dir_all(inside.join("copilot/web")).unwrap();
    symlink("../../../outside.yml", inside.join("copilot/web/manifest.yml")).unwrap();
    pipe(&inside.join("copilot/pipe.yml"));
    assert_gives("copilot", &inside, "copilot copilot", &Mistake("import"));
}
