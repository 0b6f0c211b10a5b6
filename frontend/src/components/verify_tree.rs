//! The tag's documents as a tree: each with its digest, its size, and the tick of its own hash.

use std::collections::BTreeSet;

use polyarch_core::verify::Finding;
use yew::prelude::*;

use super::cpu_badge::CpuBadge;
use super::digest::ShortDigest;
use super::findings::{FindingArticle, severity_icon, severity_word};
use super::icon::{Glyph, Icon};
use super::prose::prose;
use crate::browser;
use crate::hooks::use_texts;
use crate::i18n::Texts;
use crate::verify::{Kind, Row, State};

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// What was asked for.
    pub(crate) reference: AttrValue,
    pub(crate) rows: Vec<Row>,
    pub(crate) findings: Vec<Finding>,
    /// Answers are still coming in.
    #[prop_or_default]
    pub(crate) busy: bool,
}

#[component]
pub(crate) fn VerifyTree(props: &Props) -> Html {
    let texts = use_texts();
    let mut told = BTreeSet::new();
    let mut row = |(at, row): (usize, &Row)| {
        let mut parts = vec![document_row(props, at, row, texts)];
        for at in &row.findings {
            let Some(finding) = props.findings.get(*at) else {
                continue;
            };
            // In full where it stands first; what shares the document points there.
            parts.push(if told.insert(*at) {
                finding_row(*at, finding)
            } else {
                again_row(*at, finding, texts)
            });
        }
        html! { <>{ for parts }</> }
    };
    let rows: Vec<Html> = props.rows.iter().enumerate().map(&mut row).collect();
    html! {
        <>
            <table class="tree" aria-label={(texts.tree_label)(&props.reference)}>
                <thead>
                    <tr>
                        <th scope="col">{ texts.document }</th>
                        <th scope="col" class="dg">{ texts.digest }</th>
                        <th scope="col" class="sz">{ texts.size }</th>
                        <th scope="col" class="ck">{ texts.hashed_here }</th>
                    </tr>
                </thead>
                <tbody>{ for rows }</tbody>
            </table>
            <p class="hint note">{ texts.tick_note }</p>
        </>
    }
}

fn document_row(props: &Props, at: usize, row: &Row, texts: &Texts) -> Html {
    let bad = matches!(row.state, State::Bad | State::Missing);
    let label = match (&row.platform, row.level) {
        (_, 1) => props.reference.to_string(),
        (Some(platform), _) => platform.to_string(),
        (None, _) => kind(row.kind, texts).to_owned(),
    };
    let named = row.platform.is_some() || row.level == 1;
    html! {
        <tr class={classes!(format!("level-{}", row.level.min(4)), bad.then_some("bad"))}>
            <th scope="row">
                <span class="node">
                    if let Some(platform) = row.platform.as_ref().filter(|_| row.level > 1) {
                        <CpuBadge platform={platform.clone()} {bad} />
                    }
                    <span class="label">{ label }</span>
                    if named {
                        <span class="kind">{ kind(row.kind, texts) }</span>
                    }
                </span>
            </th>
            <td class="dg">
                if let Some(digest) = &row.digest {
                    <ShortDigest digest={digest.clone()} />
                }
            </td>
            <td class="sz num">{ row.size.map(|size| (texts.bytes)(usize::try_from(size).unwrap_or(usize::MAX))) }</td>
            <td class="ck num" style={format!("--at:{at}")}>
                if props.busy && row.state == State::Unknown {
                    <span class="there">{ "…" }</span>
                } else {
                    { check(row, texts) }
                }
            </td>
        </tr>
    }
}

fn check(row: &Row, texts: &Texts) -> Html {
    let time = row.time.map(|time| (texts.milliseconds)(time));
    match row.state {
        State::Hashed => html! {
            <>
                <Icon glyph={Glyph::Check} class="tick" />
                <span class="vh">{ texts.hashed_ok }{ ", " }</span>
                <span class="ms">{ time }</span>
            </>
        },
        State::There => html! {
            <><span class="there">{ texts.there }</span><span class="ms">{ time }</span></>
        },
        State::Bad => gone(match row.kind {
            Kind::Layer => texts.gone,
            _ if row.size.is_some() => texts.hashed_bad,
            _ => texts.gone,
        }),
        State::Missing => gone(texts.missing),
        State::Unknown => html! { <span class="there">{ texts.unknown }</span> },
    }
}

fn gone(word: &'static str) -> Html {
    html! { <span class="gone"><Icon glyph={Glyph::Cross} size={14} />{ word }</span> }
}

fn finding_row(at: usize, finding: &Finding) -> Html {
    let severity = finding.diagnostic.severity.as_str();
    html! {
        <tr class={classes!("at-node", severity)}>
            <td colspan="4">
                <FindingArticle id={format!("found-{at}")} finding={finding.diagnostic.clone()} />
            </td>
        </tr>
    }
}

/// A finding at a further row that it concerns.
fn again_row(at: usize, finding: &Finding, texts: &Texts) -> Html {
    let onclick = Callback::from(move |_: MouseEvent| {
        let id = format!("found-{at}");
        browser::reveal(&id);
        browser::focus(&id);
    });
    let severity = finding.diagnostic.severity;
    html! {
        <tr class={classes!("at-node", "again", severity.as_str())}>
            <td colspan="4">
                <button type="button" class="plain" {onclick}>
                    { severity_icon(severity) }
                    <span class="vh">{ severity_word(severity, texts) }</span>
                    { prose(&finding.diagnostic.message) }
                </button>
            </td>
        </tr>
    }
}

fn kind(kind: Kind, texts: &Texts) -> &'static str {
    match kind {
        Kind::Tag => texts.reference,
        Kind::Index => texts.index,
        Kind::Manifest => texts.manifest,
        Kind::Config => texts.image_config,
        Kind::Layer => texts.layer,
        Kind::Attestation => texts.attestation,
        Kind::Artifact => texts.artifact,
    }
}
