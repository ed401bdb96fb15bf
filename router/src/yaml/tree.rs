//! The text of a document as a tree of nodes with positions.

use std::collections::HashMap;

use serde_saphyr::granit_parser::{self, Event, Parser, ScanError, Span, StrInput};

use super::mistake::Mistake;

/// Documents nested deeper than this are refused.
pub(super) const MAX_DEPTH: usize = 64;
/// Documents with more nodes than this, aliases expanded, are refused.
pub(super) const MAX_NODES: usize = 100_000;
/// Longer texts are refused before parsing.
pub(super) const MAX_BYTES: usize = 1 << 20;

/// A place in the text, 1-based; columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Position {
    pub(super) line: usize,
    pub(super) column: usize,
}

impl Position {
    const START: Self = Self { line: 1, column: 1 };

    fn of(marker: &granit_parser::Marker) -> Self {
        Self {
            line: marker.line(),
            column: marker.col() + 1,
        }
    }
}

/// Names a node within its tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct NodeId(usize);

/// A key or value.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) id: NodeId,
    pub(super) at: Position,
    /// The value belongs to a key that names a secret: it is not printed.
    pub(super) secret: bool,
    pub(super) content: Content,
}

#[derive(Debug)]
pub(super) enum Content {
    /// `plain` = without quotes, so that `12`, `true` and `null` mean what they look like.
    Scalar {
        text: String,
        plain: bool,
    },
    List(Vec<Node>),
    Mapping(Vec<(Node, Node)>),
}

impl Node {
    /// True for nothing at all, `~` and `null`.
    pub(super) fn is_null(&self) -> bool {
        matches!(&self.content, Content::Scalar { text, plain: true }
            if matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL"))
    }

    pub(super) fn is_text(&self, wanted: &str) -> bool {
        matches!(&self.content, Content::Scalar { text, .. } if text == wanted)
    }

    /// The value as messages show it: cut when long, hidden when secret.
    pub(super) fn shown(&self) -> String {
        match &self.content {
            Content::List(_) => "a list".to_owned(),
            Content::Mapping(_) => "a mapping".to_owned(),
            Content::Scalar { .. } if self.is_null() => "nothing".to_owned(),
            Content::Scalar { .. } if self.secret => "a value (not shown)".to_owned(),
            Content::Scalar { text, .. } if text.chars().count() > MAX_SHOWN => {
                let start: String = text.chars().take(MAX_SHOWN).collect();
                format!("'{start}...'")
            }
            Content::Scalar { text, .. } => format!("'{text}'"),
        }
    }
}

const MAX_SHOWN: usize = 40;

/// A parsed document.
#[derive(Debug)]
pub(super) struct Tree {
    pub(super) root: Node,
    /// Nodes that are wrong in themselves; the user is told already.
    pub(super) damaged: Vec<NodeId>,
    parents: Vec<Option<NodeId>>,
}

impl Tree {
    /// The tree, unless the text is no single YAML document, and the mistakes found on the way.
    pub(super) fn build(text: &str) -> (Option<Self>, Vec<Mistake>) {
        if text.len() > MAX_BYTES {
            let message = format!(
                "the text has {} bytes, at most {MAX_BYTES} are read",
                text.len()
            );
            return (None, vec![Mistake::new(Position::START, message)]);
        }
        let mut builder = Builder::new(text);
        match builder.document() {
            Ok(root) => (
                Some(Self {
                    root,
                    damaged: builder.damaged,
                    parents: builder.parents,
                }),
                builder.mistakes,
            ),
            Err(fatal) => {
                builder.mistakes.push(fatal);
                (None, builder.mistakes)
            }
        }
    }

    pub(super) fn parent(&self, node: NodeId) -> Option<NodeId> {
        self.parents.get(node.0).copied().flatten()
    }
}

struct Builder<'t> {
    events: Parser<'t, StrInput<'t>>,
    /// Finished nodes with an anchor, by the parser's number for it.
    anchors: HashMap<usize, Node>,
    parents: Vec<Option<NodeId>>,
    damaged: Vec<NodeId>,
    mistakes: Vec<Mistake>,
}

impl<'t> Builder<'t> {
    fn new(text: &'t str) -> Self {
        let mut options = granit_parser::Options::default();
        options.set_emit_comments(false);
        options.flow_nesting_limit = MAX_DEPTH;
        options.block_nesting_limit = MAX_DEPTH;
        let events = Parser::new_from_str_with_options(text, options);
        Self {
            events,
            anchors: HashMap::new(),
            parents: Vec::new(),
            damaged: Vec::new(),
            mistakes: Vec::new(),
        }
    }

    fn document(&mut self) -> Result<Node, Mistake> {
        let root = loop {
            match self.next()? {
                (Event::StreamEnd, _) => {
                    return Err(Mistake::new(Position::START, "the document is empty"));
                }
                (event, span) if event.is_node() => break self.node(event, &span, None, false)?,
                _ => {}
            }
        };
        loop {
            match self.next()? {
                (Event::StreamEnd, _) => return Ok(root),
                (Event::DocumentStart(..), span) => {
                    let at = Position::of(&span.start);
                    return Err(Mistake::new(
                        at,
                        "expected one document, found a second one",
                    ));
                }
                _ => {}
            }
        }
    }

    fn next(&mut self) -> Result<(Event<'t>, Span), Mistake> {
        match self.events.next_event() {
            Some(event) => event.map_err(|error| syntax_mistake(&error)),
            None => Ok((Event::StreamEnd, Span::default())),
        }
    }

    fn node(
        &mut self,
        event: Event<'t>,
        span: &Span,
        parent: Option<NodeId>,
        secret: bool,
    ) -> Result<Node, Mistake> {
        let at = Position::of(&span.start);
        if let Event::Alias(anchor) = event {
            let Some(node) = self.anchors.remove(&anchor) else {
                return Err(Mistake::new(
                    at,
                    "this alias stands inside the node it refers to",
                ));
            };
            let copy = self.copy(&node, parent, secret);
            self.anchors.insert(anchor, node);
            return copy;
        }
        let id = self.number(parent, at)?;
        let anchor = event.anchor_id();
        let tagged_text = self.check_tag(&event, id, span);
        let content = if let Event::Scalar(text, style, ..) = event {
            let plain = style == granit_parser::ScalarStyle::Plain && !tagged_text;
            Content::Scalar {
                text: text.into_owned(),
                plain,
            }
        } else if let Event::SequenceStart(..) = event {
            Content::List(self.list(id, secret)?)
        } else if let Event::MappingStart(..) = event {
            Content::Mapping(self.mapping(id, secret)?)
        } else {
            return Err(Mistake::new(at, "expected a value"));
        };
        let node = Node {
            id,
            at,
            secret,
            content,
        };
        if let Some(anchor) = anchor {
            let copy = self.copy(&node, None, secret)?;
            self.anchors.insert(anchor, copy);
        }
        Ok(node)
    }

    fn list(&mut self, id: NodeId, secret: bool) -> Result<Vec<Node>, Mistake> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, _) => return Ok(items),
                (event, span) => items.push(self.node(event, &span, Some(id), secret)?),
            }
        }
    }

    fn mapping(&mut self, id: NodeId, secret: bool) -> Result<Vec<(Node, Node)>, Mistake> {
        let mut entries = Vec::new();
        let mut lines: HashMap<String, usize> = HashMap::new();
        loop {
            let (event, span) = self.next()?;
            if event == Event::MappingEnd {
                return Ok(entries);
            }
            let key = self.node(event, &span, Some(id), false)?;
            let name = match &key.content {
                Content::Scalar { text, .. } => text.clone(),
                Content::List(_) | Content::Mapping(_) => {
                    return Err(Mistake::new(
                        key.at,
                        "a key must be a text, a number or a boolean",
                    ));
                }
            };
            let (event, span) = self.next()?;
            let value = self.node(event, &span, Some(id), secret || names_a_secret(&name))?;
            if let Some(line) = lines.get(&name) {
                let message = format!("duplicate key '{name}', first given on line {line}");
                self.mistakes.push(Mistake::new(key.at, message));
            } else {
                lines.insert(name, key.at.line);
                entries.push((key, value));
            }
        }
    }

    /// A copy with numbers of its own; what it costs counts against [`MAX_NODES`].
    fn copy(&mut self, node: &Node, parent: Option<NodeId>, secret: bool) -> Result<Node, Mistake> {
        let id = self.number(parent, node.at)?;
        let secret = secret || node.secret;
        let content = match &node.content {
            Content::Scalar { text, plain } => Content::Scalar {
                text: text.clone(),
                plain: *plain,
            },
            Content::List(items) => Content::List(
                items
                    .iter()
                    .map(|item| self.copy(item, Some(id), secret))
                    .collect::<Result<_, _>>()?,
            ),
            Content::Mapping(entries) => {
                let mut copies = Vec::with_capacity(entries.len());
                for (key, value) in entries {
                    let key = self.copy(key, Some(id), false)?;
                    copies.push((key, self.copy(value, Some(id), secret)?));
                }
                Content::Mapping(copies)
            }
        };
        Ok(Node {
            id,
            at: node.at,
            secret,
            content,
        })
    }

    fn number(&mut self, parent: Option<NodeId>, at: Position) -> Result<NodeId, Mistake> {
        if self.parents.len() >= MAX_NODES {
            let message =
                format!("the document has more than {MAX_NODES} values, aliases expanded");
            return Err(Mistake::new(at, message));
        }
        self.parents.push(parent);
        Ok(NodeId(self.parents.len() - 1))
    }

    /// Notes tags other than YAML's own; true for `!!str`.
    fn check_tag(&mut self, event: &Event<'t>, id: NodeId, span: &Span) -> bool {
        let Some(tag) = event.tag() else { return false };
        if tag.core_suffix().is_none() {
            let message = format!(
                "the tag '{}' has no meaning here, a text that begins with '!' needs quotes",
                tag.original()
            );
            let start = span.tag_start.as_ref().unwrap_or(&span.start);
            self.mistakes
                .push(Mistake::new(Position::of(start), message));
            self.damaged.push(id);
        }
        tag.core_suffix() == Some("str")
    }
}

fn syntax_mistake(error: &ScanError) -> Mistake {
    Mistake::new(
        Position::of(error.marker()),
        format!("syntax error: {}", error.info()),
    )
}

/// Keys whose values may be credentials, or point to them.
fn names_a_secret(key: &str) -> bool {
    let key = key.to_lowercase();
    ["key", "secret", "password", "credential"]
        .iter()
        .any(|word| key.contains(word))
        || key.ends_with("token")
}
