-- Up Migration

-- What people search for, where, and in which language. The phrase is written in one way, so that it is tracked once.
create table keyword (
  id text primary key,
  org_id text not null references org (id) on delete cascade,
  site_id text not null references site (id) on delete cascade,
  phrase text not null,
  country text not null,
  -- '' is any language: null would be different from itself.
  language text not null default '',
  device text not null check (device in ('desktop', 'mobile')),
  monthly_searches integer check (monthly_searches >= 0),
  -- The newest good measurement, for lists: {position, missing, depth, url, checkedAt, source}.
  latest jsonb,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version integer not null default 1
);
create unique index keyword_once on keyword (site_id, phrase, country, language, device);
create index keyword_by_age on keyword (site_id, created_at desc, id desc);
select protect_tenant_table('keyword');

create table competitor (
  id text primary key,
  org_id text not null references org (id) on delete cascade,
  site_id text not null references site (id) on delete cascade,
  domain text not null,
  name text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version integer not null default 1
);
create unique index competitor_once on competitor (site_id, domain);
select protect_tenant_table('competitor');

-- A list as it came: pushed, or fetched by a source. Kept so that the same list changes nothing the second time.
create table ranking_list (
  id text primary key,
  org_id text not null references org (id) on delete cascade,
  site_id text not null references site (id) on delete cascade,
  source text not null,
  sender_id text,
  content_hash text not null,
  -- True: decides alone. Null: one good fetch. False: partial, so nothing follows from it.
  complete boolean,
  entries integer not null,
  checked_at timestamptz not null,
  recorded_at timestamptz not null
);
create unique index ranking_list_sender on ranking_list (site_id, source, sender_id) where sender_id is not null;
create index ranking_list_content on ranking_list (site_id, content_hash);
create index ranking_list_by_age on ranking_list (site_id, recorded_at desc, id desc);
create index ranking_list_retention on ranking_list (recorded_at);
select protect_tenant_table('ranking_list');

-- One measurement. A position is at least 1 or it is not there: 'absent' was looked for among the first `depth` results, 'failed' was not
-- measured. It is never 0.
create table ranking (
  org_id text not null references org (id) on delete cascade,
  site_id text not null references site (id) on delete cascade,
  keyword_id text not null references keyword (id) on delete cascade,
  checked_at timestamptz not null,
  source text not null,
  list_id text not null,
  complete boolean,
  position integer check (position >= 1),
  missing text check (missing in ('absent', 'failed')),
  depth integer not null check (depth >= 1),
  url text,
  -- The competitors in the same results: [{id, position, url, depth}]; a position of null was looked for and not found.
  rivals jsonb not null default '[]',
  check ((position is null) <> (missing is null)),
  primary key (keyword_id, checked_at, source)
);
create index ranking_recent on ranking (site_id, checked_at);
create index ranking_retention on ranking (checked_at);
select protect_tenant_table('ranking');

-- The median of a day (UTC), ours (party '') and of each competitor; null: mostly absent. Kept for longer than single measurements.
create table ranking_day (
  org_id text not null references org (id) on delete cascade,
  site_id text not null references site (id) on delete cascade,
  keyword_id text not null references keyword (id) on delete cascade,
  day date not null,
  party text not null,
  position real check (position >= 1),
  found integer not null,
  absent integer not null,
  depth integer not null,
  primary key (keyword_id, day, party)
);
create index ranking_day_by_site on ranking_day (site_id, day);
create index ranking_day_retention on ranking_day (day);
select protect_tenant_table('ranking_day');

-- Which pages of competitors were seen for which keyword, since when and until when.
create table competitor_page (
  org_id text not null references org (id) on delete cascade,
  site_id text not null references site (id) on delete cascade,
  keyword_id text not null references keyword (id) on delete cascade,
  competitor_id text not null references competitor (id) on delete cascade,
  url text not null,
  first_seen_on date not null,
  last_seen_on date not null,
  primary key (keyword_id, url)
);
create index competitor_page_by_url on competitor_page (site_id, url);
create index competitor_page_retention on competitor_page (last_seen_on);
select protect_tenant_table('competitor_page');

create table backlink_list (
  id text primary key,
  org_id text not null references org (id) on delete cascade,
  site_id text not null references site (id) on delete cascade,
  -- '' is the site itself, else a competitor.
  party text not null,
  sender_id text,
  content_hash text not null,
  complete boolean not null,
  entries integer not null,
  recorded_at timestamptz not null
);
create unique index backlink_list_sender on backlink_list (site_id, sender_id) where sender_id is not null;
create index backlink_list_content on backlink_list (site_id, content_hash);
create index backlink_list_by_age on backlink_list (site_id, recorded_at desc, id desc);
create index backlink_list_retention on backlink_list (recorded_at);
select protect_tenant_table('backlink_list');

-- Domains that link to a party. Without a date it was there before anybody counted.
create table backlink (
  id text primary key,
  org_id text not null references org (id) on delete cascade,
  site_id text not null references site (id) on delete cascade,
  party text not null,
  domain text not null,
  first_seen_on date,
  recorded_at timestamptz not null,
  listed_at timestamptz not null
);
create unique index backlink_once on backlink (site_id, party, domain);
create index backlink_new on backlink (site_id, first_seen_on);
create index backlink_by_age on backlink (site_id, recorded_at desc, id desc);
create index backlink_retention on backlink (listed_at);
select protect_tenant_table('backlink');

-- Retention. Each deletes one batch, across orgs, and says how many rows went.
create function delete_rankings_before(p_before timestamptz, p_limit integer) returns bigint language sql as $$
  with gone as (
    delete from ranking r using (
      select keyword_id, checked_at, source from ranking where checked_at < p_before order by checked_at limit p_limit for update skip locked
    ) old
    where r.keyword_id = old.keyword_id and r.checked_at = old.checked_at and r.source = old.source
    returning 1
  ) select count(*) from gone
$$;
select make_sweep_function('delete_rankings_before(timestamptz, integer)');

create function delete_ranking_lists_before(p_before timestamptz, p_limit integer) returns bigint language sql as $$
  with gone as (
    delete from ranking_list where id in (
      select id from ranking_list where recorded_at < p_before order by recorded_at limit p_limit for update skip locked
    )
    returning 1
  ) select count(*) from gone
$$;
select make_sweep_function('delete_ranking_lists_before(timestamptz, integer)');

create function delete_backlink_lists_before(p_before timestamptz, p_limit integer) returns bigint language sql as $$
  with gone as (
    delete from backlink_list where id in (
      select id from backlink_list where recorded_at < p_before order by recorded_at limit p_limit for update skip locked
    )
    returning 1
  ) select count(*) from gone
$$;
select make_sweep_function('delete_backlink_lists_before(timestamptz, integer)');

create function delete_ranking_days_before(p_before timestamptz, p_limit integer) returns bigint language sql as $$
  with gone as (
    delete from ranking_day r using (
      select keyword_id, day, party from ranking_day where day < (p_before at time zone 'UTC')::date
      order by day limit p_limit for update skip locked
    ) old
    where r.keyword_id = old.keyword_id and r.day = old.day and r.party = old.party
    returning 1
  ) select count(*) from gone
$$;
select make_sweep_function('delete_ranking_days_before(timestamptz, integer)');

create function delete_competitor_pages_before(p_before timestamptz, p_limit integer) returns bigint language sql as $$
  with gone as (
    delete from competitor_page p using (
      select keyword_id, url from competitor_page where last_seen_on < (p_before at time zone 'UTC')::date
      order by last_seen_on limit p_limit for update skip locked
    ) old
    where p.keyword_id = old.keyword_id and p.url = old.url
    returning 1
  ) select count(*) from gone
$$;
select make_sweep_function('delete_competitor_pages_before(timestamptz, integer)');

create function delete_backlinks_before(p_before timestamptz, p_limit integer) returns bigint language sql as $$
  with gone as (
    delete from backlink where id in (
      select id from backlink where listed_at < p_before order by listed_at limit p_limit for update skip locked
    )
    returning 1
  ) select count(*) from gone
$$;
select make_sweep_function('delete_backlinks_before(timestamptz, integer)');
