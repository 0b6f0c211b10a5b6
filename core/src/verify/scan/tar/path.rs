//! Paths of entries as absolute paths in the image.

use crate::shown::stand_in;

/// Linux opens nothing longer.
const LONGEST: usize = 4096;

/// Absolute, without `.`, `..` and doubled slashes; bytes that are no UTF-8 get stand-ins, so that
/// two paths never become one. `None` if it is longer than a system takes.
pub(super) fn clean(path: &[u8]) -> Option<String> {
    if path.len() > LONGEST {
        return None;
    }
    let path = text(path.split(|byte| *byte == 0).next().unwrap_or_default());
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

fn text(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|byte| stand_in(*byte)));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn paths_that_differ_stay_apart() {
        let [one, other] = [&b"./usr//bin/../a\xff"[..], b"/usr/a\xfe"].map(clean);
        assert!(one.is_some() && one != other, "{one:?}");
        assert_eq!(clean("usr/ä".as_bytes()).as_deref(), Some("/usr/ä"));
        assert_eq!(clean(&[b'a'; 4097]), None);
    }
}
