//! A cloud whose reads keep to the [`Budget`], and the rows that its calls are written in.

use std::sync::Arc;

use super::budget::{Budget, Turn};

/// What a cloud is, besides its calls.
pub trait Connected: Send + Sync + Sized {
    /// The same cloud, where a call is sent once: whoever calls decides when to send it again.
    #[must_use]
    fn without_retries(&self) -> Self;

    /// The rate of reads that everything in this account and region shares. By default a cloud has its own.
    fn budget(&self) -> Arc<Budget> {
        Arc::default()
    }

    /// By how many seconds the clock of this host is ahead of that of its last answer. `None`: unknown.
    fn clock_ahead(&self) -> Option<i64> {
        None
    }
}

/// A cloud whose reads wait until the [`Budget`] lets them leave.
///
/// Polls of the flow are sent as they are, at most nine of EFS in any second. [`Connected::without_retries`] makes one for an audit: its reads are
/// sent as fast as AWS lets, and again while they are throttled.
#[derive(Debug, Clone)]
pub struct Budgeted<C> {
    cloud: C,
    budget: Arc<Budget>,
    in_bulk: bool,
}

impl<C: Connected> Budgeted<C> {
    /// This cloud with its budget.
    pub fn new(cloud: C) -> Self {
        Self {
            budget: cloud.budget(),
            cloud,
            in_bulk: false,
        }
    }
}

impl<C> Budgeted<C> {
    /// The cloud without the budget.
    pub fn cloud(&self) -> &C {
        &self.cloud
    }

    /// A read of EFS.
    pub(super) fn efs(&self) -> Turn<'_> {
        if self.in_bulk {
            Turn::bulk(&self.budget)
        } else {
            Turn::Poll(&self.budget)
        }
    }

    /// A read of EC2, which allows many more.
    pub(super) fn ec2(&self) -> Turn<'_> {
        if self.in_bulk {
            Turn::bulk(&self.budget)
        } else {
            Turn::Free
        }
    }

    /// A call that changes something. It is never sent again here.
    #[expect(clippy::unused_self, reason = "as its siblings, in the rows of calls")]
    pub(super) fn write(&self) -> Turn<'_> {
        Turn::Free
    }
}

impl<C: Connected> Connected for Budgeted<C> {
    fn without_retries(&self) -> Self {
        Self {
            cloud: self.cloud.without_retries(),
            budget: self.budget.clone(),
            in_bulk: true,
        }
    }

    fn budget(&self) -> Arc<Budget> {
        self.budget.clone()
    }

    fn clock_ahead(&self) -> Option<i64> {
        self.cloud.clock_ahead()
    }
}

/// A trait of calls, and the same calls of [`Budgeted`]. A row says what the call counts as: a read of `efs` or `ec2`, or a `write`.
macro_rules! calls {
    (
        $(#[$about:meta])*
        pub trait $Calls:ident: $Super:ident {
            $(
                $(#[$doc:meta])*
                $counts_as:ident fn $call:ident($($argument:ident: $Argument:ty),* $(,)?) -> $Output:ty;
            )*
        }
    ) => {
        $(#[$about])*
        pub trait $Calls: $Super {
            /// The names of these calls.
            const CALLS: &'static [&'static str] = &[$(stringify!($call)),*];

            $(
                $(#[$doc])*
                fn $call(
                    &self,
                    $($argument: $Argument),*
                ) -> impl Future<Output = Answer<$Output>> + Send;
            )*
        }

        impl<C: $Calls> $Calls for Budgeted<C> {
            $(
                async fn $call(&self, $($argument: $Argument),*) -> Answer<$Output> {
                    let mut turn = self.$counts_as();
                    loop {
                        turn.wait().await;
                        let answer = self.cloud().$call($($argument),*).await;
                        if let Some(answer) = turn.answered(answer).await {
                            return answer;
                        }
                    }
                }
            )*
        }
    };
}

pub(super) use calls;
