//! GitLab's predefined variables with fixed example values.
//!
//! The project is the one of the post that this tool began with.

/// Which pipeline is simulated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Context {
    /// A push to the default branch.
    #[default]
    Branch,
    /// A pushed tag, `v1.0.0`.
    Tag,
    /// A merge request.
    MergeRequest,
}

const COMMON: &[(&str, &str)] = &[
    ("CI", "true"),
    ("GITLAB_CI", "true"),
    ("CI_SERVER", "yes"),
    ("CI_SERVER_URL", "https://gitlab.com"),
    ("CI_SERVER_HOST", "gitlab.com"),
    ("CI_API_V4_URL", "https://gitlab.com/api/v4"),
    ("CI_PROJECT_ID", "1234"),
    ("CI_PROJECT_NAME", "pure-ci"),
    ("CI_PROJECT_TITLE", "pure-ci"),
    ("CI_PROJECT_PATH", "cloudbeer/pure-ci"),
    ("CI_PROJECT_PATH_SLUG", "cloudbeer-pure-ci"),
    ("CI_PROJECT_NAMESPACE", "cloudbeer"),
    ("CI_PROJECT_ROOT_NAMESPACE", "cloudbeer"),
    ("CI_PROJECT_URL", "https://gitlab.com/cloudbeer/pure-ci"),
    ("CI_PROJECT_DIR", "/builds/cloudbeer/pure-ci"),
    ("CI_PROJECT_VISIBILITY", "private"),
    ("CI_BUILDS_DIR", "/builds"),
    ("CI_COMMIT_SHA", "1ac460d1c5f7a3b2e4d6f8091a2b3c4d5e6f7081"),
    ("CI_COMMIT_SHORT_SHA", "1ac460d1"),
    (
        "CI_COMMIT_BEFORE_SHA",
        "0000000000000000000000000000000000000000",
    ),
    ("CI_COMMIT_TITLE", "Build for two platforms"),
    ("CI_COMMIT_MESSAGE", "Build for two platforms"),
    ("CI_COMMIT_DESCRIPTION", ""),
    ("CI_COMMIT_TIMESTAMP", "2026-01-01T00:00:00+00:00"),
    ("CI_COMMIT_AUTHOR", "Beer Cloud <cloudbeer@example.com>"),
    ("CI_DEFAULT_BRANCH", "main"),
    ("CI_PIPELINE_ID", "5678"),
    ("CI_PIPELINE_IID", "42"),
    (
        "CI_PIPELINE_URL",
        "https://gitlab.com/cloudbeer/pure-ci/-/pipelines/5678",
    ),
    ("CI_PIPELINE_CREATED_AT", "2026-01-01T00:00:00Z"),
    ("CI_JOB_ID", "91011"),
    (
        "CI_JOB_URL",
        "https://gitlab.com/cloudbeer/pure-ci/-/jobs/91011",
    ),
    ("CI_JOB_STARTED_AT", "2026-01-01T00:00:00Z"),
    ("CI_JOB_IMAGE", ""),
    ("CI_CONCURRENT_ID", "0"),
    ("CI_RUNNER_ID", "1"),
    ("CI_RUNNER_TAGS", ""),
    ("CI_RUNNER_EXECUTABLE_ARCH", "linux/amd64"),
    ("CI_REGISTRY", "registry.gitlab.com"),
    ("CI_REGISTRY_IMAGE", "registry.gitlab.com/cloudbeer/pure-ci"),
    ("CI_REGISTRY_USER", "gitlab-ci-token"),
    ("CI_DEPENDENCY_PROXY_SERVER", "gitlab.com:443"),
    ("CI_DEPENDENCY_PROXY_USER", "gitlab-ci-token"),
    (
        "CI_DEPENDENCY_PROXY_GROUP_IMAGE_PREFIX",
        "gitlab.com:443/cloudbeer/dependency_proxy/containers",
    ),
    (
        "CI_DEPENDENCY_PROXY_DIRECT_GROUP_IMAGE_PREFIX",
        "gitlab.com:443/cloudbeer/dependency_proxy/containers",
    ),
    ("GITLAB_USER_ID", "7"),
    ("GITLAB_USER_LOGIN", "cloudbeer"),
    ("GITLAB_USER_NAME", "Beer Cloud"),
    ("GITLAB_USER_EMAIL", "cloudbeer@example.com"),
];

/// Tokens that GitLab makes for each job; shown masked.
pub const TOKENS: [&str; 4] = [
    "CI_JOB_TOKEN",
    "CI_REGISTRY_PASSWORD",
    "CI_DEPENDENCY_PROXY_PASSWORD",
    "CI_JOB_JWT",
];

/// Name and value of each predefined variable but the tokens.
pub fn predefined(context: Context) -> Vec<(String, String)> {
    let own: &[(&str, &str)] = match context {
        Context::Branch => &[
            ("CI_PIPELINE_SOURCE", "push"),
            ("CI_COMMIT_BRANCH", "main"),
            ("CI_COMMIT_REF_NAME", "main"),
            ("CI_COMMIT_REF_SLUG", "main"),
            ("CI_COMMIT_REF_PROTECTED", "true"),
        ],
        Context::Tag => &[
            ("CI_PIPELINE_SOURCE", "push"),
            ("CI_COMMIT_TAG", "v1.0.0"),
            ("CI_COMMIT_REF_NAME", "v1.0.0"),
            ("CI_COMMIT_REF_SLUG", "v1-0-0"),
            ("CI_COMMIT_REF_PROTECTED", "true"),
        ],
        Context::MergeRequest => &[
            ("CI_PIPELINE_SOURCE", "merge_request_event"),
            ("CI_MERGE_REQUEST_IID", "3"),
            ("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "multi-arch"),
            ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main"),
            ("CI_COMMIT_REF_NAME", "multi-arch"),
            ("CI_COMMIT_REF_SLUG", "multi-arch"),
        ],
    };
    COMMON
        .iter()
        .chain(own)
        .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
        .collect()
}
