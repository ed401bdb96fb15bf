//! A rule's `when:`, compiled once and evaluated per request.
//!
//! When compiled, every name such as `device.battery.level` becomes one identifier of the syntax
//! tree, so that evaluation is one look-up in the table of variables and allocates no maps.

use std::{
    collections::BTreeSet,
    sync::{Arc, LazyLock},
};

use cel::{
    Context, Env, ExecutionError,
    common::{
        ast::{EntryExpr, Expr, IdedExpr},
        types::{CelBool, CelDouble, CelInt, CelList, CelString},
        value::{CowVal, Val},
    },
    context::VariableResolver,
};
use thiserror::Error;

use super::{
    typing,
    variable::{COUNTS, Facts, Value, find, full_name},
};

/// A compiled, type-checked condition.
#[derive(Debug)]
pub(crate) struct Condition {
    source: String,
    expression: IdedExpr,
    variables: Vec<String>,
}

/// A mistake in a condition; `offset` counts characters from its start.
#[derive(Debug)]
pub(super) struct ConditionMistake {
    pub(super) offset: usize,
    pub(super) message: String,
}

/// Why a condition gave no answer. Holds no value of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(crate) enum EvaluationError {
    #[error("division by zero")]
    DivisionByZero,
    #[error("overflow")]
    Overflow,
    #[error("a value that is not a number")]
    NotComparable,
    #[error("an internal error")]
    Other,
}

impl Condition {
    /// Compiles and checks; `kinds` are the names allowed after `privacy.counts.`.
    pub(super) fn compile(source: &str, kinds: &[&str]) -> Result<Self, Vec<ConditionMistake>> {
        if source.len() > MAX_BYTES {
            let message = format!(
                "the condition has {} bytes, at most {MAX_BYTES} are read",
                source.len()
            );
            return Err(vec![ConditionMistake { offset: 0, message }]);
        }
        let program = ENV.compile(source).map_err(|errors| {
            errors
                .errors
                .into_iter()
                .map(|error| syntax_mistake(source, &error))
                .collect::<Vec<_>>()
        })?;
        let mut expression = program.expression().clone();
        let mut variables = BTreeSet::new();
        fold_names(&mut expression, &mut variables);
        let mistakes = typing::check(&expression, kinds);
        if mistakes.is_empty() {
            let variables = variables.into_iter().collect();
            return Ok(Self {
                source: source.to_owned(),
                expression,
                variables,
            });
        }
        let offset = |node| {
            program
                .source_info()
                .offset_for(node)
                .map_or(0, |(start, _)| start)
        };
        Err(mistakes
            .into_iter()
            .map(|mistake| ConditionMistake {
                offset: offset(mistake.node) as usize,
                message: mistake.message,
            })
            .collect())
    }

    /// The text the user wrote.
    pub(crate) fn source(&self) -> &str {
        &self.source
    }

    pub(super) fn expression(&self) -> &IdedExpr {
        &self.expression
    }

    /// Full names of the variables it reads, sorted.
    pub(crate) fn variables(&self) -> &[String] {
        &self.variables
    }

    /// The condition is the literal `true`.
    pub(super) fn is_always_true(&self) -> bool {
        self.source.trim() == "true"
    }
}

/// Evaluates conditions for one request.
pub(crate) struct Evaluator<'f> {
    context: Context<'f, 'f>,
}

impl<'f> Evaluator<'f> {
    pub(crate) fn new(facts: &'f Facts<'f>) -> Self {
        let mut context = Context::with_env(Arc::clone(&ENV));
        context.set_variable_resolver(facts);
        Self { context }
    }

    /// True when there is no condition or it holds.
    pub(crate) fn holds(&self, condition: Option<&Condition>) -> Result<bool, EvaluationError> {
        condition.map_or(Ok(true), |condition| self.is_true(&condition.expression))
    }

    /// The value of a boolean expression.
    pub(super) fn is_true(&self, expression: &IdedExpr) -> Result<bool, EvaluationError> {
        let value = cel::Value::resolve_val(expression, &self.context)
            .map_err(|error| EvaluationError::from(&error))?;
        value
            .downcast_ref::<CelBool>()
            .map(|value| *value.inner())
            .ok_or(EvaluationError::Other)
    }
}

impl From<&ExecutionError> for EvaluationError {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the other crate's list of causes is open"
    )]
    fn from(error: &ExecutionError) -> Self {
        match error {
            ExecutionError::DivisionByZero(_) | ExecutionError::RemainderByZero(_) => {
                Self::DivisionByZero
            }
            ExecutionError::Overflow(..) => Self::Overflow,
            ExecutionError::ValuesNotComparable(..) => Self::NotComparable,
            _ => Self::Other,
        }
    }
}

impl VariableResolver for Facts<'_> {
    fn resolve<'b>(&'b self, variable: &str) -> Option<CowVal<'b, 'b>> {
        Some(match self.value(variable)? {
            Value::Bool(value) => CowVal::owned(CelBool::from(value)),
            Value::Int(value) => CowVal::owned(CelInt::from(value)),
            Value::Double(value) => CowVal::owned(CelDouble::from(value)),
            Value::Text(value) => CowVal::owned(CelString::from(value)),
            Value::Texts(values) => {
                let items = values.iter().map(|value| {
                    let item: Box<dyn Val + 'b> = Box::new(CelString::from(value.as_str()));
                    item
                });
                CowVal::owned(CelList::from(items.collect::<Vec<_>>()))
            }
        })
    }
}

/// Longer conditions are refused.
const MAX_BYTES: usize = 4096;

/// The standard library, macros included, without optional values. Building it takes longer than
/// a decision may, hence once.
static ENV: LazyLock<Arc<Env>> =
    LazyLock::new(|| Arc::new(Env::stdlib().with_optional_support(false)));

/// Turns `a.b.c` into one identifier with the variable's full name, and collects the variables.
fn fold_names(node: &mut IdedExpr, variables: &mut BTreeSet<String>) {
    if let Some((name, root)) = dotted_name(node) {
        let name = full_name(name);
        if find(&name).is_some() || name.starts_with(COUNTS) {
            variables.insert(name.clone());
        }
        *node = IdedExpr {
            id: root,
            expr: Expr::Ident(name),
        };
        return;
    }
    match &mut node.expr {
        Expr::Call(call) => {
            call.target
                .iter_mut()
                .for_each(|target| fold_names(target, variables));
            call.args
                .iter_mut()
                .for_each(|arg| fold_names(arg, variables));
        }
        Expr::List(list) => {
            list.elements
                .iter_mut()
                .for_each(|item| fold_names(item, variables));
        }
        Expr::Comprehension(comprehension) => {
            for part in [
                &mut comprehension.iter_range,
                &mut comprehension.accu_init,
                &mut comprehension.loop_cond,
                &mut comprehension.loop_step,
                &mut comprehension.result,
            ] {
                fold_names(part, variables);
            }
        }
        Expr::Select(select) => fold_names(&mut select.operand, variables),
        Expr::Map(map) => {
            for entry in &mut map.entries {
                if let EntryExpr::MapEntry(entry) = &mut entry.expr {
                    fold_names(&mut entry.value, variables);
                }
            }
        }
        Expr::Ident(_) | Expr::Literal(_) | Expr::Struct(_) | Expr::Unspecified => {}
    }
}

/// The name an identifier or a chain of field selections spells, and the node of its first part.
fn dotted_name(node: &IdedExpr) -> Option<(String, u64)> {
    match &node.expr {
        Expr::Ident(name) => Some((name.clone(), node.id)),
        Expr::Select(select) if !select.test => {
            let (name, root) = dotted_name(&select.operand)?;
            Some((format!("{name}.{}", select.field), root))
        }
        Expr::Select(_)
        | Expr::Call(_)
        | Expr::Comprehension(_)
        | Expr::List(_)
        | Expr::Literal(_)
        | Expr::Map(_)
        | Expr::Struct(_)
        | Expr::Unspecified => None,
    }
}

fn syntax_mistake(source: &str, error: &cel::ParseError) -> ConditionMistake {
    let (line, column) = error.pos;
    let line = usize::try_from(line).unwrap_or(1).saturating_sub(1);
    let column = usize::try_from(column).unwrap_or(1).saturating_sub(1);
    let before: usize = source
        .split_inclusive('\n')
        .take(line)
        .map(|line| line.chars().count())
        .sum();
    // The parser's message goes on with the names of all tokens that could have followed.
    let message = error.msg.split(" expecting ").next().unwrap_or_default();
    let message = message
        .trim_start_matches("Syntax error: ")
        .replace("'<EOF>'", "the end");
    ConditionMistake {
        offset: before + column,
        message: format!("not a CEL expression: {message}"),
    }
}
