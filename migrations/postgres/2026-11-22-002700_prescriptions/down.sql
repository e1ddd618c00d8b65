DROP TABLE prescription_images;
DROP TABLE prescriptions;
