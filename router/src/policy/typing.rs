//! Type check of a condition's syntax tree.
//!
//! CEL itself is dynamically typed. Here every variable's type and range is known, so whatever
//! could fail or could never matter is found when the policy is loaded. Accepted is a subset of
//! CEL: comparisons, `&& || ! ?:`, arithmetic, `in`, `size`, `contains`, `startsWith`, `endsWith`,
//! `int`, `double`, and `exists`, `all`, `exists_one` over lists. What remains possible at run
//! time is a division by zero, an overflow, or a reading that is not a number.

use cel::common::ast::{CallExpr, ComprehensionExpr, Expr, IdedExpr, LiteralValue, operators};

use super::variable::{COUNTS, Kind, Range, VARIABLES, find};
use crate::suggest::{did_you_mean, quoted_list};

/// A mistake in a condition.
#[derive(Debug)]
pub(super) struct TypeMistake {
    /// The node at fault.
    pub(super) node: u64,
    pub(super) message: String,
}

/// Type of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Type {
    One(Kind),
    /// List of bool, int, double or text.
    Many(Kind),
}

/// All mistakes of a condition, which must be boolean.
pub(super) fn check(expression: &IdedExpr, kinds: &[&str]) -> Vec<TypeMistake> {
    let mut checker = Checker {
        kinds,
        locals: Vec::new(),
        mistakes: Vec::new(),
    };
    if let Some(found) = checker.infer(expression)
        && found != BOOL
    {
        let message = format!(
            "a condition must be true or false, this is {}",
            found.name()
        );
        checker.note(expression, message);
    }
    checker.mistakes
}

struct Checker<'c> {
    kinds: &'c [&'c str],
    /// Variables of `exists` and the like, innermost last.
    locals: Vec<(&'c str, Option<Type>)>,
    mistakes: Vec<TypeMistake>,
}

impl<'c> Checker<'c> {
    fn note(&mut self, node: &IdedExpr, message: impl Into<String>) -> Option<Type> {
        self.mistakes.push(TypeMistake {
            node: node.id,
            message: message.into(),
        });
        None
    }

    /// The type, or `None` when a mistake in it has been noted.
    fn infer(&mut self, node: &'c IdedExpr) -> Option<Type> {
        match &node.expr {
            Expr::Ident(name) => self.variable(node, name),
            Expr::Literal(literal) => self.literal(node, literal),
            Expr::Call(call) => self.call(node, call),
            Expr::Comprehension(comprehension) => self.comprehension(comprehension),
            Expr::List(list) => {
                let types: Vec<_> = list.elements.iter().map(|item| self.infer(item)).collect();
                let types: Vec<Type> = types.into_iter().collect::<Option<_>>()?;
                match types.split_first() {
                    Some((Type::One(kind), rest))
                        if rest.iter().all(|t| *t == Type::One(*kind)) =>
                    {
                        Some(Type::Many(*kind))
                    }
                    None => self.note(node, "an empty list contains nothing"),
                    Some(_) => self.note(node, "the items of a list must be of one type"),
                }
            }
            Expr::Select(select) if select.test => self.note(
                node,
                "has() is not needed: every variable always has a value",
            ),
            Expr::Select(select) => {
                self.infer(&select.operand)?;
                self.note(node, format!("there is no field '{}' here", select.field))
            }
            Expr::Map(_) | Expr::Struct(_) | Expr::Unspecified => {
                self.note(node, "maps and messages are not supported in conditions")
            }
        }
    }

    fn variable(&mut self, node: &IdedExpr, name: &str) -> Option<Type> {
        if let Some((_, found)) = self.locals.iter().rev().find(|(local, _)| *local == name) {
            return *found;
        }
        if let Some(variable) = find(name) {
            return Some(match variable.kind {
                Kind::Texts => Type::Many(Kind::Text),
                kind @ (Kind::Bool | Kind::Int | Kind::Double | Kind::Text) => Type::One(kind),
            });
        }
        if COUNTS.strip_suffix('.') == Some(name) {
            return self.note(
                node,
                format!("a kind is missing after '{name}', as in '{COUNTS}EMAIL'"),
            );
        }
        if let Some(kind) = name.strip_prefix(COUNTS) {
            if self.kinds.contains(&kind) {
                return Some(INT);
            }
            let hint = did_you_mean(kind, self.kinds.iter().copied());
            return self.note(node, format!("unknown kind '{kind}'{hint}"));
        }
        let known = VARIABLES.iter().map(|variable| variable.name);
        let hint = match did_you_mean(name, known.clone()) {
            hint if !hint.is_empty() => hint,
            _ => below(name, known),
        };
        self.note(node, format!("unknown variable '{name}'{hint}"))
    }

    fn literal(&mut self, node: &IdedExpr, literal: &LiteralValue) -> Option<Type> {
        match literal {
            LiteralValue::Boolean(_) => Some(BOOL),
            LiteralValue::Int(_) => Some(INT),
            LiteralValue::UInt(number) => {
                let number = number.inner();
                self.note(
                    node,
                    format!("unsigned integers are not needed, write {number}"),
                )
            }
            LiteralValue::Double(_) => Some(DOUBLE),
            LiteralValue::String(_) => Some(TEXT),
            LiteralValue::Bytes(_) | LiteralValue::Null => {
                self.note(node, "bytes and null are not supported in conditions")
            }
        }
    }

    fn call(&mut self, node: &'c IdedExpr, call: &'c CallExpr) -> Option<Type> {
        let mut operands: Vec<&IdedExpr> = call.target.iter().map(|target| &**target).collect();
        operands.extend(&call.args);
        let types: Vec<_> = operands.iter().map(|operand| self.infer(operand)).collect();
        let types: Vec<Type> = types.into_iter().collect::<Option<_>>()?;
        let name = call.func_name.as_str();
        let result = match (name, types.as_slice()) {
            (operators::LOGICAL_AND | operators::LOGICAL_OR, [BOOL, BOOL])
            | (operators::LOGICAL_NOT | operators::NOT_STRICTLY_FALSE, [BOOL])
            | ("contains" | "startsWith" | "endsWith", [TEXT, TEXT]) => Ok(BOOL),
            (operators::CONDITIONAL, [BOOL, yes, no]) if yes == no => Ok(*yes),
            (operators::EQUALS | operators::NOT_EQUALS, [Type::One(left), Type::One(right)])
                if comparable(*left, *right) =>
            {
                self.check_range(&operands);
                Ok(BOOL)
            }
            (
                operators::LESS
                | operators::LESS_EQUALS
                | operators::GREATER
                | operators::GREATER_EQUALS,
                [INT | DOUBLE, INT | DOUBLE],
            ) => {
                self.check_range(&operands);
                Ok(BOOL)
            }
            (operators::IN, [Type::One(item), Type::Many(items)]) if comparable(*item, *items) => {
                self.check_range(&operands);
                Ok(BOOL)
            }
            (
                operators::ADD | operators::SUBSTRACT | operators::MULTIPLY | operators::DIVIDE,
                [left @ (INT | DOUBLE), right],
            ) if left == right => Ok(*left),
            (operators::MODULO, [INT, INT])
            | ("size", [TEXT | Type::Many(_)])
            | ("int", [INT | DOUBLE]) => Ok(INT),
            (operators::NEGATE, [number @ (INT | DOUBLE)]) => Ok(*number),
            ("double", [INT | DOUBLE]) => Ok(DOUBLE),
            (_, types) => Err(misuse(name, types)),
        };
        result
            .or_else(|message| self.note(node, message).ok_or(()))
            .ok()
    }

    fn comprehension(&mut self, expression: &'c ComprehensionExpr) -> Option<Type> {
        let item = match self.infer(&expression.iter_range)? {
            Type::Many(kind) => Type::One(kind),
            found @ Type::One(_) => {
                let message = format!("expected a list, found {}", found.name());
                return self.note(&expression.iter_range, message);
            }
        };
        if matches!(expression.accu_init.expr, Expr::List(_)) {
            let message = "map and filter are not supported, use exists, all or exists_one";
            return self.note(&expression.iter_range, message);
        }
        let accumulated = self.infer(&expression.accu_init);
        self.locals.push((&expression.iter_var, Some(item)));
        self.locals.push((&expression.accu_var, accumulated));
        let step = self.infer(&expression.loop_step);
        let result = self.infer(&expression.result);
        self.locals.truncate(self.locals.len() - 2);
        step.and(result)
    }

    /// Compares the literals with the values the variable beside them can have.
    fn check_range(&mut self, operands: &[&'c IdedExpr]) {
        let variable = operands.iter().find_map(|operand| {
            let Expr::Ident(name) = &operand.expr else {
                return None;
            };
            Some((name.as_str(), range_of(name)?))
        });
        let Some((name, range)) = variable else {
            return;
        };
        for operand in operands {
            let literals = if let Expr::List(list) = &operand.expr {
                list.elements.as_slice()
            } else {
                std::slice::from_ref(*operand)
            };
            for literal in literals {
                if let Some(message) = out_of_range(name, range, literal) {
                    self.note(literal, message);
                }
            }
        }
    }
}

impl Type {
    fn name(self) -> &'static str {
        match self {
            BOOL => "a boolean",
            INT => "an integer",
            DOUBLE => "a double",
            Self::One(_) => "a text",
            Self::Many(_) => "a list",
        }
    }
}

const BOOL: Type = Type::One(Kind::Bool);
const INT: Type = Type::One(Kind::Int);
const DOUBLE: Type = Type::One(Kind::Double);
const TEXT: Type = Type::One(Kind::Text);

/// The functions conditions may call.
const FUNCTIONS: [&str; 9] = [
    "size",
    "contains",
    "startsWith",
    "endsWith",
    "int",
    "double",
    "exists",
    "all",
    "exists_one",
];

fn comparable(left: Kind, right: Kind) -> bool {
    let numbers = [Kind::Int, Kind::Double];
    left == right || (numbers.contains(&left) && numbers.contains(&right))
}

/// The values of a variable, the counts per kind included.
fn range_of(name: &str) -> Option<Range> {
    if name.starts_with(COUNTS) {
        return Some(Range::NonNegative);
    }
    find(name).map(|variable| variable.range)
}

fn out_of_range(name: &str, range: Range, literal: &IdedExpr) -> Option<String> {
    match (range, &literal.expr) {
        (Range::Names(names), Expr::Literal(LiteralValue::String(text)))
            if !names.contains(&text.inner()) =>
        {
            let text = text.inner();
            Some(format!(
                "{name} is never '{text}', it is one of {}{}",
                quoted_list(names.iter().copied()),
                did_you_mean(text, names.iter().copied())
            ))
        }
        (Range::Ratio, _) => number(literal)
            .filter(|number| !(0.0..=1.0).contains(number))
            .map(|number| format!("{name} lies between 0 and 1, {number} is outside")),
        (Range::NonNegative, _) => number(literal)
            .filter(|number| *number < 0.0)
            .map(|number| format!("{name} is never below 0, {number} is")),
        (Range::Any | Range::Names(_), _) => None,
    }
}

#[expect(clippy::cast_precision_loss, reason = "only compared with 0 and 1")]
fn number(node: &IdedExpr) -> Option<f64> {
    if let Expr::Call(call) = &node.expr
        && call.func_name == operators::NEGATE
    {
        return call.args.first().and_then(number).map(|number| -number);
    }
    match &node.expr {
        Expr::Literal(LiteralValue::Int(number)) => Some(*number.inner() as f64),
        Expr::Literal(LiteralValue::Double(number)) => Some(*number.inner()),
        Expr::Literal(_)
        | Expr::Call(_)
        | Expr::Comprehension(_)
        | Expr::Ident(_)
        | Expr::List(_)
        | Expr::Map(_)
        | Expr::Select(_)
        | Expr::Struct(_)
        | Expr::Unspecified => None,
    }
}

/// Why this call with these types is wrong.
fn misuse(name: &str, types: &[Type]) -> String {
    let given: Vec<&str> = types.iter().map(|given| given.name()).collect();
    let given = given.join(" and ");
    match name {
        operators::EQUALS | operators::NOT_EQUALS => {
            format!("{given} are never equal")
        }
        operators::LESS
        | operators::LESS_EQUALS
        | operators::GREATER
        | operators::GREATER_EQUALS => {
            format!("'{}' compares two numbers, found {given}", symbol(name))
        }
        operators::LOGICAL_AND | operators::LOGICAL_OR | operators::LOGICAL_NOT => {
            format!("'{}' takes booleans, found {given}", symbol(name))
        }
        operators::IN => format!("'in' takes a value and a list of such values, found {given}"),
        operators::CONDITIONAL => {
            format!("'?:' takes a boolean and two values of one type, found {given}")
        }
        operators::ADD
        | operators::SUBSTRACT
        | operators::MULTIPLY
        | operators::DIVIDE
        | operators::MODULO
        | operators::NEGATE => format!(
            "'{}' takes numbers of one type, found {given} (2 is an integer, 2.0 a double)",
            symbol(name)
        ),
        operators::INDEX | operators::OPT_INDEX | operators::OPT_SELECT => {
            "indexing is not supported in conditions".to_owned()
        }
        _ if FUNCTIONS.contains(&name) => format!("'{name}' cannot be applied to {given}"),
        _ => format!(
            "unknown function '{name}', expected one of {}{}",
            quoted_list(FUNCTIONS),
            did_you_mean(name, FUNCTIONS)
        ),
    }
}

/// `_>=_` as people write it.
pub(super) fn symbol(operator: &str) -> &str {
    operator.trim_matches(['_', '@'])
}

/// The variables below a name that is only a group, such as `device.link`.
fn below<'v>(name: &str, known: impl Iterator<Item = &'v str>) -> String {
    let prefix = format!("{name}.");
    let members: Vec<&str> = known.filter(|known| known.starts_with(&prefix)).collect();
    if members.is_empty() {
        return String::new();
    }
    format!(", expected one of {}", quoted_list(members))
}
