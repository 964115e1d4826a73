-- Up Migration

-- An outside API that is asked about a site, again and again.
create table source (
  id text primary key,
  org_id text not null references org (id) on delete cascade,
  site_id text not null references site (id) on delete cascade,
  kind text not null,
  config jsonb not null,
  -- Sealed for this row. Null: the kind needs none.
  credentials text,
  -- Which account of the provider is used, without telling it: sources of an org that share one share its budget and take turns.
  fingerprint text not null,
  state text not null default 'active' check (state in ('active', 'paused', 'failing')),
  failures integer not null default 0,
  last_fetched_at timestamptz,
  next_fetch_at timestamptz not null,
  last_error jsonb,
  last_test jsonb,
  test_requested_at timestamptz,
  -- What the adapter wants to find again: cursors and small caches, never measurements.
  adapter_state jsonb not null default '{}' check (octet_length(adapter_state::text) <= 262144),
  -- The lease of the detector at work: only who holds the token may record.
  lease_token text,
  lease_until timestamptz,
  created_at timestamptz not null,
  version integer not null default 1
);
-- Two of a kind would measure the same thing twice.
create unique index source_of_site on source (site_id, kind);
create index source_by_org on source (org_id, created_at desc, id desc);
create index source_due on source (next_fetch_at) where state <> 'paused';
create index source_to_test on source (test_requested_at) where test_requested_at is not null;
create index source_in_hand on source (org_id, fingerprint) where lease_until is not null;
select protect_tenant_table('source');

-- Requests of a day (UTC) by account.
create table source_quota (
  org_id text not null references org (id) on delete cascade,
  fingerprint text not null,
  day date not null,
  used integer not null,
  primary key (org_id, fingerprint, day)
);
create index source_quota_by_age on source_quota (day);
select protect_tenant_table('source_quota');

-- When the sources that need no credentials were made for the site; those that somebody deletes are not made again.
alter table site add column automatic_sources_at timestamptz;
create index site_without_automatic_sources on site (created_at) where automatic_sources_at is null;

-- What is due, of all kinds that the caller can fetch; of one site if it is named. One at a time for each account, so that two detectors
-- never spend the same request twice. A test is asked for by somebody who waits for it.
create function claim_sources(
  p_now timestamptz, p_lease_until timestamptz, p_token text, p_kinds text[], p_site_id text, p_limit integer
) returns table (org_id text, source_id text) language sql as $$
  with due as (
    select c.id, c.test_requested_at, c.next_fetch_at,
      row_number() over (partition by c.org_id, c.fingerprint order by c.test_requested_at nulls last, c.next_fetch_at, c.id) as turn
    from source c join site on site.id = c.site_id
    where c.kind = any (p_kinds) and (p_site_id is null or c.site_id = p_site_id)
      and ((c.state <> 'paused' and c.next_fetch_at <= p_now and site.paused_at is null) or c.test_requested_at is not null)
      and not exists (
        select from source b where b.org_id = c.org_id and b.fingerprint = c.fingerprint and b.lease_until is not null and b.lease_until > p_now
      )
  )
  update source s set lease_token = p_token, lease_until = p_lease_until
  where s.id in (
    select l.id from source l join due on due.id = l.id
    where due.turn = 1 and (l.lease_until is null or l.lease_until <= p_now)
    order by due.test_requested_at nulls last, due.next_fetch_at
    limit p_limit
    for update of l skip locked
  )
  returning s.org_id, s.id
$$;
select make_sweep_function('claim_sources(timestamptz, timestamptz, text, text[], text, integer)');

create function sites_without_automatic_sources(p_limit integer) returns table (org_id text, site_id text) language sql as $$
  select s.org_id, s.id from site s where s.automatic_sources_at is null order by s.created_at limit p_limit
$$;
select make_sweep_function('sites_without_automatic_sources(integer)');

create function source_queue(p_now timestamptz) returns table (kind text, waiting bigint, failing bigint, oldest_seconds double precision) language sql as $$
  select kind,
    count(*) filter (where state <> 'paused' and next_fetch_at <= p_now and (lease_until is null or lease_until <= p_now)),
    count(*) filter (where state = 'failing'),
    coalesce(extract(epoch from p_now - min(next_fetch_at) filter (where state <> 'paused' and next_fetch_at <= p_now)), 0)
  from source group by kind
$$;
select make_sweep_function('source_queue(timestamptz)');

create function delete_source_quotas_before(p_before timestamptz, p_limit integer) returns bigint language sql as $$
  with gone as (
    delete from source_quota q using (
      select org_id, fingerprint, day from source_quota where day < (p_before at time zone 'UTC')::date
      order by day limit p_limit for update skip locked
    ) old
    where q.org_id = old.org_id and q.fingerprint = old.fingerprint and q.day = old.day
    returning 1
  ) select count(*) from gone
$$;
select make_sweep_function('delete_source_quotas_before(timestamptz, integer)');

-- Of which Search Console property the figures are, how far they are final, and how far the hourly ones are complete.
create table gsc_site (
  org_id text not null references org (id) on delete cascade,
  site_id text primary key references site (id) on delete cascade,
  property text not null,
  -- A Pacific date.
  final_through date,
  -- The end of the last complete hour.
  hours_through timestamptz,
  updated_at timestamptz not null
);
select protect_tenant_table('gsc_site');

-- A final day of the whole property, Pacific time.
create table gsc_day (
  org_id text not null references org (id) on delete cascade,
  site_id text not null references site (id) on delete cascade,
  day date not null,
  clicks bigint not null,
  impressions bigint not null,
  position real,
  -- Whether the day's queries and pages were read to the end.
  detailed boolean not null default false,
  -- What is known to be wrong with the figures of that day, and whether days before and after it cannot be compared.
  anomaly text,
  breaks boolean not null default false,
  primary key (site_id, day)
);
create index gsc_day_by_age on gsc_day (day);
select protect_tenant_table('gsc_day');

-- The most seen queries and pages of a day. `pair` is the hash of both: either may be longer than an index entry.
create table gsc_row (
  org_id text not null references org (id) on delete cascade,
  site_id text not null references site (id) on delete cascade,
  day date not null,
  pair text not null,
  query text not null,
  page text not null,
  clicks bigint not null,
  impressions bigint not null,
  position real not null,
  primary key (site_id, day, pair)
);
create index gsc_row_by_pair on gsc_row (site_id, pair, day);
create index gsc_row_by_age on gsc_row (day);
select protect_tenant_table('gsc_row');

-- The most seen queries of an hour; not final.
create table gsc_hour (
  org_id text not null references org (id) on delete cascade,
  site_id text not null references site (id) on delete cascade,
  hour timestamptz not null,
  query_hash text not null,
  query text not null,
  clicks bigint not null,
  impressions bigint not null,
  position real not null,
  primary key (site_id, hour, query_hash)
);
create index gsc_hour_by_age on gsc_hour (hour);
select protect_tenant_table('gsc_hour');

-- What Google said about a page when it was asked.
create table url_inspection (
  org_id text not null references org (id) on delete cascade,
  site_id text not null references site (id) on delete cascade,
  url text not null,
  at timestamptz not null,
  verdict text not null check (verdict in ('pass', 'partial', 'fail', 'neutral', 'unknown')),
  coverage text,
  robots text,
  indexing text,
  page_fetch text,
  google_canonical text,
  user_canonical text,
  crawled_at timestamptz,
  primary key (site_id, url, at)
);
create index url_inspection_by_age on url_inspection (at);
select protect_tenant_table('url_inspection');

-- Retention of what Search Console brought, one batch of each table: hours are compared with those of a week ago, queries with the weeks
-- before, totals with the year before; Google itself keeps 16 months. Says how many rows went of the table that lost most.
create function delete_search_console_before(p_now timestamptz, p_limit integer) returns bigint language sql as $$
  with hours as (
    delete from gsc_hour h using (
      select site_id, hour, query_hash from gsc_hour where hour < p_now - interval '11 days' order by hour limit p_limit for update skip locked
    ) old
    where h.site_id = old.site_id and h.hour = old.hour and h.query_hash = old.query_hash returning 1
  ), pairs as (
    delete from gsc_row r using (
      select site_id, day, pair from gsc_row where day < (p_now at time zone 'UTC')::date - 110 order by day limit p_limit for update skip locked
    ) old
    where r.site_id = old.site_id and r.day = old.day and r.pair = old.pair returning 1
  ), days as (
    delete from gsc_day d using (
      select site_id, day from gsc_day where day < (p_now at time zone 'UTC')::date - 490 order by day limit p_limit for update skip locked
    ) old
    where d.site_id = old.site_id and d.day = old.day returning 1
  ), inspections as (
    delete from url_inspection u using (
      select site_id, url, at from url_inspection where at < p_now - interval '120 days' order by at limit p_limit for update skip locked
    ) old
    where u.site_id = old.site_id and u.url = old.url and u.at = old.at returning 1
  )
  select greatest((select count(*) from hours), (select count(*) from pairs), (select count(*) from days), (select count(*) from inspections))
$$;
select make_sweep_function('delete_search_console_before(timestamptz, integer)');
