//! HEALTHCHECK.

use super::Judge;
use super::flags::{Given, Takes, given};
use crate::dockerfile::go;
use crate::dockerfile::kind::{Healthcheck, Kind};
use crate::dockerfile::node::Node;
use crate::dockerfile::quote::quote;

/// Shorter intervals are refused.
const MINIMUM: i64 = 1_000_000;

pub(super) fn healthcheck(node: &Node, judge: &mut Judge) -> Kind {
    let Some((first, command)) = node.arguments.split_first() else {
        super::simple::at_least_one(node, judge, "HEALTHCHECK");
        return Kind::Invalid;
    };
    let kind = first.text.to_uppercase();
    if kind == "NONE" {
        if let Some(word) = command.first() {
            judge.refuse("HEALTHCHECK NONE takes no arguments", word.span);
        }
        return Kind::Healthcheck(Healthcheck::None);
    }
    let known = [
        ("interval", Takes::One),
        ("retries", Takes::One),
        ("start-interval", Takes::One),
        ("start-period", Takes::One),
        ("timeout", Takes::One),
    ];
    let flags = given(node, &known, judge);
    if kind != "CMD" {
        let message = format!("Unknown type {} in HEALTHCHECK (try CMD)", quote(&kind));
        judge.refuse(message, first.span);
    } else if command.is_empty() {
        judge.refuse("Missing command after HEALTHCHECK CMD", first.span);
    }
    let form = if node.json { "CMD" } else { "CMD-SHELL" };
    let words = command.iter().map(|word| word.text.clone());
    Kind::Healthcheck(Healthcheck::Test {
        test: std::iter::once(form.to_owned()).chain(words).collect(),
        interval: duration(&flags, "interval", judge),
        timeout: duration(&flags, "timeout", judge),
        start_period: duration(&flags, "start-period", judge),
        start_interval: duration(&flags, "start-interval", judge),
        retries: retries(&flags, judge),
    })
}

fn duration(flags: &Given, name: &str, judge: &mut Judge) -> i64 {
    let Some(word) = flags.one(name).filter(|word| !word.text.is_empty()) else {
        return 0;
    };
    match go::duration(&word.text) {
        Ok(0) => 0,
        Ok(nanoseconds) if nanoseconds >= MINIMUM => nanoseconds,
        Ok(_) => {
            let name = quote(name);
            judge.refuse(
                format!("Interval {name} cannot be less than 1ms"),
                word.span,
            );
            0
        }
        Err(message) => {
            judge.refuse(message, word.span);
            0
        }
    }
}

fn retries(flags: &Given, judge: &mut Judge) -> i64 {
    let Some(word) = flags.one("retries").filter(|word| !word.text.is_empty()) else {
        return 0;
    };
    match go::int32(&word.text) {
        Ok(retries) if retries >= 0 => retries,
        Ok(retries) => {
            judge.refuse(
                format!("--retries cannot be negative ({retries})"),
                word.span,
            );
            0
        }
        Err(message) => {
            judge.refuse(message, word.span);
            0
        }
    }
}
