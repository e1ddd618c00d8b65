DROP TABLE expenses;
DROP TABLE expense_categories;
