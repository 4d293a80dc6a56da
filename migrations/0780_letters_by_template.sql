-- A company that has written its own letters may want exactly these sent, though a language model is connected.
alter table nurturing_settings add column written_by text not null default 'model' check (written_by in ('model', 'template'));
