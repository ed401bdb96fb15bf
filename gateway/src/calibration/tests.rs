//! Calibration files: what is written can be read, and mistakes are told with their places.

use super::*;

#[test]
fn what_is_written_reads_the_same() {
    let points = vec![(0.0, 0.0), (0.25, 0.125), (1.0, 1.0)];
    let line = router::confidence::Line {
        offset: -0.5,
        weights: [0.25, 0.0, 1.5],
    };
    let measured = Measured {
        model: "a \"quoted\" name: 1".to_owned(),
        size: SizeClass::Large,
        complexity: Some((Calibration::from_points(points).unwrap(), 120)),
        confidence: Some(MeasuredConfidence {
            confidence: Confidence::default().with(TaskKind::Choice, line),
            answers: vec![(TaskKind::Choice, 40)],
        }),
    };
    let read = Measured::parse("c.yaml", &measured.to_string()).unwrap();
    assert_eq!(read, measured);
}

#[test]
fn every_mistake_of_a_file_is_told_with_its_place() {
    let text = "version: 2\nmodel: m\nsize: huge\n\
        complexity: { requests: 3, points: [{ score: 0.5, probability: 0.5 }] }\n\
        confidence:\n  - { task: poem, answers: 1, offset: 0.0, weights: [0.0, 0.0, 0.0] }\n  \
        - { task: code, answers: 1, offset: 0.0, weights: [0.0, -1.0, 0.0] }\n";
    let error = Measured::parse("c.yaml", text).unwrap_err();
    insta::assert_snapshot!(error);
}
