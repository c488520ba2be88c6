//! `docket openapi`

use anyhow::Context as _;
use clap::{Args, builder::PossibleValuesParser};

use super::output::print;
use crate::api::DIALECTS;

#[derive(Debug, Args)]
pub(super) struct OpenapiArgs {
    /// Name of the dialect.
    #[arg(default_value = DIALECTS[0].name, value_parser = PossibleValuesParser::new(DIALECTS.iter().map(|dialect| dialect.name)))]
    dialect: String,
}

pub(super) fn run(args: &OpenapiArgs) -> anyhow::Result<()> {
    let dialect = DIALECTS.iter().find(|dialect| dialect.name == args.dialect).context("unknown dialect")?;
    print(serde_json::to_string_pretty(&(dialect.document)())?)
}
