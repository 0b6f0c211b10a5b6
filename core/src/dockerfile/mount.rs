//! `--mount` of RUN.
//!
//! BuildKit reads a mount twice: when the instruction is parsed it wants only `from` (to know the
//! stages that are needed), and once the variables are known it reads all.

use super::csv::{self, CsvError};
use super::go;
use super::quote::quote;
use super::suggest::with_suggestion;

/// A mount, with BuildKit's defaults filled in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mount {
    pub kind: MountKind,
    /// A stage, image or named context; empty is the build context.
    pub from: String,
    pub source: String,
    pub target: String,
    pub read_only: bool,
    /// Bytes, of a tmpfs; 0 is no limit.
    pub size_limit: i64,
    /// `id`, of any kind of mount.
    pub id: String,
    /// Only of a cache.
    pub sharing: Option<Sharing>,
    /// Only of a secret or SSH agent.
    pub required: bool,
    /// The environment variable of a secret; empty means the default.
    pub env: Option<String>,
    pub mode: Option<u32>,
    pub uid: Option<u32>,
    pub gid: Option<u32>,
}

/// `type=`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, PartialOrd, Ord)]
pub enum MountKind {
    #[default]
    Bind,
    Cache,
    Tmpfs,
    Secret,
    Ssh,
}

/// `sharing=`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sharing {
    Shared,
    Private,
    Locked,
}

/// Why a mount is refused, in BuildKit's texts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MountError {
    #[error("failed to parse csv mounts: {0}")]
    Csv(#[from] CsvError),
    #[error("'from' doesn't support variable expansion, define alias stage instead")]
    FromExpansion,
    #[error("invalid field '{0}' must be a key=value pair")]
    NoValue(String),
    #[error("unexpected key '{key}' for mount type '{}'", kind.as_str())]
    WrongKind { key: String, kind: MountKind },
    #[error("invalid value for {key}: {value}")]
    InvalidValue { key: String, value: String },
    #[error("invalid value {value} for {key}")]
    InvalidNumber { key: &'static str, value: String },
    #[error("{}", with_suggestion(format!("unsupported mount type {}", quote(.0)), .0,
        MountKind::ALL.map(MountKind::as_str), true))]
    UnknownKind(String),
    #[error("{}", with_suggestion(format!("unsupported sharing value {}", quote(.0)), .0,
        Sharing::ALL.map(Sharing::as_str), true))]
    UnknownSharing(String),
    #[error("{}", with_suggestion(format!("unexpected key '{key}' in '{field}'"), .key,
        KEYS, true))]
    UnknownKey { key: String, field: String },
    #[error("{key} not allowed for {} type mounts", quote(kind.as_str()))]
    NotAllowed { key: &'static str, kind: MountKind },
    #[error("secret mount should not have a from")]
    SecretFrom,
    #[error("secret mount should not define sharing")]
    SecretSharing,
    #[error("invalid secret mount. one of source, target required")]
    SecretNothing,
    #[error("both source and id can't be set")]
    SourceAndId,
    #[error("invalid cache sharing set for {} mount", .0.as_str())]
    SharingWithoutCache(MountKind),
    /// What the expansion of a value said.
    #[error("{0}")]
    Expansion(String),
}

/// In BuildKit's order, which decides between equally near suggestions.
const KEYS: [&str; 19] = [
    "type",
    "from",
    "source",
    "target",
    "readonly",
    "id",
    "sharing",
    "required",
    "size",
    "mode",
    "uid",
    "gid",
    "src",
    "dst",
    "destination",
    "ro",
    "rw",
    "readwrite",
    "env",
];

/// What parsing the instruction reads: `from`, if there is one.
pub fn from(value: &str) -> Result<Option<String>, MountError> {
    let mut found = None;
    for field in csv::fields(value)? {
        let Some((key, value)) = field.split_once('=') else {
            continue;
        };
        if key.eq_ignore_ascii_case("from") {
            if value.find('$').is_some_and(|at| at + 1 != value.len()) {
                return Err(MountError::FromExpansion);
            }
            found = Some(value.to_owned());
        }
    }
    Ok(found)
}

impl Mount {
    /// Reads all of a flag's value; `expand` expands each `key=` value as a word, and its error is
    /// passed on.
    pub fn parse(
        value: &str,
        expand: &mut dyn FnMut(&str) -> Result<String, String>,
    ) -> Result<Self, MountError> {
        let mut mount = Self::default();
        let mut read_only = None;
        for field in csv::fields(value)? {
            match field.split_once('=') {
                None => mount.bare(&field, &mut read_only)?,
                Some((key, value)) => {
                    let value = expand(value).map_err(MountError::Expansion)?;
                    mount.set(&field, &key.to_lowercase(), value, &mut read_only)?;
                }
            }
        }
        mount.check()?;
        let writable = matches!(mount.kind, MountKind::Cache | MountKind::Tmpfs);
        mount.read_only = read_only.unwrap_or(!writable);
        Ok(mount)
    }

    /// A field without `=`.
    fn bare(&mut self, field: &str, read_only: &mut Option<bool>) -> Result<(), MountError> {
        match field.to_lowercase().as_str() {
            "readonly" | "ro" => *read_only = Some(true),
            "readwrite" | "rw" => *read_only = Some(false),
            key @ "required" => {
                self.wants(key, &[MountKind::Secret, MountKind::Ssh])?;
                self.required = true;
            }
            _ => return Err(MountError::NoValue(field.to_owned())),
        }
        Ok(())
    }

    fn set(
        &mut self,
        field: &str,
        key: &str,
        value: String,
        read_only: &mut Option<bool>,
    ) -> Result<(), MountError> {
        match key {
            "type" => {
                self.kind = MountKind::find(&value).ok_or(MountError::UnknownKind(value))?;
            }
            "from" => self.from = value,
            "source" | "src" => self.source = value,
            "target" | "dst" | "destination" => self.target = value,
            "readonly" | "ro" => *read_only = Some(boolean(key, &value)?),
            "readwrite" | "rw" => *read_only = Some(!boolean(key, &value)?),
            "required" => {
                self.wants(key, &[MountKind::Secret, MountKind::Ssh])?;
                self.required = boolean(key, &value)?;
            }
            "size" => {
                self.wants(key, &[MountKind::Tmpfs])?;
                self.size_limit = go::ram_in_bytes(&value).ok_or_else(|| invalid(key, &value))?;
            }
            "id" => self.id = value,
            "sharing" => {
                let sharing = Sharing::find(&value).ok_or(MountError::UnknownSharing(value))?;
                self.sharing = Some(sharing);
            }
            "mode" => self.mode = Some(number("mode", value, 8)?),
            "uid" => self.uid = Some(number("uid", value, 10)?),
            "gid" => self.gid = Some(number("gid", value, 10)?),
            "env" => self.env = Some(value),
            _ => {
                return Err(MountError::UnknownKey {
                    key: key.to_owned(),
                    field: field.to_owned(),
                });
            }
        }
        Ok(())
    }

    /// The type known so far decides, as fields are read from left to right.
    fn wants(&self, key: &str, kinds: &[MountKind]) -> Result<(), MountError> {
        if kinds.contains(&self.kind) {
            return Ok(());
        }
        Err(MountError::WrongKind {
            key: key.to_owned(),
            kind: self.kind,
        })
    }

    fn check(&self) -> Result<(), MountError> {
        let kind = self.kind;
        if matches!(kind, MountKind::Bind | MountKind::Tmpfs) {
            for (key, value) in [("mode", self.mode), ("uid", self.uid), ("gid", self.gid)] {
                if value.is_some() {
                    return Err(MountError::NotAllowed { key, kind });
                }
            }
        }
        if kind == MountKind::Secret {
            if !self.from.is_empty() {
                return Err(MountError::SecretFrom);
            }
            if self.sharing.is_some() {
                return Err(MountError::SecretSharing);
            }
            if self.source.is_empty() && self.target.is_empty() && self.id.is_empty() {
                return Err(MountError::SecretNothing);
            }
            if !self.source.is_empty() && !self.id.is_empty() {
                return Err(MountError::SourceAndId);
            }
        }
        if self.sharing.is_some() && kind != MountKind::Cache {
            return Err(MountError::SharingWithoutCache(kind));
        }
        Ok(())
    }
}

fn boolean(key: &str, value: &str) -> Result<bool, MountError> {
    go::boolean(value).ok_or_else(|| invalid(key, value))
}

fn number(key: &'static str, value: String, base: u32) -> Result<u32, MountError> {
    go::uint32(&value, base).ok_or(MountError::InvalidNumber { key, value })
}

fn invalid(key: &str, value: &str) -> MountError {
    MountError::InvalidValue {
        key: key.to_owned(),
        value: value.to_owned(),
    }
}

impl MountKind {
    const ALL: [Self; 5] = [
        Self::Bind,
        Self::Cache,
        Self::Secret,
        Self::Ssh,
        Self::Tmpfs,
    ];

    /// As in `type=`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bind => "bind",
            Self::Cache => "cache",
            Self::Tmpfs => "tmpfs",
            Self::Secret => "secret",
            Self::Ssh => "ssh",
        }
    }

    fn find(text: &str) -> Option<Self> {
        let text = text.to_lowercase();
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

impl Sharing {
    const ALL: [Self; 3] = [Self::Locked, Self::Private, Self::Shared];

    /// As in `sharing=`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Shared => "shared",
            Self::Private => "private",
            Self::Locked => "locked",
        }
    }

    fn find(text: &str) -> Option<Self> {
        let text = text.to_lowercase();
        Self::ALL
            .into_iter()
            .find(|sharing| sharing.as_str() == text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(value: &str) -> Result<Mount, String> {
        Mount::parse(value, &mut |word| Ok(word.to_owned())).map_err(|error| error.to_string())
    }

    #[test]
    fn mounts_and_defaults() {
        let bind = parse("from=build,target=/x").unwrap();
        assert_eq!((bind.kind, bind.read_only), (MountKind::Bind, true));
        assert_eq!((bind.from.as_str(), bind.target.as_str()), ("build", "/x"));
        assert!(!parse("target=/x,rw").unwrap().read_only);
        assert!(!parse("target=/x,ro=false").unwrap().read_only);
        let cache = parse("TYPE=Cache,target=/c,sharing=Locked,mode=0755,uid=1000").unwrap();
        assert_eq!((cache.kind, cache.read_only), (MountKind::Cache, false));
        assert_eq!(cache.sharing, Some(Sharing::Locked));
        assert_eq!((cache.mode, cache.uid), (Some(0o755), Some(1000)));
        let tmpfs = parse("type=tmpfs,target=/t,size=64m").unwrap();
        assert_eq!(tmpfs.size_limit, 64 << 20);
        let secret = parse("type=secret,id=token,env=TOKEN,required").unwrap();
        assert_eq!(secret.env.as_deref(), Some("TOKEN"));
        assert!(secret.required && secret.read_only);
    }

    #[test]
    fn refused_mounts() {
        for (value, want) in [
            ("", "failed to parse csv mounts: EOF"),
            (
                "type=cashe",
                r#"unsupported mount type "cashe" (did you mean cache?)"#,
            ),
            (
                "targt=/x",
                "unexpected key 'targt' in 'targt=/x' (did you mean target?)",
            ),
            ("target", "invalid field 'target' must be a key=value pair"),
            (
                "required",
                "unexpected key 'required' for mount type 'bind'",
            ),
            (
                "size=1m,type=tmpfs",
                "unexpected key 'size' for mount type 'bind'",
            ),
            ("type=tmpfs,size=x", "invalid value for size: x"),
            ("ro=maybe", "invalid value for ro: maybe"),
            ("type=cache,uid=x", "invalid value x for uid"),
            ("type=cache,mode=9", "invalid value 9 for mode"),
            ("mode=7", r#"mode not allowed for "bind" type mounts"#),
            (
                "type=cache,sharing=lock",
                r#"unsupported sharing value "lock" (did you mean locked?)"#,
            ),
            ("sharing=locked", "invalid cache sharing set for bind mount"),
            (
                "type=secret",
                "invalid secret mount. one of source, target required",
            ),
            (
                "type=secret,from=a,id=b",
                "secret mount should not have a from",
            ),
            ("type=secret,id=a,src=b", "both source and id can't be set"),
            (
                "type=secret,id=a,sharing=shared",
                "secret mount should not define sharing",
            ),
        ] {
            assert_eq!(parse(value), Err(want.to_owned()), "{value}");
        }
    }

    #[test]
    fn from_comes_first() {
        assert_eq!(from("type=bogus,From=a"), Ok(Some("a".to_owned())));
        assert_eq!(from("from=a$"), Ok(Some("a$".to_owned())));
        assert_eq!(from("from=$A"), Err(MountError::FromExpansion));
        assert_eq!(from("target=/x"), Ok(None));
    }
}
