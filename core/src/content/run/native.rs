//! Rust, C, C++, Zig and other compilers to machine code.

use std::rc::Rc;

use super::super::label::{Label, Libc, Machine};
use super::super::names;
use super::{Kitchen, arguments};
use crate::ci::trace::UNKNOWN;

/// A C or C++ compiler, perhaps with a target's triple before its name or a version behind it.
pub(super) fn is_c_compiler(name: &str) -> bool {
    let name = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '-' || c == '.');
    let last = name.rsplit('-').next().unwrap_or(name);
    matches!(
        last,
        "gcc" | "g++" | "cc" | "c++" | "clang" | "clang++" | "tcc"
    ) && !name.ends_with("zig-cc")
}

impl Kitchen<'_, '_> {
    /// The label for a target's triple; the stage's own where none is given.
    fn for_triple(&self, triple: Option<&str>, by: &str) -> Rc<Label> {
        match triple {
            Some(triple) if triple.contains(UNKNOWN) => {
                self.label(Machine::Unknown, "the target is made by a command")
            }
            Some(triple) => {
                let machine = names::triple(triple).unwrap_or(Machine::Unknown);
                let label = self.label(machine, format!("{by} compiles for {triple}"));
                let libc = if triple.contains("musl") {
                    // Linked statically by Rust and Zig.
                    None
                } else if triple.contains("gnu") {
                    Some(Libc::Glibc)
                } else {
                    None
                };
                Self::with_libc(&label, libc)
            }
            None => {
                let why = format!("{by} compiles for the CPU on which it runs");
                let libc = self.stage.libc;
                Self::with_libc(&self.label(self.own(), why), libc)
            }
        }
    }

    pub(super) fn cargo(&mut self, program: &str, words: &[String]) {
        let words: Vec<String> = words
            .iter()
            .filter(|word| !word.starts_with('+'))
            .cloned()
            .collect();
        let Some((verb, words)) = words.split_first() else {
            return;
        };
        match verb.as_str() {
            "build" | "b" | "zigbuild" | "rustc" | "auditable" | "xwin" => {
                self.cargo_build(program, words);
            }
            "install" => self.cargo_install(program, words),
            "run" | "r" | "make" | "xtask" | "leptos" => {
                self.give_up("cargo runs a program that is not modelled");
            }
            _ => {}
        }
    }

    /// The target as given, or by the environment or the configuration.
    fn cargo_target(&self, words: &[String]) -> Option<String> {
        let given = arguments::value(words, &["--target"]).map(str::to_owned);
        given
            .or_else(|| self.variable("CARGO_BUILD_TARGET"))
            .or_else(|| {
                let mut folder = self.call.directory.clone();
                loop {
                    for name in [".cargo/config.toml", ".cargo/config"] {
                        if let Some(text) = self.text(&format!("{folder}/{name}")) {
                            return configured(&text);
                        }
                    }
                    folder = folder.rsplit_once('/')?.0.to_owned();
                }
            })
    }

    fn cargo_label(&self, program: &str, target: Option<&str>) -> Rc<Label> {
        if program == "xx-cargo" {
            let machine = self.target().map_or(Machine::Unknown, Machine::For);
            return self.label(machine, "xx-cargo compiles for TARGETPLATFORM");
        }
        self.for_triple(target, "cargo")
    }

    fn cargo_build(&mut self, program: &str, words: &[String]) {
        let target = self.cargo_target(words);
        let label = self.cargo_label(program, target.as_deref());
        let profile = match arguments::value(words, &["--profile"]) {
            Some("dev") => "debug".to_owned(),
            Some(profile) => profile.to_owned(),
            None if arguments::has(words, &["--release", "-r"]) => "release".to_owned(),
            None => "debug".to_owned(),
        };
        let folder = arguments::value(words, &["--target-dir"]).map(str::to_owned);
        let folder = folder.or_else(|| self.variable("CARGO_TARGET_DIR"));
        let folder = folder.unwrap_or_else(|| "target".to_owned());
        // A glibc version may stand behind the triple for zigbuild.
        let triple = target
            .as_deref()
            .map(|t| t.split(".2.").next().unwrap_or(t).to_owned());
        let folders = match (program, triple) {
            ("xx-cargo", _) => {
                let Some(path) = self.path(&folder) else {
                    return self.give_up("the folder is made by a command");
                };
                self.put_folder(&path, &label);
                return;
            }
            (_, Some(triple)) => format!(
                "{folder}/{}/{profile}",
                names::file_name(&triple).trim_end_matches(".json")
            ),
            (_, None) => format!("{folder}/{profile}"),
        };
        match self.path(&folders) {
            Some(path) => {
                self.put_folder(&path, &label);
                if let Some(name) = self.crate_name() {
                    self.put(&format!("{path}/{name}"), &label);
                }
            }
            None => match self.path(&folder) {
                Some(path) => {
                    let label = self.label(Machine::Unknown, "the target is made by a command");
                    self.put_folder(&path, &label);
                }
                None => self.give_up("the folder is made by a command"),
            },
        }
    }

    fn crate_name(&self) -> Option<String> {
        let text = self.text(&self.path("Cargo.toml")?)?;
        let package = text.split("[package]").nth(1)?;
        let line = package
            .lines()
            .find(|line| line.trim_start().starts_with("name"))?;
        let name = line.split_once('=')?.1.trim().trim_matches('"');
        (!name.is_empty()).then(|| name.to_owned())
    }

    fn cargo_install(&mut self, program: &str, words: &[String]) {
        let target = self.cargo_target(words);
        let label = self.cargo_label(program, target.as_deref());
        let root = arguments::value(words, &["--root"]).map(str::to_owned);
        let root = root.or_else(|| self.variable("CARGO_INSTALL_ROOT"));
        let root = root.or_else(|| self.variable("CARGO_HOME"));
        let root = root.unwrap_or_else(|| {
            let home = self.variable("HOME").unwrap_or_else(|| "/root".to_owned());
            format!("{home}/.cargo")
        });
        let values = [
            "--root",
            "--target",
            "--path",
            "--git",
            "--version",
            "--branch",
            "--tag",
            "--features",
            "--bin",
            "--rev",
            "--profile",
            "--vers",
        ];
        let crates = arguments::rest(words, &values);
        let Some(bin) = self.path(&format!("{root}/bin")) else {
            return self.give_up("the folder is made by a command");
        };
        for name in &crates {
            let name = name.split('@').next().unwrap_or(name);
            if name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
            {
                self.put(&format!("{bin}/{name}"), &label);
            }
        }
        // The cargo image has cargo and rustc in the same folder.
        if !bin.starts_with("/usr/local/cargo") || crates.is_empty() {
            self.put_folder(&bin, &label);
        }
    }

    pub(super) fn rustc(&mut self, words: &[String]) {
        let target = arguments::value(words, &["--target"]);
        let label = self.for_triple(target, "rustc");
        let sources = arguments::rest(
            words,
            &[
                "-o",
                "--target",
                "-C",
                "-L",
                "-l",
                "--edition",
                "--crate-type",
                "--crate-name",
                "--out-dir",
            ],
        );
        let output = arguments::value(words, &["-o"]).map(str::to_owned);
        let stem = sources
            .first()
            .and_then(|s| s.strip_suffix(".rs"))
            .map(|s| names::file_name(s).to_owned());
        if let Some(output) = output.or(stem) {
            self.put_named(&output, &label);
        }
    }

    pub(super) fn compile_c(&mut self, program: &str, words: &[String]) {
        if arguments::has(
            words,
            &["-E", "-fsyntax-only", "--version", "-v", "-M", "-MM"],
        ) || words.is_empty()
        {
            return;
        }
        let output = arguments::joined(words, "-o").unwrap_or("a.out").to_owned();
        if arguments::has(words, &["-c", "-S"]) {
            if words.iter().any(|word| word.starts_with("-o")) {
                let label = self.label(Machine::Unknown, "it is an object file");
                self.put_named(&output, &label);
            }
            return;
        }
        let flag = arguments::value(words, &["--target", "-target"]);
        let name = program.trim_end_matches(|c: char| c.is_ascii_digit() || c == '-' || c == '.');
        let prefix = name.rsplit_once('-').map(|(prefix, _)| prefix);
        let label = if program.starts_with("xx-") {
            let machine = self.target().map_or(Machine::Unknown, Machine::For);
            self.label(machine, format!("{program} compiles for TARGETPLATFORM"))
        } else if program == "musl-gcc" {
            let label = self.label(self.own(), "musl-gcc compiles for the CPU on which it runs");
            Self::with_libc(&label, Some(Libc::Musl))
        } else if flag.is_some() {
            self.for_triple(flag, program)
        } else if prefix.is_some() {
            self.cross_gcc(program, prefix)
        } else if arguments::has(words, &["-m32"]) {
            self.label(Machine::Unknown, "-m32 asks for a 32-bit program")
        } else {
            self.for_triple(None, program)
        };
        let is_static = words
            .iter()
            .any(|word| matches!(word.as_str(), "-static" | "--static" | "-static-pie"));
        let label = if is_static {
            Self::with_libc(&label, None)
        } else {
            label
        };
        self.put_named(&output, &label);
    }

    /// `aarch64-linux-gnu-gcc`; Debian's `arm-linux-gnueabihf-gcc` compiles for ARMv7.
    fn cross_gcc(&self, program: &str, prefix: Option<&str>) -> Rc<Label> {
        let label = self.for_triple(prefix, program);
        let libc = match prefix {
            Some(prefix) if prefix.contains("musl") => Some(Libc::Musl),
            _ => label.libc,
        };
        Self::with_libc(&label, libc)
    }

    pub(super) fn zig(&mut self, words: &[String]) {
        let Some((verb, words)) = words.split_first() else {
            return;
        };
        match verb.as_str() {
            "cc" | "c++" => {
                let target = arguments::value(words, &["-target", "--target"]);
                let label = self.for_triple(target, "zig cc");
                if !arguments::has(words, &["-c", "-S", "-E"]) {
                    let output = arguments::joined(words, "-o").unwrap_or("a.out").to_owned();
                    self.put_named(&output, &label);
                }
            }
            "build-exe" | "build-lib" => {
                let target = arguments::value(words, &["-target"]);
                let label = Self::with_libc(&self.for_triple(target, "zig"), None);
                let output = arguments::value(words, &["-femit-bin"]).map(str::to_owned);
                let name = arguments::value(words, &["--name"]).map(str::to_owned);
                let source = words.iter().find_map(|w| w.strip_suffix(".zig"));
                let stem = source.map(|s| names::file_name(s).to_owned());
                if let (Some(output), true) = (output.or(name).or(stem), verb == "build-exe") {
                    self.put_named(&output, &label);
                }
            }
            "build" => {
                let target = arguments::value(words, &["-Dtarget"]);
                let label = Self::with_libc(&self.for_triple(target, "zig"), None);
                let prefix = arguments::value(words, &["--prefix", "-p"])
                    .unwrap_or("zig-out")
                    .to_owned();
                match self.path(&prefix) {
                    Some(path) => self.put_folder(&path, &label),
                    None => self.give_up("the folder is made by a command"),
                }
            }
            _ => {}
        }
    }

    /// Compilers that are followed only for the CPU on which they run.
    pub(super) fn other_compiler(&mut self, program: &str, words: &[String]) {
        let target = arguments::value(
            words,
            &[
                "--target",
                "--cpu",
                "--cross-compile",
                "--triple",
                "--target-arch",
            ],
        );
        let output = arguments::value(words, &["-o", "--output", "--out"]).map(str::to_owned);
        let runs = arguments::has(
            words,
            &["run", "test", "package", "pub", "install", "cache"],
        );
        if runs {
            return self.give_up(&format!("{program} is not modelled"));
        }
        let label = match target {
            Some(target) => {
                let machine = names::triple(target).unwrap_or(Machine::Unknown);
                self.label(machine, format!("{program} compiles for {target}"))
            }
            None => self.for_triple(None, program),
        };
        match output {
            Some(output) => self.put_named(&output, &label),
            None if program == "swift" => match self.path(".build") {
                Some(path) => self.put_folder(&path, &label),
                None => self.give_up("the folder is made by a command"),
            },
            None => self.give_up(&format!("where {program} writes is not known")),
        }
    }
}

/// `target = "…"` of `[build]`.
fn configured(text: &str) -> Option<String> {
    let build = text.split("[build]").nth(1)?;
    let build = build.split("\n[").next()?;
    let line = build.lines().find(|line| {
        line.trim_start().starts_with("target ") || line.trim_start().starts_with("target=")
    })?;
    let value = line.split_once('=')?.1.trim().trim_matches('"');
    Some(value.to_owned())
}
