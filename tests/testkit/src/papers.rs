//! Certificates for one test: an authority, a server and a client that it knows, and an authority that knows nobody.

use std::fs;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use tempfile::TempDir;

/// Files in a folder, as PEM: `ca`, `server`, `client` and `other`, each with its key but for the authorities.
pub struct Papers {
    /// The folder.
    pub folder: TempDir,
}

/// What RabbitMQ makes of them: nobody without a certificate.
const TLS_CONF: &str = "listeners.ssl.default = 5671\nssl_options.cacertfile = /papers/ca.pem\n\
    ssl_options.certfile = /papers/server.pem\nssl_options.keyfile = /papers/server.key\n\
    ssl_options.verify = verify_peer\nssl_options.fail_if_no_peer_cert = true\n";

impl Papers {
    /// For a server called `localhost`.
    ///
    /// # Panics
    /// When they cannot be written.
    #[must_use]
    pub fn issue() -> Self {
        let papers = Self { folder: tempfile::tempdir().unwrap() };
        let issuer = papers.authority("ca");
        papers.authority("other");
        for (name, names) in [("server", vec!["localhost".to_owned()]), ("client", vec!["gavel".to_owned()])]
        {
            let key = KeyPair::generate().unwrap();
            let mut params = CertificateParams::new(names).unwrap();
            params.distinguished_name.push(DnType::CommonName, name);
            let certificate = params.signed_by(&key, &issuer).unwrap();
            papers.write(&format!("{name}.pem"), &certificate.pem());
            papers.write(&format!("{name}.key"), &key.serialize_pem());
        }
        papers.write("tls.conf", TLS_CONF);
        // The server is another user.
        fs::set_permissions(papers.folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755))
            .unwrap();
        papers
    }

    /// The path of one of them.
    #[must_use]
    pub fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    fn authority(&self, name: &str) -> Issuer<'static, KeyPair> {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().unwrap();
        self.write(&format!("{name}.pem"), &params.self_signed(&key).unwrap().pem());
        Issuer::new(params, key)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }
}
