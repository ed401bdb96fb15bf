//! When to try again, and when to give up.

use std::{io, time::Duration};

use http::{HeaderMap, StatusCode, header};

use super::HubError;

/// How patient a pull is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// Attempts without any progress before giving up.
    pub attempts: u32,
    /// The first pause; each further one is twice as long.
    pub first_pause: Duration,
    /// The longest pause of our own choice.
    pub longest_pause: Duration,
    /// The longest pause that a server may ask for (`Retry-After`).
    pub longest_request: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            attempts: 6,
            first_pause: Duration::from_millis(500),
            longest_pause: Duration::from_secs(20),
            longest_request: Duration::from_mins(2),
        }
    }
}

/// How an attempt failed.
#[derive(Debug)]
pub(super) enum Failure {
    /// Trying again may help.
    Passing {
        /// In words for the user.
        reason: String,
        /// When the server wants to be asked again.
        after: Option<Duration>,
    },
    /// Trying again won't help.
    Final(HubError),
}

impl Failure {
    /// A failure of the network.
    pub(super) fn passing(reason: impl Into<String>) -> Self {
        Self::Passing {
            reason: reason.into(),
            after: None,
        }
    }

    /// The connection broke, by its own words.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "`map_err` gives the error away"
    )]
    pub(super) fn network(error: io::Error) -> Self {
        Self::passing(error.to_string())
    }

    /// A status that may be another one later.
    pub(super) fn from_status(status: StatusCode, headers: &HeaderMap) -> Option<Self> {
        let passing = matches!(status.as_u16(), 408 | 425 | 429 | 500 | 502 | 503 | 504);
        passing.then(|| Self::Passing {
            reason: format!("status {}", status.as_u16()),
            after: retry_after(headers),
        })
    }
}

impl From<HubError> for Failure {
    fn from(error: HubError) -> Self {
        Self::Final(error)
    }
}

/// Counts the attempts at one thing.
#[derive(Debug)]
pub(super) struct Attempts {
    patience: Patience,
    failed: u32,
}

impl Attempts {
    pub(super) fn new(patience: Patience) -> Self {
        Self {
            patience,
            failed: 0,
        }
    }

    /// Something came: what failed before does not count any more.
    pub(super) fn progressed(&mut self) {
        self.failed = 0;
    }

    /// Counts a passing failure; the pause before the next attempt, `None` to give up.
    pub(super) fn failed(&mut self, after: Option<Duration>) -> Option<Duration> {
        self.failed += 1;
        if self.failed >= self.patience.attempts {
            return None;
        }
        let doubled = self.patience.first_pause * 2_u32.saturating_pow((self.failed - 1).min(16));
        let own = doubled.min(self.patience.longest_pause);
        Some(after.map_or(own, |asked| asked.max(self.patience.first_pause)))
    }

    /// How often it failed since something came.
    pub(super) fn count(&self) -> u32 {
        self.failed
    }

    /// The longest pause that a server may ask for.
    pub(super) fn longest_request(&self) -> Duration {
        self.patience.longest_request
    }
}

/// `Retry-After` in seconds (RFC 9110, 10.2.3). Its other form, a date, needs a clock that agrees
/// with the server's, and is left to our own pauses.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(header::RETRY_AFTER)?.to_str().ok()?;
    value.trim().parse().ok().map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest_and_end() {
        let mut attempts = Attempts::new(Patience::default());
        let pauses: Vec<_> = std::iter::from_fn(|| attempts.failed(None)).collect();
        let expected = [500, 1000, 2000, 4000, 8000].map(Duration::from_millis);
        assert_eq!(pauses, expected);
        attempts.progressed();
        assert_eq!(attempts.failed(None), Some(Duration::from_millis(500)));
        assert_eq!(
            attempts.failed(Some(Duration::from_secs(7))),
            Some(Duration::from_secs(7))
        );
    }

    #[test]
    fn only_statuses_that_may_pass_are_tried_again() {
        let check =
            |status: u16, retry_after: Option<&'static str>, expected: Option<Option<u64>>| {
                let mut headers = HeaderMap::new();
                if let Some(value) = retry_after {
                    headers.insert(header::RETRY_AFTER, value.parse().unwrap());
                }
                let status = StatusCode::from_u16(status).unwrap();
                let after = Failure::from_status(status, &headers).map(|failure| match failure {
                    Failure::Passing { after, .. } => after.map(|after| after.as_secs()),
                    Failure::Final(error) => panic!("{error}"),
                });
                assert_eq!(after, expected, "{status}");
            };
        check(429, Some("3"), Some(Some(3)));
        check(503, Some("Fri, 31 Dec 1999 23:59:59 GMT"), Some(None));
        check(500, None, Some(None));
        for status in [400, 401, 403, 404, 416, 501] {
            check(status, None, None);
        }
    }
}
