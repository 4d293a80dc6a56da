-- One look for all that a company shows: documents, invoices, the client's page, forms and landing pages. Until here documents and invoices kept a logo each.
alter table document_brands rename to brands;
alter table brands rename constraint document_brands_pkey to brands_pkey;
alter table brands rename column brand to look;
alter table document_pictures rename to company_pictures;
alter table company_pictures rename constraint document_pictures_pkey to company_pictures_pkey;

-- Logos of invoices were kept without their size: PNG says it in its header (RFC 2083, 4.1.1), JPEG in its frame (ITU-T T.81, B.2.2).
create function pg_temp.picture_size(bytes bytea) returns bigint[] language plpgsql as $$
declare
  at int := 2;
  marker int;
begin
  if get_byte(bytes, 0) = 137 then
    if length(bytes) < 24 then return array[1, 1]; end if;
    return array[(('x' || encode(substr(bytes, 17, 4), 'hex'))::bit(32))::bigint, (('x' || encode(substr(bytes, 21, 4), 'hex'))::bit(32))::bigint];
  end if;
  while at + 9 <= length(bytes) loop
    if get_byte(bytes, at) <> 255 then return array[1, 1]; end if;
    marker := get_byte(bytes, at + 1);
    if marker = 255 then
      at := at + 1;
    elsif marker between 192 and 207 and marker not in (196, 200, 204) then
      return array[get_byte(bytes, at + 7) * 256 + get_byte(bytes, at + 8), get_byte(bytes, at + 5) * 256 + get_byte(bytes, at + 6)];
    else
      at := at + 2 + get_byte(bytes, at + 2) * 256 + get_byte(bytes, at + 3);
    end if;
  end loop;
  return array[1, 1];
end $$;

-- What was issued names its logo by the SHA-256, so those bytes stay as they are.
insert into company_pictures (company_id, sha256, type, width, height, bytes)
  select l.company_id, l.sha256, l.type, greatest(1, least(8000, s.size[1])), greatest(1, least(8000, s.size[2])), l.bytes
    from invoice_logos l cross join lateral (select pg_temp.picture_size(l.bytes) as size) s
  on conflict do nothing;
-- Where both had one, the logo of invoices is the one that clients know.
insert into brands (company_id, logo, updated_at) select company_id, logo, updated_at from invoice_settings where logo is not null
  on conflict (company_id) do update set logo = excluded.logo, updated_at = greatest(brands.updated_at, excluded.updated_at);
alter table invoice_settings drop column logo;
drop table invoice_logos;
