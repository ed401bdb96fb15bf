use super::*;

fn surrogates() -> Surrogates {
    Surrogates::new(Key::from_secret(b"of these tests"))
}

fn made(kind: EntityKind, value: &str) -> String {
    surrogates().of(kind, value).unwrap()
}

#[test]
fn the_same_key_gives_the_same_surrogates() {
    for (kind, value) in [
        (EntityKind::Person, "Jane Doe"),
        (EntityKind::Email, "jane@example.com"),
        (EntityKind::Phone, "+1 202-555-0143"),
    ] {
        assert_eq!(made(kind, value), made(kind, value));
        let other = Surrogates::new(Key::from_secret(b"other")).of(kind, value);
        assert_ne!(other.as_deref(), Some(made(kind, value).as_str()));
    }
}

#[test]
fn names_keep_language_gender_and_form() {
    let given = |value: &str| {
        let made = made(EntityKind::Person, value);
        let first = made.split(' ').next().unwrap();
        name_list::LANGUAGES.iter().position(|language| {
            let lists = [language.female, language.male];
            lists
                .iter()
                .any(|list| list.split(' ').any(|name| name == first))
        })
    };
    assert_eq!(given("Birgit Exempel"), Some(1));
    assert_eq!(given("Thierry Exemple"), Some(2));
    let titled = made(EntityKind::Person, "Dr. JANE van DOE-ROE");
    assert!(titled.starts_with("Dr. ") && titled.contains(" van ") && titled.contains('-'));
    let upper = titled.replace("Dr.", "").replace("van", "");
    assert_eq!(upper, upper.to_uppercase(), "{titled}");
}

#[test]
fn initials_and_names_that_look_like_particles_go_as_well() {
    let made = made(EntityKind::Person, "Ben I. Roe");
    assert!(
        !made.contains("Ben") && !made.contains("I.") && made.contains(". "),
        "{made}"
    );
}

#[test]
fn parts_of_a_name_stay_parts_of_it() {
    let mut surrogates = surrogates();
    let whole = surrogates.of(EntityKind::Person, "Jane Doe").unwrap();
    let (first, last) = whole.split_once(' ').unwrap();
    let reversed = surrogates.of(EntityKind::Person, "DOE, Jane").unwrap();
    assert_eq!(reversed, format!("{}, {first}", last.to_uppercase()));
    let titled = surrogates.of(EntityKind::Person, "Ms Doe").unwrap();
    assert_eq!(titled, format!("Ms {last}"));
    let email = surrogates
        .of(EntityKind::Email, "jane.doe@clinic.example")
        .unwrap();
    let (local, host) = email.split_once('@').unwrap();
    assert_eq!(local, format!("{first}.{last}").to_lowercase());
    assert!(host.starts_with("example."));
}

#[test]
fn no_surrogate_stands_in_a_reserved_text() {
    let mut texts = String::new();
    for _ in 0..5 {
        let mut surrogates = surrogates();
        surrogates.reserve(&texts);
        let made = surrogates.of(EntityKind::Person, "Jane Doe").unwrap();
        for word in made.split(' ') {
            assert!(
                !texts.to_lowercase().contains(&word.to_lowercase()),
                "{word} in {texts}"
            );
        }
        texts = format!("{texts}, {}", made.to_uppercase());
    }
}

#[test]
fn two_values_never_share_a_surrogate() {
    let mut surrogates = surrogates();
    let mut seen = HashSet::new();
    for number in 0..2000 {
        let value = format!("10.{}.{}.1", number / 200, number % 200);
        if let Some(made) = surrogates.of(EntityKind::Ip, &value) {
            assert!(seen.insert(made.to_lowercase()), "{made} twice");
        }
    }
    // There are 762 such addresses; placeholders serve the rest.
    assert!((600..=762).contains(&seen.len()), "{}", seen.len());
    for number in 0..500 {
        let name = format!("Jane D{}e", "o".repeat(number));
        if let Some(made) = surrogates.of(EntityKind::Person, &name) {
            assert!(seen.insert(made.to_lowercase()), "{made} twice");
        }
    }
}

#[test]
fn values_of_every_kind_have_surrogates_of_their_form() {
    let key = || Surrogates::new(Key::from_secret(b"k"));
    for (kind, value, start) in [
        (
            EntityKind::Url,
            "https://www.clinic.example/p/77?id=9",
            "https://www.",
        ),
        (EntityKind::Username, "@jane_doe88", "@"),
        (EntityKind::Org, "Examplia GmbH", ""),
        (
            EntityKind::Address,
            "12 Example Street, 90210 Sampletown",
            "",
        ),
        (EntityKind::Address, "Beispielstraße 5", ""),
        (EntityKind::Date, "2021-03-04", ""),
        (EntityKind::Age, "34 years", "3"),
        (EntityKind::TaxId, "DE123456789", ""),
        (EntityKind::Secret, "a1b2c3d4e5", ""),
    ] {
        let made = key().of(kind, value).unwrap();
        assert_ne!(made, value);
        assert!(made.starts_with(start), "{made}");
    }
    assert!(
        key()
            .of(EntityKind::Org, "Examplia GmbH")
            .unwrap()
            .ends_with(" GmbH")
    );
    let street = key().of(EntityKind::Address, "Beispielstraße 5").unwrap();
    assert!(street.contains("straße "), "{street}");
}

#[test]
fn there_is_none_for_what_could_be_mistaken() {
    for (kind, value) in [
        (EntityKind::Age, "34"),
        (EntityKind::Date, "2021"),
        (EntityKind::Email, "jane%40example.com"),
        (EntityKind::Person, r"Jane\u0020Doe"),
        (EntityKind::OtherId, &"7".repeat(200)),
    ] {
        assert_eq!(surrogates().of(kind, value), None, "{value}");
    }
}

#[test]
fn hashes_follow_key_kind_and_value() {
    let hash = |kind, value| surrogates().hash(kind, value);
    let email = hash(EntityKind::Email, "jane@example.com");
    assert_eq!(email, hash(EntityKind::Email, "jane@example.com"));
    assert_ne!(email, hash(EntityKind::Email, "joe@example.com"));
    assert!(
        email.starts_with("[EMAIL_") && email.len() == "[EMAIL_]".len() + 12,
        "{email}"
    );
}

#[test]
fn debug_shows_no_value() {
    let mut surrogates = surrogates();
    surrogates.of(EntityKind::Person, "Jane Doe");
    assert_eq!(format!("{surrogates:?}"), "Surrogates<1>");
}
