//! The paths of all platforms, by what one has to know of them first.

use std::collections::BTreeMap;

use polyarch_core::analysis::{ContentView, PlatformView};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// On some platform it is for another CPU.
    Wrong,
    One,
    Unknown,
    Any,
}

pub(super) struct Group<'a> {
    pub(super) kind: Kind,
    pub(super) rows: Vec<PathRow<'a>>,
}

/// A path across all platforms.
pub(super) struct PathRow<'a> {
    pub(super) path: &'a str,
    /// First column, how many, and what is there.
    pub(super) cells: Vec<(usize, usize, Option<&'a ContentView>)>,
}

impl Kind {
    /// A name for the stylesheet.
    pub(super) fn look(self) -> &'static str {
        match self {
            Self::Wrong => "wrong",
            Self::One => "one",
            Self::Unknown => "unknown",
            Self::Any => "any",
        }
    }
}

impl<'a> PathRow<'a> {
    fn entries(&self) -> impl Iterator<Item = (usize, &'a ContentView)> {
        self.cells
            .iter()
            .filter_map(|(column, _, entry)| Some((*column, (*entry)?)))
    }

    /// The platform whose entry tells most: a wrong one, else the first that has the file.
    pub(super) fn telling(&self) -> usize {
        let wrong = self.entries().find(|(_, entry)| entry.wrong);
        let first = || self.entries().next();
        wrong.or_else(first).map_or(0, |(column, _)| column)
    }

    /// The entry of that platform.
    pub(super) fn first(&self) -> &'a ContentView {
        let telling = self.telling();
        let mut entries = self.entries();
        entries
            .find(|(column, _)| *column == telling)
            .map(|(_, entry)| entry)
            .expect("a path is listed because a platform has it")
    }

    fn kind(&self) -> Kind {
        let kinds = self.entries().map(|(_, entry)| {
            match (entry.wrong, &entry.cpu, entry.machine.as_str()) {
                (true, ..) => Kind::Wrong,
                (false, Some(_), _) => Kind::One,
                (false, None, "any") => Kind::Any,
                (false, None, _) => Kind::Unknown,
            }
        });
        kinds.min().unwrap_or(Kind::Unknown)
    }
}

/// All paths, the wrong ones first; a kind without paths has no group.
pub(super) fn groups(platforms: &[PlatformView]) -> Vec<Group<'_>> {
    let mut paths: BTreeMap<&str, Vec<Option<&ContentView>>> = BTreeMap::new();
    for (at, platform) in platforms.iter().enumerate() {
        for entry in &platform.content {
            let of_path = paths.entry(&entry.path).or_default();
            of_path.resize(at, None);
            of_path.push(Some(entry));
        }
    }
    let mut groups: BTreeMap<Kind, Vec<PathRow<'_>>> = BTreeMap::new();
    for (path, mut entries) in paths {
        entries.resize(platforms.len(), None);
        let row = PathRow {
            path,
            cells: joined(&entries),
        };
        groups.entry(row.kind()).or_default().push(row);
    }
    groups
        .into_iter()
        .map(|(kind, rows)| Group { kind, rows })
        .collect()
}

/// Neighbours that say the same become one cell.
fn joined<'a>(entries: &[Option<&'a ContentView>]) -> Vec<(usize, usize, Option<&'a ContentView>)> {
    let mut cells: Vec<(usize, usize, Option<&ContentView>)> = Vec::new();
    for (column, entry) in entries.iter().enumerate() {
        match cells.last_mut() {
            Some((_, columns, last)) if last == entry => *columns += 1,
            _ => cells.push((column, 1, *entry)),
        }
    }
    cells
}

#[cfg(test)]
mod tests {
    use polyarch_core::analysis::{Project, analyse};

    use super::*;

    #[test]
    fn wrong_files_come_first_and_equal_neighbours_share_a_cell() {
        let project = Project {
            dockerfile: "FROM alpine\nADD https://x.org/jq-linux-amd64 /bin/jq\n\
                         COPY <<a.sh /a.sh\nx\na.sh\n"
                .to_owned(),
            ..Project::default()
        };
        let analysis = analyse(&project);
        let groups = groups(&analysis.platforms);
        let shown: Vec<_> = groups
            .iter()
            .flat_map(|group| {
                group
                    .rows
                    .iter()
                    .map(|row| (group.kind, row.path, row.cells.len()))
            })
            .collect();
        assert_eq!(
            shown,
            [(Kind::Wrong, "/bin/jq", 2), (Kind::Any, "/a.sh", 1)]
        );
        assert_eq!(groups[0].rows[0].telling(), 1);
    }
}
