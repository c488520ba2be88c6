//! Queries of webhooks and their deliveries.

use diesel::{prelude::*, sql_query, sql_types::BigInt};
use docket_domain::{
    account_event::{AccountEvent, WebhookHappening},
    actor::Actor,
    error::StoreError,
    id::{AccountId, DeliveryId, WebhookId},
    page::Page,
    store::PlannedDelivery,
    time::Timestamp,
    webhook::{Attempt, Delivery, DeliveryStatus, Webhook},
};

use super::{super::SKIP_LOCKED, Conn, RunQueryDsl, account_events, execute_prepared};
use crate::{
    error::QueryError,
    rows::{DeliveryRow, PlannedRow, WebhookContentRow, WebhookRow},
    schema::{webhook_deliveries as deliveries, webhooks},
    sql_types::{DbTime, JsonText, Moment},
    statements::{Limit, Prepared},
};

/// Rows per statement. Both backends limit the bound values, SQLite to 32,766.
const ROWS: usize = 2_000;
/// Deliveries deleted at once.
const SWEPT: i64 = 1_000;

pub(crate) async fn list(conn: &mut Conn, account: AccountId) -> Result<Vec<Webhook>, QueryError> {
    let rows = webhooks::table
        .filter(webhooks::account_id.eq(account.0))
        .order_by(webhooks::id)
        .select(WebhookRow::as_select())
        .load::<WebhookRow>(conn)
        .await?;
    Ok(rows.into_iter().map(Webhook::try_from).collect::<Result<_, _>>()?)
}

pub(crate) async fn find(conn: &mut Conn, account: AccountId, id: WebhookId) -> Result<Option<Webhook>, QueryError> {
    let row = webhooks::table
        .filter(webhooks::account_id.eq(account.0).and(webhooks::id.eq(id.0)))
        .select(WebhookRow::as_select())
        .first::<WebhookRow>(conn)
        .await
        .optional()?;
    Ok(row.map(Webhook::try_from).transpose()?)
}

/// Runs inside a transaction.
pub(crate) async fn create(conn: &mut Conn, webhook: Webhook, by: Actor) -> Result<Webhook, QueryError> {
    let row = (
        webhooks::account_id.eq(webhook.account.0),
        webhooks::version.eq(webhook.version),
        webhooks::position.eq(webhook.position),
        WebhookContentRow::try_from(&webhook)?,
    );
    let id = diesel::insert_into(webhooks::table).values(row).returning(webhooks::id).get_result::<i64>(conn).await?;
    let webhook = Webhook { id: WebhookId(id), ..webhook };
    let event = AccountEvent::of_webhook(&webhook, WebhookHappening::Created, Some(by), webhook.created_at);
    account_events::append(conn, &[event]).await?;
    Ok(webhook)
}

/// Runs inside a transaction.
pub(crate) async fn update(
    conn: &mut Conn,
    webhook: &Webhook,
    restart_at: Option<i64>,
    event: AccountEvent,
) -> Result<(), QueryError> {
    let unchanged = webhooks::table
        .filter(webhooks::account_id.eq(webhook.account.0).and(webhooks::id.eq(webhook.id.0)))
        .filter(webhooks::version.eq(webhook.version));
    let set = (
        WebhookContentRow::try_from(webhook)?,
        webhooks::version.eq(webhook.version + 1),
        restart_at.map(|position| webhooks::position.eq(position)),
        restart_at.map(|_| webhooks::failing_since.eq(None::<Moment>)),
    );
    if execute_prepared(conn, diesel::update(unchanged).set(set)).await? == 0 {
        return Err(StoreError::Stale.into());
    }
    account_events::append(conn, &[event]).await
}

/// Runs inside a transaction.
pub(crate) async fn remove(
    conn: &mut Conn,
    account: AccountId,
    id: WebhookId,
    event: AccountEvent,
) -> Result<(), QueryError> {
    let those = deliveries::table.filter(deliveries::account_id.eq(account.0).and(deliveries::webhook_id.eq(id.0)));
    diesel::delete(those).execute(conn).await?;
    let this = webhooks::table.filter(webhooks::account_id.eq(account.0).and(webhooks::id.eq(id.0)));
    if diesel::delete(this).execute(conn).await? == 0 {
        return Ok(());
    }
    account_events::append(conn, &[event]).await
}

/// Runs inside a transaction. The position decides which of several servers plans.
pub(crate) async fn plan(
    conn: &mut Conn,
    account: AccountId,
    webhook: WebhookId,
    (from, to): (i64, i64),
    planned: Vec<PlannedDelivery>,
    now: Timestamp,
) -> Result<bool, QueryError> {
    let this = webhooks::table
        .filter(webhooks::account_id.eq(account.0).and(webhooks::id.eq(webhook.0)))
        .filter(webhooks::position.eq(from));
    if execute_prepared(conn, diesel::update(this).set(webhooks::position.eq(to))).await? == 0 {
        return Ok(false);
    }
    let mut rows = planned.into_iter().map(|planned| PlannedRow::new(account, webhook, planned, now)).peekable();
    while rows.peek().is_some() {
        let some = rows.by_ref().take(ROWS).collect::<Vec<_>>();
        diesel::insert_into(deliveries::table).values(some).execute(conn).await?;
    }
    Ok(true)
}

pub(crate) async fn rewind(
    conn: &mut Conn,
    account: AccountId,
    webhook: WebhookId,
    position: i64,
) -> Result<(), QueryError> {
    let this = webhooks::table.filter(webhooks::account_id.eq(account.0).and(webhooks::id.eq(webhook.0)));
    execute_prepared(conn, diesel::update(this).set(webhooks::position.eq(position))).await?;
    Ok(())
}

/// Of all accounts: a server delivers for everybody.
pub(crate) async fn list_active(conn: &mut Conn) -> Result<Vec<Webhook>, QueryError> {
    let active = webhooks::table.filter(webhooks::active).order_by((webhooks::account_id, webhooks::id));
    let rows = active.select(WebhookRow::as_select()).load::<WebhookRow>(conn).await?;
    Ok(rows.into_iter().map(Webhook::try_from).collect::<Result<_, _>>()?)
}

#[derive(QueryableByName)]
struct Due {
    #[diesel(sql_type = BigInt)]
    account_id: i64,
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// Of all accounts: a server delivers for everybody. Looks up each active webhook in the index of due deliveries.
pub(crate) async fn list_due(conn: &mut Conn, now: Timestamp) -> Result<Vec<(AccountId, WebhookId)>, QueryError> {
    let due = sql_query(
        "SELECT webhooks.account_id, webhooks.id FROM webhooks WHERE active AND EXISTS (SELECT 1 \
         FROM webhook_deliveries AS due WHERE due.account_id = webhooks.account_id AND due.webhook_id = webhooks.id \
         AND due.status = 'pending' AND due.due_at <= $1 AND (due.taken_until IS NULL OR due.taken_until < $1))",
    );
    let rows = Prepared(due.bind::<DbTime, _>(Moment(now))).load::<Due>(conn).await?;
    Ok(rows.into_iter().map(|row| (AccountId(row.account_id), WebhookId(row.id))).collect())
}

/// An earlier delivery of the same case comes first. Two servers never take the same one.
pub(crate) async fn take(
    conn: &mut Conn,
    account: AccountId,
    webhook: WebhookId,
    limit: i64,
    now: Timestamp,
    until: Timestamp,
) -> Result<Vec<Delivery>, QueryError> {
    // SQLite numbers parameters in the order of their first appearance.
    let taken = sql_query(format!(
        "UPDATE webhook_deliveries SET taken_until = $1 WHERE account_id = $2 AND id IN (\
         SELECT due.id FROM webhook_deliveries AS due WHERE due.account_id = $2 AND due.webhook_id = $3 \
         AND due.status = 'pending' AND due.due_at <= $4 AND (due.taken_until IS NULL OR due.taken_until < $4) \
         AND NOT EXISTS (SELECT 1 FROM webhook_deliveries AS earlier WHERE earlier.account_id = $2 \
         AND earlier.webhook_id = $3 AND earlier.status = 'pending' AND due.case_id > 0 \
         AND earlier.case_id = due.case_id AND earlier.id < due.id) ORDER BY due.id LIMIT $5{SKIP_LOCKED}) \
         RETURNING account_id, id, webhook_id, position, event_id, kind, status, attempts, due_at"
    ));
    let taken = taken.bind::<DbTime, _>(Moment(until)).bind::<BigInt, _>(account.0).bind::<BigInt, _>(webhook.0);
    let taken = taken.bind::<DbTime, _>(Moment(now)).bind::<BigInt, _>(limit);
    let rows = Prepared(taken).load::<DeliveryRow>(conn).await?;
    let mut taken = rows.into_iter().map(Delivery::try_from).collect::<Result<Vec<_>, _>>()?;
    taken.sort_by_key(|delivery| delivery.id);
    Ok(taken)
}

/// Runs inside a transaction.
pub(crate) async fn finish(
    conn: &mut Conn,
    (account, id, webhook): (AccountId, DeliveryId, WebhookId),
    attempts: &[Attempt],
    (status, due_at): (DeliveryStatus, Option<Timestamp>),
    now: Timestamp,
) -> Result<(), QueryError> {
    let attempts_json = serde_json::to_string(attempts).map_err(|error| StoreError::Defect(error.to_string()))?;
    let this = deliveries::table.filter(deliveries::account_id.eq(account.0).and(deliveries::id.eq(id.0)));
    let set = (
        deliveries::status.eq(status.as_str()),
        deliveries::attempts.eq(JsonText(attempts_json)),
        deliveries::due_at.eq(due_at.map(Moment)),
        deliveries::taken_until.eq(None::<Moment>),
    );
    execute_prepared(conn, diesel::update(this).set(set)).await?;
    // Most attempts change nothing here.
    let this = webhooks::table.filter(webhooks::account_id.eq(account.0).and(webhooks::id.eq(webhook.0)));
    if status == DeliveryStatus::Delivered {
        let failing = this.filter(webhooks::failing_since.is_not_null());
        execute_prepared(conn, diesel::update(failing).set(webhooks::failing_since.eq(None::<Moment>))).await?;
    } else {
        let sound = this.filter(webhooks::failing_since.is_null());
        execute_prepared(conn, diesel::update(sound).set(webhooks::failing_since.eq(Some(Moment(now))))).await?;
    }
    Ok(())
}

pub(crate) async fn list_deliveries(
    conn: &mut Conn,
    account: AccountId,
    webhook: WebhookId,
    status: Option<DeliveryStatus>,
    before: Option<DeliveryId>,
    limit: i64,
) -> Result<Page<Delivery>, QueryError> {
    let mut query = deliveries::table
        .filter(deliveries::account_id.eq(account.0).and(deliveries::webhook_id.eq(webhook.0)))
        .into_boxed();
    if let Some(status) = status {
        query = query.filter(deliveries::status.eq(status.as_str()));
    }
    if let Some(before) = before {
        query = query.filter(deliveries::id.lt(before.0));
    }
    let query = query.order_by(deliveries::id.desc()).select(DeliveryRow::as_select());
    let rows = query.first_rows(limit + 1).load::<DeliveryRow>(conn).await?;
    let rows = rows.into_iter().map(Delivery::try_from).collect::<Result<Vec<_>, _>>()?;
    Ok(Page::cut(rows, usize::try_from(limit).unwrap_or(usize::MAX)))
}

/// Runs inside a transaction. Its attempts so far stay.
pub(crate) async fn retry(
    conn: &mut Conn,
    account: AccountId,
    webhook: WebhookId,
    id: DeliveryId,
    now: Timestamp,
) -> Result<Option<Delivery>, QueryError> {
    let this = || {
        deliveries::table
            .filter(deliveries::account_id.eq(account.0).and(deliveries::id.eq(id.0)))
            .filter(deliveries::webhook_id.eq(webhook.0))
    };
    let set = (
        deliveries::status.eq(DeliveryStatus::Pending.as_str()),
        deliveries::due_at.eq(Some(Moment(now))),
        deliveries::taken_until.eq(None::<Moment>),
    );
    if execute_prepared(conn, diesel::update(this()).set(set)).await? == 0 {
        return Ok(None);
    }
    let row = this().select(DeliveryRow::as_select()).first::<DeliveryRow>(conn).await.optional()?;
    Ok(row.map(Delivery::try_from).transpose()?)
}

pub(crate) async fn sweep(conn: &mut Conn, account: AccountId, before: Timestamp) -> Result<usize, QueryError> {
    let old = sql_query(
        "DELETE FROM webhook_deliveries WHERE account_id = $1 AND id IN (SELECT id FROM webhook_deliveries \
         WHERE account_id = $1 AND created_at < $2 AND status <> 'pending' LIMIT $3)",
    );
    let old = old.bind::<BigInt, _>(account.0).bind::<DbTime, _>(Moment(before)).bind::<BigInt, _>(SWEPT);
    Ok(old.execute(conn).await?)
}
