//! Draws the chart of a run.

use std::path::Path;

use anyhow::anyhow;
use plotters::{
    prelude::*,
    style::text_anchor::{HPos, Pos, VPos},
};

/// One bar per operation.
pub(crate) struct Series {
    pub(crate) name: String,
    pub(crate) values: Vec<(&'static str, f64)>,
}

const COLORS: [RGBColor; 4] =
    [RGBColor(147, 197, 253), RGBColor(37, 99, 235), RGBColor(253, 186, 116), RGBColor(234, 88, 12)];

/// Draws the series next to each other, in milliseconds on a logarithmic scale.
pub(crate) fn draw(file: &Path, series: &[Series]) -> anyhow::Result<()> {
    let names = series
        .first()
        .map(|series| series.values.iter().map(|(name, _)| *name).collect::<Vec<_>>())
        .unwrap_or_default();
    let all = series.iter().flat_map(|series| series.values.iter().map(|(_, value)| *value));
    let (least, most) = all.fold((f64::MAX, 0.0_f64), |(least, most), value| (least.min(value), most.max(value)));
    let failed = |error: &dyn std::fmt::Display| anyhow!("cannot draw: {error}");
    let area = SVGBackend::new(file, (960, 480)).into_drawing_area();
    area.fill(&WHITE).map_err(|error| failed(&error))?;
    let width = names.len() as f64;
    let mut chart = ChartBuilder::on(&area)
        .caption("median latency with one client, ms", ("sans-serif", 18))
        .margin(12)
        .x_label_area_size(96)
        .y_label_area_size(56)
        .build_cartesian_2d(0.0..width, (least / 2.0..most * 2.0).log_scale())
        .map_err(|error| failed(&error))?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .x_labels(0)
        .y_label_formatter(&|value| format!("{value}"))
        .draw()
        .map_err(|error| failed(&error))?;
    let names_style = ("sans-serif", 12).into_font().transform(FontTransform::Rotate90).into_text_style(&area);
    let names_style = names_style.pos(Pos::new(HPos::Left, VPos::Center));
    for (place, name) in names.iter().enumerate() {
        let (x, y) = chart.backend_coord(&(place as f64 + 0.5, least / 2.0));
        area.draw_text(name, &names_style, (x, y + 8)).map_err(|error| failed(&error))?;
    }
    let bar = 0.8 / series.len().max(1) as f64;
    for (number, (series, color)) in series.iter().zip(COLORS).enumerate() {
        let left = |place: usize| place as f64 + 0.1 + bar * number as f64;
        let bars = series.values.iter().enumerate().map(|(place, (_, value))| {
            Rectangle::new([(left(place), least / 2.0), (left(place) + bar, *value)], color.filled())
        });
        chart
            .draw_series(bars)
            .map_err(|error| failed(&error))?
            .label(series.name.clone())
            .legend(move |(x, y)| Rectangle::new([(x, y - 5), (x + 12, y + 5)], color.filled()));
    }
    chart
        .configure_series_labels()
        .background_style(WHITE.mix(0.8))
        .border_style(BLACK.mix(0.3))
        .position(SeriesLabelPosition::UpperLeft)
        .draw()
        .map_err(|error| failed(&error))?;
    area.present().map_err(|error| failed(&error))
}
