//! Whose a host is, as far as its name tells.

/// Whose the pages of a host are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    /// The own machine, or no host at all.
    Nobody,
    /// Public reading, a local network, or a name for documentation: what matters is the page.
    Everybody,
    /// Anybody else, and so perhaps a person.
    Somebody,
}

/// Whose the host is. It has neither user information nor port.
pub(super) fn owner(host: &str) -> Owner {
    let is_name = host.starts_with(char::is_alphanumeric);
    if !is_name || host.eq_ignore_ascii_case("localhost") || host.starts_with("127.") {
        Owner::Nobody
    } else if is_local(host) || is_reserved(host) || is_below(host, PUBLIC) || has_profiles(host) {
        Owner::Everybody
    } else {
        Owner::Somebody
    }
}

/// True where a page of the first level is that of a person or an organisation.
pub(super) fn has_profiles(host: &str) -> bool {
    is_below(host, CODE_HOSTS)
}

/// A single label, a name for local use (RFC 6762, RFC 8375 and custom), or an IPv4 address, which
/// is found on its own.
fn is_local(host: &str) -> bool {
    let Some((_, last)) = host.rsplit_once('.') else {
        return true;
    };
    let is_number = last.bytes().all(|b| b.is_ascii_digit());
    is_number || LOCAL.iter().any(|name| last.eq_ignore_ascii_case(name))
}

#[rustfmt::skip]
const LOCAL: &[&str] = &[
    "arpa", "corp", "home", "internal", "intranet", "invalid", "lan", "local", "localhost", "svc", "test",
];

/// Names that RFC 2606 reserves for documentation: `.example`, `example.com` and its siblings.
fn is_reserved(host: &str) -> bool {
    let mut labels = host.rsplit('.').take(2);
    labels.any(|label| label.eq_ignore_ascii_case("example"))
}

/// True for the names of a list, separated by spaces, and all below them.
fn is_below(host: &str, names: &str) -> bool {
    names.split(' ').any(|name| {
        let start = host.len().checked_sub(name.len());
        let parts = start.and_then(|start| host.split_at_checked(start));
        parts.is_some_and(|(above, end)| {
            end.eq_ignore_ascii_case(name) && (above.is_empty() || above.ends_with('.'))
        })
    })
}

const CODE_HOSTS: &str = "github.com gitlab.com bitbucket.org codeberg.org huggingface.co";

/// Hosts of code, standards and manuals, not of people's pages or files.
const PUBLIC: &str = "\
    acm.org alpinelinux.org angular.io apache.org api.anthropic.com api.openai.com appveyor.com \
    archlinux.org arm.com arxiv.org aws.amazon.com badge.fury.io bestpractices.dev boost.org \
    bootstrapcdn.com circleci.com cloud.google.com cloudflare.com cmake.org cncf.io codecov.io \
    conventionalcommits.org coveralls.io cppreference.com creativecommons.org curl.se cve.org \
    debian.org deps.rs developer.android.com developer.apple.com developers.google.com \
    docker.com docs.anthropic.com docs.aws.amazon.com docs.microsoft.com docs.oracle.com docs.rs \
    doi.org ecma-international.org elastic.co fedoraproject.org fonts.googleapis.com \
    freedesktop.org fsf.org git-scm.com gitea.com githubusercontent.com gnu.org go.dev \
    golang.org grafana.com haskell.org helm.sh hl7.org iana.org ieee.org ietf.org intel.com \
    iso.org itu.int java.sun.com jetbrains.com jquery.com json-schema.org json.org k8s.io \
    keepachangelog.com kernel.org kotlinlang.org kubernetes.io launchpad.net learn.microsoft.com \
    letsencrypt.org lib.rs linuxfoundation.org llvm.org loinc.org man7.org mitre.org mongodb.com \
    mozilla.org musl-libc.org mysql.com nginx.com nginx.org nist.gov nodejs.org nvidia.com \
    onnx.ai onnxruntime.ai openjdk.org opensource.org openssl.org opentelemetry.io owasp.org \
    perl.org php.net platform.openai.com postgresql.org prometheus.io purl.org python.org \
    pytorch.org react.dev reactjs.org readthedocs.io readthedocs.org redhat.com redis.io \
    repology.org rfc-editor.org ruby-lang.org rust-lang.github.io rust-lang.org rustup.rs \
    scala-lang.org schema.org schemas.android.com schemas.microsoft.com \
    schemas.openxmlformats.org semver.org serde.rs shields.io snomed.info sourceforge.net \
    spdx.org sqlite.org sr.ht stackexchange.com stackoverflow.com swift.org tensorflow.org \
    toml.io travis-ci.com travis-ci.org typescriptlang.org ubuntu.com unicode.org usenix.org \
    vuejs.org w3.org webassembly.org whatwg.org wikidata.org wikimedia.org wikipedia.org \
    www.googleapis.com xmlsoap.org yaml.org";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owners_follow_from_the_name() {
        assert_eq!(owner("localhost"), Owner::Nobody);
        assert_eq!(owner("$HOST"), Owner::Nobody);
        for host in [
            "docs.rs",
            "WWW.W3.ORG",
            "en.wikipedia.org",
            "api.example.com",
            "db",
            "10.0.0.1",
        ] {
            assert_eq!(owner(host), Owner::Everybody, "{host}");
        }
        for host in ["notdocs.rs.info", "xdocs.rs", "acme-clinic.org"] {
            assert_eq!(owner(host), Owner::Somebody, "{host}");
        }
    }
}
