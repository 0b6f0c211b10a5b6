//! `cat`, `cp`, `mv`, `rm`, `mkdir`, `touch`, `tee`, `chmod`, `ls` and their like.

use crate::ci::shell::{Done, Shell};
use crate::ci::world::File;

/// `None` if the program is none of these.
pub(super) fn run(shell: &mut Shell<'_, '_>, program: &str, arguments: &[String]) -> Option<Done> {
    let names: Vec<String> = arguments
        .iter()
        .filter(|a| !a.starts_with('-') || *a == "-")
        .cloned()
        .collect();
    let has = |letter: char| {
        arguments
            .iter()
            .any(|a| a.starts_with('-') && !a.starts_with("--") && a.contains(letter))
    };
    Some(Ok(match program {
        "cat" => cat(shell, &names),
        "cp" | "install" | "ln" | "rsync" => {
            copy(shell, program, &names, has('r') || has('R') || has('a'))
        }
        "mv" => move_files(shell, &names),
        "rm" | "rmdir" => remove(
            shell,
            &names,
            has('f'),
            has('r') || has('R') || program == "rmdir",
        ),
        "mkdir" => {
            for name in &names {
                let path = shell.path(name);
                shell.world.files.make_directory(&path);
            }
            0
        }
        "touch" => {
            for name in &names {
                let path = shell.path(name);
                shell.world.files.append(&path, "");
            }
            0
        }
        "tee" => {
            let text = shell.read_all();
            for name in &names {
                let path = shell.path(name);
                if has('a') {
                    shell.world.files.append(&path, &text);
                } else {
                    shell.world.files.write(&path, &text);
                }
            }
            shell.out(&text);
            0
        }
        "chmod" => {
            for name in names.iter().skip(1) {
                let path = shell.path(name);
                shell.world.files.set_executable(&path);
            }
            0
        }
        "chown" | "sync" | "mount" => 0,
        "ls" => list(shell, &names),
        "pwd" => return None,
        "mktemp" => {
            let directory = has('d');
            let random = if directory { "d4e5f6" } else { "a1b2c3" };
            let path = match names.first() {
                Some(template) => shell.path(&template.replace("XXXXXX", random)),
                None => format!("/tmp/tmp.{random}"),
            };
            if directory {
                shell.world.files.make_directory(&path);
            } else {
                shell.world.files.write(&path, "");
            }
            shell.out(&format!("{path}\n"));
            0
        }
        "basename" => {
            let name = names.first().map_or("", |n| {
                n.trim_end_matches('/').rsplit('/').next().unwrap_or("")
            });
            let name = names
                .get(1)
                .and_then(|suffix| name.strip_suffix(suffix.as_str()))
                .unwrap_or(name)
                .to_owned();
            shell.out(&format!("{name}\n"));
            0
        }
        "dirname" => {
            let name = names.first().cloned().unwrap_or_default();
            let folder = name
                .rsplit_once('/')
                .map_or(".", |(f, _)| if f.is_empty() { "/" } else { f });
            shell.out(&format!("{folder}\n"));
            0
        }
        "realpath" | "readlink" => {
            let path = names.first().map(|n| shell.path(n)).unwrap_or_default();
            shell.out(&format!("{path}\n"));
            0
        }
        _ => return None,
    }))
}

fn cat(shell: &mut Shell<'_, '_>, names: &[String]) -> i32 {
    if names.is_empty() {
        let text = shell.read_all();
        shell.out(&text);
        return 0;
    }
    let mut status = 0;
    for name in names {
        if name == "-" {
            let text = shell.read_all();
            shell.out(&text);
            continue;
        }
        let path = shell.path(name);
        if let Some(text) = known_text(shell, &path) {
            shell.out(&text);
        } else {
            shell.err(&format!(
                "cat: can't open '{name}': No such file or directory\n"
            ));
            status = 1;
        }
    }
    status
}

/// A file's text; files that the kernel makes are known a little.
pub(super) fn known_text(shell: &mut Shell<'_, '_>, path: &str) -> Option<String> {
    if let Some(file) = shell.world.files.get(path) {
        if file.bytes.is_none() {
            shell.world.exact = false;
        }
        return shell.world.files.text(path);
    }
    if path.starts_with("/proc/") || path.starts_with("/sys/") || path.starts_with("/etc/") {
        shell.world.exact = false;
        return Some(String::new());
    }
    None
}

fn copy(shell: &mut Shell<'_, '_>, program: &str, names: &[String], recursive: bool) -> i32 {
    let Some((target, sources)) = names.split_last() else {
        return 1;
    };
    let to = shell.path(target);
    let mut status = 0;
    for source in sources {
        let from = shell.path(source);
        let is_folder = shell.world.files.is_directory(&from);
        if is_folder && !recursive && program == "cp" {
            shell.err(&format!(
                "cp: -r not specified; omitting directory '{source}'\n"
            ));
            status = 1;
        } else if !shell.world.files.copy(&from, &to) {
            if program == "ln" || from.starts_with("/usr/") || from.starts_with("/bin/") {
                shell.world.files.insert(
                    &to,
                    File {
                        bytes: None,
                        executable: true,
                        made: None,
                    },
                );
            } else {
                shell.err(&format!(
                    "{program}: can't stat '{source}': No such file or directory\n"
                ));
                status = 1;
            }
        }
    }
    status
}

fn move_files(shell: &mut Shell<'_, '_>, names: &[String]) -> i32 {
    {
        let Some((target, sources)) = names.split_last() else {
            return 1;
        };
        let to = shell.path(target);
        let mut status = 0;
        for source in sources {
            let from = shell.path(source);
            if shell.world.files.copy(&from, &to) {
                shell.world.files.remove(&from);
            } else {
                shell.err(&format!(
                    "mv: can't rename '{source}': No such file or directory\n"
                ));
                status = 1;
            }
        }
        status
    }
}

fn remove(shell: &mut Shell<'_, '_>, names: &[String], force: bool, recursive: bool) -> i32 {
    let mut status = 0;
    for name in names {
        let path = shell.path(name);
        if shell.world.files.is_directory(&path) && !recursive {
            shell.err(&format!("rm: '{name}' is a directory\n"));
            status = 1;
        } else if !shell.world.files.remove(&path) && !force {
            shell.err(&format!(
                "rm: can't remove '{name}': No such file or directory\n"
            ));
            status = 1;
        }
    }
    status
}

fn list(shell: &mut Shell<'_, '_>, names: &[String]) -> i32 {
    let here = [".".to_owned()];
    let names = if names.is_empty() {
        here.as_slice()
    } else {
        names
    };
    let mut status = 0;
    for name in names {
        let path = shell.path(name);
        if shell.world.files.is_file(&path) {
            shell.out(&format!("{name}\n"));
        } else if shell.world.files.is_directory(&path) {
            let entries = shell.world.files.entries(&path);
            for entry in entries.iter().filter(|e| !e.starts_with('.')) {
                shell.out(&format!("{entry}\n"));
            }
        } else if path.starts_with(
            shell
                .world
                .daemons
                .first()
                .and_then(|d| d.certificates.as_deref())
                .unwrap_or("\0"),
        ) && shell.world.has_certificates(&path)
        {
            shell.out("ca.pem\ncert.pem\nkey.pem\n");
        } else {
            shell.err(&format!("ls: {name}: No such file or directory\n"));
            status = 1;
        }
    }
    status
}
