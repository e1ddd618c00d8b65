//! What the audit log keeps of a product: the old and the new value of everything that changed.

use savdo_domain::coded::Coded;
use savdo_persistence::products::{Product, StoredProduct};
use serde_json::{Map, Value, json};

use crate::audit::{Action, Entry, Subject};

/// The entry of a new product.
pub(super) fn of_new(stored: &StoredProduct) -> Entry {
    entry(
        stored,
        Action::Create,
        format!("Mahsulot yaratildi: {}", stored.product.name),
        Value::Object(values(&stored.product)),
    )
}

/// The entry of a change; `None` when everything is as before.
pub(super) fn of_change(before: &StoredProduct, after: &StoredProduct, action: Action) -> Option<Entry> {
    let old = values(&before.product);
    let changed: Map<String, Value> = values(&after.product)
        .into_iter()
        .filter(|(key, new)| old.get(key) != Some(new))
        .map(|(key, new)| {
            let change = json!({ "old": old.get(&key), "new": new });
            (key, change)
        })
        .collect();
    if changed.is_empty() {
        return None;
    }
    let description = format!("Mahsulot o'zgartirildi: {}", after.product.name);
    Some(entry(after, action, description, json!({ "changes": changed })))
}

fn entry(stored: &StoredProduct, action: Action, description: String, details: Value) -> Entry {
    Entry {
        store_id: Some(stored.store_id),
        action,
        subject_type: Subject::Product,
        subject_id: stored.id.get(),
        description,
        details: Some(details),
    }
}

fn values(product: &Product) -> Map<String, Value> {
    let Product {
        category_id,
        name,
        manufacturer,
        sku,
        slug,
        barcode,
        unit,
        sale_price,
        first_cost,
        description,
        usage,
        mxik_code,
        package_code,
        vat_percent,
        image,
        is_medicine,
        needs_prescription,
        is_online,
        archived_at,
        status,
        substances,
    } = product;
    let values = json!({
        "category": category_id,
        "name": name,
        "manufacturer": manufacturer,
        "sku": sku,
        "slug": slug,
        "barcode": barcode,
        "unit": unit.code(),
        "sale_price": sale_price,
        "purchase_price": first_cost,
        "description": description,
        "usage": usage,
        "mxik_code": mxik_code,
        "package_code": package_code,
        "vat_percent": vat_percent,
        "image": image,
        "is_medicine": is_medicine,
        "is_prescription_required": needs_prescription,
        "is_online": is_online,
        "is_archived": archived_at.is_some(),
        "status": status.code(),
        "active_substances": substances.iter().map(|substance| &substance.name).collect::<Vec<_>>(),
    });
    match values {
        Value::Object(values) => values,
        _ => Map::new(),
    }
}
