//! Pages of BuildKit's lint rules, in BuildKit's order.

use super::LintFinding;
use crate::build::LintRule;
use crate::diagnostic::Severity;
use crate::rules::{Group, Metadata, Rule};

macro_rules! lint_findings {
    ($($name:ident {
        title: $title:literal, title_zh: $title_zh:literal,
        what: $what:literal, why: $why:literal, next: $next:literal,
        fails: $fails:literal, passes: $passes:literal,
    })*) => {
        static FINDINGS: &[LintFinding] = &[$(LintFinding {
            rule: LintRule::$name,
            metadata: Metadata {
                why_zh: "",
                name: stringify!($name),
                severity: Severity::Warning,
                group: Group::BuildKit,
                title: $title,
                title_zh: $title_zh,
                since: "0.1.0",
                waivable: false,
                inconclusive: false,
                pitfalls: &[],
                docs: concat!(
                    "## What happens\n", $what, "\n", $why,
                    "\n## Fails\n```dockerfile,fails\n", $fails,
                    "\n```\n## Passes\n```dockerfile,passes\n", $passes,
                    "\n```\n## Instead\n", $next,
                    "\n## Sources\nBuildKit `frontend/dockerfile/linter/ruleset.go` at 73ed6825, `",
                    stringify!($name), "`.\n",
                ),
            },
            why: $why,
            next: $next,
        },)*];

        /// In the order in which lists show them.
        pub(in crate::rules) const RULES: &[&dyn Rule] = &[$(&Entry(LintRule::$name),)*];
    };
}

/// A rule of the table, by its name.
#[derive(Debug)]
struct Entry(LintRule);

impl Rule for Entry {
    fn metadata(&self) -> &'static Metadata {
        metadata(self.0)
    }

    fn check_build(&self, build: &crate::rules::BuildFacts<'_>, out: &mut crate::rules::Findings) {
        finding(self.0).check(self, build, out);
    }
}

fn finding(rule: LintRule) -> &'static LintFinding {
    let found = FINDINGS.iter().find(|finding| finding.rule == rule);
    found.unwrap_or(&FINDINGS[0])
}

/// What is known of a rule.
pub(super) fn metadata(rule: LintRule) -> &'static Metadata {
    &finding(rule).metadata
}

lint_findings! {
    StageNameCasing {
        title: "A stage name has capital letters", title_zh: "阶段名含有大写字母",
        what: "A stage is named with capital letters.\nStage names count in lower case, so `FROM` with the capitals does not find the stage.",
        why: "`COPY --from=` and `--target` ignore case, `FROM` does not.",
        next: "Write the name in lower case.",
        fails: "FROM alpine AS Base",
        passes: "FROM alpine AS base",
    }
    FromAsCasing {
        title: "FROM and AS differ in case", title_zh: "FROM 与 AS 大小写不一致",
        what: "`FROM` and `as` are written in different cases.",
        why: "It reads like two languages.",
        next: "Write both in the same case.",
        fails: "FROM alpine as base",
        passes: "FROM alpine AS base",
    }
    NoEmptyContinuation {
        title: "A continued instruction has an empty line", title_zh: "续行中有空行",
        what: "An instruction that is continued with a backslash has an empty line inside.",
        why: "A future release of BuildKit will refuse it.",
        next: "Remove the empty line.",
        fails: "FROM alpine\nRUN a \\\n\n  b",
        passes: "FROM alpine\nRUN a \\\n  b",
    }
    ConsistentInstructionCasing {
        title: "An instruction differs in case from the others", title_zh: "指令大小写与其他指令不一致",
        what: "Most instructions of the file are written in one case, this one in the other.",
        why: "Mixed case makes a file hard to scan.",
        next: "Write it like the others.",
        fails: "FROM alpine\nrun true\nRUN true",
        passes: "FROM alpine\nRUN true",
    }
    DuplicateStageName {
        title: "Two stages have the same name", title_zh: "两个阶段同名",
        what: "Two stages bear the same name; `COPY --from=` and `--target` find the last one.",
        why: "Which of the two is meant depends on where it is named.",
        next: "Give each stage a name of its own.",
        fails: "FROM alpine AS a\nFROM alpine AS a",
        passes: "FROM alpine AS a\nFROM alpine AS b",
    }
    ReservedStageName {
        title: "A stage has a reserved name", title_zh: "阶段使用了保留名",
        what: "A stage is called `scratch` or `context`.",
        why: "`FROM scratch` then means the stage, not an empty file system.",
        next: "Choose another name.",
        fails: "FROM alpine AS context",
        passes: "FROM alpine AS app",
    }
    JSONArgsRecommended {
        title: "The command is in shell form", title_zh: "命令使用了 shell 形式",
        what: "CMD or ENTRYPOINT is written as text, so a shell runs it.",
        why: "The shell is process 1 and does not pass signals on: stopping the container takes until the time limit.",
        next: "Write the command as a JSON array.",
        fails: "FROM alpine\nCMD sleep 1",
        passes: "FROM alpine\nCMD [\"sleep\", \"1\"]",
    }
    MaintainerDeprecated {
        title: "MAINTAINER is deprecated", title_zh: "MAINTAINER 已弃用",
        what: "MAINTAINER still works, but a label is what tools read.",
        why: "It sets the author field, which few tools show.",
        next: "Write `LABEL org.opencontainers.image.authors=…`.",
        fails: "FROM alpine\nMAINTAINER me",
        passes: "FROM alpine\nLABEL org.opencontainers.image.authors=me",
    }
    UndefinedArgInFrom {
        title: "FROM uses a variable that is not declared", title_zh: "FROM 使用了未声明的变量",
        what: "FROM names a variable for which there is no ARG before the first FROM.",
        why: "It expands to nothing.",
        next: "Declare it with ARG before the first FROM.",
        fails: "FROM alpine:$TAG",
        passes: "ARG TAG=3\nFROM alpine:$TAG",
    }
    WorkdirRelativePath {
        title: "WORKDIR is relative to what the base image says", title_zh: "WORKDIR 依赖基础镜像的目录",
        what: "The first WORKDIR of a stage is a relative path.",
        why: "Where it ends up depends on the base image, which may change.",
        next: "Begin with an absolute path.",
        fails: "FROM alpine\nWORKDIR app",
        passes: "FROM alpine\nWORKDIR /app",
    }
    UndefinedVar {
        title: "A variable is not defined", title_zh: "变量未定义",
        what: "An instruction uses a variable that neither ENV nor ARG of this stage sets.",
        why: "It expands to nothing.",
        next: "Declare it with ARG or ENV in this stage, before it is used.",
        fails: "FROM alpine\nCOPY $SRC /app",
        passes: "FROM alpine\nARG SRC=a\nCOPY $SRC /app",
    }
    MultipleInstructionsDisallowed {
        title: "Only the last of several instructions counts", title_zh: "多条同类指令仅最后一条生效",
        what: "CMD, ENTRYPOINT or HEALTHCHECK stands more than once in a stage.",
        why: "The earlier ones have no effect.",
        next: "Keep the last one.",
        fails: "FROM alpine\nCMD [\"a\"]\nCMD [\"b\"]",
        passes: "FROM alpine\nCMD [\"b\"]",
    }
    LegacyKeyValueFormat {
        title: "ENV or LABEL without an equals sign", title_zh: "ENV 或 LABEL 缺少等号",
        what: "ENV or LABEL is written as `KEY value`.",
        why: "Everything up to the end of the line is the value, which surprises.",
        next: "Write `KEY=value`.",
        fails: "FROM alpine\nENV A b",
        passes: "FROM alpine\nENV A=b",
    }
    InvalidBaseImagePlatform {
        title: "The base image is for another platform", title_zh: "基础镜像属于其他平台",
        what: "The config of the base image names another system or CPU than the stage is for.\nThe image is used all the same, and what is built from it is labelled with the requested platform.",
        why: "The tag then serves programs for the wrong CPU; BuildKit warns only if this is the first platform of the list.",
        next: "Choose an image that is published for this platform, or pin the digest of its index instead of that of one image.",
        fails: "#: manifest registry.example.com/base:1 linux/amd64\nFROM registry.example.com/base:1",
        passes: "FROM alpine",
    }
    RedundantTargetPlatform {
        title: "The target platform is the default", title_zh: "目标平台已是默认值",
        what: "`--platform=$TARGETPLATFORM` asks for what is done anyway.",
        why: "It has no effect.",
        next: "Remove the flag.",
        fails: "FROM --platform=$TARGETPLATFORM alpine",
        passes: "FROM alpine",
    }
    SecretsUsedInArgOrEnv {
        title: "A secret is in ARG or ENV", title_zh: "ARG 或 ENV 中含有机密",
        what: "The name of an ARG or ENV says that it holds a secret.",
        why: "Its value is in the image's config or history, for everybody who can pull it.",
        next: "Use `RUN --mount=type=secret`.",
        fails: "FROM alpine\nARG API_KEY",
        passes: "FROM alpine\nRUN --mount=type=secret,id=api true",
    }
    InvalidDefaultArgInFrom {
        title: "FROM is no image name without build arguments", title_zh: "缺少构建参数时 FROM 不是有效镜像名",
        what: "With the defaults of its ARGs alone, FROM names no valid image.",
        why: "The file builds only with the right `--build-arg`.",
        next: "Give the ARG a default.",
        fails: "ARG TAG\nFROM alpine:$TAG",
        passes: "ARG TAG=3\nFROM alpine:$TAG",
    }
    FromPlatformFlagConstDisallowed {
        title: "FROM has a constant platform", title_zh: "FROM 使用了固定平台",
        what: "`--platform` of FROM is a constant.",
        why: "The stage is for that platform, whichever platform is built.",
        next: "Use `$BUILDPLATFORM`, or drop the flag.",
        fails: "FROM --platform=linux/amd64 alpine",
        passes: "FROM --platform=$BUILDPLATFORM alpine",
    }
    CopyIgnoredFile {
        title: "COPY names a file that is ignored", title_zh: "COPY 的文件已被忽略",
        what: "COPY or ADD names a path that `.dockerignore` takes out of the context.",
        why: "The build fails because the file is not there.",
        next: "Remove the pattern from `.dockerignore`, or the path from COPY.",
        fails: "#: file .dockerignore target\nFROM alpine\nCOPY target/app /app",
        passes: "#: file .dockerignore target\nFROM alpine\nCOPY app /app",
    }
    InvalidDefinitionDescription {
        title: "A description does not name what it describes", title_zh: "描述注释未以名称开头",
        what: "The comment above a stage or ARG does not begin with its name.\nThis rule is experimental and off unless a check directive asks for it.",
        why: "`docker build --call=outline` shows such comments as descriptions.",
        next: "Begin the comment with the name, or put an empty line after it.",
        fails: "# check=experimental=all\nFROM alpine\n# a comment\nARG A",
        passes: "# check=experimental=all\nFROM alpine\n# A is a comment\nARG A",
    }
    ExposeProtoCasing {
        title: "The protocol of EXPOSE has capitals", title_zh: "EXPOSE 协议含有大写字母",
        what: "The protocol after a port is not in lower case.",
        why: "It is stored in lower case.",
        next: "Write it in lower case.",
        fails: "FROM alpine\nEXPOSE 80/TCP",
        passes: "FROM alpine\nEXPOSE 80/tcp",
    }
    ExposeInvalidFormat {
        title: "EXPOSE maps ports", title_zh: "EXPOSE 包含端口映射",
        what: "EXPOSE names an address or a host port.",
        why: "Only the container's port is stored; a future release will refuse the rest.",
        next: "Write the container's port alone.",
        fails: "FROM alpine\nEXPOSE 8080:80",
        passes: "FROM alpine\nEXPOSE 80",
    }
}
