//! What `aws::replacement` says about the arguments that the templates print, against the provider: its schema, and a
//! plan in which every argument of every type of resource changes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use groundplan::aws::replacement::{
    Resource, forces_new_between, is_set, keeps_when_absent, resources, taggable,
};
use serde_json::{Map, Value, json};

use crate::compile::root;
use crate::terraform::{Workdir, is_installed};

/// One of each type, with every argument.
const RESOURCES: &str = include_str!("../fixtures/resources.tf");

const ROOT: &str = r#"terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}

provider "aws" {
  region = "eu-west-1"
}
"#;

/// What an argument was before, where it depends on that what the change does. Others are only different.
const BEFORE: &[(&str, &str, &str)] = &[
    ("aws_elasticache_replication_group.one", "engine", "valkey"),
    ("aws_elasticache_replication_group.one", "engine_version", "8.0"),
    ("aws_elasticache_replication_group.valkey", "engine", "redis"),
    ("aws_elasticache_replication_group.valkey", "engine_version", "7.1"),
];

/// The names of blocks and of the argument in them.
type Path = Vec<String>;

/// The provider's schema, by type of resource.
struct Schema(Value);

impl Schema {
    fn read(workdir: &Workdir) -> Self {
        let said = workdir.run(None, &["providers", "schema", "-json"]).expect("terraform providers schema");
        let mut schemas: Value = serde_json::from_str(&said.output).unwrap();
        let provider = &mut schemas["provider_schemas"]["registry.terraform.io/hashicorp/aws"];
        Self(provider["resource_schemas"].take())
    }

    fn block(&self, resource: &str) -> &Value {
        let block = &self.0[resource]["block"];
        assert!(block.is_object(), "the provider does not know {resource}");
        block
    }

    /// The attribute or the nested block at a path; what stands inside an attribute has no schema of its own.
    fn find(&self, resource: &str, path: &[String]) -> Option<&Value> {
        let (last, blocks) = path.split_last()?;
        let mut block = self.block(resource);
        for name in blocks {
            block = &block["block_types"].get(name)?["block"];
        }
        block["attributes"].get(last).or_else(|| block["block_types"].get(last))
    }
}

/// The arguments and blocks of every type that the templates print.
fn printed() -> BTreeMap<String, BTreeSet<Path>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(root("templates/modules")).unwrap() {
        arguments(&fs::read_to_string(entry.unwrap().path()).unwrap(), &mut found);
    }
    found.remove("terraform_data");
    found
}

/// Adds the arguments of all resources of a template, those of every branch, or of Terraform's own language. It is read
/// line by line, because a template is nothing that a parser would take.
fn arguments(text: &str, found: &mut BTreeMap<String, BTreeSet<Path>>) {
    let mut resource: Option<&mut BTreeSet<Path>> = None;
    let (mut path, mut open) = (Path::new(), 0);
    for line in text.lines() {
        let line = without_tags(line);
        let line = line.trim();
        if open > 0 {
            open += brackets(line);
        } else if let Some(rest) = line.strip_prefix("resource \"") {
            let kind = rest.split('"').next().unwrap();
            resource = Some(found.entry(kind.to_owned()).or_default());
        } else if line == "}" {
            if path.pop().is_none() {
                resource = None;
            }
        } else if let Some(paths) = &mut resource {
            let (name, opens) = match line.split_once(" {") {
                Some((name, "")) if !name.contains('=') => (name, true),
                Some((name, "}")) if !name.contains('=') => (name, false),
                _ => match line.split_once('=') {
                    Some((name, value)) => {
                        open = brackets(value);
                        (name, false)
                    }
                    None => continue,
                },
            };
            path.push(name.trim_start_matches("dynamic").trim_matches([' ', '"']).to_owned());
            // Terraform's own words are no arguments of the provider's.
            let own = |step: &String| matches!(step.as_str(), "depends_on" | "for_each" | "lifecycle");
            let argument: Path = path.iter().filter(|step| *step != "content").cloned().collect();
            if !argument.iter().any(own) {
                paths.insert(argument);
            }
            if !opens {
                path.pop();
            }
        }
    }
}

/// How many brackets a line opens and does not close.
fn brackets(line: &str) -> i32 {
    let counted = line.chars().map(|c| match c {
        '(' | '[' | '{' => 1,
        ')' | ']' | '}' => -1,
        _ => 0,
    });
    counted.sum()
}

/// A line of a template without tags and comments, and with a name in the place of every value.
fn without_tags(line: &str) -> String {
    let mut line = line.to_owned();
    for (open, close, filling) in [("{%", "%}", ""), ("{#", "#}", ""), ("{{", "}}", "hole")] {
        while let Some((before, tag)) = line.split_once(open) {
            let after = tag.split_once(close).map_or("", |(_, after)| after);
            line = format!("{before}{filling}{after}");
        }
    }
    match line.trim_start().starts_with('#') {
        true => String::new(),
        false => line,
    }
}

fn flat(found: &BTreeMap<String, BTreeSet<Path>>) -> BTreeSet<String> {
    let all = found.iter().flat_map(|(resource, paths)| {
        paths.iter().map(move |path| format!("{resource}: {}", path.join(".")))
    });
    all.collect()
}

fn words(path: &Path) -> Vec<&str> {
    path.iter().map(String::as_str).collect()
}

#[test]
fn what_is_known_of_resources_is_about_all_that_templates_print() {
    let printed = printed();
    let mut planned = BTreeMap::new();
    arguments(RESOURCES, &mut planned);
    let (printed_paths, planned_paths) = (flat(&printed), flat(&planned));
    let missing: Vec<_> = printed_paths.difference(&planned_paths).collect();
    let stale: Vec<_> = planned_paths.difference(&printed_paths).collect();
    assert!(
        missing.is_empty(),
        "tests/fixtures/resources.tf has nothing of what templates print:\n{missing:#?}"
    );
    assert!(stale.is_empty(), "tests/fixtures/resources.tf has what no template prints:\n{stale:#?}");

    let known: BTreeMap<&str, &Resource> = resources().map(|known| (known.name, known)).collect();
    let types: Vec<&str> = known.keys().copied().collect();
    assert_eq!(types, printed.keys().collect::<Vec<_>>());
    for (name, paths) in &printed {
        let paths: BTreeSet<String> = paths.iter().map(|path| path.join(".")).collect();
        let forces = known[name.as_str()].forces.iter().map(|cause| cause.argument);
        for argument in forces
            .chain(known[name.as_str()].computed.iter().copied())
            .chain(known[name.as_str()].sets.iter().copied())
        {
            assert!(paths.contains(argument), "{name} never has {argument}");
        }
    }
}

#[test]
fn a_plan_replaces_for_what_is_known_to_force_it_and_for_nothing_else() {
    if !is_installed() {
        return;
    }
    let Some(workdir) = Workdir::new("replacement", &[("main.tf".to_owned(), ROOT.to_owned())].into()) else {
        return;
    };
    let schema = Schema::read(&workdir);
    let printed = printed();
    for (resource, paths) in &printed {
        let tags = schema.block(resource)["attributes"].get("tags_all").is_some();
        assert_eq!(taggable(resource), tags, "whether {resource} has tags");
        for path in paths {
            let Some(known) = schema.find(resource, path) else { continue };
            let what = format!("{resource}: {}", path.join("."));
            let computed = known["optional"] == true && known["computed"] == true;
            assert_eq!(keeps_when_absent(resource, &words(path)), computed, "{what} keeps its value");
            let set = known["type"][0] == "set" || known["nesting_mode"] == "set";
            assert_eq!(is_set(resource, &words(path)), set, "{what} is a set");
        }
    }

    let fixture: Value = hcl::from_str(RESOURCES).unwrap();
    let (mut configuration, mut state, mut sides) = (Map::new(), Vec::new(), BTreeMap::new());
    for (resource, labels) in fixture["resource"].as_object().unwrap() {
        let mut planned = Map::new();
        for (label, body) in labels.as_object().unwrap() {
            let after = typed(body, schema.block(resource));
            let mut before = after.clone();
            change(&mut before);
            for (_, argument, value) in BEFORE.iter().filter(|(at, ..)| *at == format!("{resource}.{label}"))
            {
                before[argument] = json!(value);
            }
            before["id"] = json!("there-before");
            state.push(json!({
                "mode": "managed",
                "type": resource,
                "name": label,
                "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]",
                "instances": [{ "schema_version": schema.0[resource]["version"], "attributes": before }],
            }));
            planned.insert(label.clone(), after.clone());
            sides.insert(format!("{resource}.{label}"), (before, after));
        }
        configuration.insert(resource.clone(), Value::Object(planned));
    }
    let state = json!({ "version": 4, "serial": 1, "lineage": "made", "resources": state });
    fs::write(workdir.path("resources.tf.json"), json!({ "resource": configuration }).to_string()).unwrap();
    fs::create_dir_all(workdir.path("terraform.tfstate.d/made")).unwrap();
    fs::write(workdir.path("terraform.tfstate.d/made/terraform.tfstate"), state.to_string()).unwrap();

    let (plan, _) = workdir.plan("made");
    let mut problems = Vec::new();
    for change in plan["resource_changes"].as_array().unwrap() {
        let address = change["address"].as_str().unwrap();
        let resource = change["type"].as_str().unwrap();
        let (before, after) = &sides[address];
        let forcing: BTreeSet<Path> = change["change"]["replace_paths"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|path| {
                path.as_array().unwrap().iter().filter_map(Value::as_str).map(str::to_owned).collect()
            })
            .collect();
        for path in &printed[resource] {
            // A block is no value of its own, and this one has others of some of its arguments.
            if !is_argument(&schema, resource, path) || !stands_in(after, path) {
                continue;
            }
            let forces = (1..=path.len()).any(|length| forcing.contains(&path[..length]));
            if forces_new_between(resource, &words(path), before, after).is_some() != forces {
                let verb = if forces { "forces" } else { "does not force" };
                problems.push(format!("{address}: {} {verb} a new one", path.join(".")));
            }
        }
    }
    assert!(problems.is_empty(), "terraform says:\n{}", problems.join("\n"));
}

fn is_argument(schema: &Schema, resource: &str, path: &[String]) -> bool {
    schema.find(resource, path).is_some_and(|known| known["nesting_mode"].is_null())
}

fn stands_in(value: &Value, path: &[String]) -> bool {
    match (value, path) {
        (_, []) => true,
        (Value::Array(blocks), _) => blocks.iter().any(|block| stands_in(block, path)),
        (Value::Object(entries), [name, rest @ ..]) => {
            entries.get(name).is_some_and(|value| stands_in(value, rest))
        }
        _ => false,
    }
}

/// A body of the fixture as Terraform's JSON has it: blocks are lists, and blocks that are attributes lack nothing.
fn typed(body: &Value, schema: &Value) -> Value {
    let mut entries = Map::new();
    for (name, value) in body.as_object().unwrap() {
        let blocks = || value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
        let nested = &schema["block_types"][name]["block"];
        let value = if nested.is_object() {
            Value::Array(blocks().iter().map(|block| typed(block, nested)).collect())
        } else if let Some(all) = schema["attributes"][name]["type"][1][1].as_object() {
            let whole = |block: &Value| {
                all.keys().map(|key| (key.clone(), block[key].clone())).collect::<Map<String, Value>>()
            };
            blocks().iter().map(whole).collect::<Vec<_>>().into()
        } else {
            value.clone()
        };
        entries.insert(name.clone(), value);
    }
    Value::Object(entries)
}

/// Gives every argument another value, of the same type.
fn change(value: &mut Value) {
    match value {
        Value::Null => {}
        Value::Bool(flag) => *flag = !*flag,
        Value::Number(number) => *value = json!(number.as_i64().unwrap_or_default() + 1),
        Value::String(text) => {
            let changed = match (text.as_str(), text.parse::<i64>()) {
                ("true", _) => "false".to_owned(),
                ("false", _) => "true".to_owned(),
                (_, Ok(number)) => (number + 1).to_string(),
                (json, _) if json.starts_with('{') => "{}".to_owned(),
                (json, _) if json.starts_with('[') => "[]".to_owned(),
                (word, _) => format!("{word}-before"),
            };
            *text = changed;
        }
        Value::Array(items) => items.iter_mut().for_each(change),
        Value::Object(entries) => entries.values_mut().for_each(change),
    }
}
