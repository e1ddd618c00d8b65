//! Files beside their rows: neither is ever there without the other for long.

#![cfg(test)]

use chrono::TimeDelta;
use savdo_domain::ids::ProductId;
use savdo_domain::{FieldProblem, Refusal};
use savdo_persistence::on_both;
use savdo_services::Error;
use savdo_services::files::{self, Upload};
use savdo_services::once::{Answer, Key, Rendered, Unkeyed};
use savdo_services::products::{self, ChangeProduct, CreateProduct, ProductView};
use savdo_services::testing::{Mailbox, Shop, World, at_once, picture, refusal};
use savdo_services::verify::verify;

fn new(name: &str, image: Option<Upload>) -> CreateProduct {
    CreateProduct {
        name: name.to_owned(),
        image,
        ..CreateProduct::default()
    }
}

fn made(world: &World, shop: &Shop, name: &str) -> ProductView {
    products::create(&world.context, &shop.owner, new(name, Some(picture(1))), &Unkeyed).unwrap()
}

fn with(image: Option<Upload>) -> ChangeProduct {
    ChangeProduct {
        image: Some(image),
        ..ChangeProduct::default()
    }
}

/// The stored names of the pictures of all products that have one.
fn named(world: &World) -> Vec<String> {
    world
        .database
        .lines("SELECT 'products/' || image AS line FROM products WHERE image <> '' ORDER BY image")
}

fn sweep(world: &World) {
    world.runner(&Mailbox::default()).run_due_jobs().unwrap();
}

/// Puts a file among the pictures that no row names.
fn strange(world: &World, name: &str) {
    std::fs::write(world.files().join("products").join(name), b"left behind").unwrap();
    let file = std::fs::File::open(world.files().join("products").join(name)).unwrap();
    file.set_modified(world.context.now().into()).unwrap();
}

on_both! {
    fn the_picture_of_a_product_is_kept_replaced_and_taken_away(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let change = |id, image| products::change(&world.context, &shop.owner, id, with(image)).unwrap().stored;

        let first = made(&world, &shop, "Choynak").stored;
        assert_eq!(world.context.stored_files(), [format!("products/{}", first.product.image)]);
        assert!(files::product_picture(&world.context, &first.product.image).unwrap().length > 100);

        let second = change(first.id, Some(picture(2)));
        assert_ne!(second.product.image, first.product.image);
        assert_eq!(world.context.stored_files(), [format!("products/{}", second.product.image)]);
        assert_eq!(refusal(files::product_picture(&world.context, &first.product.image)), Refusal::NotFound);

        let untouched = ChangeProduct { name: Some("Choynak 2".to_owned()), ..ChangeProduct::default() };
        let renamed = products::change(&world.context, &shop.owner, first.id, untouched).unwrap().stored;
        assert_eq!(renamed.product.image, second.product.image);

        let without = change(first.id, None);
        assert_eq!((without.product.image.as_str(), world.context.stored_files().len()), ("", 0));
        let told = world.database.lines(
            "SELECT details AS line FROM audit_entries WHERE subject_type = 'product' AND action = 'update' ORDER BY id",
        );
        let changed = |old: &str, new: &str| format!("{{\"changes\":{{\"image\":{{\"new\":\"{new}\",\"old\":\"{old}\"}}}}}}");
        assert_eq!(told[0], changed(&first.product.image, &second.product.image));
        assert_eq!(told[2], changed(&second.product.image, ""));
    }

    fn a_refused_product_leaves_no_file(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let first = made(&world, &shop, "Choynak").stored;
        let before = world.everything();
        let wrong = |problem| Refusal::field("image", problem);

        let taken = products::create(&world.context, &shop.owner, new("Choynak", Some(picture(2))), &Unkeyed);
        let name = ChangeProduct { name: Some("Choynak".to_owned()), ..with(Some(picture(2))) };
        let unknown = products::change(&world.context, &shop.owner, ProductId::new(99), name);
        let text = products::change(&world.context, &shop.owner, first.id, with(Some(Upload(b"<html>".to_vec()))));
        let empty = products::create(&world.context, &shop.owner, new("Non", Some(Upload(Vec::new()))), &Unkeyed);
        let broken = Upload(b"\xff\xd8\xff\xe0 nothing more".to_vec());
        let broken = products::create(&world.context, &shop.owner, new("Non", Some(broken)), &Unkeyed);

        assert_eq!(refusal(taken), Refusal::field("name", FieldProblem::Taken));
        assert_eq!(refusal(unknown), Refusal::NotFound);
        assert_eq!(refusal(text), wrong(FieldProblem::WrongFile { allowed: "JPEG, PNG, WebP" }));
        assert_eq!(refusal(empty), wrong(FieldProblem::FileEmpty));
        assert_eq!(refusal(broken), wrong(FieldProblem::FileBroken));
        assert!(world.everything() == before);
    }

    fn a_product_that_fails_at_any_statement_leaves_neither_row_nor_file(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();

        let create = || products::create(&world.context, &shop.owner, new("Choynak", Some(picture(1))), &Unkeyed);
        let (created, _) = world.fails_at_every_statement(create);
        let change = || products::change(&world.context, &shop.owner, created.stored.id, with(Some(picture(2))));
        let (_, statements) = world.fails_at_every_statement(change);

        assert!(statements > 5, "only {statements} statements");
        assert_eq!(world.context.stored_files(), named(&world));
    }

    fn a_full_disk_leaves_neither_row_nor_file(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();

        let create = || products::create(&world.context, &shop.owner, new("Choynak", Some(picture(1))), &Unkeyed);
        let (created, steps) = world.fails_at_every_file_step(create);
        assert_eq!(steps, 7);

        // The row is written before the replaced file goes: that it stays is the sweep's matter.
        world.context.file_faults().fail_at(8);
        products::change(&world.context, &shop.owner, created.stored.id, with(Some(picture(2)))).unwrap();
        assert!(!world.context.file_faults().disarm());
        assert_eq!((world.context.stored_files().len(), named(&world).len()), (2, 1));
        world.clock.advance(TimeDelta::hours(2));
        sweep(&world);
        assert_eq!(world.context.stored_files(), named(&world));
    }

    fn a_request_sent_again_under_its_key_leaves_one_file(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let once = || {
            let key = Key::new(&world.context, "key-1", "POST /api/v1/warehouse/products/".to_owned(), b"one").unwrap();
            Rendered::new(Some(key), |view: ProductView| Answer {
                status: 201,
                headers: Vec::new(),
                body: view.stored.product.image.into_bytes(),
                is_replayed: false,
            })
        };
        let send = || products::create(&world.context, &shop.owner, new("Choynak", Some(picture(1))), &once());

        let first = send().unwrap();
        let again = send().unwrap();
        let at_the_same_time = at_once(4, |_| send());

        assert!(again.is_replayed && again.body == first.body);
        assert!(at_the_same_time.iter().all(|sent| matches!(sent, Ok(_) | Err(Error::KeyInFlight | Error::Overloaded))));
        assert_eq!(world.context.stored_files(), named(&world));
    }

    fn of_pictures_sent_at_once_one_stays(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let id = made(&world, &shop, "Choynak").stored.id;
        let retries = world.database.probe().retries();

        let sent = at_once(12, |number| {
            let image = picture(u8::try_from(number).unwrap());
            products::change(&world.context, &shop.owner, id, with(Some(image)))
        });

        assert!(sent.iter().any(Result::is_ok));
        // More than may wait for the one decoder are turned away.
        assert!(sent.iter().all(|sent| matches!(sent, Ok(_) | Err(Error::Overloaded))));
        assert_eq!(world.context.stored_files(), named(&world));
        assert_eq!(world.database.probe().retries(), retries);
    }

    fn the_sweep_takes_what_no_row_names_once_it_is_old(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        made(&world, &shop, "Choynak");
        let [old, young] = ["1", "2"].map(|digit| format!("{}.jpg", digit.repeat(32)));
        strange(&world, &old);
        strange(&world, &format!("{old}.part"));
        strange(&world, "README.txt");
        world.clock.advance(TimeDelta::minutes(61));
        strange(&world, &young);
        let kept = named(&world);

        sweep(&world);

        let mut expected = vec![format!("products/{young}"), "products/README.txt".to_owned()];
        expected.extend(kept);
        expected.sort();
        assert_eq!(world.context.stored_files(), expected);
    }

    fn files_of_which_the_database_knows_none_are_left_alone(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let id = made(&world, &shop, "Choynak").stored.id;
        strange(&world, &format!("{}.jpg", "1".repeat(32)));
        let before = world.context.stored_files();
        world.database.execute(&format!("UPDATE products SET image = '' WHERE id = {id}"));
        world.clock.advance(TimeDelta::hours(2));

        sweep(&world);

        assert_eq!((before.len(), world.context.stored_files()), (2, before));
    }

    fn verify_names_the_row_whose_file_is_gone(database: TestDatabase) {
        let world = World::on(database);
        let shop = world.shop();
        let [kept, lost] = ["Choynak", "Piyola"].map(|name| made(&world, &shop, name).stored);
        assert_eq!(verify(&world.context).unwrap().differences, []);

        std::fs::remove_file(world.files().join("products").join(&lost.product.image)).unwrap();

        let told: Vec<_> = verify(&world.context).unwrap().differences.iter().map(ToString::to_string).collect();
        let image = lost.product.image;
        assert_eq!(told, [format!("products {}: the picture that it names is stored: expected {image}, found nothing", lost.id)]);
        assert_ne!(kept.id, lost.id);
    }
}
