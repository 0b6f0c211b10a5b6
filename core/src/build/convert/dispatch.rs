//! Converts the stages that are needed, instruction by instruction (`dispatchStages`, `dispatch`).

use std::fmt::Write as _;

use std::collections::BTreeSet;

use crate::bases;
use crate::dockerfile::words::{Lexer, Processed};
use crate::dockerfile::{Command as CommandLine, Healthcheck, Kind, Pair, Word, quote, suggest};
use crate::platform::Platform;

use super::super::env::key_value;
use super::super::graph::{Content, Vertex, VertexId};
use super::super::lint::LintRule;
use super::super::linter::{Checks, Location};
use super::super::outcome::StepKind;
use super::super::{paths, values};
use super::image::DEFAULT_PATH;
use super::names::{cross, expanded, numbered, upper_first_word};
use super::stage::{Command, StageId};
use super::validate::names_secret;
use super::{Converter, Outcome, Reached, Refusal};

/// ARGs that are no environment variables.
const NOT_IN_ENVIRONMENT: [&str; 2] = ["BUILDKIT_SBOM_SCAN_CONTEXT", "BUILDKIT_SBOM_SCAN_STAGE"];

/// Where an instruction is converted.
#[derive(Debug, Clone)]
pub(super) struct Site {
    pub(super) stage: StageId,
    pub(super) location: Location,
    pub(super) checks: Checks,
    pub(super) sources: Vec<StageId>,
}

impl<'a> Converter<'a> {
    /// Converts the stages in file order.
    pub(super) fn dispatch_stages(&mut self, reachable: &BTreeSet<StageId>) -> Outcome<()> {
        self.read_ignore_file()?;
        for id in 0..self.stages.len() {
            let skip = !reachable.contains(&id) || self.stages[id].dispatched;
            if skip && !self.all_stages() {
                continue;
            }
            self.inherit(id);
            self.stages[id].dispatched = true;
            self.enter(id)?;
            self.note_from(id);
            for at in 0..self.stages[id].commands.len() {
                let command = self.stages[id].commands[at].clone();
                let location = command.location;
                self.dispatch(id, &command)
                    .map_err(|refusal| refusal.at(location))?;
            }
        }
        Ok(())
    }

    /// Takes over what the base's config says.
    fn enter(&mut self, id: StageId) -> Outcome<()> {
        let target = self.mode.target.clone();
        let stage = &mut self.stages[id];
        let os = stage.platform.get_or_insert(target).os.clone();
        let config = &mut stage.image.config;
        let has_path = config.env.iter().any(|pair| key_value(pair).0 == "PATH");
        if !has_path && os != "windows" {
            config.env.push(format!("PATH={DEFAULT_PATH}"));
        }
        for pair in &config.env {
            let (key, value) = key_value(pair);
            stage.state.env.set(key, value);
        }
        if !config.user.is_empty() {
            stage.state.user.clone_from(&config.user);
        }
        let dir = config.working_dir.clone();
        stage.index_env();
        if !dir.is_empty() {
            let location = stage.location;
            self.change_dir(id, &dir)
                .map_err(|refusal| refusal.at(location))?;
        }
        Ok(())
    }

    /// What FROM became: a pulled image, or the end of another stage.
    fn note_from(&mut self, id: StageId) {
        let stage = &self.stages[id];
        if let (Some(instruction), false) = (stage.location.instruction, stage.unregistered) {
            let env = &stage.state.env;
            let sets = env.keys().filter(|_| stage.base.is_none());
            let sets = sets.filter_map(|key| Some((key.to_owned(), env.get(key)?.to_owned())));
            let sets = sets.collect();
            let directory = Some(stage.state.dir.clone());
            self.effects.push(Reached {
                instruction,
                vertex: stage.state.output.filter(|_| stage.base.is_none()),
                history: String::new(),
                platform: stage.platform.clone().unwrap_or_default(),
                cross: None,
                sets,
                directory,
            });
        }
    }

    fn dispatch(&mut self, id: StageId, command: &Command<'a>) -> Outcome<()> {
        let checks = self
            .linter
            .checks
            .with_comments(&command.instruction.comments);
        let site = Site {
            stage: id,
            location: command.location,
            checks,
            sources: command.sources.clone(),
        };
        self.stages[id].in_trigger = command.trigger;
        let before = self.stages[id].state.output;
        let entries = self.stages[id].image.history.len();
        let instruction = &*command.instruction;
        let name = &instruction.keyword.text;
        let result = match &instruction.kind {
            Kind::Run(run) => self.run(&site, instruction, run),
            Kind::Copy(transfer) => self.transfer(&site, instruction, transfer, false),
            Kind::Add(transfer) => self.transfer(&site, instruction, transfer, true),
            Kind::Env(pairs) => self.env(&site, name, pairs),
            Kind::Label(pairs) => self.label(&site, name, pairs),
            Kind::Arg(arguments) => self.arg(&site, arguments),
            Kind::Workdir(path) => self.workdir(&site, &instruction.code, path),
            Kind::User(user) => self.user(&site, user),
            Kind::Expose(ports) => self.expose(&site, ports),
            Kind::Volume(volumes) => self.volume(&site, volumes),
            Kind::Cmd(line) => {
                self.cmd(&site, name, line);
                Ok(())
            }
            Kind::Entrypoint(line) => {
                self.entrypoint(&site, name, line);
                Ok(())
            }
            Kind::Shell(words) => {
                self.shell(&site, words);
                Ok(())
            }
            Kind::Healthcheck(check) => {
                self.healthcheck(&site, name, check);
                Ok(())
            }
            Kind::Stopsignal(signal) => self.stop_signal(&site, signal),
            Kind::Onbuild(onbuild) => {
                let config = &mut self.stages[id].image.config;
                config.on_build.push(onbuild.expression.clone());
                Ok(())
            }
            Kind::Maintainer(name) => {
                name.text.clone_into(&mut self.stages[id].image.author);
                self.commit(id, format!("MAINTAINER {}", name.text), false);
                Ok(())
            }
            Kind::From(_) | Kind::Invalid => Ok(()),
        };
        if result.is_ok() && !command.trigger {
            self.note_effect(&site, &instruction.kind, before, entries);
        }
        result
    }

    fn note_effect(&mut self, site: &Site, kind: &Kind, before: Option<VertexId>, entries: usize) {
        let Some(instruction) = site.location.instruction else {
            return;
        };
        let stage = &self.stages[site.stage];
        let platform = stage.platform.clone().unwrap_or_default();
        let after = stage.state.output.filter(|_| stage.state.output != before);
        let entry = stage.image.history.get(entries);
        let keys: Vec<&str> = match kind {
            Kind::Env(pairs) => pairs.iter().map(|pair| pair.key.text.as_str()).collect(),
            Kind::Arg(args) => args.iter().map(|arg| arg.key.text.as_str()).collect(),
            _ => Vec::new(),
        };
        let value = |key: &str| Some((key.to_owned(), stage.state.env.get(key)?.to_owned()));
        let sets = keys.into_iter().filter_map(value).collect();
        let is_workdir = matches!(kind, Kind::Workdir(_));
        self.effects.push(Reached {
            instruction,
            vertex: after,
            history: entry.map_or_else(String::new, |entry| entry.created_by.clone()),
            cross: cross(&platform, &stage.state.env),
            platform,
            sets,
            directory: is_workdir.then(|| stage.state.dir.clone()),
        });
    }

    /// Adds a history entry to a stage's image.
    pub(super) fn commit(&mut self, id: StageId, text: String, layer: bool) {
        let epoch = self.epoch;
        self.stages[id].image.commit(text, layer, epoch);
    }

    /// Expands a word in a stage and notes variables that are not set.
    pub(super) fn expand(&mut self, site: &Site, word: &str) -> Outcome<String> {
        let lexer = self.lexer;
        self.expand_with(lexer, site, word)
    }

    pub(super) fn expand_with(&mut self, lexer: Lexer, site: &Site, word: &str) -> Outcome<String> {
        let processed = lexer.process(word, &self.stages[site.stage].state.env);
        let Processed {
            text, unmatched, ..
        } = processed;
        self.lint_undefined(site, unmatched);
        Ok(text?)
    }

    fn lint_undefined(&mut self, site: &Site, mut unmatched: BTreeSet<String>) {
        if unmatched.is_empty() {
            return;
        }
        let stage = &self.stages[site.stage];
        for (key, _) in &stage.build_args {
            unmatched.remove(key);
        }
        for name in unmatched {
            if NOT_IN_ENVIRONMENT.contains(&name.as_str()) {
                continue;
            }
            let mut message = format!("Usage of undefined variable '${name}'");
            if let Some(option) = suggest(&name, stage.state.env.keys(), true) {
                let _ = write!(message, " (did you mean ${option}?)");
            }
            self.linter
                .run(&site.checks, LintRule::UndefinedVar, site.location, message);
        }
    }

    fn note(&mut self, site: &Site, rule: LintRule, message: String) {
        self.linter.run(&site.checks, rule, site.location, message);
    }

    fn pairs(&mut self, site: &Site, pairs: &[Pair]) -> Outcome<Vec<(String, String)>> {
        let mut expanded = Vec::with_capacity(pairs.len());
        for pair in pairs {
            let key = self.expand(site, &pair.key.text)?;
            expanded.push((key, self.expand(site, &pair.value.text)?));
        }
        Ok(expanded)
    }

    fn lint_legacy(&mut self, site: &Site, name: &str, pair: &Pair) {
        if pair.legacy {
            let message = format!(
                "\"{name} key=value\" should be used instead of legacy \"{name} key value\" format"
            );
            self.note(site, LintRule::LegacyKeyValueFormat, message);
        }
    }

    fn env(&mut self, site: &Site, name: &str, pairs: &[Pair]) -> Outcome<()> {
        let expanded = self.pairs(site, pairs)?;
        let mut text = String::from("ENV");
        for (pair, (key, value)) in pairs.iter().zip(&expanded) {
            self.lint_legacy(site, name, pair);
            self.lint_secret(site, "ENV", key);
            let _ = write!(text, " {key}={value}");
            self.stages[site.stage].set_env(key, value);
        }
        self.commit(site.stage, text, false);
        Ok(())
    }

    fn lint_secret(&mut self, site: &Site, instruction: &str, key: &str) {
        if names_secret(key) {
            let message = format!(
                "Do not use ARG or ENV instructions for sensitive data ({instruction} {})",
                quote(key)
            );
            self.note(site, LintRule::SecretsUsedInArgOrEnv, message);
        }
    }

    fn label(&mut self, site: &Site, name: &str, pairs: &[Pair]) -> Outcome<()> {
        let expanded = self.pairs(site, pairs)?;
        let mut text = String::from("LABEL");
        for (pair, (key, value)) in pairs.iter().zip(expanded) {
            self.lint_legacy(site, name, pair);
            let _ = write!(text, " {key}={value}");
            let config = &mut self.stages[site.stage].image.config;
            config.labels.insert(key, value);
        }
        self.commit(site.stage, text, false);
        Ok(())
    }

    fn arg(&mut self, site: &Site, arguments: &[crate::dockerfile::Arg]) -> Outcome<()> {
        let mut text = String::from("ARG");
        for argument in arguments {
            let key = &argument.key.text;
            self.lint_secret(site, "ARG", key);
            let value = match (self.build_args.get(key), &argument.value) {
                (Some(given), _) => Some(given.clone()),
                (None, Some(default)) => Some(self.expand(site, &default.text)?),
                (None, None) => self.globals.get(key).map(str::to_owned),
            };
            text.push(' ');
            text.push_str(key);
            let stage = &mut self.stages[site.stage];
            if let Some(value) = &value {
                text.push('=');
                text.push_str(value);
                if !NOT_IN_ENVIRONMENT.contains(&key.as_str()) {
                    stage.state.env.set(key, value);
                }
            }
            stage.build_args.push((key.clone(), value));
        }
        self.commit(site.stage, text, false);
        Ok(())
    }

    /// Changes the directory of config and state; the result has slashes on every system.
    fn change_dir(&mut self, id: StageId, path: &str) -> Outcome<String> {
        let os = self.os(id);
        let stage = &mut self.stages[id];
        let dir = paths::workdir(&stage.image.config.working_dir, path, &os).map_err(|why| {
            let at = "normalizing workdir: normalizing working directory: removing drive letter";
            Refusal::from(format!("{at}: {why}"))
        })?;
        stage.image.config.working_dir.clone_from(&dir);
        let dir = paths::to_slash(&dir, &os);
        stage.state.dir = if dir.starts_with('/') {
            dir.clone()
        } else {
            paths::join(&stage.state.dir, &dir)
        };
        Ok(dir)
    }

    /// The system that a stage is for.
    pub(super) fn os(&self, id: StageId) -> String {
        let platform = self.stages[id].platform.as_ref();
        platform.map_or_else(String::new, |platform| platform.os.clone())
    }

    fn workdir(&mut self, site: &Site, code: &str, path: &Word) -> Outcome<()> {
        let path = self.expand(site, &path.text)?;
        let id = site.stage;
        if !self.stages[id].workdir_set && !paths::is_absolute(&path, &self.os(id)) {
            let message = format!(
                "Relative workdir {} can have unexpected results if the base image changes",
                quote(&path)
            );
            self.note(site, LintRule::WorkdirRelativePath, message);
        }
        self.stages[id].workdir_set = true;
        let dir = self.change_dir(id, &path)?;
        let layer = dir != "/";
        if layer {
            self.make_dir(site, code, &dir);
        }
        self.commit(id, format!("WORKDIR {dir}"), layer);
        Ok(())
    }

    fn make_dir(&mut self, site: &Site, code: &str, dir: &str) {
        let id = site.stage;
        let epoch = self.epoch.map(|epoch| epoch.to_string());
        let lexer = self.lexer;
        let env = &self.stages[id].state.env;
        let name = upper_first_word(&expanded(lexer, code, env));
        let platform = self.shown_platform(id);
        let name = self.number(id, &name, platform.as_ref());
        let stage = &self.stages[id];
        let mut content = Content::new("mkdir");
        content.text(&paths::clean(dir));
        content.text(&stage.image.config.user);
        content.option(epoch.as_deref());
        content.flag(stage.state.output.is_some());
        let inputs: Vec<VertexId> = stage.state.output.into_iter().collect();
        let output = self.graph.add(Vertex {
            kind: StepKind::File,
            name,
            platform: None,
            content,
            links: inputs.clone(),
            inputs,
            instruction: site.location.instruction,
            listed: true,
            grouped: false,
            fault: None,
        });
        self.stages[id].state.output = Some(output);
    }

    fn user(&mut self, site: &Site, user: &Word) -> Outcome<()> {
        let user = self.expand(site, &user.text)?;
        let stage = &mut self.stages[site.stage];
        stage.state.user.clone_from(&user);
        stage.image.config.user.clone_from(&user);
        self.commit(site.stage, format!("USER {user}"), false);
        Ok(())
    }

    fn volume(&mut self, site: &Site, volumes: &[Word]) -> Outcome<()> {
        let mut expanded = Vec::with_capacity(volumes.len());
        for volume in volumes {
            expanded.push(self.expand(site, &volume.text)?);
        }
        for volume in &expanded {
            if volume.is_empty() {
                return Err("VOLUME specified can not be an empty string".into());
            }
            let config = &mut self.stages[site.stage].image.config;
            config.volumes.insert(volume.clone());
        }
        self.commit(
            site.stage,
            format!("VOLUME [{}]", expanded.join(" ")),
            false,
        );
        Ok(())
    }

    fn stop_signal(&mut self, site: &Site, signal: &Word) -> Outcome<()> {
        let signal = self.expand(site, &signal.text)?;
        values::check_signal(&signal)?;
        let config = &mut self.stages[site.stage].image.config;
        config.stop_signal.clone_from(&signal);
        self.commit(site.stage, format!("STOPSIGNAL {signal}"), false);
        Ok(())
    }

    fn shell(&mut self, site: &Site, words: &[Word]) {
        let words: Vec<String> = words.iter().map(|word| word.text.clone()).collect();
        let text = format!("SHELL [{}]", words.join(" "));
        self.stages[site.stage].image.config.shell = words;
        self.commit(site.stage, text, false);
    }

    fn expose(&mut self, site: &Site, words: &[Word]) -> Outcome<()> {
        let lexer = self.lexer;
        let mut ports: Vec<String> = Vec::new();
        for word in words {
            ports.extend(lexer.words(&word.text, &self.stages[site.stage].state.env)?);
        }
        let mut exposed: Vec<String> = Vec::new();
        for raw in &ports {
            let (facts, refusal) = match values::port(raw) {
                Ok(port) => (Some(port), None),
                Err((facts, why)) => (facts, Some(why)),
            };
            if let Some(port) = facts {
                self.lint_port(site, raw, &port);
                exposed.extend(port.exposed);
            }
            if let Some(why) = refusal {
                return Err(why.into());
            }
        }
        let text = format!("EXPOSE [{}]", exposed.join(" "));
        let config = &mut self.stages[site.stage].image.config;
        config.exposed_ports.extend(exposed);
        self.commit(site.stage, text, false);
        Ok(())
    }

    fn lint_port(&mut self, site: &Site, raw: &str, port: &values::Port) {
        if port.odd_protocol {
            let message =
                format!("Defined protocol '{raw}' in EXPOSE instruction should be lowercase");
            self.note(site, LintRule::ExposeProtoCasing, message);
        }
        if port.mapped {
            let message = format!(
                "EXPOSE instruction should not define an IP address or host-port mapping, found '{raw}'"
            );
            self.note(site, LintRule::ExposeInvalidFormat, message);
        }
    }

    /// Notes the earlier of two instructions of which only the last counts.
    fn once(&mut self, site: &Site, name: &str, before: Option<Location>) {
        if let Some(before) = before {
            let message = format!(
                "Multiple {name} instructions should not be used in the same stage because only the last one will be used"
            );
            let rule = LintRule::MultipleInstructionsDisallowed;
            self.linter.run(&site.checks, rule, before, message);
        }
    }

    fn command_line(&mut self, site: &Site, name: &str, line: &CommandLine) -> Vec<String> {
        let words: Vec<String> = line.words.iter().map(|word| word.text.clone()).collect();
        if !line.shell {
            return words;
        }
        if self.stages[site.stage].image.config.shell.is_empty() {
            let message = format!(
                "JSON arguments recommended for {name} to prevent unintended behavior related to OS signals"
            );
            self.note(site, LintRule::JSONArgsRecommended, message);
        }
        self.stages[site.stage].image.with_shell(&words)
    }

    fn cmd(&mut self, site: &Site, name: &str, line: &CommandLine) {
        let before = self.stages[site.stage].last_cmd.replace(site.location);
        self.once(site, name, before);
        let line = self.command_line(site, name, line);
        let text = format!("CMD {}", quoted_list(&line));
        let config = &mut self.stages[site.stage].image.config;
        config.cmd = line;
        config.args_escaped = true;
        self.commit(site.stage, text, false);
    }

    fn entrypoint(&mut self, site: &Site, name: &str, line: &CommandLine) {
        let before = self.stages[site.stage]
            .last_entrypoint
            .replace(site.location);
        self.once(site, name, before);
        let line = self.command_line(site, name, line);
        let text = format!("ENTRYPOINT {}", quoted_list(&line));
        let stage = &mut self.stages[site.stage];
        stage.image.config.entrypoint = line;
        if stage.last_cmd.is_none() {
            stage.image.config.cmd.clear();
        }
        self.commit(site.stage, text, false);
    }

    fn healthcheck(&mut self, site: &Site, name: &str, check: &Healthcheck) {
        let before = self.stages[site.stage]
            .last_healthcheck
            .replace(site.location);
        self.once(site, name, before);
        let check = match check {
            Healthcheck::None => bases::Healthcheck {
                test: vec!["NONE".to_owned()],
                ..bases::Healthcheck::default()
            },
            Healthcheck::Test {
                test,
                interval,
                timeout,
                start_period,
                start_interval,
                retries,
            } => bases::Healthcheck {
                test: test.clone(),
                interval: *interval,
                timeout: *timeout,
                start_period: *start_period,
                start_interval: *start_interval,
                retries: *retries,
            },
        };
        let text = format!(
            "HEALTHCHECK {{Test:[{}] Interval:{} Timeout:{} StartPeriod:{} StartInterval:{} Retries:{}}}",
            check.test.join(" "),
            values::duration(check.interval),
            values::duration(check.timeout),
            values::duration(check.start_period),
            values::duration(check.start_interval),
            check.retries,
        );
        self.stages[site.stage].image.config.healthcheck = Some(check);
        self.commit(site.stage, text, false);
    }

    /// Numbers a step of a stage.
    pub(super) fn number(
        &mut self,
        id: StageId,
        name: &str,
        platform: Option<&Platform>,
    ) -> String {
        let stage = &mut self.stages[id];
        let env = std::mem::take(&mut stage.state.env);
        let name = numbered(stage, name, platform, Some(&env));
        stage.state.env = env;
        name
    }

    /// The platform that a stage's steps carry in their names, where they carry one.
    pub(super) fn shown_platform(&self, id: StageId) -> Option<Platform> {
        let platform = self.stages[id].platform.clone();
        platform.filter(|_| self.mode.multi)
    }
}

/// Go's `%q` of a list.
fn quoted_list(words: &[String]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| quote(word)).collect();
    format!("[{}]", quoted.join(" "))
}
