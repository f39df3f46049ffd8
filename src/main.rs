use groundplan::*;
fn main() {
    let path = std::env::args().nth(1).unwrap();
    let mut sources = source::Sources::default();
    let text = std::fs::read_to_string(&path).unwrap();
    let id = sources.add(source::Source::new(&path, &text, source::Syntax::Hcl));
    let engine = render::Engine::new().unwrap();
    match pipeline::compile(&engine, &sources, id, |_| Default::default()) {
        Err(bug) => println!("{bug}"),
        Ok(outcome) => {
            for d in &outcome.diagnostics {
                println!(
                    "{} {}: {} ({}) help: {:?} envs {:?}",
                    d.code.name,
                    sources.position(d.primary.span),
                    d.message,
                    d.primary.text,
                    d.help,
                    d.environments
                );
            }
            if let Some(tree) = outcome.value.map(|c| c.tree) {
                for (path, text) in &tree.files {
                    println!("=== {path}\n{text}");
                    let p = std::path::Path::new("/tmp/gp").join(path);
                    std::fs::create_dir_all(p.parent().unwrap()).unwrap();
                    std::fs::write(p, text).unwrap();
                }
            }
        }
    }
}
