//! The page of the blocks that are no components: `stack`, `environment`, `app`.

use super::{blocks, common, header};
use crate::components::workload::App;
use crate::model::{Common, EnvironmentSettings, FactName, StackSettings};
use crate::settings::{BlockInfo, Settings};

/// The page.
pub(super) fn page() -> String {
    let mut text = header("`src/stack/mod.rs` and `src/components/workload.rs`");
    text += "# `stack`, `environment` and `app`\n\n\
        A stack file has one `stack`, at least one `environment`, and [components](README.md#components). Names are \
        labels: lower-case letters, digits and single underscores, at most 32 characters. An environment's name is the \
        Terraform workspace.\n\n\
        ```hcl\n\
        stack \"shop\" {\n  region = \"eu-west-1\"\n}\n\n\
        environment \"production\" {\n  account = \"111111111111\"\n  protect = true\n\n  \
        # An overlay: what differs here from the service \"web\" below.\n  service \"web\" { tasks = 4 }\n}\n\n\
        app \"shop\" {\n  image = \"public.ecr.aws/nginx/nginx:1.27\"\n\n  service \"web\" { tasks = 1 }\n}\n\
        ```\n\n\
        In JSON a block is an object and its label a key, `{\"service\": {\"web\": {\"tasks\": 4}}}`, and a reference \
        is a string, `\"${database.main.host}\"`. [schema.json](schema.json) describes that form.\n";
    for (key, info) in blocks() {
        text += &format!("\n## `{key}`\n\n{}\n\n{}", info.doc, blocks::settings(&info.fields));
    }
    text += "\n## Facts\n\nReferences name components, and these facts:\n\n";
    for fact in FactName::WORDS {
        text += &format!("- `{fact}`\n");
    }
    text
}

/// The blocks, in the order in which a file has them.
fn blocks() -> [(&'static str, BlockInfo); 3] {
    let mut app = App::info();
    app.fields.extend(common().into_iter().filter(|field| Common::SHARED.contains(&field.name)));
    // What an app leaves out, its services and tasks have.
    for field in &mut app.fields {
        field.required = false;
    }
    [("stack", StackSettings::info()), ("environment", EnvironmentSettings::info()), ("app", app)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline;
    use crate::source::{Source, Sources, Syntax};

    #[test]
    fn the_example_on_the_page_is_read_without_an_error_of_form() {
        let page = page();
        let example = page.split("```hcl\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
        let mut sources = Sources::default();
        let file = sources.add(Source::new("stacks/shop.hcl", example, Syntax::Hcl));
        let found: Vec<&str> =
            pipeline::check(&sources, file).diagnostics.iter().map(|found| found.code.name).collect();
        // The example leaves the network out, and nothing else.
        assert!(found.iter().all(|code| *code == "missing-block"), "{found:?}");
    }
}
