//! Which files of a directory belong together.

/// A project: the files that ecs-cli would be given.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Project {
    /// What tells it from the others of its directory: `web` of `docker-compose.web.yml`. Empty when it is the only one.
    pub word: String,
    /// Compose files, the last of which has the last word.
    pub compose: Vec<String>,
    /// The one of them that is there because no other could be meant.
    pub overlay: Option<String>,
    /// The `ecs-params.yml`.
    pub params: Option<String>,
    /// Files of the same sorts that are left out.
    pub left_out: Vec<String>,
}

/// Names of files that the command line gives, which stand in every directory.
#[derive(Debug, Default, Clone)]
pub struct Choice {
    /// Compose files.
    pub compose: Vec<String>,
    /// The `ecs-params.yml`.
    pub params: Option<String>,
}

/// The projects of a directory with files of these names.
///
/// Without a choice ecs-cli merges `docker-compose.override.yml` over `docker-compose.yml`. A single other file beside
/// that one is an overlay, too; of several nobody knows which were meant together. Where there is no `docker-compose.yml`
/// each file is a project of its own, with the parameters that have the same word in their name.
pub fn projects(names: &[String], choice: &Choice) -> Vec<Project> {
    let of = |stems: &[&str]| -> Vec<(String, String)> {
        let mut found: Vec<(String, String)> =
            names.iter().filter_map(|name| Some((word(name, stems)?.to_owned(), name.clone()))).collect();
        found.sort_by_key(|(word, name)| (word.clone(), !name.starts_with("docker-"), name.clone()));
        found
    };
    let compose = of(&["docker-compose", "compose"]);
    let params = of(&["ecs-params", "ecs-param"]);
    let plain = |word: &String| word.is_empty() || word == "override";
    let (base, overlays): (Vec<_>, Vec<_>) = compose.into_iter().partition(|(word, _)| plain(word));
    let names_of =
        |files: &[(String, String)]| -> Vec<String> { files.iter().map(|(_, name)| name.clone()).collect() };
    let mut projects = if !choice.compose.is_empty() {
        vec![Project { compose: choice.compose.clone(), ..Project::default() }]
    } else if let Some((first, more)) = base.split_first().filter(|((word, _), _)| word.is_empty()) {
        let mut project = Project { compose: vec![first.1.clone()], ..Project::default() };
        for (word, name) in more {
            let list = if word.is_empty() { &mut project.left_out } else { &mut project.compose };
            list.push(name.clone());
        }
        match &overlays[..] {
            [(_, only)] => {
                project.compose.push(only.clone());
                project.overlay = Some(only.clone());
            }
            several => project.left_out.extend(names_of(several)),
        }
        vec![project]
    } else {
        let several = overlays.len() + base.len() > 1;
        let project = |(word, name): (String, String)| Project {
            word: if several { word } else { String::new() },
            compose: vec![name],
            ..Project::default()
        };
        base.into_iter().chain(overlays).map(project).collect()
    };
    if projects.is_empty() && !params.is_empty() {
        projects.push(Project::default());
    }
    let mut used: Vec<String> = Vec::new();
    for project in &mut projects {
        let matching = params.iter().find(|(word, _)| *word == project.word);
        let only = params.first().filter(|(word, _)| params.len() == 1 || word.is_empty());
        project.params = match &choice.params {
            Some(chosen) => Some(chosen.clone()),
            None => matching.or(only).map(|(_, name)| name.clone()),
        };
        used.extend(project.params.clone());
    }
    if let Some(last) = projects.last_mut() {
        let unused = params.into_iter().map(|(_, name)| name).filter(|name| !used.contains(name));
        last.left_out.extend(unused);
    }
    projects
}

/// What stands between a stem and the ending of a name: nothing in `docker-compose.yml`, `web` in `docker-compose.web.yml`.
fn word<'n>(name: &'n str, stems: &[&str]) -> Option<&'n str> {
    let name = name.strip_suffix(".yml").or_else(|| name.strip_suffix(".yaml"))?;
    let rest = stems.iter().find_map(|stem| name.strip_prefix(stem))?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix(['.', '-', '_']) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The projects as text: files, `+` parameters, `-` what is left out.
    fn shown(names: &[&str], choice: &Choice) -> Vec<String> {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let text = |project: &Project| {
            let mut text = project.compose.join(" ");
            if let Some(params) = &project.params {
                text += &format!(" + {params}");
            }
            if !project.left_out.is_empty() {
                text += &format!(" - {}", project.left_out.join(" "));
            }
            if project.word.is_empty() { text } else { format!("{}: {text}", project.word) }
        };
        projects(&names, choice).iter().map(text).collect()
    }

    #[test]
    fn the_files_of_a_directory_are_put_together_as_ecs_cli_is_given_them() {
        for (names, expected) in [
            (
                vec!["Dockerfile", "docker-compose.yml", "ecs-params.yml"],
                vec!["docker-compose.yml + ecs-params.yml"],
            ),
            (
                vec!["docker-compose.ecs.yml", "docker-compose.override.yml", "docker-compose.yml"],
                vec!["docker-compose.yml docker-compose.override.yml docker-compose.ecs.yml"],
            ),
            (
                vec!["compose.yaml", "compose.dev.yaml", "compose.live.yaml", "ecs-params.live.yml"],
                vec!["compose.yaml + ecs-params.live.yml - compose.dev.yaml compose.live.yaml"],
            ),
            (
                vec!["docker-compose.prod.yml", "ecs-params.yml"],
                vec!["docker-compose.prod.yml + ecs-params.yml"],
            ),
            (
                vec![
                    "docker-compose.a.yml",
                    "docker-compose.b.yml",
                    "docker-compose.c.yml",
                    "ecs-param.a.yml",
                    "ecs-param.b.yml",
                ],
                vec![
                    "a: docker-compose.a.yml + ecs-param.a.yml",
                    "b: docker-compose.b.yml + ecs-param.b.yml",
                    "c: docker-compose.c.yml",
                ],
            ),
            (vec!["ecs-params.yml"], vec![" + ecs-params.yml"]),
            (vec!["docker-compose.yml.orig", "compositor.yml"], vec![]),
        ] {
            assert_eq!(shown(&names, &Choice::default()), expected, "{names:?}");
        }
    }

    #[test]
    fn the_command_line_has_the_last_word() {
        let choice = Choice {
            compose: vec!["base.yml".to_owned(), "docker-compose.yml".to_owned()],
            params: Some("live.yml".to_owned()),
        };
        let names = ["base.yml", "docker-compose.yml", "ecs-params.yml", "live.yml"];
        assert_eq!(shown(&names, &choice), ["base.yml docker-compose.yml + live.yml - ecs-params.yml"]);
    }
}
