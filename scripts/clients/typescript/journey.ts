// The main journey of each dialect with types that openapi-typescript makes from `openapi/*.json`, and openapi-fetch.
//
// URL, KEY and KEY_NAME are the server, an API key and its name.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import createClient from "openapi-fetch";

import type { paths as CaseIq } from "./generated/caseiq.js";
import type { paths as Native } from "./generated/native.js";
import type { paths as Services } from "./generated/services.js";
import type { paths as Trackops } from "./generated/trackops.js";

const { URL: baseUrl = "", KEY: key = "", KEY_NAME: keyName = "" } = process.env;
const kind = `journey-${randomUUID()}`;

// The body of a successful response.
function ok<T>(response: { data?: T; error?: unknown }): T {
    assert.equal(response.error, undefined);
    assert.notEqual(response.data, undefined);
    return response.data as T;
}

async function native(): Promise<void> {
    const client = createClient<Native>({ baseUrl, headers: { Authorization: `Bearer ${key}` } });
    const created = await client.POST("/api/v1/cases", {
        body: { name: "Smith v. Jones", type: kind, priority: "high", custom_fields: { court: "ArbG Berlin" } },
    });
    const { id, custom_fields } = ok(created);
    assert.equal(custom_fields["court"], "ArbG Berlin");
    const found = ok(await client.GET("/api/v1/cases", { params: { query: { type: kind, limit: 1 } } }));
    assert.deepEqual([found.data[0]?.id, found.pagination.has_more], [id, false]);

    const params = { path: { case: id } };
    const dry = await client.POST("/api/v1/cases/{case}/transitions", { params, body: { transition: "start", dry_run: true } });
    assert.deepEqual([ok(dry).dry_run, ok(dry).case_status.key], [true, "in_progress"]);
    const moved = await client.POST("/api/v1/cases/{case}/transitions", { params, body: { transition: "start" } });
    assert.equal(ok(moved).case_status.key, "in_progress");

    const person = ok(await client.POST("/api/v1/people", { body: { name: "Ada", kind: "staff" } }));
    const parties = { parties: [{ name: "John Smith", role: "client" }] };
    assert.equal(ok(await client.POST("/api/v1/cases/{case}/parties", { params, body: parties })).data[0]?.role, "client");
    const staff = { staff: [{ id: person.id, role: "lead" }] };
    assert.equal(ok(await client.POST("/api/v1/cases/{case}/staff", { params, body: staff })).data[0]?.name, "Ada");
    const note = ok(await client.POST("/api/v1/cases/{case}/notes", { params, body: { body: "Called the client." } }));
    assert.equal(note.body, "Called the client.");

    const form = new FormData();
    form.append("file", new Blob(["the claim"], { type: "text/plain" }), "claim.txt");
    // The types name the parts of the form; the form itself is what fetch sends.
    const upload = await client.POST("/api/v1/cases/{case}/documents", {
        params,
        body: { file: "" },
        bodySerializer: () => form,
    });
    const content = await client.GET("/api/v1/documents/{id}/content", {
        params: { path: { id: ok(upload).id } },
        parseAs: "text",
    });
    assert.equal(ok(content), "the claim");

    const deadline = { title: "Statement of defence", kind: "court" as const, due_at: "2030-08-06" };
    assert.equal(ok(await client.POST("/api/v1/cases/{case}/deadlines", { params, body: deadline })).kind, "court");
    assert.equal(ok(await client.PUT("/api/v1/cases/{case}", { params, body: { priority: "urgent" } })).priority, "urgent");
    const timeline = ok(await client.GET("/api/v1/cases/{case}/timeline", { params }));
    assert.equal(timeline.data.at(-1)?.type, "case.created");
    const refused = await client.POST("/api/v1/cases/{case}/transitions", { params, body: { transition: "reopen", reason: "x" } });
    assert.equal(refused.error?.error.code, "TRANSITION_NOT_ALLOWED");
}

async function services(): Promise<void> {
    const client = createClient<Services>({ baseUrl, headers: { Authorization: `Bearer ${key}` } });
    const body = { customer_id: 987654, title: "The cooling unit leaks", priority: "high" as const };
    const { id } = ok(await client.POST("/api/cases", { body })).data;
    const params = { path: { case: String(id) } };
    const action = await client.POST("/api/cases/{case}/action", { params, body: { action: "resolve", resolution: "Sealed" } });
    assert.equal(ok(action).data.status, "resolved");
    const statistics = ok(await client.GET("/api/cases/stats")).data;
    assert.ok((statistics.by_status["resolved"] ?? 0) >= 1);
    const found = ok(await client.GET("/api/cases/list", { params: { query: { search: "cooling unit leaks" } } }));
    assert.ok(found.data.some((row) => row.id === id));
}

async function trackops(): Promise<void> {
    const credential = Buffer.from(`${keyName}/token:${key}`).toString("base64");
    const client = createClient<Trackops>({ baseUrl, headers: { Authorization: `Basic ${credential}` } });
    const created = ok(await client.POST("/api/v1/cases", { body: { casefile: { name: "Surveillance", case_type: `${kind}-trackops` } } }));
    const rows = ok(await client.GET("/api/v1/cases", { params: { query: { type: `${kind}-trackops` } } }));
    assert.ok(Array.isArray(rows) && rows[0]?.id === created.id);
    const count = ok(await client.GET("/api/v1/cases", { params: { query: { type: `${kind}-trackops`, mode: "count" } } }));
    assert.ok(!Array.isArray(count) && count.record_count === 1);
}

async function caseiq(): Promise<void> {
    const [id = "", secret = ""] = key.split(".");
    const login = createClient<CaseIq>({ baseUrl });
    const token = await login.POST("/auth/oauth2/token", {
        body: { grant_type: "client_credentials", client_id: id, client_secret: secret },
    });
    const client = createClient<CaseIq>({ baseUrl, headers: { Authorization: `Bearer ${ok(token).access_token}` } });
    const created = ok(await client.POST("/case", { body: { title: "Gift register", country: "DE" } }));
    assert.equal(created["country"], "DE");
    const closed = await client.POST("/case/{case}/transition", {
        params: { path: { case: created.id } },
        body: { caseStatus: "Close", workflowId: created.lastWorkflowId, reason: "declared" },
    });
    assert.equal(ok(closed).caseStatus, "Closed");
}

for (const journey of [native, services, trackops, caseiq]) {
    await journey();
    console.log(`   TypeScript, ${journey.name}: passed`);
}
