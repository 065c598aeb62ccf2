//! Blobs that nobody needs any more.

use std::io::ErrorKind;
use std::path::PathBuf;
use std::time::SystemTime;

use futures_util::TryStreamExt as _;
use gavel_model::Digest;
use tokio::fs;

use crate::store::{BlobError, BlobStore, location};

impl BlobStore {
    /// Blobs that were last stored before an instant, each with its size in bytes. Whoever stores the same bytes again renews
    /// a blob.
    ///
    /// # Errors
    /// When the store cannot be listed.
    pub async fn stored_before(&self, before: SystemTime) -> Result<Vec<(Digest, u64)>, BlobError> {
        let listed = self.objects().list(Some(&"sha256".into()));
        let old = listed.try_filter_map(async |meta| {
            let digest = meta.location.filename().and_then(|name| name.parse().ok());
            Ok(digest
                .filter(|_| SystemTime::from(meta.last_modified) < before)
                .map(|digest| (digest, meta.size)))
        });
        Ok(old.try_collect().await?)
    }

    /// Removes a blob, unless it was stored again since an instant; tells whether it is gone.
    ///
    /// It is moved away before it is looked at, so that whoever stores it at the same moment either is seen here or makes a
    /// new one.
    ///
    /// # Errors
    /// When it cannot be moved or removed.
    pub async fn remove_stored_before(&self, digest: &Digest, before: SystemTime) -> Result<bool, BlobError> {
        let place = self.place(digest);
        let aside = self.aside(digest);
        let failed = |path: &PathBuf| {
            let path = path.display().to_string();
            move |source| BlobError::File { path, source }
        };
        if let Some(folder) = aside.parent() {
            fs::create_dir_all(folder).await.map_err(failed(&aside))?;
        }
        match fs::rename(&place, &aside).await {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(failed(&place)(error)),
        }
        let renewed =
            fs::metadata(&aside).await.and_then(|meta| meta.modified()).map_err(failed(&aside))? >= before;
        if renewed {
            // A newer one in its place says the same.
            fs::rename(&aside, &place).await.map_err(failed(&place))?;
        } else {
            fs::remove_file(&aside).await.map_err(failed(&aside))?;
        }
        Ok(!renewed)
    }

    fn place(&self, digest: &Digest) -> PathBuf {
        self.root().join(location(digest).as_ref())
    }

    fn aside(&self, digest: &Digest) -> PathBuf {
        self.root().join("removed").join(digest.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use std::time::Duration;

    #[tokio::test]
    async fn only_what_was_not_stored_again_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = BlobStore::folder(folder.path()).unwrap();
        let [old, renewed] = ["old", "renewed"].map(|text| Bytes::from_static(text.as_bytes()));
        let (gone, stays) =
            (blobs.put(old.clone()).await.unwrap(), blobs.put(renewed.clone()).await.unwrap());
        let hour = Duration::from_secs(3_600);
        let before = SystemTime::now() - hour;
        assert_eq!(blobs.stored_before(before).await.unwrap(), []);
        for digest in [&gone, &stays] {
            let file = std::fs::File::options().write(true).open(blobs.place(digest)).unwrap();
            file.set_modified(before - hour).unwrap();
        }
        let mut listed = blobs.stored_before(before).await.unwrap();
        listed.sort_unstable();
        let mut expected = [(gone, 3), (stays, 7)];
        expected.sort_unstable();
        assert_eq!(listed, expected);
        blobs.put(renewed.clone()).await.unwrap();
        assert!(!blobs.remove_stored_before(&stays, before).await.unwrap());
        assert_eq!(blobs.get(&stays).await.unwrap(), renewed);
        assert!(blobs.remove_stored_before(&gone, before).await.unwrap());
        assert!(blobs.get(&gone).await.is_err());
        assert!(!blobs.remove_stored_before(&gone, before).await.unwrap(), "it is gone already");
        assert_eq!(std::fs::read_dir(folder.path().join("removed")).unwrap().count(), 0);
    }
}
