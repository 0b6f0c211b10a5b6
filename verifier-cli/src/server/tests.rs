//! The server as a client meets it.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::*;

async fn start(demo: bool) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let offer = Offer {
        address,
        demo,
        registries: Vec::new(),
    };
    tokio::spawn(Server::new(offer).unwrap().run(listener));
    address
}

/// The whole answer to one request, as text.
async fn ask(address: SocketAddr, line: &str, headers: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("{line} HTTP/1.1\r\n{headers}Connection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn the_demo_registry_is_served_and_nothing_can_be_pushed() {
    let address = start(true).await;
    let host = format!("Host: {address}\r\n");
    let catalogue = ask(address, "GET /v2/_catalog", &host).await;
    assert!(catalogue.starts_with("HTTP/1.1 200 "), "{catalogue}");
    assert!(catalogue.contains("x-content-type-options: nosniff"));
    assert!(catalogue.contains("\"repositories\":["));
    let push = ask(address, "PUT /v2/demo/manifests/x", &host).await;
    assert!(push.starts_with("HTTP/1.1 405 "), "{push}");
}

#[tokio::test]
async fn other_sites_and_other_names_are_refused() {
    let address = start(true).await;
    let rebound = ask(address, "GET /v2/", "Host: evil.example\r\n").await;
    assert!(rebound.starts_with("HTTP/1.1 403 "), "{rebound}");
    let foreign = format!("Host: {address}\r\nOrigin: http://evil.example\r\n");
    let foreign = ask(address, "GET /v2/", &foreign).await;
    assert!(foreign.starts_with("HTTP/1.1 403 "), "{foreign}");
    assert!(!foreign.to_lowercase().contains("access-control-allow"));
}

#[tokio::test]
async fn without_demo_there_is_no_registry_and_without_permission_no_gateway() {
    let address = start(false).await;
    let host = format!("Host: {address}\r\n");
    let registry = ask(address, "GET /v2/", &host).await;
    assert!(registry.starts_with("HTTP/1.1 404 "), "{registry}");
    let gateway = ask(address, "GET /gateway/ghcr.io/o/app/manifests/1", &host).await;
    assert!(gateway.starts_with("HTTP/1.1 403 "), "{gateway}");
    assert!(gateway.contains("--allow-registry ghcr.io"), "{gateway}");
}
