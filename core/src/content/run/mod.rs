//! RUN: what its commands write, as far as they are modelled.

mod arguments;
mod fetch;
mod files;
mod go;
mod managed;
mod native;
mod packages;

use std::rc::Rc;

use super::label::{Label, Libc, Machine, Origin};
use super::walk::{Stage, Stop, Walker};
use super::{context, names};
use crate::ci::trace::{Call, Start, UNKNOWN, trace};
use crate::dockerfile::context::clean;
use crate::dockerfile::{Instruction, Run, is_heredoc};
use crate::platform::Platform;

/// Commands that write nothing of interest.
const HARMLESS: &[&str] = &[
    "adduser",
    "addgroup",
    "apk",
    "apt",
    "apt-cache",
    "apt-get",
    "apt-key",
    "apt-mark",
    "a2enmod",
    "a2dismod",
    "a2ensite",
    "awk",
    "cat",
    "chgrp",
    "chmod",
    "chown",
    "chpasswd",
    "cksum",
    "cmp",
    "corepack",
    "cut",
    "date",
    "debconf-set-selections",
    "df",
    "diff",
    "dnf",
    "du",
    "dpkg",
    "dpkg-reconfigure",
    "egrep",
    "env",
    "file",
    "find",
    "free",
    "gem",
    "getent",
    "gpg",
    "gpgconf",
    "grep",
    "groupadd",
    "groupmod",
    "head",
    "hostname",
    "id",
    "jq",
    "ldconfig",
    "ldd",
    "ls",
    "locale-gen",
    "localedef",
    "md5sum",
    "microdnf",
    "mkdir",
    "mknod",
    "nproc",
    "nc",
    "nginx",
    "objdump",
    "passwd",
    "patchelf",
    "ps",
    "readelf",
    "readlink",
    "realpath",
    "rustup",
    "sed",
    "setcap",
    "sha1sum",
    "sha256sum",
    "sha512sum",
    "sort",
    "stat",
    "strip",
    "sync",
    "sysctl",
    "tail",
    "tee",
    "tr",
    "uname",
    "uniq",
    "update-alternatives",
    "update-ca-certificates",
    "update-ca-trust",
    "update-rc.d",
    "upx",
    "useradd",
    "userdel",
    "usermod",
    "visudo",
    "wc",
    "whoami",
    "xx-apk",
    "xx-apt",
    "xx-apt-get",
    "xx-info",
    "xx-verify",
    "yum",
    "zypper",
    "java",
    "node",
    "sha512sum",
    "tdnf",
    "arch",
    "apk-add",
    "rpm",
    "ssh-keyscan",
    "touch",
    "true",
    "which",
    "docker-php-ext-enable",
    "a2enconf",
    "addgroup",
    "setfacl",
    "curl-config",
    "test",
    "yes",
];

/// Commands that print text, so that a file written by a redirection is text.
const TALKERS: &[&str] = &[
    "awk",
    "cat",
    "cut",
    "date",
    "dpkg",
    "echo",
    "env",
    "envsubst",
    "find",
    "git",
    "go",
    "grep",
    "head",
    "jq",
    "ls",
    "node",
    "npm",
    "pip",
    "printf",
    "python",
    "python3",
    "sed",
    "sha256sum",
    "sort",
    "tail",
    "tr",
    "uname",
    "uniq",
    "which",
    "yq",
    "hostname",
    "id",
    "md5sum",
];

/// One RUN on its way.
pub(super) struct Kitchen<'w, 's> {
    walker: &'w Walker<'w>,
    at: usize,
    stage: &'s mut Stage,
    /// `build:12`.
    from: String,
    line: &'w Instruction,
    /// For each call what it prints, if that is the content of a file.
    printed: Vec<Option<Rc<Label>>>,
    /// The command that runs.
    call: Call,
}

/// What stops a build.
type Done = Result<(), Stop>;

impl<'w, 's> Kitchen<'w, 's> {
    pub(super) fn new(
        walker: &'w Walker<'w>,
        at: usize,
        line: &'w Instruction,
        stage: &'s mut Stage,
    ) -> Self {
        let name = stage.name.clone().unwrap_or_else(|| "RUN".to_owned());
        Self {
            walker,
            at,
            from: format!("{name}:{}", line.start_line),
            stage,
            line,
            printed: Vec::new(),
            call: empty_call(),
        }
    }

    pub(super) fn run(mut self, run: &Run) -> Done {
        let Some((text, bash)) = self.script(run) else {
            self.give_up("it is not run by a shell that is modelled");
            return Ok(());
        };
        let machine = self.stage.machine.clone();
        let directory = clean(&format!("/{}", self.stage.directory));
        let environment = &self.stage.environment;
        let start = Start {
            environment,
            directory: &directory,
            machine: machine.as_ref(),
            bash,
            texts: &self.stage.texts,
        };
        let script = trace(&text, start);
        if script.fails {
            return Err(Stop(Some(script.status)));
        }
        if script.cut {
            self.give_up("its script is not understood to its end");
        }
        for call in &script.calls {
            self.call = call.clone();
            let printed = self.one(&script.calls)?;
            self.printed.push(printed);
        }
        self.stage.texts = script.texts;
        Ok(())
    }

    /// The text of the script, and whether it is bash's.
    fn script(&self, run: &Run) -> Option<(String, bool)> {
        let words: Vec<&str> = run
            .command
            .words
            .iter()
            .map(|word| word.text.as_str())
            .collect();
        if !run.command.shell {
            return match words.as_slice() {
                [shell, flag, text] if is_shell(shell) && flag.ends_with('c') => {
                    Some(((*text).to_owned(), shell.ends_with("bash")))
                }
                words => Some((
                    words
                        .iter()
                        .map(|word| quoted(word))
                        .collect::<Vec<_>>()
                        .join(" "),
                    false,
                )),
            };
        }
        let shell = self.stage.shell.as_deref();
        let program = shell
            .and_then(<[String]>::first)
            .map_or("/bin/sh", String::as_str);
        if !is_shell(program) {
            return None;
        }
        let mut bash = program.ends_with("bash");
        let text = words.join(" ");
        let Some(first) = self.line.heredocs.first() else {
            return Some((text, bash));
        };
        if is_heredoc(&text) {
            let data = first.chomped();
            if let Some(line) = data.strip_prefix("#!").and_then(|rest| rest.lines().next()) {
                if !line.contains("sh") {
                    return None;
                }
                bash |= line.contains("bash");
            }
            return Some((data, bash));
        }
        let mut text = text;
        for heredoc in &self.line.heredocs {
            text.push('\n');
            text.push_str(&heredoc.content);
            text.push_str(&heredoc.name);
        }
        Some((text, bash))
    }

    /// One command; what it prints, if that is a file's content.
    fn one(&mut self, calls: &[Call]) -> Result<Option<Rc<Label>>, Stop> {
        let call = self.call.clone();
        let words = call.arguments.as_slice();
        let program = names::file_name(&call.program).to_owned();
        let verb = words.iter().find(|word| !word.starts_with('-'));
        let verb = verb.map_or("", String::as_str);
        match program.as_str() {
            ">" => self.redirected(calls),
            "go" => self.go(words, false)?,
            "xx-go" if verb.is_empty() => {}
            "xx-go" => self.go(words, true)?,
            "cargo" | "xx-cargo" | "cross" => self.cargo(&program, words),
            "rustc" => self.rustc(words),
            "zig" => self.zig(words),
            "dotnet" => self.dotnet(words),
            "javac" | "mvn" | "mvnw" | "gradle" | "gradlew" | "sbt" | "ant" | "jar" | "kotlinc" => {
                self.java(&program, words);
            }
            "jlink" | "native-image" | "jpackage" => self.java_native(&program, words),
            "npm" | "yarn" | "pnpm" | "bun" | "npx" | "pnpx" | "bunx" => self.node(&program, words),
            "pip" | "pip3" | "python" | "python3" | "uv" | "poetry" | "pipenv" | "virtualenv"
            | "conda" | "mamba" => self.python(&program, words),
            "composer" | "bundle" | "hugo" | "mkdocs" | "jekyll" | "tsc" | "vite" | "esbuild" => {
                self.portable_tool(&program, words);
            }
            "curl" | "wget" => return Ok(self.download(&program, words)),
            "tar" | "bsdtar" => return Ok(self.tar(calls)),
            "unzip" | "gunzip" | "unxz" | "xz" | "gzip" | "bunzip2" | "zstd" | "zcat" | "xzcat"
            | "7z" => {
                return Ok(self.unpack(&program));
            }
            "cp" | "mv" | "install" | "ln" | "rsync" => self.copy(&program),
            "rm" | "rmdir" | "unlink" => self.remove(),
            "mkdir" => self.make_folders(),
            "touch" => self.touch(),
            "cat" => return Ok(self.cat()),
            "tee" => self.tee(calls),
            "find" => self.find(),
            "git" => self.git(words),
            name if native::is_c_compiler(name) => self.compile_c(name, words),
            "crystal" | "nim" | "ghc" | "swift" | "deno" | "dart" | "gnatmake" | "gfortran" => {
                self.other_compiler(&program, words);
            }
            "sh" | "bash" | "ash" | "source" | "." => {
                if !words.iter().any(|word| word.contains("/env")) {
                    self.give_up("a script is run that is not modelled");
                }
            }
            "xargs" => self.give_up("xargs is not modelled"),
            name if HARMLESS.contains(&name) => self.install_into(name, words),
            _ => self.unknown_command(&program),
        }
        Ok(None)
    }

    // ------------------------------------------------------------ labels

    pub(self) fn label(&self, machine: Machine, why: impl Into<String>) -> Rc<Label> {
        Rc::new(Label {
            machine,
            origin: Origin::Command,
            from: self.from.clone(),
            why: why.into(),
            libc: None,
            made_on: self.stage.machine.clone(),
            instruction: self.at,
        })
    }

    /// What is made for the CPU on which the stage runs.
    pub(self) fn own(&self) -> Machine {
        match &self.stage.machine {
            Some(platform) => Machine::For(platform.clone()),
            None => Machine::Unknown,
        }
    }

    pub(self) fn with_libc(label: &Rc<Label>, libc: Option<Libc>) -> Rc<Label> {
        Rc::new(Label {
            libc,
            ..(**label).clone()
        })
    }

    /// A variable that programs see, if it is set and not empty.
    pub(self) fn variable(&self, name: &str) -> Option<String> {
        let value = self.call.environment.get(name)?;
        (!value.is_empty()).then(|| value.clone())
    }

    /// The target of the xx helpers.
    pub(self) fn target(&self) -> Option<Platform> {
        if let Some(text) = self.variable("TARGETPLATFORM") {
            return text
                .parse::<Platform>()
                .ok()
                .map(|platform| platform.normalised());
        }
        match self.variable("TARGETARCH") {
            Some(architecture) => {
                let os = self
                    .variable("TARGETOS")
                    .unwrap_or_else(|| "linux".to_owned());
                let variant = self.variable("TARGETVARIANT").unwrap_or_default();
                Some(names::platform(&os, &architecture, &variant).normalised())
            }
            None => self.stage.machine.clone(),
        }
    }

    // ------------------------------------------------------------ paths

    /// An absolute path for a name in the command's folder; `None` if it is not known.
    pub(self) fn path(&self, name: &str) -> Option<String> {
        let path = if name.starts_with('/') {
            clean(name)
        } else {
            clean(&format!("{}/{name}", self.call.directory))
        };
        (!path.contains(UNKNOWN)).then_some(path)
    }

    /// Writes a file.
    pub(self) fn put(&mut self, path: &str, label: &Rc<Label>) {
        let label = self.joined(path, label);
        self.stage.tree.put(path, &label);
    }

    /// Writes a folder of which not every file is known.
    pub(self) fn put_folder(&mut self, path: &str, label: &Rc<Label>) {
        let label = self.joined(path, label);
        self.stage.tree.put_folder(path, &label);
    }

    /// What a command that may not run writes is only known if it changes nothing.
    fn joined(&self, path: &str, label: &Rc<Label>) -> Rc<Label> {
        if !self.call.doubtful {
            return Rc::clone(label);
        }
        match self.stage.tree.nodes.get(path) {
            Some(before) if before.label.machine != label.machine => Rc::new(label.with(
                Machine::Unknown,
                "which of several commands made it is not known",
            )),
            _ => Rc::clone(label),
        }
    }

    /// Writes a file with a name that may not be known.
    pub(self) fn put_named(&mut self, name: &str, label: &Rc<Label>) {
        match self.path(name) {
            Some(path) => self.put(&path, label),
            None => self.give_up("the name of a file is made by a command"),
        }
    }

    /// Anything may have been written from here on.
    pub(self) fn give_up(&mut self, why: &str) {
        let label = self.label(Machine::Unknown, why);
        self.stage.tree.opaque.get_or_insert(label);
    }

    /// The text of a file of the context, where it was put.
    pub(self) fn text(&self, path: &str) -> Option<String> {
        let node = self.stage.tree.nodes.get(path)?;
        let bytes = self.walker.project.files.get(node.source?)?.bytes?;
        Some(String::from_utf8_lossy(bytes).into_owned())
    }

    // ------------------------------------------------------------ the rest

    fn redirected(&mut self, calls: &[Call]) {
        let call = self.call.clone();
        let Some(path) = call.arguments.first().cloned() else {
            return;
        };
        if path.contains(UNKNOWN) {
            return self.give_up("the name of a file is made by a command");
        }
        let now = self.printed.len();
        let inner = calls.get(call.first..now).unwrap_or_default();
        let printed = self.printed.get(call.first..).unwrap_or_default();
        let label = if let Some(label) = printed.iter().rev().flatten().next() {
            Rc::clone(label)
        } else {
            let texts = inner.iter().all(|call| {
                TALKERS.contains(&names::file_name(&call.program)) || call.program == ">"
            });
            let (machine, why) = context::by_name(&path);
            if texts {
                self.label(Machine::Any, "a command prints it as text")
            } else if machine == Machine::Any {
                self.label(machine, why)
            } else {
                self.label(Machine::Unknown, "what the command prints is not known")
            }
        };
        self.put(&path, &label);
    }

    fn git(&mut self, words: &[String]) {
        let rest = arguments::rest(words, &["-b", "--branch", "--depth", "-c", "-C", "-o"]);
        let [verb, url, ..] = rest.as_slice() else {
            return;
        };
        if verb != "clone" {
            return;
        }
        let name = names::file_name(url).trim_end_matches(".git").to_owned();
        let folder = rest.get(2).cloned().unwrap_or(name);
        let label = self.label(Machine::Unknown, "it comes out of a repository");
        match self.path(&folder) {
            Some(path) => self.put_folder(&path, &label),
            None => self.give_up("the name of a folder is made by a command"),
        }
    }

    /// Package managers of the system; they install for the image's own CPU.
    fn install_into(&mut self, program: &str, words: &[String]) {
        let root = match program {
            "apk" => arguments::value(words, &["--root", "-p"]),
            "dnf" | "yum" | "microdnf" => arguments::value(words, &["--installroot"]),
            "dpkg" if arguments::has(words, &["-i", "--install"]) => {
                return self.give_up("a package is installed whose files are not known");
            }
            "dpkg" => {
                arguments::value(words, &["-x", "--extract"]).and(words.last().map(String::as_str))
            }
            _ => None,
        };
        if let Some(path) = root.and_then(|root| self.path(root)) {
            let label = self.label(Machine::Unknown, "packages are installed there");
            self.put_folder(&path, &label);
        }
        if matches!(program, "node" | "java") {
            self.give_up("a program runs that is not modelled");
        }
    }

    fn unknown_command(&mut self, program: &str) {
        for word in self.call.arguments.clone() {
            let Some(path) = self.path(&word) else {
                continue;
            };
            let Some(node) = self.stage.tree.nodes.get(&path) else {
                continue;
            };
            if node.label.machine != Machine::Any {
                let why = format!("{program} may have changed it");
                let label = Rc::new(node.label.with(Machine::Unknown, &why));
                self.stage.tree.put(&path, &label);
            }
        }
        self.give_up(&format!("{program} is not modelled"));
    }
}

fn is_shell(program: &str) -> bool {
    let name = names::file_name(program);
    matches!(name, "sh" | "bash" | "ash" | "dash" | "zsh")
}

fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', "'\\''"))
}

fn empty_call() -> Call {
    Call {
        program: String::new(),
        arguments: Vec::new(),
        directory: "/".to_owned(),
        environment: Rc::default(),
        doubtful: false,
        pipe: None,
        first: 0,
    }
}
