-- Up Migration

-- Addresses of other sites to which the pages of a site link, and what came of asking for them. As many for a site as a crawl hands over.
create table external_link (
  org_id text not null references org (id) on delete cascade,
  site_id text not null references site (id) on delete cascade,
  url text not null,
  host text not null,
  -- A few of the pages that link there, and how many there are.
  sources jsonb not null,
  inlinks integer not null,
  -- Met before the site had a baseline, and never answered since: it is listed, and nobody is alarmed.
  day_one boolean not null,
  -- In the last crawl that met the link.
  seen_at timestamptz not null,
  next_check_at timestamptz not null,
  checked_at timestamptz,
  outcome text check (outcome in ('ok', 'gone', 'unknown')),
  status integer,
  fault text,
  -- Checks in a row that found it gone. What nobody could see neither counts nor begins anew.
  failures integer not null default 0,
  failing_since timestamptz,
  last_failed_at timestamptz,
  lease_token text,
  lease_until timestamptz,
  primary key (site_id, url)
);
create index external_link_due on external_link (next_check_at);
create index external_link_failing on external_link (site_id) where failures > 0;
select protect_tenant_table('external_link');

-- Takes links that are due, one of each host and none of hosts that were asked a moment ago.
create function claim_external_links(
  p_now timestamptz, p_lease_until timestamptz, p_token text, p_resting text[], p_limit integer
) returns table (org_id text, site_id text, url text) language sql as $$
  with due as (
    select c.site_id, c.url, c.host, c.next_check_at from external_link c
    where c.next_check_at <= p_now and (c.lease_until is null or c.lease_until <= p_now) and c.host <> all (p_resting)
    order by c.next_check_at
    limit p_limit * 10
    for update skip locked
  ), one_of_each as (
    select distinct on (d.host) d.site_id, d.url from due d order by d.host, d.next_check_at
  )
  update external_link l set lease_token = p_token, lease_until = p_lease_until
  from (select * from one_of_each limit p_limit) taken
  where l.site_id = taken.site_id and l.url = taken.url
  returning l.org_id, l.site_id, l.url
$$;
select make_sweep_function('claim_external_links(timestamptz, timestamptz, text, text[], integer)');

-- Links of sites that are no longer crawled.
create index external_link_by_age on external_link (seen_at);
create function delete_external_links_before(p_before timestamptz, p_limit integer) returns bigint language sql as $$
  with gone as (
    delete from external_link l using (
      select site_id, url from external_link where seen_at < p_before order by seen_at limit p_limit for update skip locked
    ) old
    where l.site_id = old.site_id and l.url = old.url
    returning 1
  ) select count(*) from gone
$$;
select make_sweep_function('delete_external_links_before(timestamptz, integer)');

-- What the registry says of a site's domain: its latest answer and the one before. Two must agree.
create table registration (
  org_id text not null references org (id) on delete cascade,
  site_id text primary key references site (id) on delete cascade,
  domain text not null,
  -- Null: the registry does not say.
  expires_at timestamptz,
  redemption boolean not null,
  asked_at timestamptz not null,
  before_expires_at timestamptz,
  before_redemption boolean,
  -- Null: it was asked once.
  before_asked_at timestamptz
);
select protect_tenant_table('registration');
