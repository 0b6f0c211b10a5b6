//! .NET and Java: what runs on every CPU, and the launchers and runtimes that do not.

#![expect(
    clippy::case_sensitive_file_extension_comparisons,
    reason = "tools compare names to the letter"
)]

use super::super::label::{Libc, Machine};
use super::super::names;
use super::{Kitchen, arguments};
use crate::ci::trace::UNKNOWN;

impl Kitchen<'_, '_> {
    pub(super) fn dotnet(&mut self, words: &[String]) {
        let Some((verb, words)) = words.split_first() else {
            return;
        };
        if !matches!(verb.as_str(), "publish" | "build") {
            if matches!(verb.as_str(), "run" | "test" | "exec") || verb.ends_with(".dll") {
                self.give_up("a program runs that is not modelled");
            }
            return;
        }
        let launcher = self.dotnet_label(words);
        let values = [
            "-c",
            "--configuration",
            "-r",
            "--runtime",
            "-a",
            "--arch",
            "--os",
            "-o",
            "--output",
            "-f",
            "--framework",
            "-v",
            "--verbosity",
            "--self-contained",
        ];
        let rest = arguments::rest(words, &values);
        let project = rest.iter().find(|word| {
            !word.contains(':') && !word.contains('=') && *word != "true" && *word != "false"
        });
        let name = self.project_name(project.map(String::as_str));
        let output = arguments::value(words, &["-o", "--output"]).map(str::to_owned);
        let known_output = output.is_some();
        let folder = output.unwrap_or_else(|| "bin".to_owned());
        let Some(folder) = self.path(&folder) else {
            return self.give_up("the name of a folder is made by a command");
        };
        let managed = self.label(Machine::Any, "it is a .NET assembly or data");
        let other = self.label(
            Machine::Unknown,
            "which native files packages bring is not known",
        );
        self.put_folder(&folder, &other);
        let Some(name) = name.filter(|_| known_output) else {
            return;
        };
        let property = |name: &str, value: &str| {
            let text = format!("{name}={value}").to_ascii_lowercase();
            words
                .iter()
                .any(|word| word.to_ascii_lowercase().ends_with(&text))
        };
        let native = property("PublishAot", "true") || property("PublishSingleFile", "true");
        if !native {
            self.put(&format!("{folder}/{name}.dll"), &managed);
        }
        if !property("UseAppHost", "false") {
            self.put(&format!("{folder}/{name}"), &launcher);
        }
    }

    /// The launcher's CPU: that of the runtime identifier, or of the SDK.
    fn dotnet_label(&self, words: &[String]) -> std::rc::Rc<super::Label> {
        let identifier = arguments::value(words, &["-r", "--runtime"]);
        let architecture = arguments::value(words, &["-a", "--arch"]);
        let os = arguments::value(words, &["--os"]);
        if [identifier, architecture, os]
            .into_iter()
            .flatten()
            .any(|text| text.contains(UNKNOWN))
        {
            return self.label(
                Machine::Unknown,
                "the runtime identifier is made by a command",
            );
        }
        let own = self.stage.machine.clone();
        let machine = match (identifier, architecture) {
            (Some(identifier), _) => names::cpu(identifier).map(Machine::For),
            (None, Some(architecture)) => names::architecture(architecture).map(|(a, variant)| {
                Machine::For(names::platform(os.map_or("linux", system), a, variant))
            }),
            (None, None) => own.map(Machine::For),
        };
        let why = match identifier.or(architecture) {
            Some(text) => format!("dotnet publishes for {text}"),
            None => {
                "the launcher is for the CPU of the SDK; no runtime identifier is given".to_owned()
            }
        };
        let libc = match identifier {
            Some(text) if text.contains("musl") => Some(Libc::Musl),
            Some(text) if text.starts_with("linux-") => Some(Libc::Glibc),
            _ => self.stage.libc,
        };
        Self::with_libc(&self.label(machine.unwrap_or(Machine::Unknown), why), libc)
    }

    fn project_name(&self, given: Option<&str>) -> Option<String> {
        let given = given.unwrap_or(".");
        for ending in [".csproj", ".fsproj", ".vbproj"] {
            if let Some(stem) = given.strip_suffix(ending) {
                return Some(names::file_name(stem).to_owned());
            }
        }
        if given.ends_with(".sln") {
            return None;
        }
        let inside = format!("{}/", self.path(given)?.trim_end_matches('/'));
        let projects = self.stage.tree.below(&inside).filter_map(|(path, _)| {
            let name = path.strip_prefix(&inside)?;
            let stem = name
                .strip_suffix(".csproj")
                .or_else(|| name.strip_suffix(".fsproj"))?;
            (!stem.contains('/')).then(|| stem.to_owned())
        });
        let projects: Vec<String> = projects.collect();
        match projects.as_slice() {
            [only] => Some(only.clone()),
            _ => None,
        }
    }

    pub(super) fn java(&mut self, program: &str, words: &[String]) {
        let portable = self.label(Machine::Any, "Java code runs on every CPU");
        let other = self.label(Machine::Unknown, "not all that a build writes is known");
        let folders: &[&str] = match program {
            "javac" | "kotlinc" => {
                if let Some(folder) = arguments::value(words, &["-d"]).map(str::to_owned) {
                    if let Some(path) = self.path(&folder) {
                        self.put_folder(&path, &portable);
                    }
                    return;
                }
                let sources = words.iter().filter(|word| word.ends_with(".java")).cloned();
                for source in sources.collect::<Vec<_>>() {
                    let class = source.replace(".java", ".class");
                    if !class.contains('*') {
                        self.put_named(&class, &portable);
                    } else if let Some(path) = self.path(".") {
                        self.stage.tree.make_folder(&path);
                    }
                }
                return;
            }
            "jar" => {
                let file = words
                    .iter()
                    .find(|word| word.ends_with(".jar") || word.ends_with(".war"));
                if let Some(file) = file.cloned() {
                    self.put_named(&file, &portable);
                }
                return;
            }
            "mvn" | "mvnw" | "sbt" => &["target"],
            "gradle" | "gradlew" => &["build"],
            _ => &["build", "dist", "target"],
        };
        for folder in folders {
            if let Some(path) = self.path(folder) {
                self.put_folder(&path, &other);
            }
        }
        // Modules of a larger project have folders of their own.
        self.give_up("not all that a build writes is known");
    }

    pub(super) fn java_native(&mut self, program: &str, words: &[String]) {
        let mut label = self.label(
            self.own(),
            format!("{program} makes it for the CPU on which it runs"),
        );
        if program == "jlink" {
            let modules = arguments::value(words, &["--module-path", "-p"]);
            let foreign = modules.is_some_and(|path| {
                let own = self
                    .variable("JAVA_HOME")
                    .map(|home| format!("{home}/jmods"));
                path.contains("jmods") && Some(path) != own.as_deref()
            });
            if foreign {
                label = self.label(Machine::Unknown, "it is made of the modules of another JDK");
            }
            if let Some(path) = arguments::value(words, &["--output"]).and_then(|o| self.path(o)) {
                self.put_folder(&path, &label);
            }
            return;
        }
        let is_static = words.iter().any(|word| word.starts_with("--static"));
        let label = Self::with_libc(&label, self.stage.libc.filter(|_| !is_static));
        let output = arguments::value(words, &["-o"]).map(str::to_owned);
        let name = words
            .iter()
            .find_map(|word| word.strip_prefix("-H:Name="))
            .map(str::to_owned);
        let rest = arguments::rest(words, &["-o", "-cp", "-jar", "--class-path", "-march"]);
        let jar = arguments::value(words, &["-jar"]).and_then(|jar| jar.strip_suffix(".jar"));
        let stem = jar.map(|jar| names::file_name(jar).to_owned());
        match output.or(name).or_else(|| rest.get(1).cloned()).or(stem) {
            Some(name) => self.put_named(&name, &label),
            None => self.give_up("the name of the program is not known"),
        }
    }
}

fn system(os: &str) -> &str {
    match os {
        "osx" => "darwin",
        "win" => "windows",
        "linux-musl" => "linux",
        other => other,
    }
}
