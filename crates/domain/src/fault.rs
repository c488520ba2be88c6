//! Errors in the fields of a request.

/// An error in one field of a request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {message}")]
pub struct FieldError {
    /// Name of the field in the domain. A dialect with another name translates it.
    pub field: String,
    /// What was expected, in lower case.
    pub message: String,
}

impl FieldError {
    /// An error in this field.
    #[must_use]
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into() }
    }
}

/// Maximum number of errors reported for list entries, and for unknown field names.
pub const FAULTS_MAX: usize = 20;

/// Collects the faults of several fields, so that a caller learns them at once. All fields of a resource are reported; of
/// the entries of lists, whose number the caller chooses, the first [`FAULTS_MAX`] faults.
#[derive(Debug, Clone, Default)]
pub struct FieldErrors(Vec<FieldError>);

impl FieldErrors {
    /// Adds an error.
    pub fn add(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.extend([FieldError::new(field, message)]);
    }

    /// Returns the value, or adds the error.
    pub fn keep<T>(&mut self, result: Result<T, FieldError>) -> Option<T> {
        result.map_err(|error| self.extend([error])).ok()
    }

    /// Adds errors that were found elsewhere.
    pub fn extend(&mut self, faults: impl IntoIterator<Item = FieldError>) {
        for fault in faults {
            let is_of_entry = |fault: &FieldError| fault.field.contains('[');
            if !is_of_entry(&fault) || self.0.iter().filter(|known| is_of_entry(known)).count() < FAULTS_MAX {
                self.0.push(fault);
            }
        }
    }

    /// Number of errors.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no errors.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// These errors and more.
    #[must_use]
    pub fn with(mut self, more: impl IntoIterator<Item = FieldError>) -> Vec<FieldError> {
        self.extend(more);
        self.0
    }

    /// `Ok` if there are no errors.
    ///
    /// # Errors
    /// All errors, in the order in which they were found.
    pub fn finish(self) -> Result<(), Vec<FieldError>> {
        if self.0.is_empty() { Ok(()) } else { Err(self.0) }
    }
}
