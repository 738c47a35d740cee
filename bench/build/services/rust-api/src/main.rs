//! A small HTTP service that counts letters.

use std::collections::BTreeMap;

use serde_json::json;
use tiny_http::{Header, Request, Response, Server};

fn main() {
    let port = std::env::var("PORT").unwrap_or_else(|_| "8080".into());
    let server = Server::http(format!("0.0.0.0:{port}")).expect("the port is free");
    for request in server.incoming_requests() {
        if let Err(error) = answer(request) {
            eprintln!("{error}");
        }
    }
}

fn answer(mut request: Request) -> std::io::Result<()> {
    let (status, body) = match request.url() {
        "/healthz" => (200, json!({ "status": "ok" })),
        "/letters" => (200, json!(letters(&mut request)?)),
        _ => (404, json!({ "error": "no such path" })),
    };
    let json = Header::from_bytes("Content-Type", "application/json").expect("a valid header");
    request.respond(Response::from_string(body.to_string()).with_status_code(status).with_header(json))
}

fn letters(request: &mut Request) -> std::io::Result<BTreeMap<String, usize>> {
    let mut text = String::new();
    request.as_reader().read_to_string(&mut text)?;
    let mut counts = BTreeMap::new();
    for letter in text.chars().filter(|letter| letter.is_alphabetic()) {
        *counts.entry(letter.to_string()).or_default() += 1;
    }
    Ok(counts)
}
