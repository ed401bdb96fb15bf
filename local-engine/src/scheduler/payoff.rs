//! Whether guesses pay: how likely they are to be right, against what their runs take.
//!
//! `k` guesses, each right with probability `p` after those before it, bring
//! `(1 - p^(k+1)) / (1 - p)` tokens on average, the one after the last right guess included; they
//! cost one run that checks them all, and what it took to make them. The number of guesses is the
//! one that brings most tokens a second, and there are none where single steps bring more
//! (Leviathan, Kalman and Matias, "Fast Inference from Transformers via Speculative Decoding",
//! 2023, section 3.3). Times and shares are measured while the engine works.

use std::time::Duration;

/// How far the guesses of one source are trusted, for one request or for all.
#[derive(Debug, Default)]
pub(super) struct Trust {
    /// Guesses that were right, and those that the model came to judge; older ones count less.
    right: f64,
    judged: f64,
    /// Seconds that attempts gained; older ones count less.
    gained: f64,
    /// Attempts after which there was a loss, less those after which there was none.
    misses: u32,
    /// Turns to pass before the next attempt.
    pause: u32,
}

impl Trust {
    /// Whether it is time for an attempt; counts the turns of a pause.
    pub(super) fn is_due(&mut self) -> bool {
        let is_due = self.pause == 0;
        self.pause = self.pause.saturating_sub(1);
        is_due
    }

    /// Whether there were attempts that paid, all together.
    pub(super) fn is_proven(&self) -> bool {
        self.judged > 0.0 && self.gained >= 0.0
    }

    /// The best number of guesses, at most `most`, and what it gains over steps that take `step`
    /// seconds a token; `cost` is what a number of guesses takes. `None` where none gain.
    pub(super) fn best(
        &mut self,
        most: usize,
        step: f64,
        cost: impl Fn(usize) -> f64,
    ) -> Option<Bet> {
        let speed = |&guesses: &usize| self.expected(guesses) / cost(guesses);
        let guesses = (1..=most).max_by(|a, b| speed(a).total_cmp(&speed(b)))?;
        let bet = Bet {
            guesses,
            tokens: self.expected(guesses),
            cost: cost(guesses),
        };
        if bet.gain(step) > 0.0 {
            return Some(bet);
        }
        if self.judged > 0.0 {
            self.doubt();
        }
        None
    }

    /// Of `guessed` tokens the first `right` were right, which gained so many seconds, or lost
    /// them. Waits if attempts lose more than they gain.
    pub(super) fn learn(&mut self, guessed: usize, right: usize, gain: f64) {
        self.right = self.right * FADING + real(right);
        self.judged = self.judged * FADING + real(guessed.min(right + 1));
        self.gained = self.gained * FADING + gain;
        if self.gained < 0.0 {
            self.wait();
        } else {
            self.misses = self.misses.saturating_sub(1);
            self.pause = 0;
        }
    }

    /// Forgets what it learned, and waits.
    pub(super) fn doubt(&mut self) {
        *self = Self {
            misses: self.misses,
            ..Self::default()
        };
        self.wait();
    }

    /// Waits longer than the last time.
    fn wait(&mut self) {
        self.misses = (self.misses + 1).min(LONGEST_PAUSE);
        self.pause = (1 << self.misses) - 1;
    }

    /// Tokens that a run with so many guesses brings on average.
    fn expected(&self, guesses: usize) -> f64 {
        let rate = (self.right + FIRST_RIGHT) / (self.judged + FIRST_JUDGED);
        let guesses = i32::try_from(guesses).unwrap_or(i32::MAX);
        (1.0 - rate.powi(guesses.saturating_add(1))) / (1.0 - rate)
    }
}

/// A number of guesses, with the tokens it brings on average and the seconds it takes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bet {
    pub(super) guesses: usize,
    tokens: f64,
    pub(super) cost: f64,
}

impl Bet {
    /// No guess for a request: a run of its own that takes so many seconds.
    pub(super) fn none(cost: f64) -> Self {
        Self {
            guesses: 0,
            tokens: 1.0,
            cost,
        }
    }

    /// Seconds saved against steps that take `step` a token; below zero if they are lost.
    pub(super) fn gain(&self, step: f64) -> f64 {
        self.tokens * step - self.cost
    }

    /// Seconds saved over the next `tokens` tokens if all go like this.
    pub(super) fn gain_over(&self, tokens: usize, step: f64) -> f64 {
        self.gain(step) / self.tokens * real(tokens)
    }
}

/// What runs of the model take, in seconds.
#[derive(Debug)]
pub(super) struct Costs {
    /// Steps that decode one token for each request; index: requests, less one.
    steps: StepTimes,
    /// What each token that is read beside the first adds to a run, as a share of a step alone.
    added: f64,
}

impl Costs {
    pub(super) fn new(rows: usize) -> Self {
        Self {
            steps: StepTimes::new(rows),
            added: FIRST_ADDED,
        }
    }

    /// A step that decoded one token for each of `rows` requests took `time`. As long as there are
    /// only such steps, what runs with guesses cost is forgotten, so that it can't be too much for
    /// ever: others may have had the cores when it was measured.
    pub(super) fn observe_step(&mut self, rows: usize, time: Duration) {
        self.steps.observe(rows, time);
        self.added += (FIRST_ADDED - self.added) / SOME_LATER;
    }

    /// A run that read `tokens` tokens of one request, two or more, took `time`.
    pub(super) fn observe_check(&mut self, tokens: usize, time: Duration) {
        let Some(step) = self.steps.of(1) else { return };
        let added = (time.as_secs_f64() / step - 1.0) / real(tokens.max(2) - 1);
        let most = (UNUSUAL * self.added).clamp(FIRST_ADDED, 1.0);
        self.added += (added.clamp(0.0, most) - self.added) / LATER;
    }

    /// What a step for `rows` requests takes; `None` before the first such step.
    pub(super) fn step(&self, rows: usize) -> Option<f64> {
        self.steps.exactly(rows)
    }

    /// What a run takes that reads `tokens` tokens of one request; infinite before the first step.
    pub(super) fn check(&self, tokens: usize) -> f64 {
        let step = self.steps.of(1).unwrap_or(f64::INFINITY);
        step * (1.0 + self.added * real(tokens.saturating_sub(1)))
    }
}

/// Average times of something by the number of requests that decode, in seconds.
#[derive(Debug)]
pub(super) struct StepTimes(Vec<Option<f64>>);

impl StepTimes {
    pub(super) fn new(rows: usize) -> Self {
        Self(vec![None; rows])
    }

    /// With `rows` requests it took `time`. A time that is unusually long counts as less, since
    /// others may have had the cores. An average that is unusually long is that of a first run,
    /// which made room, and is forgotten.
    pub(super) fn observe(&mut self, rows: usize, time: Duration) {
        let now = time.as_secs_f64();
        if let Some(average) = self.0.get_mut(rows.saturating_sub(1)) {
            let before = average.filter(|before| *before < UNUSUAL * now);
            let after = |before: f64| before + (now.min(UNUSUAL * before) - before) / LATER;
            *average = Some(before.map_or(now, after));
        }
    }

    /// Forgets a little, so that a time that was too long to be measured again is, some day.
    pub(super) fn fade(&mut self) {
        for time in self.0.iter_mut().flatten() {
            *time -= *time / MUCH_LATER;
        }
    }

    /// What it takes with `rows` requests, if that was seen.
    fn exactly(&self, rows: usize) -> Option<f64> {
        self.0.get(rows.checked_sub(1)?).copied().flatten()
    }

    /// What it takes with `rows` requests, or with the next number that was seen.
    pub(super) fn of(&self, rows: usize) -> Option<f64> {
        let (fewer, from) = self.0.split_at_checked(rows.saturating_sub(1))?;
        let nearest = from.iter().chain(fewer.iter().rev());
        nearest.copied().flatten().next()
    }
}

/// A count to calculate with.
pub(super) fn real(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// What is believed before the first guess: two of three are right.
const FIRST_RIGHT: f64 = 2.0;
const FIRST_JUDGED: f64 = 3.0;

/// What earlier guesses still count when later ones were judged.
const FADING: f64 = 0.8;

/// A pause grows to at most two to the power of this many turns.
const LONGEST_PAUSE: u32 = 7;

/// A new time changes an average by one part of so many.
const LATER: f64 = 8.0;

/// A time of so many times the usual one is none to learn from.
const UNUSUAL: f64 = 2.0;

/// Half of what checks added is forgotten after some 90 steps without one.
const SOME_LATER: f64 = 128.0;

/// Without new times, half of an old one is forgotten after some 700 steps.
const MUCH_LATER: f64 = 1024.0;

/// What a further token adds to a run before it was measured: as for a model of 135 million 4-bit
/// weights on two cores.
const FIRST_ADDED: f64 = 0.15;

#[cfg(test)]
impl Costs {
    /// Steps that take `step` for each request, where each token beside the first adds the share
    /// `added` of a step alone to a run.
    pub(super) fn known(rows: usize, step: Duration, added: f64) -> Self {
        let mut costs = Self::new(rows);
        for (rows, requests) in (1..=rows).zip(1_u32..) {
            costs.steps.observe(rows, requests * step);
        }
        Self { added, ..costs }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The best number of guesses where a step takes a second, each guess costs `each` besides.
    fn best(trust: &mut Trust, each: f64) -> Option<usize> {
        let cost = |guesses| 1.0 + (FIRST_ADDED + each) * real(guesses);
        trust.best(15, 1.0, cost).map(|bet| bet.guesses)
    }

    #[test]
    fn right_guesses_grow_longer_and_costly_ones_stay_short() {
        let (mut cheap, mut costly) = (Trust::default(), Trust::default());
        assert_eq!(best(&mut cheap, 0.0), Some(3));
        assert_eq!(best(&mut costly, 0.3), Some(1));
        for _ in 0..20 {
            cheap.learn(5, 5, 1.0);
            costly.learn(5, 3, 1.0);
        }
        assert_eq!(best(&mut cheap, 0.0), Some(15));
        assert_eq!(best(&mut costly, 0.3), Some(2));
        assert_eq!(best(&mut Trust::default(), 1.0), None);
    }

    #[test]
    fn attempts_that_do_not_pay_are_made_ever_less_often() {
        let mut trust = Trust::default();
        let mut attempts = 0;
        for _ in 0..500 {
            if trust.is_due() {
                attempts += 1;
                trust.learn(3, 0, -0.5);
            }
        }
        assert!((5..=10).contains(&attempts), "{attempts}");
        assert!(!trust.is_proven());
        // One that gains more than those lost counts.
        trust.learn(15, 15, 12.0);
        assert!(trust.is_proven() && trust.is_due());
    }

    #[test]
    fn a_rate_too_low_to_pay_is_forgotten_after_a_pause() {
        let mut trust = Trust::default();
        for _ in 0..20 {
            trust.learn(3, 0, 0.0);
        }
        assert_eq!(best(&mut trust, 0.5), None);
        assert!(!trust.is_due());
        assert!(trust.is_due());
        assert_eq!(best(&mut trust, 0.0), Some(3));
    }

    #[test]
    fn guesses_pay_where_many_are_right_and_cost_little_where_few_are() {
        for percent in (0..=100).step_by(10) {
            let [lookup, draft] = [0.0, 0.3].map(|each| simulated_speed(percent, each));
            assert!(lookup.min(draft) > 0.95, "{percent} %: {lookup} {draft}");
            if percent >= 80 {
                assert!(lookup > 1.5, "{percent} %: {lookup}");
            }
        }
    }

    /// Tokens in the time of one step, over 2,000 tokens, where so many percent of the guesses are
    /// right, evenly spread, and each takes `each` of a step beside its share of the check.
    fn simulated_speed(percent: usize, each: f64) -> f64 {
        let (mut trust, mut tokens, mut seconds) = (Trust::default(), 0, 0.0);
        let mut judged = 0;
        while tokens < 2000 {
            let is_due = trust.is_due();
            let guesses = is_due
                .then(|| best(&mut trust, each))
                .flatten()
                .unwrap_or(0);
            let mut right = 0;
            while right < guesses {
                judged += 1;
                // Multiples of a number prime to 100 meet every hundredth.
                if judged * 37 % 100 >= percent {
                    break;
                }
                right += 1;
            }
            let took = 1.0 + (FIRST_ADDED + each) * real(guesses);
            if guesses > 0 {
                trust.learn(guesses, right, real(right + 1) - took);
            }
            tokens += right + 1;
            seconds += took;
        }
        real(tokens) / seconds
    }

    #[test]
    fn the_average_number_of_tokens_is_the_sum_of_its_chances() {
        let mut trust = Trust::default();
        trust.learn(4, 1, 0.5);
        // Three of five: 1 + 0.6 + 0.36 + 0.216.
        assert!((trust.expected(3) - 2.176).abs() < 1e-12);
        let bet = trust.best(3, 1.0, |_| 0.5).unwrap();
        assert!((bet.gain(1.0) - 1.676).abs() < 1e-12);
        assert!((bet.gain_over(100, 1.0) - 167.6 / 2.176).abs() < 1e-9);
        assert!(Bet::none(2.0).gain(1.0) < 0.0);
    }

    #[test]
    fn costs_follow_what_runs_took() {
        let seconds = Duration::from_secs;
        let mut costs = Costs::new(4);
        assert_eq!(costs.step(2), None);
        costs.observe_step(2, seconds(4));
        assert_eq!(costs.step(2), Some(4.0));
        assert_eq!(costs.step(1), None);
        costs.observe_step(1, seconds(2));
        for _ in 0..100 {
            costs.observe_check(5, seconds(4));
        }
        assert!((costs.check(5) - 4.0).abs() < 1e-3);
        assert!((costs.check(1) - 2.0).abs() < 1e-12);
        for _ in 0..89 {
            costs.observe_step(1, seconds(2));
        }
        assert!(
            (costs.check(5) - 2.0 * (1.0 + 4.0 * f64::midpoint(0.25, FIRST_ADDED))).abs() < 0.01
        );
        for _ in 0..5000 {
            costs.observe_step(1, seconds(2));
        }
        assert!((costs.check(5) - 2.0 * (1.0 + 4.0 * FIRST_ADDED)).abs() < 0.02);
    }

    #[test]
    fn a_first_run_is_forgotten_one_long_run_counts_little_and_old_times_fade() {
        let mut times = StepTimes::new(2);
        assert_eq!(times.of(2), None);
        for time in [9, 1, 1] {
            times.observe(2, Duration::from_secs(time));
        }
        assert_eq!((times.of(2), times.of(1)), (Some(1.0), Some(1.0)));
        times.observe(2, Duration::from_secs(100));
        assert_eq!(times.of(2), Some(1.125));
        (0..710).for_each(|_| times.fade());
        assert!((times.of(2).unwrap() - 1.125 / 2.0).abs() < 0.01);
    }
}
