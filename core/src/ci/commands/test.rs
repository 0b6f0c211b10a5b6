//! `test`, `[` and `[[`.

use crate::ci::shell::ast::Word;
use crate::ci::shell::{Done, Shell, pattern_matches};

/// Status of `test`.
pub(super) fn test(shell: &mut Shell<'_, '_>, words: &[String]) -> i32 {
    let mut parser = Parser {
        words,
        at: 0,
        depth: 0,
    };
    i32::from(!parser.or(shell))
}

struct Parser<'a> {
    words: &'a [String],
    at: usize,
    depth: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&str> {
        self.words.get(self.at).map(String::as_str)
    }

    fn or(&mut self, shell: &Shell<'_, '_>) -> bool {
        let mut value = self.and(shell);
        while self.peek() == Some("-o") {
            self.at += 1;
            value |= self.and(shell);
        }
        value
    }

    fn and(&mut self, shell: &Shell<'_, '_>) -> bool {
        let mut value = self.primary(shell);
        while self.peek() == Some("-a") {
            self.at += 1;
            value &= self.primary(shell);
        }
        value
    }

    fn primary(&mut self, shell: &Shell<'_, '_>) -> bool {
        if self.depth > 30 {
            return false;
        }
        let rest = self.words.get(self.at..).unwrap_or_default();
        if let [left, operator, right, ..] = rest
            && let Some(value) = compare(left, operator, right, false)
        {
            self.at += 3;
            return value;
        }
        match rest {
            [] => false,
            [not, _, ..] if not == "!" => {
                self.at += 1;
                self.depth += 1;
                let value = !self.primary(shell);
                self.depth -= 1;
                value
            }
            [open, ..] if open == "(" && rest.len() > 2 => {
                self.at += 1;
                self.depth += 1;
                let value = self.or(shell);
                self.depth -= 1;
                self.at += usize::from(self.peek() == Some(")"));
                value
            }
            [operator, operand, ..] if is_unary(operator) => {
                self.at += 2;
                unary(shell, operator, operand)
            }
            [word, ..] => {
                self.at += 1;
                !word.is_empty()
            }
        }
    }
}

fn is_unary(operator: &str) -> bool {
    operator.len() == 2
        && operator.starts_with('-')
        && operator
            .as_bytes()
            .get(1)
            .is_some_and(u8::is_ascii_alphabetic)
}

fn unary(shell: &Shell<'_, '_>, operator: &str, operand: &str) -> bool {
    let path = shell.path(operand);
    let files = &shell.world.files;
    match operator {
        "-z" => operand.is_empty(),
        "-n" => !operand.is_empty(),
        "-f" | "-r" | "-w" => files.is_file(&path),
        "-d" => files.is_directory(&path),
        "-e" => {
            files.is_file(&path)
                || files.is_directory(&path)
                || shell
                    .world
                    .has_certificates(path.trim_end_matches("/ca.pem"))
        }
        "-x" => files.get(&path).is_some_and(|f| f.executable),
        "-s" => files
            .get(&path)
            .is_some_and(|f| f.bytes.as_ref().is_none_or(|b| !b.is_empty())),
        "-S" => path == "/var/run/docker.sock" && shell.world.daemons.iter().any(|d| d.has_socket),
        "-v" => shell.variables.get(operand).is_some(),
        _ => false,
    }
}

/// `None` if the word in the middle is no operator.
fn compare(left: &str, operator: &str, right: &str, patterns: bool) -> Option<bool> {
    let numbers = || {
        let number = |text: &str| text.trim().parse::<i64>().unwrap_or(0);
        (number(left), number(right))
    };
    Some(match operator {
        "=" | "==" if patterns => pattern_matches(right, left),
        "!=" if patterns => !pattern_matches(right, left),
        "=" | "==" => left == right,
        "!=" => left != right,
        "<" | "\\<" => left < right,
        ">" | "\\>" => left > right,
        "-eq" => numbers().0 == numbers().1,
        "-ne" => numbers().0 != numbers().1,
        "-lt" => numbers().0 < numbers().1,
        "-le" => numbers().0 <= numbers().1,
        "-gt" => numbers().0 > numbers().1,
        "-ge" => numbers().0 >= numbers().1,
        _ => return None,
    })
}

/// `[[ … ]]`, whose words are not split.
pub(in crate::ci) fn double_bracket(shell: &mut Shell<'_, '_>, words: &[Word]) -> Done {
    let mut at = 0;
    let value = any(shell, words, &mut at, 0)?;
    Ok(i32::from(!value))
}

type Truth = Result<bool, crate::ci::shell::Flow>;

fn literal(words: &[Word], at: usize) -> String {
    words.get(at).and_then(Word::literal).unwrap_or_default()
}

fn any(shell: &mut Shell<'_, '_>, words: &[Word], at: &mut usize, depth: usize) -> Truth {
    let mut value = all(shell, words, at, depth)?;
    while literal(words, *at) == "||" {
        *at += 1;
        value |= all(shell, words, at, depth)?;
    }
    Ok(value)
}

fn all(shell: &mut Shell<'_, '_>, words: &[Word], at: &mut usize, depth: usize) -> Truth {
    let mut value = one(shell, words, at, depth)?;
    while literal(words, *at) == "&&" {
        *at += 1;
        value &= one(shell, words, at, depth)?;
    }
    Ok(value)
}

fn one(shell: &mut Shell<'_, '_>, words: &[Word], at: &mut usize, depth: usize) -> Truth {
    if depth > 30 {
        return Ok(false);
    }
    let first = literal(words, *at);
    if first == "!" {
        *at += 1;
        return Ok(!one(shell, words, at, depth + 1)?);
    }
    if first == "(" {
        *at += 1;
        let value = any(shell, words, at, depth + 1)?;
        *at += usize::from(literal(words, *at) == ")");
        return Ok(value);
    }
    let operator = literal(words, *at + 1);
    if let (Some(left), Some(right)) = (words.get(*at), words.get(*at + 2))
        && !is_unary(&first)
    {
        let text = shell.test_operand(left, false)?;
        if operator == "=~" {
            let pattern = shell.test_operand(right, false)?;
            *at += 3;
            return Ok(regex(shell, &text, &pattern));
        }
        let pattern = shell.test_operand(right, true)?;
        let is_pattern = matches!(operator.as_str(), "=" | "==" | "!=");
        if let Some(value) = compare(&text, &operator, &pattern, is_pattern) {
            *at += 3;
            return Ok(value);
        }
    }
    if is_unary(&first)
        && let Some(operand) = words.get(*at + 1)
    {
        let operand = shell.test_operand(operand, false)?;
        *at += 2;
        return Ok(unary(shell, &first, &operand));
    }
    let Some(word) = words.get(*at) else {
        return Ok(false);
    };
    *at += 1;
    Ok(!shell.test_operand(word, false)?.is_empty())
}

/// Regular expressions are matched by the bounded matcher of workflow conditions.
fn regex(shell: &mut Shell<'_, '_>, text: &str, pattern: &str) -> bool {
    if let Some(found) = crate::ci::regex::search(pattern, text) {
        found
    } else {
        shell.world.exact = false;
        true
    }
}
