//! What is wrong with the fields of a request.

/// What is wrong with one field of a request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {message}")]
pub struct FieldError {
    /// The field by its name in the domain; a dialect that calls it otherwise translates it.
    pub field: String,
    /// What was expected, lower case.
    pub message: String,
}

impl FieldError {
    /// A fault of this field.
    #[must_use]
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into() }
    }
}

/// The greatest number of faults that are reported of list entries, and of unknown names.
pub const FAULTS_MAX: usize = 20;

/// Collects the faults of several fields, so that a caller learns them at once. All fields of a resource are reported; of
/// the entries of lists, whose number the caller chooses, the first [`FAULTS_MAX`] faults.
#[derive(Debug, Clone, Default)]
pub struct FieldErrors(Vec<FieldError>);

impl FieldErrors {
    /// Adds a fault.
    pub fn add(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.extend([FieldError::new(field, message)]);
    }

    /// Keeps the value, or notes why there is none.
    pub fn keep<T>(&mut self, result: Result<T, FieldError>) -> Option<T> {
        result.map_err(|error| self.extend([error])).ok()
    }

    /// Takes over faults that were found elsewhere.
    pub fn extend(&mut self, faults: impl IntoIterator<Item = FieldError>) {
        for fault in faults {
            let is_of_entry = |fault: &FieldError| fault.field.contains('[');
            if !is_of_entry(&fault) || self.0.iter().filter(|known| is_of_entry(known)).count() < FAULTS_MAX {
                self.0.push(fault);
            }
        }
    }

    /// How many faults were noted.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing was noted.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `Ok` when nothing was noted.
    ///
    /// # Errors
    /// The faults, in the order in which they were found.
    pub fn finish(self) -> Result<(), Vec<FieldError>> {
        if self.0.is_empty() { Ok(()) } else { Err(self.0) }
    }
}
