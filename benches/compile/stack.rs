//! Stack files of any size: services that differ a little, two environments, a database that each fourth one uses.

use std::fmt::Write;

/// The text of a stack with this many services.
pub fn text(services: usize) -> String {
    let mut text = HEAD.to_owned();
    for number in 0..services {
        if number % 10 == 0 {
            writeln!(text, "  service \"s{number}\" {{\n    tasks = 4\n  }}").expect("memory");
        }
    }
    text.push_str("}\n");
    text.push_str(SHARED);
    for number in 0..services {
        let database = if number % 4 == 0 { "DB_HOST = database.main.host\n    " } else { "" };
        let memory = [512, 1024, 2048][number % 3];
        writeln!(
            text,
            "service \"s{number}\" {{
  image  = \"example/s{number}:v1\"
  memory = {memory}
  port   = {}
  tasks  = 2
  environment = {{
    {database}NUMBER = \"{number}\"
  }}
  scaling {{
    min = 2
    max = 8
    cpu = 60
  }}
}}",
            3000 + number % 1000
        )
        .expect("memory");
    }
    text
}

const HEAD: &str = r#"stack "bench" {
  region = "us-east-1"
}

environment "staging" {
  account = "111111111111"
}

environment "production" {
  account = "222222222222"
  protect = true
"#;

const SHARED: &str = r#"
network "main" {
  cidr  = "10.20.0.0/16"
  zones = ["a", "b"]
}

database "main" {
  engine  = "postgres"
  version = "16"
  class   = "db.t4g.small"
}

"#;
