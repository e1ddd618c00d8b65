//! The addresses of the table: which route a request is for.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::iter;

use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, Resource, Scope};

use super::Route;
use crate::guards::entrance;
use crate::problem::Problem;

/// Registers these rows alone.
///
/// An address is compared with the fixed words that others begin with as well, and then with the patterns of those alone: a pattern costs
/// more than words, and there are hundreds.
pub fn register(config: &mut ServiceConfig, rows: impl Iterator<Item = Route>) {
    let mut by_path: BTreeMap<String, Vec<Route>> = BTreeMap::new();
    for route in rows {
        by_path.entry(route.path.clone()).or_default().push(route);
    }
    // Fixed words before parameters: `me/` is never an id.
    let mut paths: Vec<_> = by_path.into_iter().collect();
    paths.sort_by_key(|(path, _)| path.matches('{').count());
    let mut names = Names::default();
    let mut scopes: BTreeMap<String, Scope> = BTreeMap::new();
    let mut others = Vec::new();
    for (path, routes) in paths {
        let aliases = routes.iter().flat_map(|route| route.aliases.iter().copied());
        for (scope, addresses) in by_scope(&path, aliases) {
            names.note(&scope, &addresses, &path);
            let resource = resource(addresses, &routes);
            if scope.is_empty() {
                others.push(resource);
            } else {
                let filled = scopes.remove(&scope).unwrap_or_else(|| web::scope(&scope));
                scopes.insert(scope, filled.service(resource));
            }
        }
    }
    for scope in scopes.into_values() {
        config.service(scope);
    }
    for resource in others {
        config.service(resource);
    }
    config.app_data(names);
}

/// A path and its aliases in both spellings, by the fixed words that they begin with, each without these. The path itself comes first.
fn by_scope<'a>(path: &'a str, aliases: impl Iterator<Item = &'a str>) -> Vec<(String, Vec<String>)> {
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    for address in iter::once(path).chain(aliases).flat_map(both_spellings) {
        let scope = scope_of(&address);
        let rest = address.strip_prefix(&scope).unwrap_or_default().to_owned();
        match found.iter_mut().find(|(known, _)| *known == scope) {
            Some((_, addresses)) if addresses.contains(&rest) => {}
            Some((_, addresses)) => addresses.push(rest),
            None => found.push((scope, vec![rest])),
        }
    }
    found
}

/// The words that say which things an address is of: three, four in the pharmacy API. Nothing where it has fewer, or parameters there.
fn scope_of(address: &str) -> String {
    let pharmacy = address.strip_prefix("/api/v1/pharmacy");
    let is_pharmacy = pharmacy.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let count = if is_pharmacy { 4 } else { 3 };
    let words: Vec<_> = address.split('/').skip(1).take(count).collect();
    let is_fixed = |word: &&str| !word.is_empty() && !word.contains('{');
    if words.len() < count || !words.iter().all(is_fixed) {
        return String::new();
    }
    format!("/{}", words.join("/"))
}

/// What answers these addresses, of which the first names it.
fn resource(addresses: Vec<String>, routes: &[Route]) -> Resource {
    let allow = allowed(routes);
    let mut resource = web::resource(addresses);
    for route in routes.iter().flat_map(Route::register) {
        resource = resource.route(route);
    }
    resource.default_service(web::to(move |request: HttpRequest| {
        let allow = allow.clone();
        async move {
            entrance::admit_nobody(&request).await?;
            Err::<HttpResponse, _>(Problem::MethodNotAllowed { allow })
        }
    }))
}

/// What addresses are called that do not begin as their path does.
#[derive(Debug, Default)]
struct Names(HashMap<String, String>);

impl Names {
    fn note(&mut self, scope: &str, addresses: &[String], path: &str) {
        let pattern = addresses.first().map(|first| format!("{scope}{first}"));
        if let Some(pattern) = pattern.filter(|pattern| pattern != path) {
            self.0.insert(pattern, path.to_owned());
        }
    }
}

/// The path of the route that the address of a request belongs to, with `{id}` for parameters: the same for all of its addresses, with and
/// without their last slash.
#[must_use]
pub(crate) fn path_of(request: &HttpRequest) -> Option<String> {
    let pattern = request.match_pattern()?;
    let named = request.app_data::<Names>().and_then(|names| names.0.get(&pattern));
    Some(named.cloned().unwrap_or(pattern))
}

/// An address with its last slash and without.
fn both_spellings(path: &str) -> Vec<String> {
    match path.strip_suffix('/') {
        Some(without_slash) if !without_slash.is_empty() => vec![path.to_owned(), without_slash.to_owned()],
        Some(_) | None => vec![path.to_owned()],
    }
}

fn allowed(routes: &[Route]) -> String {
    let methods: BTreeSet<_> = routes
        .iter()
        .flat_map(Route::methods)
        .map(|method| method.to_string())
        .collect();
    methods.into_iter().collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::{by_scope, scope_of};

    #[test]
    fn an_address_is_looked_for_among_those_that_begin_with_its_words() {
        let scopes = [
            "/api/v1/sales/",
            "/api/v1/sales",
            "/api/v1/sales/{id}/cancel/",
            "/api/v1/pharmacy/products/{id}/",
            "/api/v1/pharmacy/products",
            "/api/v1/{other}/",
            "/api/v1/pharmacy/",
            "/api/v1/pharmacy",
            "/media/products/{name}",
            "/health/",
            "/api/v1/",
        ]
        .map(scope_of);

        let (sales, products) = ("/api/v1/sales", "/api/v1/pharmacy/products");
        assert_eq!(
            scopes,
            [sales, sales, sales, products, products, "", "", "", "", "", ""]
        );
    }

    #[test]
    fn aliases_stand_with_the_path_where_they_begin_as_it_does() {
        let aliases = ["/api/v1/workers/kpi/{id}/", "/api/v1/kpi/all/{id}/"];

        let found = by_scope("/api/v1/kpi/{id}/", aliases.into_iter());

        let own = ["/{id}/", "/{id}", "/all/{id}/", "/all/{id}"];
        let other = ["/kpi/{id}/", "/kpi/{id}"];
        let expected = [("/api/v1/kpi", own.to_vec()), ("/api/v1/workers", other.to_vec())];
        let expected = expected.map(|(scope, rest)| (scope.to_owned(), rest.into_iter().map(str::to_owned).collect()));
        assert_eq!(found, expected);
    }
}
