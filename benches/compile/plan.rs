//! `terraform plan` of our tree against the same resources in one module.

use crate::terraform::Workdir;
use crate::{compile, flatten, measure};

/// How often each layout is planned; the least counts, because other work on the machine only adds.
const RUNS: usize = 3;

/// Plans both layouts in turn and prints what they cost.
pub fn compare(services: usize) {
    let tree = compile::tree(services);
    let layouts = [("modules", tree.files.clone()), ("flat", flatten::flatten(&tree.files))];
    let mut workdirs = Vec::new();
    for (name, files) in layouts {
        let Some(workdir) = Workdir::new(&format!("bench-{name}"), &files) else { return };
        workdirs.push((name, workdir));
    }
    let mut least = [f64::INFINITY; 2];
    let mut resources = [0; 2];
    for _ in 0..RUNS {
        for (index, (_, workdir)) in workdirs.iter().enumerate() {
            let plan = ["plan", "-input=false", "-no-color", "-lock=false", "-refresh=false", "-out=p"];
            let before = measure::children();
            workdir.run(Some("staging"), &plan).expect("terraform plan");
            least[index] = least[index].min(measure::children() - before);
        }
    }
    for (index, (_, workdir)) in workdirs.iter().enumerate() {
        let (plan, _) = workdir.plan("staging");
        resources[index] = plan["resource_changes"].as_array().map_or(0, Vec::len);
    }
    assert_eq!(resources[0], resources[1], "both layouts have the same resources");
    println!("\n## `terraform plan` of {services} services, {} resources\n", resources[0]);
    println!("| layout | seconds of CPU |\n|---|--:|");
    for (index, (name, _)) in workdirs.iter().enumerate() {
        println!("| {name} | {:.2} |", least[index] / 1e3);
    }
    println!("| modules / flat | {:.2} |", least[0] / least[1]);
}
