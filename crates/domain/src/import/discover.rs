//! Discovers the workflow that a log implies: its statuses, and one transition for each move that it shows.

use std::collections::{BTreeMap, BTreeSet};

use super::log::LogRun;
use crate::workflow::{
    EntityType, Outcome, Phase, StatusDefinition, StatusKey, TransitionDefinition, TransitionKind, WorkflowDefinition,
};

/// Integer id of the first discovered status. Smaller ones are those of the built-in workflow.
const FIRST_ID: i64 = 101;
/// Greatest length of a key, so that the names of transitions are not too long.
const LONGEST_KEY: usize = 28;
/// Display colours, in the order of the statuses.
const COLORS: [&str; 8] = ["#2563EB", "#7C3AED", "#F59E0B", "#EA580C", "#16A34A", "#0891B2", "#DB2777", "#65A30D"];
/// Display colour of terminal statuses.
const TERMINAL_COLOR: &str = "#475569";
/// Key and label of the status that is added if nothing else can end a case.
const END: (&str, &str) = ("end", "End");

/// A discovered workflow, and what it leaves out or adds.
#[derive(Debug, Clone, PartialEq)]
pub struct Discovery {
    /// The definition.
    pub definition: WorkflowDefinition,
    /// Moves that are too rare, with the number of times that the log shows them: commonest first.
    pub left_out: Vec<(String, String, u64)>,
    /// Statuses, in the words of the log, that only such moves lead to.
    pub dropped: Vec<String>,
    /// Moves that the log does not show, but without which the workflow would not be valid.
    pub added: Vec<(String, String)>,
}

/// Discovers the workflow of a log. A move is left out if its share of all moves from its status is below `min_share`
/// (0 to 1). With 0, every case of the log can be replayed.
///
/// The commonest first status is the initial one. A status is terminal if no move leaves it and no case begins in it.
///
/// ```
/// use docket_domain::import::{Log, LogRow, discover};
///
/// let mut rows = Log::default();
/// for (case, status, at) in [("7", "Open", "2026-03-02T09:00:00Z"), ("7", "Done", "2026-03-02T10:00:00Z")] {
///     rows.push(LogRow {
///         line: 1,
///         case: case.to_owned(),
///         status: status.to_owned(),
///         occurred_at: at.parse().unwrap(),
///         actor: "Ada".to_owned(),
///         reason: None,
///     });
/// }
/// let runs = rows.into_runs().collect::<Vec<_>>();
/// let found = discover(&runs, "From the log", 0.0);
/// assert_eq!(found.definition.statuses.len(), 2);
/// ```
#[must_use]
pub fn discover(runs: &[LogRun], name: &str, min_share: f64) -> Discovery {
    let seen = Seen::of(runs);
    let (moves, left_out) = seen.split(min_share);
    let firsts = seen.firsts.keys().map(String::as_str).collect::<Vec<_>>();
    let kept = reach(&moves, firsts.iter().copied());
    let order = seen.order.iter().filter(|word| kept.contains(word.as_str())).collect::<Vec<_>>();
    let dropped = seen.order.iter().filter(|word| !kept.contains(word.as_str())).cloned().collect();
    let moves = moves.iter().filter(|(from, to)| kept.contains(from.as_str()) && kept.contains(to.as_str()));
    let mut moves = moves.cloned().collect::<Vec<_>>();
    let initial =
        seen.firsts.iter().max_by_key(|(word, count)| (**count, seen.rank(word))).map(|(word, _)| word.clone());
    let initial = initial.unwrap_or_default();

    let has_way_out = |moves: &[Step], word: &str| moves.iter().any(|(from, _)| from == word);
    let is_terminal = |moves: &[Step], word: &str| !has_way_out(moves, word) && !seen.firsts.contains_key(word);
    let mut added = Vec::new();
    // A case can begin in every first status, so the initial one must reach it.
    for word in &firsts {
        if !reach(&moves, [initial.as_str()]).contains(*word) {
            added.push((initial.clone(), (*word).to_owned()));
            moves.push((initial.clone(), (*word).to_owned()));
        }
    }
    let stuck = order.iter().filter(|word| !has_way_out(&moves, word) && !is_terminal(&moves, word));
    let stuck = stuck.map(|word| (*word).clone()).collect::<Vec<_>>();
    let terminal = order.iter().find(|word| is_terminal(&moves, word)).map(|word| (*word).clone());
    let needs_end = !stuck.is_empty() && terminal.is_none();
    let end = terminal.unwrap_or_else(|| END.1.to_owned());
    for word in stuck {
        added.push((word.clone(), end.clone()));
        moves.push((word, end.clone()));
    }

    let mut words = order.into_iter().cloned().collect::<Vec<_>>();
    if needs_end && !words.contains(&end) {
        words.push(end);
    }
    let keys = keys(&words);
    let statuses = (FIRST_ID..).zip(&words).zip(COLORS.iter().cycle()).map(|((id, word), color)| {
        let terminal = is_terminal(&moves, word);
        StatusDefinition {
            key: keys.get(word).cloned().unwrap_or_else(|| StatusKey::new(END.0)),
            id,
            label: word.clone(),
            description: String::new(),
            color: if terminal { TERMINAL_COLOR } else { color }.to_owned(),
            phase: if terminal { Phase::Closed } else { Phase::Active },
            initial: *word == initial,
            terminal,
            outcome: terminal.then_some(Outcome::Closed),
        }
    });
    let statuses = statuses.collect();
    let mut names = BTreeSet::new();
    let transitions = moves.iter().filter_map(|(from, to)| {
        let (from, to) = (keys.get(from)?.clone(), keys.get(to)?.clone());
        let name = unused(&format!("{from}_to_{to}"), &mut names);
        Some(TransitionDefinition {
            name,
            label: None,
            from: vec![from],
            to: vec![to],
            requires_reason: false,
            scope: None,
            guards: Vec::new(),
            kind: TransitionKind::Regular,
        })
    });
    let transitions = transitions.collect();
    let definition = WorkflowDefinition { entity_type: EntityType::Case, name: name.to_owned(), statuses, transitions };
    Discovery { definition, left_out, dropped, added }
}

/// A move from one status to another.
type Step = (String, String);

/// The statuses and moves of a log.
#[derive(Default)]
struct Seen {
    /// The statuses in the order in which they first appear in a case, by their mean position.
    order: Vec<String>,
    /// Number of cases that begin in a status.
    firsts: BTreeMap<String, u64>,
    /// Number of times that each move was made.
    moves: BTreeMap<Step, u64>,
}

impl Seen {
    fn of(runs: &[LogRun]) -> Self {
        let mut seen = Self::default();
        let mut positions: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
        for run in runs {
            let mut before: Option<&str> = None;
            for (position, row) in (0..).zip(&run.rows) {
                let (sum, count) = positions.entry(&row.status).or_default();
                *sum += position;
                *count += 1;
                match before {
                    None => *seen.firsts.entry(row.status.clone()).or_default() += 1,
                    Some(from) if from != row.status => {
                        *seen.moves.entry((from.to_owned(), row.status.clone())).or_default() += 1;
                    }
                    Some(_) => {}
                }
                before = Some(&row.status);
            }
        }
        let mut order = positions.into_iter().collect::<Vec<_>>();
        // Mean positions, compared without rounding.
        order.sort_by(|(a, (sum_a, n_a)), (b, (sum_b, n_b))| {
            (u128::from(*sum_a) * u128::from(*n_b)).cmp(&(u128::from(*sum_b) * u128::from(*n_a))).then(a.cmp(b))
        });
        seen.order = order.into_iter().map(|(word, _)| word.to_owned()).collect();
        seen
    }

    /// Earlier statuses have a greater rank.
    fn rank(&self, word: &str) -> usize {
        self.order.iter().rev().position(|known| known == word).unwrap_or(0)
    }

    /// The moves to keep, and those that are too rare.
    fn split(&self, min_share: f64) -> (Vec<Step>, Vec<(String, String, u64)>) {
        let mut totals: BTreeMap<&str, u64> = BTreeMap::new();
        for ((from, _), count) in &self.moves {
            *totals.entry(from).or_default() += count;
        }
        let (mut kept, mut left_out) = (Vec::new(), Vec::new());
        for ((from, to), count) in &self.moves {
            let total = totals.get(from.as_str()).copied().unwrap_or(1);
            #[expect(clippy::cast_precision_loss, reason = "a share")]
            let share = *count as f64 / total as f64;
            if share >= min_share {
                kept.push((from.clone(), to.clone()));
            } else {
                left_out.push((from.clone(), to.clone(), *count));
            }
        }
        kept.sort_by_key(|(from, to)| (std::cmp::Reverse(self.rank(from)), std::cmp::Reverse(self.rank(to))));
        left_out.sort_by_key(|(_, _, count)| std::cmp::Reverse(*count));
        (kept, left_out)
    }
}

fn reach<'m>(moves: &'m [Step], starts: impl IntoIterator<Item = &'m str>) -> BTreeSet<&'m str> {
    let mut ahead = starts.into_iter().collect::<Vec<_>>();
    let mut reached = ahead.iter().copied().collect::<BTreeSet<_>>();
    while let Some(here) = ahead.pop() {
        let next = moves.iter().filter(|(from, _)| from == here).map(|(_, to)| to.as_str());
        ahead.extend(next.filter(|to| reached.insert(to)));
    }
    reached
}

/// A key for each status, made of its words.
fn keys(words: &[String]) -> BTreeMap<String, StatusKey> {
    let mut used = BTreeSet::new();
    words.iter().map(|word| (word.clone(), StatusKey::new(unused(&key_of(word), &mut used)))).collect()
}

/// The word in lower case, with an underscore for everything but letters and digits of ASCII.
#[must_use]
pub fn key_of(word: &str) -> String {
    let mut key = String::new();
    for letter in word.to_lowercase().chars() {
        if letter.is_ascii_alphanumeric() {
            key.push(letter);
        } else if !key.is_empty() && !key.ends_with('_') {
            key.push('_');
        }
    }
    key.truncate(LONGEST_KEY);
    let key = key.trim_matches('_');
    if key.starts_with(|first: char| first.is_ascii_lowercase()) { key.to_owned() } else { format!("s_{key}") }
}

/// The name, with a number if it is used already.
fn unused(name: &str, used: &mut BTreeSet<String>) -> String {
    let numbered = (2..).map(|number| format!("{name}_{number}"));
    let free = std::iter::once(name.to_owned()).chain(numbered).find(|name| !used.contains(name));
    let free = free.unwrap_or_default();
    used.insert(free.clone());
    free
}
