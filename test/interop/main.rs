//! The published runtime, driven by a script of operations, for `npm run test:interop`.
//!
//!   run DB     performs the JSON lines of stdin on DB with the runtime's own backend; a JSON line with each result
//!   append DB COUNT    appends to a new execution, one after the other; prints how many a second
//!   materialize DB EXECUTION    reads and folds its whole log; seconds, peak memory and the state
//!   read DB    a JSON line for each execution: its record, events, latest snapshot, and its state at every sequence
use jamjet_core::workflow::{ExecutionId, WorkflowStatus};
use jamjet_state::backend::{StateBackend, WorkflowDefinition};
use jamjet_state::event::Event;
use jamjet_state::materializer::{apply_events, materialize, MaterializedState};
use jamjet_state::SqliteBackend;
use serde_json::{json, Map, Value};
use std::io::BufRead;
use uuid::Uuid;

async fn perform(db: &dyn StateBackend, o: &Value) -> Result<Value, String> {
    let s = |name: &str| o[name].as_str().unwrap_or_default().to_string();
    let id = || ExecutionId(Uuid::parse_str(&s("execution_id")).expect("id"));
    let item = || Uuid::parse_str(&s("item_id")).expect("item");
    let e = |error: jamjet_state::backend::StateBackendError| format!("{error:?}").split(['(', ' ']).next().unwrap().to_string();
    Ok(match s("op").as_str() {
        "store_workflow" => {
            let definition = WorkflowDefinition { workflow_id: s("workflow_id"), version: s("version"), ir: o["ir"].clone(), created_at: s("created_at").parse().unwrap(), tenant_id: s("tenant_id") };
            json!(db.store_workflow(definition).await.map_err(e)?)
        }
        "create_execution" => json!(db.create_execution(serde_json::from_value(o["execution"].clone()).unwrap()).await.map_err(e)?),
        "update_execution_status" => {
            let status: WorkflowStatus = serde_json::from_value(o["status"].clone()).unwrap();
            json!(db.update_execution_status(&id(), status).await.map_err(e)?)
        }
        "update_execution_current_state" => json!(db.update_execution_current_state(&id(), &o["state"]).await.map_err(e)?),
        "patch_append_array" => json!(db.patch_append_array(&id(), &s("key"), o["value"].clone()).await.map_err(e)?),
        "append_event" => json!(db.append_event(serde_json::from_value::<Event>(o["event"].clone()).unwrap_or_else(|x| panic!("{x}: {o}"))).await.map_err(e)?),
        "write_snapshot" => json!(db.write_snapshot(serde_json::from_value(o["snapshot"].clone()).unwrap()).await.map_err(e)?),
        "enqueue_work_item" => json!(db.enqueue_work_item(serde_json::from_value(o["item"].clone()).unwrap()).await.map_err(e)?),
        "claim_work_item" => json!(db.claim_work_item(&s("worker"), &[&s("queue")]).await.map_err(e)?.map(|claimed| claimed.id)),
        #[cfg(feature = "v5")]
        "renew_lease" => json!(db.renew_lease(item(), &s("worker"), o["fence"].as_i64().unwrap()).await.map_err(e)?),
        #[cfg(not(feature = "v5"))]
        "renew_lease" => json!(db.renew_lease(item(), &s("worker")).await.map_err(e)?),
        "complete_work_item" => json!(db.complete_work_item(item()).await.map_err(e)?),
        "fail_work_item" => json!(db.fail_work_item(item(), "broken").await.map_err(e)?),
        "move_to_dead_letter" => json!(db.move_to_dead_letter(item(), &s("error")).await.map_err(e)?),
        "validate_token" => json!(db.validate_token(&s("token")).await.map_err(e)?.map(|token| token.name)),
        #[cfg(feature = "v5")]
        "commit_turn" => {
            let claimed = db.claim_work_item("worker", &[&s("queue")]).await.map_err(e)?.expect("item");
            json!(db.commit_turn(claimed.id, claimed.lease_fence, serde_json::from_value(o["event"].clone()).unwrap(), o["snapshot"] == json!(true)).await.map_err(e)?)
        }
        #[cfg(feature = "v5")]
        "get_tool_effect" => json!(db.get_tool_effect(&s("key")).await.map_err(e)?),
        #[cfg(feature = "v5")]
        "put_artifact" => json!(db.put_artifact(s("text").as_bytes(), Some("text/plain")).await.map_err(e)?.hash),
        other => return Err(format!("unknown operation {other}")),
    })
}

fn moment(at: i64, m: &MaterializedState) -> Value {
    let mut active: Vec<&String> = m.active_nodes.iter().collect();
    active.sort();
    let completed: Map<String, Value> = m.completed_nodes.iter().map(|(node, output)| (node.clone(), output.clone())).collect();
    json!({"at":at,"status":m.status,"current_state":m.current_state,"completed_nodes":completed,"active_nodes":active,"last_sequence":m.last_sequence})
}

#[tokio::main]
async fn main() {
    let a: Vec<String> = std::env::args().collect();
    let backend = SqliteBackend::open(&format!("sqlite://{}", a[2])).await.unwrap_or_else(|e| { eprintln!("{e}"); std::process::exit(3) });
    if a[1] == "run" {
        for line in std::io::stdin().lock().lines() {
            let operation: Value = serde_json::from_str(&line.unwrap()).unwrap();
            let scoped = operation["tenant"].as_str().map(|tenant| backend.for_tenant(tenant.to_string().into()));
            let db: &dyn StateBackend = match &scoped { Some(scoped) => scoped, None => &backend };
            match perform(db, &operation).await {
                Ok(value) => println!("{}", json!({"ok": value})),
                Err(error) => println!("{}", json!({"error": error})),
            }
        }
    } else if a[1] == "append" {
        let (id, now) = (Uuid::new_v4().to_string(), chrono::Utc::now());
        let row = json!({"execution_id":id,"workflow_id":"w","workflow_version":"1","status":"running","initial_input":{},"current_state":{},"started_at":now,"updated_at":now,"completed_at":null,"session_type":null});
        backend.create_execution(serde_json::from_value(row).unwrap()).await.unwrap();
        let count: u32 = a[3].parse().unwrap();
        let kind = json!({"type":"node_completed","node_id":"n","output":{"text":"x".repeat(300)},"state_patch":{"n":{"v":1.5}},"duration_ms":5});
        let start = std::time::Instant::now();
        for _ in 0..count {
            let event = json!({"id":Uuid::new_v4(),"execution_id":id,"sequence":0,"kind":kind,"created_at":now});
            backend.append_event(serde_json::from_value(event).unwrap()).await.unwrap();
        }
        println!("{}", f64::from(count) / start.elapsed().as_secs_f64());
    } else if a[1] == "materialize" {
        let execution = backend.get_execution(&serde_json::from_value(json!(a[3])).unwrap()).await.unwrap().unwrap();
        let start = std::time::Instant::now();
        // What its materialize does where there is no snapshot.
        let events = backend.get_events(&execution.execution_id).await.unwrap();
        let state = apply_events(execution.initial_input.clone(), &events, &execution.status);
        let seconds = start.elapsed().as_secs_f64();
        let memory = std::fs::read_to_string("/proc/self/status").unwrap();
        let peak = memory.lines().find(|line| line.starts_with("VmHWM")).unwrap();
        println!("{}", json!({"seconds": seconds, "peak": peak, "state": state.current_state, "last": events.last().unwrap().sequence}));
    } else {
        for x in backend.list_executions(None, 1_000_000, 0).await.unwrap() {
            let id = &x.execution_id;
            let events = backend.get_events(id).await.unwrap();
            let mut moments = vec![moment(0, &apply_events(x.initial_input.clone(), &[], &x.status))];
            for n in 1..=events.len() {
                moments.push(moment(events[n - 1].sequence, &apply_events(x.initial_input.clone(), &events[..n], &x.status)));
            }
            let recovery = moment(0, &materialize(&backend, id).await.unwrap());
            let snapshot = backend.latest_snapshot(id).await.unwrap();
            println!("{}", json!({"execution": x, "events": events, "snapshot": snapshot, "moments": moments, "recovery": recovery}));
        }
    }
    backend.pool().close().await;
}
