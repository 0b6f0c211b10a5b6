//! The loom's last row, under a heavy rule as in an account: what the tag would hold.

use std::rc::Rc;

use polyarch_core::analysis::{Analysis, DocumentKind, DocumentView, PlatformView, VerdictKind};
use polyarch_core::diagnostic::Severity;
use yew::prelude::*;

use super::cell_id;
use crate::components::cpu_badge::CpuBadge;
use crate::components::digest::ShortDigest;
use crate::components::icon::{Glyph, Icon};
use crate::hooks::use_texts;
use crate::state::Selection;
use crate::state::workbench::PUBLISHED;

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) analysis: Rc<Analysis>,
    pub(super) tags: Vec<String>,
    pub(super) stop: Selection,
    pub(super) selection: Selection,
    pub(super) onselect: Callback<Selection>,
}

#[component]
pub(super) fn PublishedRow(props: &Props) -> Html {
    let texts = use_texts();
    let analysis = &*props.analysis;
    let pushed = matches!(
        analysis.verdict.kind,
        VerdictKind::Publishes | VerdictKind::PublishesWrong
    );
    let cell = |(column, platform): (usize, &PlatformView)| {
        let at = Selection {
            line: PUBLISHED,
            column,
        };
        let broken = platform.error.is_some();
        let wrong = pushed && is_wrong(analysis, platform);
        let state = match (broken || wrong, pushed) {
            (true, _) => "fail",
            (false, true) => "none",
            (false, false) => "after",
        };
        let manifest = manifest(analysis, platform);
        html! {
            <td key={column} id={cell_id(at)} role="gridcell" data-state={state}
                style={format!("--at:{column};--span:1")}
                aria-selected={(props.selection == at).to_string()}
                tabindex={if props.stop == at { "0" } else { "-1" }}
                onclick={props.onselect.reform(move |_: MouseEvent| at)}>
                <span class="sum">
                    if pushed && !broken {
                        if let Some(export) = platform.export.as_ref().or(platform.platform.as_ref()) {
                            <CpuBadge platform={export.clone()} bad={wrong} />
                        }
                    } else {
                        if broken { <Icon glyph={Glyph::Cross} size={14} /> }
                        { texts.not_published }
                    }
                    if pushed && !broken && platform.cost.elapsed > 0 {
                        <span class="took num">{ (texts.views.estimate)(platform.cost.elapsed) }</span>
                    }
                </span>
                if let Some(document) = manifest.filter(|_| pushed && !broken) {
                    <ShortDigest digest={document.digest.clone()} simulated={document.simulated}
                        focusable={false} />
                }
            </td>
        }
    };
    html! {
        <tfoot role="rowgroup">
            <tr role="row" aria-selected={(props.selection.line == PUBLISHED).to_string()}>
                <th role="rowheader" scope="row">
                    <b>{ texts.published_as }</b>
                    <span class="ref">
                        { props.tags.first().cloned().unwrap_or_else(|| texts.no_tag.to_owned()) }
                    </span>
                </th>
                { for analysis.platforms.iter().enumerate().map(cell) }
            </tr>
        </tfoot>
    }
}

/// Whether an error is about what this platform gets.
fn is_wrong(analysis: &Analysis, platform: &PlatformView) -> bool {
    let errors = analysis
        .diagnostics
        .iter()
        .filter(|d| d.severity == Severity::Error);
    let mut about = errors.filter_map(|finding| finding.platform());
    platform
        .platform
        .as_ref()
        .is_some_and(|own| about.any(|other| other.is_same(own)))
}

fn manifest<'a>(analysis: &'a Analysis, platform: &PlatformView) -> Option<&'a DocumentView> {
    let export = platform.export.as_ref().or(platform.platform.as_ref())?;
    analysis.documents.iter().find(|document| {
        document.kind == DocumentKind::Manifest
            && document
                .platform
                .as_ref()
                .is_some_and(|p| p.is_same(export))
    })
}
