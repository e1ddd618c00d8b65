-- Which files have a product: asked by the sweep of files and by verify.
CREATE INDEX products_image_index ON products (image) WHERE image <> '';
