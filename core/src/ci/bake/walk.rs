//! The names that an expression uses.

use super::syntax::{Expression, ExpressionKind as Kind, Part, Step};

/// Functions that are called.
pub(super) fn calls(expression: &Expression) -> Vec<&str> {
    let mut found = Vec::new();
    each(expression, &mut Vec::new(), &mut |inner, _| {
        if let Kind::Call { name, .. } = &inner.kind {
            found.push(name.as_str());
        }
    });
    found
}

/// Variables that are not of a `for` in the expression itself.
pub(super) fn variables(expression: &Expression) -> Vec<&str> {
    let mut found = Vec::new();
    each(expression, &mut Vec::new(), &mut |inner, locals| {
        if let Kind::Variable(name) = &inner.kind
            && !locals.contains(&name.as_str())
        {
            found.push(name.as_str());
        }
    });
    found
}

type Visit<'v, 'e> = &'v mut dyn FnMut(&'e Expression, &[&'e str]);

fn each<'e>(expression: &'e Expression, locals: &mut Vec<&'e str>, visit: Visit<'_, 'e>) {
    visit(expression, locals);
    match &expression.kind {
        Kind::Literal(_) | Kind::Variable(_) => {}
        Kind::Template(parts) => parts.iter().for_each(|part| of_part(part, locals, visit)),
        Kind::Attribute(inner, _)
        | Kind::Not(inner)
        | Kind::Negate(inner)
        | Kind::Wrapped(inner) => each(inner, locals, visit),
        Kind::Index(a, b) | Kind::Binary(_, a, b) => {
            each(a, locals, visit);
            each(b, locals, visit);
        }
        Kind::Splat(base, steps) => {
            each(base, locals, visit);
            for step in steps {
                if let Step::Index(index) = step {
                    each(index, locals, visit);
                }
            }
        }
        // The second argument of `convert` is a type.
        Kind::Call {
            name, arguments, ..
        } if name == "convert" => {
            arguments
                .iter()
                .take(1)
                .for_each(|argument| each(argument, locals, visit));
        }
        Kind::Call { arguments, .. } | Kind::List(arguments) => {
            for argument in arguments {
                each(argument, locals, visit);
            }
        }
        Kind::Conditional(all) => all.iter().for_each(|inner| each(inner, locals, visit)),
        Kind::Map(entries) => {
            for (key, value) in entries {
                each(key, locals, visit);
                each(value, locals, visit);
            }
        }
        Kind::For(found) => {
            each(&found.collection, locals, visit);
            let before = locals.len();
            locals.extend(found.key_name.as_deref());
            locals.push(&found.value_name);
            let inner = [
                found.key.as_ref(),
                Some(&found.value),
                found.condition.as_ref(),
            ];
            inner
                .into_iter()
                .flatten()
                .for_each(|inner| each(inner, locals, visit));
            locals.truncate(before);
        }
    }
}

fn of_part<'e>(part: &'e Part, locals: &mut Vec<&'e str>, visit: Visit<'_, 'e>) {
    match part {
        Part::Text(_) => {}
        Part::Value(inner) => each(inner, locals, visit),
        Part::If {
            condition,
            then,
            otherwise,
        } => {
            each(condition, locals, visit);
            then.iter()
                .chain(otherwise)
                .for_each(|part| of_part(part, locals, visit));
        }
        Part::For {
            key_name,
            value_name,
            collection,
            body,
        } => {
            each(collection, locals, visit);
            let before = locals.len();
            locals.extend(key_name.as_deref());
            locals.push(value_name);
            for part in body {
                of_part(part, locals, visit);
            }
            locals.truncate(before);
        }
    }
}
