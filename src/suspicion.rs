//! What looks like a secret: by the name that it goes by, by its own form, or by its place on a command line.
//!
//! Pure text. A caller decides whether that is a mistake (`check`), something to be kept out of sight (`show`), or
//! something that has to become a secret (`import`).

/// Words that make a name that of a secret, wherever they stand in it.
const WORDS: [&str; 20] = [
    "PASSWORD",
    "PASSWD",
    "PASS",
    "PASSPHRASE",
    "PASSCODE",
    "SECRET",
    "SECRETS",
    "TOKEN",
    "CREDENTIAL",
    "CREDENTIALS",
    "SALT",
    "PRIVATE_KEY",
    "ACCESS_KEY",
    "API_KEY",
    "SECRET_KEY",
    "BASIC_AUTH",
    "APIKEY",
    "SECRETKEY",
    "REQUIREPASS",
    "MASTERAUTH",
];

/// Ends of words that do the same without a separator: `PGPASSWORD`.
const ENDS: [&str; 5] = ["PASSWORD", "PASSWD", "PASSPHRASE", "SECRET", "TOKEN"];

/// Words before a last `KEY` that say what it opens.
const KEYS: [&str; 24] = [
    "ADMIN",
    "APP",
    "AUTH",
    "AUTHENTICATION",
    "CIPHER",
    "CLIENT",
    "DEPLOY",
    "DERIVATION",
    "ENC",
    "ENCRYPTION",
    "HMAC",
    "INTEGRATION",
    "JWT",
    "LICENSE",
    "LOGGED",
    "MASTER",
    "NONCE",
    "ROOT",
    "SERVICE",
    "SHARED",
    "SIGNING",
    "SSH",
    "STORAGE",
    "WEBHOOK",
];

/// Words before a last `KEY` that everybody may see.
const OPEN_KEYS: [&str; 7] = ["PUBLIC", "PUBLISHABLE", "SITE", "CACHE", "SORT", "PARTITION", "ROUTING"];

/// Last words of names that are about a secret and do not hold it: a limit, a place, a kind.
const ABOUT: [&str; 29] = [
    "ALGORITHM",
    "ARN",
    "ATTEMPTS",
    "DIR",
    "DIRECTORY",
    "ENABLED",
    "ENDPOINT",
    "EXPIRATION",
    "EXPIRES",
    "EXPIRY",
    "FIELD",
    "FILE",
    "HEADER",
    "HOST",
    "ISSUER",
    "LENGTH",
    "LIFETIME",
    "LIMIT",
    "MAX",
    "MIN",
    "NAME",
    "PATH",
    "POLICY",
    "PREFIX",
    "TIMEOUT",
    "TTL",
    "TYPE",
    "URI",
    "URL",
];

/// Beginnings of values that only secrets have: cloud access keys, private keys, tokens of well-known services.
const BEGINNINGS: [&str; 27] = [
    "AKIA",
    "ASIA",
    "-----BEGIN",
    "AGE-SECRET-KEY-",
    "AIza",
    "SG.",
    "dop_v1_",
    "eyJhbGciOi",
    "eyJ0eXAiOi",
    "gho_",
    "ghp_",
    "ghs_",
    "ghu_",
    "github_pat_",
    "glpat-",
    "hvs.",
    "npm_",
    "pypi-",
    "rk_live_",
    "shpat_",
    "sk_live_",
    "sk_test_",
    "whsec_",
    "xapp-",
    "xoxa-",
    "xoxb-",
    "xoxp-",
];

/// Addresses whose path is the permission to write there.
const HOOKS: [&str; 3] = ["://hooks.slack.com/", "discord.com/api/webhooks/", ".webhook.office.com/"];

/// Fields of connection strings and queries.
const FIELDS: [&str; 6] =
    ["password=", "pwd=", "passwd=", "accountkey=", "sharedaccesskey=", "sharedaccesssignature="];

/// The most characters of a user in a URL that is no token.
const USER: usize = 19;

/// Why a constant looks like a secret, if it does, under a name or by itself.
pub fn suspicion(name: &str, text: &str) -> Option<&'static str> {
    if BEGINNINGS.iter().any(|start| text.starts_with(start)) {
        return Some("the value has the form of a key or token");
    }
    if let Some(why) = of_url(text) {
        return Some(why);
    }
    if has_field(text) {
        return Some("a password stands in it");
    }
    is_named(&normal(name), text).then_some("its name is that of a secret")
}

/// Why a piece of a command line looks like a secret, if one does; `before` is the argument before it. What a shell
/// fills in (`$`) is none.
pub fn on_command_line(before: Option<&str>, argument: &str) -> Option<&'static str> {
    let client = ["mysql", "mariadb"].iter().any(|program| argument.contains(program));
    let mut before = before.map(str::to_owned);
    for piece in argument.split_whitespace() {
        let piece = piece.trim_matches(['"', '\'']);
        let found = (!piece.contains('$')).then(|| of_piece(before.as_deref(), piece, client)).flatten();
        if found.is_some() {
            return found;
        }
        before = Some(piece.to_owned());
    }
    None
}

/// The same for one word.
fn of_piece(before: Option<&str>, piece: &str, mysql: bool) -> Option<&'static str> {
    const OPTION: &str = "the option before it takes a secret";
    if let Some(why) = suspicion("", piece) {
        return Some(why);
    }
    if let Some((name, value)) = piece.split_once('=') {
        return (!value.is_empty() && is_named(&normal(name.trim_start_matches('-')), value))
            .then_some("its name is that of a secret");
    }
    if mysql && piece.len() > 2 && piece.starts_with("-p") {
        return Some("`-p` has a password behind it");
    }
    let before = before?;
    let user = matches!(before, "-u" | "--user")
        && piece.split_once(':').is_some_and(|(_, password)| !password.is_empty());
    let header = ["Bearer", "Basic"].iter().any(|scheme| before.ends_with(scheme)) && piece.len() > 3;
    // A header has its name before a colon: `X-Token: x`.
    let flag =
        before.starts_with("--") || before.ends_with(':') || matches!(before, "requirepass" | "masterauth");
    let name = before.trim_start_matches('-').trim_end_matches(':');
    let named = flag && !piece.starts_with('-') && is_named(&normal(name), piece);
    (user || header || named).then_some(OPTION)
}

/// A name in capitals with `_` between its words, so that each of them stands between two.
fn normal(name: &str) -> String {
    let mut normal = "_".to_owned();
    let mut lower = false;
    for c in name.chars() {
        if lower && c.is_ascii_uppercase() {
            normal.push('_');
        }
        lower = c.is_ascii_lowercase() || c.is_ascii_digit();
        normal.push(if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' });
    }
    normal.push('_');
    normal
}

/// Whether a name says that a value is secret, and the value may be one.
fn is_named(normal: &str, text: &str) -> bool {
    let words: Vec<&str> = normal.split('_').filter(|word| !word.is_empty()).collect();
    let Some((last, before)) = words.split_last() else { return false };
    if text.is_empty() || matches!(text, "true" | "false" | "none" | "yes" | "no") || ABOUT.contains(last) {
        return false;
    }
    let is_key = *last == "KEY" && !before.iter().any(|word| OPEN_KEYS.contains(word));
    if is_key && (before.iter().any(|word| KEYS.contains(word)) && !is_place(text) || is_drawn(text)) {
        return true;
    }
    let ends = *last == "PWD" && !before.is_empty() || ENDS.iter().any(|end| last.ends_with(end));
    // What only has such a word somewhere may be about the secret: `TOKEN_DAYS = 30`.
    let about = text.len() < 4 || text.parse::<f64>().is_ok();
    let has = |word: &&str| normal.contains(&format!("_{word}_"));
    let last = |word: &str| normal.ends_with(&format!("_{word}_"));
    let within =
        || words.iter().any(|word| ENDS.iter().any(|end| word.ends_with(end))) || WORDS.iter().any(has);
    ends || WORDS.iter().any(|word| last(word)) || !about && within()
}

/// Whether a text is where something is, and not the thing.
fn is_place(text: &str) -> bool {
    text.starts_with(['/', '.', '~']) || text.contains("://")
}

/// Whether a text looks like drawn by lot: long, in letters and digits, and no address.
fn is_drawn(text: &str) -> bool {
    text.len() >= 20
        && text.contains(|c: char| c.is_ascii_digit())
        && text.contains(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=' | '_' | '-'))
        && !is_place(text)
}

/// What is secret in a URL: a password, a user that is a token, or where it leads.
fn of_url(text: &str) -> Option<&'static str> {
    let (_, rest) = text.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if let Some((user, _)) = authority.rsplit_once('@') {
        let (name, password) = user.split_once(':').unwrap_or((user, ""));
        if !password.is_empty() {
            return Some("the URL has a password in it");
        }
        if name.len() > USER {
            return Some("the URL has a token in it");
        }
    }
    HOOKS.iter().any(|hook| text.contains(hook)).then_some("who has the URL may write there")
}

/// Whether a text has a field with a password: `Server=db;Password=...`, `?user=a&password=...`.
fn has_field(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    FIELDS.iter().any(|field| {
        text.match_indices(field).any(|(at, _)| {
            let starts = at > 0 && matches!(text.as_bytes()[at - 1], b';' | b'?' | b'&' | b' ');
            let value = text[at + field.len()..].bytes().next();
            starts
                && value.is_some_and(|first| !matches!(first, b'$' | b'{' | b'%' | b'<' | b';' | b'&' | b' '))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_told_from_settings() {
        for (name, text) in [
            ("SMTP_PASSWORD", "hunter2"),
            ("SMTP_PASSWORD", "123456"),
            ("PGPASSWORD", "hunter2"),
            ("dbPassword", "hunter2"),
            ("smtp.password", "hunter2"),
            ("ACCESSTOKEN_2", "hunter2"),
            ("MYSQL_PWD", "hunter2"),
            ("SECRET_KEY_BASE", "0123456789abcdef"),
            ("RAILS_MASTER_KEY", "hunter2"),
            ("MEILI_MASTER_KEY", "unknown"),
            ("ACTIVE_RECORD_ENCRYPTION_PRIMARY_KEY", "hunter2"),
            ("SENDGRID_KEY", "abcdefghij0123456789"),
            ("APP_KEY", "base64:aGVsbG8gd29ybGQgaGVsbG8gd29ybGQgaGVsbG8="),
            ("AUTH_SALT", "hunter2"),
            ("AWS_ACCESS_KEY_ID", "anything"),
            ("ANY", "AKIAIOSFODNN7EXAMPLE"),
            ("REDIS_URL", "redis://:pw@host:6379"),
            ("SENTRY_DSN", "https://0123456789abcdef0123456789abcdef@sentry.example.com/1"),
            ("NOTIFY", "https://hooks.slack.com/services/T/B/x"),
            ("ConnectionStrings__Default", "Server=db;User Id=sa;Password=hunter2"),
            ("JDBC_URL", "jdbc:postgresql://db/app?user=a&password=hunter2"),
        ] {
            assert!(suspicion(name, text).is_some(), "{name}");
        }
        for (name, text) in [
            ("MAX_TOKENS", "4096"),
            ("PASSWORD_MIN_LENGTH", "12"),
            ("AUTH_TOKEN_TTL", "3600"),
            ("DB_PASSWORD_FILE", "/run/secrets/db"),
            ("PASSWORD_RESET_URL", "https://example.com/reset"),
            ("TOKEN_DAYS", "30"),
            ("REQUIRE_TOKEN", "true"),
            ("SMTP_PASSWORD", ""),
            ("PWD", "/app"),
            ("REDIS_URL", "redis://host:6379/0"),
            ("TOKENIZER", "bert"),
            ("SECRET_KEY_BASE_DUMMY", "1"),
            ("COMPASS_URL", "https://example.com/a@b:c"),
            ("GIT_URL", "ssh://git@example.com/a.git"),
            ("VAPID_PUBLIC_KEY", "abcdefghij0123456789"),
            ("SORT_KEY", "created_at"),
            ("SSH_PRIVATE_KEY_PATH", "/keys/id"),
            ("SERVICE_KEY", "/keys/service.json"),
            ("TEMPLATE", "a?password=$PASSWORD"),
        ] {
            assert!(suspicion(name, text).is_none(), "{name}");
        }
    }

    #[test]
    fn a_command_line_has_secrets_behind_options() {
        for (before, argument) in [
            (Some("--password"), "hunter2"),
            (None, "--token=hunter2"),
            (None, "run --api-key hunter2"),
            (None, "redis-server --requirepass hunter2"),
            (None, "mysqladmin ping -uroot -phunter2"),
            (None, "curl -u admin:hunter2 localhost"),
            (None, "curl -H 'Authorization: Bearer hunter2' localhost"),
            (None, "curl -H 'X-Token: hunter2' localhost"),
            (None, "SECRET_KEY_BASE=hunter2 bin/rails s"),
            (None, "wget https://a:hunter2@example.com"),
        ] {
            assert!(on_command_line(before, argument).is_some(), "{argument}");
        }
        for (before, argument) in [
            (None, "bundle exec puma -p 3000"),
            (None, "--password $PASSWORD"),
            (None, "--token=\"$TOKEN\""),
            (Some("--password-file"), "/run/secrets/x"),
            (Some("--password"), "--verbose"),
            (None, "curl -f http://localhost:3000/up"),
            (None, "pg_isready -U app -d app_production"),
            (None, "mysqladmin ping -h localhost -P 3306"),
        ] {
            assert!(on_command_line(before, argument).is_none(), "{argument}");
        }
    }
}
