//! Which build of ONNX Runtime is used on which platform, and its hashes.

use std::{env::consts, path::Path};

use crate::Error;

/// The package that holds the library on every platform, as the package client wants it.
pub(super) const PACKAGE: &str = "onnxruntime==1.31.1";
/// The version in names of folders.
const VERSION: &str = "1.31.1";

/// One platform's build.
#[derive(Debug)]
pub(super) struct Pin {
    /// `std::env::consts::OS`.
    os: &'static str,
    /// `std::env::consts::ARCH`.
    arch: &'static str,
    /// Platform tag of the Python package (PEP 425).
    pub(super) platform: &'static str,
    /// SHA-256 of the package for Python 3.12, in hexadecimal.
    pub(super) package_sha256: &'static str,
    /// The library's file name inside the package's `onnxruntime/capi` folder.
    pub(super) library: &'static str,
    /// SHA-256 of the library, in hexadecimal.
    pub(super) library_sha256: &'static str,
    /// The name under which an installation of the user's may have it.
    pub(super) plain_library: &'static str,
}

impl Pin {
    /// The build for the running system.
    ///
    /// # Errors
    /// [`Error::RuntimeUnsupported`] where no build is pinned.
    pub(super) fn for_this_platform() -> Result<&'static Self, Error> {
        PINS.iter()
            .find(|pin| pin.os == consts::OS && pin.arch == consts::ARCH)
            .ok_or(Error::RuntimeUnsupported {
                os: consts::OS,
                arch: consts::ARCH,
            })
    }

    /// Name of the folder in the cache that holds the library.
    pub(super) fn folder_name(&self) -> String {
        format!("onnxruntime-{VERSION}-{}", self.platform)
    }

    /// The error that tells the user what to put where.
    pub(super) fn fetch_error(&self, reason: String, cache: &Path) -> Error {
        Error::RuntimeFetch {
            reason,
            library: self.library,
            package: PACKAGE,
            platform: self.platform,
            folder: cache.join(self.folder_name()),
        }
    }
}

const PINS: [Pin; 4] = [
    Pin {
        os: "linux",
        arch: "x86_64",
        platform: "manylinux_2_28_x86_64",
        package_sha256: "1f3dea47f2f0e5117c2404cea7d21fd253ae7836a3bf167a501cdfbb2600d536",
        library: "libonnxruntime.so.1.31.1",
        library_sha256: "fc44112fbe06d7d689c57e11d3862031f64711007e4ee020f8eed5185fd2c1d3",
        plain_library: "libonnxruntime.so",
    },
    Pin {
        os: "linux",
        arch: "aarch64",
        platform: "manylinux_2_28_aarch64",
        package_sha256: "0b9a492176886992e0e875f06bc0367e333f5fff11711a2d642e18b02f3009cc",
        library: "libonnxruntime.so.1.31.1",
        library_sha256: "8aa3b76b28c778a2b1dd660d34161adb1d508c9ccd04ff9dc80e26eca5df8467",
        plain_library: "libonnxruntime.so",
    },
    Pin {
        os: "macos",
        arch: "aarch64",
        platform: "macosx_14_0_arm64",
        package_sha256: "96dd2564b10ea7153ad9c207e7cd8e5917cb3ba521e0e0a62ac03486fdc8d56c",
        library: "libonnxruntime.1.31.1.dylib",
        library_sha256: "d586cbe89effc085a09d3341b3cfbd5c322517f9d397aeb20814af21433f2b36",
        plain_library: "libonnxruntime.dylib",
    },
    Pin {
        os: "windows",
        arch: "x86_64",
        platform: "win_amd64",
        package_sha256: "ae8a9a351efda685cc59a66226cdefaa37a126c1d66872ca23a2de9425326130",
        library: "onnxruntime.dll",
        library_sha256: "e45f61e50d8650885452be538a00bb14a715e46a1bc3691000ce947e89ed0306",
        plain_library: "onnxruntime.dll",
    },
];
