//! `efsctl workspace token`.

use super::super::App;
use super::super::ending::Ended;
use crate::cli::OutputFormat;
use crate::cli::workspace::TokenArgs;
use crate::error::Error;
use crate::ui::document::{Contents, Outcome, TokenView};
use crate::workspace::serve::new_token;

pub(super) fn run(app: &App, args: &TokenArgs) -> Ended {
    if args.user.is_empty() || args.user.chars().any(char::is_control) {
        return Err(Error::usage(format!(
            "`{}` is no user (--user)",
            args.user.escape_debug()
        ))
        .hint("a user is any text without control characters, such as user-001")
        .into());
    }
    let (token, sha256) = new_token();
    if app.settings.output == OutputFormat::Json {
        return Ok(Some(Contents {
            token: Some(TokenView {
                token,
                sha256,
                user: args.user.clone(),
                role: args.role.as_str(),
            }),
            ..Contents::new(Outcome::Created)
        }));
    }
    // The row can be appended to the file; the token itself belongs into no file.
    app.ui.aside(
        &format!("the token of {}, which is shown once: {token}\n", args.user),
        true,
    );
    let user = format!("{:?}", args.user);
    let row = format!(
        "[[token]]\nsha256 = \"{sha256}\"\nuser = {user}\nrole = \"{}\"\n",
        args.role.as_str()
    );
    app.text(row.as_bytes())
}
