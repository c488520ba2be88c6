//! Lists with links to their neighbouring pages in the header `Link` (RFC 8288).

use actix_web::{HttpRequest, HttpResponse, Responder, body::BoxBody, http::header};
use docket_domain::page::PageNumber;
use serde::Serialize;

/// Longest link. A longer one, of a query with very long filters, is left out.
const MAX_LENGTH: usize = 4_096;

/// A neighbouring page: its relation to the page, and the query parameter that selects it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Neighbour {
    pub relation: &'static str,
    pub parameter: &'static str,
    pub value: String,
}

impl Neighbour {
    /// The page at a cursor.
    #[must_use]
    pub fn next(cursor: &str) -> Self {
        Self { relation: "next", parameter: "cursor", value: cursor.to_owned() }
    }

    /// The neighbours of a numbered page. `last` is the number of the last page, if it is known; `has_next` counts only
    /// if it is not. A list of one page has no links.
    #[must_use]
    pub fn numbered(page: PageNumber, last: Option<i64>, has_next: bool) -> Vec<Self> {
        let has_next = last.map_or(has_next, |last| page.page < last);
        if page.page == 1 && !has_next {
            return Vec::new();
        }
        let at = |relation, number: i64| Self { relation, parameter: "page", value: number.to_string() };
        let neighbours = [
            Some(at("first", 1)),
            (page.page > 1).then(|| at("prev", page.page - 1)),
            has_next.then(|| at("next", page.page.saturating_add(1))),
            last.map(|last| at("last", last)),
        ];
        neighbours.into_iter().flatten().collect()
    }
}

/// A page of a list.
pub trait Neighbours {
    /// The pages to link to.
    fn neighbours(&self) -> Vec<Neighbour>;
}

/// A page of a list as a response with links.
#[derive(Debug)]
pub struct Linked<T>(pub T);

impl<T: Serialize + Neighbours> Responder for Linked<T> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        let mut response = HttpResponse::Ok();
        let links = self.0.neighbours();
        let links = links.iter().map(|neighbour| link(request, neighbour)).filter(|link| link.len() <= MAX_LENGTH);
        let links = links.collect::<Vec<_>>().join(", ");
        if !links.is_empty() {
            response.insert_header((header::LINK, links));
        }
        response.json(self.0)
    }
}

/// The request's own path and query with another value of one parameter. The server's name is left out: behind a proxy,
/// only the client knows it.
fn link(request: &HttpRequest, neighbour: &Neighbour) -> String {
    let Neighbour { relation, parameter, value } = neighbour;
    let names = |pair: &&str| pair.split('=').next() != Some(*parameter) && !pair.is_empty();
    let kept = request.query_string().split('&').filter(names);
    let query = kept.chain([format!("{parameter}={value}").as_str()]).collect::<Vec<_>>().join("&");
    format!("<{}?{query}>; rel=\"{relation}\"", request.path())
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn a_link_keeps_the_filters() {
        let request = TestRequest::with_uri("/api/v1/cases?search=a%26b&cursor=old&limit=2").to_http_request();
        let link = link(&request, &Neighbour::next("new"));
        assert_eq!(link, "</api/v1/cases?search=a%26b&limit=2&cursor=new>; rel=\"next\"");
    }

    #[test]
    fn a_numbered_page_names_the_pages_that_exist() {
        let relations = |page, last, full| {
            let page = PageNumber { page, per_page: 10 };
            let neighbours = Neighbour::numbered(page, last, full);
            neighbours.into_iter().map(|it| format!("{} {}", it.relation, it.value)).collect::<Vec<_>>()
        };
        assert!(relations(1, Some(1), true).is_empty());
        assert_eq!(relations(2, Some(3), false), ["first 1", "prev 1", "next 3", "last 3"]);
        assert_eq!(relations(2, None, true), ["first 1", "prev 1", "next 3"]);
        assert_eq!(relations(2, None, false), ["first 1", "prev 1"]);
    }
}
