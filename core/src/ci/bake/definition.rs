//! What files define together: variables, functions, attributes and blocks, each evaluated where
//! it is asked for.
//!
//! Source: docker/buildx `bake/hclparser/hclparser.go`, whose texts these are.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use super::blocks::Instance;
use super::evaluate::{Evaluator, Names, Scope, evaluate};
use super::functions::{Parameters, keyword};
use super::syntax::{Attribute, Block, Body, Expression, Fault, Range};
use super::types::Type;
use super::value::Value;
use super::variables;

/// Kinds of blocks that are evaluated; others are left alone.
pub(super) const KINDS: [&str; 2] = ["group", "target"];

/// What the files define.
pub(super) struct Definition<'a> {
    texts: Vec<&'a str>,
    pub lookup: &'a dyn Fn(&str) -> Option<String>,
    pub variables: BTreeMap<&'a str, &'a Block>,
    attributes: BTreeMap<&'a str, &'a Attribute>,
    functions: BTreeMap<&'a str, Function<'a>>,
    pub blocks: Vec<&'a Block>,
    /// The instances of each block, once they are known.
    pub instances: RefCell<Vec<Instance<'a>>>,
    known: RefCell<BTreeMap<String, Value>>,
    in_progress: RefCell<BTreeSet<String>>,
    fields_in_progress: RefCell<BTreeSet<(usize, String)>>,
    /// Blocks can be named only once all of them have their names.
    pub has_blocks: Cell<bool>,
    evaluator: Evaluator,
}

/// A `function` block.
struct Function<'a> {
    parameters: Vec<String>,
    variadic: Option<String>,
    result: &'a Expression,
}

impl<'a> Definition<'a> {
    pub(super) fn new(
        bodies: &'a [Body],
        texts: Vec<&'a str>,
        builtin: &[(&str, &str)],
        lookup: &'a dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, Fault> {
        let mut found = Self {
            lookup,
            texts,
            variables: BTreeMap::new(),
            attributes: BTreeMap::new(),
            functions: BTreeMap::new(),
            blocks: Vec::new(),
            instances: RefCell::default(),
            known: RefCell::default(),
            in_progress: RefCell::default(),
            fields_in_progress: RefCell::default(),
            has_blocks: Cell::new(false),
            evaluator: Evaluator::default(),
        };
        for (name, value) in builtin {
            found
                .known
                .get_mut()
                .insert((*name).to_owned(), Value::text(*value));
        }
        let reserved =
            |name: &str| KINDS.contains(&name) || builtin.iter().any(|(known, _)| *known == name);
        for body in bodies {
            for block in &body.blocks {
                let kind = block.kind.as_str();
                if !matches!(kind, "variable" | "function" | "group" | "target") {
                    continue;
                }
                let label = label_of(block)?;
                match kind {
                    "variable" if !reserved(label) => {
                        found.variables.insert(label, block);
                    }
                    "function" if !reserved(label) => {
                        found.functions.insert(label, Function::read(block, label)?);
                    }
                    "group" | "target" => found.blocks.push(block),
                    _ => {}
                }
            }
            for attribute in &body.attributes {
                if KINDS.contains(&attribute.name.as_str()) {
                    return Err(Fault::new(
                        "Unsupported argument",
                        format!(
                            "An argument named {:?} is not expected here. Did you mean to define a \
                             block of type {:?}?",
                            attribute.name, attribute.name
                        ),
                        attribute.name_range,
                    ));
                }
                found.attributes.insert(&attribute.name, attribute);
            }
        }
        Ok(found)
    }

    /// Evaluates all variables and what they must keep to, then looks at all functions.
    pub(super) fn check(&self) -> Result<(), Fault> {
        for (name, block) in &self.variables {
            self.resolve(name, block.range)?;
        }
        for block in self.variables.values() {
            variables::validate(self, block)?;
        }
        for (name, function) in &self.functions {
            self.check_function(name, function, &mut Vec::new())?;
        }
        Ok(())
    }

    /// Attributes that stand beside the blocks.
    pub(super) fn check_attributes(&self) -> Result<(), Fault> {
        for (name, attribute) in &self.attributes {
            self.resolve(name, attribute.range)?;
        }
        Ok(())
    }

    /// A function may use what is there, and not itself.
    fn check_function(
        &self,
        name: &'a str,
        function: &Function<'a>,
        path: &mut Vec<&'a str>,
    ) -> Result<(), Fault> {
        let invalid = |text: String| Fault::new("Invalid expression", text, function.result.range);
        if path.len() > 40 {
            return Err(invalid(
                "polyarch follows at most 40 functions in each other".to_owned(),
            ));
        }
        path.push(name);
        for called in super::walk::calls(function.result) {
            if path.contains(&called) && !super::functions::exists(called) {
                return Err(invalid(format!("function cycle not allowed for {called}")));
            }
            match self.functions.get_key_value(called) {
                Some((called, inner)) => self.check_function(called, inner, path)?,
                None if super::functions::exists(called) => {}
                None => {
                    return Err(invalid(format!(
                        "function {called:?} does not exist: undefined"
                    )));
                }
            }
        }
        for variable in super::walk::variables(function.result) {
            let is_parameter = function.parameters.iter().any(|known| known == variable)
                || function.variadic.as_deref() == Some(variable);
            if !is_parameter && self.known(variable).is_none() {
                let is_defined =
                    self.variables.contains_key(variable) || self.attributes.contains_key(variable);
                if !is_defined {
                    let text = format!("variable {variable:?} does not exist: undefined");
                    return Err(invalid(text));
                }
            }
        }
        path.pop();
        Ok(())
    }

    fn known(&self, name: &str) -> Option<Value> {
        self.known.borrow().get(name).cloned()
    }

    /// The value of a variable or attribute of the files.
    fn resolve(&self, name: &str, at: Range) -> Result<Value, Fault> {
        if let Some(value) = self.known(name) {
            return Ok(value);
        }
        let attribute = self.attributes.get(name).copied();
        let block = self.variables.get(name).copied();
        if attribute.is_none() && block.is_none() {
            let mut names: Vec<String> = self.known.borrow().keys().cloned().collect();
            names.extend(self.variables.keys().map(|name| (*name).to_owned()));
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let hint = super::did_you_mean(name, &names);
            let text = format!("There is no variable named {name:?}.{hint}");
            return Err(Fault::new("Unknown variable", text, at));
        }
        if !self.in_progress.borrow_mut().insert(name.to_owned()) {
            let text = format!("variable cycle not allowed for {name}");
            return Err(Fault::new("Invalid expression", text, at));
        }
        let found = match (attribute, block) {
            (Some(attribute), block) => {
                let value = evaluate(self, &Scope::new(), &attribute.value);
                match block {
                    Some(_) => value.and_then(|value| {
                        variables::overridden(
                            self,
                            name,
                            Some(value),
                            &Type::Any,
                            false,
                            attribute.range,
                        )
                    }),
                    None => value,
                }
            }
            (None, Some(block)) => variables::value(self, name, block),
            (None, None) => Ok(Value::Null),
        };
        // What failed stays in progress: it is asked for only once.
        let found = found?;
        self.in_progress.borrow_mut().remove(name);
        self.known
            .borrow_mut()
            .insert(name.to_owned(), found.clone());
        Ok(found)
    }
}

impl Names for Definition<'_> {
    fn variable(&self, name: &str, at: Range) -> Result<Value, Fault> {
        if KINDS.contains(&name) && self.has_blocks.get() {
            let text = format!("cannot access {name} as a variable");
            return Err(Fault::new("Invalid expression", text, at));
        }
        self.resolve(name, at)
    }

    fn field(
        &self,
        kind: &str,
        label: &str,
        name: &str,
        at: Range,
    ) -> Option<Result<Value, Fault>> {
        if !self.has_blocks.get() || !KINDS.contains(&kind) {
            return None;
        }
        let instances = self.instances.borrow().clone();
        let mut of_name = instances.iter().enumerate();
        // The last one with the name is what the name stands for.
        let found = of_name.rfind(|(_, known)| known.block.kind == kind && known.name == label);
        let Some((n, instance)) = found else {
            let text = format!("This object does not have an attribute named {label:?}.");
            return Some(Err(Fault::new("Unsupported attribute", text, at)));
        };
        let key = (n, name.to_owned());
        if !self.fields_in_progress.borrow_mut().insert(key.clone()) {
            let text = format!("reference cycle not allowed for {kind}.{label}.{name}");
            return Some(Err(Fault::new("Invalid expression", text, at)));
        }
        let value = instance.field(self, name, at);
        self.fields_in_progress.borrow_mut().remove(&key);
        Some(value)
    }

    fn function(
        &self,
        name: &str,
        arguments: &[Value],
        at: &[Range],
        call: Range,
    ) -> Option<Result<Value, Fault>> {
        let function = self.functions.get(name)?;
        let variadic = function.variadic.as_deref();
        let parameters = Parameters::any(&function.parameters, variadic);
        let checked = parameters.check(name, arguments.to_vec(), at, call);
        Some(checked.and_then(|mut values| {
            let rest = values.split_off(function.parameters.len().min(values.len()));
            let mut scope: Scope = function.parameters.iter().cloned().zip(values).collect();
            scope.extend(variadic.map(|name| (name.to_owned(), Value::List(rest))));
            evaluate(self, &scope, function.result)
        }))
    }

    fn evaluator(&self) -> &Evaluator {
        &self.evaluator
    }

    fn first(&self, expression: &Expression) -> Range {
        let text = self.texts.get(expression.range.file).copied();
        expression.first(text.unwrap_or_default())
    }
}

impl<'a> Function<'a> {
    fn read(block: &'a Block, name: &str) -> Result<Self, Fault> {
        let missing = |what: &str| {
            Fault::new(
                "Missing required argument",
                format!("The argument {what:?} is required, but no definition was found."),
                block.range,
            )
        };
        let params = block
            .body
            .attribute("params")
            .ok_or_else(|| missing("params"))?;
        let result = block.body.attribute("result").ok_or_else(|| {
            let text = format!("empty result not allowed for {name}");
            Fault::new("Invalid function", text, params.range)
        })?;
        let element = |at: &Expression| {
            let text = "Each parameter name must be an identifier.";
            Fault::new("Invalid param element", text, at.range)
        };
        let super::syntax::ExpressionKind::List(items) = &params.value.kind else {
            let text = "A static list expression is required.";
            return Err(Fault::new("Invalid expression", text, params.value.range));
        };
        let parameters = items.iter().map(|item| {
            keyword(item)
                .map(str::to_owned)
                .ok_or_else(|| element(item))
        });
        let variadic = block.body.attribute("variadic_params").map(|attribute| {
            let name = keyword(&attribute.value).map(str::to_owned);
            name.ok_or_else(|| element(&attribute.value))
        });
        Ok(Self {
            parameters: parameters.collect::<Result<_, _>>()?,
            variadic: variadic.transpose()?,
            result: &result.value,
        })
    }
}

/// The one label that a block of these kinds has.
fn label_of(block: &Block) -> Result<&str, Fault> {
    let kind = &block.kind;
    match block.labels.as_slice() {
        [(label, _)] => Ok(label),
        [] => Err(Fault::new(
            &format!("Missing name for {kind}"),
            format!("All {kind} blocks must have 1 labels (name)."),
            block.open,
        )),
        [_, (_, second), ..] => Err(Fault::new(
            &format!("Extraneous label for {kind}"),
            format!("Only 1 labels (name) are expected for {kind} blocks."),
            *second,
        )),
    }
}
