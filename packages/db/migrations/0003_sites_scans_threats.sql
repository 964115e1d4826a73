-- Up Migration

create table site (
  id text primary key,
  org_id text not null references org (id) on delete cascade,
  name text not null,
  url text not null,
  scan_interval_hours integer not null check (scan_interval_hours in (4, 6, 12, 24)),
  page_budget integer not null check (page_budget between 1 and 10000),
  connections integer not null check (connections between 1 and 10),
  confirmation jsonb not null,
  paused_at timestamptz,
  next_scan_at timestamptz not null,
  baseline_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version integer not null default 1
);
-- One org watches a URL once: a double click must not scan it twice for ever.
create unique index site_url on site (org_id, url);
create index site_due on site (next_scan_at) where paused_at is null;
select protect_tenant_table('site');

create table scan (
  id text primary key,
  org_id text not null references org (id) on delete cascade,
  site_id text not null references site (id) on delete cascade,
  state text not null check (state in ('queued', 'running', 'completed', 'failed', 'cancelled')),
  trigger text not null check (trigger in ('schedule', 'manual')),
  percentage integer not null default 0,
  step text not null default '',
  pages_done integer not null default 0,
  pages_total integer not null default 0,
  complete boolean not null default false,
  baseline boolean not null default false,
  threats_found integer not null default 0,
  suspected integer not null default 0,
  failure text,
  queued_at timestamptz not null,
  started_at timestamptz,
  finished_at timestamptz,
  -- The lease of the detector at work: only who holds the token may write the outcome.
  lease_token text,
  lease_until timestamptz,
  claims integer not null default 0
);
-- "Check now" during a scan answers that scan.
create unique index scan_open on scan (site_id) where state in ('queued', 'running');
create index scan_by_site on scan (site_id, queued_at desc);
create index scan_by_org on scan (org_id, queued_at desc);
create index scan_waiting on scan (queued_at) where state in ('queued', 'running');
select protect_tenant_table('scan');

create table execution (
  id text primary key,
  org_id text not null references org (id) on delete cascade,
  scan_id text not null references scan (id) on delete cascade,
  site_id text not null references site (id) on delete cascade,
  agent text not null,
  status text not null check (status in ('running', 'completed', 'failed', 'cancelled')),
  started_at timestamptz not null,
  finished_at timestamptz,
  findings integer not null default 0,
  error text
);
create index execution_by_scan on execution (scan_id);
create index execution_by_org on execution (org_id, started_at desc);
select protect_tenant_table('execution');

-- What the last scans knew of each page: the rules compare with it.
create table page (
  org_id text not null references org (id) on delete cascade,
  site_id text not null references site (id) on delete cascade,
  url text not null,
  memory jsonb not null,
  seen_at timestamptz not null,
  primary key (site_id, url)
);
select protect_tenant_table('page');

-- What the last scans knew of the site as a whole: robots rules, header scores.
create table site_memory (
  org_id text not null references org (id) on delete cascade,
  site_id text primary key references site (id) on delete cascade,
  memory jsonb not null,
  updated_at timestamptz not null
);
select protect_tenant_table('site_memory');

-- suspected → active → acknowledged → resolved | accepted; hygiene: was so on day one. A suspicion that is not confirmed is deleted.
create table threat (
  id text primary key,
  org_id text not null references org (id) on delete cascade,
  site_id text not null references site (id) on delete cascade,
  scan_id text,
  rule text not null,
  type text not null,
  severity text not null check (severity in ('critical', 'high', 'medium', 'low')),
  subject text not null,
  dedupe_key text not null,
  title text not null,
  description text not null,
  impact text not null,
  action text not null,
  state text not null check (state in ('suspected', 'hygiene', 'active', 'acknowledged', 'accepted', 'resolved')),
  occurrences integer not null default 1,
  evidence jsonb not null,
  -- How to look again, as the rule wants it; and the latest looks, oldest first.
  look jsonb not null,
  looks jsonb not null default '[]',
  ok_since timestamptz,
  next_look_at timestamptz,
  lease_token text,
  lease_until timestamptz,
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  acknowledged_at timestamptz,
  resolved_at timestamptz,
  changed_by jsonb,
  note text
);
-- One open threat per key; whatever is accepted or hygiene also keeps its key, so that it is not reported again.
create unique index threat_open on threat (site_id, dedupe_key) where state <> 'resolved';
create index threat_by_org on threat (org_id, first_seen_at desc, id desc);
create index threat_by_site on threat (site_id, state);
create index threat_due on threat (next_look_at) where next_look_at is not null;
select protect_tenant_table('threat');

create function due_sites(p_now timestamptz, p_limit integer) returns table (org_id text, site_id text) language sql as $$
  select s.org_id, s.id from site s
  where s.paused_at is null and s.next_scan_at <= p_now
  order by s.next_scan_at
  limit p_limit
$$;
select make_sweep_function('due_sites(timestamptz, integer)');

-- Takes scans that nobody works on: new ones, and those whose detector died. Somebody waits for one that was started by hand, so it is
-- not behind those of a schedule.
create function claim_scans(p_now timestamptz, p_lease_until timestamptz, p_token text, p_limit integer) returns table (org_id text, scan_id text, claims integer) language sql as $$
  update scan s set lease_token = p_token, lease_until = p_lease_until, claims = s.claims + 1
  where s.id in (
    select c.id from scan c
    where c.state in ('queued', 'running') and (c.lease_until is null or c.lease_until <= p_now)
    order by c.trigger <> 'manual', c.queued_at
    limit p_limit
    for update skip locked
  )
  returning s.org_id, s.id, s.claims
$$;
select make_sweep_function('claim_scans(timestamptz, timestamptz, text, integer)');

create function claim_looks(p_now timestamptz, p_lease_until timestamptz, p_token text, p_limit integer) returns table (org_id text, threat_id text) language sql as $$
  update threat t set lease_token = p_token, lease_until = p_lease_until
  where t.id in (
    select c.id from threat c
    where c.next_look_at <= p_now and (c.lease_until is null or c.lease_until <= p_now)
    order by c.next_look_at
    limit p_limit
    for update skip locked
  )
  returning t.org_id, t.id
$$;
select make_sweep_function('claim_looks(timestamptz, timestamptz, text, integer)');

create function scan_queue(p_now timestamptz) returns table (waiting bigint, oldest_seconds double precision) language sql as $$
  select count(*), coalesce(extract(epoch from p_now - min(queued_at)), 0)
  from scan where state in ('queued', 'running') and (lease_until is null or lease_until <= p_now)
$$;
select make_sweep_function('scan_queue(timestamptz)');
