//! RUN and its mounts (`dispatchRun`, `dockerfile2llb/convert_runmount.go`).

use std::fmt::Write as _;

use crate::dockerfile::mount::{self, Mount, MountKind, Sharing};
use crate::dockerfile::words::{Lexer, Variables};
use crate::dockerfile::{Instruction, Run, is_heredoc, quote};

use super::super::env::Env;
use super::super::graph::{Content, Vertex, VertexId};
use super::super::outcome::StepKind;
use super::super::paths;
use super::dispatch::Site;
use super::from::SCRATCH;
use super::names::{expanded, upper_first_word};
use super::{Converter, Outcome};

/// What a value of a secret is shown as in step names.
const MASK: &str = "****";

/// A mount of files, in BuildKit's terms.
struct FileMount {
    target: String,
    /// `None` for an empty file system.
    source: Option<VertexId>,
    content: Content,
}

/// What RUN sees besides its file system.
#[derive(Default)]
struct Mounts {
    files: Vec<FileMount>,
    /// Secrets and SSH agents.
    others: Content,
}

/// The stage or image that a mount reads from; empty without `from`.
pub(super) fn mount_source(value: &str) -> String {
    mount::from(value).ok().flatten().unwrap_or_default()
}

impl Converter<'_> {
    /// Converts RUN.
    pub(super) fn run(&mut self, site: &Site, instruction: &Instruction, run: &Run) -> Outcome<()> {
        let mounts = self.parse_mounts(site, run)?;
        let mut shown = instruction.code.clone();
        let mut prepared = Mounts::default();
        let mut line: Vec<String> = run.command.words.iter().map(|w| w.text.clone()).collect();
        if !instruction.heredocs.is_empty() {
            line = self.heredoc_line(site, instruction, line, &mut shown, &mut prepared)?;
        }
        if run.command.shell {
            line = self.stages[site.stage].image.with_shell(&line);
        }
        self.prepare_mounts(site, &mounts, &mut prepared)?;
        if !run.devices.is_empty() {
            return Err(
                "device feature is only supported in Dockerfile frontend 1.14.0-labs or later"
                    .into(),
            );
        }
        let name = self.run_name(site, &shown, &mounts);
        let mut content = Content::new("exec");
        content
            .texts(&line)
            .text(run.network.as_str())
            .text(run.security.as_str());
        self.exec_step(site, name, content, prepared, line.is_empty());
        let history = self.run_history(site, &line);
        self.commit(site.stage, history, true);
        Ok(())
    }

    fn parse_mounts(&mut self, site: &Site, run: &Run) -> Outcome<Vec<Mount>> {
        let mut mounts = Vec::with_capacity(run.mounts.len());
        for word in &run.mounts {
            let mut expand = |value: &str| self.expand(site, value).map_err(|why| why.text);
            let mount = Mount::parse(&word.text, &mut expand);
            mounts.push(mount.map_err(|why| why.to_string())?);
        }
        Ok(mounts)
    }

    /// The command line that heredocs make.
    fn heredoc_line(
        &mut self,
        site: &Site,
        instruction: &Instruction,
        line: Vec<String>,
        shown: &mut String,
        mounts: &mut Mounts,
    ) -> Outcome<Vec<String>> {
        let (Some(first), Some(word)) = (instruction.heredocs.first(), line.first()) else {
            return Ok(line);
        };
        if !is_heredoc(word) {
            let mut text = word.clone();
            for heredoc in &instruction.heredocs {
                text.push('\n');
                text.push_str(&heredoc.content);
                text.push_str(&heredoc.name);
            }
            return Ok(vec![text]);
        }
        let _ = write!(shown, " ({})", summary(&first.content));
        let data = first.chomped();
        let is_script = data.starts_with("#!");
        if !is_script || self.stages[site.stage].image.platform.os == "windows" {
            return Ok(vec![data]);
        }
        let file = self.inline_file(site, &first.name, &data, 0o755)?;
        let mut content = Content::new("bind");
        content.text("/").flag(true);
        mounts.files.push(FileMount {
            target: "/dev/pipes/".to_owned(),
            source: Some(file),
            content,
        });
        Ok(vec![paths::join("/dev/pipes/", &first.name)])
    }

    fn prepare_mounts(&mut self, site: &Site, mounts: &[Mount], out: &mut Mounts) -> Outcome<()> {
        for (at, mount) in mounts.iter().enumerate() {
            let is_cache = mount.kind == MountKind::Cache;
            let from = match mount.from.as_str() {
                "" if is_cache => SCRATCH,
                from => from,
            };
            let mut source = None;
            if !from.is_empty() {
                source = self.mounted_stage(site, from, mount, at)?;
            } else if mount.kind == MountKind::Bind {
                source = Some(self.build_context());
            }
            match mount.kind {
                MountKind::Secret => secret(mount, &mut out.others),
                MountKind::Ssh => ssh(mount, &mut out.others)?,
                MountKind::Tmpfs => self.file_mount(site, mount, None, out)?,
                MountKind::Bind | MountKind::Cache => self.file_mount(site, mount, source, out)?,
            }
            if from.is_empty() && matches!(mount.kind, MountKind::Bind | MountKind::Tmpfs) {
                self.context_paths.insert(paths::join("/", &mount.source));
            }
        }
        Ok(())
    }

    fn mounted_stage(
        &self,
        site: &Site,
        from: &str,
        mount: &Mount,
        at: usize,
    ) -> Outcome<Option<VertexId>> {
        let stage = site.sources.get(at).and_then(|id| self.stages.get(*id));
        match stage {
            Some(stage) if stage.dispatched => Ok(stage.state.output),
            _ => Err(format!(
                "cannot mount from stage {} to {}, stage needs to be defined before current command",
                quote(from),
                quote(&mount.target)
            )
            .into()),
        }
    }

    fn file_mount(
        &mut self,
        site: &Site,
        mount: &Mount,
        mut source: Option<VertexId>,
        out: &mut Mounts,
    ) -> Outcome<()> {
        let mut target = mount.target.clone();
        if !paths::clean(&target).starts_with('/') {
            let dir = paths::join("/", &self.stages[site.stage].state.dir);
            target = paths::join(&dir, &target);
        }
        if target == "/" {
            return Err(format!("invalid mount target {}", quote(&target)).into());
        }
        let mut selector = paths::join("/", &mount.source);
        let owned = mount.uid.is_some() || mount.gid.is_some() || mount.mode.is_some();
        if selector == "/" && owned {
            source = Some(self.owned_cache(site, mount, source));
            "/cache".clone_into(&mut selector);
        }
        let mut content = Content::new(mount.kind.as_str());
        content.text(&selector).flag(mount.read_only);
        if mount.kind == MountKind::Cache {
            let id = match mount.id.as_str() {
                "" => paths::clean(&mount.target),
                id => id.to_owned(),
            };
            content.text(&id);
            content.text(mount.sharing.map_or("shared", Sharing::as_str));
        }
        content.text(&mount.size_limit.to_string());
        out.files.push(FileMount {
            target,
            source,
            content,
        });
        Ok(())
    }

    /// A cache with an owner or a mode is a directory made for it.
    fn owned_cache(&mut self, site: &Site, mount: &Mount, base: Option<VertexId>) -> VertexId {
        let number = |value: Option<u32>, default: u32| value.unwrap_or(default) as usize;
        let mut content = Content::new("cache directory");
        content
            .number(number(mount.uid, 0))
            .number(number(mount.gid, 0))
            .number(number(mount.mode, 0o755))
            .flag(base.is_some());
        self.graph.add(Vertex {
            kind: StepKind::File,
            name: "[internal] setting cache mount permissions".to_owned(),
            platform: None,
            content,
            inputs: base.into_iter().collect(),
            links: base.into_iter().collect(),
            instruction: site.location.instruction,
            listed: true,
            grouped: false,
            fault: None,
        })
    }

    fn run_name(&mut self, site: &Site, shown: &str, mounts: &[Mount]) -> String {
        let lexer = Lexer {
            raw_quotes: true,
            skip_unset: true,
            ..self.lexer
        };
        let secrets: Vec<&str> = mounts
            .iter()
            .filter(|mount| mount.kind == MountKind::Secret)
            .filter_map(|mount| mount.env.as_deref())
            .collect();
        let stage = &self.stages[site.stage];
        let masked = Masked {
            env: &stage.state.env,
            secrets: &secrets,
        };
        let name = upper_first_word(&expanded(lexer, shown, &masked));
        // The platform of the files decides; an empty file system has none.
        let platform = stage.state.platform.clone().filter(|_| self.mode.multi);
        self.number(site.stage, &name, platform.as_ref())
    }

    fn exec_step(
        &mut self,
        site: &Site,
        name: String,
        mut content: Content,
        mut mounts: Mounts,
        no_arguments: bool,
    ) {
        let target = self.mode.target.clone();
        let stage = &mut self.stages[site.stage];
        let platform = stage.state.platform.clone().unwrap_or(target);
        content
            .number(stage.state.env.identity(&mut self.shared.envs))
            .text(&stage.state.dir)
            .text(&stage.state.user)
            .platform(&platform);
        for proxy in proxies(&self.build_args) {
            content.text(&proxy);
        }
        let mut root = Content::new("root");
        root.flag(false);
        mounts.files.push(FileMount {
            target: "/".to_owned(),
            source: stage.state.output,
            content: root,
        });
        // BuildKit sorts mounts by their targets; the root comes first of all absolute ones.
        mounts.files.rotate_right(1);
        mounts.files.sort_by(|a, b| a.target.cmp(&b.target));
        let mut sources = Vec::new();
        for mount in &mounts.files {
            content.text(&mount.target).flag(mount.source.is_some());
            content.append(&mount.content);
            sources.extend(mount.source);
        }
        content.append(&mounts.others);
        let output = self.graph.add(Vertex {
            kind: StepKind::Exec,
            name,
            platform: Some(platform.normalised()),
            content,
            inputs: sources.clone(),
            links: sources,
            instruction: site.location.instruction,
            listed: true,
            grouped: false,
            fault: no_arguments.then_some("arguments are required"),
        });
        self.stages[site.stage].state.output = Some(output);
    }

    /// `RUN |2 A=1 B=2 /bin/sh -c … # buildkit`, with the ARGs declared so far.
    fn run_history(&self, site: &Site, line: &[String]) -> String {
        let stage = &self.stages[site.stage];
        let mut order: Vec<&str> = Vec::new();
        let mut values = std::collections::BTreeMap::new();
        for (key, own) in &stage.build_args {
            let value = stage.state.env.get(key).or(own.as_deref());
            if values
                .insert(key.as_str(), value.unwrap_or_default())
                .is_none()
            {
                order.push(key);
            }
        }
        let mut text = String::from("RUN ");
        if !order.is_empty() {
            let _ = write!(text, "|{} ", order.len());
        }
        for key in order {
            let _ = write!(
                text,
                "{key}={} ",
                values.get(key).copied().unwrap_or_default()
            );
        }
        text.push_str(&line.join(" "));
        text.push_str(" # buildkit");
        text
    }
}

/// Variables with the values of secrets hidden.
struct Masked<'a> {
    env: &'a Env,
    secrets: &'a [&'a str],
}

impl Variables for Masked<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        if self.secrets.contains(&name) {
            return Some(MASK);
        }
        self.env.get(name)
    }
}

fn secret(mount: &Mount, out: &mut Content) {
    let id = [&mount.source, &mount.id]
        .into_iter()
        .find(|id| !id.is_empty());
    let id = id.map_or_else(|| paths::base(&mount.target).to_owned(), Clone::clone);
    out.text("secret")
        .text(&id)
        .text(&mount.target)
        .option(mount.env.as_deref())
        .flag(mount.required);
    owner(mount, out);
}

fn ssh(mount: &Mount, out: &mut Content) -> Outcome<()> {
    if !mount.source.is_empty() {
        return Err("ssh does not support source".into());
    }
    out.text("ssh")
        .text(&mount.id)
        .text(&mount.target)
        .flag(mount.required);
    owner(mount, out);
    Ok(())
}

fn owner(mount: &Mount, out: &mut Content) {
    for number in [mount.uid, mount.gid, mount.mode] {
        let text = number.map(|number| number.to_string());
        out.option(text.as_deref());
    }
}

/// Proxy settings among the build arguments, which RUN gets without declaring them.
fn proxies(build_args: &std::collections::BTreeMap<String, String>) -> Vec<String> {
    const NAMES: [&str; 5] = [
        "http_proxy",
        "https_proxy",
        "ftp_proxy",
        "no_proxy",
        "all_proxy",
    ];
    let value = |name: &str| {
        let same = |key: &&String| key.eq_ignore_ascii_case(name);
        let key = build_args.keys().rfind(same);
        key.and_then(|key| build_args.get(key)).cloned()
    };
    let values: Vec<Option<String>> = NAMES.iter().map(|name| value(name)).collect();
    if values.iter().all(Option::is_none) {
        return Vec::new();
    }
    values.into_iter().map(Option::unwrap_or_default).collect()
}

/// The first line of a heredoc, with dots if there are more.
fn summary(content: &str) -> String {
    let content = content.trim().replace("\r\n", "\n");
    let mut lines = content.split('\n');
    let mut summary = lines.next().unwrap_or_default().to_owned();
    if lines.next().is_some() {
        summary.push_str("...");
    }
    summary
}
