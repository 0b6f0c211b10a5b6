//! Package managers of languages, which install for the CPU on which they run, and tools that
//! write pages and scripts.

use std::rc::Rc;

use super::super::label::{Label, Machine, Origin};
use super::super::names;
use super::{Kitchen, arguments};

/// Where builds of web sites usually write.
const SITES: [&str; 7] = [
    "dist", "build", "out", "public", ".next", ".output", "_site",
];

impl Kitchen<'_, '_> {
    fn packages(&self, why: &str) -> Rc<Label> {
        let label = self.label(Machine::Unknown, why);
        Rc::new(Label {
            origin: Origin::Packages,
            ..(*label).clone()
        })
    }

    pub(super) fn node(&mut self, program: &str, words: &[String]) {
        let words: Vec<String> = words.to_vec();
        let folder =
            arguments::value(&words, &["--prefix", "-C", "--cwd", "--dir"]).map(str::to_owned);
        let rest = arguments::rest(
            &words,
            &[
                "--prefix",
                "-C",
                "--cwd",
                "--dir",
                "--registry",
                "--cache",
                "--filter",
                "-F",
            ],
        );
        let verb = rest.first().map_or("", String::as_str);
        let folder = folder.unwrap_or_else(|| ".".to_owned());
        let Some(folder) = self.path(&folder) else {
            return self.give_up("the name of a folder is made by a command");
        };
        let runner = matches!(program, "npx" | "pnpx" | "bunx");
        match verb {
            _ if runner => self.site(&folder),
            "install" | "i" | "ci" | "add" | "clean-install" | "" | "rebuild" | "prune"
            | "deploy" => {
                if verb.is_empty() && program == "npm" {
                    return;
                }
                if arguments::has(&words, &["-g", "--global"]) {
                    let label = self.packages("packages are installed for all users");
                    self.put_folder("/usr/local/lib/node_modules", &label);
                    return;
                }
                let pure = self.is_pure(&folder);
                let label = if pure {
                    self.label(Machine::Unknown, "what packages bring is not known")
                } else {
                    self.packages("packages may bring code for the CPU on which they are installed")
                };
                self.put_folder(&format!("{folder}/node_modules"), &label);
            }
            "cache" | "config" | "set" | "login" | "version" | "--version" | "audit" | "fetch"
            | "ls" | "list" | "view" | "test" | "lint" => {}
            "build" if program == "bun" && arguments::has(&words, &["--compile"]) => {
                let target = arguments::value(&words, &["--target"]).map(str::to_owned);
                let machine = match target.as_deref() {
                    None => self.own(),
                    Some(target) => names::cpu(target).map_or(Machine::Unknown, Machine::For),
                };
                let label = self.label(machine, "bun puts its own runtime into the program");
                match arguments::value(&words, &["--outfile"]).map(str::to_owned) {
                    Some(name) => self.put_named(&name, &label),
                    None => self.give_up("the name of the program is not known"),
                }
            }
            _ => self.site(&folder),
        }
    }

    /// The lock file names no package that is compiled or for some CPUs only.
    fn is_pure(&self, folder: &str) -> bool {
        let Some(text) = self.text(&format!("{folder}/package-lock.json")) else {
            return false;
        };
        let marks = ["hasInstallScript", "\"cpu\"", "\"libc\"", "gypfile"];
        !marks.iter().any(|mark| text.contains(mark)) && text.contains("\"packages\"")
    }

    fn site(&mut self, folder: &str) {
        let label = self.label(
            Machine::Unknown,
            "what the script of the project writes is not known",
        );
        for name in SITES {
            let path = format!("{folder}/{name}");
            if !self.stage.tree.is_folder(&path) {
                self.put_folder(&path, &label);
            }
        }
        self.give_up("a script of the project runs");
    }

    pub(super) fn portable_tool(&mut self, program: &str, words: &[String]) {
        let verb = words
            .iter()
            .find(|word| !word.starts_with('-'))
            .map_or("", String::as_str);
        let output = arguments::value(
            words,
            &[
                "-d",
                "--destination",
                "--site-dir",
                "--outDir",
                "--outdir",
                "--outfile",
            ],
        );
        let folder = match (program, output) {
            ("composer", _) if matches!(verb, "install" | "update" | "require") => {
                "vendor".to_owned()
            }
            ("bundle", _) if verb == "install" => {
                let label =
                    self.packages("gems may bring code for the CPU on which they are installed");
                let given = arguments::value(words, &["--path"]).map(str::to_owned);
                let given = given.or_else(|| self.stage.gems.clone());
                let given = given.or_else(|| self.variable("BUNDLE_PATH"));
                let folders = match given {
                    Some(path) => vec![path],
                    None => vec!["vendor/bundle".to_owned(), "/usr/local/bundle".to_owned()],
                };
                for folder in folders {
                    match self.path(&folder) {
                        Some(path) => self.put_folder(&path, &label),
                        None => self.give_up("the name of a folder is made by a command"),
                    }
                }
                return;
            }
            // `bundle config set --local path FOLDER`, and the older `bundle config path FOLDER`.
            ("bundle", _) if verb == "config" => {
                let after = words.iter().skip_while(|word| *word != "path");
                if let Some(path) = after.skip(1).find(|word| !word.starts_with('-')) {
                    self.stage.gems = Some(path.clone());
                }
                return;
            }
            ("composer" | "bundle", _) => return,
            (_, Some(output)) => output.to_owned(),
            ("hugo", None) => "public".to_owned(),
            ("mkdocs", None) => "site".to_owned(),
            ("jekyll", None) => "_site".to_owned(),
            _ => "dist".to_owned(),
        };
        let label = self.label(Machine::Any, format!("{program} writes pages and scripts"));
        match self.path(&folder) {
            Some(path) => self.put_folder(&path, &label),
            None => self.give_up("the name of a folder is made by a command"),
        }
    }

    pub(super) fn python(&mut self, program: &str, words: &[String]) {
        let label =
            self.packages("packages may bring code for the CPU on which they are installed");
        let words = match words {
            [flag, module, rest @ ..] if flag == "-m" && program.starts_with("python") => {
                match module.as_str() {
                    "pip" => rest,
                    "venv" | "virtualenv" => {
                        let folder = arguments::rest(rest, &["--prompt"]).pop();
                        if let Some(path) = folder.and_then(|folder| self.path(&folder)) {
                            self.put_folder(&path, &label);
                        }
                        return;
                    }
                    "compileall" | "ensurepip" => return,
                    _ => return self.give_up("a program runs that is not modelled"),
                }
            }
            [flag, ..] if program.starts_with("python") && flag.starts_with("--version") => return,
            _ if program.starts_with("python") => {
                return self.give_up("a program runs that is not modelled");
            }
            words => words,
        };
        let rest = arguments::rest(
            words,
            &[
                "-r",
                "--requirement",
                "-c",
                "--prefix",
                "--target",
                "-t",
                "--root",
                "-w",
                "--wheel-dir",
                "-d",
                "--dest",
                "--index-url",
                "-i",
                "--python",
                "-p",
            ],
        );
        let words_of = |at: usize| rest.get(at).map_or("", String::as_str);
        let verb = if program == "uv" && words_of(0) == "pip" {
            words_of(1)
        } else {
            words_of(0)
        };
        let given = arguments::value(
            words,
            &[
                "--prefix",
                "--target",
                "-t",
                "--root",
                "-w",
                "--wheel-dir",
                "-d",
                "--dest",
            ],
        );
        let folder = match (program, verb) {
            ("virtualenv", folder) if !folder.is_empty() => folder.to_owned(),
            ("uv", "venv") if words_of(1).is_empty() => ".venv".to_owned(),
            ("uv", "venv") => words_of(1).to_owned(),
            ("poetry" | "pipenv" | "uv", "install" | "sync") if given.is_none() => {
                ".venv".to_owned()
            }
            (_, "install" | "wheel" | "download") => match given {
                Some(folder) => folder.to_owned(),
                None if verb != "install" => ".".to_owned(),
                None => self.site_packages(),
            },
            ("conda" | "mamba", _) => "/opt/conda".to_owned(),
            _ => return,
        };
        match self.path(&folder) {
            Some(path) => self.put_folder(&path, &label),
            None => self.give_up("the name of a folder is made by a command"),
        }
    }

    /// Where pip installs to.
    fn site_packages(&self) -> String {
        let program = self.call.program.clone();
        if let Some((home, _)) = program.rsplit_once("/bin/")
            && !matches!(home, "" | "/usr" | "/usr/local")
        {
            return home.to_owned();
        }
        if let Some(home) = self.variable("VIRTUAL_ENV") {
            return home;
        }
        let version = self.variable("PYTHON_VERSION").unwrap_or_default();
        let mut parts = version.split('.');
        match (parts.next(), parts.next()) {
            (Some(major), Some(minor)) if !major.is_empty() => {
                format!("/usr/local/lib/python{major}.{minor}/site-packages")
            }
            _ => "/usr/local/lib/python3".to_owned(),
        }
    }
}
