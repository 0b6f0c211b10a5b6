//! Playground links: a whole project in a URL's fragment, `#v1.<base64url(deflate(json))>`.
//!
//! Both faces read and write the same links, and the page keeps its state in that form too. What
//! has its default value is left out. There is no place for a credential, and a project that
//! seems to hold one anyway is refused (see [`LinkError::Secret`]).

mod secret;
mod wire;

#[cfg(test)]
mod tests;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_with_limit};

use crate::analysis::Project;

/// Longest link that is read or written, in characters; browsers take about as much.
pub const MAX_LINK: usize = 2 * 1024 * 1024;
/// Largest content that is unpacked from a link, in bytes.
pub const MAX_CONTENT: usize = 4 * 1024 * 1024;

const VERSION: &str = "v1";
/// Links are made on every keystroke, so speed counts more than the last byte.
const LEVEL: u8 = 6;

/// Why there is no link for a project, or no project in a link.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    #[error(
        "{place} looks like a credential ({why}), and whoever has the link could read it; \
         {advice}"
    )]
    Secret {
        /// `the build argument NPM_TOKEN`
        place: String,
        why: &'static str,
        advice: &'static str,
    },
    #[error(
        "the project is too large for a link ({size} bytes, at most {max}); remove files that the \
         answer does not need"
    )]
    TooLarge { size: usize, max: usize },
    #[error(
        "this is no playground link: it has nothing of the form `#v1.…`; copy the whole address \
         from the page's Share button"
    )]
    NotALink,
    #[error(
        "the link has the version `{0}`, and this polyarch reads v1; it comes from a newer \
         polyarch, so update this one"
    )]
    UnknownVersion(String),
    #[error(
        "the link is damaged ({0}); it was probably cut short or changed on its way, so copy it \
         again"
    )]
    Damaged(&'static str),
    #[error(
        "the link unpacks to more than {MAX_CONTENT} bytes, which no playground makes; it was not \
         read"
    )]
    Bomb,
    #[error(
        "the link holds something that this polyarch does not know ({0}); it may come from a \
         newer one, so update this one or ask for a new link"
    )]
    Shape(String),
}

/// The link's fragment, with the `#`.
///
/// # Errors
/// [`LinkError::Secret`] and [`LinkError::TooLarge`].
pub fn encode(project: &Project) -> Result<String, LinkError> {
    if let Some(error) = secret::find(project) {
        return Err(error);
    }
    let content = wire::to_json(project);
    if content.len() > MAX_CONTENT {
        return Err(LinkError::TooLarge {
            size: content.len(),
            max: MAX_CONTENT,
        });
    }
    let text = URL_SAFE_NO_PAD.encode(compress_to_vec(&content, LEVEL));
    let link = format!("#{VERSION}.{text}");
    if link.len() > MAX_LINK {
        return Err(LinkError::TooLarge {
            size: link.len(),
            max: MAX_LINK,
        });
    }
    Ok(link)
}

/// The project of a link: a whole address, its fragment, or the fragment without `#`.
///
/// # Errors
/// All but [`LinkError::Secret`].
pub fn decode(link: &str) -> Result<Project, LinkError> {
    let fragment = link.rsplit('#').next().unwrap_or_default().trim();
    if fragment.len() > MAX_LINK {
        return Err(LinkError::TooLarge {
            size: fragment.len(),
            max: MAX_LINK,
        });
    }
    let (version, data) = fragment.split_once('.').ok_or(LinkError::NotALink)?;
    let number = version.strip_prefix('v').ok_or(LinkError::NotALink)?;
    if number.is_empty() || number.len() > 4 || !number.bytes().all(|b| b.is_ascii_digit()) {
        return Err(LinkError::NotALink);
    }
    if version != VERSION {
        return Err(LinkError::UnknownVersion(version.to_owned()));
    }
    let packed = URL_SAFE_NO_PAD
        .decode(data.trim_end_matches('='))
        .map_err(|_| LinkError::Damaged("characters that a link does not have"))?;
    let content =
        decompress_to_vec_with_limit(&packed, MAX_CONTENT).map_err(|error| match error.status {
            TINFLStatus::HasMoreOutput => LinkError::Bomb,
            _ => LinkError::Damaged("its content does not unpack"),
        })?;
    wire::from_json(&content)
}
