-- Up Migration

-- The inventory: what the last scan saw of a page. Columns because people filter and sort by them; `memory` stays the rules' own.
alter table page
  add column status integer,
  add column fault text,
  add column content_type text,
  add column title text,
  add column h1 text,
  add column lang text,
  add column words integer,
  add column template text,
  add column depth integer,
  add column inlinks integer,
  add column in_sitemap boolean,
  add column importance double precision,
  add column indexable boolean,
  add column not_indexable text,
  add column canonical text,
  add column redirects_to text,
  add column bytes integer,
  add column elapsed_ms integer,
  add column hashes jsonb,
  add column first_seen_at timestamptz,
  -- When its status or one of its hashes was last another than before.
  add column changed_at timestamptz,
  -- Of all the columns above and `memory`: a page that is as it was costs two words instead of a row.
  add column record_hash text;

-- What a page was when it was last read whole, as the crawler wrote it, so that it can be asked for a newer version only. It is a cache:
-- a row that is missing costs one request, and a row of another release is not used. Text, because nobody looks inside.
create table page_facts (
  org_id text not null references org (id) on delete cascade,
  site_id text not null references site (id) on delete cascade,
  url text not null,
  version text not null,
  facts text not null,
  fetched_at timestamptz not null,
  primary key (site_id, url)
);
select protect_tenant_table('page_facts');

create index page_facts_by_age on page_facts (fetched_at);
create function delete_page_facts_before(p_before timestamptz, p_limit integer) returns bigint language sql as $$
  with gone as (
    delete from page_facts f using (
      select site_id, url from page_facts where fetched_at < p_before order by fetched_at limit p_limit for update skip locked
    ) old
    where f.site_id = old.site_id and f.url = old.url
    returning 1
  ) select count(*) from gone
$$;
select make_sweep_function('delete_page_facts_before(timestamptz, integer)');
