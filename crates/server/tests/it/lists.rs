//! Case lists: pages, order and every filter.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::{TestApp, on_both_databases};

/// All names in a list, read page by page.
fn walk(app: &TestApp, query: &str) -> Vec<String> {
    let (mut names, mut cursor) = (Vec::new(), String::new());
    loop {
        let list = app.get(&format!("/api/v1/cases?{query}&cursor={cursor}")).expect(200);
        names.extend(list["data"].as_array().unwrap().iter().map(|case| case["name"].as_str().unwrap().to_owned()));
        let Value::String(next) = &list["pagination"]["cursor"] else { return names };
        next.clone_into(&mut cursor);
        assert_eq!(list["pagination"]["has_more"], true);
    }
}

on_both_databases! {
    fn a_row_is_the_case_without_its_long_fields(app) {
        let mut case = app.create(&json!({ "name": "a", "description": "d", "custom_fields": { "a": 1 }, "tags": ["x"] }));
        for field in ["description", "parties", "staff", "custom_fields"] {
            case.as_object_mut().unwrap().shift_remove(field);
        }
        let list = app.get("/api/v1/cases").expect(200);
        assert_eq!(list, json!({ "data": [case], "pagination": { "cursor": null, "has_more": false } }));
    }

    fn a_list_without_cases_is_an_empty_array(app) {
        let empty = json!({ "data": [], "pagination": { "cursor": null, "has_more": false } });
        assert_eq!(app.get("/api/v1/cases").expect(200), empty);
    }

    fn the_newest_cases_come_first(app) {
        for name in ["1", "2", "3"] {
            app.case(name);
        }
        assert_eq!(app.names(""), ["3", "2", "1"]);
        assert_eq!(app.names("sort=created_at"), ["1", "2", "3"]);
        assert_eq!(app.names("sort=-created_at"), ["3", "2", "1"]);
    }

    fn a_list_is_sorted_by_time_of_update(app) {
        let first = app.case("1");
        app.case("2");
        app.put(&TestApp::path(&first), &json!({ "description": "later" })).expect(200);
        assert_eq!(app.names("sort=-updated_at"), ["1", "2"]);
        assert_eq!(app.names("sort=updated_at"), ["2", "1"]);
    }

    fn a_list_is_sorted_by_due_date_with_undated_cases_last(app) {
        for (name, due_on) in [("none", json!(null)), ("late", json!("2027-01-01")), ("early", json!("2026-01-01"))] {
            app.create(&json!({ "name": name, "due_on": due_on }));
        }
        assert_eq!(app.names("sort=due_on"), ["early", "late", "none"]);
        assert_eq!(app.names("sort=-due_on"), ["late", "early", "none"]);
        assert_eq!(walk(app, "sort=due_on&limit=1"), ["early", "late", "none"]);
        assert_eq!(walk(app, "sort=-due_on&limit=1"), ["late", "early", "none"]);
    }

    fn pages_contain_every_case_once(app) {
        let names = (0..23).map(|number| app.case(&number.to_string())["name"].as_str().unwrap().to_owned());
        let names = names.collect::<BTreeSet<_>>();
        for query in ["limit=1", "limit=5", "limit=22", "limit=23", "limit=100", "sort=updated_at&limit=4", "sort=due_on&limit=4"] {
            let walked = walk(app, query);
            assert_eq!(walked.len(), 23, "{query}");
            assert_eq!(walked.into_iter().collect::<BTreeSet<_>>(), names, "{query}");
        }
    }

    fn a_page_has_50_rows_by_default(app) {
        for number in 0..51 {
            app.case(&number.to_string());
        }
        let list = app.get("/api/v1/cases").expect(200);
        assert_eq!((list["data"].as_array().unwrap().len(), &list["pagination"]["has_more"]), (50, &json!(true)));
    }

    fn pages_lose_and_repeat_no_case_while_cases_are_created(app) {
        for number in 0..10 {
            app.case(&format!("old {number}"));
        }
        for sort in ["-created_at", "created_at"] {
            let (mut seen, mut cursor) = (Vec::new(), String::new());
            loop {
                let list = app.get(&format!("/api/v1/cases?search=old&limit=3&sort={sort}&cursor={cursor}")).expect(200);
                seen.extend(list["data"].as_array().unwrap().iter().map(|case| case["name"].to_string()));
                app.case("new");
                let Value::String(next) = &list["pagination"]["cursor"] else { break };
                next.clone_into(&mut cursor);
            }
            assert_eq!((seen.len(), seen.iter().collect::<BTreeSet<_>>().len()), (10, 10), "{sort}");
        }
    }

    fn a_limit_out_of_range_is_a_validation_error(app) {
        for limit in ["0", "-1", "101", "99999999999999999999", "ten", "1.5", ""] {
            app.get(&format!("/api/v1/cases?limit={limit}")).expect_faults(&["limit"]);
            let case = app.case("a");
            app.get(&format!("{}/timeline?limit={limit}", TestApp::path(&case))).expect_faults(&["limit"]);
        }
        app.get("/api/v1/cases?limit=1").expect(200);
        app.get("/api/v1/cases?limit=100").expect(200);
    }

    fn a_bad_cursor_is_a_validation_error(app) {
        for name in ["1", "2"] {
            app.case(name);
        }
        let page = app.get("/api/v1/cases?limit=1&sort=due_on").expect(200);
        let foreign = page["pagination"]["cursor"].as_str().unwrap().to_owned();
        for cursor in ["x", "eyJpZCI6IjU1MGU4NDAwIn0=", "%00", "C", &"C".repeat(5000), &foreign] {
            app.get(&format!("/api/v1/cases?cursor={cursor}")).expect_faults(&["cursor"]);
        }
    }

    fn all_invalid_parameters_are_named_at_once(app) {
        let wrong = ["limit=0", "cursor=x", "sort=name", "status=frozen", "priority=frantic", "id=x", "client=x", "location=x",
                     "case_region=x", "case_status=x", "created_from=x", "created_to=2026-02-30", "created_from_system=x",
                     "created_to_system=x", "due_from=x", "due_to=x", "updated_from=x", "updated_to=x", "is_request=maybe",
                     "primary_contact=x", "primary_investigator=x", "primary_manager=x", "primary_salesperson=x",
                     "primary_subject=x", "series_number=x", "series_instance=x", "customer=x", "contractor=x",
                     "search=a%00b", "tag=%0a", "type=%00", "reference_value_1=%00", "case_number=%00"];
        let fields = wrong.iter().map(|pair| pair.split_once('=').unwrap().0).collect::<Vec<_>>();
        app.get(&format!("/api/v1/cases?{}", wrong.join("&"))).expect_faults(&fields);
    }

    fn an_unknown_parameter_is_refused_and_named(app) {
        app.get("/api/v1/cases?colour=red&page=7").expect_faults(&["colour", "page"]);
        app.get("/api/v1/cases?prioritty=high").expect_faults(&["prioritty"]);
    }

    fn a_list_is_filtered_by_phase(app) {
        let (_, closed, archived) = (app.case("active"), app.case("closed"), app.case("archived"));
        app.transition(&closed, "close");
        app.transition(&archived, "close");
        app.put(&TestApp::path(&archived), &json!({ "status": "archived" })).expect(200);
        for status in ["active", "closed", "archived"] {
            assert_eq!(app.names(&format!("status={status}")), [status]);
        }
    }

    fn a_list_is_filtered_by_status_of_the_workflow(app) {
        let (_, pending) = (app.case("open"), app.case("pending"));
        app.transition(&pending, "wait_for_customer");
        assert_eq!(app.names("case_status=3"), ["pending"]);
        assert_eq!(app.names("case_status=1"), ["open"]);
        assert_eq!(app.names("case_status=7"), Vec::<String>::new());
    }

    fn a_list_is_filtered_by_priority_tag_and_type(app) {
        app.create(&json!({ "name": "a", "priority": "urgent", "tags": ["x", "y"], "type": "litigation" }));
        app.create(&json!({ "name": "b", "priority": "low", "tags": ["xy"], "type": "advice" }));
        for query in ["priority=urgent", "tag=x", "tag=y", "type=litigation", "priority=urgent&tag=x&type=litigation"] {
            assert_eq!(app.names(query), ["a"], "{query}");
        }
        assert_eq!(app.names("priority=urgent,low"), ["b", "a"]);
        for query in ["priority=normal", "tag=X", "tag=z", "type=litig", "priority=low&tag=x"] {
            assert_eq!(app.names(query), Vec::<String>::new(), "{query}");
        }
    }

    fn a_search_matches_part_of_name_file_number_or_case_number(app) {
        let case = app.create(&json!({ "name": "Müller ./. ÖZDEMIR", "file_number": "AZ-2026-042" }));
        app.create(&json!({ "name": "other", "description": "Müller" }));
        let case_number = case["case_number"].as_str().unwrap();
        for search in ["m%C3%BCller", "%C3%B6zdemir", "az-2026", "Z-2026-04", &case_number[3..], "M%C3%9CLLER", "+./.+"] {
            assert_eq!(app.names(&format!("search={search}")), ["Müller ./. ÖZDEMIR"], "{search}");
        }
    }

    fn a_search_finds_the_same_in_every_dialect(app) {
        let case = app.create(&json!({ "name": "Hauptstraße café", "file_number": "AZ-2026-115" }));
        app.create(&json!({ "name": "other" }));
        let former = case["case_number"].as_str().unwrap();
        app.put(&TestApp::path(&case), &json!({ "status": "closed" })).expect(200);
        app.put(&TestApp::path(&case), &json!({ "status": "active", "reason": "an appeal" })).expect(200);
        let now = app.get(&TestApp::path(&case)).expect(200)["case_number"].as_str().unwrap().to_owned();
        assert_ne!(now, former);
        for search in ["AZ-2026-115%20", "%20HAUPTSTRASSE", "cafe%CC%81", "CAF%C3%89", former, &former[3..], &now] {
            assert_eq!(app.names(&format!("search={search}")), ["Hauptstraße café"], "{search}");
            let services = app.get(&format!("/api/cases/list?search={search}")).expect(200);
            assert_eq!(services["pagination"]["total"], 1, "services, {search}: {services}");
            let trackops = crate::trackops::trackops(app).get(&format!("/api/v1/cases?search={search}")).expect(200);
            assert_eq!(trackops.as_array().map(Vec::len), Some(1), "Trackops, {search}: {trackops}");
        }
    }

    fn a_search_takes_wildcards_literally(app) {
        for name in ["100% sure", "a_b", "a\\b", "axb"] {
            app.case(name);
        }
        for (search, found) in [("100%25", "100% sure"), ("%25", "100% sure"), ("a_b", "a_b"), ("_", "a_b"), ("a%5Cb", "a\\b"), ("%5C", "a\\b")] {
            assert_eq!(app.names(&format!("search={search}")), [found], "{search}");
        }
        assert_eq!(app.names("search=%27%20OR%201%3D1%20--"), Vec::<String>::new());
    }

    fn a_list_is_filtered_by_opening_date_and_due_date(app) {
        app.create(&json!({ "name": "a", "opened_on": "2020-01-10", "due_on": "2020-02-10" }));
        app.create(&json!({ "name": "b", "opened_on": "2020-01-20", "due_on": "2020-02-20" }));
        app.create(&json!({ "name": "c", "opened_on": "2020-01-30" }));
        for (query, expected) in [
            ("created_from=2020-01-20", vec!["c", "b"]), ("created_to=2020-01-20", vec!["b", "a"]),
            ("created_from=2020-01-11&created_to=2020-01-29", vec!["b"]), ("from=2020-01-30", vec!["c"]), ("To=2020-01-10", vec!["a"]),
            ("due_from=2020-02-20", vec!["b"]), ("due_to=2020-02-20", vec!["b", "a"]), ("due_to=2020-02-19", vec!["a"]),
            ("created_from=2020-01-20T00:00:00Z&created_to=2020-01-20T00:00:00Z", vec!["b"]),
            ("created_from=2020-01-20T00:00:01Z", vec!["c"]), ("created_to=2020-01-19%2023:59:59", vec!["a"]),
        ] {
            assert_eq!(app.names(query), expected, "{query}");
        }
    }

    fn a_list_is_filtered_by_time_of_recording_and_of_update(app) {
        let case = app.case("a");
        let created = case["created_at"].as_str().unwrap();
        let day = &created[..10];
        for query in [format!("created_from_system={created}"), format!("created_to_system={created}"),
                      format!("created_from_system={day}&created_to_system={day}"), format!("updated_from={created}"),
                      format!("updated_to={created}"), format!("updated_to={day}"), "created_to_system=2099-01-01".to_owned(),
                      format!("created_from_system={}", created.replace('Z', "%2B00:00")),
                      format!("created_from_system={}", created.replace('Z', "+00:00"))] {
            assert_eq!(app.names(&query), ["a"], "{query}");
        }
        for query in ["created_from_system=2099-01-01", "created_to_system=2020-01-01", "updated_from=2099-01-01T00:00:00Z", "updated_to=2020-12-31"] {
            assert_eq!(app.names(query), Vec::<String>::new(), "{query}");
        }
    }

    fn a_list_accepts_the_filters_of_trackops(app) {
        let case = app.create(&json!({ "name": "a", "is_request": true, "references": ["R1", "R2", "R3"], "customer_id": 7, "contractor_id": 8 }));
        app.create(&json!({ "name": "b", "references": ["R2"], "customer_id": 8 }));
        let (number, case_number) = (&case["number"], case["case_number"].as_str().unwrap());
        for query in ["is_request=true", "is_request=1", "is_request=yes", "reference_value_1=R1", "reference_value_2=R2",
                      "reference_value_3=R3", &format!("id={number}"), &format!("series_number={number}"),
                      &format!("series_number={number}&series_instance=1"), &format!("case_number={case_number}"), "customer=7", "contractor=8"] {
            assert_eq!(app.names(query), ["a"], "{query}");
        }
        assert_eq!(app.names("is_request=no"), ["b"]);
        for query in ["reference_value_1=R", "client=1", "location=1", "case_region=1", "primary_contact=1",
                      "primary_investigator=usr_0000000000001", "primary_manager=1", "primary_salesperson=1", "primary_subject=1",
                      "case_number=2011-08-00123-01", "series_instance=2", "id=999999999"] {
            assert_eq!(app.names(query), Vec::<String>::new(), "{query}");
        }
    }

    fn a_former_case_number_finds_the_case(app) {
        let case = app.case("a");
        app.transition(&case, "close");
        let reopened = app.transition(&case, "reopen");
        assert_ne!(reopened["case_number"], case["case_number"]);
        for case in [&case, &reopened] {
            assert_eq!(app.names(&format!("case_number={}", case["case_number"].as_str().unwrap())), ["a"]);
        }
        assert_eq!(app.names("series_instance=1"), Vec::<String>::new());
        assert_eq!(app.names("series_instance=2"), ["a"]);
    }
}
