//! COPY and ADD (`dockerfile2llb/convert_copy.go`).

use std::fmt::Write as _;

use crate::dockerfile::words::Lexer;
use crate::dockerfile::{Escape, Instruction, Transfer, quote};

use super::super::graph::{Content, Vertex, VertexId};
use super::super::lint::LintRule;
use super::super::outcome::StepKind;
use super::super::remote::{self, GitSource, Source};
use super::super::{paths, values};
use super::dispatch::Site;
use super::names::{expanded, upper_first_word};
use super::{Converter, Outcome};

/// An instruction with its words expanded.
struct Expanded {
    chown: String,
    chmod: String,
    checksum: String,
    sources: Vec<String>,
    destination: String,
    /// Names and contents.
    files: Vec<(String, String)>,
}

/// A file step while its sources are gathered.
struct Actions {
    content: Content,
    /// One for each action, in order.
    read: Vec<VertexId>,
}

impl Converter<'_> {
    /// Converts COPY or ADD.
    pub(super) fn transfer(
        &mut self,
        site: &Site,
        instruction: &Instruction,
        transfer: &Transfer,
        add: bool,
    ) -> Outcome<()> {
        let words = self.expand_transfer(site, transfer, add)?;
        let source = self.copy_root(site, transfer)?;
        let destination = self.destination(site, &words.destination)?;
        if !words.chmod.is_empty() {
            values::check_mode(&words.chmod)?;
        }
        check_checksum(&words, add)?;
        let lexer = self.lexer;
        let env = &self.stages[site.stage].state.env;
        let name = upper_first_word(&expanded(lexer, &instruction.code, env));
        let platform = self.shown_platform(site.stage);
        let name = self.number(site.stage, &name, platform.as_ref());

        let mut content = Content::new("copy");
        content
            .text(&destination)
            .text(&words.chown)
            .text(&words.chmod)
            .texts(transfer.excludes.iter().map(|word| &word.text));
        let mut actions = Actions {
            content,
            read: Vec::new(),
        };
        for path in &words.sources {
            self.copy_path(
                site,
                transfer,
                &words,
                add,
                source,
                path,
                &name,
                &mut actions,
            )?;
        }
        for (file, data) in &words.files {
            let vertex = self.inline_file(site, file, data, 0o644)?;
            actions.content.text("inline").text(file);
            actions.read.push(vertex);
        }
        self.file_step(site, transfer, &words, name, actions);
        self.commit_transfer(site, transfer, &words, add);
        self.note_paths(site, transfer, &words, add);
        Ok(())
    }

    fn expand_transfer(
        &mut self,
        site: &Site,
        transfer: &Transfer,
        add: bool,
    ) -> Outcome<Expanded> {
        let text = |word: &Option<crate::dockerfile::Word>| {
            word.as_ref()
                .map_or_else(String::new, |word| word.text.clone())
        };
        let chown = self.expand(site, &text(&transfer.chown))?;
        let chmod = self.expand(site, &text(&transfer.chmod))?;
        let checksum = if add {
            self.expand(site, &text(&transfer.checksum))?
        } else {
            String::new()
        };
        let mut sources = Vec::with_capacity(transfer.sources.len());
        for source in &transfer.sources {
            sources.push(self.expand(site, &source.text)?);
        }
        let destination = self.expand(site, &transfer.destination.text)?;
        let raw = Lexer {
            skip_quotes: true,
            ..Lexer::new(Escape::Backslash)
        };
        let mut files = Vec::with_capacity(transfer.files.len());
        for file in &transfer.files {
            let data = if file.expand {
                self.expand_with(raw, site, &file.data)?
            } else {
                file.data.clone()
            };
            files.push((file.name.clone(), data));
        }
        Ok(Expanded {
            chown,
            chmod,
            checksum,
            sources,
            destination,
            files,
        })
    }

    /// What paths are read from: the context (`Err`), a stage, or nothing for an empty one.
    fn copy_root(&self, site: &Site, transfer: &Transfer) -> Outcome<Root> {
        let Some(&from) = site.sources.first() else {
            return Ok(Root::Context);
        };
        let source = &self.stages[from];
        if !source.dispatched {
            let name = transfer.from.as_ref().map_or("", |from| &from.text);
            return Err(format!(
                "cannot copy from stage {}, it needs to be defined before current stage {}",
                quote(name),
                quote(&self.stages[site.stage].stage_name)
            )
            .into());
        }
        Ok(Root::Stage(source.state.output))
    }

    /// The absolute destination, in slashes.
    fn destination(&self, site: &Site, path: &str) -> Outcome<String> {
        let os = self.os(site.stage);
        let state = &self.stages[site.stage].state;
        let drive = |why| format!("removing drive letter: {why}");
        let path = paths::without_drive(path, &os, true).map_err(drive)?;
        let again = |why| format!("removing drive letter: {why}");
        if paths::is_absolute(&path, &os) {
            return Ok(paths::normalise("/", &path, &os, true).map_err(again)?);
        }
        let path = if path.is_empty() || path == "." {
            "./".to_owned()
        } else {
            path
        };
        Ok(paths::normalise(&state.dir, &path, &os, true).map_err(again)?)
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "one source of a step with all that it shares"
    )]
    fn copy_path(
        &mut self,
        site: &Site,
        transfer: &Transfer,
        words: &Expanded,
        add: bool,
        root: Root,
        path: &str,
        name: &str,
        actions: &mut Actions,
    ) -> Outcome<()> {
        match remote::source(path)? {
            Source::Git(_) if !add => Err("source can't be a git ref for COPY".into()),
            Source::Http { .. } if !add => Err("source can't be a URL for COPY".into()),
            Source::Git(git) => {
                let vertex = self.git_source(site, transfer, words, &git, name)?;
                actions.content.text("git");
                actions.read.push(vertex);
                Ok(())
            }
            Source::Http { file_name } => {
                if !words.checksum.is_empty() {
                    values::check_digest(&words.checksum)?;
                }
                let mut content = Content::new("http");
                content.text(path).text(&file_name).text(&words.checksum);
                let vertex = self.remote(site, name, content);
                actions.content.text("http").text(&file_name);
                actions.content.flag(transfer.unpack.unwrap_or(false));
                actions.read.push(vertex);
                Ok(())
            }
            Source::Path => self.local_path(site, transfer, add, root, path, actions),
        }
    }

    fn local_path(
        &mut self,
        site: &Site,
        transfer: &Transfer,
        add: bool,
        root: Root,
        path: &str,
        actions: &mut Actions,
    ) -> Outcome<()> {
        if matches!(root, Root::Context) {
            self.lint_ignored(site, path, add);
        }
        let os = self.os(site.stage);
        let drive = |why| format!("removing drive letter: removing drive letter: {why}");
        actions.content.text("path");
        let mut from = path;
        if transfer.parents {
            let (parent, pattern) = path.split_once("/./").unwrap_or(("/", path));
            let pattern = paths::normalise("/", pattern, &os, false).map_err(drive)?;
            actions.content.text(pattern.trim_start_matches('/'));
            from = parent;
        }
        let from = paths::normalise("/", from, &os, false).map_err(drive)?;
        actions.content.text(&paths::clean(&from));
        actions.content.flag(transfer.unpack.unwrap_or(add));
        match root {
            Root::Context => {
                let context = self.build_context();
                actions.read.push(context);
            }
            Root::Stage(Some(vertex)) => actions.read.push(vertex),
            Root::Stage(None) => {
                actions.content.text("nothing");
            }
        }
        Ok(())
    }

    fn git_source(
        &mut self,
        site: &Site,
        transfer: &Transfer,
        words: &Expanded,
        git: &GitSource,
        name: &str,
    ) -> Outcome<VertexId> {
        let keep = match (transfer.keep_git_dir, git.keep_git_dir) {
            (Some(flag), Some(query)) if flag != query => {
                return Err("inconsistent keep-git-dir configuration".into());
            }
            (flag, query) => query.or(flag).unwrap_or(false),
        };
        let both = !words.checksum.is_empty() && !git.checksum.is_empty();
        if both && words.checksum != git.checksum {
            let (flag, query) = (quote(&words.checksum), quote(&git.checksum));
            return Err(format!("checksum mismatch {flag} != {query}").into());
        }
        let checksum = if git.checksum.is_empty() {
            &words.checksum
        } else {
            &git.checksum
        };
        let mut content = Content::new("git");
        content
            .text(&git.remote)
            .text(&git.reference)
            .text(&git.subdirectory)
            .text(checksum)
            .flag(keep)
            .flag(git.skip_submodules)
            .flag(git.fetch_by_commit);
        Ok(self.remote(site, name, content))
    }

    fn remote(&mut self, site: &Site, name: &str, content: Content) -> VertexId {
        self.graph.add(Vertex {
            kind: StepKind::Source,
            name: name.to_owned(),
            platform: None,
            content,
            inputs: Vec::new(),
            links: Vec::new(),
            instruction: site.location.instruction,
            listed: true,
            grouped: false,
            fault: None,
        })
    }

    /// A file that a heredoc makes, in a file system of its own.
    pub(super) fn inline_file(
        &mut self,
        site: &Site,
        path: &str,
        data: &str,
        mode: usize,
    ) -> Outcome<VertexId> {
        let path = paths::without_drive(path, &self.os(site.stage), false)
            .map_err(|why| format!("removing drive letter: {why}"))?;
        let mut content = Content::new("mkfile");
        content
            .text(&paths::join("/", &path))
            .number(mode)
            .text(data);
        Ok(self.graph.add(Vertex {
            kind: StepKind::File,
            name: "[internal] preparing inline document".to_owned(),
            platform: None,
            content,
            inputs: Vec::new(),
            links: Vec::new(),
            instruction: site.location.instruction,
            listed: true,
            grouped: false,
            fault: None,
        }))
    }

    /// The step itself. With `--link` it stands alone and is merged into the stage.
    fn file_step(
        &mut self,
        site: &Site,
        transfer: &Transfer,
        words: &Expanded,
        name: String,
        actions: Actions,
    ) {
        let base = self.stages[site.stage].state.output;
        let linked = transfer.link && words.chmod.is_empty();
        let under = base.filter(|_| !linked);
        let Actions { mut content, read } = actions;
        content.flag(under.is_some());
        let links: Vec<VertexId> = under.into_iter().chain(read.iter().copied()).collect();
        let mut inputs: Vec<VertexId> = under.into_iter().collect();
        inputs.extend(read.iter().rev());
        let file = self.graph.add(Vertex {
            kind: StepKind::File,
            name: name.clone(),
            platform: None,
            content,
            inputs,
            links,
            instruction: site.location.instruction,
            listed: true,
            grouped: linked,
            fault: None,
        });
        let output = match base {
            Some(base) if linked => self.graph.add(Vertex {
                kind: StepKind::File,
                name,
                platform: None,
                content: Content::new("merge"),
                inputs: vec![base, file],
                links: vec![base, file],
                instruction: site.location.instruction,
                listed: false,
                grouped: false,
                fault: None,
            }),
            _ => file,
        };
        self.stages[site.stage].state.output = Some(output);
    }

    fn commit_transfer(&mut self, site: &Site, transfer: &Transfer, words: &Expanded, add: bool) {
        let mut text = String::from(if add { "ADD" } else { "COPY" });
        if transfer.parents && !add {
            text.push_str(" --parents");
        }
        for (flag, value) in [("chown", &words.chown), ("chmod", &words.chmod)] {
            if !value.is_empty() {
                let _ = write!(text, " --{flag}={value}");
            }
        }
        for source in &words.sources {
            text.push(' ');
            text.push_str(source);
        }
        for (file, _) in &words.files {
            text.push_str(" <<");
            text.push_str(file);
        }
        let _ = write!(text, " {} # buildkit", words.destination);
        self.commit(site.stage, text, true);
    }

    /// What of the context is needed.
    fn note_paths(&mut self, site: &Site, transfer: &Transfer, words: &Expanded, add: bool) {
        let from_context = site.sources.is_empty() && (add || transfer.from.is_none());
        if !from_context && !site.sources.is_empty() {
            return;
        }
        for source in &words.sources {
            let is_url = source.starts_with("http://") || source.starts_with("https://");
            if !(add && is_url) {
                self.context_paths.insert(paths::join("/", source));
            }
        }
    }

    /// A source that `.dockerignore` takes away.
    fn lint_ignored(&mut self, site: &Site, path: &str, add: bool) {
        let Some(ignore) = &self.ignore else {
            return;
        };
        if let Some(path) = ignore.ignored_source(path) {
            let what = if add { "Add" } else { "Copy" };
            let message = format!(
                "Attempting to {what} file {} that is excluded by .dockerignore",
                quote(&path)
            );
            self.linter.run(
                &site.checks,
                LintRule::CopyIgnoredFile,
                site.location,
                message,
            );
        }
    }
}

/// What local paths are read from.
#[derive(Debug, Clone, Copy)]
enum Root {
    Context,
    Stage(Option<VertexId>),
}

fn check_checksum(words: &Expanded, add: bool) -> Outcome<()> {
    if words.checksum.is_empty() || !add {
        return Ok(());
    }
    let [source] = words.sources.as_slice() else {
        return Err("checksum can't be specified for multiple sources".into());
    };
    let is_url = source.starts_with("http://") || source.starts_with("https://");
    match remote::source(source) {
        // A URL that only looks like a repository is refused later, with the reason.
        Err(_) if is_url => Ok(()),
        Ok(Source::Path) | Err(_) => Err("checksum requires HTTP(S) or Git sources".into()),
        Ok(Source::Http { .. } | Source::Git(_)) => Ok(()),
    }
}
