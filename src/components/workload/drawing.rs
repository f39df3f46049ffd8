//! What a service or task tells a picture of the architecture: where it stands, how large it is, what it may use.

use super::Container;
use crate::model::Context;
use crate::terms::{Drawing, Grant, Id};

impl Container {
    /// Where its tasks stand, and how large each is.
    pub fn drawing(&self, drawing: Drawing) -> Drawing {
        let workload = &self.workload;
        let drawing = drawing.size("cpu", workload.cpu.0, "CPU").size("memory", workload.memory.0, "MiB");
        // Everybody may use 443: AWS itself is reached by it.
        match workload.egress.as_slice() {
            [] => drawing,
            ports => drawing.reaches("Internet", ports.iter().map(|port| port.0).collect()),
        }
    }

    /// What the references of its containers, volumes and `access` open.
    pub fn uses(&self, id: &Id, context: &Context<'_>) -> Vec<Grant> {
        let members = self.members(id, None);
        let inputs = members.iter().flat_map(|member| self.inputs(member).into_values());
        let mut grants: Vec<Grant> = inputs.flat_map(|input| context.input(input).1).collect();
        grants.extend(self.volumes(&members, context).1);
        grants.extend(context.access(&self.workload.access));
        // To a role that exists nothing is added.
        let own_role = self.workload.task_role.is_none();
        grants.retain(|grant| own_role || !matches!(grant, Grant::Allow { .. }));
        grants
    }
}

#[cfg(test)]
mod tests {
    use crate::graph::{Graph, mermaid};
    use crate::testing::{model, stack};

    fn picture(settings: &str) -> String {
        let components = format!(
            "bucket \"media\" {{}}\nservice \"web\" {{\nimage = \"nginx:1\"\naccess = [bucket.media]\n{settings}\n}}"
        );
        mermaid(&Graph::of(&model(&stack(&components, "")), None))
    }

    #[test]
    fn a_role_that_exists_gets_no_right() {
        assert!(picture("").contains("read"));
        assert!(!picture("task_role = \"arn:aws:iam::111111111111:role/web\"").contains("read"));
    }

    #[test]
    fn ports_that_are_open_towards_the_internet_are_an_edge() {
        assert!(picture("egress = [587]").contains("|\"587\"|"));
        assert_eq!(picture("").matches("Internet").count(), 0);
    }
}
