//! What a build costs, by platform and in all, and what other ways to build the same would: each
//! with the edit that gets there.

use std::rc::Rc;

use polyarch_core::analysis::{
    Alternative, Analysis, Bill, Cost, PlatformView, Project, Reach, Way, alternatives, bills,
    reach,
};
use yew::prelude::*;

use crate::hooks::use_texts;
use crate::i18n::Texts;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) analysis: Rc<Analysis>,
    /// As typed.
    pub(crate) project: Project,
    /// As it is built.
    pub(crate) built: Rc<Project>,
    /// The project as a way needs it, and the way's name.
    pub(crate) onreach: Callback<(Project, &'static str)>,
}

#[component]
pub(crate) fn CostsView(props: &Props) -> Html {
    let texts = use_texts();
    let ways = use_memo(
        (props.project.clone(), props.built.clone()),
        |(project, built)| {
            let ways = alternatives(built).into_iter();
            ways.map(|one| (reach(project, built, one.way), one))
                .collect::<Vec<_>>()
        },
    );
    html! {
        <div class="across costs" tabindex="-1">
            { table(&props.analysis, texts) }
            <p class="hint note">{ texts.views.cost_note }</p>
            <div class="head"><h2>{ texts.views.ways }</h2></div>
            if ways.is_empty() {
                <p class="empty">{ texts.views.no_ways }</p>
            } else {
                { self::ways(&ways, &props.onreach, texts) }
                <p class="hint note">{ texts.views.ways_note }</p>
            }
        </div>
    }
}

fn table(analysis: &Analysis, texts: &Texts) -> Html {
    let words = texts.views;
    let (each, all) = bills(analysis);
    let row = |name: Html, cost: Cost, bill: Bill| {
        html! {
            <tr>
                <th scope="row">{ name }</th>
                <td class="num" data-cost="time">{ (words.estimate)(cost.elapsed) }</td>
                <td class="num" data-cost="emulated">{ bill.emulated }</td>
                <td class="num" data-cost="bytes">{ bytes(bill, texts) }</td>
                <td class="num" data-cost="pulls">{ bill.pulls }</td>
            </tr>
        }
    };
    let of_platform = |(platform, bill): (&PlatformView, Bill)| {
        let name = html! { <code>{ &platform.requested }</code> };
        row(name, platform.cost, bill)
    };
    html! {
        <table class="sheet-table">
            <thead>
                <tr>
                    <th scope="col">{ texts.views.os_arch }</th>
                    <th scope="col" class="num">{ words.estimated_time }</th>
                    <th scope="col" class="num">{ words.emulated_steps }</th>
                    <th scope="col" class="num">{ words.to_push }</th>
                    <th scope="col" class="num">{ words.hub_pulls }</th>
                </tr>
            </thead>
            <tbody>{ for analysis.platforms.iter().zip(each).map(of_platform) }</tbody>
            <tfoot>{ row(html! { <b>{ words.in_all }</b> }, analysis.cost, all) }</tfoot>
        </table>
    }
}

fn bytes(bill: Bill, texts: &Texts) -> Html {
    let words = texts.views;
    let known = (words.megabytes)(bill.bytes);
    match (bill.bytes, bill.complete) {
        (0, _) => html! { { "–" } },
        (_, true) => html! { { known } },
        (_, false) => html! { { (words.base_and_more)(&known) } },
    }
}

fn ways(
    ways: &[(Reach, Alternative)],
    onreach: &Callback<(Project, &'static str)>,
    texts: &'static Texts,
) -> Html {
    let words = texts.views;
    let slowest = ways.iter().map(|(_, one)| one.whole.elapsed).max();
    let slowest = slowest.unwrap_or_default().max(1);
    let row = |(reach, one): &(Reach, Alternative)| {
        let (name, about) = (words.way)(one.way);
        let share = one.whole.elapsed * 100 / slowest;
        html! {
            <tr data-way={one.way.as_str()}>
                <th scope="row"><b>{ name }</b><span class="why">{ about }</span></th>
                <td class="bar">
                    <span class="num">{ (words.estimate)(one.whole.elapsed) }</span>
                    <i aria-hidden="true" style={format!("inline-size:{share}%")} />
                </td>
                <td class="num">{ (words.estimate)(one.whole.work) }</td>
                <td class="act">{ action(reach, one.way, name, onreach, texts) }</td>
            </tr>
        }
    };
    html! {
        <table class="sheet-table ways">
            <thead>
                <tr>
                    <th scope="col">{ words.way_column }</th>
                    <th scope="col">{ words.until_done }</th>
                    <th scope="col" class="num">{ words.work_in_all }</th>
                    <th scope="col"><span class="vh">{ words.change_to }</span></th>
                </tr>
            </thead>
            <tbody>{ for ways.iter().map(row) }</tbody>
        </table>
    }
}

fn action(
    reach: &Reach,
    way: Way,
    name: &'static str,
    onreach: &Callback<(Project, &'static str)>,
    texts: &Texts,
) -> Html {
    let words = texts.views;
    let said = match reach {
        _ if way == Way::AsWritten => "",
        Reach::Already => words.way_already,
        Reach::NoBuildStage => words.way_no_stage,
        Reach::ByHand => words.way_by_hand,
        Reach::Edit(project) => {
            let project = Project::clone(project);
            let onclick = onreach.reform(move |_: MouseEvent| (project.clone(), name));
            let label = format!("{}: {name}", words.change_to);
            return html! {
                <button type="button" class="btn" aria-label={label} {onclick}>{ words.change_to }</button>
            };
        }
    };
    html! { <span class="why">{ said }</span> }
}
