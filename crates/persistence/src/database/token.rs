//! Store of access tokens.

use docket_domain::{
    access_token::AccessToken,
    account::ApiKey,
    store::{Result, TokenStore},
};

use super::{Database, Kind};
use crate::{postgres, sqlite};

impl TokenStore for Database {
    async fn create_access_token(&self, token: AccessToken) -> Result<()> {
        write!(self, tokens::create(token))
    }

    async fn find_access_token(&self, hash: &[u8]) -> Result<Option<(AccessToken, ApiKey)>> {
        read!(self, tokens::find(hash))
    }
}
