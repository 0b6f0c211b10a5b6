//! Images that buildah builds for two platforms, as a CI job would.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use super::process::run;

/// The two platforms that every image of the tests is built for.
const PLATFORMS: &str = "linux/amd64,linux/arm64";

/// How the manifests are written at the push.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// OCI index and manifests.
    Oci,
    /// Docker manifest list and manifests (version 2, schema 2).
    Docker,
}

impl Format {
    fn flag(self) -> &'static str {
        match self {
            Self::Oci => "oci",
            Self::Docker => "v2s2",
        }
    }
}

/// buildah with a store of its own, holding one built two-platform image.
#[derive(Debug)]
pub(crate) struct Built {
    store: TempDir,
}

impl Built {
    /// What every image here is built from.
    pub(crate) const DOCKERFILE: &str = "FROM scratch\n\
         ARG TARGETARCH\n\
         LABEL org.opencontainers.image.title=app\n\
         COPY shared /etc/shared\n\
         COPY --chmod=755 $TARGETARCH/app /app\n\
         ENTRYPOINT [\"/app\"]\n";

    /// Builds the usual image: one layer that both platforms share, one with a program each.
    pub(crate) fn usual() -> Self {
        Self::with_programs(&elf(62), &elf(183))
    }

    /// The same image with these bytes as the programs of amd64 and arm64.
    pub(crate) fn with_programs(amd64: &[u8], arm64: &[u8]) -> Self {
        let files: [(&str, &[u8]); 3] = [
            ("amd64/app", amd64),
            ("arm64/app", arm64),
            ("shared", b"the same on every platform\n"),
        ];
        Self::of(Self::DOCKERFILE, &files, PLATFORMS)
    }

    /// What these files give for these platforms. Bases may come from a registry of the tests.
    pub(crate) fn of(dockerfile: &str, files: &[(&str, &[u8])], platforms: &str) -> Self {
        let store = TempDir::with_prefix("polyarch-buildah-").expect("a scratch folder");
        let context = store.path().join("context");
        fs::create_dir_all(&context).expect("the scratch folder is writable");
        for (name, content) in files {
            let file = context.join(name);
            let folder = file.parent().expect("a file lies in a folder");
            fs::create_dir_all(folder).expect("the scratch folder is writable");
            fs::write(&file, content).expect("the scratch folder is writable");
            fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).expect("it is ours");
        }
        fs::write(context.join("Dockerfile"), dockerfile).expect("writable");
        let built = Self { store };
        let context = context.to_str().expect("a UTF-8 path");
        // `--layers` keeps one layer for each instruction instead of one for the whole image.
        let options = [
            "--quiet",
            "--isolation",
            "chroot",
            "--layers",
            "--tls-verify=false",
            "--manifest",
            "app",
        ];
        built.buildah(
            "build",
            options
                .into_iter()
                .chain(["--platform", platforms, context]),
        );
        built
    }

    /// Pushes the image, all platforms, to `HOST/NAME:TAG`.
    pub(crate) fn push(&self, reference: &str, format: Format) {
        let target = format!("docker://{reference}");
        let options = ["push", "--quiet", "--all", "--tls-verify=false", "--format"];
        let rest = [format.flag(), "app", &target];
        self.buildah("manifest", options.into_iter().chain(rest));
    }

    fn buildah<'a>(&self, command: &'a str, args: impl IntoIterator<Item = &'a str>) {
        let folder = |name: &str| path(&self.store.path().join(name));
        let mut all: Vec<String> = [
            "--root",
            &folder("root"),
            "--runroot",
            &folder("run"),
            "--storage-driver",
            "vfs",
        ]
        .map(str::to_owned)
        .to_vec();
        all.push(command.to_owned());
        all.extend(args.into_iter().map(str::to_owned));
        let is_mounted = Command::new("mountpoint").args(["-q", "/"]).status();
        assert!(
            is_mounted.is_ok_and(|is| is.success()),
            "buildah needs `/` to be a mount point: before entering a chroot, \
             `mount --rbind FOLDER FOLDER`"
        );
        run("buildah", all);
    }
}

/// The header of a 64-bit little-endian ELF executable for this machine number (62 is x86-64,
/// 183 AArch64), with nothing to load: enough for a reader, not for a kernel.
pub(crate) fn elf(machine: u16) -> Vec<u8> {
    let mut bytes = b"\x7fELF\x02\x01\x01".to_vec();
    bytes.resize(16, 0);
    bytes.extend(2_u16.to_le_bytes()); // e_type: ET_EXEC
    bytes.extend(machine.to_le_bytes());
    bytes.extend(1_u32.to_le_bytes()); // e_version
    bytes.resize(52, 0);
    bytes.extend(64_u16.to_le_bytes()); // e_ehsize
    bytes.resize(64, 0);
    bytes
}

fn path(path: &Path) -> String {
    path.to_str().expect("a UTF-8 path").to_owned()
}
