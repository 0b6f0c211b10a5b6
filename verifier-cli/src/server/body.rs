//! Response bodies: whole, or cut short of the length that was promised.

use std::io;

use futures_util::stream;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::{Bytes, Frame};

use super::{cut_short, never};

/// Any body.
pub(super) type Body = UnsyncBoxBody<Bytes, io::Error>;

/// All of the bytes.
pub(super) fn whole(bytes: impl Into<Bytes>) -> Body {
    Full::new(bytes.into()).map_err(never).boxed_unsync()
}

/// The bytes, and then the end of the connection.
pub(super) fn then_cut(bytes: impl Into<Bytes>) -> Body {
    let frames = [Ok(Frame::data(bytes.into())), Err(cut_short())];
    StreamBody::new(stream::iter(frames)).boxed_unsync()
}
