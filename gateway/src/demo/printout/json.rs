//! The demo as one JSON document.
//!
//! Units: `_ms` milliseconds. `crossed` holds the bodies as they reached the far side.

use std::time::Duration;

use serde_json::{Value, json};

use crate::demo::{Run, Setting, act::Act, audit_log::ChainState};

/// All that was seen, and whether it is as expected (`ok`).
pub(crate) fn as_json(setting: &Setting, run: &Run) -> Value {
    let summary = &run.summary;
    let (chain_intact, records) = match summary.chain {
        ChainState::Intact(lines) => (true, Some(lines)),
        ChainState::Broken(_) => (false, None),
    };
    json!({
        "ok": run.held(),
        "setting": {
            "base_url": setting.base_url,
            "local_model": setting.local_model,
            "far_model": setting.far_model,
            "far_url": setting.far_url,
            "far_is_stand_in": setting.is_stand_in,
            "start_ms": millis(setting.start),
        },
        "requests": run.acts.iter().map(act).collect::<Vec<_>>(),
        "summary": {
            "requests": summary.requests,
            "near": summary.near,
            "far": summary.far,
            "refused": summary.refused,
            "replaced": summary.replaced,
            "crossed_bytes": summary.crossed_bytes,
            "originals_found_in_them": summary.leaks,
            "restored_exactly": summary.restored.0,
            "answers_with_placeholders": summary.restored.1,
            "first_token_near_ms": summary.first_token_near.map(millis),
            "first_token_far_ms": summary.first_token_far.map(millis),
            "audit_log": setting.audit_log,
            "audit_records": records,
            "audit_chain_intact": chain_intact,
        },
    })
}

fn act(act: &Act) -> Value {
    let (record, response) = (&act.record, &act.response);
    let crossed = act.crossings.iter().map(|crossing| {
        serde_json::from_slice::<Value>(&crossing.body)
            .unwrap_or_else(|_| String::from_utf8_lossy(&crossing.body).into())
    });
    let calls = response.reply.tool_calls.iter();
    let calls = calls.map(|call| json!({ "name": call.name, "arguments": call.arguments }));
    let checks = act.checks.iter();
    let checks = checks.map(|check| json!({ "held": check.held, "what": check.what }));
    json!({
        "title": act.scene.title,
        "note": act.scene.note,
        "sent": act.scene.request.body,
        "route": record.route,
        "target": record.target,
        "rule": record.rule,
        "reason": record.reason,
        "redactions": record.redactions,
        "crossed": crossed.collect::<Vec<_>>(),
        "status": response.status.as_u16(),
        "came_back": {
            "text": response.reply.text,
            "tool_calls": calls.collect::<Vec<_>>(),
            "error": response.reply.error,
        },
        "first_token_ms": response.first_token.map(millis),
        "total_ms": millis(response.total),
        "checks": checks.collect::<Vec<_>>(),
    })
}

fn millis(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 1e6).round() / 1e3
}
