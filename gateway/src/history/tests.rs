use super::{
    target::{MOST_SPEED, MOST_TOKENS},
    *,
};

fn answered(first_is_timed: bool, first_ms: u64, whole_ms: u64, output_tokens: u64) -> Answered {
    Answered {
        kind: Kind::Short,
        first_is_timed,
        first: Duration::from_millis(first_ms),
        whole: Duration::from_millis(whole_ms),
        tokens: Some((100, output_tokens)),
        timings: None,
    }
}

fn about(value: Option<f64>, expected: f64) -> bool {
    value.is_some_and(|value| (value - expected).abs() < expected * 1e-5)
}

#[test]
fn a_stream_tells_the_wait_from_the_writing() {
    let history = History::new(2, Clock::manual());
    assert_eq!(history.known(Place::Far(0), Kind::Short), Known::default());
    history.learn(Place::Far(0), &answered(true, 500, 2500, 100));
    let known = history.known(Place::Far(0), Kind::Short);
    assert!(about(known.wait_seconds, 0.5), "{known:?}");
    assert!(about(known.output_tokens_per_second, 50.0), "{known:?}");
    assert!(about(known.output_tokens, 100.0), "{known:?}");
    let other = history.known(Place::Far(1), Kind::Short);
    assert_eq!(other, Known::default(), "another target's is its own");
    let long = history.known(Place::Far(0), Kind::Long);
    assert_eq!(
        long.output_tokens, None,
        "of such requests nothing is known"
    );
    assert_eq!(history.known(Place::Far(2), Kind::Short), Known::default());
}

#[test]
fn an_answer_in_one_piece_is_the_wait_and_the_writing() {
    let history = History::new(1, Clock::manual());
    history.learn(Place::Far(0), &answered(false, 2500, 2500, 100));
    let known = history.known(Place::Far(0), Kind::Short);
    assert_eq!(known.wait_seconds, None);
    assert!(about(known.output_tokens_per_second, 40.0), "{known:?}");

    let history = History::new(1, Clock::manual());
    history.learn(Place::Far(0), &answered(true, 500, 2500, 100));
    history.learn(Place::Far(0), &answered(false, 2500, 2500, 100));
    let known = history.known(Place::Far(0), Kind::Short);
    assert!(about(known.output_tokens_per_second, 50.0), "{known:?}");
}

#[test]
fn a_stream_that_does_not_count_its_tokens_tells_the_wait_alone() {
    let history = History::new(1, Clock::manual());
    let uncounted = Answered {
        tokens: None,
        ..answered(true, 500, 2500, 0)
    };
    history.learn(Place::Far(0), &uncounted);
    let known = history.known(Place::Far(0), Kind::Short);
    let expected = Known {
        wait_seconds: Some(0.5),
        ..Known::default()
    };
    assert_eq!(known, expected);
}

#[test]
fn the_engine_measures_itself() {
    let history = History::new(0, Clock::manual());
    let timings = Timings {
        queued: Duration::from_secs(9),
        prefill: Duration::from_millis(250),
        decode: Duration::from_secs(4),
    };
    let whole = Answered {
        timings: Some(timings),
        ..answered(true, 9_250, 13_250, 100)
    };
    history.learn(Place::Local, &whole);
    let known = history.known(Place::Local, Kind::Short);
    assert_eq!(
        known.wait_seconds, None,
        "the queue of then is not that of now"
    );
    assert!(about(known.prompt_tokens_per_second, 400.0), "{known:?}");
    assert!(about(known.output_tokens_per_second, 25.0), "{known:?}");
    assert!(about(known.service_seconds, 4.25), "{known:?}");
}

#[test]
fn what_is_old_is_unknown() {
    let clock = Clock::manual();
    let history = History::new(1, clock.clone());
    history.learn(Place::Far(0), &answered(true, 500, 2500, 100));
    clock.advance(Duration::from_hours(2));
    assert_eq!(history.known(Place::Far(0), Kind::Short), Known::default());
}

#[test]
fn extremes_stay_within_bounds() {
    let history = History::new(1, Clock::manual());
    history.learn(Place::Far(0), &answered(true, 0, 0, 0));
    let known = history.known(Place::Far(0), Kind::Short);
    assert_eq!(known.output_tokens_per_second, None, "no time, no speed");
    assert!(about(known.output_tokens, 1.0), "{known:?}");
    history.learn(Place::Far(0), &answered(true, 0, 1, u64::MAX));
    let known = history.known(Place::Far(0), Kind::Short);
    assert!(
        about(known.output_tokens_per_second, MOST_SPEED),
        "{known:?}"
    );
    assert!(known.output_tokens.unwrap() <= MOST_TOKENS);
}

#[test]
fn requests_wait_for_those_before_them() {
    let wait = |waiting, running, state, stats: EngineStats, service| {
        queue_seconds(EngineLoad { waiting, running }, state, &stats, service)
    };
    let stats = EngineStats {
        slots: 2,
        ..EngineStats::default()
    };
    let loaded = ModelState::Loaded;
    assert_eq!(
        wait(0, 1, loaded, stats, None),
        Some(0.0),
        "a place is free"
    );
    assert_eq!(wait(0, 2, loaded, stats, None), None, "for how long?");
    assert_eq!(wait(0, 2, loaded, stats, Some(4.0)), Some(2.0));
    assert_eq!(wait(3, 2, loaded, stats, Some(4.0)), Some(8.0));
    assert_eq!(wait(0, 0, ModelState::Unloaded, stats, None), None);
    let once = EngineStats {
        loads: 2,
        loading: Duration::from_secs(3),
        ..stats
    };
    assert_eq!(wait(0, 0, ModelState::Unloaded, once, None), Some(1.5));
    let unbounded = EngineStats::default();
    assert_eq!(wait(9, 9, loaded, unbounded, None), Some(0.0));
}

#[test]
fn history_is_shared_between_threads() {
    let history = History::new(1, Clock::manual());
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..1000 {
                    history.learn(Place::Far(0), &answered(true, 500, 2500, 100));
                }
            });
        }
    });
    let known = history.known(Place::Far(0), Kind::Short);
    assert!(about(known.wait_seconds, 0.5), "{known:?}");
}
