//! What extended headers say about the entry behind them.

/// Overrides for the next entry.
#[derive(Default)]
pub(super) struct Extended {
    /// GNU's long name.
    pub(super) long_name: Option<Vec<u8>>,
    path: Option<Vec<u8>>,
    /// The real name of a sparse file, whose entry has a made-up one.
    sparse_name: Option<Vec<u8>>,
    pub(super) link: Option<Vec<u8>>,
    pub(super) size: Option<u64>,
    /// Whether the content begins with a sparse map (GNU's form 1.0).
    pub(super) has_sparse_map: bool,
}

impl Extended {
    pub(super) fn path(&self) -> Option<&[u8]> {
        let path = self.sparse_name.as_deref().or(self.path.as_deref());
        path.or(self.long_name.as_deref())
    }

    /// Reads records (`LENGTH KEY=VALUE\n`); whether they are well-formed.
    pub(super) fn read(&mut self, mut records: &[u8]) -> bool {
        while !records.is_empty() {
            let Some((record, rest)) = split(records) else {
                return false;
            };
            if !self.apply(record) {
                return false;
            }
            records = rest;
        }
        true
    }

    fn apply(&mut self, record: &[u8]) -> bool {
        let Some(equals) = record.iter().position(|byte| *byte == b'=') else {
            return false;
        };
        let (key, value) = record.split_at(equals);
        let value = value.get(1..).unwrap_or_default();
        // An empty value takes back what was said before.
        let text = (!value.is_empty()).then(|| value.to_vec());
        let names = [&b"path"[..], b"linkpath", b"GNU.sparse.name"];
        if names.contains(&key) && value.contains(&0) {
            return false;
        }
        match key {
            b"path" => self.path = text,
            b"linkpath" => self.link = text,
            b"GNU.sparse.name" => self.sparse_name = text,
            b"GNU.sparse.major" => self.has_sparse_map = value == b"1",
            b"size" if value.is_empty() => self.size = None,
            b"size" => match decimal(value) {
                Some(size) => self.size = Some(size),
                None => return false,
            },
            _ => {}
        }
        true
    }
}

/// The first record without length and line end, and what follows it.
fn split(records: &[u8]) -> Option<(&[u8], &[u8])> {
    let space = records.iter().take(20).position(|byte| *byte == b' ')?;
    let length = usize::try_from(decimal(records.get(..space)?)?).ok()?;
    let (record, rest) = records.split_at_checked(length)?;
    let record = record.get(space + 1..)?.strip_suffix(b"\n")?;
    Some((record, rest))
}

/// A number that fits a file's size.
pub(super) fn decimal(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() {
        return None;
    }
    let value = digits.iter().try_fold(0_u64, |value, byte| {
        let digit = byte.checked_sub(b'0').filter(|digit| *digit < 10)?;
        value.checked_mul(10)?.checked_add(digit.into())
    });
    value.filter(|value| i64::try_from(*value).is_ok())
}
