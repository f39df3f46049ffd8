//! Whole imports of small manifests: what joins what.

use std::collections::BTreeMap;

use super::{Inputs, read};
use crate::import::session::{Files, Refusal, Session};
use crate::source::Sources;

struct Nothing;

impl Files for Nothing {
    fn read(&self, _: &str) -> Result<String, Refusal> {
        Err(Refusal::Missing)
    }
}

/// The stack of manifests, or what is wrong with them; and the report.
fn import(text: &str) -> (Result<String, String>, String) {
    let mut sources = Sources::default();
    let mut session = Session::new(&mut sources, &Nothing);
    let inputs = Inputs { manifests: vec![session.given("a.yaml", text)], ..Inputs::default() };
    let system = read(&inputs, &mut session);
    let imported = session.finish(system).unwrap();
    let wrong: Vec<String> = imported
        .report
        .diagnostics
        .iter()
        .map(|found| format!("{}: {}", found.code.name, found.message))
        .collect();
    (imported.stack.ok_or(wrong.join("\n")), imported.report.text(&sources))
}

fn stack(text: &str) -> String {
    import(text).0.unwrap()
}

/// A Deployment with labels, the lines of its pod and those of its container.
fn deployment(name: &str, namespace: &str, image: &str, pod: &str, container: &str) -> String {
    format!(
        "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {{ name: {name}, namespace: {namespace} }}\nspec:\n  template:\n    \
         metadata: {{ labels: {{ app: {name}, tier: any }} }}\n    spec:\n      {pod}\n      containers:\n        - name: main\n          \
         image: {image}\n          {container}\n"
    )
}

fn service(name: &str, namespace: &str, selector: &str, rest: &str) -> String {
    format!(
        "---\napiVersion: v1\nkind: Service\nmetadata: {{ name: {name}, namespace: {namespace} }}\nspec: {{ selector: {{ {selector} }}, {rest} }}\n"
    )
}

#[test]
fn a_service_leads_to_pods_that_have_all_of_its_labels() {
    let api = deployment("api", "a", "api:1", "", "ports: [{ containerPort: 9000 }]");
    let web = |url: &str| {
        deployment("web", "a", "web:1", "", &format!("env: [{{ name: API_URL, value: \"{url}\" }}]"))
    };
    let leads = service("backend", "a", "app: api, tier: any", "ports: [{ port: 80, targetPort: 9000 }]");
    for (url, expected) in [
        ("http://backend/v1", r#""http://${service.api.host}:9000/v1""#),
        ("http://backend:80", r#""http://${service.api.host}:9000""#),
        ("http://backend.a:80", r#""http://${service.api.host}:9000""#),
        ("http://backend.a.svc.cluster.local", r#""http://${service.api.host}:9000""#),
        ("https://backend.example.com", r#""https://backend.example.com""#),
        ("backend:80", r#""${service.api.host}:9000""#),
    ] {
        let stack = stack(&format!("{api}{leads}{}", web(url)));
        assert!(stack.contains(&format!("API_URL = {expected}")), "{url}\n{stack}");
    }
    let other = service("backend", "a", "app: api, tier: none", "ports: [{ port: 80 }]");
    let (stack, report) = import(&format!("{api}{other}{}", web("http://backend")));
    assert!(stack.unwrap().contains("API_URL = \"http://backend\""));
    assert!(report.contains("no pod of the input has these labels"));
}

#[test]
fn one_name_in_two_namespaces_means_two_services() {
    let mut text = String::new();
    for namespace in ["a", "b"] {
        text +=
            &deployment("api", namespace, &format!("api:{namespace}"), "", "ports: [{ containerPort: 80 }]");
        text += &service("api", namespace, "app: api", "ports: [{ port: 80 }]");
        let env =
            "env: [{ name: OWN_URL, value: \"http://api\" }, { name: FAR_URL, value: \"http://api.a\" }]";
        text += &deployment("web", namespace, &format!("web:{namespace}"), "", env);
    }
    let stack = stack(&text);
    let found = ["OWN_URL = \"http://${service.api.host}\"", "OWN_URL = \"http://${service.api_2.host}\""];
    assert!(found.iter().all(|line| stack.contains(line)), "{stack}");
    assert_eq!(stack.matches("FAR_URL = \"http://${service.api.host}\"").count(), 2);
}

#[test]
fn values_of_secrets_are_recognised_and_never_written() {
    let secret = "---\napiVersion: v1\nkind: Secret\nmetadata: { name: keys, namespace: a }\nstringData:\n  \
                  DB_HOST: db\n  DB_PASSWORD: hidden\n  CACHE_URL: redis://:hidden@cache:6379/2\n  API_URL: http://hidden@api/\n  TOKEN: hidden\n";
    let text = deployment("web", "a", "web:1", "", "envFrom: [{ secretRef: { name: keys } }]")
        + &deployment("db", "a", "postgres:16", "", "")
        + &deployment("cache", "a", "redis:7", "", "")
        + &deployment("api", "a", "api:1", "", "")
        + &["db", "cache", "api"]
            .map(|name| service(name, "a", &format!("app: {name}"), "ports: [{ port: 80 }]"))
            .concat()
        + secret;
    let (stack, report) = import(&text);
    let stack = stack.unwrap();
    assert!(!stack.contains("hidden") && !report.contains("hidden"), "{stack}{report}");
    for line in [
        "DB_HOST   = database.db.host",
        "DB_PASSWORD = database.db.password",
        "CACHE_URL = \"${cache.cache.url}/2\"",
        "API_URL     = secret.api_url",
        "TOKEN       = secret.token",
    ] {
        assert!(stack.contains(line), "{line}\n{stack}");
    }
}

#[test]
fn paths_of_an_ingress_keep_their_meaning() {
    let text = deployment("web", "a", "web:1", "", "ports: [{ containerPort: 80 }]")
        + &service("web", "a", "app: web", "ports: [{ port: 80 }]")
        + "---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: web, namespace: a }\nspec:\n  rules:\n    - http:\n        paths:\n";
    for (path, kind, expected) in [
        ("/api", "Prefix", vec!["/api", "/api/*"]),
        ("/api/", "Prefix", vec!["/api", "/api/*"]),
        ("/", "Prefix", vec!["/"]),
        ("/api", "Exact", vec!["/api"]),
        ("/api", "ImplementationSpecific", vec!["/api*"]),
        ("/api/*", "ImplementationSpecific", vec!["/api*"]),
        ("/v1(/|$)(.*)", "ImplementationSpecific", vec!["/v1*"]),
        ("/(a|b)", "ImplementationSpecific", vec![]),
    ] {
        let rule = format!(
            "          - {{ path: \"{path}\", pathType: {kind}, backend: {{ service: {{ name: web, port: {{ number: 80 }} }} }} }}\n"
        );
        let stack = stack(&format!("{text}{rule}"));
        let routes: Vec<&str> = stack
            .lines()
            .filter_map(|line| line.trim().strip_prefix("route \"")?.split('"').next())
            .collect();
        assert_eq!(routes, expected, "{path} {kind}");
    }
}

#[test]
fn init_containers_come_first_one_after_the_other() {
    let init = "initContainers: [{ name: one, image: \"a:1\" }, { name: two, image: \"b:1\" }]";
    let stack = stack(&deployment("web", "a", "web:1", init, ""));
    for piece in ["two = \"success\"", "one = \"success\"", "essential = false"] {
        assert!(stack.contains(piece), "{piece}\n{stack}");
    }
    let waits = "initContainers: [{ name: wait, image: busybox, command: [sh, -c, \"until nc -z db 5432; do :; done\"] }]";
    let (stack, report) = import(&deployment("web", "a", "web:1", waits, ""));
    assert!(!stack.unwrap().contains("container \"wait\"") && report.contains("it only waits"));
}

#[test]
fn what_fargate_cannot_run_is_said() {
    let windows = deployment("web", "a", "web:1", "nodeSelector: { kubernetes.io/os: windows }", "");
    assert!(import(&windows).0.unwrap_err().starts_with("import-impossible: these are Windows containers"));
    for (pod, container, expected) in [
        ("hostNetwork: true", "", "Fargate has no host network"),
        ("", "securityContext: { privileged: true }", "Fargate has no privileged containers"),
        ("", "resources: { limits: { nvidia.com/gpu: 1 } }", "Fargate has no GPU"),
        ("volumes: [{ name: a, hostPath: { path: /data } }]", "", "Fargate has no host whose directories"),
        ("volumes: [{ name: a, secret: { secretName: b } }]", "", "Fargate mounts no secrets"),
        ("", "lifecycle: { preStop: { httpGet: { port: 80 } } }", "Fargate runs nothing before the end"),
    ] {
        let (stack, report) = import(&deployment("web", "a", "web:1", pod, container));
        let needs = report.split_once("needs you:").unwrap().1;
        assert!(stack.is_ok() && needs.contains(expected), "{expected}\n{report}");
    }
}

#[test]
fn what_has_to_be_rendered_first_is_told_from_manifests() {
    let wrong = |text: &str| import(text).0.unwrap_err();
    assert!(wrong("a: {{ .Values.a }}\n").contains("a template of Helm"));
    assert!(
        wrong("apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n").contains("Kustomize")
    );
    // Other templates are data.
    let map =
        "---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata: { t: \"{{ range .Alerts }}\" }\n";
    assert!(import(&format!("{}{map}", deployment("web", "a", "web:1", "", ""))).0.is_ok());
    assert!(wrong(&format!("a: '{}'\n", "{{".repeat(200_000))).contains("no object here makes pods"));
    assert!(wrong("services: {}\n").contains("no object here makes pods"));
}

#[test]
fn every_key_of_an_object_has_a_line() {
    let text = deployment("web", "a", "web:1", "colour: blue", "taste: [sweet, { sour: 1 }]");
    let report = import(&text).1;
    let lines: BTreeMap<&str, &str> =
        report.lines().filter_map(|line| line.trim().split_once(": ")?.1.split_once(": ")).collect();
    for key in ["Pod.spec.colour", "Pod.spec.containers[0].taste[0]", "Pod.spec.containers[0].taste[1]"] {
        assert_eq!(lines.get(key), Some(&"an unknown key"), "{key}\n{report}");
    }
}

#[test]
fn what_the_controller_of_aws_is_told_reaches_load_balancer_and_routes() {
    let ingress = "---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: web\n  annotations:\n    \
         alb.ingress.kubernetes.io/certificate-arn: arn:aws:acm:eu-west-1:222233334444:certificate/0a\n    \
         alb.ingress.kubernetes.io/inbound-cidrs: 192.0.2.0/24, 198.51.100.0/24\n    \
         alb.ingress.kubernetes.io/healthcheck-path: /up\n    alb.ingress.kubernetes.io/success-codes: 200-299\n    \
         alb.ingress.kubernetes.io/target-group-attributes: a=b,deregistration_delay.timeout_seconds=5\nspec:\n  rules: \
         [{ http: { paths: [{ backend: { service: { name: web, port: { number: 80 } } } }] } }]\n";
    let made = stack(&format!(
        "{}{}{ingress}",
        deployment("web", "default", "web:1", "", "ports: [{ containerPort: 80 }]"),
        service("web", "default", "app: web", "ports: [{ port: 80 }]")
    ));
    for expected in [
        "region = \"eu-west-1\"",
        "account = \"222233334444\"",
        "certificate = \"arn:aws:acm:eu-west-1:222233334444:certificate/0a\"",
        "allow       = [\"192.0.2.0/24\", \"198.51.100.0/24\"]",
        "health_check  = \"/up\"",
        "healthy_codes = \"200-299\"",
        "drain         = 5",
    ] {
        assert!(made.contains(expected), "{expected}\n{made}");
    }
}

#[test]
fn routes_of_extensions_lead_to_services() {
    let traefik = "---\napiVersion: traefik.io/v1alpha1\nkind: IngressRoute\nmetadata: { name: web }\nspec:\n  routes:\n    \
         - { match: \"Host(`a.example`) && PathPrefix(`/api`)\", services: [{ name: web, port: 80 }] }\n    \
         - { match: \"Host(`a.example`) && Method(`GET`)\", services: [{ name: web, port: 80 }] }\n";
    let gateway = "---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: { name: web }\nspec:\n  \
         hostnames: [b.example]\n  rules: [{ matches: [{ path: { type: PathPrefix, value: /v2 } }], backendRefs: [{ name: web, \
         port: 80 }] }]\n";
    let (made, report) = import(&format!(
        "{}{}{traefik}{gateway}",
        deployment("web", "default", "web:1", "", "ports: [{ containerPort: 8080 }]"),
        service("web", "default", "app: web", "ports: [{ port: 80, targetPort: 8080 }]")
    ));
    let made = made.unwrap();
    for expected in
        ["route \"/api*\" {\n    hosts = [\"a.example\"]", "route \"/v2/*\" {\n    hosts = [\"b.example\"]"]
    {
        assert!(made.contains(expected), "{expected}\n{made}");
    }
    assert!(report.contains("routes[1].match: a load balancer compares hosts and paths"), "{report}");
}

#[test]
fn pods_with_volumes_of_their_own_become_one_task() {
    let set = |image: &str| {
        format!(
            "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {{ name: data }}\nspec:\n  replicas: 3\n  template:\n    spec: {{ \
             containers: [{{ name: data, image: '{image}', volumeMounts: [{{ name: d, mountPath: /d }}] }}] }}\n  \
             volumeClaimTemplates: [{{ metadata: {{ name: d }}, spec: {{ resources: {{ requests: {{ storage: 30Gi }} }} }} }}]\n"
        )
    };
    let (made, report) = import(&set("mongo:7"));
    let made = made.unwrap();
    assert!(!made.contains("tasks") && made.contains("single = true"), "{made}");
    assert!(report.contains("StatefulSet.spec.replicas: one task"), "{report}");
    let made = stack(&set("postgres:16"));
    assert!(made.contains("storage = 30") && !made.contains("single"), "{made}");
}

#[test]
fn containers_that_run_beside_the_others_wait_for_nobody_behind_them() {
    let pod = "initContainers:\n        - { name: logs, image: 'logs:1', restartPolicy: Always }\n        - { name: setup, image: \
               'web:1' }\n        - { name: kernel, image: busybox, command: [sysctl, -w, a=b] }";
    let (made, report) =
        import(&deployment("web", "default", "web:1", pod, "ports: [{ containerPort: 80 }]"));
    let made = made.unwrap();
    assert!(made.contains("setup = \"success\"") && made.contains("logs = \"started\""), "{made}");
    assert!(!made.contains("sysctl") && !report.contains("wait for each other"), "{report}");
}

#[test]
fn a_schedule_may_be_paused_and_have_a_zone_of_its_own() {
    let made = stack(
        "apiVersion: batch/v1\nkind: CronJob\nmetadata: { name: nightly }\nspec:\n  schedule: 'TZ=Asia/Tokyo 0 3 * * *'\n  suspend: \
         true\n  jobTemplate: { spec: { template: { spec: { containers: [{ name: a, image: 'a:1' }] } } } }\n",
    );
    for expected in ["cron(0 3 * * ? *)", "time_zone = \"Asia/Tokyo\"", "enabled   = false"] {
        assert!(made.contains(expected), "{made}");
    }
}

#[test]
fn hosts_that_only_the_cluster_knows_are_pointed_out() {
    for (name, value, lost) in [
        ("MAIL_HOST", "mailhog", true),
        ("CATALOG_ADDR", "catalog:3550", true),
        ("API_URL", "http://api/v1", true),
        ("API_URL", "http://localhost:8080", false),
        ("API_URL", "https://api.example.com", false),
        ("STORE", "s3://files/a", false),
        ("APP_HOST", "shop", false),
        ("LEVEL", "debug:5", false),
    ] {
        let env = format!("env: [{{ name: {name}, value: '{value}' }}]");
        let (_, report) = import(&deployment("web", "default", "web:1", "", &env));
        assert_eq!(report.contains("only the cluster knows"), lost, "{name}={value}\n{report}");
    }
}

#[test]
fn extensions_that_make_secrets_say_which_keys_there_are() {
    let external = "---\napiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: { name: any }\nspec:\n  target: { name: \
         app }\n  data: [{ secretKey: API_KEY, remoteRef: { key: prod/app } }]\n";
    let sealed = "---\napiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: { name: app2 }\nspec: { encryptedData: { \
         SIGNING_KEY: AgB } }\n";
    let env = "envFrom: [{ secretRef: { name: app } }, { secretRef: { name: app2 } }]";
    let made = stack(&format!("{}{external}{sealed}", deployment("web", "default", "web:1", "", env)));
    assert!(made.contains("API_KEY     = secret.api_key"), "{made}");
    assert!(made.contains("SIGNING_KEY = secret.signing_key") && !made.contains("AgB"), "{made}");
}

#[test]
fn copies_of_a_server_of_data_are_the_business_of_aws() {
    let redis = |name: &str, mode: &str| {
        let env = format!("env: [{{ name: REDIS_REPLICATION_MODE, value: {mode} }}]");
        deployment(name, "default", "bitnami/redis:7.0", "", &env)
    };
    let web = deployment("web", "default", "web:1", "", "");
    let (made, report) = import(&format!("{}{}{web}", redis("main", "master"), redis("copy", "replica")));
    assert_eq!(made.unwrap().matches("\ncache \"").count(), 1);
    assert!(report.contains("Deployment: a replica"), "{report}");
}

#[test]
fn an_nginx_that_an_ingress_leads_to_is_there_for_its_own_sake() {
    let ingress = "---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: docs }\nspec: { defaultBackend: { service: \
                   { name: docs, port: { number: 80 } } } }\n";
    let made = stack(&format!(
        "{}{}{}{ingress}",
        deployment("docs", "default", "nginx:1.27", "", "ports: [{ containerPort: 80 }]"),
        service("docs", "default", "app: docs", "ports: [{ port: 80 }]"),
        deployment("web", "default", "web:1", "", "")
    ));
    assert!(made.contains("service \"docs\"") && made.contains("route \"/\""), "{made}");
}

#[test]
fn a_database_that_exists_is_known_by_what_the_input_says_of_it() {
    let env = "env: [{ name: DB_HOST, value: shop.c9akciq32abc.eu-west-1.rds.amazonaws.com }, { name: DB_USER, valueFrom: { secretKeyRef: \
               { name: db, key: user } } }, { name: DB_PASSWORD, valueFrom: { secretKeyRef: { name: db, key: password } } }]";
    let made = stack(&deployment("web", "default", "web:1", "", env));
    for expected in [
        "password = secret.db_password",
        "DB_PASSWORD = database.db.password",
        "DB_USER     = secret.db_user",
    ] {
        assert!(made.contains(expected), "{expected}\n{made}");
    }
}

#[test]
fn an_address_in_a_secret_is_not_copied_and_pointed_out() {
    let secret = "---\napiVersion: v1\nkind: Secret\nmetadata: { name: db }\nstringData: { URL: 'postgres://u:never@shop.c9akciq32abc.\
                  eu-west-1.rds.amazonaws.com/shop' }\n";
    let env = "env: [{ name: DATABASE_URL, valueFrom: { secretKeyRef: { name: db, key: URL } } }]";
    let (made, report) = import(&format!("{}{secret}", deployment("web", "default", "web:1", "", env)));
    assert!(!made.unwrap().contains("c9akciq32abc") && !report.contains("c9akciq32abc"));
    assert!(report.contains("it leads to what RDS or ElastiCache runs"), "{report}");
}

#[test]
fn a_probe_of_another_port_than_that_of_the_route_is_pointed_out() {
    let probe =
        "ports: [{ containerPort: 80 }]\n          livenessProbe: { httpGet: { path: /live, port: 9000 } }";
    let ingress = "---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: web }\nspec: { defaultBackend: { service: \
                   { name: web, port: { number: 80 } } } }\n";
    let (_, report) = import(&format!(
        "{}{}{ingress}",
        deployment("web", "default", "web:1", "", probe),
        service("web", "default", "app: web", "ports: [{ port: 80 }]")
    ));
    assert!(report.contains("the load balancer asks the port that its route leads to"), "{report}");
}
