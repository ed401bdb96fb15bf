//! Whether a path or query is about a person.

use crate::{recognizer::stand_in::is_stand_in, word_list::is_listed};

/// True for `/users/jane`, `/~jane`, `/@jane`, `?email=...` and the like.
pub(super) fn is_named_in(path: &str) -> bool {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let mut folder = "";
    let in_path = segments(path).any(|segment| {
        let is_home = segment.strip_prefix(['~', '@']).is_some_and(is_value);
        let is_entry = is_listed(folder, FOLDERS) && is_value(segment);
        folder = segment;
        is_home || is_entry
    });
    in_path || query.split(['&', ';']).any(is_personal_field)
}

/// True for the page of an owner: `/jane`, but not `/jane/project`.
pub(super) fn is_profile(path: &str) -> bool {
    let mut segments = segments(path);
    segments.next().is_some_and(is_value) && segments.next().is_none()
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split(['/', '#']).filter(|segment| !segment.is_empty())
}

fn is_personal_field(field: &str) -> bool {
    let (key, value) = field.split_once('=').unwrap_or((field, ""));
    is_value(value) && is_listed(key, FIELDS)
}

/// False for what documentation writes in place of a value.
fn is_value(text: &str) -> bool {
    text.len() > 1
        && text.starts_with(char::is_alphanumeric)
        && !is_stand_in(text)
        && !is_listed(text, NO_VALUES)
}

const NO_VALUES: &str = "\
    about docs explore features id login me models name new pricing search settings topics \
    trending user username";

/// Folders with an entry a person.
const FOLDERS: &str = "\
    user users u in profile profiles people person patient patients member members customer \
    customers client clients account accounts employee employees student students author \
    authors";

/// Fields of a query with something about a person.
const FIELDS: &str = "\
    user username user_name userid user_id uid login name fullname full_name firstname \
    first_name lastname last_name surname email e-mail mail phone tel mobile patient \
    patient_id patientid customer customer_id member member_id account account_id ssn dob \
    birthdate birthday address iban card";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_queries_name_people() {
        for path in [
            "/users/jane",
            "/~jane/x",
            "/x/@jane",
            "/x?a=1&email=jane%40x",
            "/in/jane#top",
        ] {
            assert!(is_named_in(path), "{path}");
        }
        for path in [
            "",
            "/docs/users",
            "/users/{id}",
            "/users/",
            "/x?page=2",
            "/users/me",
        ] {
            assert!(!is_named_in(path), "{path}");
        }
    }

    #[test]
    fn a_profile_is_the_first_level() {
        assert!(is_profile("/jane"));
        assert!(!is_profile("/jane/project"));
        assert!(!is_profile("/"));
        assert!(!is_profile("/features"));
    }
}
