//! The AWS CLI as far as ECR needs it.
//!
//! Texts: aws-cli 2; the account and tokens are stand-ins.

use super::Arguments;
use super::arguments::Flag;
use crate::ci::shell::Shell;
use crate::ci::world::registry::ECR_ACCOUNT;

const FLAGS: &[Flag] = &[
    ("region", ' ', true),
    ("profile", ' ', true),
    ("output", ' ', true),
    ("query", ' ', true),
    ("repository-name", ' ', true),
    ("repository-names", ' ', true),
    ("no-include-email", ' ', false),
    ("registry-ids", ' ', true),
    ("image-scanning-configuration", ' ', true),
    ("image-tag-mutability", ' ', true),
    ("no-cli-pager", ' ', false),
    ("tags", ' ', true),
    ("encryption-configuration", ' ', true),
    ("image-ids", ' ', true),
    ("policy-text", ' ', true),
    ("function-name", ' ', true),
    ("image-uri", ' ', true),
    ("code", ' ', true),
    ("package-type", ' ', true),
    ("role", ' ', true),
    ("architectures", ' ', true),
    ("publish", ' ', false),
    ("lifecycle-policy-text", ' ', true),
    ("version", ' ', false),
    ("endpoint-url", ' ', true),
];

/// What `get-login-password` prints; a pipe carries it to `docker login`.
pub(super) const ECR_TOKEN: &str = "ecr-token-of-the-simulation";

pub(super) fn run(shell: &mut Shell<'_, '_>, words: &[String]) -> i32 {
    let arguments = Arguments::parse(words, FLAGS, true);
    shell.world.pass(1.5);
    if arguments.is_set("version") {
        shell.out("aws-cli/2.31.0 Python/3.13.7 Linux/6.1.0\n");
        return 0;
    }
    let command: Vec<&str> = arguments.rest.iter().map(String::as_str).collect();
    match command.as_slice() {
        ["ecr" | "ecr-public", "get-login-password", ..] => {
            shell.out(&format!("{ECR_TOKEN}\n"));
            0
        }
        ["ecr", "get-login", ..] => {
            shell.world.note(
                "ecr-get-login-v1",
                "`aws ecr get-login` exists in version 1 of the AWS CLI only",
            );
            shell.world.exact = false;
            shell.err("(the AWS CLI answers that get-login is no operation of ecr)\n");
            252
        }
        ["ecr", "create-repository", ..] => create(shell, &arguments),
        ["ecr", "describe-repositories", ..] => describe(shell, &arguments),
        ["lambda", "update-function-code" | "create-function", ..] => lambda(shell, &arguments),
        ["sts", "get-caller-identity", ..] => {
            let text = if arguments.get("output") == Some("text") {
                format!("{ECR_ACCOUNT}\n")
            } else {
                format!("{{\n    \"Account\": \"{ECR_ACCOUNT}\"\n}}\n")
            };
            shell.out(&text);
            0
        }
        _ => super::assume(shell, "aws"),
    }
}

/// Lambda takes one image, never an index.
fn lambda(shell: &mut Shell<'_, '_>, arguments: &Arguments) -> i32 {
    let in_code = arguments
        .get("code")
        .and_then(|c| c.strip_prefix("ImageUri="));
    let Some(uri) = arguments.get("image-uri").or(in_code).map(str::to_owned) else {
        return super::assume(shell, "aws");
    };
    let Ok(reference) = uri.parse::<crate::reference::Reference>() else {
        return super::assume(shell, "aws");
    };
    let full = reference.with_default_tag().to_string();
    let is_index = shell
        .world
        .registries
        .tags
        .get(&full)
        .is_some_and(|pushed| pushed.is_index);
    if !is_index {
        return super::assume(shell, "aws");
    }
    shell.world.note_facts(
        "lambda-index",
        format!("{uri} is an index, and Lambda takes the image of one platform only"),
        &[("image", &uri)],
    );
    let operation = if arguments.rest.iter().any(|w| w == "create-function") {
        "CreateFunction"
    } else {
        "UpdateFunctionCode"
    };
    shell.err(&format!(
        "\nAn error occurred (InvalidParameterValueException) when calling the {operation} operation: The image manifest, config or layer media type for the source image {uri} is not supported.\n"
    ));
    254
}

fn exists(shell: &Shell<'_, '_>, name: &str) -> bool {
    shell.world.registries.created.contains(name)
        || shell.world.settings.repository_exists == Some(true)
}

fn create(shell: &mut Shell<'_, '_>, arguments: &Arguments) -> i32 {
    let name = arguments
        .get("repository-name")
        .unwrap_or_default()
        .to_owned();
    if exists(shell, &name) {
        let text = format!(
            "\nAn error occurred (RepositoryAlreadyExistsException) when calling the CreateRepository operation: The repository with name '{name}' already exists in the registry with id '{ECR_ACCOUNT}'\n"
        );
        shell.err(&text);
        return 254;
    }
    shell.world.registries.created.insert(name.clone());
    if arguments.get("image-tag-mutability") == Some("IMMUTABLE") {
        shell.world.registries.immutable.insert(name.clone());
    }
    shell.world.change();
    let region = arguments
        .get("region")
        .map(str::to_owned)
        .or_else(|| shell.variables.get("AWS_DEFAULT_REGION").map(str::to_owned));
    let region = region.unwrap_or_else(|| "us-east-1".to_owned());
    shell.out(&format!(
        "{{\n    \"repository\": {{\n        \"registryId\": \"{ECR_ACCOUNT}\",\n        \"repositoryName\": \"{name}\",\n        \"repositoryUri\": \"{ECR_ACCOUNT}.dkr.ecr.{region}.amazonaws.com/{name}\"\n    }}\n}}\n"
    ));
    0
}

fn describe(shell: &mut Shell<'_, '_>, arguments: &Arguments) -> i32 {
    let name = arguments
        .get("repository-names")
        .unwrap_or_default()
        .to_owned();
    if name.is_empty() || exists(shell, &name) {
        shell.out(&format!("{{\n    \"repositories\": [\n        {{\n            \"repositoryName\": \"{name}\"\n        }}\n    ]\n}}\n"));
        return 0;
    }
    shell.err(&format!(
        "\nAn error occurred (RepositoryNotFoundException) when calling the DescribeRepositories operation: The repository with name '{name}' does not exist in the registry with id '{ECR_ACCOUNT}'\n"
    ));
    254
}
