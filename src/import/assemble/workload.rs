//! The block of a service or task.

use super::{Assembly, kind};
use crate::aws::logs::nearest_retention;
use crate::hcl::Expr;
use crate::import::read::Sourced;
use crate::import::report::Fate;
use crate::import::stack::{Block, boolean, number};
use crate::import::workload::{Container, Workload};
use crate::import::{arn, sizes};

impl Assembly<'_> {
    /// The block of a service or task.
    pub(super) fn workload(&mut self, name: &str, workload: &Workload) -> Block {
        let kind = kind(workload);
        let mut block = Block::new(kind, Some(name));
        let main = &workload.containers[0];
        self.image(main, &mut block);
        self.size(workload, &mut block);
        self.container(main, workload, &mut block);
        if let Some(tasks) = &workload.tasks {
            if kind == "service" {
                self.report.mapped(&tasks.origin, format!("`{kind}.{name}.tasks`"));
                // One is the default.
                block.set_some("tasks", Some(tasks.value.min(5000)).filter(|tasks| *tasks != 1).map(number));
            } else {
                self.report.dropped(&tasks.origin, "a task runs once at a time: nothing to count");
            }
        }
        block.set_some("spot", workload.spot.map(number).filter(|_| kind == "service"));
        self.particular(workload, &mut block);
        block.set_some("grace_period", workload.grace_period.map(number).filter(|_| kind == "service"));
        if workload.arm {
            block.set("architecture", Expr::string("arm64"));
        }
        if workload.execute_command {
            block.set("execute_command", boolean(true));
        }
        self.security_groups(workload, &mut block);
        self.egress(workload, &mut block);
        block.set_some("execution_role", workload.execution_role.as_deref().map(Expr::string));
        block.set_some("task_role", workload.task_role.as_deref().map(Expr::string));
        let beside: Vec<Block> =
            workload.containers[1..].iter().map(|container| self.side(container, workload)).collect();
        self.needs(workload, &mut block, &beside);
        self.volumes(workload, &mut block);
        beside.into_iter().for_each(|container| block.push(container));
        self.list(name, workload);
        if kind == "service" {
            self.routes(name, workload, &mut block);
            if let Some(group) = &workload.target_group {
                let arn = arn::complete(&group.value, &self.region, &self.account);
                let known = arn.starts_with("arn:") && arn.contains(":targetgroup/");
                let words = if known && block.get("port").is_some() {
                    let mut joined = Block::new("target_group", None);
                    joined.set("arn", Expr::string(arn));
                    block.push(joined);
                    "`target_group`, which exists: let its load balancer in with `security_group` of that block"
                } else {
                    "`target_group` wants an ARN, and a port that it leads to: write both, with `security_group`"
                };
                self.report.needs_you(&group.origin, words);
            }
            if let Some(scaling) = &workload.scaling {
                let mut bounds = Block::new("scaling", None);
                bounds.set("min", number(scaling.min));
                bounds.set("max", number(scaling.max.max(1)));
                bounds.set_some("cpu", scaling.cpu.map(number));
                bounds.set_some("memory", scaling.memory.map(number));
                bounds.set_some("requests", scaling.requests.map(number));
                bounds.set_some("cooldown", workload.cooldown.map(number));
                block.push(bounds);
            }
        }
        for (index, schedule) in workload.schedules.iter().enumerate() {
            if kind == "service" {
                self.report
                    .dropped(&schedule.origin, "only a task runs on a schedule, and this is a service");
                continue;
            }
            let label = if index == 0 { "main".to_owned() } else { format!("main_{}", index + 1) };
            let mut at = Block::new("schedule", Some(&label));
            let (expression, zone) = &schedule.value;
            at.set("at", Expr::string(expression.as_str()));
            at.set_some("time_zone", zone.as_deref().map(Expr::string));
            at.set_some("enabled", workload.paused.then(|| boolean(false)));
            self.report.mapped(&schedule.origin, format!("`{kind}.{name}`, `schedule`"));
            block.push(at);
        }
        block
    }

    /// The block of a container beside the main one.
    fn side(&mut self, container: &Container, workload: &Workload) -> Block {
        let mut block = Block::new("container", Some(&container.name));
        self.image(container, &mut block);
        self.container(container, workload, &mut block);
        if !container.essential {
            block.set("essential", boolean(false));
        }
        block.set_some("cpu", container.cpu.filter(|cpu| *cpu > 0).map(number));
        block.set_some("memory", container.memory.map(number));
        block.set_some("memory_reservation", container.memory_reservation.map(number));
        block
    }

    /// CPU and memory of the task.
    fn size(&mut self, workload: &Workload, block: &mut Block) {
        let value = |asked: &Option<Sourced<u32>>| asked.as_ref().map(|asked| asked.value);
        let (size, note) = sizes::round(value(&workload.cpu), value(&workload.memory));
        let origins = [&workload.cpu, &workload.memory].into_iter().flatten();
        for asked in origins {
            match &note {
                Some(note) => self.report.assumed(&asked.origin, note.clone()),
                None => self.report.mapped(
                    &asked.origin,
                    format!("{} CPU units and {} MiB of the task", size.cpu, size.memory),
                ),
            }
        }
        if workload.cpu.is_some() || workload.memory.is_some() {
            block.set("cpu", number(size.cpu));
            block.set("memory", number(size.memory));
        }
    }

    /// What only some formats say about a workload.
    fn particular(&mut self, workload: &Workload, block: &mut Block) {
        block.set_some("on_demand", workload.on_demand.map(number));
        let few = workload.scaling.is_none() && workload.tasks.as_ref().is_none_or(|tasks| tasks.value <= 1);
        if workload.single && few && block.kind == "service" {
            block.set("single", boolean(true));
        }
        block.set_some("timeout", workload.timeout.filter(|_| block.kind == "task").map(number));
        if let Some(days) = workload.log_retention {
            let nearest = nearest_retention(days);
            if nearest != days {
                let words =
                    format!("`log_retention = {nearest}`: CloudWatch keeps logs for certain numbers of days");
                self.report.remark(Fate::Assumed, &workload.origin, words);
            }
            block.set("log_retention", number(nearest));
        }
    }
}
