//! How large a stack file may be. The numbers keep reading within about a second and far from the end of the
//! stack, whatever the input.

use super::reading::{Reading, Stop};
use crate::diagnostic::{Code, Severity};

/// Bytes of a file.
pub(super) const BYTES: usize = 4 << 20;
/// Brackets, blocks and interpolations inside each other. `hcl-edit` has the same limit.
pub(super) const DEPTH: usize = 64;
/// Keys of one block or JSON object.
pub(super) const KEYS: usize = 20_000;
/// Keys of one HCL object expression: `hcl-edit` compares each new key with all before it.
pub(super) const OBJECT_KEYS: usize = 5_000;
/// The sum of the squares of the key counts of all HCL object expressions of a file.
pub(super) const OBJECT_WORK: u64 = 100_000_000;
/// Mistakes after which reading stops.
pub(super) const MISTAKES: usize = 100;

/// The file is larger, deeper or less textual than a stack file can be.
pub static FILE_LIMIT: Code = Code {
    name: "file-limit",
    severity: Severity::Error,
    title: "a file beyond what a stack file may be",
    explanation: "\
A stack file is UTF-8 text without NUL bytes, at most 4 MiB, at most 64 levels deep. A block or JSON object has
at most 20,000 keys, an object expression (`name = { .. }`) of HCL at most 5,000. Reading also stops after 100
mistakes in one file.

The limits keep a wrong or hostile file from taking minutes or all memory: it gets an answer at once instead.

```hcl
environment = {
  KEY_1 = \"1\"
  # .. and 6,000 more
}
```

Instead, split the stack into several stack files, or write many small blocks in place of one large object. A
NUL byte mostly means a file in UTF-16 or no text at all: save it as UTF-8.
",
};

/// Refuses a text that is too long or holds NUL bytes.
pub(super) fn check_text(reading: &mut Reading<'_>) -> Result<(), Stop> {
    let length = reading.text.len();
    if length > BYTES {
        let message = format!("the file has {length} bytes; a stack file has at most {BYTES} (4 MiB)");
        let diagnostic =
            reading.at(&FILE_LIMIT, 0..0, message).help("split the stack into several stack files");
        return Err(reading.refuse(diagnostic));
    }
    if let Some(at) = reading.text.bytes().position(|byte| byte == 0) {
        let diagnostic = reading
            .at(&FILE_LIMIT, at..at + 1, "the file holds a NUL byte, so it is not text")
            .help("save the file as UTF-8");
        return Err(reading.refuse(diagnostic));
    }
    Ok(())
}

/// Refuses a bracket at `open` that is too deep.
pub(super) fn check_depth(reading: &mut Reading<'_>, depth: usize, open: usize) -> Result<(), Stop> {
    if depth <= DEPTH {
        return Ok(());
    }
    let message = format!("more than {DEPTH} levels inside each other");
    let diagnostic =
        reading.at(&FILE_LIMIT, open..open + 1, message).help("no setting of a stack is nested that deep");
    Err(reading.refuse(diagnostic))
}
