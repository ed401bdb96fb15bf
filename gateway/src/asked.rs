//! What a client asks of the gateway itself, by headers that begin with `x-nearside-`.
//!
//! A value that can't be read is refused, not ignored: who says how a request is to be treated must
//! be able to count on it.

use std::time::Duration;

use http::{HeaderMap, HeaderValue};
use router::{RouteWish, policy::variable::LONGEST_DEADLINE};

use crate::error::Error;

/// What a client asks for besides an answer.
#[derive(Debug)]
pub(crate) struct Asked {
    /// Near or far.
    pub(crate) wish: RouteWish,
    /// The time within which the answer is to begin.
    pub(crate) deadline: Option<Duration>,
    /// Labels for the policy to look at.
    pub(crate) tags: Vec<String>,
}

impl Asked {
    /// Reads it from the headers of a request.
    ///
    /// # Errors
    /// [`Error::Header`], which names the header and what it may hold.
    pub(crate) fn of(headers: &HeaderMap) -> Result<Self, Error> {
        Ok(Self {
            wish: wish(headers)?,
            deadline: deadline(headers)?,
            tags: tags(headers)?,
        })
    }
}

fn wish(headers: &HeaderMap) -> Result<RouteWish, Error> {
    match headers.get(ROUTE).map(HeaderValue::as_bytes) {
        None | Some(b"auto") => Ok(RouteWish::Auto),
        Some(b"local") => Ok(RouteWish::Local),
        Some(b"cloud") => Ok(RouteWish::Cloud),
        Some(_) => Err(Error::Header {
            name: ROUTE,
            expected: "local, cloud or auto",
        }),
    }
}

fn deadline(headers: &HeaderMap) -> Result<Option<Duration>, Error> {
    let Some(value) = headers.get(DEADLINE) else {
        return Ok(None);
    };
    // Rust's own reader takes a plus sign.
    let digits = |text: &&str| text.bytes().all(|byte| byte.is_ascii_digit());
    let text = value.to_str().ok().filter(digits);
    let millis = text.and_then(|text| text.parse().ok());
    let deadline = millis.map(Duration::from_millis);
    match deadline.filter(|within| !within.is_zero() && *within <= LONGEST_DEADLINE) {
        Some(deadline) => Ok(Some(deadline)),
        None => Err(Error::Header {
            name: DEADLINE,
            expected: "a whole number of milliseconds from 1 to 86400000",
        }),
    }
}

fn tags(headers: &HeaderMap) -> Result<Vec<String>, Error> {
    let values = headers.get_all(TAGS).iter();
    let texts: Result<Vec<&str>, _> = values.map(HeaderValue::to_str).collect();
    let tags: Vec<String> = texts
        .unwrap_or(vec![UNREADABLE])
        .into_iter()
        .flat_map(|text| text.split(','))
        .map(|tag| tag.trim().to_owned())
        .collect();
    if tags.len() > MOST_TAGS || !tags.iter().all(|tag| is_tag(tag)) {
        return Err(Error::Header {
            name: TAGS,
            expected: "at most 16 labels, with commas between them, each of at most 64 characters \
                       out of 'a-z', '0-9', '-', '_' and '.'",
        });
    }
    Ok(tags)
}

fn is_tag(tag: &str) -> bool {
    let allowed =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_.".contains(&byte);
    (1..=LONGEST_TAG).contains(&tag.len()) && tag.bytes().all(allowed)
}

const ROUTE: &str = "x-nearside-route";
const DEADLINE: &str = "x-nearside-deadline-ms";
const TAGS: &str = "x-nearside-tags";

const MOST_TAGS: usize = 16;
const LONGEST_TAG: usize = 64;

/// No tag, so that a header that is no text is refused like a tag that is none.
const UNREADABLE: &str = "";

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(name: &'static str, value: &str) -> Result<Asked, String> {
        let mut headers = HeaderMap::new();
        headers.insert(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        Asked::of(&headers).map_err(|error| error.to_string())
    }

    #[test]
    fn nothing_is_asked_without_headers() {
        let asked = Asked::of(&HeaderMap::new()).unwrap();
        assert_eq!((asked.wish, asked.deadline), (RouteWish::Auto, None));
        assert!(asked.tags.is_empty());
    }

    #[test]
    fn deadlines_are_whole_milliseconds_of_at_most_a_day() {
        assert_eq!(
            asked(DEADLINE, "1").unwrap().deadline,
            Some(Duration::from_millis(1))
        );
        assert_eq!(
            asked(DEADLINE, "86400000").unwrap().deadline,
            Some(LONGEST_DEADLINE)
        );
        for wrong in ["0", "86400001", "+5", "-5", "1.5", "1s", " 1", "", "ü"] {
            assert!(asked(DEADLINE, wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn tags_are_labels_with_commas_between_them() {
        assert_eq!(
            asked(TAGS, "batch, team-7").unwrap().tags,
            ["batch", "team-7"]
        );
        let many = vec!["a"; 17].join(",");
        for wrong in ["", "a,", "Batch", "a b", "ü", &many, &"a".repeat(65)] {
            assert!(asked(TAGS, wrong).is_err(), "{wrong}");
        }
    }
}
