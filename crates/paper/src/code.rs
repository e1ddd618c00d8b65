//! A code for a scanner (QR), readable where a sixth of it is worn away.

use qrcode::{Color, EcLevel, QrCode};

use crate::PaperError;
use crate::layout::{Area, Mark, Row, WIDTH};
use crate::length::Length;

/// How wide it is with its white edge.
const SIDE: Length = Length::millimetres(30);
/// The white that a scanner needs on each side, in modules.
const EDGE: i64 = 4;

/// A code in the middle, its modules joined along each line.
pub(crate) fn row(text: &str) -> Result<Row, PaperError> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M)?;
    let per_line = code.width();
    let modules = i64::try_from(per_line).unwrap_or(i64::MAX) + EDGE * 2;
    let module = SIDE / modules;
    let left = (WIDTH - module * modules) / 2;
    let mut squares = Vec::new();
    let colors = code.into_colors();
    for (line, colors) in (EDGE..).zip(colors.chunks(per_line)) {
        let mut column = EDGE;
        for run in colors.chunk_by(|one, next| one == next) {
            let length = i64::try_from(run.len()).unwrap_or_default();
            if run.first() == Some(&Color::Dark) {
                squares.push(Area {
                    x: left + module * column,
                    y: module * line,
                    width: module * length,
                    height: module,
                });
            }
            column += length;
        }
    }
    let side = module * modules;
    let ground = Area {
        x: left,
        y: Length::ZERO,
        width: side,
        height: side,
    };
    Ok(Row {
        height: side,
        marks: vec![Mark::Blank(ground), Mark::Squares(squares)],
    })
}
