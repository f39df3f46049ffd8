#![allow(clippy::all, clippy::disallowed_methods, clippy::unwrap_used)]
use groundplan::import::*;
use groundplan::source::*;
use std::fmt::Write;
use std::time::Instant;
struct No;
impl Files for No {
    fn read(&self, _: &str) -> Result<String, Refusal> {
        Err(Refusal::Missing)
    }
}
fn main() {
    let kind = std::env::args().nth(1).unwrap();
    for n in std::env::args().skip(2) {
        let n: usize = n.parse().unwrap();
        let mut t = String::new();
        if kind == "compose" {
            t.push_str("services:\n");
            for i in 0..n {
                write!(t, "  s{i}:\n    image: example/a:{i}\n    environment:\n      A: b\n      PASSWORD: x{i}\n      PEER: http://s{}:80/\n    ports: ['{}:80']\n    depends_on: [s{}]\n    volumes: ['v{i}:/data']\n", i/2, 1000+i, i/2).unwrap();
            }
            t.push_str("volumes:\n");
            for i in 0..n {
                write!(t, "  v{i}:\n").unwrap();
            }
        } else {
            for i in 0..n {
                write!(t, "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: s{i}}}\nspec:\n  selector: {{matchLabels: {{app: s{i}}}}}\n  template:\n    metadata: {{labels: {{app: s{i}}}}}\n    spec:\n      containers:\n        - name: a\n          image: example/a:{i}\n          envFrom: [{{configMapRef: {{name: c{i}}}}}, {{secretRef: {{name: x{i}}}}}]\n          ports: [{{containerPort: 80}}]\n---\napiVersion: v1\nkind: Service\nmetadata: {{name: s{i}}}\nspec: {{selector: {{app: s{i}}}, ports: [{{port: 80}}]}}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c{i}}}\ndata: {{A: b, PEER: 'http://s{i}'}}\n---\napiVersion: v1\nkind: Secret\nmetadata: {{name: x{i}}}\nstringData: {{P: b}}\n").unwrap();
            }
        }
        let mut sources = Sources::default();
        let t0 = Instant::now();
        let mut s = Session::new(&mut sources, &No);
        let f = s.given("a.yml", &t);
        let t1 = Instant::now();
        let d = yaml::parse(s.sources, f);
        drop(d);
        let t2 = Instant::now();
        let system = if kind == "compose" {
            compose::read(&compose::Inputs { files: vec![f], ..Default::default() }, &mut s)
        } else {
            kubernetes::read(&kubernetes::Inputs { manifests: vec![f], ..Default::default() }, &mut s)
        };
        let t3 = Instant::now();
        let some = system.is_some();
        let r = s.finish(system).unwrap();
        let t4 = Instant::now();
        let text = r.report.text(&sources);
        let t5 = Instant::now();
        let mut t6 = t5;
        let mut errs = 0;
        if let Some(st) = &r.stack {
            let mut so = Sources::default();
            let f = so.add(Source::new("stack.hcl", st, Syntax::Hcl));
            let c = groundplan::pipeline::check(&so, f);
            errs = c.diagnostics.len();
            t6 = Instant::now();
        }
        println!(
            "{kind} {n} {some} {} given {:?} yaml {:?} read {:?} finish {:?} report {:?} check {:?} ({errs}) {}",
            r.stack.map_or(0, |s| s.len()),
            t1 - t0,
            t2 - t1,
            t3 - t2,
            t4 - t3,
            t5 - t4,
            t6 - t5,
            text.len()
        );
        for x in r.report.diagnostics.iter().take(2) {
            println!("{}", x.message);
        }
    }
}
