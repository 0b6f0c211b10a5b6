//! Paths of entries as absolute paths in the image.

/// Linux opens nothing longer.
const LONGEST: usize = 4096;

/// Absolute, without `.`, `..` and doubled slashes; bytes that are no UTF-8 are replaced. `None`
/// if it is longer than a system takes.
pub(super) fn clean(path: &[u8]) -> Option<String> {
    if path.len() > LONGEST {
        return None;
    }
    let path = String::from_utf8_lossy(path.split(|byte| *byte == 0).next().unwrap_or_default());
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    Some(format!("/{}", parts.join("/")))
}
