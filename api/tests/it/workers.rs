//! Workers that are told something.

use std::sync::atomic::Ordering;

use gavel_broker::WorkSource as _;
use gavel_model::Control;
use reqwest::StatusCode;

use crate::kit::worker::heartbeat;
use crate::kit::{Answer, Service, until, within};

#[tokio::test]
async fn a_worker_is_told_to_drain_and_to_take_again() {
    let service = Service::start().await;
    let mut orders = service.broker.controls();
    let name = "host 1/b".to_owned();
    service.broker.send_heartbeat(&heartbeat(&name, false)).await.unwrap();
    until("it is known", async || service.get("/api/v1/workers").await.text.contains(&name)).await;
    let path = "/api/v1/workers/host%201%2Fb/drain";
    let drained = Answer::read(service.client.post(service.url(path)).send().await.unwrap()).await;
    assert_eq!((drained.status, drained.text.as_str()), (StatusCode::ACCEPTED, ""));
    let order = within("an order", orders.recv()).await.unwrap();
    assert_eq!(order, Control::Drain { worker: name.clone() });
    assert_eq!(service.delete(path).await.status, StatusCode::ACCEPTED);
    assert_eq!(within("an order", orders.recv()).await.unwrap(), Control::Undrain { worker: name });
    for unknown in ["/api/v1/workers/nobody/drain", "/api/v1/workers/host/drain"] {
        let answer = service.delete(unknown).await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::NOT_FOUND, "unknown_worker"));
    }
    service.dispatcher.away.store(true, Ordering::SeqCst);
    assert_eq!(service.delete(path).await.status, StatusCode::SERVICE_UNAVAILABLE);
}
