//! New events of accounts, for the streams and long polls of one worker.
//!
//! One task per worker looks for events of the accounts that someone waits for, reads them once, and passes them on to
//! all who wait. It ends when nobody waits.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    rc::Rc,
    time::Duration,
};

use actix_web::rt::{
    self,
    signal::unix::{SignalKind, signal},
    time::sleep,
};
use docket_domain::{
    error::{Error, StoreError},
    feed::{FeedEvent, FeedQuery},
    id::AccountId,
    service,
    store::FeedStore as _,
};
use docket_persistence::Database;
use tokio::sync::broadcast::{self, Receiver, Sender};

/// Time between two looks for new events.
const EVERY: Duration = Duration::from_millis(50);
/// Events that a reader may be behind before it loses some.
const KEPT: usize = 1_000;
/// Events passed on per look and account: readers must be able to follow.
const BATCH: i64 = 500;

/// New events of an account.
pub struct News {
    /// Every event behind `upto`, in order.
    pub receiver: Receiver<Rc<FeedEvent>>,
    pub upto: i64,
}

struct Channel {
    sender: Sender<Rc<FeedEvent>>,
    /// Position of the last event that was passed on.
    position: i64,
}

/// Passes on new events. Clones are the same.
#[derive(Clone)]
pub struct NewsDesk(Rc<Desk>);

struct Desk {
    store: Database,
    channels: RefCell<HashMap<AccountId, Channel>>,
    is_running: Cell<bool>,
    has_stopped: Cell<bool>,
}

impl NewsDesk {
    #[must_use]
    pub fn new(store: Database) -> Self {
        let (channels, is_running, has_stopped) = Default::default();
        Self(Rc::new(Desk { store, channels, is_running, has_stopped }))
    }

    /// All events of the account from now on.
    ///
    /// # Errors
    /// A store error, or the server is stopping.
    pub async fn subscribe(&self, account: AccountId) -> Result<News, Error> {
        let desk = &self.0;
        if desk.has_stopped.get() {
            return Err(StoreError::Unavailable("the server is stopping".to_owned()).into());
        }
        if let Some(news) = desk.listen(account) {
            return Ok(news);
        }
        let position = service::find_feed_end(&desk.store, account).await?;
        // Another reader may have been first meanwhile.
        let news = desk.listen(account).unwrap_or_else(|| {
            let (sender, receiver) = broadcast::channel(KEPT);
            desk.channels.borrow_mut().insert(account, Channel { sender, position });
            News { receiver, upto: position }
        });
        if !desk.is_running.replace(true) {
            rt::spawn(run(Rc::clone(desk)));
        }
        Ok(news)
    }
}

impl Desk {
    fn listen(&self, account: AccountId) -> Option<News> {
        let channels = self.channels.borrow();
        channels.get(&account).map(|channel| News { receiver: channel.sender.subscribe(), upto: channel.position })
    }

    async fn look(&self) -> Result<(), Error> {
        let accounts = {
            let mut channels = self.channels.borrow_mut();
            channels.retain(|_, channel| channel.sender.receiver_count() > 0);
            channels.keys().copied().collect::<Vec<_>>()
        };
        if accounts.is_empty() {
            return Ok(());
        }
        for end in self.store.list_feed_ends(&accounts).await? {
            let position = self.channels.borrow().get(&end.account).map(|channel| channel.position);
            let Some(after) = position.filter(|position| end.is_queued || end.position > *position) else { continue };
            let query = FeedQuery { after, limit: BATCH, types: None, case: None };
            let page = service::read_feed(&self.store, end.account, &query).await?;
            if let Some(channel) = self.channels.borrow_mut().get_mut(&end.account) {
                for event in page.events {
                    channel.position = event.position;
                    // Without receivers, the channel goes at the next look.
                    drop(channel.sender.send(Rc::new(event)));
                }
            }
        }
        Ok(())
    }
}

/// Looks for new events until nobody waits. When the server is told to stop, all streams end.
async fn run(desk: Rc<Desk>) {
    let mut terminate = signal(SignalKind::terminate()).ok();
    let mut interrupt = signal(SignalKind::interrupt()).ok();
    while !desk.channels.borrow().is_empty() {
        if let Err(error) = desk.look().await {
            log::warn!("failed to look for new events: {error}");
        }
        let told = async |signal: &mut Option<rt::signal::unix::Signal>| match signal {
            Some(signal) => drop(signal.recv().await),
            None => std::future::pending().await,
        };
        tokio::select! {
            () = sleep(EVERY) => {}
            () = told(&mut terminate) => desk.has_stopped.set(true),
            () = told(&mut interrupt) => desk.has_stopped.set(true),
        }
        if desk.has_stopped.get() {
            desk.channels.borrow_mut().clear();
        }
    }
    desk.is_running.set(false);
}
