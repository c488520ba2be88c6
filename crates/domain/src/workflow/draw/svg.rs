//! SVG: statuses in layers from left to right, by the least number of moves from the initial status. Between the layers
//! each transition has a box of its own, where the lines from its starting statuses meet and an arrow leaves for the
//! target. So every name is written once, and no name covers another.
//!
//! A line also has a place in every layer that it passes, so that it goes around the boxes. The order inside the layers
//! has few crossings: repeated sweeps move everything to the mean place of its neighbours.

use std::{
    collections::{BTreeMap, VecDeque},
    fmt::Write as _,
};

use super::{Marks, label::arrow_label};
use crate::{
    text::xml_escaped,
    workflow::{Status, StatusKey, Workflow, transition::TransitionKind},
};

/// Sizes in SVG units.
const STATUS_HEIGHT: f64 = 34.0;
const TRANSITION_HEIGHT: f64 = 22.0;
const LINE_HEIGHT: f64 = 8.0;
const GAP: f64 = 12.0;
const BETWEEN_LAYERS: f64 = 56.0;
const MARGIN: f64 = 16.0;
/// Average width of a letter.
const STATUS_LETTER: f64 = 8.0;
const TRANSITION_LETTER: f64 = 6.6;
/// Sweeps over the layers. Further ones change little.
const SWEEPS: usize = 12;

const STYLE: &str = "svg{color:#1f2328}text{font:13px system-ui,sans-serif;text-anchor:middle}\
                     .line{fill:none;stroke:currentColor;stroke-opacity:.5}.rework{stroke-dasharray:2 4}\
                     .reopen{stroke-dasharray:7 4}.transition rect{fill:none;stroke:currentColor;stroke-opacity:.35}\
                     .transition text{fill:currentColor;font-size:11px}\
                     .present rect{stroke:currentColor;stroke-width:4}\
                     @media(prefers-color-scheme:dark){svg{color:#e6edf3}}";

/// Draws the workflow. A double border is a terminal status, a dotted line a rework, a dashed line a reopening.
pub(super) fn draw(workflow: &Workflow, marks: &Marks) -> String {
    let picture = Picture::of(workflow, marks);
    let (width, height) = picture.size();
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"{width:.0}\" height=\"{height:.0}\" \
         viewBox=\"0 0 {width:.0} {height:.0}\"><title>{}</title><style>{STYLE}</style>\
         <defs><marker id=\"head\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" \
         orient=\"auto\"><path d=\"M0 0L8 4L0 8z\" fill=\"currentColor\"/></marker></defs>",
        xml_escaped(workflow.name()),
    );
    for line in &picture.lines {
        picture.write_line(&mut svg, line);
    }
    for (hub, place) in picture.hubs.iter().zip(picture.places.iter().skip(workflow.statuses().len())) {
        let _ = write!(svg, "<g class=\"transition\">{}</g>", labelled(place, 11.0, "", &xml_escaped(&hub.label)));
    }
    for (status, place) in workflow.statuses().iter().zip(&picture.places) {
        write_status(&mut svg, status, place, marks.is_present(&status.key));
    }
    svg.push_str("</svg>\n");
    svg
}

fn write_status(svg: &mut String, status: &Status, place: &Place, is_present: bool) {
    let (color, text) = (status.color, status.color.readable_text());
    let key = xml_escaped(status.key.as_str());
    if status.terminal {
        let (left, top) = (place.left() - 4.0, place.top() - 4.0);
        let (width, height) = (place.width + 8.0, place.height + 8.0);
        let _ = write!(
            svg,
            "<rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" rx=\"9\" fill=\"none\" \
             stroke=\"{color}\"/>"
        );
    }
    let (class, said) = if is_present { (" class=\"present\"", ": the present status") } else { ("", "") };
    let label = format!("fill=\"{text}\">{}", xml_escaped(&status.label));
    let _ = write!(
        svg,
        "<g id=\"status-{key}\"{class}><title>{key}{said}</title><rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" \
         height=\"{:.1}\" rx=\"6\" fill=\"{color}\"/><text x=\"{:.1}\" y=\"{:.1}\" {label}</text></g>",
        place.left(),
        place.top(),
        place.width,
        place.height,
        place.x,
        place.y + 4.5,
    );
}

/// A box with a text in its middle.
fn labelled(place: &Place, radius: f64, attributes: &str, text: &str) -> String {
    format!(
        "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" rx=\"{radius:.0}\"{attributes}/>\
         <text x=\"{:.1}\" y=\"{:.1}\">{text}</text>",
        place.left(),
        place.top(),
        place.width,
        place.height,
        place.x,
        place.y + 4.0,
    )
}

/// Centre and size of a box, or of a line that passes a layer.
#[derive(Debug, Clone, Copy)]
struct Place {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

impl Place {
    fn left(&self) -> f64 {
        self.x - self.width / 2.0
    }

    fn right(&self) -> f64 {
        self.x + self.width / 2.0
    }

    fn top(&self) -> f64 {
        self.y - self.height / 2.0
    }
}

/// A transition to one target.
#[derive(Debug)]
struct Hub {
    from: Vec<usize>,
    to: usize,
    label: String,
    kind: TransitionKind,
}

/// A line between a status and a transition.
#[derive(Debug)]
struct Line {
    from: usize,
    to: usize,
    /// The places in the layers between both, from `from` to `to`.
    through: Vec<usize>,
    /// Whether it leads to the target.
    arrow: bool,
    kind: TransitionKind,
}

/// The places of the statuses come first, then those of the transitions, then those that lines pass.
#[derive(Debug)]
struct Picture {
    places: Vec<Place>,
    hubs: Vec<Hub>,
    lines: Vec<Line>,
}

impl Picture {
    fn of(workflow: &Workflow, marks: &Marks) -> Self {
        let statuses = workflow.statuses();
        let index = statuses.iter().enumerate().map(|(at, status)| (&status.key, at)).collect::<BTreeMap<_, _>>();
        let hubs = hubs(workflow, &index, marks);
        let initial = index.get(&workflow.initial().key).copied().unwrap_or_default();
        let mut layer = layers(statuses, initial, &hubs);
        let mut size =
            statuses.iter().map(|status| (width(&status.label, STATUS_LETTER), STATUS_HEIGHT)).collect::<Vec<_>>();
        size.extend(hubs.iter().map(|hub| (width(&hub.label, TRANSITION_LETTER), TRANSITION_HEIGHT)));
        let ends = hubs.iter().zip(statuses.len()..).flat_map(|(hub, at)| {
            let starts = hub.from.iter().map(move |from| (*from, at, false, hub.kind));
            starts.chain([(at, hub.to, true, hub.kind)])
        });
        let (mut lines, mut edges) = (Vec::new(), Vec::new());
        for (from, to, arrow, kind) in ends {
            let mut line = Line { from, to, through: Vec::new(), arrow, kind };
            let mut before = from;
            for passed in between(layer[from], layer[to]) {
                layer.push(passed);
                size.push((0.0, LINE_HEIGHT));
                line.through.push(layer.len() - 1);
                edges.push((before, layer.len() - 1));
                before = layer.len() - 1;
            }
            edges.push((before, to));
            lines.push(line);
        }
        Self { places: places(&layer, &edges, &size), hubs, lines }
    }

    fn size(&self) -> (f64, f64) {
        let right = self.places.iter().map(Place::right).fold(0.0, f64::max);
        let bottom = self.places.iter().map(|place| place.top() + place.height).fold(0.0, f64::max);
        (right + MARGIN, bottom + MARGIN)
    }

    fn write_line(&self, svg: &mut String, line: &Line) {
        let (from, to) = (self.places[line.from], self.places[line.to]);
        let (begin, end) = if from.x < to.x { (from.right(), to.left()) } else { (from.left(), to.right()) };
        let through = line.through.iter().map(|at| (self.places[*at].x, self.places[*at].y));
        let points = through.chain([(end, to.y)]);
        let mut path = format!("M{begin:.1} {:.1}", from.y);
        let (mut x, mut y) = (begin, from.y);
        for (next_x, next_y) in points {
            let half = x.midpoint(next_x);
            let _ = write!(path, "C{half:.1} {y:.1} {half:.1} {next_y:.1} {next_x:.1} {next_y:.1}");
            (x, y) = (next_x, next_y);
        }
        let class = match line.kind {
            TransitionKind::Regular => "line",
            TransitionKind::Rework => "line rework",
            TransitionKind::Reopen => "line reopen",
        };
        let head = if line.arrow { " marker-end=\"url(#head)\"" } else { "" };
        let _ = write!(svg, "<path class=\"{class}\" d=\"{path}\"{head}/>");
    }
}

/// The transitions, one for each target.
fn hubs(workflow: &Workflow, index: &BTreeMap<&StatusKey, usize>, marks: &Marks) -> Vec<Hub> {
    let mut hubs = Vec::<Hub>::new();
    let mut known = BTreeMap::new();
    for (from, status) in workflow.statuses().iter().enumerate() {
        for (transition, to) in workflow.transitions_from(&status.key) {
            let label = || arrow_label(transition, to, marks);
            let Some(to) = index.get(to).copied() else { continue };
            let at = *known.entry((&transition.name, to)).or_insert(hubs.len());
            if at == hubs.len() {
                hubs.push(Hub { from: Vec::new(), to, label: label(), kind: transition.kind });
            }
            hubs[at].from.push(from);
        }
    }
    hubs
}

/// Statuses are in even layers: the initial one in the first, terminal ones in the last. Transitions are in odd layers,
/// as near to the middle of their statuses as possible.
fn layers(statuses: &[Status], initial: usize, hubs: &[Hub]) -> Vec<usize> {
    let mut next = vec![Vec::new(); statuses.len()];
    for hub in hubs {
        hub.from.iter().for_each(|from| next[*from].push(hub.to));
    }
    let mut found = vec![None; statuses.len()];
    let mut queue = VecDeque::from([(initial, 0)]);
    while let Some((at, moves)) = queue.pop_front() {
        if found[at].is_none() {
            found[at] = Some(2 * moves);
            queue.extend(next[at].iter().map(|to| (*to, moves + 1)));
        }
    }
    let mut layer = found.into_iter().map(Option::unwrap_or_default).collect::<Vec<_>>();
    let active = layer.iter().zip(statuses).filter(|(_, status)| !status.terminal).map(|(layer, _)| *layer);
    let last = active.max().unwrap_or_default() + 2;
    layer.iter_mut().zip(statuses).filter(|(_, status)| status.terminal).for_each(|(layer, _)| *layer = last);
    let mut crowd = vec![0_usize; last + 2];
    for hub in hubs {
        let ends = hub.from.iter().chain([&hub.to]).map(|at| layer[*at]);
        let (least, most) = ends.fold((usize::MAX, 0), |(least, most), layer| (least.min(layer), most.max(layer)));
        let middle = usize::midpoint(least, most);
        let right = middle | 1;
        let left = if middle % 2 == 0 { middle.saturating_sub(1) | 1 } else { right };
        let chosen = if crowd[left] < crowd[right] { left } else { right };
        crowd[chosen] += 1;
        layer.push(chosen);
    }
    layer
}

/// The layers between two, in the order from the first to the second.
fn between(from: usize, to: usize) -> Vec<usize> {
    if from < to { (from + 1..to).collect() } else { (to + 1..from).rev().collect() }
}

/// Places for everything in its layer, in an order with few crossings.
fn places(layer: &[usize], edges: &[(usize, usize)], size: &[(f64, f64)]) -> Vec<Place> {
    let layers = layer.iter().max().map_or(0, |last| last + 1);
    let mut order = vec![Vec::new(); layers];
    for (at, layer) in layer.iter().enumerate() {
        order[*layer].push(at);
    }
    let mut neighbours = vec![Vec::new(); layer.len()];
    for (from, to) in edges {
        neighbours[*from].push(*to);
        neighbours[*to].push(*from);
    }
    let stack = |row: &[usize], y: &mut [f64]| {
        let mut top = -row.iter().map(|at| size[*at].1 + GAP).sum::<f64>() / 2.0;
        for at in row {
            let height = size[*at].1 + GAP;
            y[*at] = top + height / 2.0;
            top += height;
        }
    };
    let mut y = vec![0.0; layer.len()];
    order.iter().for_each(|row| stack(row, &mut y));
    for sweep in 0..SWEEPS {
        for step in 0..layers {
            let row = &mut order[if sweep % 2 == 0 { step } else { layers - 1 - step }];
            let mut means =
                row.iter().map(|at| (mean(&neighbours[*at], &y).unwrap_or(y[*at]), *at)).collect::<Vec<_>>();
            means.sort_by(|(one, a), (other, b)| one.total_cmp(other).then(a.cmp(b)));
            *row = means.into_iter().map(|(_, at)| at).collect();
            stack(row, &mut y);
        }
    }
    let top = y.iter().zip(size).map(|(y, (_, height))| y - height / 2.0).fold(0.0, f64::min) - MARGIN;
    let mut left = MARGIN;
    let x = order.iter().map(|row| {
        let widest = row.iter().map(|at| size[*at].0).fold(0.0, f64::max);
        let x = left + widest / 2.0;
        left += widest + BETWEEN_LAYERS;
        x
    });
    let x = x.collect::<Vec<_>>();
    let place = |at: usize| Place { x: x[layer[at]], y: y[at] - top, width: size[at].0, height: size[at].1 };
    (0..layer.len()).map(place).collect()
}

/// The mean height of some places.
fn mean(places: &[usize], y: &[f64]) -> Option<f64> {
    let count = u32::try_from(places.len()).ok().filter(|count| *count > 0)?;
    Some(places.iter().map(|at| y[*at]).sum::<f64>() / f64::from(count))
}

/// Width of the box around a text.
fn width(text: &str, letter: f64) -> f64 {
    letter.mul_add(f64::from(u32::try_from(text.chars().count()).unwrap_or(u32::MAX)), 20.0)
}
