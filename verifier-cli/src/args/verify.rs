//! `polyarch verify`: what must hold, how to look, and what to print.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use polyarch_core::digest::Digest;
use polyarch_core::platform::Platform;
use polyarch_core::verify::Depth;

use super::duration;
use super::format::Output;
use super::transport::Transport;
use crate::policy::{self, Allow};

/// Options of `polyarch verify`.
#[derive(Debug, clap::Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "flags are what a command line has"
)]
pub(crate) struct Verify {
    /// A tag or digest in a registry, `oci-layout:DIR[:tag]`, `oci-archive:FILE.tar[:tag]`,
    /// `docker-archive:FILE.tar`, or `-` for a document on standard input
    #[arg(value_name = "REF", required_unless_present = "from_file")]
    pub(crate) references: Vec<String>,
    /// Platforms that must be there [default: linux/amd64,linux/arm64]; repeatable
    #[arg(long = "platform", value_name = "P[,P…]", value_delimiter = ',')]
    pub(crate) platforms: Vec<Platform>,
    /// Any other platform is an error
    #[arg(long)]
    pub(crate) exact: bool,
    /// Also download layers and look into them: every unique one, or only those that several
    /// platforms share [default without a value: all]
    #[arg(
        long,
        value_name = "shared|all",
        value_parser = policy::depth,
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "all"
    )]
    pub(crate) deep: Option<Depth>,
    /// The tag must have this digest
    #[arg(long, value_name = "DIGEST")]
    pub(crate) expect_digest: Option<Digest>,
    /// The tag must have the digest in this file of `docker buildx build --metadata-file`
    #[arg(long, value_name = "FILE")]
    pub(crate) metadata_file: Option<PathBuf>,
    /// The tag must be the same image as this one, here or in another registry; repeatable
    #[arg(long, value_name = "REF")]
    pub(crate) same_as: Vec<String>,
    /// Each platform's config must be what this Dockerfile says
    #[arg(long, value_name = "FILE")]
    pub(crate) dockerfile: Option<PathBuf>,
    /// A build argument of that Dockerfile; repeatable
    #[arg(long = "build-arg", value_name = "K=V", requires = "dockerfile")]
    pub(crate) build_args: Vec<String>,
    /// The stage of that Dockerfile that was built
    #[arg(long, value_name = "STAGE", requires = "dockerfile")]
    pub(crate) target: Option<String>,
    /// Platforms, depth and waivers from this file [default: polyarch.toml, if there is one]
    #[arg(long, value_name = "FILE", conflicts_with = "no_policy")]
    pub(crate) policy: Option<PathBuf>,
    /// Read no policy file
    #[arg(long)]
    pub(crate) no_policy: bool,
    /// Waive a rule, for files that match GLOB, with a reason; repeatable
    #[arg(long, value_name = "RULE[:GLOB]=REASON")]
    pub(crate) allow: Vec<Allow>,
    /// Warnings count as errors
    #[arg(long)]
    pub(crate) strict: bool,
    /// Output format, to a file or to standard output: human, json, junit, sarif, github, gitlab,
    /// markdown; repeatable
    #[arg(long = "format", value_name = "F[=FILE]")]
    pub(crate) outputs: Vec<Output>,
    /// Also verify the references of this file, one a line; `-` is standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) from_file: Option<PathBuf>,
    /// Verify only the I-th (from 1) of N equal parts of the references
    #[arg(long, value_name = "I/N")]
    pub(crate) shard: Option<Shard>,
    /// Keep asking until the tag is there and complete, or this time is over
    #[arg(long, value_name = "DUR", value_parser = duration::parse)]
    pub(crate) wait: Option<Duration>,
    /// Also print requests, bytes and round trips
    #[arg(short, long)]
    pub(crate) verbose: bool,
    #[command(flatten)]
    pub(crate) transport: Transport,
}

/// `--shard I/N`: 1 ≤ I ≤ N.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shard {
    pub(crate) index: u32,
    pub(crate) of: u32,
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parsed = text.split_once('/').and_then(|(index, of)| {
            let shard = Self {
                index: index.parse().ok()?,
                of: of.parse().ok()?,
            };
            (1..=shard.of).contains(&shard.index).then_some(shard)
        });
        parsed.ok_or_else(|| "expected I/N with I from 1 to N, as in 2/5".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_count_from_one() {
        assert_eq!("2/5".parse(), Ok(Shard { index: 2, of: 5 }));
        for text in ["0/5", "6/5", "1/0", "1", "a/b", "-1/5", ""] {
            assert!(Shard::from_str(text).is_err(), "{text}");
        }
    }
}
