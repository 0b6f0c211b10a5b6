//! The demo images by name.

/// An image of the demo registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Example {
    /// Its tag.
    pub name: &'static str,
    /// One line in English.
    pub about: &'static str,
    /// The same in Simplified Chinese.
    pub about_zh: &'static str,
    /// See [`super::Recipe`].
    pub recipe: &'static str,
}

/// All of them, good ones first.
pub const IMAGES: &[Example] = &[
    Example {
        name: "good",
        about: "Two platforms, everything right",
        about_zh: "两个平台，一切正确",
        recipe: "image linux/amd64 linux/arm64",
    },
    Example {
        name: "good-docker",
        about: "The same with Docker's media types, as BuildKit wrote them before 0.31",
        about_zh: "同样的镜像，使用 Docker 媒体类型（BuildKit 0.31 之前的默认值）",
        recipe: "image linux/amd64 linux/arm64\nformat docker",
    },
    Example {
        name: "good-attested",
        about: "With provenance for each platform, listed as unknown/unknown",
        about_zh: "每个平台都带有来源证明，在索引中显示为 unknown/unknown",
        recipe: "image linux/amd64 linux/arm64\nattest",
    },
    Example {
        name: "good-attested-image",
        about: "The same with attestations in the form before BuildKit 0.32",
        about_zh: "同上，证明采用 BuildKit 0.32 之前的形式",
        recipe: "image linux/amd64 linux/arm64\nattest image",
    },
    Example {
        name: "three-platforms",
        about: "A third platform, linux/arm/v7, besides the two that are required",
        about_zh: "除要求的两个平台外，还有第三个平台 linux/arm/v7",
        recipe: "image linux/amd64 linux/arm64 linux/arm/v7",
    },
    Example {
        name: "variant-v8",
        about: "arm64 is spelled linux/arm64/v8, which is the same platform",
        about_zh: "arm64 写作 linux/arm64/v8，二者是同一平台",
        recipe: "image linux/amd64 linux/arm64\nentry linux/arm64 says linux/arm64/v8",
    },
    Example {
        name: "nested",
        about: "The index names another index that names the images",
        about_zh: "索引指向另一个索引，后者才指向镜像",
        recipe: "image linux/amd64 linux/arm64\nnest",
    },
    Example {
        name: "missing-platform",
        about: "linux/arm64 was never pushed into the index",
        about_zh: "索引中缺少 linux/arm64",
        recipe: "image linux/amd64 linux/arm64\ndrop linux/arm64",
    },
    Example {
        name: "single-platform",
        about: "The tag is one bare amd64 manifest, not an index",
        about_zh: "标签只是一个 amd64 清单，而不是索引",
        recipe: "image linux/amd64 linux/arm64\nsingle linux/amd64",
    },
    Example {
        name: "wrong-label",
        about: "The index says arm64, the image's own config says amd64",
        about_zh: "索引写的是 arm64，镜像自身的配置却写着 amd64",
        recipe: "image linux/amd64 linux/arm64\nconfig linux/arm64 says linux/amd64",
    },
    Example {
        name: "wrong-binary",
        about: "The arm64 image holds an amd64 program; every label is right (found by --deep)",
        about_zh: "arm64 镜像中是 amd64 程序，所有标签都正确（用 --deep 才能发现）",
        recipe: "image linux/amd64 linux/arm64\nbinary linux/arm64 linux/amd64\ndeep",
    },
    Example {
        name: "same-image",
        about: "Both platforms name one and the same manifest",
        about_zh: "两个平台指向同一个清单",
        recipe: "image linux/amd64 linux/arm64\nsame linux/arm64 as linux/amd64",
    },
    Example {
        name: "duplicate-platform",
        about: "The index lists linux/amd64 twice",
        about_zh: "索引中 linux/amd64 出现两次",
        recipe: "image linux/amd64 linux/arm64\nduplicate linux/amd64",
    },
    Example {
        name: "dangling-attestation",
        about: "An attestation about an image that the index does not list",
        about_zh: "一份证明指向索引中不存在的镜像",
        recipe: "image linux/amd64 linux/arm64\nattest\norphan attestation",
    },
    Example {
        name: "deleted-child",
        about: "The arm64 manifest was deleted after the index was pushed",
        about_zh: "推送索引之后，arm64 清单被删除",
        recipe: "image linux/amd64 linux/arm64\ndelete manifest linux/arm64",
    },
    Example {
        name: "deleted-layer",
        about: "A layer of the arm64 image is gone from the registry",
        about_zh: "arm64 镜像的一个层已从仓库中消失",
        recipe: "image linux/amd64 linux/arm64\ndelete layer linux/arm64",
    },
    Example {
        name: "tampered-manifest",
        about: "One byte of the arm64 manifest is not what the index's digest covers",
        about_zh: "arm64 清单有一个字节与索引中的摘要不符",
        recipe: "image linux/amd64 linux/arm64\nflip manifest linux/arm64",
    },
    Example {
        name: "tampered-layer",
        about: "One byte of the arm64 program's layer is changed (found by --deep)",
        about_zh: "arm64 程序所在的层有一个字节被改动（用 --deep 才能发现）",
        recipe: "image linux/amd64 linux/arm64\nflip layer linux/arm64\ndeep",
    },
    Example {
        name: "ambiguous-config",
        about: "The arm64 config names its architecture twice; readers may disagree",
        about_zh: "arm64 配置中 architecture 出现两次，不同程序的解读可能不同",
        recipe: "image linux/amd64 linux/arm64\nduplicate-key config linux/arm64",
    },
    Example {
        name: "private",
        about: "The registry wants a login for this tag: nothing can be said about it",
        about_zh: "此标签需要登录，无法得出任何结论",
        recipe: "image linux/amd64 linux/arm64\nunauthorized",
    },
    Example {
        name: "unreachable-child",
        about: "The connection breaks whenever the arm64 manifest is asked for",
        about_zh: "每次请求 arm64 清单时连接都会中断",
        recipe: "image linux/amd64 linux/arm64\nunreachable manifest linux/arm64",
    },
];
