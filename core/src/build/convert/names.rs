//! How steps are called, and where instructions stand.

use std::fmt::Write as _;

use crate::dockerfile::Instruction;
use crate::dockerfile::words::{Lexer, Variables};
use crate::platform::Platform;

use super::super::env::Env;
use super::super::linter::Location;
use super::stage::Stage;

/// The place of an instruction of the file.
pub(super) fn location(at: usize, instruction: &Instruction) -> Location {
    Location {
        line: instruction.start_line,
        instruction: Some(at),
        span: Some(instruction.span),
    }
}

/// The first word in capitals, as Go's `strings.ToUpper` does it: character by character.
pub(super) fn upper_first_word(text: &str) -> String {
    let (first, rest) = text.split_at(text.find(' ').unwrap_or(text.len()));
    let upper = first.chars().map(|c| {
        if c.is_ascii() {
            return c.to_ascii_uppercase();
        }
        let mut upper = c.to_uppercase();
        match (upper.next(), upper.next()) {
            (Some(single), None) => single,
            _ => c,
        }
    });
    let mut out = String::with_capacity(text.len());
    out.extend(upper);
    out.push_str(rest);
    out
}

/// The text of an instruction with variables expanded, or as it is where that fails.
pub(super) fn expanded(lexer: Lexer, text: &str, variables: &dyn Variables) -> String {
    lexer
        .word(text, variables)
        .unwrap_or_else(|_| text.to_owned())
}

/// Puts `[linux/amd64->arm64 build 3/4] ` before a name and counts the step.
pub(super) fn numbered(
    stage: &mut Stage<'_>,
    name: &str,
    platform: Option<&Platform>,
    env: Option<&Env>,
) -> String {
    if stage.total == 0 {
        return name.to_owned();
    }
    let mut out = String::with_capacity(name.len() + 64);
    out.push('[');
    if let Some(platform) = platform {
        out.push_str(&platform.to_string());
        if let Some(cross) = env.and_then(|env| cross(platform, env)) {
            out.push_str("->");
            if cross.os == platform.os {
                let text = cross.specifier();
                out.push_str(text.split_once('/').map_or("", |(_, rest)| rest));
            } else {
                out.push_str(&cross.to_string());
            }
        }
        out.push(' ');
    }
    if !stage.stage_name.is_empty() {
        out.push_str(&stage.stage_name);
        out.push(' ');
    }
    stage.numbered += 1;
    let width = width(stage.total);
    let (number, total) = (stage.numbered, stage.total);
    let _ = write!(out, "{number:width$}/{total}] ");
    if stage.in_trigger {
        out.push_str("ONBUILD ");
    }
    out.push_str(name);
    out
}

/// The platform that a stage builds for, where it knows one that differs from its own.
pub(super) fn cross(platform: &Platform, env: &Env) -> Option<Platform> {
    let mut target = declared_target(env)?;
    if target.os.is_empty() {
        target.os.clone_from(&platform.os);
    }
    if target.architecture.is_empty() {
        target.architecture.clone_from(&platform.architecture);
    }
    let target = target.normalised();
    let differs = target.os != platform.os || target.architecture != platform.architecture;
    differs.then_some(target)
}

/// What TARGETPLATFORM, TARGETOS, TARGETARCH and TARGETVARIANT in the environment say.
fn declared_target(env: &Env) -> Option<Platform> {
    let mut target = Platform::default();
    let mut set = false;
    let names = ["TARGETPLATFORM", "TARGETOS", "TARGETARCH", "TARGETVARIANT"];
    let mut set_names: Vec<(usize, &str)> = names
        .into_iter()
        .filter_map(|name| Some((env.age(name)?, name)))
        .collect();
    set_names.sort_unstable();
    for (_, key) in set_names {
        let value = env.get(key).unwrap_or_default();
        let slot = match key {
            "TARGETPLATFORM" => match value.parse::<Platform>() {
                Ok(platform) => return Some(platform),
                Err(_) => continue,
            },
            "TARGETOS" => &mut target.os,
            "TARGETARCH" => &mut target.architecture,
            "TARGETVARIANT" => &mut target.variant,
            _ => continue,
        };
        value.clone_into(slot);
        set = true;
    }
    set.then_some(target)
}

/// How wide a step's number is printed: Go's `int(1 + math.Log10(total))`, whose rounding makes
/// 1000 three digits wide.
fn width(total: usize) -> usize {
    if total == 1000 {
        return 3;
    }
    total.checked_ilog10().unwrap_or(0) as usize + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_words_are_capitals() {
        assert_eq!(upper_first_word("run  echo a"), "RUN  echo a");
        assert_eq!(upper_first_word("straße x"), "STRAßE x");
    }

    #[test]
    fn cross_compilation_needs_a_declared_target() {
        let amd64 = Platform::new("linux", "amd64");
        let mut env = Env::default();
        assert_eq!(cross(&amd64, &env), None);
        env.set("TARGETARCH", "arm");
        env.set("TARGETVARIANT", "v6");
        assert_eq!(cross(&amd64, &env).unwrap().specifier(), "linux/arm/v6");
        env.set("TARGETPLATFORM", "linux/amd64");
        assert_eq!(cross(&amd64, &env), None);
    }
}
