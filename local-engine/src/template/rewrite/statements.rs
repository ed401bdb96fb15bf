//! Statements, written again with meters in them.

use minijinja::{
    Error,
    machinery::ast::{self, Expr, Stmt},
};

use super::{LIST, Rewriter, TEXT, expressions::quoted, refused};

impl Rewriter {
    pub(super) fn statements(&mut self, statements: &[Stmt<'_>]) -> Result<(), Error> {
        statements.iter().try_for_each(|one| self.statement(one))
    }

    pub(super) fn statement(&mut self, statement: &Stmt<'_>) -> Result<(), Error> {
        self.deeper(|this| this.any_statement(statement))
    }

    fn any_statement(&mut self, statement: &Stmt<'_>) -> Result<(), Error> {
        match statement {
            Stmt::Template(template) => self.statements(&template.children),
            Stmt::EmitRaw(raw) => {
                self.push(&format!("{{{{ {TEXT}({}) }}}}", quoted(raw.raw)));
                Ok(())
            }
            Stmt::EmitExpr(emit) => {
                self.push("{{ ");
                self.metered(TEXT, &emit.expr)?;
                self.push(" }}");
                Ok(())
            }
            Stmt::ForLoop(one) => self.for_loop(one),
            Stmt::IfCond(one) => self.if_condition(one),
            Stmt::Set(one) => self.set(one),
            Stmt::SetBlock(one) => self.set_block(one),
            Stmt::FilterBlock(one) => self.filter_block(one),
            Stmt::WithBlock(one) => self.with_block(one),
            Stmt::Macro(one) => self.macro_block(one),
            Stmt::CallBlock(one) => self.call_block(one),
            Stmt::Do(one) => {
                self.push("{% do ");
                self.call(&one.call)?;
                self.push(" %}");
                Ok(())
            }
            Stmt::Continue(_) => {
                self.push("{% continue %}");
                Ok(())
            }
            Stmt::Break(_) => {
                self.push("{% break %}");
                Ok(())
            }
            Stmt::AutoEscape(_)
            | Stmt::Block(_)
            | Stmt::Import(_)
            | Stmt::FromImport(_)
            | Stmt::Extends(_)
            | Stmt::Include(_) => Err(refused("a chat template stands alone")),
        }
    }

    fn for_loop(&mut self, one: &ast::ForLoop<'_>) -> Result<(), Error> {
        self.push("{% for ");
        self.target(&one.target)?;
        self.push(" in ");
        self.metered(LIST, &one.iter)?;
        if let Some(filter) = &one.filter_expr {
            self.push(" if ");
            self.expression(filter)?;
        }
        self.push(if one.recursive {
            " recursive %}"
        } else {
            " %}"
        });
        self.statements(&one.body)?;
        if !one.else_body.is_empty() {
            self.push("{% else %}");
            self.statements(&one.else_body)?;
        }
        self.push("{% endfor %}");
        Ok(())
    }

    fn if_condition(&mut self, one: &ast::IfCond<'_>) -> Result<(), Error> {
        self.push("{% if ");
        self.expression(&one.expr)?;
        self.push(" %}");
        self.statements(&one.true_body)?;
        if !one.false_body.is_empty() {
            self.push("{% else %}");
            self.statements(&one.false_body)?;
        }
        self.push("{% endif %}");
        Ok(())
    }

    fn set(&mut self, set: &ast::Set<'_>) -> Result<(), Error> {
        self.push("{% set ");
        self.target(&set.target)?;
        self.push(" = ");
        self.expression(&set.expr)?;
        self.push(" %}");
        Ok(())
    }

    fn set_block(&mut self, set: &ast::SetBlock<'_>) -> Result<(), Error> {
        self.push("{% set ");
        self.target(&set.target)?;
        if let Some(filter) = &set.filter {
            self.push(" | ");
            self.filter_chain(filter)?;
        }
        self.enclosed(&set.body, "endset")
    }

    fn filter_block(&mut self, block: &ast::FilterBlock<'_>) -> Result<(), Error> {
        self.push("{% filter ");
        self.filter_chain(&block.filter)?;
        self.enclosed(&block.body, "endfilter")
    }

    fn with_block(&mut self, with: &ast::WithBlock<'_>) -> Result<(), Error> {
        self.push("{% with ");
        self.list(&with.assignments, |this, (target, value)| {
            this.inner_target(target)?;
            this.push(" = ");
            this.expression(value)
        })?;
        self.enclosed(&with.body, "endwith")
    }

    fn macro_block(&mut self, one: &ast::Macro<'_>) -> Result<(), Error> {
        self.push(&format!("{{% macro {}", one.name));
        self.parameters(one)?;
        self.enclosed(&one.body, "endmacro")
    }

    fn call_block(&mut self, block: &ast::CallBlock<'_>) -> Result<(), Error> {
        self.push("{% call");
        self.parameters(&block.macro_decl)?;
        self.push(" ");
        self.call(&block.call)?;
        self.enclosed(&block.macro_decl.body, "endcall")
    }

    /// The end of a tag, what it encloses, and the tag that ends it.
    fn enclosed(&mut self, body: &[Stmt<'_>], end: &str) -> Result<(), Error> {
        self.push(" %}");
        self.statements(body)?;
        self.push(&format!("{{% {end} %}}"));
        Ok(())
    }

    /// The parameters of a macro; those with defaults are the last.
    fn parameters(&mut self, one: &ast::Macro<'_>) -> Result<(), Error> {
        let without = one.args.len().saturating_sub(one.defaults.len());
        let defaults = std::iter::repeat_n(None, without).chain(one.defaults.iter().map(Some));
        let parameters: Vec<_> = one.args.iter().zip(defaults).collect();
        self.push("(");
        self.list(&parameters, |this, (name, default)| {
            this.target(name)?;
            if let Some(default) = default {
                this.push("=");
                this.expression(default)?;
            }
            Ok(())
        })?;
        self.push(")");
        Ok(())
    }

    /// What a value is given to: a name, an attribute of one, or several names.
    fn target(&mut self, target: &Expr<'_>) -> Result<(), Error> {
        if let Expr::Var(var) = target {
            self.push(var.id);
            Ok(())
        } else if let Expr::GetAttr(attribute) = target {
            self.target(&attribute.expr)?;
            self.push(&format!(".{}", attribute.name));
            Ok(())
        } else if let Expr::List(names) = target {
            self.list(&names.items, Self::inner_target)?;
            self.push(if names.items.len() == 1 { "," } else { "" });
            Ok(())
        } else {
            Err(refused("nothing can be given to this expression"))
        }
    }

    /// The same among others: several names are in brackets there.
    fn inner_target(&mut self, target: &Expr<'_>) -> Result<(), Error> {
        let is_one = matches!(target, Expr::Var(_) | Expr::GetAttr(_));
        self.push(if is_one { "" } else { "(" });
        self.target(target)?;
        self.push(if is_one { "" } else { ")" });
        Ok(())
    }
}
