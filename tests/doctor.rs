//! `efsctl doctor`: each cause has an account, a host or a message in which it is named first.

mod causes;
mod command;
mod denied;
mod documented;
mod hosts;
mod pairs;
mod rights;
mod setup;
