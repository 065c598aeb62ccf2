//! A simulation as a picture.

use std::path::Path;

use gavel_model::Lane;
use plotters::coord::Shift;
use plotters::prelude::*;

use super::outcome::{Moment, Outcome};

const WIDTH: u32 = 900;
const HEIGHT: u32 = 720;
/// Blue, orange and green that also people tell apart who do not see red and green.
const COLOURS: [RGBColor; 3] = [RGBColor(0, 114, 178), RGBColor(213, 94, 0), RGBColor(0, 158, 115)];

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// Draws what comes in, how long the oldest waits, and the workers.
pub fn draw(outcome: &Outcome, file: &Path) -> anyhow::Result<()> {
    let root = SVGBackend::new(file, (WIDTH, HEIGHT)).into_drawing_area();
    root.fill(&WHITE)?;
    let [top, middle, bottom] =
        root.split_evenly((3, 1)).try_into().map_err(|_| anyhow::anyhow!("three charts"))?;
    let minute = |value: &dyn Fn(&Moment) -> f64| -> Vec<(f64, f64)> {
        outcome.moments.iter().map(|moment| (moment.at / 60.0, value(moment))).collect()
    };
    chart(&top, "submissions a second", &[("came", minute(&|moment| moment.rate))])?;
    let lanes = outcome.lanes.iter().map(|lane| lane.lane);
    let oldest: Vec<(&str, Vec<(f64, f64)>)> =
        lanes.map(|lane: Lane| (lane.as_str(), minute(&|moment| moment.oldest.of(lane)))).collect();
    chart(&middle, "seconds that the oldest has waited", &oldest)?;
    let workers = [
        ("slots", minute(&|moment| moment.slots as f64)),
        ("of them busy", minute(&|moment| moment.busy as f64)),
        ("workers", minute(&|moment| moment.kept as f64)),
    ];
    chart(&bottom, "workers and slots; minutes below", &workers)?;
    root.present()?;
    Ok(())
}

/// Lines over minutes.
fn chart(area: &Area<'_>, title: &str, lines: &[(&str, Vec<(f64, f64)>)]) -> anyhow::Result<()> {
    let points = || lines.iter().flat_map(|(_, points)| points);
    let (right, top) = points().fold((1.0_f64, 0.0_f64), |(x, y), point| (x.max(point.0), y.max(point.1)));
    let mut chart = ChartBuilder::on(area)
        .caption(title, ("sans-serif", 15))
        .margin(8)
        .x_label_area_size(24)
        .y_label_area_size(56)
        .build_cartesian_2d(0.0..right, 0.0..(top * 1.05).max(1.0))?;
    chart.configure_mesh().light_line_style(TRANSPARENT).bold_line_style(BLACK.mix(0.1)).draw()?;
    for ((name, points), colour) in lines.iter().zip(COLOURS) {
        let line = LineSeries::new(points.iter().copied(), colour.stroke_width(2));
        chart
            .draw_series(line)?
            .label(*name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 16, y)], colour.stroke_width(2)));
    }
    chart
        .configure_series_labels()
        .background_style(WHITE.mix(0.8))
        .position(SeriesLabelPosition::UpperRight)
        .draw()?;
    Ok(())
}
