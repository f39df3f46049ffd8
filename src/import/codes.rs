//! What is wrong with a file of another tool, when nothing can be made of it.

use crate::diagnostic::{Code, Severity};

/// Every code that an import can raise.
pub const CODES: &[&Code] =
    &[&IMPORT_SYNTAX, &IMPORT_LIMIT, &IMPORT_DUPLICATE, &IMPORT_SHAPE, &IMPORT_FILE, &IMPORT_IMPOSSIBLE];

/// The text is neither YAML nor JSON.
pub static IMPORT_SYNTAX: Code = Code {
    name: "import-syntax",
    severity: Severity::Error,
    title: "a file that is neither YAML nor JSON",
    explanation: "\
`groundplan import` reads YAML 1.2, of which JSON is a part. The text cannot be read as either, so nothing of it is
imported: half a file would become half a stack.

```yaml
services:
  web:
   image: nginx
    ports: [80]        # indented further than its neighbour
```

Mend the place that the message names. Text that another program fills in, such as `{{ .Values.image }}` or
`<%= tag %>`, has to be filled in first: run `helm template`, `erb`, or whatever writes the file that is deployed.
",
};

/// The file is larger or deeper than the file of a stack can be.
pub static IMPORT_LIMIT: Code = Code {
    name: "import-limit",
    severity: Severity::Error,
    title: "a file beyond what can be imported",
    explanation: "\
A file to be imported has at most 64 levels inside each other and, with every alias written out, at most 200,000 values; a
long text counts as one value for every 256 bytes. What one place repeats of another, with `extends`, `env_file`, `envFrom`
or for an environment, comes to at most 200,000 values, and what variables are filled in with to 64 MiB. Files of real
systems stay far below that. The limits keep hostile files, whose parts multiply each other, from taking all memory.

```yaml
a: &a [x, x, x, x, x, x, x, x, x]
b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]   # nine times as much with every line
```

Instead, split the file, or repeat less.
",
};

/// A key stands twice in one mapping.
pub static IMPORT_DUPLICATE: Code = Code {
    name: "import-duplicate",
    severity: Severity::Error,
    title: "a key that is written twice",
    explanation: "\
The same key stands twice in one mapping. Some tools take the first and others the last, so an importer that chose one
would be wrong half of the time.

```yaml
services:
  web:
    image: shop:1.0
    image: shop:1.1
```

Remove one of the two.
",
};

/// A value has another form than its key wants.
pub static IMPORT_SHAPE: Code = Code {
    name: "import-shape",
    severity: Severity::Error,
    title: "a value of the wrong form",
    explanation: "\
A value is text where its key wants a list, or a list where it wants a mapping, or no number where it wants one. The tool
that the file is for would refuse it too.

```yaml
services:
  web:
    image: [nginx]       # an image is text
```

Write the value as the documentation of the tool shows it.
",
};

/// A file that another names is not there or may not be read.
pub static IMPORT_FILE: Code = Code {
    name: "import-file",
    severity: Severity::Error,
    title: "a file that the import needs and does not have",
    explanation: "\
A file names another one, with `env_file`, `extends` or `include`, and that one is not there, names the first one again, or
stands outside the directory of the file that was given. An import reads only what stands in that directory and what the
command line names, so that a file from elsewhere cannot make it read yours.

```yaml
services:
  web:
    env_file: ../secrets/production.env
```

Put the file where the path leads to, or name it on the command line.
",
};

/// Fargate cannot run it, or there is nothing to run.
pub static IMPORT_IMPOSSIBLE: Code = Code {
    name: "import-impossible",
    severity: Severity::Error,
    title: "nothing that Fargate can run",
    explanation: "\
What the file describes cannot become services and tasks on Fargate: it has no container at all, it is a file of another
kind, or its containers are Windows containers, which a stack has no word for.

```json
{ \"family\": \"report\", \"runtimePlatform\": { \"operatingSystemFamily\": \"WINDOWS_SERVER_2022_CORE\" } }
```

What only in part does not fit Fargate, such as a host port or a privileged container, does not stop an import: the
report names it with the alternative.
",
};
