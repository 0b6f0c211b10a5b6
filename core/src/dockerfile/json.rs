//! The JSON form of arguments, with the answers of Go's `encoding/json`.
//!
//! Only arrays matter. What is no valid JSON is no error: it is the shell form.

/// What a text in JSON form may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Json {
    /// An array of strings, each with the byte range of its literal.
    Strings(Vec<(String, usize, usize)>),
    /// A valid array with something else in it.
    OtherArray,
    /// No valid JSON array.
    Neither,
}

/// Go refuses deeper nesting.
const DEPTH: usize = 10_000;

/// Reads `text`, which must be one array from end to end.
pub(super) fn read(text: &str) -> Json {
    let blank = text.len() - text.trim_start().len();
    if !text.get(blank..).is_some_and(|rest| rest.starts_with('[')) {
        return Json::Neither;
    }
    let mut reader = Reader {
        text,
        at: blank,
        strings: Vec::new(),
        others: false,
        open: Vec::new(),
    };
    match reader.document() {
        Some(()) if reader.others => Json::OtherArray,
        Some(()) => Json::Strings(reader.strings),
        None => Json::Neither,
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    strings: Vec<(String, usize, usize)>,
    /// The outer array holds something else than strings.
    others: bool,
    /// Open brackets, outermost first.
    open: Vec<u8>,
}

impl Reader<'_> {
    fn document(&mut self) -> Option<()> {
        self.value()?;
        while !self.open.is_empty() {
            self.blanks();
            match (self.bump()?, self.open.last()?) {
                (b',', b'[') => self.value()?,
                (b',', _) => self.member()?,
                (b']', b'[') | (b'}', b'{') => {
                    self.open.pop();
                }
                _ => return None,
            }
        }
        self.blanks();
        (self.at == self.text.len()).then_some(())
    }

    /// A value; an array or object that is not empty stays open behind its first value.
    fn value(&mut self) -> Option<()> {
        loop {
            self.blanks();
            let outer = self.open.len() == 1;
            let start = self.at;
            let first = self.peek()?;
            if first == b'"' {
                let text = self.string()?;
                if outer {
                    self.strings.push((text, start, self.at));
                }
                return Some(());
            }
            self.others |= outer;
            match first {
                b'[' => {
                    self.enter(b'[')?;
                    if self.leave(b']') {
                        return Some(());
                    }
                }
                b'{' => {
                    self.enter(b'{')?;
                    if self.leave(b'}') {
                        return Some(());
                    }
                    self.key()?;
                }
                b't' => return self.word("true"),
                b'f' => return self.word("false"),
                b'n' => return self.word("null"),
                _ => return self.number(),
            }
        }
    }

    fn member(&mut self) -> Option<()> {
        self.key()?;
        self.value()
    }

    fn key(&mut self) -> Option<()> {
        self.blanks();
        self.string()?;
        self.blanks();
        (self.bump()? == b':').then_some(())
    }

    fn enter(&mut self, bracket: u8) -> Option<()> {
        self.at += 1;
        self.open.push(bracket);
        (self.open.len() <= DEPTH).then_some(())
    }

    fn leave(&mut self, bracket: u8) -> bool {
        self.blanks();
        let empty = self.peek() == Some(bracket);
        if empty {
            self.at += 1;
            self.open.pop();
        }
        empty
    }

    fn word(&mut self, word: &str) -> Option<()> {
        let found = self.text.get(self.at..)?.starts_with(word);
        self.at += word.len();
        found.then_some(())
    }

    fn number(&mut self) -> Option<()> {
        let start = self.at;
        self.skip(b'-');
        if !self.skip(b'0') {
            self.digits()?;
        }
        if self.skip(b'.') {
            self.digits()?;
        }
        if self.skip(b'e') || self.skip(b'E') {
            let _ = self.skip(b'+') || self.skip(b'-');
            self.digits()?;
        }
        // Go cannot put a number out of range into a float64, and then nothing is JSON.
        let number: f64 = self.text.get(start..self.at)?.parse().ok()?;
        number.is_finite().then_some(())
    }

    fn digits(&mut self) -> Option<()> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        (self.at > start).then_some(())
    }

    fn string(&mut self) -> Option<String> {
        if self.bump()? != b'"' {
            return None;
        }
        let mut out = String::new();
        loop {
            let rest = self.text.get(self.at..)?;
            let plain = rest.find(|c: char| matches!(c, '"' | '\\') || c < ' ')?;
            out.push_str(rest.get(..plain)?);
            self.at += plain;
            match self.bump()? {
                b'"' => return Some(out),
                b'\\' => out.push(self.escaped()?),
                _ => return None,
            }
        }
    }

    fn escaped(&mut self) -> Option<char> {
        Some(match self.bump()? {
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => self.unicode()?,
            byte @ (b'"' | b'\\' | b'/') => char::from(byte),
            _ => return None,
        })
    }

    /// Behind `\u`. Half a surrogate pair becomes U+FFFD.
    fn unicode(&mut self) -> Option<char> {
        let first = self.hex()?;
        if !(0xd800..0xdc00).contains(&first) {
            return Some(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        let before = self.at;
        if self.skip(b'\\') && self.skip(b'u') {
            let second = self.hex()?;
            if (0xdc00..0xe000).contains(&second) {
                let code = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                return char::from_u32(code);
            }
        }
        self.at = before;
        Some(char::REPLACEMENT_CHARACTER)
    }

    fn hex(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        self.at += 4;
        u32::from_str_radix(digits, 16).ok()
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    fn skip(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn bump(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }
}
