use std::{error::Error, sync::Arc, thread};

use signal_hook::{consts::SIGTERM, iterator::Signals};
use tiny_http::{Response, Server};

fn main() -> Result<(), Box<dyn Error>> {
    let server = Arc::new(Server::http("0.0.0.0:8080").map_err(|error| error.to_string())?);
    let mut signals = Signals::new([SIGTERM])?;
    let stopped = Arc::clone(&server);
    thread::spawn(move || {
        signals.forever().next();
        stopped.unblock();
    });
    for (n, request) in server.incoming_requests().enumerate() {
        request.respond(Response::from_string(greeting::greet(n + 1)))?;
    }
    Ok(())
}
