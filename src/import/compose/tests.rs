//! Whole imports of small compose files: what becomes of what.

use std::collections::BTreeMap;

use super::{Inputs, read};
use crate::import::session::{Files, Refusal, Session};
use crate::source::Sources;

/// Files in memory.
struct Memory(BTreeMap<&'static str, &'static str>);

impl Files for Memory {
    fn read(&self, path: &str) -> Result<String, Refusal> {
        self.0.get(path).map(|text| (*text).to_owned()).ok_or(Refusal::Missing)
    }
}

/// The stack of compose files, the last of which has the last word, or what is wrong with them; and the report.
fn import_all(texts: &[&str], beside: &[(&'static str, &'static str)]) -> (Result<String, String>, String) {
    let mut sources = Sources::default();
    let files = Memory(beside.iter().copied().collect());
    let mut session = Session::new(&mut sources, &files);
    let given = texts.iter().map(|text| session.given("compose.yml", text)).collect();
    let system = read(&Inputs { files: given, ..Inputs::default() }, &mut session);
    let imported = session.finish(system).unwrap();
    let wrong: Vec<String> = imported
        .report
        .diagnostics
        .iter()
        .map(|found| format!("{}: {}", found.code.name, found.message))
        .collect();
    (imported.stack.ok_or(wrong.join("\n")), imported.report.text(&sources))
}

fn import(text: &str) -> (String, String) {
    let (stack, report) = import_all(&[text], &[]);
    (stack.unwrap(), report)
}

#[test]
fn files_of_the_first_version_have_services_at_the_top() {
    let (stack, report) = import("web: { image: a, net: host, links: [db] }\ndb: { image: 'postgres:16' }");
    assert!(stack.contains("service \"web\"") && stack.contains("database \"db\""), "{stack}");
    assert!(report.contains("services.web.net: every task has an address of its own"), "{report}");
}

#[test]
fn secrets_are_given_to_what_asks_for_their_files() {
    let (stack, report) = import(
        "services:
  web:
    image: a
    secrets: [{ source: key, target: signing }, plain]
    environment: { SIGNING_KEY_FILE: /run/secrets/signing }
  db:
    image: postgres:16
    environment: { POSTGRES_PASSWORD_FILE: /run/secrets/pw }
    secrets: [pw, other]
secrets: { key: { file: k }, plain: { environment: P }, pw: { file: p }, other: { file: o }, unused: { file: u } }",
    );
    assert!(
        stack.contains("SIGNING_KEY = secret.key") && stack.contains("PLAIN       = secret.plain"),
        "{stack}"
    );
    for words in [
        "have the program read `PLAIN` instead of `/run/secrets/plain`",
        "secrets.pw: the password of the `database`",
        "secrets.other: only what AWS runs in another way used it",
        "secrets.unused: nothing on Fargate uses it",
    ] {
        assert!(report.contains(words), "{words}\n{report}");
    }
    assert!(!report.contains("read `SIGNING_KEY`") && !stack.contains("secret \"pw\""), "{report}");
}

#[test]
fn what_a_database_says_is_not_said_to_arrive() {
    let (_, report) = import(
        "services: { db: { image: 'mysql:8', user: mysql, healthcheck: { test: ping }, command: x, env_file: gone.env } }",
    );
    assert!(!report.contains("services.db.user") && !report.contains("services.db.healthcheck"), "{report}");
    assert!(report.contains("services.db.env_file: there is no file"), "{report}");
}

#[test]
fn directories_are_told_by_what_stands_in_them() {
    let (stack, report) = import(
        "services:
  web:
    image: a
    volumes: [./prometheus:/etc/prometheus, ./uploads:/data, ./seed:/docker-entrypoint-initdb.d]
  app:
    build: .
    volumes: [./src:/app/src:ro]",
    );
    assert!(
        stack.contains("file_system \"uploads\"") && !stack.contains("file_system \"prometheus\""),
        "{stack}"
    );
    for words in [
        "volumes[0]: a directory beside the file, with what somebody wrote there",
        "volumes[1]: a directory beside the file: copy to the `file_system`",
        "volumes[2]: a directory beside the file, with what somebody wrote there",
        "services.app.volumes[0]: the source beside the file",
    ] {
        assert!(report.contains(words), "{words}\n{report}");
    }
}

#[test]
fn later_files_add_to_lists_and_replace_what_is_one() {
    let base = "services:
  web:
    image: a:1
    command: [run]
    environment: { A: '1', B: '2' }
    ports: ['80:80', '81:81']
    expose: [9000]
    labels: { x: '1' }
    dns: 1.1.1.1
    depends_on: [db]
  db: { image: b }";
    let over = "services:
  web:
    image: a:2
    command: [serve]
    environment: [B=3, C=4]
    ports: !override ['8080:8080']
    expose: [9000, 9001]
    depends_on: !reset null
    tmpfs: /run";
    let (stack, report) = import_all(&[base, over], &[]);
    let stack = stack.unwrap();
    for words in [
        "a:2",
        "\"serve\"",
        "A = \"1\"",
        "B = \"3\"",
        "C = \"4\"",
        "port    = 8080",
        "ports   = [9000, 9001]",
    ] {
        assert!(stack.contains(words), "{words}\n{stack}");
    }
    assert!(!report.contains("services.web.depends_on.db: "), "{report}");
}

#[test]
fn an_nginx_whose_configuration_is_here_gives_its_routes() {
    let text = |more: &str| {
        format!(
            "services:
  front: {{ image: nginx, ports: ['80:80'], volumes: ['./site.conf:/etc/nginx/conf.d/site.conf'{more}] }}
  web: {{ image: a }}
  api: {{ image: b, expose: ['9000', '9001'] }}"
        )
    };
    let site =
        "server { location / { proxy_pass http://web:3000; } location /api { proxy_pass http://api:9001; } }";
    let (stack, _) = import_all(&[&text("")], &[("./site.conf", site), ("site.conf", site)]);
    let stack = stack.unwrap();
    assert!(stack.contains("route \"/api*\" {}") && stack.contains("port  = 9001"), "{stack}");
    assert!(!stack.contains("nginx"), "{stack}");
    // The same with files beside it serves what it finds there.
    let (stack, report) = import_all(&[&text(", './public:/usr/share/nginx/html'")], &[("site.conf", site)]);
    assert!(stack.unwrap().contains("route \"/api*\" {}"), "nothing in it serves files\n{report}");
    let broken = "server { location / { proxy_pass http://nobody; } }";
    let (stack, report) = import_all(&[&text("")], &[("site.conf", broken)]);
    assert!(stack.unwrap().contains("image = \"nginx\""), "{report}");
    assert!(
        report.contains("site.conf:1:10: location: it stays as a service because this leads to nothing"),
        "{report}"
    );
}

#[test]
fn routes_that_happen_to_have_one_priority_are_told_apart() {
    let service = |name: &str| {
        format!(
            "  {name}: {{ image: a, ports: [80], labels: [\"traefik.http.routers.x.rule=PathPrefix(`/{name}`)\"] }}\n"
        )
    };
    let (stack, _) = import(&format!("services:\n{}{}", service("search"), service("tracks")));
    assert!(stack.contains("priority = 200") && stack.contains("priority = 201"), "{stack}");
}

#[test]
fn what_keeps_data_and_stays_is_named_with_what_would_keep_it() {
    let (stack, report) = import(
        "services:
  mongo: { image: 'mongo:7', volumes: ['data:/data/db'] }
  queue: { image: 'rabbitmq:3' }
volumes: { data: }",
    );
    assert_eq!(stack.matches("single").count(), 1, "{stack}");
    for words in ["services.mongo.image: it keeps data on EFS", "better is Amazon MQ"] {
        assert!(report.contains(words), "{words}\n{report}");
    }
}

#[test]
fn a_file_of_variables_elsewhere_is_read_when_the_command_names_it() {
    let mut sources = Sources::default();
    let nothing = Memory(BTreeMap::new());
    let mut session = Session::new(&mut sources, &nothing);
    let text = "services: { web: { image: a, env_file: ../shared.env } }";
    let (file, shared) = (session.given("app/compose.yml", text), session.given("shared.env", "A=1"));
    let system =
        read(&Inputs { files: vec![file], env_files: vec![shared], ..Inputs::default() }, &mut session);
    assert!(session.finish(system).unwrap().stack.unwrap().contains("A = \"1\""));
}

#[test]
fn a_minio_becomes_buckets_for_those_who_use_it() {
    let (stack, report) = import(
        "services:
  app:
    image: a
    environment:
      S3_ENDPOINT: http://minio:9000
      S3_BUCKET: uploads
      AWS_ACCESS_KEY_ID: root
      AWS_SECRET_ACCESS_KEY: never-to-be-seen
    depends_on: [minio]
  minio: { image: minio/minio, environment: { MINIO_ROOT_USER: root, MINIO_ROOT_PASSWORD: never-to-be-seen } }
  make: { image: minio/mc, entrypoint: sh -c 'mc alias set a http://minio:9000' }",
    );
    assert!(
        stack.contains("S3_BUCKET = bucket.uploads.name") && stack.contains("bucket \"uploads\" {}"),
        "{stack}"
    );
    assert!(!stack.contains("minio") && !stack.contains("secret") && !stack.contains("ENDPOINT"), "{stack}");
    assert!(
        report.contains("services.make: it makes buckets") && report.contains("S3_ENDPOINT: left out"),
        "{report}"
    );
}

#[test]
fn what_only_copies_a_database_is_none() {
    let (stack, _) =
        import("services: { backup: { image: 'mysql:8', command: mysqldump -h db -pnever-to-be-seen } }");
    assert!(stack.contains("service \"backup\"") && !stack.contains("never-to-be-seen"), "{stack}");
    let (stack, _) = import("services: { db: { image: 'mysql:8', command: --max_connections=9 } }");
    assert!(stack.contains("database \"db\""), "{stack}");
}

#[test]
fn what_docker_said_to_ecs_is_read() {
    let (stack, report) = import(
        "x-aws-vpc: vpc-1
x-aws-logs_retention: 7
services: { web: { image: a, ports: [80], deploy: { x-aws-autoscaling: { min: 2, max: 4, cpu: 75 } } } }",
    );
    for words in ["log_retention = 7", "min = 2", "max = 4", "cpu = 75"] {
        assert!(stack.contains(words), "{words}\n{stack}");
    }
    assert!(report.contains("x-aws-vpc: write it as `vpc_id`"), "{report}");
}

#[test]
fn an_nginx_that_is_built_is_read_where_its_dockerfile_only_copies() {
    let text = "services:
  front: { build: ./front, ports: ['80:80'] }
  web: { image: a, expose: ['3000'] }";
    let site = "server { location / { proxy_pass http://web:3000; } }";
    let dockerfile = "FROM nginx\nCOPY site.conf /etc/nginx/conf.d/default.conf";
    let (stack, report) = import_all(&[text], &[("front/Dockerfile", dockerfile), ("front/site.conf", site)]);
    let stack = stack.unwrap();
    assert!(stack.contains("route \"/\" {}") && !stack.contains("registry"), "{stack}");
    assert!(!report.contains("services.front.build"), "{report}");
    let (stack, _) = import_all(&[text], &[]);
    assert!(stack.unwrap().contains("registry.front"));
}

#[test]
fn a_variable_that_is_taken_is_given_under_another_name() {
    let (stack, _) = import(
        "services:
  db: { image: 'mysql:8.4' }
  web: { image: a, depends_on: [db], environment: { DB_HOST: 'postgres://u:p@elsewhere/x' } }",
    );
    assert!(stack.contains("DB_HOST     = secret.db_host"), "{stack}");
    assert!(stack.contains("DATABASE_DB_HOST = database.db.host"), "{stack}");
}

#[test]
fn hosts_beyond_what_a_rule_compares_are_told() {
    let hosts: Vec<String> = (1..=7).map(|number| format!("`h{number}.example.org`")).collect();
    let rule = format!("traefik.http.routers.x.rule=Host({}) && PathPrefix(`/v1`)", hosts.join(", "));
    let (stack, report) =
        import(&format!("services: {{ web: {{ image: a, expose: ['80'], labels: ['{rule}'] }} }}"));
    assert!(stack.contains("h4.example.org") && !stack.contains("h5.example.org"), "{stack}");
    assert!(report.contains("compares 4 hosts with this path, and the others are left out"), "{report}");
}
