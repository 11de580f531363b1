-- The name of the key, or of the person, that an experiment was created with; null where nobody was asked.

alter table experiment add column created_by text;
