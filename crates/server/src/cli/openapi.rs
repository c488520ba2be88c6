//! `docket openapi`

use anyhow::Context as _;
use clap::{Args, builder::PossibleValuesParser};

use super::output::print;
use crate::{api::DIALECTS, wire::openapi::version_3_0};

#[derive(Debug, Args)]
pub(super) struct OpenapiArgs {
    /// Name of the dialect.
    #[arg(default_value = DIALECTS[0].name, value_parser = PossibleValuesParser::new(DIALECTS.iter().map(|dialect| dialect.name)))]
    dialect: String,
    /// Version of OpenAPI: 3.1, or 3.0 for generators that do not read 3.1.
    #[arg(long, default_value = "3.1", value_parser = PossibleValuesParser::new(["3.1", "3.0"]))]
    version: String,
}

pub(super) fn run(args: &OpenapiArgs) -> anyhow::Result<()> {
    let dialect = DIALECTS.iter().find(|dialect| dialect.name == args.dialect).context("unknown dialect")?;
    let document = (dialect.document)();
    let document = if args.version == "3.0" { version_3_0::render(document) } else { document };
    print(serde_json::to_string_pretty(&document)?)
}
