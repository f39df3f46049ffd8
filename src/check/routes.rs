//! Routes: no two lead from the same place, and none is hidden behind another.

use crate::diagnostic::{Code, Severity};
use crate::model::Context;
use crate::routing::{covers, pattern};
use crate::settings::Reading;
use crate::terms::{Id, Route};

/// The codes of this rule.
pub const CODES: &[&Code] = &[&ROUTE_COLLISION, &ROUTE_SHADOWED, &PRIORITY_TAKEN, &TWO_LOAD_BALANCERS];

/// Two routes with the same pattern.
pub static ROUTE_COLLISION: Code = Code {
    name: "route-collision",
    severity: Severity::Error,
    title: "two routes for the same path",
    explanation: r#"
Two services want the same path of the same load balancer for the same hosts. Only the rule that comes first would
ever be used.

```hcl
service "web"   { port = 3000  route "/" {} }
service "admin" { port = 4000  route "/" {} }        # the same path
```

Give one of them a path or a host of its own: `route "/admin*" {}`, or `hosts = ["admin.example.com"]`.
"#,
};

/// A route that no request reaches.
pub static ROUTE_SHADOWED: Code = Code {
    name: "route-shadowed",
    severity: Severity::Error,
    title: "a route that no request reaches",
    explanation: r#"
Another route with an earlier priority matches every path that this one matches, so no request gets here. By default
the more specific pattern comes first; a `priority` written by hand can turn that round.

```hcl
service "web" { port = 3000  route "/"     { priority = 10 } }   # matches everything, first
service "api" { port = 4000  route "/api*" {} }                  # never reached
```

Remove the `priority`, or give the more specific route a smaller one.
"#,
};

/// Two routes with the same priority.
pub static PRIORITY_TAKEN: Code = Code {
    name: "priority-taken",
    severity: Severity::Error,
    title: "two routes with the same priority",
    explanation: r#"
A load balancer has each priority once. Priorities follow from the patterns alone, so that adding a service never moves
the rule of another; that leaves a small chance that two patterns get the same one.

```hcl
route "/reports*" { priority = 21034 }
```

Give one of the two routes the priority that the message proposes, and leave it there.
"#,
};

/// Routes from two load balancers to one container.
pub static TWO_LOAD_BALANCERS: Code = Code {
    name: "two-load-balancers",
    severity: Severity::Error,
    title: "routes from two load balancers to one container",
    explanation: r#"
All routes to a container lead to one target group, and a target group belongs to one load balancer. AWS refuses the
rules of the second one, at apply.

```hcl
service "web" {
  port = 3000
  route "/" { load_balancer = load_balancer.public }
  route "/admin*" { load_balancer = load_balancer.internal }        # a second one
}
```

Let all routes to the container come from one load balancer, or run what the other one leads to as a service of its own.
"#,
};

/// Compares the routes of an environment with each other.
pub fn check(context: &Context<'_>, reading: &mut Reading) {
    let components = &context.environment.components;
    let mut routes: Vec<(&Id, Route)> = Vec::new();
    for (id, entry) in components {
        routes.extend(entry.component.routes(id, context).into_iter().map(|route| (id, route)));
    }
    routes.sort_by(|(_, a), (_, b)| {
        (&a.load_balancer, a.priority, a.place).cmp(&(&b.load_balancer, b.priority, b.place))
    });
    let taken = |balancer: &Id, priority: i64| {
        routes.iter().any(|(_, route)| &route.load_balancer == balancer && route.priority == priority)
    };
    let target = |id: &Id, route: &Route| route.container.clone().unwrap_or_else(|| id.name.clone());
    for (index, (id, route)) in routes.iter().enumerate() {
        let rival = routes[..index].iter().find(|(first_id, first)| {
            first_id == id
                && target(id, first) == target(id, route)
                && first.load_balancer != route.load_balancer
        });
        if let Some((_, first)) = rival {
            let message =
                format!("`{}` is a second load balancer of `{}`", route.load_balancer, target(id, route));
            let found = reading.diagnostic(&TWO_LOAD_BALANCERS, route.place, message);
            let help = "take one load balancer for all routes to a container, or a service for each";
            reading
                .push(found.related(first.place, format!("comes from `{}`", first.load_balancer)).help(help));
        }
        let earlier = routes[..index].iter().filter(|(_, first)| first.load_balancer == route.load_balancer);
        for (first_id, first) in earlier {
            let same_hosts = first.hosts == route.hosts;
            let takes_hosts = first.hosts.is_empty()
                || !route.hosts.is_empty() && route.hosts.iter().all(|host| first.hosts.contains(host));
            let found = if same_hosts && pattern(&first.path) == pattern(&route.path) {
                let message = format!("`{}` of {id} is also a route of {first_id}", route.path);
                reading
                    .diagnostic(&ROUTE_COLLISION, route.place, message)
                    .help("give one of them a path or `hosts` of its own")
            } else if takes_hosts && covers(&first.path, &route.path) {
                let message = format!("`{}` of {id} is never reached", route.path);
                reading
                    .diagnostic(&ROUTE_SHADOWED, route.place, message)
                    .label(format!("priority {}", route.priority))
                    .help("remove `priority`, or give the more specific route a smaller one")
            } else if first.priority == route.priority {
                let free = (route.priority + 1..=50_000).find(|&next| !taken(&route.load_balancer, next));
                let message = format!("`{}` of {id} has the priority of another route", route.path);
                reading
                    .diagnostic(&PRIORITY_TAKEN, route.place, message)
                    .label(format!("priority {}", route.priority))
                    .help(format!("write `priority = {}` in one of them", free.unwrap_or(1)))
            } else {
                continue;
            };
            let note = format!("`{}` of {first_id} comes first, priority {}", first.path, first.priority);
            reading.push(found.related(first.place, note));
            break;
        }
    }
}
