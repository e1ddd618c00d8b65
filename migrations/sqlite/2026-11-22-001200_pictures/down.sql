DROP INDEX products_image_index;
