-- Images whose row has been given another day, and that are still to be deleted from their old one.
-- migrate:up

CREATE TABLE redated_images (key text PRIMARY KEY);

-- migrate:down
DROP TABLE redated_images;
