//! The loom: steps as rows, platforms as columns, a shared step spanning the columns it serves.
//!
//! A `grid` after the ARIA pattern: one tab stop, arrows move from cell to cell, and the cell with
//! the focus is the selection that the editor and the explanation show as well.

mod cell;
mod legend;
mod published;
mod walkway;

use std::collections::BTreeSet;
use std::rc::Rc;

use polyarch_core::analysis::{Analysis, CellState, PlatformView, RowView, StageView};
use yew::prelude::*;

use super::icon::{Glyph, Icon};
use crate::browser;
use crate::hooks::use_texts;
use crate::i18n::Texts;
use crate::state::Selection;
use cell::LoomCell;
use legend::Legend;
use published::PublishedRow;
use walkway::Walkway;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) analysis: Rc<Analysis>,
    /// What the result is pushed as.
    pub(crate) tags: Vec<String>,
    pub(crate) selection: Selection,
    /// Whether the selected cell is to be scrolled into view.
    pub(crate) reveal: bool,
    pub(crate) onselect: Callback<Selection>,
    /// `None` where the columns are not the page's to choose.
    pub(crate) onremove: Option<Callback<usize>>,
    pub(crate) onescape: Callback<()>,
}

#[component]
pub(crate) fn Loom(props: &Props) -> Html {
    let texts = use_texts();
    let unfolded = use_state(BTreeSet::<usize>::new);
    let walkway = Walkway::new(&props.analysis, &unfolded);
    use_effect_with(
        (walkway.home(props.selection), props.reveal),
        |(selection, reveal)| {
            if *reveal {
                browser::reveal(&cell_id(*selection));
            }
        },
    );
    let stop = walkway.stop(props.selection);
    let onkeydown = {
        let (onselect, onescape) = (props.onselect.clone(), props.onescape.clone());
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                return onescape.emit(());
            }
            if event.ctrl_key() || event.alt_key() || event.meta_key() {
                return;
            }
            let Some(to) = walkway.step(stop, &event.key()) else {
                return;
            };
            event.prevent_default();
            onselect.emit(to);
            browser::focus(&cell_id(walkway.home(to)));
        })
    };
    let columns = props.analysis.platforms.len();
    let stage = |(at, stage): (usize, &StageView)| {
        let toggle = {
            let unfolded = unfolded.clone();
            Callback::from(move |_: MouseEvent| {
                let mut next = (*unfolded).clone();
                if !next.remove(&at) {
                    next.insert(at);
                }
                unfolded.set(next);
            })
        };
        let open = stage.used || unfolded.contains(&at);
        let mut rows = vec![stage_row(stage, columns, open, toggle, texts)];
        if open {
            for row in &stage.rows {
                rows.push(loom_row(props, stage, row, stop));
                rows.extend(said_row(row, columns));
            }
        }
        html! { <tbody key={at} role="rowgroup">{ for rows }</tbody> }
    };
    html! {
        <div class="weave" style={format!("--n:{columns}")}>
            <table class="loom" role="grid" aria-label={texts.loom_label} {onkeydown}>
                <thead role="rowgroup">
                    <tr role="row">
                        <th role="columnheader" scope="col">{ texts.step }</th>
                        { for props.analysis.platforms.iter().enumerate()
                            .map(|(at, platform)| column_header(props, at, platform, texts)) }
                    </tr>
                </thead>
                { for props.analysis.stages.iter().enumerate().map(stage) }
                <PublishedRow analysis={props.analysis.clone()} tags={props.tags.clone()} {stop}
                    selection={props.selection} onselect={props.onselect.clone()} />
            </table>
            <Legend />
        </div>
    }
}

fn column_header(props: &Props, at: usize, platform: &PlatformView, texts: &Texts) -> Html {
    let used_by = match &platform.platform {
        Some(known) => {
            let cpu = super::cpu_badge::short(&polyarch_core::platform::Platform {
                os: "linux".to_owned(),
                ..known.clone()
            });
            (texts.used_by)(&known.os, &cpu)
        }
        None => Some(texts.no_platform),
    };
    let label = (texts.remove_platform)(&platform.requested);
    html! {
        <th key={at} role="columnheader" scope="col">
            <b>{ &platform.requested }</b>
            <span class="for">{ used_by }</span>
            if let Some(onremove) = props.onremove.as_ref().filter(|_| props.analysis.platforms.len() > 1) {
                <button type="button" class="drop" tabindex="-1" aria-label={label.clone()}
                    title={label} onclick={onremove.reform(move |_: MouseEvent| at)}>
                    <Icon glyph={Glyph::Cross} size={12} />
                </button>
            }
        </th>
    }
}

fn stage_row(
    stage: &StageView,
    columns: usize,
    open: bool,
    onclick: Callback<MouseEvent>,
    texts: &Texts,
) -> Html {
    let title = if stage.is_final && stage.name.starts_with("stage-") {
        texts.final_image.to_owned()
    } else {
        stage.name.clone()
    };
    let first = stage.rows.first().and_then(|row| row.cells.first());
    let remark = match first {
        _ if !stage.used => (texts.stage_unused)(stage.rows.len()),
        Some(cell) if cell.columns == columns && columns > 1 => match &cell.on {
            Some(on) => (texts.stage_once)(&on.specifier()),
            None => texts.once.to_owned(),
        },
        _ => texts.stage_each.to_owned(),
    };
    html! {
        <tr role="row" class={classes!("stage", (!stage.used).then_some("folded"))}>
            <th role="rowheader" scope="rowgroup" colspan={(columns + 1).to_string()}>
                if stage.used {
                    <b>{ title }</b>
                } else {
                    <button type="button" aria-expanded={open.to_string()} {onclick}
                        aria-label={(texts.show_steps)(&title)}>
                        <Icon glyph={if open { Glyph::Down } else { Glyph::Right }} />
                        <b>{ title.clone() }</b>
                    </button>
                }
                if stage.is_final && !stage.name.starts_with("stage-") {
                    <span>{ texts.final_image }{ "," }</span>
                }
                <span>{ remark }</span>
            </th>
        </tr>
    }
}

fn loom_row(props: &Props, stage: &StageView, row: &RowView, stop: Selection) -> Html {
    let selected = props.selection.line == row.line;
    let column = props.selection.column;
    let onclick = {
        let (onselect, line) = (props.onselect.clone(), row.line);
        Callback::from(move |_: MouseEvent| onselect.emit(Selection { line, column }))
    };
    html! {
        <tr key={row.line} role="row" aria-selected={selected.to_string()}
            class={(!stage.used).then_some("off")}>
            <th role="rowheader" scope="row" class="step" {onclick}
                title={format!("{} {}", row.keyword, row.text)}>
                <span class="ln">{ row.line }</span>
                <span class="src"><span class="k">{ &row.keyword }</span>{ " " }{ &row.text }</span>
            </th>
            { for row.cells.iter().map(|cell| {
                let is = |at: Selection| at.line == row.line
                    && (cell.column..cell.column + cell.columns).contains(&at.column);
                html! {
                    <LoomCell key={cell.column} analysis={props.analysis.clone()}
                        span={row.span} line={row.line} cell={cell.clone()}
                        selected={is(props.selection)} tab={is(stop)}
                        onselect={props.onselect.clone()} />
                }
            }) }
        </tr>
    }
}

/// The tool's own text, whole and across all columns, right under the step that it is about.
fn said_row(row: &RowView, columns: usize) -> Option<Html> {
    let mut texts = row.cells.iter().filter_map(|cell| match &cell.state {
        CellState::Failed(text) => Some(text),
        _ => None,
    });
    let text = texts.next()?;
    Some(html! {
        <tr key={format!("said-{}", row.line)} role="row" class="said">
            <td role="gridcell" colspan={(columns + 1).to_string()} lang="en">
                <code class="tooltext">{ text }</code>
            </td>
        </tr>
    })
}

/// Id of the cell whose first column this is.
fn cell_id(at: Selection) -> String {
    format!("cell-{}-{}", at.line, at.column)
}
