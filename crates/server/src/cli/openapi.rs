//! `docket openapi`

use clap::Args;

use super::print;
use crate::api::dialect::Dialect;

/// Which document.
#[derive(Debug, Args)]
pub(super) struct OpenapiArgs {
    /// The dialect.
    #[arg(default_value = "native")]
    dialect: Dialect,
}

/// Prints it as it is kept in `openapi/`.
pub(super) fn run(args: &OpenapiArgs) -> anyhow::Result<()> {
    print(serde_json::to_string_pretty(&args.dialect.document())?)
}
