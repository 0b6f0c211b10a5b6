//! Variables before the first FROM: the automatic platform ones and global ARGs
//! (`dockerfile2llb/platform.go`, `buildMetaArgs`).

use std::collections::{BTreeMap, BTreeSet};

use crate::dockerfile::{Instruction, Kind};
use crate::platform::Platform;

use super::super::env::Env;
use super::super::lint::LintRule;
use super::names::location;
use super::{Converter, Outcome, Refusal};

impl<'a> Converter<'a> {
    /// Sets the automatic variables and the global ARGs, and lints what FROM would be without
    /// build arguments.
    pub(super) fn global_arguments(&mut self) -> Outcome<()> {
        let automatic = self.automatic();
        self.lint_default_bases(&automatic);
        let preamble = self.input.dockerfile.preamble();
        let build_args = self.build_args.clone();
        self.globals = self.with_arguments(automatic, preamble, &build_args)?;
        for instruction in preamble {
            if let Kind::Arg(arguments) = &instruction.kind {
                let keys = arguments.iter().map(|arg| arg.key.text.clone());
                self.declared.extend(keys);
            }
        }
        Ok(())
    }

    /// `BUILDPLATFORM` to `TARGETSTAGE`, each of which `--build-arg` replaces.
    fn automatic(&self) -> Env {
        let unknown = Platform::default();
        let build = self.input.request.build_platforms.first();
        let build = build.unwrap_or(&unknown);
        let target = self.mode.target;
        let stages = self.input.dockerfile.stages();
        let last = stages.last().and_then(|stage| stage.first());
        let last = match last.map(|from| &from.kind) {
            Some(Kind::From(from)) => from.stage_name().unwrap_or_default(),
            _ => String::new(),
        };
        let mut stage = self.requested_target().map_or(last, str::to_owned);
        if stage.is_empty() {
            "default".clone_into(&mut stage);
        }
        let mut env = Env::default();
        for (name, value) in [
            ("BUILDPLATFORM", build.specifier()),
            ("BUILDOS", build.os.clone()),
            ("BUILDOSVERSION", build.os_version.clone()),
            ("BUILDARCH", build.architecture.clone()),
            ("BUILDVARIANT", build.variant.clone()),
            ("TARGETPLATFORM", target.to_string()),
            ("TARGETOS", target.os.clone()),
            ("TARGETOSVERSION", target.os_version.clone()),
            ("TARGETARCH", target.architecture.clone()),
            ("TARGETVARIANT", target.variant.clone()),
            ("TARGETSTAGE", stage),
        ] {
            let given = self.build_args.get(name);
            env.set(name, given.unwrap_or(&value));
        }
        env
    }

    /// The target of the command line; an empty one is none.
    pub(super) fn requested_target(&self) -> Option<&'a str> {
        let target = self.input.request.target.as_deref();
        target.filter(|target| !target.is_empty())
    }

    /// The variables after the ARGs before the first FROM.
    fn with_arguments(
        &self,
        mut env: Env,
        preamble: &[Instruction],
        build_args: &BTreeMap<String, String>,
    ) -> Outcome<Env> {
        for (at, instruction) in preamble.iter().enumerate() {
            let Kind::Arg(arguments) = &instruction.kind else {
                continue;
            };
            for argument in arguments {
                let key = &argument.key.text;
                let value = match (build_args.get(key), &argument.value) {
                    (Some(given), _) => given.clone(),
                    (None, Some(default)) => self
                        .lexer
                        .word(&default.text, &env)
                        .map_err(|error| Refusal::from(error).at(location(at, instruction)))?,
                    (None, None) => continue,
                };
                env.set(key, &value);
            }
        }
        Ok(env)
    }

    fn lint_default_bases(&mut self, automatic: &Env) {
        let preamble = self.input.dockerfile.preamble();
        let none = BTreeMap::new();
        let Ok(env) = self.with_arguments(automatic.clone(), preamble, &none) else {
            return;
        };
        for (at, instruction) in self.froms() {
            let Kind::From(from) = &instruction.kind else {
                continue;
            };
            let Ok(name) = self.lexer.word(&from.image.text, &env) else {
                return;
            };
            if name.parse::<crate::reference::Reference>().is_err() {
                let message = format!(
                    "Default value for ARG {} results in empty or invalid base image name",
                    from.image.text
                );
                let checks = self.linter.checks.clone();
                let place = location(at, instruction);
                self.linter
                    .run(&checks, LintRule::InvalidDefaultArgInFrom, place, message);
            }
        }
    }

    /// Names that a FROM may use without a warning.
    pub(super) fn known_in_from(&self) -> BTreeSet<String> {
        let keys = self.globals.keys().map(str::to_owned);
        keys.chain(self.declared.iter().cloned()).collect()
    }
}
