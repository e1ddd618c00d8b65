//! Latency against load: a line for each flow through the results of several runs, as SVG.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, bail};
use plotters::prelude::{
    BLACK, ChartBuilder, Circle, Color as _, IntoDrawingArea as _, IntoLogRange as _, LineSeries, Palette as _,
    Palette99, PathElement, SVGBackend, WHITE,
};

use crate::figures::Results;

const SIZE: (u32, u32) = (1_000, 700);

/// Requests a second, and the latency then in ms.
type Point = (f64, f64);

/// Draws p99 of each flow of these runs.
///
/// # Errors
/// Nothing to draw, or nowhere to.
pub(crate) fn draw(results: &[Results], into: &Path) -> anyhow::Result<()> {
    let flows = lines(results);
    let points = || flows.values().flatten();
    let most = |of: fn(&Point) -> f64| points().map(of).fold(0.0, f64::max);
    let (load, slowest) = (most(|point| point.0), most(|point| point.1));
    let fastest = points().map(|point| point.1).fold(slowest, f64::min);
    if fastest <= 0.0 || load <= 0.0 {
        bail!("the results hold nothing that was measured");
    }
    let area = SVGBackend::new(into, SIZE).into_drawing_area();
    area.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&area)
        .caption("p99 against load", ("sans-serif", 24))
        .margin(20)
        .x_label_area_size(45)
        .y_label_area_size(60)
        .build_cartesian_2d(0.0..load * 1.05, (fastest * 0.8..slowest * 1.25).log_scale())?;
    chart.configure_mesh().x_desc("requests a second").y_desc("ms").draw()?;
    for (number, (flow, points)) in flows.iter().enumerate() {
        let color = Palette99::pick(number).to_rgba();
        chart
            .draw_series(LineSeries::new(points.iter().copied(), color.stroke_width(2)))?
            .label(*flow)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], color.stroke_width(2)));
        chart.draw_series(points.iter().map(|point| Circle::new(*point, 3, color.filled())))?;
    }
    chart
        .configure_series_labels()
        .background_style(WHITE.mix(0.8))
        .border_style(BLACK)
        .draw()?;
    area.present()
        .with_context(|| format!("{} cannot be written", into.display()))
}

/// The points of each flow in the order of their load.
fn lines(results: &[Results]) -> BTreeMap<&str, Vec<Point>> {
    let mut flows: BTreeMap<&str, Vec<Point>> = BTreeMap::new();
    for flow in results
        .iter()
        .flat_map(|run| &run.flows)
        .filter(|flow| flow.server.done > 0)
    {
        let point = (flow.server.per_second, flow.server.p99_ms);
        flows.entry(&flow.flow).or_default().push(point);
    }
    for points in flows.values_mut() {
        points.sort_by(|one, other| one.0.total_cmp(&other.0));
    }
    flows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::tests::results;

    #[test]
    fn each_flow_is_a_line_through_its_runs_in_the_order_of_load() {
        let runs = [
            results(&[("sale", 300.0), ("checkout", 50.0)]),
            results(&[("sale", 100.0)]),
        ];

        let lines = lines(&runs);

        assert_eq!(lines["sale"], [(100.0, 2.0), (300.0, 2.0)]);
        assert_eq!(lines["checkout"], [(50.0, 2.0)]);
    }

    #[test]
    fn the_picture_names_what_it_shows() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("a.svg");

        draw(&[results(&[("sale", 300.0)]), results(&[("sale", 100.0)])], &file).expect("drawn");

        let picture = std::fs::read_to_string(&file).expect("a picture");
        assert!(
            picture.contains("<svg") && picture.contains("sale") && picture.contains("<polyline"),
            "{picture}"
        );
    }

    #[test]
    fn results_without_a_measurement_are_refused() {
        let drawn = draw(&[], Path::new("nowhere.svg"));

        assert!(drawn.is_err_and(|error| error.to_string().contains("nothing that was measured")));
    }
}
