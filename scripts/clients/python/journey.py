"""The main journey of each dialect with clients that openapi-python-client makes from `openapi/*.json`.

The first argument is the folder with the generated packages. URL, KEY and KEY_NAME are the server, an API key and its name.
"""

import base64
import io
import os
import sys
import uuid

sys.path.insert(0, sys.argv[1])
URL, KEY, KEY_NAME = os.environ["URL"], os.environ["KEY"], os.environ["KEY_NAME"]
KIND = f"journey-{uuid.uuid4()}"


def native():
    from native import AuthenticatedClient
    from native.api.cases import create_case, list_cases, load_case, update_case
    from native.api.deadlines import add_deadline
    from native.api.documents import download_document, list_documents, upload_document
    from native.api.transitions import list_timeline
    from native.api.notes import add_note
    from native.api.participants import add_parties, add_staff
    from native.api.people import create_person
    from native.api.transitions import apply_transition, explain_transitions
    from native.models import (
        CreateCaseBody, CreateCaseBodyCustomFieldsType0, CreateDeadlineBody, CreatePersonBody, DeadlineKind, NoteBody,
        PartiesBody, PartyEntry, PersonKind, Phase, Priority, StaffBody, StaffEntry, TransitionBody, UpdateCaseBody,
        UploadSchema,
    )
    from native.types import File

    client = AuthenticatedClient(base_url=URL, token=KEY, raise_on_unexpected_status=True)
    fields = CreateCaseBodyCustomFieldsType0.from_dict({"court": "ArbG Berlin"})
    body = CreateCaseBody(name="Smith v. Jones", type_=KIND, priority=Priority.HIGH, custom_fields=fields)
    case = create_case.sync(client=client, body=body)
    assert case.status is Phase.ACTIVE and case.custom_fields["court"] == "ArbG Berlin"
    case_id = str(case.id)

    found = list_cases.sync(client=client, type_=KIND, limit=1)
    assert [row.id for row in found.data] == [case.id] and not found.pagination.has_more

    moves = explain_transitions.sync(case_id, client=client)
    assert any(move.name == "start" and move.allowed for move in moves.data)
    dry = apply_transition.sync(case_id, client=client, body=TransitionBody(transition="start", dry_run=True))
    assert dry.dry_run is True and dry.case_status.key == "in_progress"
    moved = apply_transition.sync(case_id, client=client, body=TransitionBody(transition="start"))
    assert moved.case_status.key == "in_progress" and not moved.dry_run

    person = create_person.sync(client=client, body=CreatePersonBody(name="Ada", kind=PersonKind.STAFF))
    parties = PartiesBody(parties=[PartyEntry(name="John Smith", role="client")])
    assert add_parties.sync(case_id, client=client, body=parties).data[0].role == "client"
    staff = StaffBody(staff=[StaffEntry(id=person.id, role="lead")])
    assert add_staff.sync(case_id, client=client, body=staff).data[0].name == "Ada"
    assert add_note.sync(case_id, client=client, body=NoteBody(body="Called the client.")).body == "Called the client."

    file = File(payload=io.BytesIO(b"the claim"), file_name="claim.txt", mime_type="text/plain")
    document = upload_document.sync(case_id, client=client, body=UploadSchema(file=file, title="Claim"))
    assert [row.id for row in list_documents.sync(case_id, client=client).data] == [document.id]
    # The generator reads a binary response from the text of a response; the detailed call has the bytes.
    assert download_document.sync_detailed(document.id, client=client).content == b"the claim"

    new = CreateDeadlineBody(title="Statement of defence", kind=DeadlineKind.COURT, due_at="2030-08-06")
    assert add_deadline.sync(case_id, client=client, body=new).kind is DeadlineKind.COURT
    changed = update_case.sync(case_id, client=client, body=UpdateCaseBody(priority=Priority.URGENT))
    assert changed.priority is Priority.URGENT
    assert load_case.sync(case_id, client=client).parties[0].name == "John Smith"
    types = [event.type_ for event in list_timeline.sync(case_id, client=client).data]
    assert types[-1] == "case.created" and "document.added" in types, types
    refused = apply_transition.sync(case_id, client=client, body=TransitionBody(transition="reopen", reason="x"))
    assert refused.error.code == "TRANSITION_NOT_ALLOWED" and refused.error.reasons


def services():
    from services import AuthenticatedClient
    from services.api.actions import act
    from services.api.cases import create_case, list_history, load_case, update_case
    from services.api.lists import list_cases
    from services.api.statistics import load_statistics
    from services.models import ActionBody, ActionName, CreateCaseBody, Priority, UpdateCaseBody

    client = AuthenticatedClient(base_url=URL, token=KEY, raise_on_unexpected_status=True)
    body = CreateCaseBody(customer_id=987654, title="The cooling unit leaks", priority=Priority.HIGH)
    case = create_case.sync(client=client, body=body).data
    found = list_cases.sync(client=client, search="cooling unit leaks", status="open")
    assert case.id in [row.id for row in found.data] and found.pagination.current_page == 1
    resolved = act.sync(str(case.id), client=client, body=ActionBody(action=ActionName.RESOLVE, resolution="Sealed"))
    assert resolved.data.status == "resolved"
    note = act.sync(str(case.id), client=client, body=ActionBody(action=ActionName.ADD_NOTE, note="Call back"))
    assert note.success
    changed = update_case.sync(str(case.id), client=client, body=UpdateCaseBody(priority=Priority.URGENT))
    assert changed.data.priority is Priority.URGENT
    assert load_case.sync(str(case.id), client=client).data.title == "The cooling unit leaks"
    assert [step.to_status for step in list_history.sync(str(case.id), client=client).data][-1] in ("open", "resolved")
    assert load_statistics.sync(client=client).data.by_status["resolved"] >= 1
    refused = act.sync(str(case.id), client=client, body=ActionBody(action=ActionName.REOPEN, reason="x"))
    assert refused.success is False and refused.allowed_transitions


def trackops():
    # The dialect of a shared path is chosen by HTTP Basic, which the generated client does not know by itself.
    from trackops import AuthenticatedClient
    from trackops.api.cases import create_case, list_cases, load_case
    from trackops.api.directories import create_access_group
    from trackops.api.updates import create_update, list_updates
    from trackops.models import AccessGroupBody, CaseBody, Casefile, UpdateBody, UpdateFields

    kind = f"{KIND}-trackops"
    token = base64.b64encode(f"{KEY_NAME}/token:{KEY}".encode()).decode()
    client = AuthenticatedClient(base_url=URL, token=token, prefix="Basic", raise_on_unexpected_status=True)
    case = create_case.sync(client=client, body=CaseBody(casefile=Casefile(name="Surveillance", case_type=kind)))
    rows = list_cases.sync(client=client, type_=kind, per_page=1)
    assert rows[0].id == case.id and load_case.sync(str(case.id), client=client).name == "Surveillance"
    assert list_cases.sync(client=client, type_=kind, mode="count").record_count == 1
    group = create_access_group.sync(client=client, body=AccessGroupBody(name="Client", requires_validation=False))
    fields = UpdateFields(
        casefile_id=case.id, access_group_id=group.id, title="On site", body="<b>Arrived</b>", activity_at="2026-06-03"
    )
    update = create_update.sync(client=client, body=UpdateBody(update=fields))
    assert [row.id for row in list_updates.sync(client=client, case=str(case.id))] == [update.id]


def caseiq():
    from caseiq import AuthenticatedClient, Client
    from caseiq.api.cases import create_case, load_case, patch_case
    from caseiq.api.tokens import grant_token
    from caseiq.api.workflow import apply_transition
    from caseiq.models import CaseBody, Priority, TokenForm, TransitionBody

    secret = KEY.split(".")
    form = TokenForm(grant_type="client_credentials", client_id=secret[0], client_secret=secret[1])
    token = grant_token.sync(client=Client(base_url=URL), body=form)
    client = AuthenticatedClient(base_url=URL, token=token.access_token, raise_on_unexpected_status=True)
    body = CaseBody(title="Gift register", priority=Priority.HIGH)
    body["country"] = "DE"
    case = create_case.sync(client=client, body=body)
    assert case["country"] == "DE"
    change = CaseBody()
    change["country"] = "AT"
    assert patch_case.sync(str(case.id), client=client, body=change)["country"] == "AT"
    close = TransitionBody(case_status="Close", workflow_id=case.last_workflow_id, reason="declared")
    assert apply_transition.sync(str(case.id), client=client, body=close).case_status == "Closed"
    assert load_case.sync(str(case.id), client=client).last_transition_reason == "declared"


for journey in (native, services, trackops, caseiq):
    journey()
    print(f"   Python, {journey.__name__}: passed")
