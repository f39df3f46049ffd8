//! The root module: guard, environment table, module calls, outputs; and each module's variables and outputs.

use tera::{Map, Value};

use super::engine::{text, value};
use super::{Bug, Renderer, readme};
use crate::hcl::{Expr, Literal};

/// Renders everything that is not a component's file. Comes last: only now is known who refers to what.
pub(super) fn render(renderer: &mut Renderer<'_>) -> Result<(), Bug> {
    let outputs = renderer.fold.outputs();
    modules(renderer)?;
    let model = renderer.fold.model;
    let settings = &model.stack.settings;

    renderer.terraform("terraform.tf", "terraform.tf", Map::default())?;

    if let Some(state) = &settings.state {
        let mut view = Map::default();
        let region = state.region.as_ref().unwrap_or(&settings.region);
        view.insert("bucket".into(), value(&Expr::string(state.bucket.clone())));
        view.insert("key".into(), value(&Expr::string(format!("{}.tfstate", model.stack.name))));
        view.insert("prefix".into(), value(&Expr::string(model.stack.name.clone())));
        view.insert("region".into(), value(&Expr::string(region.clone())));
        renderer.terraform("backend.tf", "backend.tf", view)?;
    }

    let mut view = Map::default();
    let region = match renderer.fold.columns.get("region") {
        Some(_) => Expr::Traversal("local.env.region".into()),
        None => Expr::string(model.example().map_or(&settings.region, |first| &first.region).clone()),
    };
    view.insert("region".into(), value(&region));
    let tags = settings.tags.0.iter().map(|(key, (_, tag))| (key.clone(), Expr::string(tag.clone())));
    let mut tags: Vec<(std::sync::Arc<str>, Expr)> = tags.collect();
    tags.push(("Environment".into(), Expr::Traversal("terraform.workspace".into())));
    tags.push(("Stack".into(), Expr::string(model.stack.name.clone())));
    tags.sort_by(|a, b| a.0.cmp(&b.0));
    view.insert("tags".into(), value(&Expr::Object(tags)));
    renderer.terraform("providers.tf", "providers.tf", view)?;

    let view = environments(renderer);
    renderer.terraform("environments.tf", "environments.tf", view)?;

    let calls: Vec<Value> = renderer
        .used_modules()
        .into_iter()
        .map(|(name, _)| {
            let mut call = Map::default();
            call.insert("name".into(), text(name));
            let arguments = renderer.fold.wiring.variables(name).map(|(name, variable)| {
                let mut argument = Map::default();
                argument.insert("name".into(), text(name));
                argument.insert("value".into(), value(&variable.argument));
                Value::from(argument)
            });
            call.insert("arguments".into(), Value::from(arguments.collect::<Vec<_>>()));
            Value::from(call)
        })
        .collect();
    let mut view = Map::default();
    view.insert("modules".into(), Value::from(calls));
    renderer.terraform("main.tf", "main.tf", view)?;

    let view = outputs_view(outputs.iter().map(|(name, about, expr)| (name.as_str(), about.as_str(), expr)));
    renderer.terraform("outputs.tf", "outputs.tf", view)?;
    readme::render(renderer)
}

/// The variables and outputs of every module.
fn modules(renderer: &mut Renderer<'_>) -> Result<(), Bug> {
    for (module, _) in renderer.used_modules() {
        let variables = renderer.fold.wiring.variables(module).map(|(name, variable)| {
            let mut view = Map::default();
            view.insert("name".into(), text(name));
            view.insert("type".into(), text(&variable.type_name));
            view.insert("description".into(), Value::from(variable.description.as_str()));
            Value::from(view)
        });
        let mut view = Map::default();
        view.insert("variables".into(), Value::from(variables.collect::<Vec<_>>()));
        renderer.terraform(&format!("modules/{module}/variables.tf"), "variables.tf", view)?;
        let outputs = renderer.fold.wiring.outputs(module);
        let view =
            outputs_view(outputs.map(|(name, output)| (name, output.description.as_str(), &output.value)));
        renderer.terraform(&format!("modules/{module}/outputs.tf"), "outputs.tf", view)?;
    }
    Ok(())
}

fn outputs_view<'e>(outputs: impl Iterator<Item = (&'e str, &'e str, &'e Expr)>) -> Map {
    let outputs = outputs.map(|(name, description, expr)| {
        let mut view = Map::default();
        view.insert("name".into(), text(name));
        view.insert("description".into(), Value::from(description));
        view.insert("value".into(), value(expr));
        Value::from(view)
    });
    let mut view = Map::default();
    view.insert("outputs".into(), Value::from(outputs.collect::<Vec<_>>()));
    view
}

/// The environment table: one typed entry per workspace.
fn environments(renderer: &Renderer<'_>) -> Map {
    let columns = &renderer.fold.columns;
    let types = columns.iter().map(|(name, column)| {
        let mut view = Map::default();
        view.insert("name".into(), text(name));
        view.insert("type".into(), text(column.type_name()));
        Value::from(view)
    });
    let environments = renderer.fold.model.environments.iter().enumerate().map(|(index, environment)| {
        let settings = columns.iter().map(|(name, column)| {
            let mut view = Map::default();
            view.insert("name".into(), text(name));
            // A null is written out here: it says that this environment has no such thing.
            let printed = match &column.values[index] {
                Literal::Null => "null".to_owned(),
                other => Expr::Literal(other.clone()).print(),
            };
            view.insert("value".into(), text(&printed));
            Value::from(view)
        });
        let mut view = Map::default();
        view.insert("name".into(), text(&environment.name));
        view.insert("settings".into(), Value::from(settings.collect::<Vec<_>>()));
        Value::from(view)
    });
    let mut view = Map::default();
    view.insert("types".into(), Value::from(types.collect::<Vec<_>>()));
    view.insert("environments".into(), Value::from(environments.collect::<Vec<_>>()));
    view.insert(
        "first".into(),
        text(renderer.fold.model.example().map_or("", |environment| &environment.name)),
    );
    view
}

#[cfg(test)]
mod tests {
    use crate::testing::{generated, has_line, stack};

    #[test]
    fn each_environment_may_have_a_region_of_its_own() {
        let text = stack("", "region = \"ap-northeast-1\"");
        assert!(has_line(&generated(&text, "providers.tf"), "region = local.env.region"));
        let table = generated(&text, "environments.tf");
        assert!(has_line(&table, "region = \"ap-northeast-1\""));
        assert!(has_line(&table, "region = \"eu-west-1\""));
    }

    #[test]
    fn a_region_that_all_environments_share_stands_in_the_provider() {
        assert!(has_line(&generated(&stack("", ""), "providers.tf"), "region = \"eu-west-1\""));
    }
}
