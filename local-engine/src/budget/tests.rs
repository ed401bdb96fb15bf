use super::*;
use crate::{EngineOptions, Error};

/// A token takes a kibibyte, the weights a mebibyte.
const NEEDS: Needs = Needs {
    weights: 1 << 20,
    adapters: 0,
    token_bytes: 1 << 10,
    window: Some(4096),
    spare_rows: 0,
};

/// Four slots of 2048 tokens, 8 MiB in all, and a prefix cache of 3 MiB.
fn options() -> EngineOptions {
    EngineOptions {
        max_context: 2048,
        slots: 4,
        prefix_bytes: 3 << 20,
        ..EngineOptions::default()
    }
}

fn limit(bytes: u64) -> Budget {
    Budget {
        bytes: Some(bytes),
        is_set: true,
    }
}

/// Rows, tokens, and kibibytes of prefix cache.
fn fitted(needs: &Needs, options: &EngineOptions, kibibytes: u64) -> (usize, usize, u64) {
    let plan = CachePlan::fit(needs, options, limit(kibibytes << 10)).unwrap();
    let total = plan.weights + plan.adapters + plan.cache_bytes + plan.prefix_bytes;
    assert!(total <= kibibytes << 10, "{plan:?}");
    (plan.rows, plan.tokens, plan.prefix_bytes >> 10)
}

#[test]
fn everything_that_was_asked_for_is_given_where_it_fits() {
    assert_eq!(fitted(&NEEDS, &options(), 12 << 10), (4, 2048, 3072));
    let plan = CachePlan::fit(&NEEDS, &options(), Budget::UNKNOWN).unwrap();
    assert_eq!(
        (plan.rows, plan.tokens, plan.prefix_bytes),
        (4, 2048, 3 << 20)
    );
}

#[test]
fn the_prefix_cache_shrinks_before_slots_and_slots_before_the_context() {
    let at = |kibibytes| fitted(&NEEDS, &options(), kibibytes);
    assert_eq!(at((12 << 10) - 1), (4, 2048, 3071));
    assert_eq!(at(9 << 10), (4, 2048, 0));
    // What a slot that went leaves over is the prefix cache's again.
    assert_eq!(at((9 << 10) - 1), (3, 2048, 2047));
    assert_eq!(at(3 << 10), (1, 2048, 0));
    assert_eq!(at((3 << 10) - 1), (1, 2047, 0));
    assert_eq!(at((1 << 10) + 512), (1, 512, 0));
}

#[test]
fn below_the_shortest_context_the_model_is_refused_with_what_it_needs() {
    let error = CachePlan::fit(&NEEDS, &options(), limit((1 << 20) + (512 << 10) - 1));
    assert_eq!(
        error.unwrap_err().to_string(),
        "the model needs 2 MiB of memory, 1 MiB of it for weights and the rest for a context of \
         512 tokens, which does not fit the memory limit of 1 MiB: set a higher memory limit, or \
         choose a smaller model or variant"
    );
    let error = CachePlan::fit(&NEEDS, &options(), limit(0)).unwrap_err();
    assert!(
        matches!(error, Error::MemoryShort { needed, .. } if needed == (1 << 20) + (512 << 10))
    );
}

#[test]
fn adapters_come_before_the_caches() {
    let needs = Needs {
        adapters: 256 << 10,
        ..NEEDS
    };
    assert_eq!(fitted(&needs, &options(), 12 << 10), (4, 2048, 3072 - 256));
    assert_eq!(fitted(&needs, &options(), 1024 + 256 + 512), (1, 512, 0));
    let error = CachePlan::fit(&needs, &options(), limit((1024 + 256 + 511) << 10)).unwrap_err();
    assert!(matches!(error, Error::MemoryShort { weights, .. } if weights == (1024 + 256) << 10));
}

#[test]
fn a_model_with_a_shorter_window_needs_no_more_than_that() {
    let needs = Needs {
        window: Some(100),
        ..NEEDS
    };
    assert_eq!(fitted(&needs, &options(), 1024 + 100), (1, 100, 0));
}

#[test]
fn a_growing_cache_needs_a_row_more_than_run() {
    let needs = Needs {
        spare_rows: 1,
        ..NEEDS
    };
    assert_eq!(
        fitted(&needs, &options(), (1 << 10) + 5 * 2048),
        (4, 2048, 0)
    );
    assert_eq!(
        fitted(&needs, &options(), (1 << 10) + 4 * 2048),
        (3, 2048, 0)
    );
    assert_eq!(
        fitted(&needs, &options(), (1 << 10) + 2 * 2047),
        (1, 2047, 0)
    );
}

#[test]
fn the_limit_on_the_cache_alone_holds_whole_windows_and_never_more_slots_than_asked_for() {
    let size = |cache_bytes, slots| {
        let options = EngineOptions {
            max_context: 100,
            cache_bytes,
            slots,
            ..EngineOptions::default()
        };
        let needs = Needs {
            token_bytes: 10,
            window: Some(200),
            ..NEEDS
        };
        let plan = CachePlan::fit(&needs, &options, Budget::UNKNOWN).unwrap();
        (plan.rows, plan.tokens)
    };
    assert_eq!(size(10_000, 4), (4, 100));
    assert_eq!(size(2_999, 4), (2, 100));
    assert_eq!(size(500, 4), (1, 50));
    assert_eq!(size(0, 0), (1, 1));
}

#[test]
fn three_quarters_of_free_memory_are_the_limit_unless_one_is_set() {
    assert_eq!(Budget::new(None, Some(4000)).bytes, Some(3000));
    assert_eq!(Budget::new(Some(5000), Some(4000)).bytes, Some(5000));
    assert_eq!(Budget::new(None, None).bytes, None);
}

#[test]
fn half_floats_that_are_widened_count_as_floats_besides() {
    let files = WeightFiles {
        inside: 100,
        external: 1000,
    };
    assert_eq!(files.in_memory(false), 150 + 1250);
    assert_eq!(files.in_memory(true), 150 + 1250 + 2200);
}
