//! Downloads and archives.

use std::rc::Rc;

use super::super::label::{Label, Machine};
use super::super::names;
use super::super::transfer;
use super::{Kitchen, arguments};
use crate::ci::trace::{Call, UNKNOWN};
use crate::dockerfile::context::clean;

impl Kitchen<'_, '_> {
    /// What is downloaded to standard output.
    pub(super) fn download(&mut self, program: &str, words: &[String]) -> Option<Rc<Label>> {
        let values = [
            "-H",
            "--header",
            "-o",
            "--output",
            "-O",
            "-P",
            "-u",
            "--user",
            "--retry",
            "-A",
            "-X",
            "-d",
            "--output-dir",
            "--retry-delay",
            "--connect-timeout",
            "-e",
            "-x",
            "--proto",
            "--directory-prefix",
            "--output-document",
            "-t",
            "-T",
        ];
        let values: Vec<&str> = values
            .into_iter()
            .filter(|flag| program == "wget" || *flag != "-O")
            .collect();
        let rest = arguments::rest(words, &values);
        let joined = words.iter().zip(words.iter().skip(1));
        let mut output = None;
        for (flag, name) in joined {
            let is_short = flag.starts_with('-') && !flag.starts_with("--");
            let letter = if program == "wget" { 'O' } else { 'o' };
            if (is_short && flag.ends_with(letter))
                || flag == "--output"
                || flag == "--output-document"
            {
                output = Some(name.clone());
            }
        }
        // `-O-` and `-qO-`: the name follows the letter at once.
        let attached = words.iter().find_map(|word| {
            let (flags, name) = word.strip_prefix('-')?.split_once('O')?;
            let is_short = flags.chars().all(|c| c.is_ascii_lowercase());
            (program == "wget" && is_short && !name.is_empty()).then(|| name.to_owned())
        });
        let output = output.or(attached);
        let equals = arguments::value(words, &["--output", "--output-document"]).map(str::to_owned);
        let output = output.or(equals);
        let is_url = |word: &&String| {
            word.contains("://")
                || word.contains(UNKNOWN)
                || (word.contains('.') && word.contains('/'))
        };
        let urls: Vec<&String> = rest
            .iter()
            .filter(is_url)
            .filter(|word| Some(*word) != output.as_ref())
            .collect();
        let url = match urls.as_slice() {
            [url] => (*url).clone(),
            [] => return Some(self.label(Machine::Unknown, "its address is not known")),
            several => {
                // With the names of the addresses each is on its own.
                let urls: Vec<String> = several.iter().map(|url| (*url).clone()).collect();
                if let (None, true) = (&output, keeps_name(program, words)) {
                    for url in urls {
                        self.keep(&url, words);
                    }
                    return None;
                }
                format!("{UNKNOWN}")
            }
        };
        let label = self.fetched(&url);
        match output.as_deref() {
            Some("-") => Some(label),
            Some("/dev/null") => None,
            Some(name) => {
                let folder = arguments::value(words, &["--output-dir"]);
                let name = folder.map_or(name.to_owned(), |folder| format!("{folder}/{name}"));
                self.put_named(&name, &label);
                None
            }
            None if keeps_name(program, words) => {
                self.keep(&url, words);
                None
            }
            None => Some(label),
        }
    }

    fn fetched(&self, url: &str) -> Rc<Label> {
        let label = transfer::download(url, self.at);
        Rc::new(Label {
            made_on: self.stage.machine.clone(),
            ..label
        })
    }

    /// Into a file with the name of the address.
    fn keep(&mut self, url: &str, words: &[String]) {
        let label = self.fetched(url);
        let name = url.split(['?', '#']).next().unwrap_or(url);
        let name = names::file_name(name).to_owned();
        let folder = arguments::value(words, &["-P", "--directory-prefix", "--output-dir"]);
        let name = folder.map_or(name.clone(), |folder| format!("{folder}/{name}"));
        self.put_named(&name, &label);
    }

    /// The label of an archive that is read from a pipe or a file.
    fn archive(&self, calls: &[Call], file: Option<&str>) -> Rc<Label> {
        let unknown = || self.label(Machine::Unknown, "it comes out of an archive");
        let label = if let Some(file) = file {
            self.path(file).and_then(|path| self.stage.tree.find(&path))
        } else {
            let pipe = self.call.pipe;
            let before = self.printed.iter().zip(calls).rev();
            let mut inside = before.filter(|(_, call)| pipe.is_some() && call.pipe == pipe);
            inside.find_map(|(label, _)| label.clone())
        };
        match label {
            Some(label) if matches!(label.machine, Machine::For(_)) => label,
            Some(label) => Rc::new(label.with(Machine::Unknown, "it comes out of an archive")),
            None => unknown(),
        }
    }

    pub(super) fn tar(&mut self, calls: &[Call]) -> Option<Rc<Label>> {
        let mut words = self.call.arguments.clone();
        if let Some(first) = words.first_mut().filter(|word| !word.starts_with('-')) {
            *first = format!("-{first}");
        }
        let verb = |letter| arguments::letter(&words, letter);
        if !verb('x') && !arguments::has(&words, &["--extract", "--get"]) {
            return Some(self.label(Machine::Unknown, "it is an archive"));
        }
        // `-xzf FILE`: the file follows the letters.
        let mut file = arguments::value(&words, &["--file"]).map(str::to_owned);
        let mut rest = Vec::new();
        let mut folder = None;
        let mut at = 0;
        while let Some(word) = words.get(at) {
            let short = word.starts_with('-') && !word.starts_with("--");
            let next = words.get(at + 1).cloned();
            if short && word.ends_with('f') {
                file = next;
                at += 1;
            } else if (short && word.ends_with('C'))
                || matches!(word.as_str(), "--directory" | "--cd")
            {
                folder = next;
                at += 1;
            } else if short && word.starts_with("-C") {
                folder = word.get(2..).map(str::to_owned);
            } else if let Some(name) = word.strip_prefix("--directory=") {
                folder = Some(name.to_owned());
            } else if matches!(
                word.as_str(),
                "--exclude"
                    | "--wildcards-match"
                    | "--transform"
                    | "-T"
                    | "--strip-components"
                    | "--strip"
            ) {
                at += 1;
            } else if !word.starts_with('-') {
                rest.push(word.clone());
            }
            at += 1;
        }
        let label = self.archive(calls, file.as_deref().filter(|file| *file != "-"));
        let strip = arguments::value(&words, &["--strip-components", "--strip"]);
        let strip: usize = strip.and_then(|n| n.parse().ok()).unwrap_or(0);
        if verb('O') || arguments::has(&words, &["--to-stdout"]) {
            return Some(label);
        }
        self.extract(folder.as_deref().unwrap_or("."), &rest, strip, &label);
        None
    }

    fn extract(&mut self, folder: &str, members: &[String], strip: usize, label: &Rc<Label>) {
        let Some(folder) = self.path(folder) else {
            return self.give_up("the name of a folder is made by a command");
        };
        if members.is_empty() {
            self.put_folder(&folder, label);
        }
        for member in members {
            if member.contains(UNKNOWN) {
                let label = Rc::new(label.with(Machine::Unknown, "its name is made by a command"));
                self.put_folder(&folder, &label);
                continue;
            }
            let parts: Vec<&str> = member
                .split('/')
                .filter(|p| !p.is_empty() && *p != ".")
                .collect();
            let kept = parts.get(strip..).unwrap_or_default().join("/");
            if kept.is_empty() || kept.contains('*') {
                self.put_folder(&folder, label);
            } else if names::is_portable(&kept) {
                let label = Rc::new(label.with(
                    Machine::Any,
                    "its kind of file runs or is read on every CPU",
                ));
                self.put(&clean(&format!("{folder}/{kept}")), &label);
            } else {
                self.put_folder(&clean(&format!("{folder}/{kept}")), label);
            }
        }
    }

    /// `unzip`, `gunzip` and their like.
    pub(super) fn unpack(&mut self, program: &str) -> Option<Rc<Label>> {
        let words = self.call.arguments.clone();
        let rest = arguments::rest(&words, &["-d", "-o", "-x"]);
        let Some(file) = rest.first().cloned() else {
            return Some(self.label(Machine::Unknown, "it comes out of an archive"));
        };
        let label = self.archive(&[], Some(&file));
        if program == "unzip" {
            if arguments::letter(&words, 'p') {
                return Some(label);
            }
            let folder = arguments::joined(&words, "-d").unwrap_or(".").to_owned();
            let members: Vec<String> = rest.get(1..).unwrap_or_default().to_vec();
            let members = if arguments::letter(&words, 'j') {
                members
                    .iter()
                    .map(|m| names::file_name(m).to_owned())
                    .collect()
            } else {
                members
            };
            self.extract(&folder, &members, 0, &label);
            return None;
        }
        if matches!(program, "zcat" | "xzcat") || arguments::letter(&words, 'c') {
            return Some(label);
        }
        let stem = [".gz", ".xz", ".bz2", ".zst"]
            .iter()
            .find_map(|e| file.strip_suffix(e));
        match stem {
            Some(stem) => self.put_named(stem, &label),
            None if program == "7z" => self.extract(".", &[], 0, &label),
            None => {}
        }
        None
    }
}

/// The file gets the name at the end of the address.
fn keeps_name(program: &str, words: &[String]) -> bool {
    program == "wget"
        || arguments::has(words, &["--remote-name", "--remote-name-all"])
        || arguments::letter(words, 'O')
}
