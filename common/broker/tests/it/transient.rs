//! Headers, and what may be lost.

use gavel_broker::rabbit::RabbitBroker;
use gavel_broker::{Dispatcher as _, Headers, Settlement, WorkSource as _};
use gavel_model::{Control, Heartbeat, JudgingEvent, JudgingStep, Lane, SubmissionId};
use gavel_testkit::Proxy;
use lapin::BasicProperties;
use lapin::options::{BasicGetOptions, BasicPublishOptions, QueueBindOptions, QueueDeclareOptions};
use lapin::types::{AMQPValue, FieldTable};
use tokio::sync::mpsc;

use crate::rig::{Connected as _, Rig, eventually, heartbeat, next, result, submission, within};

fn trace() -> Headers {
    let mut headers = Headers::default();
    assert!(headers.insert("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
    assert!(headers.insert("tracestate", "vendor=value"));
    headers
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn headers_travel_with_every_delivery_of_a_message_and_its_result() {
    let rig = Rig::new().await;
    let broker = rig.broker().await;
    let sent = submission(Lane::Contest);
    broker.publish_with(&sent, &trace()).await.unwrap();
    let mut work = broker.submissions(Lane::Contest, 1);
    assert!(next(&mut work).await.settle(Settlement::Again).await);
    let again = next(&mut work).await;
    // RabbitMQ has counted in headers of its own by now; those are not the sender's.
    assert_eq!((again.attempt, &again.headers), (2, &trace()));
    broker.publish_result_with(&result(&sent, 2), &again.headers).await.unwrap();
    assert!(again.settle(Settlement::Done).await);
    let mut results = broker.results();
    let told = next(&mut results).await;
    assert_eq!(told.headers, trace());
    assert!(told.settle(Settlement::Done).await);
    drop((work, results));
    rig.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn headers_of_a_platform_that_are_no_text_or_too_much_are_left_out() {
    let rig = Rig::new().await;
    let broker = rig.broker().await;
    let sent = submission(Lane::Contest);
    let mut table = FieldTable::default();
    table.insert("number".into(), AMQPValue::LongLongInt(7));
    table.insert("huge".into(), AMQPValue::LongString("h".repeat(Headers::MAX_BYTES).into()));
    table.insert("traceparent".into(), AMQPValue::LongString("00-01-02-03".into()));
    let body = gavel_wire::encode(&sent).unwrap();
    let (exchange, options) = (rig.names.submissions(), BasicPublishOptions::default());
    let properties = BasicProperties::default().with_headers(table);
    let channel = rig.channel().await;
    channel.basic_publish(exchange, "contest".into(), options, &body, properties).await.unwrap();
    let mut work = broker.submissions(Lane::Contest, 1);
    let delivery = next(&mut work).await;
    assert_eq!(delivery.headers.iter().collect::<Vec<_>>(), [("traceparent", "00-01-02-03")]);
    assert!(delivery.settle(Settlement::Done).await);
    drop(work);
    rig.remove().await;
}

/// Sends until it is heard: who begins to listen is not told when the broker knows of it.
async fn repeated<T: PartialEq>(send: impl AsyncFn(), said: &T, listeners: &mut [&mut mpsc::Receiver<T>]) {
    for listener in listeners {
        within("it is heard", async {
            loop {
                send().await;
                let soon = tokio::time::timeout(std::time::Duration::from_millis(50), listener.recv()).await;
                if let Ok(heard) = soon
                    && heard.as_ref().expect("the stream goes on") == said
                {
                    return;
                }
            }
        })
        .await;
    }
}

async fn heard(worker: &RabbitBroker, said: &Heartbeat, listeners: &mut [&mut mpsc::Receiver<Heartbeat>]) {
    // Not sent while the connection is away.
    repeated(async || drop(worker.send_heartbeat(said).await), said, listeners).await;
}

async fn obeyed(api: &RabbitBroker, workers: &mut [&mut mpsc::Receiver<Control>]) {
    let order = Control::Cancel { id: SubmissionId::new() };
    repeated(async || drop(api.send_control(&order).await), &order, workers).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_api_hears_every_worker() {
    let rig = Rig::new().await;
    let (one, two) = (rig.broker().await, rig.another().await);
    let (mut first, mut second) = (one.heartbeats(), two.heartbeats());
    for (worker, said) in [(&one, heartbeat("w1", 1)), (&two, heartbeat("w2", 2))] {
        heard(worker, &said, &mut [&mut first, &mut second]).await;
    }
    rig.shutdown.cancel();
    within("the stream ends", async { while first.recv().await.is_some() {} }).await;
    heard(&two, &heartbeat("w2", 3), &mut [&mut second]).await;
    drop(second);
    rig.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn heartbeats_go_on_after_a_cut_and_junk_stops_nothing() {
    let rig = Rig::new().await;
    let proxy = Proxy::start(&rig.url).await;
    let (api, worker) = (rig.broker_at(&proxy.url).await, rig.broker().await);
    let mut heartbeats = api.heartbeats();
    heard(&worker, &heartbeat("w1", 1), &mut [&mut heartbeats]).await;
    proxy.cut();
    eventually("the cut is noticed", || !api.is_connected()).await;
    heard(&worker, &heartbeat("w1", 2), &mut [&mut heartbeats]).await;
    let channel = rig.channel().await;
    let (exchange, options) = (rig.names.workers(), BasicPublishOptions::default());
    channel.basic_publish(exchange, "".into(), options, b"junk", BasicProperties::default()).await.unwrap();
    heard(&worker, &heartbeat("w1", 3), &mut [&mut heartbeats]).await;
    drop(heartbeats);
    rig.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_heartbeat_that_nobody_hears_is_no_failure() {
    let rig = Rig::new().await;
    let broker = rig.broker().await;
    broker.send_heartbeat(&heartbeat("w1", 0)).await.unwrap();
    assert!(broker.is_connected());
    rig.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_worker_hears_an_order_also_while_it_drains_and_after_a_cut() {
    let rig = Rig::new().await;
    let proxy = Proxy::start(&rig.url).await;
    let (api, cut, drains) = (rig.another().await, rig.broker_at(&proxy.url).await, rig.broker().await);
    let (mut first, mut second) = (cut.controls(), drains.controls());
    obeyed(&api, &mut [&mut first, &mut second]).await;
    proxy.cut();
    eventually("the cut is noticed", || !cut.is_connected()).await;
    obeyed(&api, &mut [&mut first, &mut second]).await;
    let channel = rig.channel().await;
    let (exchange, options) = (rig.names.control(), BasicPublishOptions::default());
    for strange in [&b"junk"[..], br#"{"v":1,"kind":"of a later version","x":[1]}"#] {
        let none = BasicProperties::default();
        channel.basic_publish(exchange.clone(), "".into(), options, strange, none).await.unwrap();
    }
    rig.shutdown.cancel();
    obeyed(&api, &mut [&mut first, &mut second]).await;
    drop((first, second));
    rig.remove().await;
}

fn step(number: u32) -> JudgingEvent {
    let (id, worker) = (SubmissionId::new(), "w1".to_owned());
    JudgingEvent { id, attempt: 1, number, worker, step: JudgingStep::Compiling }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_api_hears_the_events_of_every_submission_in_their_order_also_after_a_cut() {
    let rig = Rig::new().await;
    let proxy = Proxy::start(&rig.url).await;
    let (one, two, worker) = (rig.broker().await, rig.another().await, rig.broker_at(&proxy.url).await);
    let (mut first, mut second) = (one.events(), two.events());
    for round in 0..2 {
        let begin = step(0);
        repeated(async || drop(worker.send_event(&begin).await), &begin, &mut [&mut first, &mut second])
            .await;
        let sent: Vec<_> = (1..=200).map(step).collect();
        for event in &sent {
            worker.send_event(event).await.unwrap();
        }
        for listener in [&mut first, &mut second] {
            let mut heard = Vec::new();
            while heard.len() < sent.len() {
                let event = within("an event", listener.recv()).await.unwrap();
                // The begin may have been sent more than once.
                heard.extend(Some(event).filter(|event| *event != begin));
            }
            assert_eq!(heard, sent);
        }
        if round == 0 {
            proxy.cut();
            eventually("the cut is noticed", || !worker.is_connected()).await;
            worker.send_event(&begin).await.unwrap_err();
        }
    }
    drop((first, second));
    rig.remove().await;
}

/// The key of an event is its submission's id, by which a platform can listen to one alone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_events_of_one_submission_can_be_listened_to() {
    let rig = Rig::new().await;
    let worker = rig.broker().await;
    let (wanted, other) = (step(1), step(2));
    let channel = rig.channel().await;
    let options = QueueDeclareOptions { exclusive: true, auto_delete: true, ..Default::default() };
    let queue =
        channel.queue_declare("".into(), options, FieldTable::default()).await.unwrap().name().clone();
    let key = wanted.id.to_string().into();
    let bind = QueueBindOptions::default();
    channel.queue_bind(queue.clone(), rig.names.events(), key, bind, FieldTable::default()).await.unwrap();
    for event in [&other, &wanted] {
        worker.send_event(event).await.unwrap();
    }
    let got = gavel_testkit::until("the event is there", gavel_testkit::PATIENCE, async || {
        channel.basic_get(queue.clone(), BasicGetOptions { no_ack: true }).await.unwrap()
    })
    .await;
    assert_eq!(gavel_wire::decode::<JudgingEvent>(&got.data).unwrap(), wanted);
    assert_eq!(got.message_count, 0, "nothing else came");
    rig.remove().await;
}
