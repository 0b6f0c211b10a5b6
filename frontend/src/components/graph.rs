//! The build graph as core lays it out: lines drawn behind, steps as buttons before them.
//!
//! One tab stop; arrows go to the next step in the lane or to the nearest one beside it.

use std::rc::Rc;

use polyarch_core::analysis::graph::{self, Edge, Graph, NODE, Node};
use polyarch_core::analysis::{Analysis, Runs};
use yew::prelude::*;

use crate::browser;
use crate::hooks::use_texts;
use crate::i18n::Texts;
use crate::state::Selection;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) analysis: Rc<Analysis>,
    pub(crate) selection: Selection,
    pub(crate) onselect: Callback<Selection>,
}

#[component]
pub(crate) fn GraphView(props: &Props) -> Html {
    let texts = use_texts();
    let graph = use_memo(props.analysis.clone(), |analysis| graph::graph(analysis));
    let chosen = chosen(&graph, props.selection);
    use_effect_with(chosen, |chosen| {
        if let Some(at) = chosen {
            browser::reveal(&id(*at));
        }
    });
    if graph.nodes.is_empty() {
        return html! { <p class="empty">{ texts.views.no_steps }</p> };
    }
    let stop = chosen.unwrap_or(0);
    let onkeydown = {
        let (graph, onselect) = (Rc::clone(&graph), props.onselect.clone());
        Callback::from(move |event: KeyboardEvent| {
            let Some(to) = step(&graph, stop, &event.key()) else {
                return;
            };
            event.prevent_default();
            if let Some(at) = graph.nodes.get(to).and_then(place) {
                onselect.emit(at);
            }
            browser::focus(&id(to));
        })
    };
    let (width, height) = graph.size;
    let lane = |lane: &graph::Lane| {
        let name = match lane.column.and_then(|at| props.analysis.platforms.get(at)) {
            Some(platform) => platform.requested.clone(),
            None => texts.legend_once.to_owned(),
        };
        html! { <li style={format!("inset-inline-start:{}px;inline-size:{}px", lane.x, NODE.0)}>{ name }</li> }
    };
    html! {
        <div class="across graph-pane" tabindex="-1">
            <ol class="lanes" style={format!("inline-size:{width}px")} aria-label={texts.platforms}>
                { for graph.lanes.iter().map(lane) }
            </ol>
            <div class="graph" role="group" aria-label={texts.views.graph_label}
                style={format!("inline-size:{width}px;block-size:{height}px")} {onkeydown}>
                { for graph.stages.iter().map(|band| html! {
                    <div class="band" style={format!("inset-block-start:{}px;block-size:{}px", band.y, band.height)}>
                        { &band.name }
                    </div>
                }) }
                <svg width={width.to_string()} height={height.to_string()} aria-hidden="true">
                    { for graph.edges.iter().map(|edge| line(edge, chosen)) }
                </svg>
                { for graph.nodes.iter().enumerate()
                    .map(|(at, node)| button(props, &graph, at, node, stop, texts)) }
            </div>
        </div>
    }
}

fn button(
    props: &Props,
    graph: &Graph,
    at: usize,
    node: &Node,
    stop: usize,
    texts: &Texts,
) -> Html {
    let here = place(node);
    let chosen = here.is_some_and(|here| {
        here.line == props.selection.line && node.columns.contains(&props.selection.column)
    });
    let onclick = here.map(|here| {
        let column = if node.columns.contains(&props.selection.column) {
            props.selection.column
        } else {
            here.column
        };
        let to = Selection { column, ..here };
        props.onselect.reform(move |_: MouseEvent| to)
    });
    let reads = graph.edges.iter().filter(|edge| edge.to == at);
    let reads = reads.filter_map(|edge| graph.nodes.get(edge.from));
    let reads: Vec<&str> = reads.map(|node| node.name.as_str()).collect();
    let shown = short(&node.name).replace("docker.io/library/", "");
    // The name begins with what is to be seen, for those who speak to their browser.
    let mut label = format!("{shown}, {}", node.name);
    if !reads.is_empty() {
        label = format!("{label}, {}", (texts.views.reads)(&reads.join(", ")));
    }
    html! {
        <button type="button" key={at} id={id(at)} class="vertex" data-look={look(node)}
            tabindex={if at == stop { "0" } else { "-1" }} aria-pressed={chosen.to_string()}
            aria-label={label} title={node.name.clone()} {onclick}
            style={format!("left:{}px;top:{}px;inline-size:{}px;block-size:{}px", node.x, node.y, NODE.0, NODE.1)}>
            { shown }
        </button>
    }
}

fn line(edge: &Edge, chosen: Option<usize>) -> Html {
    let points = edge.points.iter();
    let points: Vec<String> = points.map(|(x, y)| format!("{x},{y}")).collect();
    let near = chosen.is_some_and(|at| at == edge.from || at == edge.to);
    html! { <polyline points={points.join(" ")} class={near.then_some("near")} /> }
}

/// What a step is to the loom as well: its line and its first column.
fn place(node: &Node) -> Option<Selection> {
    Some(Selection {
        line: node.line?,
        column: *node.columns.first()?,
    })
}

fn chosen(graph: &Graph, selection: Selection) -> Option<usize> {
    let mut nodes = graph.nodes.iter();
    nodes.position(|node| {
        node.line == Some(selection.line) && node.columns.contains(&selection.column)
    })
}

/// The step that an arrow leads to.
fn step(graph: &Graph, from: usize, key: &str) -> Option<usize> {
    let here = graph.nodes.get(from)?;
    let nodes = graph.nodes.iter().enumerate();
    let found = match key {
        "ArrowDown" => nodes
            .filter(|(_, node)| node.lane == here.lane && node.y > here.y)
            .min_by_key(|(_, node)| node.y),
        "ArrowUp" => nodes
            .filter(|(_, node)| node.lane == here.lane && node.y < here.y)
            .max_by_key(|(_, node)| node.y),
        "ArrowRight" => nodes
            .filter(|(_, node)| node.lane > here.lane)
            .min_by_key(|(_, node)| (node.lane, node.y.abs_diff(here.y))),
        "ArrowLeft" => nodes
            .filter(|(_, node)| node.lane < here.lane)
            .min_by_key(|(_, node)| (usize::MAX - node.lane, node.y.abs_diff(here.y))),
        _ => None,
    };
    found.map(|(at, _)| at)
}

/// Name of the look that the loom has for it too.
fn look(node: &Node) -> &'static str {
    match node.runs {
        Some(Runs::Unsupported) => "fail",
        Some(Runs::Emulated) => "emulated",
        _ if node.columns.len() > 1 => "once",
        Some(Runs::Native) => "native",
        None => "none",
    }
}

fn id(at: usize) -> String {
    format!("vertex-{at}")
}

/// The name without what its lane and its stage say already.
pub(crate) fn short(name: &str) -> &str {
    match name.split_once("] ") {
        Some((_, rest)) if name.starts_with('[') => rest,
        _ => name,
    }
}
