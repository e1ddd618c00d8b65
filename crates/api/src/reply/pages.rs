//! Lists in both dialects: the rows of a page, how many there are in all, and the ways to the pages around it.

use actix_web::http::header::{HeaderName, HeaderValue, LINK};
use actix_web::{HttpRequest, HttpResponse, web};
use savdo_domain::{FieldProblem, Refusal};
use savdo_services::{Context, Counts, Listed, Position, REACH};
use serde::Serialize;
use utoipa::ToSchema;

use super::origin;
use crate::extract::PageQuery;
use crate::pharmacy::legacy::BareArray;
use crate::problem::Problem;

/// How many rows there are in all, beside a bare array.
const TOTAL_COUNT: HeaderName = HeaderName::from_static("x-total-count");

/// A page of the pharmacy API.
#[derive(Debug, Serialize, ToSchema)]
pub struct PageReply<T> {
    /// All rows that match.
    pub count: i64,
    /// The address of the next page.
    pub next: Option<String>,
    /// The address of the page before.
    pub previous: Option<String>,
    /// The rows.
    pub results: Vec<T>,
}

/// 200 with a bare array, page data in the headers (shop.md 1.4).
///
/// # Errors
/// A problem at `page` where its number lies too deep in the list.
pub fn listed<T: Serialize>(
    listed: Listed<T>,
    page: &PageQuery,
    request: &HttpRequest,
) -> Result<HttpResponse, Problem> {
    check_reach(&listed, page)?;
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    let context = request.app_data::<web::Data<Context>>();
    let links = Links::of(&listed, page, context.map(|context| context.get_ref()), path);
    let mut response = HttpResponse::Ok().json(&listed.rows);
    let headers = response.headers_mut();
    headers.insert(TOTAL_COUNT, HeaderValue::from(listed.total));
    if let Ok(links) = HeaderValue::from_str(&links.written()) {
        headers.insert(LINK, links);
    }
    Ok(response)
}

/// 200 with a page of the pharmacy API, with links to those around it; at an older address perhaps a bare array.
///
/// # Errors
/// [`Problem::InvalidPage`] past the end; the first page of nothing is empty. A problem at `page` as for [`listed`].
pub fn paged<T: Serialize>(
    listed: Listed<T>,
    page: &PageQuery,
    request: &HttpRequest,
) -> Result<HttpResponse, Problem> {
    let context = request.app_data::<web::Data<Context>>();
    Frame::of(page, request).paged(listed, context.map(|context| context.get_ref()))
}

/// What a page of the pharmacy API is written into, apart from the request that asks for it.
#[derive(Debug)]
pub struct Frame {
    /// As the client wrote it.
    address: String,
    page: PageQuery,
    is_bare: bool,
}

impl Frame {
    /// The one that this request asks for.
    #[must_use]
    pub fn of(page: &PageQuery, request: &HttpRequest) -> Self {
        Self {
            address: address(request),
            page: page.clone(),
            is_bare: BareArray::is_asked_by(request),
        }
    }

    /// As [`paged`].
    ///
    /// # Errors
    /// As [`paged`].
    pub fn paged<T: Serialize>(self, listed: Listed<T>, context: Option<&Context>) -> Result<HttpResponse, Problem> {
        if self.is_bare {
            let mut response = HttpResponse::Ok().json(listed.rows);
            let headers = response.headers_mut();
            headers.insert(TOTAL_COUNT, HeaderValue::from(listed.total));
            return Ok(response);
        }
        check_reach(&listed, &self.page)?;
        if listed.rows.is_empty() && self.page.number() > 1 {
            return Err(Problem::InvalidPage);
        }
        let links = Links::of(&listed, &self.page, context, &self.address);
        Ok(HttpResponse::Ok().json(PageReply {
            count: listed.total,
            next: links.next,
            previous: links.previous,
            results: listed.rows,
        }))
    }
}

fn check_reach<T>(listed: &Listed<T>, page: &PageQuery) -> Result<(), Problem> {
    if !page.page().is_beyond_reach(listed.total) {
        return Ok(());
    }
    let pages = REACH.checked_div(page.size()).unwrap_or(1);
    let range = FieldProblem::OutOfRange {
        min: "1".to_owned(),
        max: pages.to_string(),
    };
    Err(Problem::Refused(Refusal::field("page", range)))
}

/// The absolute address of a request, as its client wrote it; forwarded headers are not believed.
pub(crate) fn address(request: &HttpRequest) -> String {
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    format!("{}{path}", origin(request))
}

/// The addresses of the pages around one.
struct Links {
    first: String,
    previous: Option<String>,
    next: Option<String>,
    last: Option<String>,
}

impl Links {
    /// To the pages before and after by their cursors, which find them at any depth; to the last only where the length of the
    /// list is exact.
    fn of<T>(listed: &Listed<T>, page: &PageQuery, context: Option<&Context>, address: &str) -> Self {
        let beside = |position: &Position, number: i64| {
            let cursor = context?.write_cursor(page.list(), position);
            let number = number.clamp(1, PageQuery::NUMBER_MAX);
            Some(with_page(address, number, Some(&cursor)))
        };
        let last = last_page(listed.total, page.size());
        let is_exact = listed.total <= Counts::EXACT_MAX;
        let (before, after) = (page.number().saturating_sub(1), page.number().saturating_add(1));
        // Past the end there is no row to begin from: the number tells the page before.
        let back = || (before >= 1 && listed.rows.is_empty()).then(|| with_page(address, before.min(last), None));
        Self {
            first: with_page(address, 1, None),
            previous: listed
                .previous
                .as_ref()
                .and_then(|position| beside(position, before))
                .or_else(back),
            next: listed.next.as_ref().and_then(|position| beside(position, after)),
            last: is_exact.then(|| with_page(address, last, None)),
        }
    }

    /// As the header `Link` says them.
    fn written(self) -> String {
        let links = [
            ("first", Some(self.first)),
            ("prev", self.previous),
            ("next", self.next),
            ("last", self.last),
        ];
        let links = links
            .into_iter()
            .filter_map(|(rel, link)| Some(format!("<{}>; rel=\"{rel}\"", link?)));
        links.collect::<Vec<_>>().join(", ")
    }
}

fn last_page(total: i64, size: i64) -> i64 {
    total
        .saturating_add(size)
        .saturating_sub(1)
        .checked_div(size)
        .unwrap_or(1)
        .max(1)
}

/// The same address with another page; all other parameters stay.
fn with_page(address: &str, number: i64, cursor: Option<&str>) -> String {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let query = query.strip_suffix('/').unwrap_or(query);
    let is_of_page = |pair: &&str| matches!(pair.split('=').next(), Some("page" | "cursor"));
    let others = query.split('&').filter(|pair| !pair.is_empty() && !is_of_page(pair));
    let mut pairs: Vec<_> = others.map(str::to_owned).chain([format!("page={number}")]).collect();
    pairs.extend(cursor.map(|cursor| format!("cursor={cursor}")));
    format!("{path}?{}", pairs.join("&"))
}

#[cfg(test)]
mod tests {
    use actix_web::FromRequest;
    use actix_web::dev::Payload;
    use actix_web::test::TestRequest;
    use savdo_services::{Counts, Listed};

    use super::{Links, last_page, with_page};
    use crate::extract::PageQuery;

    #[test]
    fn a_link_keeps_every_other_parameter() {
        assert_eq!(
            with_page("/api/v1/sales/?status=all&page=2&cursor=Abc&page_size=5", 3, None),
            "/api/v1/sales/?status=all&page_size=5&page=3"
        );
        assert_eq!(
            with_page("/api/v1/sales/", 2, Some("Abc")),
            "/api/v1/sales/?page=2&cursor=Abc"
        );
    }

    #[test]
    fn past_the_end_of_a_list_whose_length_may_lag_the_way_back_is_told() {
        let address = "/api/v1/sales/?page=9000&page_size=2";
        let request = TestRequest::with_uri(address).to_http_request();
        let page = PageQuery::from_request(&request, &mut Payload::None).into_inner();
        let listed = Listed::<i64> {
            rows: Vec::new(),
            total: Counts::EXACT_MAX + 1,
            previous: None,
            next: None,
        };

        let links = Links::of(&listed, &page.unwrap(), None, address);

        let back = format!("/api/v1/sales/?page_size=2&page={}", Counts::EXACT_MAX / 2 + 1);
        assert_eq!((links.previous, links.last), (Some(back), None));
    }

    #[test]
    fn the_last_page_of_nothing_is_the_first() {
        assert_eq!(
            [(0, 20), (20, 20), (21, 20)].map(|(total, size)| last_page(total, size)),
            [1, 1, 2]
        );
    }
}
