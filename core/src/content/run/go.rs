//! The Go tool.

#![expect(
    clippy::case_sensitive_file_extension_comparisons,
    reason = "tools compare names to the letter"
)]

use std::rc::Rc;

use super::super::label::{Label, Libc, Machine};
use super::super::names;
use super::super::walk::Stop;
use super::{Done, Kitchen, arguments};
use crate::ci::trace::UNKNOWN;

/// Flags that take the next word.
const WITH_VALUE: [&str; 16] = [
    "-o",
    "-C",
    "-ldflags",
    "-tags",
    "-gcflags",
    "-asmflags",
    "-mod",
    "-p",
    "-buildmode",
    "-trimpath=",
    "-pkgdir",
    "-installsuffix",
    "-overlay",
    "-modfile",
    "-pgo",
    "-toolexec",
];

/// What Go calls CPUs; anything else it refuses.
const ARCHITECTURES: [&str; 13] = [
    "386", "amd64", "arm", "arm64", "loong64", "mips", "mips64", "mips64le", "mipsle", "ppc64",
    "ppc64le", "riscv64", "s390x",
];

impl Kitchen<'_, '_> {
    pub(super) fn go(&mut self, words: &[String], xx: bool) -> Done {
        let Some((verb, words)) = words.split_first() else {
            return Ok(());
        };
        match verb.as_str() {
            "build" => self.go_build(words, xx),
            "install" => self.go_install(words, xx),
            "run" | "generate" => {
                self.give_up("a program runs that is not modelled");
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// The target's label, and whether it is not the tool's own platform.
    fn go_target(&self, words: &[String], xx: bool) -> Result<(Rc<Label>, bool), Stop> {
        let own = self.stage.machine.clone();
        if xx {
            let target = self.target();
            let cross = match (&target, &own) {
                (Some(target), Some(own)) => target.architecture != own.architecture,
                _ => true,
            };
            let machine = target.map_or(Machine::Unknown, Machine::For);
            return Ok((
                self.label(machine, "xx-go compiles for TARGETPLATFORM"),
                cross,
            ));
        }
        let (os, architecture) = (self.variable("GOOS"), self.variable("GOARCH"));
        let unclear = |value: &Option<String>| value.as_ref().is_some_and(|v| v.contains(UNKNOWN));
        if unclear(&os) || unclear(&architecture) {
            let why = "GOOS or GOARCH is made by a command";
            return Ok((self.label(Machine::Unknown, why), true));
        }
        if architecture.as_deref() == Some("wasm") {
            return Ok((self.label(Machine::Any, "it is WebAssembly"), true));
        }
        let known = architecture
            .as_deref()
            .is_none_or(|a| ARCHITECTURES.contains(&a));
        if !known && !self.call.doubtful {
            // go: unsupported GOOS/GOARCH pair
            return Err(Stop(None));
        }
        let Some(own) = own else {
            let machine = match (&os, &architecture) {
                (_, Some(a)) => {
                    let os = os.as_deref().unwrap_or("linux");
                    Machine::For(names::platform(os, a, &self.goarm(a, "")))
                }
                _ => Machine::Unknown,
            };
            return Ok((self.label(machine, "GOARCH says so"), true));
        };
        let named = os.is_some() || architecture.is_some();
        let os = os.unwrap_or_else(|| own.os.clone());
        let architecture = architecture.unwrap_or_else(|| own.architecture.clone());
        let cross = os != own.os || architecture != own.architecture;
        let variant = self.goarm(&architecture, if cross { "" } else { &own.variant });
        let cgo = self.variable("CGO_ENABLED");
        let has_compiler = self.variable("CC").is_some();
        if cross && cgo.as_deref() == Some("1") && !has_compiler {
            let why = "cgo needs a C compiler for the target, and none is named";
            return Ok((self.label(Machine::Unknown, why), cross));
        }
        let platform = names::platform(&os, &architecture, &variant);
        let why = if named && cross {
            format!("GOOS={os} GOARCH={architecture} say so")
        } else if named {
            "GOARCH names the CPU of the stage".to_owned()
        } else {
            "Go compiles for the CPU on which it runs; no GOARCH is set".to_owned()
        };
        let label = self.label(Machine::For(platform), why);
        Ok((
            Self::with_libc(&label, self.go_libc(words, cross, cgo.as_deref())),
            cross,
        ))
    }

    fn goarm(&self, architecture: &str, own: &str) -> String {
        if architecture != "arm" {
            return String::new();
        }
        match self
            .variable("GOARM")
            .as_deref()
            .map(|v| v.split(',').next().unwrap_or(v))
        {
            Some(number @ ("5" | "6" | "7")) => format!("v{number}"),
            Some(_) => String::new(),
            // Without GOARM the tool decides by its own build.
            None if own == "v6" => "v6".to_owned(),
            None => String::new(),
        }
    }

    /// The C library that the program needs, if cgo is certain to be used.
    fn go_libc(&self, words: &[String], cross: bool, cgo: Option<&str>) -> Option<Libc> {
        let is_static = words
            .iter()
            .any(|word| word.contains("-static") || word.contains("netgo"));
        let on = match cgo {
            Some(value) => value == "1",
            None => !cross,
        };
        (on && !is_static && self.imports_c())
            .then_some(self.stage.libc)
            .flatten()
    }

    /// Some source imports a package that uses C.
    fn imports_c(&self) -> bool {
        let tree = &self.stage.tree;
        let sources = tree.nodes.keys().filter(|path| path.ends_with(".go"));
        let mut sources = sources.take(500).filter_map(|path| self.text(path));
        sources.any(|text| {
            [
                "\"C\"",
                "\"net\"",
                "\"net/http\"",
                "\"os/user\"",
                "go-sqlite3",
            ]
            .iter()
            .any(|import| text.contains(import))
        })
    }

    fn go_build(&mut self, words: &[String], xx: bool) -> Done {
        let (label, _) = self.go_target(words, xx)?;
        let archive = arguments::value(words, &["-buildmode"]) == Some("c-archive");
        let label = if archive {
            self.label(Machine::Unknown, "it is an archive of objects")
        } else {
            label
        };
        let directory = arguments::value(words, &["-C"]).map(str::to_owned);
        if let Some(directory) = directory {
            if let Some(path) = self.path(&directory) {
                self.call.directory = path;
            } else {
                self.give_up("the folder is made by a command");
                return Ok(());
            }
        }
        let packages = arguments::rest(words, &WITH_VALUE);
        let name = self.go_name(&packages);
        let output = arguments::value(words, &["-o"]).map(str::to_owned);
        match (output, name) {
            (Some(output), name) => {
                let Some(path) = self.path(&output) else {
                    self.give_up("the name of a file is made by a command");
                    return Ok(());
                };
                let several = packages.len() > 1 || packages.iter().any(|p| p.contains("..."));
                let is_folder =
                    output.ends_with('/') || self.stage.tree.is_folder(&path) || several;
                match name {
                    Some(name) if is_folder && !several => {
                        self.put(&format!("{path}/{name}"), &label);
                    }
                    _ if is_folder => self.put_folder(&path, &label),
                    _ => self.put(&path, &label),
                }
            }
            (None, Some(name)) if packages.len() < 2 => self.put_named(&name, &label),
            (None, _) => self.give_up("the name of the program is not known"),
        }
        Ok(())
    }

    fn go_install(&mut self, words: &[String], xx: bool) -> Done {
        let (label, cross) = self.go_target(words, xx)?;
        let packages = arguments::rest(words, &WITH_VALUE);
        let home = self.variable("HOME").unwrap_or_else(|| "/root".to_owned());
        let gopath = self
            .variable("GOPATH")
            .unwrap_or_else(|| format!("{home}/go"));
        let folder = match (self.variable("GOBIN"), &label.machine) {
            // go: cannot install cross-compiled binaries when GOBIN is set
            (Some(_), Machine::For(_)) if cross && !self.call.doubtful => return Err(Stop(None)),
            (Some(gobin), _) => gobin,
            (None, Machine::For(platform)) if cross => {
                format!("{gopath}/bin/{}_{}", platform.os, platform.architecture)
            }
            (None, _) => format!("{gopath}/bin"),
        };
        for package in &packages {
            let name = self.go_name(std::slice::from_ref(package));
            match name.filter(|_| !package.contains("...")) {
                Some(name) => self.put_named(&format!("{folder}/{name}"), &label),
                None => match self.path(&folder) {
                    Some(path) => self.put_folder(&path, &label),
                    None => self.give_up("the folder is made by a command"),
                },
            }
        }
        if packages.is_empty() {
            match self.go_name(&[]) {
                Some(name) => self.put_named(&format!("{folder}/{name}"), &label),
                None => self.give_up("the name of the program is not known"),
            }
        }
        Ok(())
    }

    /// The name that a package's program gets.
    fn go_name(&self, packages: &[String]) -> Option<String> {
        let package = packages.first().map_or(".", String::as_str);
        if package.contains(UNKNOWN) {
            return None;
        }
        if let Some(file) = package.strip_suffix(".go") {
            return Some(names::file_name(file).to_owned());
        }
        let package = package.split('@').next().unwrap_or(package);
        let local = package.starts_with('.') || package.starts_with('/');
        let path = if local {
            let path = self.path(package)?;
            match self.text(&format!("{path}/go.mod")) {
                Some(text) => text
                    .lines()
                    .find_map(|line| line.trim().strip_prefix("module "))?
                    .trim()
                    .trim_matches('"')
                    .to_owned(),
                None if matches!(package, "." | "./") => {
                    // Inside of a module the folder's name counts.
                    let parent = path.rsplit_once('/')?.0;
                    let in_module = self.stage.tree.nodes.keys().any(|name| {
                        name.ends_with("/go.mod")
                            && path.starts_with(name.trim_end_matches("go.mod"))
                    });
                    if !in_module || parent.is_empty() {
                        return None;
                    }
                    path
                }
                None => path,
            }
        } else {
            package.to_owned()
        };
        let mut parts = path.trim_end_matches('/').rsplit('/');
        let last = parts.next()?;
        let is_version = last
            .strip_prefix('v')
            .is_some_and(|n| n.parse::<u32>().is_ok());
        let name = if is_version { parts.next()? } else { last };
        Some(name.to_owned())
    }
}
