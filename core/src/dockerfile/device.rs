//! `--device` of RUN.

use super::csv;
use super::go;
use super::kind::Device;
use super::suggest::with_suggestion;

/// Reads a flag's value; the error is BuildKit's text.
pub(super) fn parse(value: &str) -> Result<Device, String> {
    let fields =
        csv::fields(value).map_err(|error| format!("failed to parse csv devices: {error}"))?;
    let mut device = Device::default();
    for field in &fields {
        let (key, value) = match field.split_once('=') {
            Some((key, value)) => (key.to_lowercase(), Some(value)),
            None => (field.to_lowercase(), None),
        };
        match (key.as_str(), value) {
            ("required", None) => device.required = true,
            ("required", Some(value)) => {
                device.required = go::boolean(value)
                    .ok_or_else(|| format!("invalid value for {key}: {value}"))?;
            }
            ("name", Some(value)) if device.name.is_empty() => value.clone_into(&mut device.name),
            ("name", Some(_)) => {
                return Err(format!("device name already set to {}", device.name));
            }
            _ if device.name.is_empty() => device.name.clone_from(field),
            (_, None) => {
                return Err(format!("invalid field '{field}' must be a key=value pair"));
            }
            (_, Some(_)) => {
                let message = format!("unexpected key '{key}' in '{field}'");
                return Err(with_suggestion(message, &key, ["name", "required"], true));
            }
        }
    }
    Ok(device)
}
