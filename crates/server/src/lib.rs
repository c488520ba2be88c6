//! The `docket` server: four API dialects over one store of cases.
