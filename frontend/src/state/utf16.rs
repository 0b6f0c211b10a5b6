//! Offsets in UTF-16 units, as browsers count, for offsets in bytes, as core counts; and back.

/// The two ways to count in one text.
pub(crate) struct Utf16 {
    /// Where a character that is not ASCII ends: in bytes, and by how much units lag behind there.
    ends: Vec<(usize, usize)>,
    bytes: usize,
}

impl Utf16 {
    pub(crate) fn new(text: &str) -> Self {
        let mut ends = Vec::new();
        let mut lag = 0;
        if !text.is_ascii() {
            for (at, c) in text.char_indices().filter(|(_, c)| !c.is_ascii()) {
                lag += c.len_utf8() - c.len_utf16();
                ends.push((at + c.len_utf8(), lag));
            }
        }
        Self {
            ends,
            bytes: text.len(),
        }
    }

    /// Units before a byte; beyond the end of the text, those of the whole text.
    pub(crate) fn unit(&self, byte: usize) -> u32 {
        let byte = byte.min(self.bytes);
        let passed = self.ends.partition_point(|(end, _)| *end <= byte);
        let lag = passed.checked_sub(1).map_or(0, |last| self.ends[last].1);
        u32::try_from(byte - lag).unwrap_or(u32::MAX)
    }

    /// The byte at a unit of this text, at the start of the character that it is in.
    pub(crate) fn byte(&self, text: &str, unit: u32) -> usize {
        if self.ends.is_empty() {
            return (unit as usize).min(self.bytes);
        }
        let mut units = 0;
        for (at, c) in text.char_indices() {
            units += c.len_utf16();
            if units > unit as usize {
                return at;
            }
        }
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_agree_at_every_character() {
        for text in ["", "FROM a\n", "# 中文 ok\nRUN 🚀 x", "é"] {
            let counts = Utf16::new(text);
            for (at, _) in text.char_indices() {
                let unit = u32::try_from(text[..at].encode_utf16().count()).expect("short");
                assert_eq!(counts.unit(at), unit, "{text}");
                assert_eq!(counts.byte(text, unit), at, "{text}");
            }
            assert_eq!(counts.byte(text, 9999), text.len());
        }
    }
}
