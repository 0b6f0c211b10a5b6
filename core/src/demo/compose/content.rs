//! What is in a demo image: a layer of data files and a layer with one small program.

use super::Composer;
use crate::demo::archive::{Tar, gzip, zstd};
use crate::demo::program::program;
use crate::demo::recipe::{Compression, Operation, Part};
use crate::platform::Platform;

/// Where the program stands.
pub(in crate::demo) const PROGRAM: &str = "/usr/local/bin/hello";

/// A layer before it is stored.
pub(super) struct Layer {
    /// `None` for the last layer of white-outs, which no operation breaks.
    pub(super) part: Option<Part>,
    pub(super) tar: Vec<u8>,
    /// Its line in the image's history.
    pub(super) created_by: String,
}

impl Composer<'_> {
    /// The layers of one platform's image, bottom first.
    pub(super) fn layers(&self, platform: &Platform) -> Vec<Layer> {
        let mut layers = vec![
            Layer {
                part: Some(Part::SharedLayer),
                tar: self.data_files(),
                created_by: "COPY rootfs / # buildkit".to_owned(),
            },
            Layer {
                part: Some(Part::Layer(platform.clone())),
                tar: self.programs(platform),
                created_by: format!("COPY hello {PROGRAM} # buildkit"),
            },
        ];
        if let Some(tar) = self.whiteouts(platform) {
            layers.push(Layer {
                part: None,
                tar,
                created_by: "RUN /bin/sh -c rm /removed # buildkit".to_owned(),
            });
        }
        layers
    }

    /// A layer as it is stored.
    pub(super) fn packed(&self, tar: &[u8]) -> Vec<u8> {
        match self.recipe.compression {
            Compression::Gzip => gzip(tar),
            Compression::Zstd => zstd(tar),
            Compression::None => tar.to_vec(),
        }
    }

    /// The same for every platform. The tag is in it, so that no two demo images share a layer and
    /// one image's faults do not show in another.
    fn data_files(&self) -> Vec<u8> {
        let mut tar = Tar::default();
        tar.directory("etc");
        tar.file("etc/group", 0o644, b"root:x:0:\nnobody:x:65534:\n");
        tar.file(
            "etc/os-release",
            0o644,
            format!(
                "ID=polyarch-demo\nPRETTY_NAME=\"polyarch demo image {}\"\n",
                self.tag
            )
            .as_bytes(),
        );
        tar.file(
            "etc/passwd",
            0o644,
            b"root:x:0:0:root:/:/sbin/nologin\nnobody:x:65534:65534:nobody:/:/sbin/nologin\n",
        );
        tar.finish()
    }

    fn programs(&self, platform: &Platform) -> Vec<u8> {
        let mut cpu = platform;
        let mut more = Vec::new();
        for operation in &self.recipe.operations {
            match operation {
                Operation::Binary { image, cpu: other } if image == platform => cpu = other,
                Operation::File { image, path, cpu } if image == platform => {
                    more.push((path.as_str(), cpu.as_ref()));
                }
                _ => {}
            }
        }
        let mut tar = Tar::default();
        for directory in ["usr", "usr/local", "usr/local/bin"] {
            tar.directory(directory);
        }
        // The tag again, for CPUs whose layer would otherwise be the same in every demo image.
        let name = format!("{}\n", self.tag);
        tar.file("usr/local/bin/.image", 0o644, name.as_bytes());
        tar.file(relative(PROGRAM), 0o755, &program(cpu));
        for (path, cpu) in more {
            let content = cpu.map_or_else(|| b"only data\n".to_vec(), program);
            tar.file(relative(path), 0o755, &content);
        }
        tar.finish()
    }

    fn whiteouts(&self, platform: &Platform) -> Option<Vec<u8>> {
        let mut tar = Tar::default();
        let mut any = false;
        for operation in &self.recipe.operations {
            let Operation::Whiteout { image, path } = operation else {
                continue;
            };
            if image == platform {
                let path = relative(path);
                let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
                let separator = if folder.is_empty() { "" } else { "/" };
                tar.file(&format!("{folder}{separator}.wh.{name}"), 0o644, b"");
                any = true;
            }
        }
        any.then(|| tar.finish())
    }
}

fn relative(path: &str) -> &str {
    path.trim_start_matches('/')
}
