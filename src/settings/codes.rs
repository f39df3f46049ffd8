//! The codes of mistakes in single settings.

use crate::diagnostic::{Code, Severity};

/// Every code of this module.
pub const CODES: &[&Code] =
    &[&UNKNOWN_KEY, &MISSING_KEY, &WRONG_TYPE, &INVALID_VALUE, &INVALID_NAME, &INVALID_REFERENCE];

/// A key that the block does not have.
pub static UNKNOWN_KEY: Code = Code {
    name: "unknown-key",
    severity: Severity::Error,
    title: "a setting that does not exist",
    explanation: r#"
A block has a key that Groundplan does not know. A setting that is silently ignored is the worst kind of typing
mistake: the plan looks right and production is not. So an unknown key is an error.

```hcl
database "main" {
  engine    = "postgres"
  mulit_az  = true          # unknown setting
}
```

Correct the spelling, or look up the settings of the block in `docs/reference`.
"#,
};

/// A required key that is not there.
pub static MISSING_KEY: Code = Code {
    name: "missing-key",
    severity: Severity::Error,
    title: "a required setting is missing",
    explanation: r#"
A block lacks a setting that has no sensible default. Groundplan has defaults only where one answer is right for
nearly everybody; the size of a database or the account of an environment is your decision.

```hcl
database "main" {
  engine = "postgres"       # missing: version, class
}
```

Add the setting. If only one environment lacks it, the message names the environment.
"#,
};

/// A value of the wrong type.
pub static WRONG_TYPE: Code = Code {
    name: "wrong-type",
    severity: Severity::Error,
    title: "a value of the wrong type",
    explanation: r#"
A setting has a value of another type than it needs: text for a number, a value where a block belongs, a reference
where only a constant is possible. Values are never converted in silence, because `"07"` and `7` are not the same.

```hcl
service "web" {
  cpu     = "512"           # a string; write 512
  scaling = { max = 4 }     # a block; write scaling { max = 4 }
}
```

Write the value in the form that the message asks for.
"#,
};

/// A value of the right type that is not allowed.
pub static INVALID_VALUE: Code = Code {
    name: "invalid-value",
    severity: Severity::Error,
    title: "a value that is not allowed",
    explanation: r#"
The value has the right type, but AWS or Groundplan does not accept it: a number out of its range, a word that is
not one of the choices, an account id that does not have twelve digits. `terraform plan` would often accept such a
value and the apply would fail halfway.

```hcl
environment "production" {
  account = "1234"          # an account id has 12 digits
}
```

The help of the message says what is allowed.
"#,
};

/// A name outside the strict character set.
pub static INVALID_NAME: Code = Code {
    name: "invalid-name",
    severity: Severity::Error,
    title: "a name with characters that are not allowed",
    explanation: r#"
Names of stacks, environments and components become file names, Terraform identifiers and parts of AWS names. They
are lower-case letters, digits and single underscores, begin with a letter, do not end with an underscore, and have
at most 32 characters. In AWS names the underscores become hyphens.

```hcl
service "Web-App" {}        # write "web_app"
```

A strict character set is also what keeps a stack file from writing outside its output directory.
"#,
};

/// A reference that cannot be one.
pub static INVALID_REFERENCE: Code = Code {
    name: "invalid-reference",
    severity: Severity::Error,
    title: "a reference of the wrong form",
    explanation: r#"
A reference names an attribute of a component (`database.main.host`), a component (`registry.app`), or a fact of
the stack or environment (`stack.region`, `environment.domain`). This one has another form, or a form that does not
fit the place.

```hcl
app "web" {
  image = registry.web      # a component
  environment = {
    DB_HOST = database.main # an attribute is needed: database.main.host
  }
}
```
"#,
};
