//! Sums of small decision trees, as tables that are part of the program.

/// A sum of decision trees over the features of a request. `router/training/train.py` writes them.
#[derive(Debug)]
pub(super) struct Forest {
    /// What every sum starts with.
    pub(super) base: f32,
    /// The first node of each tree.
    pub(super) roots: &'static [i16],
    /// The nodes of all trees, a parent before its children.
    pub(super) nodes: &'static [Node],
    /// What the trees end with.
    pub(super) leaves: &'static [f32],
}

/// A question that leads on to one of two others, or to an end.
#[derive(Debug)]
pub(super) struct Node {
    feature: u8,
    bound: f32,
    /// Where a value up to the bound leads: to a node, or to leaf `!next` where it is negative.
    low: i16,
    /// Where a greater one leads.
    high: i16,
}

/// A node, short enough for a table.
pub(super) const fn node(feature: u8, bound: f32, low: i16, high: i16) -> Node {
    Node {
        feature,
        bound,
        low,
        high,
    }
}

impl Forest {
    /// The sum over all trees, as the log-odds of a probability.
    pub(super) fn probability(&self, values: &[f32]) -> f64 {
        logistic(f64::from(self.sum(values)))
    }

    /// The sum over all trees.
    fn sum(&self, values: &[f32]) -> f32 {
        let ends = self.roots.iter().map(|root| self.end(*root, values));
        self.base + ends.sum::<f32>()
    }

    /// The leaf that the values lead to. A table that points nowhere ends with 0; none does, see
    /// the tests.
    fn end(&self, root: i16, values: &[f32]) -> f32 {
        let mut at = root;
        while let Ok(index) = usize::try_from(at) {
            let Some(node) = self.nodes.get(index) else {
                return 0.0;
            };
            let value = values.get(usize::from(node.feature)).copied();
            let is_low = value.unwrap_or_default() <= node.bound;
            at = if is_low { node.low } else { node.high };
        }
        let leaf = usize::try_from(!at).ok().and_then(|at| self.leaves.get(at));
        leaf.copied().unwrap_or_default()
    }
}

/// From log-odds to a probability.
pub(super) fn logistic(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}

#[cfg(test)]
impl Forest {
    /// Whether every walk from every root ends with a leaf, however the values are.
    pub(super) fn is_sound(&self, features: usize) -> bool {
        let leads_on = |from: usize, to: i16| match usize::try_from(to) {
            Ok(node) => node > from && node < self.nodes.len(),
            Err(_) => usize::try_from(!to).is_ok_and(|leaf| leaf < self.leaves.len()),
        };
        let nodes = self.nodes.iter().enumerate().all(|(at, node)| {
            usize::from(node.feature) < features
                && leads_on(at, node.low)
                && leads_on(at, node.high)
        });
        let is_root = |root: &i16| usize::try_from(*root).is_ok_and(|at| at < self.nodes.len());
        nodes && self.roots.iter().all(is_root)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trees_are_walked_and_added_up() {
        static NODES: [Node; 3] = [
            node(0, 0.5, -1, 1),
            node(1, 2.0, -2, -3),
            node(1, 0.0, -1, -4),
        ];
        let forest = Forest {
            base: 1.0,
            roots: &[0, 2],
            nodes: &NODES,
            leaves: &[10.0, 20.0, 30.0, 0.5],
        };
        assert!(forest.is_sound(2));
        assert!(!forest.is_sound(1));
        let check = |values: &[f32], expected: f32| {
            assert!((forest.sum(values) - expected).abs() < 1e-6, "{values:?}");
        };
        check(&[0.5, 9.0], 1.0 + 10.0 + 0.5);
        check(&[0.6, 2.0], 1.0 + 20.0 + 0.5);
        check(&[0.6, -1.0], 1.0 + 20.0 + 10.0);
        check(&[0.6, 3.0], 1.0 + 30.0 + 0.5);
    }
}
