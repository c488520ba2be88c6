//! Pictures of clocks as SVG: a bar for each target, with the working hours behind it.

use std::fmt::Write as _;

use chrono::{Days, NaiveTime, TimeDelta};

use super::{
    clock::{ClockState, Segment, TargetClock},
    hours::WorkingHours,
};
use crate::{text::xml_escaped, time::Timestamp};

/// Sizes in SVG units.
const WIDTH: f64 = 960.0;
const MARGIN: f64 = 16.0;
const ROW: f64 = 92.0;
const BAR_TOP: f64 = 30.0;
const BAR: f64 = 26.0;
/// More working hours than these are not told apart at this width.
const STRETCHES: usize = 120;
/// Most days with a line at their beginning.
const DAYS: i64 = 14;
/// Most segments of a clock that are drawn. The first ones are left out.
const SEGMENTS: usize = 200;

const STYLE: &str = "svg{color:#1f2328}text{font:13px system-ui,sans-serif;fill:currentColor}\
                     .name{font-weight:600}.small{font-size:11px;opacity:.75}.hours{fill:currentColor;fill-opacity:.08}\
                     .day,.due,.now{stroke:currentColor}.day{stroke-opacity:.25}.due{stroke-width:2}\
                     .now{stroke-dasharray:3 3}.counts{fill:#2da44e}.late{fill:#cf222e}.waits{fill:#8c959f}.off{fill-opacity:.25}\
                     @media(prefers-color-scheme:dark){svg{color:#e6edf3}}";

/// Draws the clocks of a case at an instant. Green time counted within the goal, red time behind it, pale time was outside
/// the working hours, grey time did not count. The thick line is the due time.
#[must_use]
pub fn draw_clocks(title: &str, clocks: &[(&TargetClock, &WorkingHours)], now: Timestamp) -> String {
    let height = ROW * clocks.len().max(1) as f64 + MARGIN;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"{WIDTH:.0}\" height=\"{height:.0}\" \
         viewBox=\"0 0 {WIDTH:.0} {height:.0}\"><title>{}</title><style>{STYLE}</style>",
        xml_escaped(title),
    );
    if clocks.is_empty() {
        write_text(&mut svg, MARGIN, 40.0, "name", title);
    }
    for (place, (clock, hours)) in clocks.iter().enumerate() {
        let _ = write!(svg, "<g transform=\"translate(0 {:.0})\">", ROW * place as f64);
        write_clock(&mut svg, clock, hours, now);
        svg.push_str("</g>");
    }
    svg.push_str("</svg>\n");
    svg
}

fn write_clock(svg: &mut String, clock: &TargetClock, hours: &WorkingHours, now: Timestamp) {
    let state = match clock.state {
        ClockState::Pending => "not started".to_owned(),
        ClockState::Running if clock.is_at_risk => format!("at risk, {} of {}", clock.elapsed, clock.goal),
        ClockState::Running | ClockState::Paused | ClockState::Met | ClockState::Breached => {
            format!("{}, {} of {}", clock.state.as_str(), clock.elapsed, clock.goal)
        }
    };
    write_text(svg, MARGIN, 18.0, "name", &format!("{}: {state}", clock.name));
    let Some(scale) = Scale::of(clock, now) else { return };
    let worked = hours.stretches(scale.from, scale.to, STRETCHES);
    for (from, to) in &worked {
        write_bar(svg, &scale, (*from, *to), "hours", None);
    }
    write_days(svg, &scale, hours);
    for segment in clock.segments.iter().skip(clock.segments.len().saturating_sub(SEGMENTS)) {
        write_segment(svg, &scale, segment, clock, &worked, now);
    }
    if let Some(due) = clock.due_at {
        write_mark(svg, &scale, due, "due", &format!("due {}", local(due, hours)));
    }
    let is_open = clock.segments.last().is_some_and(|last| last.to.is_none());
    if is_open {
        write_mark(svg, &scale, now, "now", "now");
    }
}

/// The time that the bar of a clock shows: from its first segment to its end, and to the due time.
struct Scale {
    from: Timestamp,
    to: Timestamp,
}

impl Scale {
    fn of(clock: &TargetClock, now: Timestamp) -> Option<Self> {
        let from = clock.segments.first()?.from;
        let end = clock.segments.last()?.to.unwrap_or(now);
        let to = clock.due_at.map_or(end, |due| due.max(end)).max(from + TimeDelta::minutes(1));
        // Some room behind the last mark.
        Some(Self { from, to: to + (to - from) / 20 })
    }

    fn x(&self, at: Timestamp) -> f64 {
        let share = (at - self.from).num_seconds() as f64 / (self.to - self.from).num_seconds().max(1) as f64;
        share.clamp(0.0, 1.0).mul_add(WIDTH - 2.0 * MARGIN, MARGIN)
    }
}

fn write_segment(
    svg: &mut String,
    scale: &Scale,
    segment: &Segment,
    clock: &TargetClock,
    worked: &[(Timestamp, Timestamp)],
    now: Timestamp,
) {
    let to = segment.to.unwrap_or(now);
    let title = format!("{} ({} worked)", segment.explanation, segment.worked);
    if !segment.counts {
        write_bar(svg, scale, (segment.from, to), "waits", Some(&title));
        return;
    }
    let late_from = clock.breached_at.map_or(to, |breached| breached.clamp(segment.from, to));
    for (from, to, class) in [(segment.from, late_from, "counts"), (late_from, to, "late")] {
        // Time outside the working hours passes, and does not count.
        write_bar(svg, scale, (from, to), &format!("{class} off"), Some(&title));
        for (begin, end) in worked {
            write_bar(svg, scale, (from.max(*begin), to.min(*end)), class, Some(&title));
        }
        if worked.len() == STRETCHES {
            write_bar(svg, scale, (from, to), class, Some(&title));
        }
    }
}

/// A bar of working hours, or a narrower one with a title.
fn write_bar(svg: &mut String, scale: &Scale, (from, to): (Timestamp, Timestamp), class: &str, title: Option<&str>) {
    if from >= to {
        return;
    }
    let (left, right) = (scale.x(from), scale.x(to));
    let (top, height) = if title.is_some() { (BAR_TOP + 5.0, BAR - 10.0) } else { (BAR_TOP, BAR) };
    let _ = write!(
        svg,
        "<rect class=\"{class}\" x=\"{left:.1}\" y=\"{top:.0}\" width=\"{:.1}\" height=\"{height:.0}\">{}</rect>",
        right - left,
        title.map(|title| format!("<title>{}</title>", xml_escaped(title))).unwrap_or_default(),
    );
}

/// A line at the beginning of each day of the calendar's time zone, if there are not too many.
fn write_days(svg: &mut String, scale: &Scale, hours: &WorkingHours) {
    let zone = hours.calendar().time_zone;
    let first = scale.from.with_timezone(&zone).date_naive();
    let days = (scale.to - scale.from).num_days() + 1;
    if days > DAYS {
        write_text(svg, scale.x(scale.from), BAR_TOP + BAR + 14.0, "small", &local(scale.from, hours));
        return;
    }
    for day in (0..=days.unsigned_abs()).filter_map(|day| first.checked_add_days(Days::new(day))) {
        let midnight = day.and_time(NaiveTime::MIN).and_local_timezone(zone).earliest();
        let Some(at) = midnight.map(|at| at.to_utc()).filter(|at| (scale.from..scale.to).contains(at)) else {
            continue;
        };
        let x = scale.x(at);
        let _ = write!(
            svg,
            "<line class=\"day\" x1=\"{x:.1}\" y1=\"{BAR_TOP:.0}\" x2=\"{x:.1}\" y2=\"{:.0}\"/>",
            BAR_TOP + BAR
        );
        write_text(svg, x, BAR_TOP + BAR + 14.0, "small", &day.format("%a %Y-%m-%d").to_string());
    }
}

fn write_mark(svg: &mut String, scale: &Scale, at: Timestamp, class: &str, text: &str) {
    let x = scale.x(at);
    let _ = write!(
        svg,
        "<line class=\"{class}\" x1=\"{x:.1}\" y1=\"{:.0}\" x2=\"{x:.1}\" y2=\"{:.0}\"/>",
        BAR_TOP - 4.0,
        BAR_TOP + BAR + 4.0
    );
    // Two marks can be close to each other: each has its own line.
    let y = if class == "due" { BAR_TOP + BAR + 28.0 } else { BAR_TOP - 8.0 };
    let anchor = if x > WIDTH * 0.8 { " text-anchor=\"end\"" } else { "" };
    let _ = write!(svg, "<text class=\"small\" x=\"{x:.1}\" y=\"{y:.0}\"{anchor}>{}</text>", xml_escaped(text));
}

fn write_text(svg: &mut String, x: f64, y: f64, class: &str, text: &str) {
    let _ = write!(svg, "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.0}\">{}</text>", xml_escaped(text));
}

fn local(at: Timestamp, hours: &WorkingHours) -> String {
    at.with_timezone(&hours.calendar().time_zone).format("%a %Y-%m-%d %H:%M").to_string()
}
