-- Edge readers may send a read without its pictures.
-- migrate:up

ALTER TABLE reads ALTER COLUMN plate_image DROP NOT NULL, ALTER COLUMN scene_image DROP NOT NULL;

-- migrate:down
DELETE FROM reads WHERE plate_image IS NULL OR scene_image IS NULL;
ALTER TABLE reads ALTER COLUMN plate_image SET NOT NULL, ALTER COLUMN scene_image SET NOT NULL;
