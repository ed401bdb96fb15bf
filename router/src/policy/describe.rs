//! Says in words why a condition holds, with the values seen.

use cel::common::ast::{CallExpr, Expr, IdedExpr, LiteralValue, operators};

use super::{
    condition::{Condition, Evaluator},
    typing::symbol,
    variable::{Facts, Value, shown_number},
};

impl Condition {
    /// Why the condition holds: the parts that made it true, such as `complexity 0.71 > 0.6`.
    pub(crate) fn why(&self, facts: &Facts<'_>, evaluator: &Evaluator<'_>) -> String {
        let mut reasons = Vec::new();
        collect(self.expression(), evaluator, &mut reasons);
        let words: Vec<String> = reasons
            .iter()
            .map(|part| in_words(part, facts, self.source()))
            .collect();
        words.join(" and ")
    }
}

/// All parts of an `&&`, the first true part of an `||`.
fn collect<'e>(node: &'e IdedExpr, evaluator: &Evaluator<'_>, reasons: &mut Vec<&'e IdedExpr>) {
    match operation(node) {
        Some((operators::LOGICAL_AND, args)) => {
            for part in args {
                collect(part, evaluator, reasons);
            }
        }
        Some((operators::LOGICAL_OR, args)) => {
            let holds = args.iter().find(|part| evaluator.is_true(part) == Ok(true));
            if let Some(part) = holds {
                collect(part, evaluator, reasons);
            }
        }
        _ => reasons.push(node),
    }
}

/// A part of a condition as a statement.
fn in_words(node: &IdedExpr, facts: &Facts<'_>, source: &str) -> String {
    if let Expr::Ident(name) = &node.expr {
        return format!("{name} is true");
    }
    if let Some((operators::LOGICAL_NOT, [operand])) = operation(node)
        && let Expr::Ident(name) = &operand.expr
    {
        return format!("{name} is false");
    }
    print(node, facts).unwrap_or_else(|| source.to_owned())
}

/// Name and arguments of a call.
fn operation(node: &IdedExpr) -> Option<(&str, &[IdedExpr])> {
    let Expr::Call(call) = &node.expr else {
        return None;
    };
    Some((&call.func_name, &call.args))
}

/// The expression with the value behind every number; `None` for what has no short form.
fn print(node: &IdedExpr, facts: &Facts<'_>) -> Option<String> {
    match &node.expr {
        Expr::Ident(name) => match facts.value(name)? {
            value @ (Value::Int(_) | Value::Double(_)) => {
                Some(format!("{name} {}", value.shown(name)))
            }
            Value::Bool(_) | Value::Text(_) | Value::Texts(_) => Some(name.clone()),
        },
        Expr::Literal(literal) => literal_text(literal),
        Expr::List(list) => {
            let items: Option<Vec<String>> = list
                .elements
                .iter()
                .map(|item| print(item, facts))
                .collect();
            Some(format!("[{}]", items?.join(", ")))
        }
        Expr::Call(call) => print_call(call, facts),
        Expr::Comprehension(_)
        | Expr::Map(_)
        | Expr::Select(_)
        | Expr::Struct(_)
        | Expr::Unspecified => None,
    }
}

fn print_call(call: &CallExpr, facts: &Facts<'_>) -> Option<String> {
    let name = call.func_name.as_str();
    let args: Option<Vec<String>> = call.args.iter().map(|arg| print(arg, facts)).collect();
    let args = args?;
    let is_operator = name.starts_with(['_', '@', '!', '-']);
    match (&call.target, args.as_slice()) {
        (Some(target), args) => Some(format!(
            "{}.{name}({})",
            print(target, facts)?,
            args.join(", ")
        )),
        (None, [one]) if is_operator => Some(format!("{}({one})", symbol(name))),
        (None, [left, right]) if is_operator => {
            let left = parenthesized(left, call.args.first());
            let right = parenthesized(right, call.args.last());
            Some(format!("{left} {} {right}", symbol(name)))
        }
        (None, _) if is_operator => None,
        (None, args) => Some(format!("{name}({})", args.join(", "))),
    }
}

fn parenthesized(text: &str, node: Option<&IdedExpr>) -> String {
    match node.map(|node| &node.expr) {
        Some(Expr::Call(call)) if call.args.len() > 1 && call.target.is_none() => {
            format!("({text})")
        }
        _ => text.to_owned(),
    }
}

fn literal_text(literal: &LiteralValue) -> Option<String> {
    match literal {
        LiteralValue::Boolean(value) => Some(value.inner().to_string()),
        LiteralValue::Int(value) => Some(value.inner().to_string()),
        LiteralValue::UInt(value) => Some(value.inner().to_string()),
        LiteralValue::Double(value) => Some(shown_number(*value.inner())),
        LiteralValue::String(value) => Some(format!("{:?}", value.inner())),
        LiteralValue::Bytes(_) | LiteralValue::Null => None,
    }
}
