//! The statuses and moves of a definition as a graph, for questions about paths.

use std::collections::{BTreeSet, HashMap, VecDeque};

use super::{
    definition::{TransitionDefinition, WorkflowDefinition},
    feasible::is_feasible,
    status::StatusKey,
};

/// A graph of statuses. An edge is a change of status by a transition that some case can make: transitions whose guards
/// contradict each other have none.
pub(super) struct Graph<'d> {
    keys: Vec<&'d StatusKey>,
    positions: HashMap<&'d StatusKey, usize>,
    edges: Vec<Vec<Edge<'d>>>,
    creatable: Vec<usize>,
}

/// A move from one status to another.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edge<'d> {
    pub(super) to: usize,
    pub(super) transition: &'d TransitionDefinition,
}

/// A path: statuses, and the transitions between them.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Path {
    /// Keys of the statuses, from the first to the last.
    pub statuses: Vec<StatusKey>,
    /// Names of the transitions, one fewer than statuses.
    pub transitions: Vec<String>,
}

impl<'d> Graph<'d> {
    pub(super) fn of(definition: &'d WorkflowDefinition) -> Self {
        let keys: Vec<_> = definition.statuses.iter().map(|status| &status.key).collect();
        let positions: HashMap<_, _> = keys.iter().enumerate().map(|(at, key)| (*key, at)).collect();
        let mut edges = vec![Vec::new(); keys.len()];
        for transition in definition.transitions.iter().filter(|transition| is_feasible(&transition.guards)) {
            let targets: Vec<_> = transition.to.iter().filter_map(|to| positions.get(to).copied()).collect();
            for from in transition.from.iter().filter_map(|from| positions.get(from).copied()) {
                let ways = targets.iter().filter(|to| **to != from).map(|to| Edge { to: *to, transition });
                if let Some(edges) = edges.get_mut(from) {
                    edges.extend(ways);
                }
            }
        }
        let creatable = definition.statuses.iter().enumerate().filter(|(_, status)| !status.terminal);
        let creatable = creatable.map(|(at, _)| at).collect();
        Self { keys, positions, edges, creatable }
    }

    pub(super) fn position(&self, key: &StatusKey) -> Option<usize> {
        self.positions.get(key).copied()
    }

    /// The statuses in which a case can be created.
    pub(super) fn creatable(&self) -> &[usize] {
        &self.creatable
    }

    pub(super) fn from(&self, status: usize) -> &[Edge<'d>] {
        self.edges.get(status).map_or(&[], Vec::as_slice)
    }

    /// The statuses that can be reached from these, themselves included.
    pub(super) fn reach(&self, starts: impl IntoIterator<Item = usize>) -> BTreeSet<usize> {
        let mut ahead: Vec<usize> = starts.into_iter().collect();
        let mut reached: BTreeSet<usize> = ahead.iter().copied().collect();
        while let Some(here) = ahead.pop() {
            ahead.extend(self.from(here).iter().map(|edge| edge.to).filter(|to| reached.insert(*to)));
        }
        reached
    }

    /// The statuses from which one of these can be reached, themselves included.
    pub(super) fn reach_back(&self, ends: impl IntoIterator<Item = usize>) -> BTreeSet<usize> {
        let mut sources = vec![Vec::new(); self.keys.len()];
        for (from, edges) in self.edges.iter().enumerate() {
            for edge in edges {
                if let Some(sources) = sources.get_mut(edge.to) {
                    sources.push(from);
                }
            }
        }
        let mut ahead: Vec<usize> = ends.into_iter().collect();
        let mut reached: BTreeSet<usize> = ahead.iter().copied().collect();
        while let Some(here) = ahead.pop() {
            let before = sources.get(here).map_or(&[] as &[usize], Vec::as_slice);
            ahead.extend(before.iter().copied().filter(|from| reached.insert(*from)));
        }
        reached
    }

    /// A shortest path of at least `moves` moves from one of `starts` to `end` over the edges that `may_take` admits.
    pub(super) fn path(
        &self,
        starts: &[usize],
        end: usize,
        moves: usize,
        may_take: impl Fn(usize, &Edge<'d>) -> bool,
    ) -> Option<Path> {
        if moves == 0 && starts.contains(&end) {
            return Some(self.trace(&HashMap::new(), end, None));
        }
        let mut came: HashMap<usize, (usize, &'d TransitionDefinition)> = HashMap::new();
        let mut ahead: VecDeque<usize> = starts.iter().copied().collect();
        let mut seen: BTreeSet<usize> = starts.iter().copied().collect();
        while let Some(here) = ahead.pop_front() {
            for edge in self.from(here).iter().filter(|edge| may_take(here, edge)) {
                if edge.to == end {
                    return Some(self.trace(&came, end, Some((here, edge.transition))));
                }
                if seen.insert(edge.to) {
                    came.insert(edge.to, (here, edge.transition));
                    ahead.push_back(edge.to);
                }
            }
        }
        None
    }

    fn trace(
        &self,
        came: &HashMap<usize, (usize, &TransitionDefinition)>,
        end: usize,
        last: Option<(usize, &TransitionDefinition)>,
    ) -> Path {
        let (mut statuses, mut transitions) = (vec![end], Vec::new());
        let mut step = last;
        while let Some((from, transition)) = step {
            statuses.push(from);
            transitions.push(transition.name.clone());
            step = came.get(&from).copied();
        }
        statuses.reverse();
        transitions.reverse();
        let key = |at: usize| self.keys.get(at).map(|key| (*key).clone());
        Path { statuses: statuses.into_iter().filter_map(key).collect(), transitions }
    }
}

impl Path {
    /// The statuses with arrows between them.
    pub(super) fn statuses_in_words(&self) -> String {
        self.statuses.iter().map(StatusKey::as_str).collect::<Vec<_>>().join(" → ")
    }
}
