-- Exports may be Parquet, which analysts' tools read with its types.
alter table exports drop constraint exports_format_check, add constraint exports_format_check check (format in ('csv', 'xlsx', 'jsonl', 'parquet', 'zip'));
