//! Finds a model's adapters: those in its folder `adapters`, and those that the user names.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use super::confine::Confined;
use crate::{AdapterSummary, Error};

/// An adapter's file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct AdapterFile {
    /// What requests call it.
    pub(crate) name: String,
    pub(crate) path: PathBuf,
}

/// The adapters in `adapters/*.onnx_adapter` of the folders, named after their files, and those
/// that the user names, which win. Sorted by name.
///
/// # Errors
/// [`Error::AdapterName`], [`Error::OutsideFolder`], [`Error::FileUnreadable`].
pub(super) fn find(
    folders: &[&Path],
    named: &BTreeMap<String, PathBuf>,
) -> Result<Vec<AdapterFile>, Error> {
    let mut found = BTreeMap::new();
    for folder in folders {
        for path in adapters_in(folder)? {
            let name = path.file_stem().unwrap_or_default().to_string_lossy();
            found.insert(name.into_owned(), path);
        }
    }
    found.extend(named.clone());
    let checked = found.into_iter().map(|(name, path)| {
        if AdapterSummary::is_name(&name) {
            Ok(AdapterFile { name, path })
        } else {
            Err(Error::AdapterName { path })
        }
    });
    checked.collect()
}

/// None where there is no such folder.
fn adapters_in(model: &Path) -> Result<Vec<PathBuf>, Error> {
    let folder = model.join("adapters");
    let unreadable = |source| Error::FileUnreadable {
        path: folder.clone(),
        source,
    };
    let entries = match fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(unreadable(source)),
    };
    let model = Confined::new(model);
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.map_err(unreadable)?.path();
        let is_adapter = path.extension().is_some_and(|end| end == "onnx_adapter");
        if is_adapter && model.holds(&path)? {
            paths.push(path);
        }
    }
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Finds adapters beside those of these files, which are made.
    fn find_with(files: &[&str], named: &[(&str, &str)]) -> Result<Vec<(String, String)>, Error> {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("adapters")).unwrap();
        for file in files {
            fs::write(folder.path().join("adapters").join(file), "").unwrap();
        }
        let named = named
            .iter()
            .map(|(name, path)| ((*name).to_owned(), path.into()));
        let found = find(&[folder.path(), Path::new("missing")], &named.collect())?;
        let file = |path: PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
        Ok(found
            .into_iter()
            .map(|it| (it.name, file(it.path)))
            .collect())
    }

    #[test]
    fn adapters_have_the_names_of_their_files_unless_the_user_names_them() {
        let found = find_with(
            &["terse.onnx_adapter", "polite-2.onnx_adapter", "README.md"],
            &[
                ("terse", "other.onnx_adapter"),
                ("formal", "f.onnx_adapter"),
            ],
        );
        let expected = [
            ("formal", "f.onnx_adapter"),
            ("polite-2", "polite-2.onnx_adapter"),
            ("terse", "other.onnx_adapter"),
        ];
        assert_eq!(
            found.unwrap(),
            expected.map(|(name, file)| (name.into(), file.into()))
        );
        assert_eq!(find_with(&[], &[]).unwrap(), []);
    }

    #[test]
    fn names_that_can_t_stand_in_a_model_s_name_are_refused() {
        for name in ["", "a:b", "a b", "ä", &"a".repeat(65)] {
            let error = find_with(&[], &[(name, "f.onnx_adapter")]).unwrap_err();
            assert!(
                matches!(error, Error::AdapterName { .. }),
                "{name}: {error}"
            );
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_out_of_the_model_s_folder_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let model = folder.path().join("model");
        fs::create_dir_all(model.join("adapters")).unwrap();
        fs::write(folder.path().join("secret"), "").unwrap();
        let link = model.join("adapters/x.onnx_adapter");
        std::os::unix::fs::symlink("../../secret", link).unwrap();
        let error = find(&[&model], &BTreeMap::new()).unwrap_err();
        assert!(matches!(error, Error::OutsideFolder { .. }), "{error}");
    }
}
