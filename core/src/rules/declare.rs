//! The macro that makes a rule's type and keeps its doc comment as its page.

/// Declares a rule: its doc comment is the page that the command line, the playground and the docs
/// show.
///
/// Optional fields stand in this order: `why_zh`, `waivable` (false unless said), `inconclusive`
/// (false unless said), `pitfalls`.
macro_rules! declare_rule {
    (
        $(#[doc = $doc:literal])+
        pub $rule:ident {
            name: $name:literal,
            severity: $severity:ident,
            group: $group:ident,
            title: $title:literal,
            title_zh: $title_zh:literal,
            since: $since:literal,
            $(why_zh: $why_zh:literal,)?
            $(waivable: $waivable:literal,)?
            $(inconclusive: $inconclusive:literal,)?
            $(pitfalls: [$($pitfall:literal),* $(,)?],)?
        }
    ) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Copy)]
        pub(crate) struct $rule;

        impl $rule {
            /// What is known of this rule without running it.
            pub(crate) const METADATA: $crate::rules::Metadata = $crate::rules::Metadata {
                name: $name,
                severity: $crate::diagnostic::Severity::$severity,
                group: $crate::rules::Group::$group,
                title: $title,
                title_zh: $title_zh,
                since: $since,
                why_zh: concat!("" $(, $why_zh)?),
                waivable: false $(|| $waivable)?,
                inconclusive: false $(|| $inconclusive)?,
                pitfalls: &[$($($pitfall),*)?],
                docs: concat!($($doc, "\n"),+),
            };
        }
    };
}

pub(crate) use declare_rule;
