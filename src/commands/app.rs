//! What every command works with: the settings, the ui, the signals, and the way to a service.

use std::sync::atomic::{AtomicU8, Ordering};

use super::ending::{Ended, Failed, fail, output_failed, unwritable};
use crate::aws::AwsCloud;
use crate::aws::request_counter::RequestCounter;
use crate::cli::{Command, OutputFormat};
use crate::domain::ids::Reference;
use crate::error::{Code, Error};
use crate::service::{EfsService, Stops};
use crate::settings::Settings;
use crate::signals::Signals;
use crate::ui::Ui;
use crate::ui::document::{Calls, Contents};

/// What every command works with.
pub(crate) struct App {
    pub(super) settings: Settings,
    pub(super) ui: Ui,
    pub(super) signals: Signals,
    /// Every request of this process.
    pub(super) counter: RequestCounter,
    /// The exit code of a command that ran for this one.
    handed_on: AtomicU8,
}

impl App {
    pub(crate) fn new(settings: Settings, ui: Ui, signals: Signals) -> Self {
        Self {
            settings,
            ui,
            signals,
            counter: RequestCounter::default(),
            handed_on: AtomicU8::default(),
        }
    }

    /// Carries out a command, and prints how it ended. Answers with the exit code.
    pub(crate) async fn run(&self, command: Command) -> u8 {
        match self.carry_out(command).await {
            Ok(None) => {
                self.tell_calls();
                self.handed_on.load(Ordering::Relaxed)
            }
            Ok(Some(contents)) => {
                let printed = self.ui.result(&contents, self.calls());
                self.tell_calls();
                match printed {
                    Ok(()) => 0,
                    Err(error) => {
                        let error = output_failed(&error, &contents);
                        fail(&self.ui, contents, self.calls(), &error)
                    }
                }
            }
            Err(failed) => {
                self.tell_calls();
                let Failed { error, contents } = *failed;
                fail(&self.ui, contents, self.calls(), &error)
            }
        }
    }

    /// The exit code of this run is that of a command that ran for it.
    #[cfg(feature = "workspace")]
    pub(super) fn hand_on(&self, code: u8) {
        self.handed_on.store(code, Ordering::Relaxed);
    }

    /// The service over AWS, or over the simulated account.
    pub(super) async fn service(&self) -> Result<EfsService<AwsCloud>, Error> {
        self.service_for(None).await
    }

    /// The same, where the file system that is named is: an ARN tells its region.
    pub(super) async fn service_for(
        &self,
        named: Option<&Reference>,
    ) -> Result<EfsService<AwsCloud>, Error> {
        let mut settings = self.settings.clone();
        if let Some(Reference::Arn { arn, region, .. }) = named {
            match &settings.region {
                Some(asked) if asked != region => {
                    return Err(Error::new(
                        Code::RegionMismatch,
                        format!("{arn} is in {region}, not in --region {asked}"),
                    )
                    .hint("leave --region out: the ARN names it"));
                }
                _ => settings.region = Some(region.clone()),
            }
        }
        let cloud = super::cloud::connect(self, &settings).await?;
        self.ui.reached(cloud.region());
        Ok(self.service_on(cloud))
    }

    /// The service over a cloud.
    pub(super) fn service_on(&self, cloud: AwsCloud) -> EfsService<AwsCloud> {
        EfsService::new(cloud, self.ui.reporter())
            .with_cancellation(self.stops())
            .with_read_timeout(self.settings.timeout)
    }

    /// A dry run that found changes under `--check`: the plan is the result, and the exit code tells.
    pub(super) fn checked(&self, contents: Contents, error: Error) -> Box<Failed> {
        if self.settings.output == OutputFormat::Human
            && let Err(error) = self.ui.result(&contents, self.calls())
        {
            let error = unwritable(&error);
            return Box::new(Failed { error, contents });
        }
        Box::new(Failed { error, contents })
    }

    /// Text as it is.
    pub(super) fn text(&self, bytes: &[u8]) -> Ended {
        let text = String::from_utf8_lossy(bytes);
        self.ui.text(&text).map_err(|error| unwritable(&error))?;
        Ok(None)
    }

    pub(super) fn calls(&self) -> Calls {
        let (total, writing) = self.counter.totals();
        Calls { total, writing }
    }

    /// The calls that were made, with `-v`.
    fn tell_calls(&self) {
        let calls = self.calls();
        if calls.total > 0 {
            self.ui.calls(&self.counter.counts(), calls);
        }
    }

    /// How this run is interrupted.
    pub(super) fn stops(&self) -> Stops {
        Stops {
            first: self.signals.first.clone(),
            second: self.signals.second.clone(),
            terminated: self.signals.terminated.clone(),
        }
    }
}
