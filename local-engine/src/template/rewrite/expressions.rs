//! Expressions, written again with meters in them.

use std::fmt::Write;

use minijinja::{
    Error, Value,
    machinery::ast::{self, BinOpKind, CallArg, CompareOpKind, Expr, UnaryOpKind},
};

use super::{LIST, Rewriter, TEXT, refused};

impl Rewriter {
    pub(super) fn expression(&mut self, expression: &Expr<'_>) -> Result<(), Error> {
        self.deeper(|this| this.any_expression(expression))
    }

    fn any_expression(&mut self, expression: &Expr<'_>) -> Result<(), Error> {
        match expression {
            Expr::Var(var) => {
                self.push(var.id);
                Ok(())
            }
            Expr::Const(constant) => {
                self.push(&literal(&constant.value));
                Ok(())
            }
            Expr::UnaryOp(one) => self.unary(one),
            Expr::BinOp(one) => self.binary(one),
            Expr::Compare(one) => self.compare(one),
            Expr::IfExpr(one) => self.if_expression(one),
            Expr::Filter(one) => self.filter(one),
            Expr::Test(one) => self.test(one),
            Expr::GetAttr(attribute) => {
                self.operand(&attribute.expr)?;
                self.push(&format!(".{}", attribute.name));
                Ok(())
            }
            Expr::GetItem(item) => {
                self.operand(&item.expr)?;
                self.push("[");
                self.expression(&item.subscript_expr)?;
                self.push("]");
                Ok(())
            }
            Expr::Slice(slice) => self.slice(slice),
            Expr::Call(call) => {
                self.push(&format!("{TEXT}("));
                self.call(call)?;
                self.push(")");
                Ok(())
            }
            Expr::List(list) => self.collection("[", &list.items, "]"),
            Expr::Tuple(tuple) if tuple.items.len() == 1 => {
                self.collection("(", &tuple.items, ",)")
            }
            Expr::Tuple(tuple) => self.collection("(", &tuple.items, ")"),
            Expr::Map(map) => self.map(map),
        }
    }

    fn unary(&mut self, unary: &ast::UnaryOp<'_>) -> Result<(), Error> {
        self.push(match unary.op {
            UnaryOpKind::Not => "(not ",
            UnaryOpKind::Neg => "(-",
        });
        self.expression(&unary.expr)?;
        self.push(")");
        Ok(())
    }

    fn compare(&mut self, compare: &ast::Compare<'_>) -> Result<(), Error> {
        self.push("(");
        self.metered(TEXT, &compare.expr)?;
        for one in &compare.ops {
            self.push(comparison(one.op));
            self.metered(TEXT, &one.expr)?;
        }
        self.push(")");
        Ok(())
    }

    fn if_expression(&mut self, one: &ast::IfExpr<'_>) -> Result<(), Error> {
        self.push("(");
        self.expression(&one.true_expr)?;
        self.push(" if ");
        self.expression(&one.test_expr)?;
        if let Some(other) = &one.false_expr {
            self.push(" else ");
            self.expression(other)?;
        }
        self.push(")");
        Ok(())
    }

    fn filter(&mut self, filter: &ast::Filter<'_>) -> Result<(), Error> {
        let elements = ELEMENTWISE.contains(&filter.name);
        let meter = if elements { LIST } else { TEXT };
        self.push(&format!("{meter}("));
        if let Some(input) = &filter.expr {
            self.metered(meter, input)?;
            self.push(" | ");
        }
        self.named_call(filter.name, &filter.args)?;
        self.push(")");
        Ok(())
    }

    fn test(&mut self, test: &ast::Test<'_>) -> Result<(), Error> {
        self.push("(");
        self.expression(&test.expr)?;
        self.push(" is ");
        self.named_call(test.name, &test.args)?;
        self.push(")");
        Ok(())
    }

    fn map(&mut self, map: &ast::Map<'_>) -> Result<(), Error> {
        self.push(&format!("{TEXT}({{"));
        let entries: Vec<_> = map.keys.iter().zip(&map.values).collect();
        self.list(&entries, |this, (key, value)| {
            this.expression(key)?;
            this.push(": ");
            this.expression(value)
        })?;
        self.push("})");
        Ok(())
    }

    /// An operator; a chain of `~` or `+` is counted once at its end, as its parts bound it.
    fn binary(&mut self, binary: &ast::BinOp<'_>) -> Result<(), Error> {
        let grows = matches!(
            binary.op,
            BinOpKind::Add | BinOpKind::Concat | BinOpKind::Mul
        );
        self.push(if grows { LIST } else { "" });
        self.push("(");
        self.chain(binary)?;
        self.push(")");
        Ok(())
    }

    fn chain(&mut self, binary: &ast::BinOp<'_>) -> Result<(), Error> {
        let continues = |op| {
            let pair = (op, binary.op);
            matches!(
                pair,
                (BinOpKind::Concat, BinOpKind::Concat) | (BinOpKind::Add, BinOpKind::Add)
            )
        };
        let longer = if let Expr::BinOp(left) = &binary.left {
            Some(left)
        } else {
            None
        };
        match longer.filter(|left| continues(left.op)) {
            Some(left) => self.chain(left)?,
            None => self.side(binary.op, &binary.left)?,
        }
        self.push(operator(binary.op));
        self.side(binary.op, &binary.right)
    }

    /// `and` and `or` choose between their sides; the others read them.
    fn side(&mut self, op: BinOpKind, side: &Expr<'_>) -> Result<(), Error> {
        if matches!(op, BinOpKind::ScAnd | BinOpKind::ScOr) {
            self.expression(side)
        } else {
            self.metered(TEXT, side)
        }
    }

    fn slice(&mut self, slice: &ast::Slice<'_>) -> Result<(), Error> {
        self.push(&format!("{LIST}("));
        self.operand(&slice.expr)?;
        self.push("[");
        for (bound, end) in [(&slice.start, ":"), (&slice.stop, ":"), (&slice.step, "")] {
            if let Some(bound) = bound {
                self.expression(bound)?;
            }
            self.push(end);
        }
        self.push("])");
        Ok(())
    }

    /// What stands before a dot or a bracket.
    fn operand(&mut self, operand: &Expr<'_>) -> Result<(), Error> {
        if let Expr::Var(var) = operand {
            self.push(var.id);
            return Ok(());
        }
        self.push("(");
        self.expression(operand)?;
        self.push(")");
        Ok(())
    }

    pub(super) fn call(&mut self, call: &ast::Call<'_>) -> Result<(), Error> {
        if let Expr::GetAttr(method) = &call.expr {
            // Most methods read their object whole.
            self.metered(LIST, &method.expr)?;
            self.push(&format!(".{}", method.name));
        } else {
            self.operand(&call.expr)?;
        }
        self.arguments(&call.args)
    }

    /// A filter or a test, which has brackets only around arguments.
    fn named_call(&mut self, name: &str, arguments: &[CallArg<'_>]) -> Result<(), Error> {
        self.push(name);
        if arguments.is_empty() {
            return Ok(());
        }
        self.arguments(arguments)
    }

    fn arguments(&mut self, arguments: &[CallArg<'_>]) -> Result<(), Error> {
        self.push("(");
        self.list(arguments, |this, argument| match argument {
            CallArg::Pos(value) => this.expression(value),
            CallArg::Kwarg(name, value) => {
                this.push(&format!("{name}="));
                this.expression(value)
            }
            CallArg::PosSplat(value) => {
                this.push("*");
                this.operand(value)
            }
            CallArg::KwargSplat(value) => {
                this.push("**");
                this.operand(value)
            }
        })?;
        self.push(")");
        Ok(())
    }

    /// Filters without what they are applied to.
    pub(super) fn filter_chain(&mut self, filter: &Expr<'_>) -> Result<(), Error> {
        let Expr::Filter(filter) = filter else {
            return Err(refused("a filter is expected"));
        };
        if let Some(before) = &filter.expr {
            self.filter_chain(before)?;
            self.push(" | ");
        }
        self.named_call(filter.name, &filter.args)
    }

    fn collection(&mut self, open: &str, items: &[Expr<'_>], close: &str) -> Result<(), Error> {
        self.push(&format!("{TEXT}({open}"));
        self.list(items, Self::expression)?;
        self.push(&format!("{close})"));
        Ok(())
    }
}

fn operator(op: BinOpKind) -> &'static str {
    match op {
        BinOpKind::Eq => " == ",
        BinOpKind::Ne => " != ",
        BinOpKind::Lt => " < ",
        BinOpKind::Lte => " <= ",
        BinOpKind::Gt => " > ",
        BinOpKind::Gte => " >= ",
        BinOpKind::ScAnd => " and ",
        BinOpKind::ScOr => " or ",
        BinOpKind::Add => " + ",
        BinOpKind::Sub => " - ",
        BinOpKind::Mul => " * ",
        BinOpKind::Div => " / ",
        BinOpKind::FloorDiv => " // ",
        BinOpKind::Rem => " % ",
        BinOpKind::Pow => " ** ",
        BinOpKind::Concat => " ~ ",
        BinOpKind::In => " in ",
    }
}

fn comparison(op: CompareOpKind) -> &'static str {
    match op {
        CompareOpKind::Eq => " == ",
        CompareOpKind::Ne => " != ",
        CompareOpKind::Lt => " < ",
        CompareOpKind::Lte => " <= ",
        CompareOpKind::Gt => " > ",
        CompareOpKind::Gte => " >= ",
        CompareOpKind::In => " in ",
        CompareOpKind::NotIn => " not in ",
    }
}

/// A constant as the template's language writes it; only texts need quotes.
fn literal(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), quoted)
}

/// A text in quotes, with the escapes of JSON, which the language shares.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            other if other.is_control() && other.is_ascii() => {
                // Writing to a string can't fail.
                let _always = write!(quoted, "\\u{:04x}", u32::from(other));
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

/// Filters that look at the elements of a list, not into them, and make no new ones.
const ELEMENTWISE: [&str; 13] = [
    "count",
    "d",
    "default",
    "first",
    "last",
    "length",
    "list",
    "reject",
    "rejectattr",
    "reverse",
    "select",
    "selectattr",
    "trim",
];
