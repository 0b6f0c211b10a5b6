//! The files of each platform's image: which CPU each is for, why, and where it comes from.
//!
//! One row a path, one column a platform as in the loom; neighbours that say the same share a cell.

mod groups;

use std::rc::Rc;

use polyarch_core::analysis::{Analysis, ContentView, PlatformView};
use yew::prelude::*;

use super::icon::{Glyph, Icon};
use super::machine::Machine;
use crate::hooks::use_texts;
use crate::i18n::Texts;
use crate::state::Selection;
use groups::{Group, Kind, PathRow, groups};

/// More rows of a group than this are counted only.
const MOST: usize = 200;

/// Files for any CPU are folded where there are more than this.
const CALM: usize = 6;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) analysis: Rc<Analysis>,
    pub(crate) selection: Selection,
    pub(crate) onselect: Callback<Selection>,
}

#[component]
pub(crate) fn ContentTable(props: &Props) -> Html {
    let texts = use_texts();
    let unfolded = use_state(|| false);
    let platforms = &props.analysis.platforms;
    let groups = groups(platforms);
    if groups.is_empty() {
        return html! { <p class="empty">{ texts.views.no_files }</p> };
    }
    let toggle = {
        let unfolded = unfolded.clone();
        Callback::from(move |_: MouseEvent| unfolded.set(!*unfolded))
    };
    let group = |group: &Group<'_>| {
        let folds = group.kind == Kind::Any && group.rows.len() > CALM;
        let open = !folds || *unfolded;
        let more = group.rows.len().saturating_sub(MOST);
        html! {
            <tbody key={group.kind as usize} data-kind={group.kind.look()}>
                { heading(group, platforms.len(), folds.then_some((open, toggle.clone())), texts) }
                if open {
                    { for group.rows.iter().take(MOST).map(|row| path_row(props, row, texts)) }
                    if more > 0 {
                        <tr class="more"><td>{ (texts.views.and_more)(more) }</td></tr>
                    }
                }
            </tbody>
        }
    };
    let header = |platform: &PlatformView| {
        html! { <th scope="col"><b>{ &platform.requested }</b></th> }
    };
    html! {
        <div class="across" tabindex="0" role="group" aria-label={texts.views.content_label}>
            <table class="contents" style={format!("--n:{}", platforms.len())}>
                <thead>
                    <tr>
                        <th scope="col">{ texts.views.file }</th>
                        { for platforms.iter().map(header) }
                    </tr>
                </thead>
                { for groups.iter().map(group) }
            </table>
            <p class="hint note">{ texts.views.content_note }</p>
        </div>
    }
}

fn heading(
    group: &Group<'_>,
    columns: usize,
    fold: Option<(bool, Callback<MouseEvent>)>,
    texts: &Texts,
) -> Html {
    let label = match group.kind {
        Kind::Wrong => texts.views.for_another,
        Kind::One => texts.views.for_one,
        Kind::Unknown => texts.views.for_unknown,
        Kind::Any => texts.views.for_any,
    };
    let count = html! { <span class="num">{ group.rows.len() }</span> };
    html! {
        <tr class="stage">
            <th scope="rowgroup" colspan={(columns + 1).to_string()}>
                if let Some((open, onclick)) = fold {
                    <button type="button" aria-expanded={open.to_string()} {onclick}>
                        <Icon glyph={if open { Glyph::Down } else { Glyph::Right }} />
                        <b>{ label }</b>
                    </button>
                } else {
                    <b>{ label }</b>
                }
                { count }
            </th>
        </tr>
    }
}

fn path_row(props: &Props, row: &PathRow<'_>, texts: &Texts) -> Html {
    let first = row.first();
    let selected = first.line.is_some() && first.line == Some(props.selection.line);
    let onclick = first.line.map(|line| {
        let at = Selection {
            line,
            column: row.telling(),
        };
        props.onselect.reform(move |_: MouseEvent| at)
    });
    let place = match (first.made, first.line) {
        (Some(made), Some(line)) => Some((texts.views.made_then)(made, line)),
        (None, Some(line)) => Some((texts.views.at_line)(line)),
        (_, None) => None,
    };
    html! {
        <tr key={row.path} aria-current={selected.then_some("true")}>
            <th scope="row">
                <button type="button" class="path" disabled={onclick.is_none()} {onclick}>
                    <code>{ row.path }{ if first.folder { "/" } else { "" } }</code>
                </button>
                <span class="from">
                    { (texts.views.origin)(first.origin, &first.from) }
                    if first.folder { { ", " }{ texts.views.all_in_folder } }
                    if let Some(place) = place { <span class="at">{ place }</span> }
                </span>
            </th>
            { for row.cells.iter().map(|(column, columns, entry)| cell(*column, *columns, *entry, texts)) }
        </tr>
    }
}

fn cell(column: usize, columns: usize, entry: Option<&ContentView>, texts: &Texts) -> Html {
    let style = format!("--at:{column};--span:{columns}");
    let Some(entry) = entry else {
        return html! { <td {style} class="quiet">{ texts.views.not_there }</td> };
    };
    html! {
        <td {style} colspan={columns.to_string()} data-wrong={entry.wrong.then_some("")}>
            <span class="is">
                if entry.wrong { <Icon glyph={Glyph::Cross} size={14} /> }
                <Machine entry={entry.clone()} />
            </span>
            <span class="why" lang="en">{ &entry.why }</span>
        </td>
    }
}
