-- A JSON array of {input_type, value}.
ALTER TABLE messages ADD COLUMN images_json TEXT;
