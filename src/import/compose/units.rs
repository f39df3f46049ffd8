//! Sizes and durations as compose writes them.

/// Bytes in MiB, rounded up: `512m`, `1.5GB`, `536870912`.
pub(super) fn mebibytes(text: &str) -> Option<u32> {
    let lower = text.trim().to_ascii_lowercase();
    let end = lower.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(lower.len());
    let number: f64 = lower[..end].parse().ok()?;
    let factor = match lower[end..].trim() {
        "" | "b" => 1.0,
        "k" | "kb" | "kib" => 1024.0,
        "m" | "mb" | "mib" => 1024.0 * 1024.0,
        "g" | "gb" | "gib" => 1024.0 * 1024.0 * 1024.0,
        _ => return None,
    };
    let value = (number * factor / (1024.0 * 1024.0)).ceil();
    (value.is_finite() && (0.0..1e9).contains(&value)).then_some(value as u32)
}

/// CPUs in units of which 1024 are one.
pub(super) fn cpu_units(text: &str) -> Option<u32> {
    let value = (text.trim().parse::<f64>().ok()? * 1024.0).ceil();
    (value.is_finite() && (0.0..1e9).contains(&value)).then_some(value as u32)
}

/// A duration in seconds, rounded up: `1m30s`, `500ms`, `1h`.
pub(super) fn seconds(text: &str) -> Option<u32> {
    let mut rest = text.trim();
    if rest == "0" {
        return Some(0);
    }
    let mut total = 0.0;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.'))?;
        let number: f64 = rest[..end].parse().ok()?;
        let unit = rest[end..].find(|c: char| c.is_ascii_digit()).map_or(rest.len(), |at| end + at);
        total += number
            * match &rest[end..unit] {
                "h" => 3600.0,
                "m" => 60.0,
                "s" => 1.0,
                "ms" => 1e-3,
                "us" | "µs" => 1e-6,
                "ns" => 1e-9,
                _ => return None,
            };
        rest = &rest[unit..];
    }
    let value: f64 = total;
    (!text.trim().is_empty() && (0.0..4e9).contains(&value)).then_some(value.ceil() as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_those_of_compose() {
        for (text, expected) in [("512m", 512), ("1.5GB", 1536), ("536870912", 512), ("1b", 1), ("50k", 1)] {
            assert_eq!(mebibytes(text), Some(expected), "{text}");
        }
        assert_eq!((mebibytes("x"), mebibytes("1tb"), mebibytes("1e99g")), (None, None, None));
        assert_eq!((cpu_units("0.50"), cpu_units("2"), cpu_units("-1")), (Some(512), Some(2048), None));
        for (text, expected) in [("1m30s", 90), ("500ms", 1), ("1h", 3600), ("0", 0), ("40s", 40)] {
            assert_eq!(seconds(text), Some(expected), "{text}");
        }
        assert_eq!((seconds(""), seconds("5"), seconds("5x")), (None, None, None));
    }
}
